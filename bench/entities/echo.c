/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The serving entity: answers each request with its own bytes, in one or more
 * threads. It never ends by itself; whoever runs the solution ends it.
 *
 * Words: cores=LIST threads=N channel=NAME api=raw|nk (nk: by the generated dispatcher)
 */

#include <bench/Echo.edl.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <coresrv/syscalls.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bench_message.h"
#include "stamp_log.h"
#include "words.h"

static Handle listener;

static uint64_t nanoseconds(const struct timeval *time)
{
	return (uint64_t)time->tv_sec * 1000000000u + (uint64_t)time->tv_usec * 1000u;
}

static size_t fill_usage(struct bench_usage *usage)
{
	struct rusage used = {0};

	(void)getrusage(RUSAGE_SELF, &used);
	usage->cpu_ns = nanoseconds(&used.ru_utime) + nanoseconds(&used.ru_stime);
	usage->sleeps = (uint64_t)used.ru_nvcsw;
	return sizeof(*usage);
}

/* Turns the request in @message into its response; returns how long that is. */
static size_t answer(struct bench_echo *message)
{
	nk_iid_t iid = message->base_.iid;
	nk_mid_t mid = message->base_.mid;
	size_t size = message->base_.ex.size_ex;

	if (mid == BENCH_USAGE)
		size = fill_usage((struct bench_usage *)(void *)message);
	if (mid == BENCH_DIE)
		_exit(0);
	if (mid == BENCH_STAMPS)
		(void)kx_stamps_print(stdout);
	nk_message_make_req(&message->base_, size);
	nk_message_set_iid(&message->base_, iid);
	nk_message_set_mid(&message->base_, mid);
	return size;
}

static void *serve(void *arg)
{
	struct bench_echo *message = aligned_alloc(128, (sizeof(*message) + 127) / 128 * 128);
	SMsgHdr request;
	SMsgHdr response;

	(void)arg;
	if (!message)
		return NULL;
	for (;;) {
		bench_pack(&request, message, sizeof(*message));
		if (Recv(listener, &request) != rcOk)
			break;
		bench_pack(&response, message, answer(message));
		response.threadId = request.threadId;
		/* A client that is gone is no reason to stop serving the others. */
		(void)Reply(request.replyHandle, &response);
	}
	free(message);
	return NULL;
}

static nk_err_t echo_number(struct bench_IEcho *self, const struct bench_IEcho_Echo_req *req,
			    const struct nk_arena *req_arena, struct bench_IEcho_Echo_res *res,
			    struct nk_arena *res_arena)
{
	(void)self;
	(void)req_arena;
	(void)res_arena;
	res->number = req->number;
	return NK_EOK;
}

static nk_err_t echo_usage(struct bench_IEcho *self, const struct bench_IEcho_Usage_req *req,
			   const struct nk_arena *req_arena, struct bench_IEcho_Usage_res *res,
			   struct nk_arena *res_arena)
{
	struct bench_usage usage;

	(void)self;
	(void)req;
	(void)req_arena;
	(void)res_arena;
	(void)fill_usage(&usage);
	res->cpu = usage.cpu_ns;
	res->sleeps = usage.sleeps;
	return NK_EOK;
}

/* The loop that CE's documentation shows for a server. */
static void *serve_nk(void *arg)
{
	static const struct bench_IEcho_ops ops = {.Echo = echo_number, .Usage = echo_usage};
	struct bench_IEcho echo = {&ops};
	struct bench_Echo_entity entity;
	bench_Echo_entity_req req;
	bench_Echo_entity_res res;
	NkKosTransport transport;

	(void)arg;
	bench_Echo_entity_init(&entity, &echo);
	NkKosTransport_Init(&transport, listener, NK_NULL, 0);
	for (;;) {
		nk_req_reset(&req);
		if (nk_transport_recv(&transport.base, &req.base_, NK_NULL) != NK_EOK)
			return NULL;
		(void)bench_Echo_entity_dispatch(&entity, &req.base_, NK_NULL, &res.base_, NK_NULL);
		(void)nk_transport_reply(&transport.base, &res.base_, NK_NULL);
	}
}

int main(int argc, char **argv)
{
	uint64_t threads = bench_number(argc, argv, "threads", 1);
	const char *channel = bench_text(argc, argv, "channel");
	void *(*work)(void *) = strcmp(bench_text(argc, argv, "api"), "nk") == 0 ? serve_nk : serve;
	ServiceId id;

	if (channel[0] == '\0')
		channel = BENCH_CHANNEL_ECHO;
	kx_stamps_start();

	if (!bench_bind(argc, argv)) {
		printf("KXFAIL echo: can't bind to cores %s\n", bench_text(argc, argv, "cores"));
		return 1;
	}
	listener = ServiceLocatorRegister(channel, NULL, 0, &id);
	if (listener == INVALID_HANDLE) {
		printf("KXFAIL echo: no channel '%s'\n", channel);
		return 1;
	}
	for (uint64_t i = 1; i < threads; i++) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, work, NULL) != 0) {
			printf("KXFAIL echo: can't start thread %u\n", (unsigned)i);
			return 1;
		}
	}
	(void)work(NULL);
	printf("KXFAIL echo: Recv failed\n");
	return 1;
}
