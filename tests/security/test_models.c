/* SPDX-License-Identifier: Apache-2.0 */

/*
 * HashSet and SID tables under many entries, many processes and many undone
 * events, against arrays that are searched from end to end.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "kosix/ksm.h"
#include "random_policy.h"

#define VALUES   48u
#define SET_SIZE 24u
#define POOL     3u
#define SIDS     5u
#define FLOWS    6000u /* SIDs an automaton may belong to: more than there are contexts */
#define STEPS    4u    /* most operations of one event */

static struct kx_random random_numbers = {7};

static const char *const states[] = {"a", "b", NULL};
static const uint64_t transitions[] = {2, 1};
static struct kx_ksm_hash_set set = {.words = 2, .set_size = SET_SIZE, .pool_size = POOL};
static struct kx_ksm_flow flow = {
	.states = states, .state_count = 2, .initial = 0, .transitions = transitions};

/* What the models should hold. */
static struct plain {
	bool has_table[SIDS];
	bool in[SIDS][VALUES];
	uint32_t count[SIDS], tables;
	uint8_t automaton[FLOWS]; /* 0: none, 1: in a, 2: in b */
	uint32_t automata;
} plain;

static bool as_expected;

static uint32_t below(uint32_t limit)
{
	return kx_random(&random_numbers, limit);
}

static bool plain_set(uint32_t op, uint32_t sid, uint32_t value)
{
	bool *in = &plain.in[sid][value];

	switch (op) {
	case 0:
		if (plain.has_table[sid] || plain.tables == POOL)
			return false;
		plain.has_table[sid] = true;
		plain.tables++;
		plain.count[sid] = 0;
		memset(plain.in[sid], 0, sizeof(plain.in[sid]));
		return true;
	case 1:
		plain.tables -= plain.has_table[sid];
		if (!plain.has_table[sid])
			return false;
		plain.has_table[sid] = false;
		return true;
	case 2:
		if (!plain.has_table[sid] || (!*in && plain.count[sid] == SET_SIZE))
			return false;
		plain.count[sid] += !*in;
		*in = true;
		return true;
	case 3:
		if (!plain.has_table[sid] || !*in)
			return false;
		plain.count[sid]--;
		*in = false;
		return true;
	default:
		return plain.has_table[sid] && *in;
	}
}

static bool set_step(struct kx_ksm_event *e)
{
	uint32_t kind = below(40);
	uint32_t op = kind < 1 ? 0 : kind < 2 ? 1 : kind < 16 ? 2 : kind < 28 ? 3 : 4;
	uint32_t sid = below(SIDS);
	uint32_t value = below(VALUES);
	const uint64_t entry[2] = {value * 8, value & 3};
	bool expected = plain_set(op, sid, value);
	bool got;

	got = op == 0   ? kx_ksm_hash_set_init(e, &set, sid)
	      : op == 1 ? kx_ksm_hash_set_fini(e, &set, sid)
	      : op == 2 ? kx_ksm_hash_set_add(e, &set, sid, entry)
	      : op == 3 ? kx_ksm_hash_set_remove(e, &set, sid, entry)
			: kx_ksm_hash_set_contains(e, &set, sid, entry);
	if (got != expected)
		as_expected = false;
	return got || op == 4;
}

static bool plain_flow(uint32_t op, uint32_t sid, uint32_t state)
{
	uint8_t *now = &plain.automaton[sid];

	if (op == 0) {
		if (*now || plain.automata == KX_KSM_CONTEXTS)
			return false;
		plain.automata++;
		*now = 1;
		return true;
	}
	if (!*now)
		return false;
	if (op == 1) {
		plain.automata--;
		*now = 0;
		return true;
	}
	if (op == 2 && *now == state + 1)
		return false;
	if (op == 2)
		*now = (uint8_t)(state + 1);
	return op == 2 || *now == state + 1;
}

static bool flow_step(struct kx_ksm_event *e)
{
	uint32_t kind = below(20);
	uint32_t op = kind < 9 ? 0 : kind < 14 ? 1 : kind < 17 ? 2 : 3;
	uint32_t sid = below(FLOWS);
	uint32_t state = below(2);
	bool expected = plain_flow(op, sid, state);
	bool got;

	got = op == 0   ? kx_ksm_flow_init(e, &flow, sid)
	      : op == 1 ? kx_ksm_flow_fini(e, &flow, sid)
	      : op == 2 ? kx_ksm_flow_enter(e, &flow, sid, state)
			: kx_ksm_flow_allow(e, &flow, sid, 1ull << state);
	if (got != expected)
		as_expected = false;
	return got;
}

static bool run_set(struct kx_ksm_event *e)
{
	uint32_t steps = 1 + below(STEPS);

	assert_ptr_equal(e->trail->rule, e->rule->text); /* or nobody could say where it hangs */
	for (uint32_t i = 0; i < steps; i++)
		if (!set_step(e))
			return false;
	return below(3) != 0;
}

static bool run_flow(struct kx_ksm_event *e)
{
	if (!flow_step(e))
		return false;
	return !below(2) || flow_step(e);
}

static const struct kx_ksm_rule set_rule = {.run = run_set, .text = "set", .reason = "a"};
static const struct kx_ksm_rule flow_rule = {.run = run_flow, .text = "flow", .reason = "b"};
static const struct kx_ksm_rule *const set_rules[] = {&set_rule};
static const struct kx_ksm_rule *const flow_rules[] = {&flow_rule};
static const struct kx_ksm_tree trees[] = {
	{0}, {set_rules, 1, false, false}, {flow_rules, 1, false, false}};
static const uint32_t bare_row[] = {0, 0, 0}, set_row[] = {1, 1, 1}, flow_row[] = {2, 2, 2};
static const struct kx_ksm_class classes[] = {
	{"A", NULL, 0, set_row}, {"B", NULL, 0, flow_row}, {"C", NULL, 0, bare_row}};
static struct kx_ksm_object *const objects[] = {&set.object, &flow.object};
static const struct kx_ksm_module module = {.name = "test",
					    .classes = classes,
					    .class_count = 3,
					    .trees = trees,
					    .objects = objects,
					    .object_count = 2,
					    .journal = 2048};

static bool event(const struct kx_security_module *asked, void *state, const char *to)
{
	struct kx_event execute = {
		.kind = KX_EVENT_EXECUTE, .src = {1, "A", "a"}, .dst = {2, to, "b"}};
	struct kx_trail trail = {0};

	return asked->decide(state, &execute, &trail) == KX_GRANT;
}

static void run(const char *to, uint32_t events)
{
	const struct kx_security_module *asked;
	uint32_t granted = 0;
	void *state;

	set.object = kx_ksm_hash_set_model;
	flow.object = kx_ksm_flow_model;
	memset(&plain, 0, sizeof(plain));
	asked = kx_ksm_interface(&module);
	assert_int_equal(asked->init(NULL, &state), 0);
	for (uint32_t i = 0; i < events; i++) {
		static struct plain before;

		before = plain;
		as_expected = true;
		if (event(asked, state, to))
			granted++;
		else
			plain = before;
		assert_true(as_expected);
	}
	assert_in_range(granted, events / 100, events);
	asked->fini(state);
}

static void hash_sets_behave_as_plain_arrays_do(void **state)
{
	(void)state;
	run("A", 400000);
}

static void automata_of_thousands_of_processes_are_kept_apart(void **state)
{
	(void)state;
	run("B", 200000);
}

static void what_no_rule_is_about_is_denied(void **state)
{
	const struct kx_security_module *asked = kx_ksm_interface(&module);
	void *opened;

	(void)state;
	assert_int_equal(asked->init(NULL, &opened), 0);
	assert_false(event(asked, opened, "C"));
	assert_false(event(asked, opened, "Z"));
	asked->fini(opened);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hash_sets_behave_as_plain_arrays_do),
		cmocka_unit_test(what_no_rule_is_about_is_denied),
		cmocka_unit_test(automata_of_thousands_of_processes_are_kept_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
