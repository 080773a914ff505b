/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Random policies against random traffic: the compiled module and the
 * interpreter in reference.c must agree on every single event. State is
 * compared by probes, events that read what is kept for some SID.
 *
 * KX_TEST_SEED and KX_TEST_EVENTS (per policy) choose another or a longer run.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "random_policy.h"
#include "reference.h"

#define POLICIES  20u
#define PROCESSES 8u

static const char *const class_of[PROCESSES] = {
	"lights.Control", "lights.Gpio",  "lights.Other", "lights.Gpio",
	"lights.Control", "lights.Other", "lights.Gpio",  "Einit",
};

/* Messages as IMode lays them out; test_mistakes and PAL check those offsets otherwise. */
struct lamp {
	uint8_t red, padding;
	int16_t green;
};

struct lamps {
	uint8_t head[24];
	struct lamp one, some[3];
	uint32_t list[2], name[2];
	uint32_t either_tag, either;
	int8_t small;
	uint8_t padding[7];
	uint64_t large;
	uint32_t raw[2];
};

struct small {
	uint8_t head[24];
	uint32_t value, padding;
};

struct take {
	uint8_t head[24];
	uint32_t handle, rights;
	uint64_t badge;
	uint32_t kind, padding;
};

struct check {
	uint8_t head[24];
	uint32_t level;
	int16_t mark;
	uint16_t padding;
};

struct run {
	struct kx_random random;
	struct kx_psl *psl;
	struct kx_asker asker;
	struct kx_reference *reference;
	uint32_t sids[PROCESSES];
	uint32_t next_sid;
	uint64_t granted, denied, recorded;
	/* the message of the event */
	union {
		struct lamps lamps;
		struct small small;
		struct take take;
		struct check check;
	} message;
	uint8_t arena[64];
	struct kx_event_handle handle;
};

static struct kx_who process(const struct run *run, uint32_t index)
{
	return (struct kx_who){run->sids[index], class_of[index]};
}

static void fill_lamps(struct run *run, struct kx_question *event)
{
	static const char *const names[] = {"x", "y", "zz", "z", "", "xy"};
	struct kx_random *random = &run->random;
	struct lamps *m = &run->message.lamps;
	const char *name = names[kx_random(random, 6)];
	uint32_t count = kx_random(random, 5);

	m->one = (struct lamp){(uint8_t)kx_random(random, 4), 0,
			       (int16_t)(kx_random(random, 7) - 3)};
	for (int i = 0; i < 3; i++)
		m->some[i] = (struct lamp){(uint8_t)kx_random(random, 3), 0,
					   (int16_t)(kx_random(random, 5) - 2)};
	for (uint32_t i = 0; i < count; i++) {
		run->arena[2 * i] = (uint8_t)kx_random(random, 6);
		run->arena[2 * i + 1] = 0;
	}
	memcpy(run->arena + 16, name, strlen(name) + 1);
	m->list[0] = 0;
	m->list[1] = 2 * count;
	m->name[0] = 16;
	m->name[1] = (uint32_t)strlen(name) + 1;
	m->either_tag = kx_random(random, 2);
	m->either = kx_random(random, 4);
	m->small = (int8_t)(kx_random(random, 6) - 2);
	m->large = kx_random(random, 3) ? kx_random(random, 5) : UINT64_MAX - kx_random(random, 3);
	event->fixed_size = sizeof(*m);
	event->arena = run->arena;
	event->arena_size = sizeof(run->arena);
}

static void fill_small(struct run *run, struct kx_question *event)
{
	run->message.small.value = kx_random(&run->random, 6);
	event->fixed_size = sizeof(run->message.small);
}

/* A probe: what is kept for some process? */
static void probe(struct run *run, struct kx_question *event)
{
	uint32_t sid = run->sids[kx_random(&run->random, PROCESSES)];

	event->kind = KX_EVENT_REQUEST;
	event->src = process(run, 7);
	event->dst = process(run, 1);
	event->method = "Take";
	run->message.take.kind = kx_random(&run->random, 45);
	run->handle = (struct kx_event_handle){
		.sid = sid, .offset = 24, .rights = 4 + kx_random(&run->random, 3)};
	event->fixed_size = sizeof(run->message.take);
	event->handles = &run->handle;
	event->handle_count = 1;
}

static void call(struct run *run, struct kx_question *event)
{
	static const uint32_t servers[] = {1, 3, 6};
	struct kx_who client = process(run, kx_random(&run->random, 7));
	struct kx_who server = process(run, servers[kx_random(&run->random, 3)]);
	uint32_t method = kx_random(&run->random, 3);

	event->kind = (enum kx_event_kind)(KX_EVENT_REQUEST + kx_random(&run->random, 3));
	event->src = event->kind == KX_EVENT_REQUEST ? client : server;
	event->dst = event->kind == KX_EVENT_REQUEST ? server : client;
	event->method = method == 0 ? "FMode" : method == 1 ? "Lamps" : "Stop";
	if (method == 1 && event->kind == KX_EVENT_REQUEST)
		fill_lamps(run, event);
	else if (method == 2 || (method == 1 && event->kind == KX_EVENT_ERROR))
		event->fixed_size = 24;
	else
		fill_small(run, event);
}

/* A question of a process to the security module. */
static void ask_security(struct run *run, struct kx_question *event)
{
	event->kind = KX_EVENT_SECURITY;
	event->src = process(run, kx_random(&run->random, 2) ? 0 : 4);
	event->endpoint = "security";
	event->method = kx_random(&run->random, 3) ? "Check" : "Leave";
	run->message.check.level = kx_random(&run->random, 6);
	run->message.check.mark = (int16_t)(kx_random(&run->random, 5) - 2);
	event->fixed_size = event->method[0] == 'C' ? sizeof(run->message.check) : 24;
}

/* Another process takes the place of one that ends. */
static void start(struct run *run, struct kx_question *event)
{
	uint32_t index = kx_random(&run->random, 7);

	run->asker.module->forget(run->asker.state, run->sids[index]);
	kx_reference_forget(run->reference, run->sids[index]);
	run->sids[index] = run->next_sid++;
	event->kind = KX_EVENT_EXECUTE;
	event->src = (struct kx_who){1, "kl.core.Core"};
	event->dst = process(run, index);
}

static void one_event(struct run *run)
{
	struct kx_question event = {.endpoint = "gpio.mode", .fixed = &run->message};
	uint32_t kind = kx_random(&run->random, 40);
	bool expected;

	memset(&run->message, 0, sizeof(run->message));
	if (kind == 0)
		start(run, &event);
	else if (kind < 12)
		probe(run, &event);
	else if (kind < 15)
		ask_security(run, &event);
	else
		call(run, &event);
	expected = kx_reference_decide(run->reference, &event);
	*(expected ? &run->granted : &run->denied) += 1;
	if (kx_ask(&run->asker, &event) == expected) {
		if (expected && run->asker.trail.audit != run->reference->audit)
			fail_msg("event %llu is granted; on record: reference %d, module %d",
				 (unsigned long long)run->asker.number, run->reference->audit,
				 run->asker.trail.audit);
		run->recorded += expected && run->reference->audit;
		return;
	}
	fail_msg("event %llu: kind %d %s -> %s %s: reference says %s; module: %s (line %u: %s)",
		 (unsigned long long)run->asker.number, event.kind, event.src.class_name,
		 event.dst.class_name ? event.dst.class_name : "nobody",
		 event.method ? event.method : "", expected ? "granted" : "denied",
		 run->asker.trail.reason ? run->asker.trail.reason : "granted",
		 run->asker.trail.line, run->asker.trail.rule ? run->asker.trail.rule : "");
}

/* Writes, compiles and loads the policy; leaves the policy in @dir when a step fails. */
static void build(struct run *run, const char *dir, uint32_t together)
{
	char policy[256], source[256], library[256], command[2048];
	FILE *out;

	(void)snprintf(policy, sizeof(policy), "%s/policy.psl", dir);
	(void)snprintf(source, sizeof(source), "%s/policy.c", dir);
	(void)snprintf(library, sizeof(library), "%s/policy.so", dir);
	out = fopen(policy, "w");
	assert_non_null(out);
	kx_random_policy(&run->random, out);
	assert_int_equal(fclose(out), 0);
	run->psl = kx_psl_new();
	assert_non_null(run->psl);
	kx_psl_add_dir(run->psl, KX_POLICY_SOURCES);
	if (!kx_psl_load(run->psl, policy) || !kx_psl_check(run->psl)) {
		kx_diag_print(kx_psl_diag(run->psl), stderr, false);
		fail_msg("%s was not accepted", policy);
	}
	out = fopen(source, "w");
	assert_non_null(out);
	run->psl->together = together;
	assert_true(kx_psl_write_module(run->psl, out));
	assert_int_equal(fclose(out), 0);
	(void)snprintf(command, sizeof(command),
		       "cc -O1 -w -shared -fPIC -I'" KX_ABI "' -I'" KX_MODELS "' %s '" KX_LIBRARY
		       "' -lpcre2-8 -o %s",
		       source, library);
	assert_int_equal(system(command), 0);
	kx_ask_open(&run->asker, library);
}

static void remove_files(const char *dir)
{
	static const char *const names[] = {"policy.psl", "policy.c", "policy.so"};
	char path[300];

	for (size_t i = 0; i < 3; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		(void)unlink(path);
	}
	(void)rmdir(dir);
}

static uint64_t number_from(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

static void module_and_reference_agree_on_every_event(void **state)
{
	uint64_t events = number_from("KX_TEST_EVENTS", 50000);
	uint64_t seed = number_from("KX_TEST_SEED", 1);
	uint64_t granted = 0, denied = 0, recorded = 0;
	static struct kx_reference reference;

	(void)state;
	for (uint32_t i = 0; i < POLICIES; i++) {
		struct run run = {
			.random = {seed * 1000 + i}, .reference = &reference, .next_sid = 100};
		char dir[] = "/tmp/kosix-random-XXXXXX";

		assert_non_null(mkdtemp(dir));
		print_message("policy %u of seed %llu in %s\n", i, (unsigned long long)seed, dir);
		/* Every other one as if it had very many rules. */
		build(&run, dir, i % 2 ? 7 : 0);
		kx_reference_init(&reference, run.psl);
		for (uint32_t p = 0; p < PROCESSES; p++)
			run.sids[p] = run.next_sid++;
		for (uint64_t e = 0; e < events; e++)
			one_event(&run);
		granted += run.granted;
		denied += run.denied;
		recorded += run.recorded;
		kx_ask_close(&run.asker);
		kx_psl_free(run.psl);
		remove_files(dir);
	}
	print_message("%llu events granted, %llu of them on record, %llu denied\n",
		      (unsigned long long)granted, (unsigned long long)recorded,
		      (unsigned long long)denied);
	/* Traffic that is nearly all the same would prove little. */
	assert_true(granted > events * POLICIES / 20);
	assert_true(denied > events * POLICIES / 20);
	assert_true(recorded > granted / 20);
	assert_true(recorded < granted - granted / 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(module_and_reference_agree_on_every_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
