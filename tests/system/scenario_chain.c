/* SPDX-License-Identifier: Apache-2.0 */

/*
 * a row of entities, each of which asks the next before it answers. Some of them are killed,
 * the far ones first, before some operation on a shared word in a request or after it; who
 * misses the next one says so in its answer, and all before it hand that on as any other answer.
 *
 * Of a link: LEVEL, counted from the client; NEXT=1 unless it is the last; DIE_AT=n: from the n-th
 * request on it ends before its STEP-th such operation (or at once, in a build without
 * kill points).
 * Of the client: SECONDS it may take.
 */

#include <coresrv/thread/thread_api.h>
#include <signal.h>

#include "scenario.h"

#define BROKEN 0x10000u /* and the level of whoever misses its next one */
#define NUMBER 100u

void kx_point_set(long at, char action) __attribute__((weak));

static Retcode ask(Handle handle, enum method method, nk_uint64_t *number)
{
	return exchange_number(handle, method, number, INFINITE_TIMEOUT, INVALID_HANDLE);
}

static void begin_to_die(void)
{
	if (!kx_point_set)
		(void)raise(SIGKILL);
	kx_point_set((long)number_of_environment("STEP"), 'k');
}

static void link_of_chain(void)
{
	static struct request request;
	nk_uint64_t level = number_of_environment("LEVEL");
	nk_uint64_t die_at = number_of_environment("DIE_AT");
	Handle listener = server_handle();
	Handle next = getenv("NEXT") ? client_handle() : INVALID_HANDLE;
	Retcode rc = rcOk;

	for (nk_uint64_t count = 1;; count++) {
		nk_uint64_t *number = &request.message.ep.Echo.number;

		CHECK_RC(receive(listener, &request, INFINITE_TIMEOUT), rcOk);
		if (count == die_at)
			begin_to_die();
		if (next != INVALID_HANDLE)
			rc = ask(next, (enum method)request.message.base_.mid, number);
		CHECK(rc == rcOk || rc == rcNotConnected);
		if (rc != rcOk)
			*number = BROKEN + level;
		rc = answer(listener, &request);
		CHECK(rc == rcOk || rc == rcNotConnected); /* who asked may be dead */
		rc = rcOk;
	}
}

/*
 * Asks until the nearest link that is to die, LAST, is dead; what is broken is broken ever nearer,
 * and never where nobody was to die (VICTIMS: their levels, each between two commas).
 */
static void chain_client(void)
{
	Handle handle = client_handle();
	rtl_uint64_t end = now_ms() + 1000 * number_of_environment("SECONDS");
	nk_uint64_t last = number_of_environment("LAST");
	nk_uint64_t nearest = 1000;
	char wanted[32];

	for (nk_uint64_t i = 0; nearest > last - 1; i++) {
		nk_uint64_t number = NUMBER;

		CHECK(now_ms() < end);
		CHECK_RC(ask(handle, i % 2 ? ECHO : ASKED, &number), rcOk);
		if (number == NUMBER && nearest == 1000)
			continue;
		CHECK(number >= BROKEN && number - BROKEN <= nearest);
		nearest = number - BROKEN;
		(void)snprintf(wanted, sizeof(wanted), ",%u,", (unsigned)nearest + 1);
		CHECK(strstr(getenv("VICTIMS"), wanted));
	}
	fprintf(stderr, "BROKEN UP TO %u\n", (unsigned)last);
	(void)KnSleep(INFINITE_TIMEOUT);
}

/* Asks a link behind one that dies: nothing of that may be seen but what is behind it. */
static void branch_client(void)
{
	Handle handle = client_handle();
	nk_uint64_t level = number_of_environment("LEVEL"); /* of the link asked */

	for (;;) {
		nk_uint64_t number = NUMBER;

		CHECK_RC(ask(handle, ECHO, &number), rcOk);
		CHECK(number == NUMBER || number >= BROKEN + level);
		(void)KnSleep(5);
	}
}

const struct scenario scenarios_chain[] = {
	{"chain", link_of_chain, chain_client},
	{"branch", link_of_chain, branch_client},
	{NULL, NULL, NULL},
};
