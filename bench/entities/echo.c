/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The serving entity: answers each request with its own bytes, in one or more
 * threads. It never ends by itself; whoever runs the solution ends it.
 *
 * Words: cores=LIST threads=N channel=NAME
 */

#include <coresrv/sl/sl_api.h>
#include <coresrv/syscalls.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
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

int main(int argc, char **argv)
{
	uint64_t threads = bench_number(argc, argv, "threads", 1);
	const char *channel = bench_text(argc, argv, "channel");
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

		if (pthread_create(&thread, NULL, serve, NULL) != 0) {
			printf("KXFAIL echo: can't start thread %u\n", (unsigned)i);
			return 1;
		}
	}
	(void)serve(NULL);
	printf("KXFAIL echo: Recv failed\n");
	return 1;
}
