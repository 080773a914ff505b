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

#include "rt.h"

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
	struct kx_owed owed = {0};

	for (uint32_t i = 0; i < ROUNDS || atomic_load(&looks) < LOOKS; i++) {
		owed.inbox = &inboxes[i % 2];
		if (!kx_owed_add(&thread, &owed))
			return "no token";
		owed.inbox = NULL;
		if (!kx_owed_take(&thread, &inboxes[i % 2], 0, &owed))
			return "not found again";
		if (owed.inbox != &inboxes[i % 2])
			return "another inbox's";
	}
	return NULL;
}

static void *look(void *unused)
{
	struct kx_rt_thread thread = {.number = 2};
	struct kx_owed owed;
	static struct kx_rt_inbox none;

	(void)unused;
	while (!atomic_load(&done)) {
		(void)kx_owed_names(&inboxes[0]);
		if (kx_owed_take(&thread, &none, 0, &owed))
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

/* A Reply without a token answers what came first. */
static void the_oldest_is_found_and_only_its_own_inbox_s(void **state)
{
	struct kx_rt_thread first = {.number = 3};
	struct kx_rt_thread second = {.number = 4};
	struct kx_rt_thread third = {.number = 5};
	struct kx_owed owed = {.inbox = &inboxes[0], .riid = 1};

	(void)state;
	assert_int_not_equal(kx_owed_add(&second, &owed), 0);
	owed.riid = 2;
	assert_int_not_equal(kx_owed_add(&first, &owed), 0);
	assert_true(kx_owed_names(&inboxes[0]));
	assert_false(kx_owed_names(&inboxes[1]));
	assert_false(kx_owed_take(&third, &inboxes[1], 0, &owed));
	assert_true(kx_owed_take(&third, &inboxes[0], 0, &owed));
	assert_int_equal(owed.riid, 1);
	assert_true(kx_owed_take(&third, &inboxes[0], 0, &owed));
	assert_int_equal(owed.riid, 2);
	assert_false(kx_owed_names(&inboxes[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_are_looked_for_while_others_come_and_go),
		cmocka_unit_test(the_oldest_is_found_and_only_its_own_inbox_s),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
