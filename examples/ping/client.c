/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The client: calls as often as its first argument says, checks every answer,
 * times every round trip, and goes on calling after the server's death to see
 * what it is told then. The last line is for the table that `run` prints.
 */

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define NK_USE_UNQUALIFIED_NAMES
#include <ping/Echo.idl.h>

struct tally {
	uint64_t answered;
	uint64_t wrong;
	uint64_t failed;
	nk_err_t last_error;
	uint64_t failed_ns; /* slowest failing call */
	uint32_t *times;    /* of the answered calls, nanoseconds */
};

static uint64_t now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void call_once(struct Echo_proxy *proxy, uint64_t number, struct tally *tally)
{
	struct Echo_Send_req req = {.number = number};
	struct Echo_Send_res res;
	uint64_t start = now_ns();
	nk_err_t err = Echo_Send(&proxy->base, &req, NK_NULL, &res, NK_NULL);
	uint64_t spent = now_ns() - start;

	if (err != NK_EOK) {
		tally->failed++;
		tally->last_error = err;
		if (spent > tally->failed_ns)
			tally->failed_ns = spent;
		return;
	}
	if (res.number != number)
		tally->wrong++;
	tally->times[tally->answered++] = (uint32_t)spent;
}

static int by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a;
	uint32_t y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static uint32_t percentile(const struct tally *tally, unsigned per_mille)
{
	return tally->answered ? tally->times[(tally->answered - 1) * per_mille / 1000] : 0;
}

static void report(struct tally *tally)
{
	qsort(tally->times, tally->answered, sizeof(*tally->times), by_size);
	fprintf(stderr,
		"PING answered=%" PRIu64 " wrong=%" PRIu64 " failed=%" PRIu64
		" error=%d slowest_failure_us=%" PRIu64 " p50_ns=%" PRIu32 " p99_ns=%" PRIu32 "\n",
		tally->answered, tally->wrong, tally->failed, tally->last_error,
		tally->failed_ns / 1000, percentile(tally, 500), percentile(tally, 990));
}

int main(int argc, char *argv[])
{
	uint64_t calls = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000;
	struct tally tally = {.times = calloc(calls, sizeof(uint32_t))};
	Handle channel = ServiceLocatorConnect("ping");
	nk_iid_t riid = ServiceLocatorGetRiid(channel, "echo");
	struct Echo_proxy proxy;
	NkKosTransport transport;

	if (riid == INVALID_RIID || !tally.times) {
		fprintf(stderr, "client: no channel 'ping' with an endpoint 'echo'\n");
		return EXIT_FAILURE;
	}
	NkKosTransport_Init(&transport, channel, NK_NULL, 0);
	Echo_proxy_init(&proxy, &transport.base, riid);
	for (uint64_t i = 1; i <= calls; i++)
		call_once(&proxy, i, &tally);
	report(&tally);
	free(tally.times);
	return tally.wrong ? EXIT_FAILURE : EXIT_SUCCESS;
}
