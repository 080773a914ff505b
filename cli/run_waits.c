/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Who waits for whom when somebody loses patience (Ctrl-C, --timeout): told before the
 * solution is ended. Two looks: what stands in both, and whose client has called nobody
 * in between, is no call on its way.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>

#include "field.h"
#include "kx_commands.h"
#include "run.h"
#include "solution_client.h"

#define APART_NS  150000000 /* from the first look to the second */
#define ANSWER_MS 200       /* nothing else is seen meanwhile: not the next Ctrl-C either */

static struct kx_run_source timer;
static json_t *first;

/* Calls that entity @name has begun so far. */
static long long calls_of(const json_t *ps, const char *name)
{
	const json_t *entities = json_object_get(ps, "entities");
	const json_t *counters;
	size_t index;

	for (index = 0; index < json_array_size(entities); index++) {
		if (strcmp(kx_text(json_array_get(entities, index), "name"), name) != 0)
			continue;
		counters = json_object_get(json_array_get(entities, index), "counters");
		return json_integer_value(json_object_get(counters, "calls")) +
		       json_integer_value(json_object_get(counters, "direct_calls"));
	}
	return 0;
}

static bool stood_before(const json_t *wait)
{
	const json_t *waits = json_object_get(first, "waits");
	size_t index;

	for (index = 0; index < json_array_size(waits); index++) {
		if (json_equal(json_array_get(waits, index), wait))
			return true;
	}
	return false;
}

static void tell(const json_t *now)
{
	const json_t *waits = json_object_get(now, "waits");
	char *cycle = kx_solution_cycle(now);
	bool told = false;
	size_t index;

	for (index = 0; index < json_array_size(waits); index++) {
		const json_t *wait = json_array_get(waits, index);
		const char *client = kx_text(wait, "client");
		char text[KX_SOLUTION_WAIT_MAX];

		if (!stood_before(wait) || calls_of(first, client) != calls_of(now, client))
			continue;
		kx_solution_wait(wait, text, sizeof(text));
		kx_complain("at the end %s", text);
		told = true;
	}
	if (told && cycle)
		kx_complain("deadlock: %s", cycle);
	free(cycle);
}

static json_t *look(void)
{
	return kx_solution_ask_within(kx_run.solution, "ps", ANSWER_MS);
}

static void second_look(struct kx_run_source *source)
{
	json_t *now = kx_run.ending || kx_run.kernel_ended ? NULL : look();

	kx_run_unwatch(source);
	if (now)
		tell(now);
	json_decref(now);
	json_decref(first);
	first = NULL;
	kx_run_end();
}

static bool wait_for_second_look(void)
{
	struct itimerspec when = {.it_value.tv_nsec = APART_NS};
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);

	return fd >= 0 && timerfd_settime(fd, 0, &when, NULL) == 0 &&
	       kx_run_watch(&timer, fd, second_look) == 0;
}

void kx_run_end_telling_waits(void)
{
	if (first || kx_run.ending || kx_run.kernel_ended)
		return;
	if (kx_run.solution)
		first = look();
	if (json_array_size(json_object_get(first, "waits")) && wait_for_second_look())
		return;
	json_decref(first);
	first = NULL;
	kx_run_end();
}
