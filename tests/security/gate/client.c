/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Does what the arguments say, two at a time: ask VALUE, open VALUE and last 0 call the
 * server, audit 0 reads one record of the kernel's log, thread 0 makes a thread.
 */

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <coresrv/vlog/vlog_api.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NK_USE_UNQUALIFIED_NAMES
#include <gate/Gate.idl.h>

static nk_err_t ask(struct Gate_proxy *proxy, uint32_t value, uint32_t *result)
{
	struct Gate_Ask_req req = {.value = value};
	struct Gate_Ask_res res;
	nk_err_t err = Gate_Ask(&proxy->base, &req, NK_NULL, &res, NK_NULL);

	*result = res.result;
	return err;
}

static nk_err_t open_it(struct Gate_proxy *proxy, uint32_t value, uint32_t *result)
{
	static char bytes[Gate_Open_req_arena_size];
	struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
	struct Gate_Open_req req = {.value = value, .spot = {.x = -3, .y = 9}};
	struct Gate_Open_res res;
	nk_err_t err;

	(void)nk_arena_store(char, &arena, &req.name, "door", 5);
	err = Gate_Open(&proxy->base, &req, &arena, &res, NK_NULL);
	*result = nk_msg_check_err(&res) ? res.err_.reason : res.result;
	return err;
}

static void read_audit(void)
{
	char text[AUDIT_MESSAGE_SIZE];
	rtl_size_t size = 0;
	rtl_uint32_t dropped = 0;
	Handle log = INVALID_HANDLE;
	Retcode other = KnAuOpen("core", &log);
	Retcode rc = KnAuOpen("kss", &log);

	if (rc == rcOk)
		rc = KnAuRead(log, text, &size, &dropped);
	fprintf(stderr, "audit: %d, other log %d, dropped %u, %zu bytes: %.60s\n", rc,
		other != rcOk, (unsigned)dropped, size, rc == rcOk ? text : "");
	(void)KnAuClose(log);
}

static void *nothing(void *argument)
{
	return argument;
}

static void make_thread(void)
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, nothing, NULL);

	fprintf(stderr, "thread: error %d\n", error);
	if (!error)
		(void)pthread_join(thread, NULL);
}

static void call(struct Gate_proxy *proxy, const char *what, uint32_t value)
{
	uint32_t result = 0;
	nk_err_t err = strcmp(what, "open") == 0 ? open_it(proxy, value, &result)
						 : ask(proxy, value, &result);

	fprintf(stderr, "%s %u: %d, %u\n", what, value, err, err ? 0 : result);
}

int main(int argc, char *argv[])
{
	struct Gate_proxy proxy;
	NkKosTransport transport;
	Handle handle = ServiceLocatorConnect("gate");

	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	Gate_proxy_init(&proxy, &transport.base, ServiceLocatorGetRiid(handle, "gate"));
	for (int i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "audit") == 0)
			read_audit();
		else if (strcmp(argv[i], "thread") == 0)
			make_thread();
		else
			call(&proxy, argv[i], (uint32_t)strtoul(argv[i + 1], NULL, 10));
	}
	return EXIT_SUCCESS;
}
