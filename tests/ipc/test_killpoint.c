/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A client, and a server, killed at each of its operations on shared words in
 * turn, spinning and sleeping (C-01, C-02). The living must go on: no call may
 * hang, be answered wrongly, or blame a living party. Built with the killpoint
 * variant of kernel/ipc; this process plays the kernel's death path.
 */

#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "point.h"
#include "rcu.h"
#include "rig.h"

enum { VICTIM, BYSTANDER, LATECOMER, PARTIES };

#define CALLS_AFTER  4u
#define UNHARMED     0
#define TOLD_DEAD    3
#define SECONDS      10u /* then a child counts as hung */
#define MOST_POINTS  400 /* a spinning party has as many as it spins */
#define CLEAN_IN_ROW 3u  /* runs that nobody survived only by luck */

/* A child that calls on @channel until it has made @calls or is told that the server is dead. */
static pid_t fork_caller(struct rig *rig, unsigned channel, uint32_t calls, long point)
{
	pid_t child = rig_fork();

	if (child != 0)
		return child;
	(void)alarm(SECONDS);
	if (point >= 0)
		kx_point_set(point, 'k');
	for (uint32_t n = 1; n <= calls; n++) {
		enum kx_result rc = rig_call(rig, channel, 0, n, 40);

		if (rc != KX_OK)
			_exit(rc == KX_EPEER ? TOLD_DEAD : 1);
	}
	_exit(UNHARMED);
}

static int wait_for(pid_t child)
{
	int status = 0;

	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static bool was_killed(int status)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

/* Until a server thread is on its way to sleep: the words that say so are its own last ones. */
static void await_arming(struct rig *rig)
{
	while (!kx_load(&rig->shared->karm.value))
		(void)sched_yield();
}

static void assert_all_well(struct rig *rig)
{
	if (rig->shared->errors)
		print_error("first wrong in rig.c, line %u\n", rig->shared->error_line);
	assert_int_equal(rig->shared->errors, 0);
	assert_int_equal(rig->shared->complaints, 0);
}

/* True: the victim came through unharmed. */
static bool kill_client_at(long point)
{
	pid_t bystander;
	struct rig rig;
	int status;

	assert_true(rig_open(&rig, RIG_PROCESSES, PARTIES));
	assert_true(rig_serve(&rig, 1));
	await_arming(&rig);
	bystander = fork_caller(&rig, BYSTANDER, CALLS_AFTER, -1);
	status = wait_for(fork_caller(&rig, VICTIM, 1, point));
	assert_true(was_killed(status) || status == 0);
	if (was_killed(status))
		rig_bury_client(&rig, VICTIM);
	assert_int_equal(wait_for(bystander), 0);
	/* And once more after the death, when everybody was asleep again. */
	bystander = fork_caller(&rig, LATECOMER, CALLS_AFTER, -1);
	assert_int_equal(wait_for(bystander), 0);
	assert_int_equal(rig_stop(&rig), 0);
	assert_all_well(&rig);
	assert_int_equal(rig.shared->served[BYSTANDER][0], CALLS_AFTER);
	assert_in_range(rig.shared->served[VICTIM][0], status == 0, 1);
	rig_close(&rig);
	return status == 0;
}

static pid_t fork_server(struct rig *rig, long point)
{
	pid_t child = rig_fork();

	if (child != 0)
		return child;
	kx_point_set(point, 'k');
	rig_serve_here(rig, 1);
	_exit(UNHARMED);
}

struct outcome {
	bool server_killed;
	unsigned told;
	unsigned wrong;
	unsigned callers; /* still running */
};

/* One child has ended. */
static void note(struct rig *rig, struct outcome *outcome, pid_t child, int status)
{
	if (child == rig->server) {
		outcome->server_killed = was_killed(status);
		outcome->wrong += !outcome->server_killed && status != 0;
		rig->server = 0;
		if (outcome->server_killed)
			rig_bury_server(rig);
		return;
	}
	outcome->callers--;
	outcome->told += WIFEXITED(status) && WEXITSTATUS(status) == TOLD_DEAD;
	outcome->wrong += !WIFEXITED(status) ||
			  (WEXITSTATUS(status) != UNHARMED && WEXITSTATUS(status) != TOLD_DEAD);
}

/* True: the server came through unharmed. */
static bool kill_server_at(long point)
{
	struct outcome outcome = {.callers = 2};
	struct rig rig;
	int status;

	assert_true(rig_open(&rig, RIG_PROCESSES, 2));
	rig.server = fork_server(&rig, point);
	(void)fork_caller(&rig, 0, 2, -1);
	(void)fork_caller(&rig, 1, 2, -1);
	while (outcome.callers) {
		pid_t child = waitpid(-1, &status, 0);

		assert_true(child > 0);
		note(&rig, &outcome, child, status);
	}
	if (rig.server > 0) {
		pid_t server = rig.server;

		rig.server = 0;
		(void)rig_stop(&rig);
		rig.server = server;
		note(&rig, &outcome, server, wait_for(server));
	}
	assert_all_well(&rig);
	assert_int_equal(outcome.wrong, 0);
	if (!outcome.server_killed)
		assert_int_equal(outcome.told, 0);
	rig_close(&rig);
	return !outcome.server_killed;
}

/* Every point in turn, until the victim has come through a few times running. */
static long at_every_point(bool (*kill_at)(long), bool spin)
{
	unsigned clean = 0;
	long point = 0;

	kx_wait_setup(0, spin, false);
	for (; point < MOST_POINTS && clean < CLEAN_IN_ROW; point++)
		clean = kill_at(point) ? clean + 1 : 0;
	return point;
}

static void a_sleeping_client_may_die_at_any_step(void **state)
{
	(void)state;
	assert_true(at_every_point(kill_client_at, false) > 8);
}

static void a_spinning_client_may_die_at_any_step(void **state)
{
	(void)state;
	/*
	 * The runs that came through at the end are counted too. What no call does
	 * without: publishing, the channel's state, arm, one look.
	 */
	assert_true(at_every_point(kill_client_at, true) >= CLEAN_IN_ROW + 4);
}

static void a_sleeping_server_may_die_at_any_step(void **state)
{
	(void)state;
	assert_true(at_every_point(kill_server_at, false) > 30);
}

static void a_spinning_server_may_die_at_any_step(void **state)
{
	(void)state;
	assert_true(at_every_point(kill_server_at, true) > 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sleeping_client_may_die_at_any_step),
		cmocka_unit_test(a_spinning_client_may_die_at_any_step),
		cmocka_unit_test(a_sleeping_server_may_die_at_any_step),
		cmocka_unit_test(a_spinning_server_may_die_at_any_step),
	};

	rcu_register_thread();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
