/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What the two threads of the kernel process share: the mailbox, and the tables that
 * the control thread changes while the IPC thread reads them. For ThreadSanitizer
 * (preset tsan) as much as for what is asserted.
 */

#include "rcu.h"

#include "kernel_fixture.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

#include "mailbox.h"
#include "user.h"

/* --- mailbox -------------------------------------------------------------------------- */

#define POSTERS 3u
#define JOBS    2000u

struct parcel {
	struct kx_job job; /* first */
	uint32_t content;  /* written before the post, read after it */
	struct poster *from;
};

struct poster {
	pthread_t thread;
	struct kx_mailbox *mailbox;
	uint32_t seen; /* owner of the mailbox: the last one that came */
	bool in_order;
	struct parcel parcels[JOBS];
};

static void open_parcel(struct kx_job *job)
{
	struct parcel *parcel = (struct parcel *)(void *)job;

	parcel->from->in_order &= parcel->content == parcel->from->seen + 1;
	parcel->from->seen = parcel->content;
}

static void *post_all(void *context)
{
	struct poster *poster = context;

	for (uint32_t i = 0; i < JOBS; i++) {
		poster->parcels[i] =
			(struct parcel){.job.run = open_parcel, .content = i + 1, .from = poster};
		kx_mailbox_post(poster->mailbox, &poster->parcels[i].job);
	}
	return NULL;
}

/* The owner sleeps whenever nothing is there: a post that did not wake it would hang the test. */
static void everything_posted_arrives_in_order_and_wakes(void **state)
{
	static struct poster posters[POSTERS];
	struct kx_mailbox mailbox;
	unsigned got = 0;

	(void)state;
	assert_int_equal(kx_mailbox_init(&mailbox), 0);
	for (unsigned i = 0; i < POSTERS; i++) {
		posters[i].mailbox = &mailbox;
		posters[i].seen = 0;
		posters[i].in_order = true;
		assert_int_equal(pthread_create(&posters[i].thread, NULL, post_all, &posters[i]),
				 0);
	}
	while (got < POSTERS * JOBS) {
		got += kx_mailbox_run(&mailbox, 16);
		if (got < POSTERS * JOBS && kx_mailbox_sleep(&mailbox)) {
			struct pollfd event = {.fd = mailbox.event, .events = POLLIN};

			(void)poll(&event, 1, -1);
			kx_mailbox_wake(&mailbox);
		}
	}
	for (unsigned i = 0; i < POSTERS; i++) {
		(void)pthread_join(posters[i].thread, NULL);
		assert_true(posters[i].in_order);
		assert_int_equal(posters[i].seen, JOBS);
	}
	kx_mailbox_fini(&mailbox);
}

/* --- handles -------------------------------------------------------------------------- */

#define ROUNDS 3000u

struct reader {
	struct kx_task *task;
	_Atomic uint32_t value; /* the handle made last */
	_Atomic bool stop;
	_Atomic uint32_t found;
	_Atomic uint32_t wrong;
};

static void look_once(struct reader *reader)
{
	struct kx_handle *handle;
	struct kx_object *object;
	enum kx_rc rc;

	rcu_read_lock();
	rc = kx_handle_find(reader->task, atomic_load(&reader->value), &handle);
	if (rc == KX_RC_OK) {
		object = kx_handle_target(handle);
		if (!(handle->rights & KX_RIGHT_IPC_CALL) ||
		    (object && object->kind != KX_OBJECT_USER &&
		     object->kind != KX_OBJECT_CALLABLE))
			atomic_fetch_add(&reader->wrong, 1);
		atomic_fetch_add(&reader->found, 1);
	} else if (rc != KX_RC_INVALID_ARGUMENT && rc != KX_RC_HANDLE_REVOKED) {
		atomic_fetch_add(&reader->wrong, 1);
	}
	rcu_read_unlock();
}

static void *read_handles(void *context)
{
	struct reader *reader = context;

	urcu_memb_register_thread();
	while (!atomic_load(&reader->stop))
		look_once(reader);
	urcu_memb_unregister_thread();
	return NULL;
}

static void handles_are_found_whole_or_not_while_they_come_and_go(void **state)
{
	struct reader reader = {.task = make_task("a")};
	pthread_t thread;
	uint32_t value;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, read_handles, &reader), 0);
	for (uint32_t i = 0; i < ROUNDS || !atomic_load(&reader.found); i++) {
		assert_int_equal(kx_user_create(reader.task, 0x8000, KX_RIGHT_ALL, i,
						KX_HANDLE_INVALID, 0, &value),
				 KX_RC_OK);
		atomic_store(&reader.value, value);
		if (i % 3 == 0)
			assert_int_equal(kx_handle_revoke(reader.task, value), KX_RC_OK);
		else
			assert_int_equal(kx_handle_close(reader.task, value), KX_RC_OK);
	}
	atomic_store(&reader.stop, true);
	(void)pthread_join(thread, NULL);
	assert_int_equal(reader.wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(everything_posted_arrives_in_order_and_wakes,
						kernel_setup, kernel_teardown),
		cmocka_unit_test_setup_teardown(
			handles_are_found_whole_or_not_while_they_come_and_go, kernel_setup,
			kernel_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
