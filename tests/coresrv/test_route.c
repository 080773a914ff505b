/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A client thread that wants a slot while all of them hold abandoned requests, and a
 * server that does not let it: every wait ends at its deadline, at the server's end, or
 * with "it is hostile". Deterministic: the server's writes are made by kx_point(), which
 * this build calls before each operation on a shared word.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rt_route.h"

#define ABANDONED KX_SLOT_WORD(1, KX_SLOT_ABANDONED)
#define FREE      KX_SLOT_WORD(1, KX_SLOT_FREE)

/* --- what of libkos a route needs, and never calls here ------------------------------- */

struct kx_rt kx_rt;

struct kx_rt_thread *kx_rt_thread_at(uint32_t number)
{
	static struct kx_rt_thread threads[KX_UP_SLOTS];

	return &threads[number];
}

Retcode kx_rt_kcall(uint32_t op, uint32_t args[KX_CALL_ARGS], const void *in, uint32_t in_size,
		    void *out, uint32_t *out_size)
{
	(void)op;
	(void)args;
	(void)in;
	(void)in_size;
	(void)out;
	(void)out_size;
	return rcFail;
}

void kx_rt_packets(void)
{
}

struct kx_channel_region *kx_rt_claim_region(uint32_t channel, uint32_t *generation)
{
	(void)channel;
	(void)generation;
	return NULL;
}

Retcode kx_rt_handle(uint32_t handle, struct kx_handle_entry **entry)
{
	(void)handle;
	(void)entry;
	return rcInvalidArgument;
}

/* --- the server ------------------------------------------------------------------------ */

static struct kx_channel_region region;
static struct kx_route route;
static struct kx_rt_thread thread;
static kx_word state;

static struct {
	void (*writes)(void); /* NULL: an idle server */
	unsigned steps;
	unsigned trying; /* steps left until the client has tried a slot and gone to sleep */
} server;

static void write_all(uint32_t word)
{
	for (unsigned i = 0; i < KX_CHANNEL_SLOTS; i++)
		atomic_store(&region.slots[i].w, word);
}

void kx_point(void)
{
	if (!server.writes)
		return;
	/* Without a bound the test would never end; so it ends here. */
	if (++server.steps > 100000)
		abort();
	server.writes();
}

/* Abandoned at every look, and never the same word twice: no sleep begins. */
static void never_hold_still(void)
{
	write_all(server.steps % 2 ? ABANDONED | KX_SLOT_SLEEP : ABANDONED);
}

static bool client_holds_one(void)
{
	bool holds_one = false;

	for (unsigned i = 0; i < KX_CHANNEL_SLOTS; i++)
		holds_one |= atomic_load(&route.busy[i]) == KX_ROUTE_BUSY;
	return holds_one;
}

/* Free when the client looks what to sleep on, abandoned when it tries, and when it sleeps. */
static void show_two_faces(void)
{
	if (client_holds_one())
		server.trying = 3; /* this one, a look at the channel's state, the sleep */
	write_all(server.trying ? ABANDONED : FREE);
	server.trying -= server.trying > 0;
}

/* Is gone, and its last words say that every request is still in its hands. */
static void die(void)
{
	write_all(ABANDONED);
	atomic_store(&state, KX_CHANNEL_DEAD);
}

/* Another thread of ours has found out meanwhile. */
static void be_found_out(void)
{
	atomic_store(&route.broken, true);
}

/* The same when this one has found nothing wrong and is about to sleep. */
static void be_found_out_at_last(void)
{
	if (client_holds_one())
		server.trying = 3; /* as above */
	if (server.trying && --server.trying == 0)
		kx_route_give_up(&route);
}

static void answer_one(void)
{
	atomic_store(&region.slots[9].w, FREE);
}

/* A wait for a slot that may last @ms milliseconds, while the server does what it does. */
static enum kx_result wait_for_slot(void (*writes)(void), uint32_t ms, uint32_t *slot)
{
	struct timespec deadline;
	const struct kx_patience patience = {.deadline = &deadline};
	enum kx_result rc;

	memset(&route, 0, sizeof(route));
	atomic_store(&state, KX_CHANNEL_DIRECT);
	route.region = &region;
	route.port.state = &state;
	route.port.alive = KX_CHANNEL_DIRECT;
	for (unsigned i = 0; i < KX_CHANNEL_SLOTS; i++)
		route.abandoned[i] = true;
	write_all(ABANDONED);
	(void)clock_gettime(CLOCK_MONOTONIC, &deadline);
	deadline.tv_nsec += (long)ms % 1000 * 1000000;
	deadline.tv_sec += (time_t)ms / 1000 + deadline.tv_nsec / 1000000000;
	deadline.tv_nsec %= 1000000000;
	server.steps = 0;
	server.trying = 0;
	server.writes = writes;
	rc = kx_route_take_slot(&route, &thread, &patience, slot);
	server.writes = NULL;
	assert_int_equal(route.waiting, 0);
	return rc;
}

static void the_deadline_ends_the_wait_for_a_silent_server(void **unused)
{
	uint32_t slot;

	(void)unused;
	assert_int_equal(wait_for_slot(NULL, 20, &slot), KX_ETIME);
}

static void a_slot_the_server_answers_is_taken(void **unused)
{
	uint32_t slot = 0;

	(void)unused;
	assert_int_equal(wait_for_slot(answer_one, 10000, &slot), KX_OK);
	assert_int_equal(slot, 9);
	assert_int_equal(route.busy[slot], KX_ROUTE_BUSY);
	assert_false(route.abandoned[slot]);
}

static void a_server_that_never_holds_still_does_not_defeat_the_deadline(void **unused)
{
	uint32_t slot;

	(void)unused;
	assert_int_equal(wait_for_slot(never_hold_still, 10000, &slot), KX_EPROTO);
	assert_in_range(server.steps, KX_ROUTE_CHANGES, 100 * KX_ROUTE_CHANGES);
}

static void a_server_with_two_faces_is_watched_all_the_same(void **unused)
{
	uint32_t slot;

	(void)unused;
	assert_int_equal(wait_for_slot(show_two_faces, 10000, &slot), KX_EPROTO);
}

static void the_end_of_the_server_ends_the_wait(void **unused)
{
	uint32_t slot;

	(void)unused;
	assert_int_equal(wait_for_slot(die, 10000, &slot), KX_EPEER);
}

static void a_route_found_broken_is_not_waited_for(void **unused)
{
	uint32_t slot;

	(void)unused;
	assert_int_equal(wait_for_slot(be_found_out, 10000, &slot), KX_EPROTO);
}

static void a_route_given_up_lets_nobody_sleep(void **unused)
{
	uint32_t slot;

	(void)unused;
	assert_int_equal(wait_for_slot(be_found_out_at_last, 10000, &slot), KX_EPROTO);
	/* What it sleeps on has changed: where Linux cannot wait for many words, time helps. */
	assert_int_equal(kx_load(&route.freed), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_deadline_ends_the_wait_for_a_silent_server),
		cmocka_unit_test(a_slot_the_server_answers_is_taken),
		cmocka_unit_test(a_server_that_never_holds_still_does_not_defeat_the_deadline),
		cmocka_unit_test(a_server_with_two_faces_is_watched_all_the_same),
		cmocka_unit_test(the_end_of_the_server_ends_the_wait),
		cmocka_unit_test(a_route_found_broken_is_not_waited_for),
		cmocka_unit_test(a_route_given_up_lets_nobody_sleep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
