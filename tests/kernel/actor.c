/* SPDX-License-Identifier: Apache-2.0 */

/* An entity that does what its arguments say, for test_run.c. */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <coresrv/handle/notice_api.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <coresrv/syscalls.h>

/* In sanitized builds: a crash is a crash, and no leak check, which needs to trace. */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
	return "detect_leaks=0:handle_segv=0:handle_abort=0";
}

struct message {
	struct nk_message base_;
	uint32_t value;
	uint32_t pad;
};

static int call(const char *channel)
{
	Handle handle = ServiceLocatorConnect(channel);
	struct message request = {.value = 21};
	struct message response = {0};
	SMsgHdr out;
	SMsgHdr in;
	Retcode rc;

	nk_req_reset(&request);
	nk_msg_set_method_id(&request, 0, 0);
	nk_req_reset(&response);
	PackOutMsg(&out, &request.base_, NULL);
	PackInMsg(&in, &response.base_, NULL);
	rc = Call(handle, &out, &in);
	printf("rc %08x value %u\n", (unsigned)rc, (unsigned)response.value);
	return 0;
}

static int serve(const char *channel, int count)
{
	ServiceId id;
	Handle handle = ServiceLocatorRegister(channel, NULL, 0, &id);
	struct message request;
	struct message response;
	SMsgHdr in;
	SMsgHdr out;

	while (count--) {
		nk_req_reset(&request);
		PackInMsg(&in, &request.base_, NULL);
		if (Recv(handle, &in) != rcOk)
			return 1;
		nk_req_reset(&response);
		nk_msg_set_method_id(&response, request.base_.iid, request.base_.mid);
		response.value = 2 * request.value;
		PackOutMsg(&out, &response.base_, NULL);
		if (Reply(handle, &out) != rcOk)
			return 1;
	}
	return 0;
}

/* Waits for an event that does not come. */
static int event(unsigned int msec)
{
	EventDesc events[1];
	rtl_size_t count = 0;
	Notice notice;

	if (KnNoticeCreate(&notice) != rcOk)
		return 1;
	printf("event: %08x\n", (unsigned int)KnNoticeGetEvent(notice, msec, 1, events, &count));
	return 0;
}

/* A mistake that libkos tells, and what a loop prints behind it. */
static int flood(const char *name)
{
	int lines;

	fprintf(stderr, "kosix: %s: told\n", name);
	for (lines = 0; lines < 1001; lines++)
		printf("!\n");
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	const char *which = argc > 2 ? argv[2] : "";

	if (!strcmp(what, "print"))
		printf("%s\n", which);
	else if (!strcmp(what, "both"))
		return printf("to stdout\n") < 0 || fprintf(stderr, "to stderr\n") < 0;
	else if (!strcmp(what, "flood"))
		return flood(which);
	else if (!strcmp(what, "env"))
		printf("%s=%s\n", which, getenv(which) ? getenv(which) : "unset");
	else if (!strcmp(what, "exit"))
		return atoi(which);
	else if (!strcmp(what, "raise"))
		raise(atoi(which));
	else if (!strcmp(what, "hang-up"))
		close(3);
	else if (!strcmp(what, "speak") && write(3, "x", 1) != 1)
		return 1;
	else if (!strcmp(what, "call"))
		return call(which);
	else if (!strcmp(what, "event"))
		return event((unsigned int)atoi(which));
	else if (!strcmp(what, "serve"))
		return serve(which, argc > 3 ? atoi(argv[3]) : 1);
	if (!strcmp(what, "wait") || !strcmp(what, "hang-up") || !strcmp(what, "speak")) {
		printf("waiting\n");
		fflush(stdout);
		for (;;)
			pause();
	}
	return 0;
}
