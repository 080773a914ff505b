/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Runs policy assertions. Every sequence begins with the module as loaded:
 * setup, the sequence, finally. Output looks like googletest's, because scripts
 * wait for its lines.
 */

#include "kosix/pal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ksm_inside.h"

#define FIRST_SID   2000u /* of started processes */
#define MAX_HANDLES 16u

static struct {
	const struct kx_security_module *module;
	void *state;
	uint32_t *variables;
	uint32_t next_sid;
	uint64_t number;
	uint32_t granted, denied; /* in sequences, as expected */
	uint32_t failed;
	uint64_t *asked; /* per rule, how often before this case */
} pal;

static void log_line(void *context, const char *text)
{
	(void)context;
	printf("module: %s\n", text);
}

static const struct kx_module_host host = {.abi_version = KX_SECURITY_MODULE_ABI, .log = log_line};

/* --- one event ------------------------------------------------------------------ */

static uint32_t sid_of(int variable, uint32_t otherwise)
{
	return variable == KX_PAL_NONE ? otherwise : pal.variables[variable];
}

static bool decide(const struct kx_pal_case *one, struct kx_trail *trail)
{
	struct kx_event_handle handles[MAX_HANDLES];
	struct kx_event event = {
		.kind = one->kind,
		.src = {sid_of(one->src_variable, one->src_sid), one->src_class, one->src_class},
		.dst = {sid_of(one->dst_variable, one->dst_sid), one->dst_class, one->dst_class},
		.endpoint = one->endpoint,
		.qualified = one->endpoint,
		.interface_name = one->interface_name,
		.method = one->method,
		.riid = one->riid,
		.mid = one->mid,
		.fixed = one->fixed,
		.fixed_size = one->fixed_size,
		.arena = one->arena,
		.arena_size = one->arena_size,
		.handles = handles,
		.number = ++pal.number,
	};

	if (one->kind == KX_EVENT_EXECUTE && one->dst_variable == KX_PAL_NONE &&
	    one->dst_sid == 0) {
		event.dst.sid = pal.next_sid++;
		if (one->binds != KX_PAL_NONE)
			pal.variables[one->binds] = event.dst.sid;
	} else if (one->binds != KX_PAL_NONE) {
		pal.variables[one->binds] = event.dst.sid;
	}
	for (uint32_t i = 0; i < one->handle_count && i < MAX_HANDLES; i++) {
		handles[i] = (struct kx_event_handle){
			.sid = sid_of(one->handles[i].variable, one->handles[i].sid),
			.offset = one->handles[i].offset,
			.rights = UINT32_MAX,
		};
		event.handle_count = i + 1;
	}
	return pal.module->decide(pal.state, &event, trail) == KX_GRANT;
}

/* How often each rule was asked so far, to know later which ones a case asked. */
static void note_uses(void)
{
	struct kx_rule_use use;
	uint32_t count = 0;

	while (pal.module->rule_use(pal.state, count, &use))
		count++;
	free(pal.asked);
	pal.asked = calloc(count + 1, sizeof(*pal.asked));
	for (uint32_t i = 0; pal.asked && i < count; i++)
		if (pal.module->rule_use(pal.state, i, &use))
			pal.asked[i] = use.asked;
}

/* A grant has no trail: the rules that were asked are why. */
static void print_grant(void)
{
	const char *label = "Why:";
	struct kx_rule_use use;

	for (uint32_t i = 0; pal.asked && pal.module->rule_use(pal.state, i, &use); i++)
		if (use.asked != pal.asked[i]) {
			printf("  %-9s %s:%u: %s grants\n", label, use.file, use.line, use.text);
			label = "and:";
		}
}

static void print_remedy(const char *remedy)
{
	const char *label = "Grants:";

	for (size_t length; *remedy; remedy += length, remedy += *remedy == '\n') {
		length = strcspn(remedy, "\n");
		printf("  %-9s %.*s\n", label, (int)length, remedy);
		label = "and:";
	}
}

static void print_trail(const struct kx_trail *trail)
{
	printf("  Why:      %s", trail->reason ? trail->reason : "no reason given");
	if (trail->file)
		printf(" (%s:%u: %s)", trail->file, trail->line, trail->rule ? trail->rule : "");
	printf("\n");
	for (uint32_t i = 0; i < trail->read_count; i++)
		printf("  Read:     %s = %s\n", trail->reads[i].name, trail->reads[i].value);
	if (trail->remedy)
		print_remedy(trail->remedy);
}

static bool as_expected(const struct kx_pal_case *one, bool granted)
{
	if (one->expect == KX_PAL_ANY)
		return granted || !kx_ksm_undecided();
	return granted == (one->expect == KX_PAL_GRANT);
}

static bool run_case(const struct kx_pal_case *one, bool counts)
{
	static const char *const expectations[] = {"granted", "denied", "a decision"};
	struct kx_trail trail = {0};
	bool granted;

	note_uses();
	granted = decide(one, &trail);
	if (as_expected(one, granted)) {
		if (counts)
			*(granted ? &pal.granted : &pal.denied) += 1;
		return true;
	}
	printf("%s:%u: Failure\n  Case:     %s%s%s\n", one->file, one->line,
	       one->title ? one->title : "", one->title ? ": " : "", one->text);
	printf("  Expected: %s\n  Got:      %s\n", expectations[one->expect],
	       granted ? "granted" : "denied");
	if (granted)
		print_grant();
	else
		print_trail(&trail);
	return false;
}

/* --- blocks ------------------------------------------------------------------------ */

static bool run_block(const struct kx_pal_block *block, bool counts)
{
	for (uint32_t i = 0; i < block->count; i++)
		if (!run_case(&block->cases[i], counts))
			return false;
	return true;
}

static bool start_module(uint32_t variables)
{
	free(pal.variables);
	pal.variables = calloc(variables + 1, sizeof(*pal.variables));
	pal.next_sid = FIRST_SID;
	return pal.variables && pal.module->init(&host, &pal.state) == 0;
}

static bool run_sequence(const struct kx_pal_assert *assertion, const struct kx_pal_block *sequence)
{
	bool good;

	if (!start_module(assertion->variables)) {
		printf("the module could not be initialised\n");
		return false;
	}
	good = run_block(&assertion->setup, false) && run_block(sequence, true);
	good = run_block(&assertion->finally, false) && good;
	pal.module->fini(pal.state);
	return good;
}

static const char *s(uint32_t count)
{
	return count == 1 ? "" : "s";
}

static void run_assert(const struct kx_pal_assert *assertion, bool *failed)
{
	printf("[----------] %u test%s from %s\n", assertion->count, s(assertion->count),
	       assertion->title);
	for (uint32_t i = 0; i < assertion->count; i++) {
		const struct kx_pal_block *sequence = &assertion->sequences[i];

		printf("[ RUN      ] %s.%s\n", assertion->title, sequence->title);
		failed[i] = !run_sequence(assertion, sequence);
		pal.failed += failed[i];
		printf("[ %s ] %s.%s\n", failed[i] ? " FAILED " : "      OK", assertion->title,
		       sequence->title);
	}
	printf("[----------] %u test%s from %s\n\n", assertion->count, s(assertion->count),
	       assertion->title);
}

static void list_failed(const struct kx_pal_assert *asserts, uint32_t count, const bool *failed)
{
	printf("[  FAILED  ] %u test%s, listed below:\n", pal.failed, s(pal.failed));
	for (uint32_t a = 0; a < count; a++)
		for (uint32_t i = 0; i < asserts[a].count; i++)
			if (*failed++)
				printf("[  FAILED  ] %s.%s\n", asserts[a].title,
				       asserts[a].sequences[i].title);
}

int kx_pal_main(const struct kx_pal_assert *asserts, uint32_t count)
{
	uint32_t total = 0;
	uint32_t at = 0;
	bool *failed;

	pal.module = kx_security_module();
	for (uint32_t i = 0; i < count; i++)
		total += asserts[i].count;
	failed = calloc(total + 1, sizeof(*failed));
	if (!failed) {
		fprintf(stderr, "no memory\n");
		return 1;
	}
	printf("[==========] Running %u test%s from %u test suite%s.\n", total, s(total), count,
	       s(count));
	for (uint32_t i = 0; i < count; i++) {
		run_assert(&asserts[i], failed + at);
		at += asserts[i].count;
	}
	printf("[==========] %u test%s from %u test suite%s ran.\n", total, s(total), count,
	       s(count));
	printf("[----------] %u assert%s, %u sequence%s, %u grant%s, %u denial%s as expected\n",
	       count, s(count), total, s(total), pal.granted, s(pal.granted), pal.denied,
	       s(pal.denied));
	/* Scripts take PASSED anywhere for success, so a failed run does not say it. */
	if (pal.failed)
		list_failed(asserts, count, failed);
	else
		printf("[  PASSED  ] %u test%s.\n", total, s(total));
	free(failed);
	free(pal.asked);
	free(pal.variables);
	return pal.failed ? 1 : 0;
}
