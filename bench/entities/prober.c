/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The one busy entity among thousands: waits until all are there, then measures
 * what a call, a look-up in the kernel process and a death cost beside them. A
 * death is a server's end in the middle of a call, until the caller knows.
 *
 * Prints: KXREADY, then for each cost KXPOINT name count p50 p99 mean, then KXDONE.
 *
 * Words: groups=N victims=N rounds=N cores=LIST
 */

#include <coresrv/handle/handle_api.h>
#include <coresrv/sl/sl_api.h>
#include <coresrv/syscalls.h>
#include <inttypes.h>
#include <rtl/retcode_hr.h>
#include <services/ocap.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "bench_message.h"
#include "measure/clock.h"
#include "measure/histogram.h"
#include "words.h"

#define WARM_ROUNDS 1000u
#define GATE_NS     2000000

static struct kx_hist hist;

static bool fail(const char *what, Retcode code)
{
	printf("KXFAIL prober: %s: " RETCODE_HR_FMT "\n", what, RETCODE_HR_PARAMS(code));
	return false;
}

static void report(const char *name)
{
	printf("KXPOINT %s %" PRIu64 " %" PRIu64 " %" PRIu64 " %.0f\n", name, hist.count,
	       kx_hist_percentile(&hist, KX_P50), kx_hist_percentile(&hist, KX_P99),
	       kx_hist_mean(&hist));
	kx_hist_clear(&hist);
}

/* A message without a payload to @method of @handle. */
static Retcode send(Handle handle, nk_iid_t riid, nk_mid_t method, struct bench_arrive *answer,
		    bool number)
{
	/* Nobody's number: the gate does not count it as an arrival. */
	struct bench_arrive message = {.number = UINT64_MAX};
	size_t size = number ? sizeof(message) : sizeof(message.base_);
	SMsgHdr request;
	SMsgHdr response;

	nk_message_make_req(&message.base_, size);
	nk_message_set_iid(&message.base_, riid);
	nk_message_set_mid(&message.base_, method);
	bench_pack(&request, &message, size);
	bench_pack(&response, answer, sizeof(*answer));
	return Call(handle, &request, &response);
}

static bool connect_to(const char *channel, const char *endpoint, Handle *handle, nk_iid_t *riid)
{
	*handle = ServiceLocatorConnect(channel);
	if (*handle == INVALID_HANDLE)
		return fail(channel, rcNotConnected);
	*riid = ServiceLocatorGetRiid(*handle, endpoint);
	return true;
}

/* Every group's gate says that all of its entities have arrived. */
static bool wait_for_groups(uint64_t groups)
{
	const struct timespec nap = {.tv_nsec = GATE_NS};

	for (uint64_t g = 0; g < groups; g++) {
		struct bench_arrive answer = {.number = 0};
		char channel[32];
		Handle gate;
		nk_iid_t riid;

		(void)snprintf(channel, sizeof(channel), "gate%" PRIu64, g);
		if (!connect_to(channel, BENCH_ENDPOINT_GATE, &gate, &riid))
			return false;
		while (answer.number != 1) {
			Retcode code = send(gate, riid, BENCH_ARRIVE, &answer, true);

			if (code != rcOk)
				return fail("the gate", code);
			if (answer.number != 1)
				(void)nanosleep(&nap, NULL);
		}
	}
	return true;
}

static bool measure_calls(uint64_t rounds)
{
	Handle echo;
	nk_iid_t riid;

	if (!connect_to("probed0", BENCH_ENDPOINT_ECHO, &echo, &riid))
		return false;
	for (uint64_t i = 0; i < rounds + WARM_ROUNDS; i++) {
		struct bench_arrive answer;
		uint64_t begun = kx_clock_ticks();
		Retcode code = send(echo, riid, BENCH_ECHO, &answer, true);
		uint64_t ended = kx_clock_ticks();

		if (code != rcOk)
			return fail("Call", code);
		if (i >= WARM_ROUNDS)
			kx_hist_record(&hist, kx_clock_ns(ended - begun));
	}
	report("call");
	return true;
}

static bool measure_look_ups(uint64_t rounds)
{
	Handle handle;
	rtl_uint32_t sid;
	Retcode code = KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, OCAP_HANDLE_GET_SID, NULL,
						&handle);

	for (uint64_t i = 0; code == rcOk && i < rounds; i++) {
		uint64_t begun = kx_clock_ticks();

		code = KnHandleGetSidByHandle(handle, &sid);
		kx_hist_record(&hist, kx_clock_ns(kx_clock_ticks() - begun));
	}
	if (code != rcOk)
		return fail("a look-up", code);
	report("lookup");
	return true;
}

static bool measure_deaths(uint64_t victims)
{
	for (uint64_t v = 0; v < victims; v++) {
		struct bench_arrive answer;
		char channel[32];
		Handle victim;
		nk_iid_t riid;
		uint64_t begun;
		Retcode code;

		(void)snprintf(channel, sizeof(channel), "victim%" PRIu64, v);
		if (!connect_to(channel, BENCH_ENDPOINT_ECHO, &victim, &riid))
			return false;
		begun = kx_clock_ticks();
		code = send(victim, riid, BENCH_DIE, &answer, false);
		kx_hist_record(&hist, kx_clock_ns(kx_clock_ticks() - begun));
		if (code != rcNotConnected)
			return fail("a death", code);
	}
	report("death");
	return true;
}

int main(int argc, char **argv)
{
	uint64_t rounds = bench_number(argc, argv, "rounds", 1000);

	(void)setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	kx_clock_init();
	kx_hist_clear(&hist);
	if (!bench_bind(argc, argv) || !wait_for_groups(bench_number(argc, argv, "groups", 1)))
		return 1;
	printf("KXREADY\n");
	if (!measure_calls(rounds) || !measure_look_ups(rounds / 10) ||
	    !measure_deaths(bench_number(argc, argv, "victims", 0)))
		return 1;
	printf("KXDONE\n");
	for (;;)
		(void)pause();
}
