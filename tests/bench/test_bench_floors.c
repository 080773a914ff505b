/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Every floor runs, echoes and ends; and when one of its processes dies or
 * hangs, the run ends with an error, in time, and leaves no process behind.
 */

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "floors/floor.h"
#include "measure/clock.h"

#define SOON_NS 10000000000u /* a generous bound for "at once" */

static struct kx_turn turn;

static struct kx_config brief(void)
{
	struct kx_config config = kx_config_default();

	config.rounds = 200;
	config.turn_ns = 100000000;
	return config;
}

/* One turn of @subject; false if it failed. */
static bool run_turn(const struct kx_subject *subject, const struct kx_config *config)
{
	void *state = NULL;
	bool ok;

	if (!subject->prepare(subject, config, &state))
		return false;
	memset(&turn, 0, sizeof(turn));
	ok = subject->run_turn(state, &turn);
	subject->finish(state);
	return ok;
}

static void no_child_is_left(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

/* Every floor that this machine can run, at one size. */
static void run_all(size_t size)
{
	struct kx_config config = brief();
	char why[64];

	config.size = size;
	for (unsigned i = 0; kx_floors[i]; i++) {
		if (!kx_floors[i]->fits(kx_floors[i], &config, why, sizeof(why)))
			continue;
		assert_true(run_turn(kx_floors[i], &config));
		assert_true(turn.hist.count > 0 && turn.hist.count <= config.rounds);
		assert_true(turn.hist.min > 0 && turn.wall_ns > 0);
		no_child_is_left();
	}
}

static void every_floor_echoes_a_small_payload(void **state)
{
	(void)state;
	run_all(8);
}

static void every_floor_echoes_a_payload_of_odd_size(void **state)
{
	(void)state;
	run_all(1001);
}

static void every_floor_echoes_the_largest_payload(void **state)
{
	(void)state;
	run_all(KX_SIZE_MAX);
}

static void several_pairs_are_counted_together(void **state)
{
	struct kx_config config = brief();

	(void)state;
	config.pairs = 3;
	config.turn_ns = 5000000000;
	assert_true(run_turn(&kx_floor_futex, &config));
	assert_int_equal(turn.hist.count, 3 * config.rounds);
	no_child_is_left();
}

static void spinning_without_a_core_for_each_party_is_skipped(void **state)
{
	struct kx_config config = brief();
	char why[64] = "";

	(void)state;
	assert_true(kx_place_parse("same:0", &config.place, why, sizeof(why)));
	assert_false(kx_floor_two_line.fits(&kx_floor_two_line, &config, why, sizeof(why)));
	assert_string_equal(why, "skipped: 1 core");
	assert_true(kx_floor_futex.fits(&kx_floor_futex, &config, why, sizeof(why)));
}

/* A floor whose server dies, stops, or answers wrongly after some rounds. */
static unsigned good_rounds = 20;
static int last_signal;

static bool fragile_serve(struct kx_party *party)
{
	const struct kx_floor *futex = kx_floor_futex.self;

	if (party->round == good_rounds && last_signal != 0)
		(void)raise(last_signal);
	return futex->serve(party);
}

static bool lying_serve(struct kx_party *party)
{
	const struct kx_floor *futex = kx_floor_futex.self;
	uint8_t *bytes = party->hop[KX_HOP_REPLY].payload;

	if (!futex->serve(party))
		return false;
	bytes[0] ^= 0xff;
	return true;
}

/* Runs the futex floor with another server; true if the turn succeeded. */
static bool run_with_server(bool (*serve)(struct kx_party *party), uint64_t *took)
{
	struct kx_config config = brief();
	struct kx_floor floor = *(const struct kx_floor *)kx_floor_futex.self;
	struct kx_subject subject = kx_floor_futex;
	uint64_t start = kx_clock_monotonic();
	bool ok;

	floor.serve = serve;
	subject.self = &floor;
	/* The server ends the turn, not the clock: on a busy machine 20 rounds take long. */
	config.rounds = 1000000;
	config.turn_ns = SOON_NS / 4; /* a stopped server is noticed only at its end */
	config.grace_ns = 500000000;
	ok = run_turn(&subject, &config);
	*took = kx_clock_monotonic() - start;
	return ok;
}

static void a_killed_server_ends_the_run_with_an_error(void **state)
{
	uint64_t took;

	(void)state;
	last_signal = SIGKILL;
	assert_false(run_with_server(fragile_serve, &took));
	assert_true(took < SOON_NS);
	no_child_is_left();
}

static void a_server_that_stops_ends_the_run_with_an_error(void **state)
{
	uint64_t took;

	(void)state;
	last_signal = SIGSTOP;
	assert_false(run_with_server(fragile_serve, &took));
	assert_true(took < SOON_NS);
	no_child_is_left();
}

static void a_server_that_echoes_wrongly_ends_the_run_with_an_error(void **state)
{
	uint64_t took;

	(void)state;
	/* Whether the client copies before or after the byte is spoilt, some round shows it. */
	assert_false(run_with_server(lying_serve, &took));
	assert_true(took < SOON_NS);
	no_child_is_left();
}

/* The children of @parent, from /proc; returns how many. */
static unsigned children_of(pid_t parent, pid_t *children, unsigned room)
{
	char path[64];
	FILE *file;
	unsigned count = 0;

	(void)snprintf(path, sizeof(path), "/proc/%d/task/%d/children", parent, parent);
	file = fopen(path, "re");
	if (!file)
		return 0;
	while (count < room && fscanf(file, "%d", &children[count]) == 1)
		count++;
	(void)fclose(file);
	return count;
}

/* A bench of its own process: what an outsider kills must not hang it. */
static pid_t start_endless_floor(void)
{
	pid_t bench = fork();

	assert_true(bench >= 0);
	if (bench == 0) {
		struct kx_config config = brief();

		config.rounds = 1000000000;
		config.turn_ns = 60000000000;
		_exit(run_turn(&kx_floor_pipe, &config) ? 0 : 1);
	}
	return bench;
}

static void wait_for_children(pid_t bench, pid_t *children)
{
	uint64_t deadline = kx_clock_monotonic() + SOON_NS;

	while (children_of(bench, children, 2) < 2)
		assert_true(kx_clock_monotonic() < deadline);
}

static void killing_any_child_from_outside_ends_the_bench(void **state)
{
	(void)state;
	for (int which = 0; which < 2; which++) {
		pid_t bench = start_endless_floor();
		uint64_t start = kx_clock_monotonic();
		pid_t children[2];
		int status = 0;

		wait_for_children(bench, children);
		assert_int_equal(kill(children[which], SIGKILL), 0);
		assert_int_equal(waitpid(bench, &status, 0), bench);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
		assert_true(kx_clock_monotonic() - start < SOON_NS);
		no_child_is_left();
	}
}

static void killing_the_bench_ends_its_children(void **state)
{
	pid_t bench = start_endless_floor();
	pid_t children[2];

	(void)state;
	/* Orphans come to us, so their end can be waited for. */
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	wait_for_children(bench, children);
	assert_int_equal(kill(bench, SIGKILL), 0);
	for (int i = 0; i < 3; i++)
		assert_true(waitpid(-1, NULL, 0) > 0);
	no_child_is_left();
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 0), 0);
}

static void an_interrupt_ends_the_program_and_its_children(void **state)
{
	pid_t bench = fork();
	pid_t children[2];
	int status = 0;

	(void)state;
	assert_true(bench >= 0);
	if (bench == 0) {
		(void)execl(KX_BENCH_PROGRAM, "kosix-bench", "floors", "--floors", "pipe",
			    "--turn-time", "60000", "--rounds", "1000000000", (char *)NULL);
		_exit(127);
	}
	wait_for_children(bench, children);
	assert_int_equal(kill(bench, SIGINT), 0);
	assert_int_equal(waitpid(bench, &status, 0), bench);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
	assert_int_equal(kill(children[0], 0), -1);
	assert_int_equal(kill(children[1], 0), -1);
}

static int start_clock(void **state)
{
	(void)state;
	kx_clock_init();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_floor_echoes_a_small_payload),
		cmocka_unit_test(every_floor_echoes_a_payload_of_odd_size),
		cmocka_unit_test(every_floor_echoes_the_largest_payload),
		cmocka_unit_test(several_pairs_are_counted_together),
		cmocka_unit_test(spinning_without_a_core_for_each_party_is_skipped),
		cmocka_unit_test(a_killed_server_ends_the_run_with_an_error),
		cmocka_unit_test(a_server_that_stops_ends_the_run_with_an_error),
		cmocka_unit_test(a_server_that_echoes_wrongly_ends_the_run_with_an_error),
		cmocka_unit_test(killing_any_child_from_outside_ends_the_bench),
		cmocka_unit_test(an_interrupt_ends_the_program_and_its_children),
		cmocka_unit_test(killing_the_bench_ends_its_children),
	};

	return cmocka_run_group_tests(tests, start_clock, NULL);
}
