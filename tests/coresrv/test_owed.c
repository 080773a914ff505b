/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Requests that are owed, looked for by threads that do not hold them. What they read while
 * those come and go is ThreadSanitizer's to judge.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt_owed.h"

#define ROUNDS 3000u
#define LOOKS  100u /* at least, at all places */

/* --- what of libkos they need ---------------------------------------------------------- */

void kx_rt_reply_code(struct kx_owed *owed, Retcode rc)
{
	(void)owed;
	(void)rc;
}

/* --- one that receives and answers ----------------------------------------------------- */

static struct kx_rt_inbox inboxes[2];
static _Atomic bool done;
static _Atomic unsigned looks;

static void *serve(void *context)
{
	struct kx_rt_thread thread = {.number = *(uint32_t *)context};
	struct kx_owed other;

	for (uint32_t i = 0; i < ROUNDS || atomic_load(&looks) < LOOKS; i++) {
		struct kx_owed *owed = kx_owed_room(&thread, &other);

		owed->taken.gen = i;
		if (!kx_owed_add(&thread, &inboxes[i % 2], owed))
			return "no token";
		owed = kx_owed_take(&thread, &inboxes[i % 2], 0);
		if (!owed)
			return "not found again";
		if (owed->taken.gen != i)
			return "another request";
		kx_owed_done(owed);
	}
	return NULL;
}

static void *look(void *unused)
{
	struct kx_rt_thread thread = {.number = 2};
	static struct kx_rt_inbox none;

	(void)unused;
	while (!atomic_load(&done)) {
		(void)kx_owed_names(&inboxes[0]);
		if (kx_owed_take(&thread, &none, 0))
			return "one that nobody owes";
		atomic_fetch_add(&looks, 1);
	}
	return NULL;
}

static void requests_are_looked_for_while_others_come_and_go(void **state)
{
	uint32_t number = 1;
	pthread_t looking;
	pthread_t serving;
	void *wrong;

	(void)state;
	assert_int_equal(pthread_create(&looking, NULL, look, NULL), 0);
	assert_int_equal(pthread_create(&serving, NULL, serve, &number), 0);
	assert_int_equal(pthread_join(serving, &wrong), 0);
	atomic_store(&done, true);
	assert_null(wrong);
	assert_int_equal(pthread_join(looking, &wrong), 0);
	assert_null(wrong);
	assert_false(kx_owed_names(&inboxes[0]));
}

static uint16_t answer_next(struct kx_rt_thread *thread)
{
	struct kx_owed *owed = kx_owed_take(thread, &inboxes[0], 0);
	uint16_t riid;

	assert_non_null(owed);
	riid = owed->riid;
	kx_owed_done(owed);
	return riid;
}

/* A Reply without a token answers what came first. */
static void the_oldest_is_found_and_only_its_own_inbox_s(void **state)
{
	struct kx_rt_thread first = {.number = 3};
	struct kx_rt_thread second = {.number = 4};
	struct kx_rt_thread third = {.number = 5};
	struct kx_owed owed = {.riid = 1};

	(void)state;
	assert_int_not_equal(kx_owed_add(&second, &inboxes[0], &owed), 0);
	owed.riid = 2;
	assert_int_not_equal(kx_owed_add(&first, &inboxes[0], &owed), 0);
	assert_true(kx_owed_names(&inboxes[0]));
	assert_false(kx_owed_names(&inboxes[1]));
	assert_null(kx_owed_take(&third, &inboxes[1], 0));
	assert_int_equal(answer_next(&third), 1);
	assert_int_equal(answer_next(&third), 2);
	assert_false(kx_owed_names(&inboxes[0]));
}

/* A second request before the first is answered goes to another place, and both stay whole. */
static void what_is_received_before_an_answer_overwrites_nothing(void **state)
{
	struct kx_rt_thread thread = {.number = 6};
	struct kx_owed other = {0};
	struct kx_owed *owed = kx_owed_room(&thread, &other);
	uint32_t first;
	uint32_t second;

	(void)state;
	assert_ptr_not_equal(owed, &other);
	owed->riid = 1;
	first = kx_owed_add(&thread, &inboxes[0], owed);
	assert_ptr_equal(kx_owed_room(&thread, &other), &other);
	other.riid = 2;
	second = kx_owed_add(&thread, &inboxes[0], &other);
	owed = kx_owed_take(&thread, &inboxes[0], first);
	assert_non_null(owed);
	assert_int_equal(owed->riid, 1);
	/* While it is being answered nobody else has it, and its place is not free. */
	assert_null(kx_owed_take(&thread, &inboxes[0], first));
	assert_true(kx_owed_names(&inboxes[0]));
	assert_ptr_equal(kx_owed_room(&thread, &other), &other);
	kx_owed_done(owed);
	assert_null(kx_owed_take(&thread, &inboxes[0], first));
	owed = kx_owed_take(&thread, &inboxes[0], second);
	assert_non_null(owed);
	assert_int_equal(owed->riid, 2);
	kx_owed_done(owed);
	assert_false(kx_owed_names(&inboxes[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_are_looked_for_while_others_come_and_go),
		cmocka_unit_test(the_oldest_is_found_and_only_its_own_inbox_s),
		cmocka_unit_test(what_is_received_before_an_answer_overwrites_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
