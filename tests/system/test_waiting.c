/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A-04, S-02 and the idle figures: who waits for ever waits for somebody alive whom
 * `kosix ps` names, `kosix run --until-idle` names a cycle, and who has nothing to do
 * uses nothing.
 */

#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "children.h"
#include "command.h"

static void ps_must_say(const struct rig *rig, const char *wanted)
{
	(void)command_ps_must_say(rig, "", wanted);
}

/* --- A-04 ---------------------------------------------------------------------------------- */

static void cycle_of(unsigned length, const char *const options[])
{
	static struct rig rig;
	char lines[8][64];
	const char *entities[9] = {NULL};

	for (unsigned i = 0; i < length; i++) {
		(void)snprintf(lines[i], sizeof(lines[i]), "r%u t.Server >r%u ring client", i,
			       (i + 1) % length);
		entities[i] = lines[i];
	}
	rig_image(&rig, entities, NULL, "security.so");
	rig_start(&rig, options);
	ps_must_say(&rig, length == 1 ? "deadlock: r0 -> r0" : "deadlock: r");
	rig_end(&rig);
}

static void ps_names_self_calls_pairs_and_rings(void **state)
{
	(void)state;
	for (unsigned way = 0; way < 2; way++) {
		cycle_of(1, rig_ways[way]);
		cycle_of(2, rig_ways[way]);
		cycle_of(8, rig_ways[way]);
	}
}

static const char *const ring[] = {"r0 t.Server >r1 ring client", "r1 t.Server >r2 ring client",
				   "r2 t.Server >r0 ring client", NULL};

static void run_until_idle_names_the_cycle(void **state)
{
	char text[4096];
	int status = command_run(ring, NULL, "--until-idle", text, sizeof(text));

	(void)state;
	if (status != 1 || !strstr(text, "deadlock: r"))
		fail_msg("status %d: %s", status, text);
}

/* Of who loses patience; a call that is on its way is nobody's mistake. */
static void run_says_who_waits_when_its_time_is_up(void **state)
{
	static const char *const alone[] = {"server t.Server alone server",
					    "client t.Client waits client", NULL};
	static const char *const busy[] = {"server t.Server storm server",
					   "client t.Client storm client", NULL};
	char text[4096];

	(void)state;
	(void)command_run(ring, NULL, "--timeout=1", text, sizeof(text));
	if (!strstr(text, "kosix: at the end r0 waits for r1 to ") ||
	    !strstr(text, "kosix: deadlock: r"))
		fail_msg("%s", text);
	(void)command_run(alone, NULL, "--timeout=1", text, sizeof(text));
	if (!strstr(text,
		    "kosix: at the end client waits for server to take its call on channel t\n") ||
	    strstr(text, "deadlock"))
		fail_msg("%s", text);
	(void)command_run(busy, NULL, "--timeout=1", text, sizeof(text));
	if (strstr(text, "at the end"))
		fail_msg("%s", text);
}

/* --- S-02 ------------------------------------------------------------------------------------- */

static void time_is_kept_when_nobody_answers(void **state)
{
	static const char *const methods[] = {"METHOD=echo", "METHOD=asked"};
	/* Twice in each case; with KX_KILL_ALL a thousand times in all of them. */
	const char *client = getenv("KX_KILL_ALL") ? "client t.Client MORE=123 never_answers client"
						   : "client t.Client never_answers client";
	const char *const taken[] = {"server t.Server never_answers server", client, NULL};
	const char *const never[] = {"server t.Server alone server", client, NULL};
	static struct rig rig;

	(void)state;
	for (unsigned way = 0; way < 2; way++)
		for (unsigned i = 0; i < 4; i++) {
			rig_image(&rig, i / 2 ? never : taken, methods[i % 2], "security.so");
			rig_start(&rig, rig_ways[way]);
			if (!rig_wait(&rig, "PASS never_answers client", 1))
				fail_msg("way %u, case %u: %s", way, i, rig.text);
			rig_end(&rig);
		}
}

static void ps_says_whether_the_server_has_the_call(void **state)
{
	static const char *const taken[] = {"server t.Server waits server",
					    "client t.Client waits client", NULL};
	static const char *const never[] = {"server t.Server alone server",
					    "client t.Client waits client", NULL};
	static struct rig rig;

	(void)state;
	rig_image(&rig, taken, NULL, "security.so");
	rig_start(&rig, rig_direct);
	ps_must_say(&rig, "client waits for server to answer its call");
	rig_end(&rig);
	rig_image(&rig, never, NULL, "security.so");
	rig_start(&rig, rig_direct);
	ps_must_say(&rig, "client waits for server to take its call");
	rig_end(&rig);
}

/* --- row 17: both calls wait in their slots when their client is killed ---------------------- */

/* The number behind the first "pid": of the entity @name. */
static pid_t pid_of(const char *name)
{
	char wanted[64];
	const char *at;

	(void)snprintf(wanted, sizeof(wanted), "\"name\":\"%s\"", name);
	at = strstr(command_ps("--json"), wanted);
	at = at ? strstr(at, "\"pid\":") : NULL;
	assert_non_null(at);
	return (pid_t)strtol(at + strlen("\"pid\":"), NULL, 10);
}

/* Asks until @name is said @count times; a solution needs a moment to come there. */
static void ps_must_count(const struct rig *rig, const char *name, unsigned count)
{
	const char *text = "";

	for (int i = 0; i < 500; i++) {
		unsigned found = 0;

		text = command_ps("");
		for (const char *at = text; (at = strstr(at, name)); at++)
			found++;
		if (found == count)
			return;
		(void)usleep(10000); /* the next question */
	}
	fail_msg("ps never said \"%s\" %u times; it says: %s\n%s", name, count, text, rig->text);
}

static void request_of_a_dead_client_disappears(void **state)
{
	static const char *const entities[] = {"server t.Server unreceived server",
					       "caller t.Client unreceived client", NULL};
	static struct rig rig;
	pid_t server;

	(void)state;
	for (unsigned way = 0; way < 2; way++) {
		rig_image(&rig, entities, NULL, "security.so");
		rig_start(&rig, rig_ways[way]);
		assert_true(rig_wait(&rig, "READY unreceived", 1));
		server = pid_of("server");
		ps_must_count(&rig, "caller waits for server to take ", 2);
		assert_int_equal(kill(pid_of("caller"), SIGKILL), 0);
		ps_must_count(&rig, "caller", 0);
		(void)command_ps(""); /* goes through the queue of what follows from the death */
		assert_int_equal(kill(server, SIGUSR1), 0);
		if (!rig_wait(&rig, "PASS unreceived", 1))
			fail_msg("way %u: %s", way, rig.text);
		rig_end(&rig);
	}
}

/* --- figures: an idle solution
 * --------------------------------------------------------------------- */

/* Times all threads of @pid were put on a processor so far. */
static unsigned long switches(pid_t pid)
{
	char command[200];
	unsigned long sum = 0;
	FILE *pipe;

	(void)snprintf(command, sizeof(command),
		       "cat /proc/%d/task/*/status | awk '/ctxt_switches/ {n += $2} END {print n}'",
		       (int)pid);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	assert_int_equal(fscanf(pipe, "%lu", &sum), 1);
	(void)pclose(pipe);
	return sum;
}

/* What to count of a process's mappings. */
enum part { ALL, NOT_PROGRAM, CHANNELS };

#define CHANNEL_BYTES (4096ul + 16ul * (4ul << 20)) /* slots, and 16 messages of 4 MiB */

static bool belongs(enum part part, const char *line, unsigned long bytes)
{
	switch (part) {
	case NOT_PROGRAM: /* what Kosix shares with it, and everything written at run time */
		return strstr(line, "memfd:kosix") || !strchr(line, '/');
	case CHANNELS:
		return strstr(line, "memfd:kosix") && bytes == CHANNEL_BYTES;
	default:
		return true;
	}
}

/* Resident kilobytes of @pid's mappings. */
static unsigned long resident(pid_t pid, enum part part)
{
	unsigned long sum = 0;
	bool counted = false;
	char path[64];
	char line[512];
	FILE *maps;

	(void)snprintf(path, sizeof(path), "/proc/%d/smaps", (int)pid);
	maps = fopen(path, "r");
	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps)) {
		unsigned long from;
		unsigned long to;
		unsigned long size;

		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			counted = belongs(part, line, to - from);
		else if (counted && sscanf(line, "Rss: %lu kB", &size) == 1)
			sum += size;
	}
	(void)fclose(maps);
	return sum;
}

/* Sum over the kernel process and its entities. */
static unsigned long all_switches(pid_t kernel, const pid_t *pids, unsigned count)
{
	unsigned long sum = switches(kernel);

	for (unsigned i = 0; i < count; i++)
		sum += switches(pids[i]);
	return sum;
}

/* Most that an idle entity may have beyond its program: a sanitizer has megabytes. */
#ifdef KX_SANITIZED
#define IDLE_KIB 16384
#else
#define IDLE_KIB 1024
#endif

/*
 * They say that they are idle just before they sleep, and the watch on the security module looks
 * for up to three seconds more (kernel/module_watch.c): until nobody was woken for longer than
 * it waits between two looks. Gives the sum then.
 */
static unsigned long settled(pid_t kernel, const pid_t *pids, unsigned count)
{
	unsigned long sum = all_switches(kernel, pids, count);

	for (unsigned i = 0; i < 8; i++) {
		unsigned long before = sum;

		(void)usleep(1200000); /* a little over the second between two looks */
		sum = all_switches(kernel, pids, count);
		if (sum == before)
			break;
	}
	return sum;
}

static void an_idle_solution_is_never_woken_and_small(void **state)
{
	static const char *const entities[] = {"server t.Server idle server",
					       "client t.Client idle client",
					       "alone t.Other alone client", NULL};
	static struct rig rig;
	unsigned long before;
	unsigned long woken;
	pid_t pids[8];
	unsigned count;

	(void)state;
	rig_image(&rig, entities, NULL, "security.so");
	rig_start(&rig, rig_direct);
	assert_true(rig_wait(&rig, "IDLE", 3));
	count = children(rig.kernel, pids, 8);
	assert_int_equal(count, 3);
	before = settled(rig.kernel, pids, count);
	(void)usleep(2000000); /* the figure is a rate */
	woken = all_switches(rig.kernel, pids, count) - before;
	print_message("wake-ups in 2 s of 1 kernel process and 3 entities: %lu\n", woken);
	for (unsigned i = 0; i < count; i++)
		print_message("entity %u: %lu KiB resident, %lu KiB of it not of program files, "
			      "%lu KiB channel\n",
			      i, resident(pids[i], ALL), resident(pids[i], NOT_PROGRAM),
			      resident(pids[i], CHANNELS));
	assert_true(woken <= 1); /* liburcu's thread may have something to free */
	for (unsigned i = 0; i < count; i++) {
		assert_true(resident(pids[i], NOT_PROGRAM) <= IDLE_KIB);
		assert_true(resident(pids[i], CHANNELS) <= 64);
	}
	/* The server or the client has one, or this measures nothing. */
	assert_true(resident(pids[0], CHANNELS) + resident(pids[1], CHANNELS) > 0);
	rig_end(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ps_names_self_calls_pairs_and_rings),
		cmocka_unit_test(run_until_idle_names_the_cycle),
		cmocka_unit_test(run_says_who_waits_when_its_time_is_up),
		cmocka_unit_test(time_is_kept_when_nobody_answers),
		cmocka_unit_test(ps_says_whether_the_server_has_the_call),
		cmocka_unit_test(request_of_a_dead_client_disappears),
		cmocka_unit_test(an_idle_solution_is_never_woken_and_small),
	};

	if (getenv("ONLY"))
		cmocka_set_test_filter(getenv("ONLY"));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
