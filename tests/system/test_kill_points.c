/* SPDX-License-Identifier: Apache-2.0 */

/*
 * C-01, C-02, K-01: a client, a server, the kernel process killed before each of its
 * operations on a shared word, in a direct and in a relayed call, spinning and
 * sleeping. Whoever is left gets a documented end, a pair beside does not notice,
 * and nothing is left (POST).
 *
 * Many victims run in one solution, each with another kill point. A party that spins
 * makes hundreds of steps that are all alike: the first DENSE are all taken, later
 * ones with a growing stride. KX_KILL_ALL=1 takes every one, KX_KILL_STRIDE=n each n-th
 * of the kernel process (n at least: see next_kernel_point()), KX_KILL_DENSE=n only the first n.
 */

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "rig.h"

#define VICTIMS 16u
#define DENSE   160u
#define LAST    4000u

/* Points of the kernel process where nothing else runs: 4620 were measured. */
#define KERNEL_DENSE 4700u

static const char *const ways[][2] = {{"--spin=adaptive", NULL}, {"--spin=off", NULL}};
static const char *const methods[] = {"echo", "asked"};

static unsigned next_point(unsigned point)
{
	const char *dense = getenv("KX_KILL_DENSE");

	return point < (dense ? (unsigned)atoi(dense) : DENSE) || getenv("KX_KILL_ALL")
		       ? point + 1
		       : point + point / 4;
}

struct batch {
	char lines[2 * VICTIMS + 3][120];
	const char *entities[2 * VICTIMS + 4];
	unsigned count;
	unsigned first, next; /* kill points of this batch: first .. next-1, with strides */
};

static void add(struct batch *batch, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct batch *batch, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	(void)vsnprintf(batch->lines[batch->count], sizeof(batch->lines[0]), format, list);
	va_end(list);
	batch->entities[batch->count] = batch->lines[batch->count];
	batch->entities[++batch->count] = NULL;
}

/* Runs one batch; the number of victims that came to the end of their calls. */
static unsigned run_batch(struct batch *batch, const char *const options[], unsigned passes)
{
	static struct rig rig;
	unsigned unharmed;

	rig_image(&rig, batch->entities, NULL, "security.so");
	rig_start(&rig, options);
	if (!rig_wait(&rig, "PASS after", 1) || !rig_wait(&rig, "PASS once", passes))
		fail_msg("kill points %u to %u, %s: %s", batch->first, batch->next, options[0],
			 rig.text);
	rig_end(&rig);
	unharmed = rig_count(&rig, "UNHARMED");
	return unharmed;
}

/* Clients of one server, each killed at another point; the pair beside is the same server's. */
static unsigned kill_clients(unsigned *point, const char *method, const char *const options[])
{
	static struct batch batch;

	batch.count = 0;
	batch.first = *point;
	add(&batch, "server t.Server once server");
	for (unsigned i = 0; i < VICTIMS; i++) {
		add(&batch, "victim%u t.Client @other METHOD=%s KILL_AT=%u once client", i, method,
		    *point);
		*point = next_point(*point);
	}
	add(&batch, "other t.Client after client");
	batch.next = *point;
	return run_batch(&batch, options, 0);
}

/* Servers with one client each; every client must get an end. */
static unsigned kill_servers_when(const char *when, unsigned *point, const char *method,
				  const char *const options[])
{
	static struct batch batch;

	batch.count = 0;
	batch.first = *point;
	add(&batch, "server t.Server once server");
	add(&batch, "other t.Client after client");
	for (unsigned i = 0; i < VICTIMS; i++) {
		add(&batch, "s%u t.Server @other %sKILL_AT=%u once server", i, when, *point);
		add(&batch, "c%u t.Client >s%u METHOD=%s WITHIN_MS=2000 once client", i, i, method);
		*point = next_point(*point);
	}
	batch.next = *point;
	return run_batch(&batch, options, VICTIMS);
}

static unsigned kill_servers(unsigned *point, const char *method, const char *const options[])
{
	return kill_servers_when("", point, method, options);
}

static unsigned kill_servers_later(unsigned *point, const char *method, const char *const options[])
{
	return kill_servers_when("KILL_LATER=1 ", point, method, options);
}

static void kill_at_every_step(unsigned (*kill_some)(unsigned *point, const char *method,
						     const char *const options[]))
{
	for (unsigned way = 0; way < 2; way++)
		for (unsigned m = 0; m < 2; m++) {
			unsigned killed = 0;
			unsigned point = 0;
			unsigned unharmed;

			do {
				unharmed = kill_some(&point, methods[m], ways[way]);
				killed += VICTIMS - unharmed;
			} while (unharmed < VICTIMS && point < LAST);
			print_message("%s, %s: killed at %u points up to %u\n", ways[way][0],
				      methods[m], killed, point);
			assert_true(killed > 16); /* the kill points work at all */
		}
}

static void client_killed_at_every_step(void **state)
{
	(void)state;
	kill_at_every_step(kill_clients);
}

static void server_killed_at_every_step(void **state)
{
	(void)state;
	kill_at_every_step(kill_servers);
}

/* From the second Recv on, where its steps are few. */
static void server_that_knows_its_client_killed_at_every_step(void **state)
{
	(void)state;
	kill_at_every_step(kill_servers_later);
}

/* --- K-01 ------------------------------------------------------------------------------- */

static char kill_at[32];

static void set_kill_point(void)
{
	(void)setenv("KX_POINT_AT", kill_at, 1);
}

/*
 * A look at an entity's link is hundreds of loads that are all alike, and on a busy machine
 * there are more looks, each run takes longer, and both multiply. So the stride grows behind
 * the points that a machine with nothing else to do comes to.
 */
static unsigned next_kernel_point(unsigned point)
{
	const char *stride = getenv("KX_KILL_STRIDE");
	unsigned step = stride ? (unsigned)atoi(stride) : 7;

	if (getenv("KX_KILL_ALL"))
		return point + 1;
	return point + step + (point > KERNEL_DENSE ? (point - KERNEL_DENSE) / 64 : 0);
}

/*
 * The kernel process dies; its entities die with it, wherever they are. The number of
 * its operations grows with every look at its links, so the points are spread over
 * the start, the relayed call, and the idle loop after it.
 */
static void kernel_killed_at_steps_of_start_and_relayed_call(void **state)
{
	static const char *const entities[] = {"server t.Server once server",
					       "client t.Client METHOD=asked once client", NULL};
	static const char *const options[] = {"--spin=off", NULL};
	static struct rig rig;
	unsigned killed = 0;

	(void)state;
	for (unsigned point = 0;; point = next_kernel_point(point)) {
		bool done;

		(void)snprintf(kill_at, sizeof(kill_at), "%u", point);
		rig_child = set_kill_point;
		rig_image(&rig, entities, NULL, "security.so");
		rig_start(&rig, options);
		rig_child = NULL;
		/* Either everything ends, or the call is over and the kernel process lives. */
		done = rig_wait(&rig, "PASS once", 1);
		if (!done || rig_count(&rig, "FAIL "))
			assert_true(rig_wait_end(&rig));
		rig_end(&rig);
		if (WIFSIGNALED(rig.status)) {
			assert_int_equal(WTERMSIG(rig.status), SIGKILL);
			killed++;
		} else if (done) {
			print_message("kernel process killed at %u of %u points\n", killed, point);
			break;
		}
		assert_int_equal(rig_count(&rig, "FAIL "), 0);
	}
	assert_true(killed > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(client_killed_at_every_step),
		cmocka_unit_test(server_killed_at_every_step),
		cmocka_unit_test(server_that_knows_its_client_killed_at_every_step),
		cmocka_unit_test(kernel_killed_at_steps_of_start_and_relayed_call),
	};

	if (getenv("ONLY"))
		cmocka_set_test_filter(getenv("ONLY"));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
