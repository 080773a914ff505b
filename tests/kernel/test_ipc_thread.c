/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The IPC thread as it is, with entities and a control thread by hand, where all processors are
 * taken: when it wakes the control thread, and whom it listens to. Whether they are taken, when a
 * window ends, and what time it is, this test says.
 */

#include "rcu.h"

#include "kernel_fixture.h"

#include <poll.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "control.h"
#include "control_time.h"
#include "death.h"
#include "hooks.h"
#include "ipc_press.h"
#include "ipc_thread.h"
#include "mailbox.h"
#include "module.h"
#include "registry.h"
#include "relay.h"

#define TASKS    20u
#define SERVED   8u /* of each in a window */
#define LIMIT_MS 10000

static struct kx_task *tasks[TASKS];
static _Atomic bool is_over; /* the window */

/* By the linker's --wrap. */
bool __wrap_kx_pressed(void);
bool __wrap_kx_press_window(void);
int __wrap_clock_gettime(clockid_t clock, struct timespec *t);

bool __wrap_kx_pressed(void)
{
	return true;
}

bool __wrap_kx_press_window(void)
{
	if (!atomic_exchange(&is_over, false))
		return false;
	kx_peers_window(false);
	return true;
}

/* Time stands still: nothing is done because enough of it has passed. */
int __wrap_clock_gettime(clockid_t clock, struct timespec *t)
{
	(void)clock;
	*t = (struct timespec){.tv_sec = 1000};
	return 0;
}

struct errand {
	struct kx_job job; /* first */
	unsigned (*what)(void);
	unsigned result;
	sem_t done;
};

static void run_errand(struct kx_job *job)
{
	struct errand *errand = (struct errand *)(void *)job;

	errand->result = errand->what();
	(void)sem_post(&errand->done);
}

/* What @what says on the IPC thread. */
static unsigned ask_ipc(unsigned (*what)(void))
{
	struct errand errand = {.job.run = run_errand, .what = what};

	(void)sem_init(&errand.done, 0, 0);
	kx_ipc_post(&errand.job);
	while (sem_wait(&errand.done) != 0)
		;
	(void)sem_destroy(&errand.done);
	return errand.result;
}

static unsigned begin_window(void)
{
	kx_peers_window(true);
	return 0;
}

static unsigned count_muted(void)
{
	unsigned count = 0;

	for (uint32_t i = 0; i < kx_peers_count(); i++)
		count += kx_peer_at(i)->muted;
	return count;
}

static void post(struct kx_task *task, uint32_t slot, uint32_t gen, uint32_t op)
{
	struct kx_up_tag *tag = (struct kx_up_tag *)(void *)task->link->up[slot].tag;

	tag->op = op;
	(void)kx_slot_post(&task->link->up[slot], gen, false);
}

static void ring(struct kx_task *task)
{
	const uint64_t one = 1;

	assert_int_equal(write(task->bell, &one, sizeof(one)), sizeof(one));
}

static bool is_answered(struct kx_task *task, uint32_t slot, uint32_t gen)
{
	uint32_t w;

	return kx_slot_replied(&task->link->up[slot], gen, &w) == KX_OK;
}

static void wait_for_answer(struct kx_task *task, uint32_t slot, uint32_t gen)
{
	for (int ms = 0; ms < LIMIT_MS && !is_answered(task, slot, gen); ms++)
		(void)poll(NULL, 0, 1);
	assert_true(is_answered(task, slot, gen));
}

static int begin(void **state)
{
	char name[] = "a";
	struct kx_task_spec spec = {.name = name, .class_name = "A", .program = "none"};
	char error[256];

	(void)state;
	urcu_memb_register_thread();
	kx_settings.message_max = 64 * 1024;
	if (kx_control_init() || kx_calls_init() || !kx_module_load("allow-all", error))
		return -1;
	kx_ipc_install_hooks();
	if (kx_ipc_start())
		return -1;
	for (unsigned i = 0; i < TASKS; i++) {
		if (kx_task_create(&spec, &tasks[i]) != KX_RC_OK)
			return -1;
		kx_object_unpin(&tasks[i]->object);
		name[0]++;
	}
	return 0;
}

static int end(void **state)
{
	(void)state;
	while (!cds_list_empty(kx_registry_tasks()))
		kx_death(cds_list_first_entry(kx_registry_tasks(), struct kx_task, all));
	while (ask_ipc(kx_peers_count) != 0)
		kx_control_step();
	kx_control_step();
	kx_ipc_stop();
	kx_control_step();
	kx_calls_fini();
	kx_control_fini();
	kx_module_unload();
	urcu_memb_barrier();
	kx_registry_clear();
	urcu_memb_unregister_thread();
	return 0;
}

/* The control thread sleeps before each kernel call that is left with it. */
static void the_control_thread_is_woken_before_the_ipc_thread_sleeps(void **state)
{
	struct pollfd event = {.fd = kx_control_mailbox.event, .events = POLLIN};

	(void)state;
	(void)ask_ipc(kx_peers_count);
	kx_control_step();
	for (uint32_t gen = 1; gen < 10; gen++) {
		assert_true(kx_mailbox_sleep(&kx_control_mailbox));
		post(tasks[0], 0, gen, KX_CALL_HANDLE_CLOSE);
		ring(tasks[0]);
		assert_int_equal(poll(&event, 1, LIMIT_MS), 1);
		kx_mailbox_wake(&kx_control_mailbox);
		assert_int_equal(kx_mailbox_run(&kx_control_mailbox, 16), 1);
		wait_for_answer(tasks[0], 0, gen);
	}
}

static void every_held_entity_is_muted_and_heard_in_the_next_window(void **state)
{
	(void)state;
	(void)ask_ipc(begin_window);
	for (unsigned i = 0; i < TASKS; i++) {
		for (uint32_t slot = 1; slot <= SERVED + 1; slot++)
			post(tasks[i], slot, 1, KX_CALL_THREAD);
		ring(tasks[i]);
	}
	for (unsigned i = 0; i < TASKS; i++)
		for (uint32_t slot = 1; slot <= SERVED; slot++)
			wait_for_answer(tasks[i], slot, 1);
	for (unsigned i = 0; i < TASKS; i++) {
		assert_false(is_answered(tasks[i], SERVED + 1, 1));
		ring(tasks[i]);
	}
	for (int ms = 0; ms < LIMIT_MS && ask_ipc(count_muted) < TASKS; ms++)
		(void)poll(NULL, 0, 1);
	assert_int_equal(ask_ipc(count_muted), TASKS);
	atomic_store(&is_over, true);
	/* Wakes it. */
	(void)ask_ipc(count_muted);
	for (unsigned i = 0; i < TASKS; i++)
		wait_for_answer(tasks[i], SERVED + 1, 1);
	assert_int_equal(ask_ipc(count_muted), 0);
	while (!atomic_load(&kx_ipc_mailbox.sleeping))
		(void)poll(NULL, 0, 1);
	post(tasks[TASKS - 1], 0, 1, KX_CALL_THREAD);
	ring(tasks[TASKS - 1]);
	wait_for_answer(tasks[TASKS - 1], 0, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_control_thread_is_woken_before_the_ipc_thread_sleeps),
		cmocka_unit_test(every_held_entity_is_muted_and_heard_in_the_next_window),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
