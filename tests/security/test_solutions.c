/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The policies of solutions/ by the reference interpreter: it must decide every PAL case as
 * the case expects, which is what `nk-psl-gen-c --tests run` asks of the compiled module.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "psl_pal.h"
#include "reference.h"

#define KERNEL    1u
#define ANYBODY   1000u /* and the index of its class: a process no variable stands for */
#define FIRST     2000u /* SID of a process that is started */
#define VARIABLES 16u

struct play {
	struct kx_psl *psl;
	struct kx_reference reference;
	uint32_t sids[VARIABLES];
	uint32_t next;
	unsigned int cases, wrong;
};

static struct kx_who who(const struct play *play, int class_index, int variable)
{
	if (class_index < 0)
		return (struct kx_who){0, ""};
	return (struct kx_who){variable >= 0                    ? play->sids[variable]
			       : class_index == play->psl->core ? KERNEL
								: ANYBODY + (uint32_t)class_index,
			       play->psl->classes[class_index].name};
}

static void play_case(struct play *play, const struct kx_psl_pal_case *one)
{
	static const enum kx_event_kind kinds[] = {KX_EVENT_EXECUTE, KX_EVENT_REQUEST,
						   KX_EVENT_RESPONSE, KX_EVENT_ERROR,
						   KX_EVENT_SECURITY};
	struct kx_event_handle handles[KX_PSL_PAL_HANDLES];
	struct kx_question event = {
		.kind = kinds[one->source->kind],
		.src = who(play, one->src_class, one->src_variable),
		.dst = who(play, one->dst_class, one->dst_variable),
		.endpoint = one->method ? one->method->path : "",
		.method = one->method ? one->method->name : "main",
		.fixed = one->bytes.fixed,
		.fixed_size = (uint32_t)one->bytes.fixed_size,
		.arena = one->bytes.arena,
		.arena_size = (uint32_t)one->bytes.arena_size,
		.handles = handles,
		.handle_count = one->bytes.handle_count,
	};
	bool granted;

	for (uint32_t i = 0; i < one->bytes.handle_count; i++)
		handles[i] = (struct kx_event_handle){
			.sid = one->bytes.handles[i].variable >= 0
				       ? play->sids[one->bytes.handles[i].variable]
				       : one->bytes.handles[i].sid,
			.offset = one->bytes.handles[i].offset};
	if (event.kind == KX_EVENT_EXECUTE && one->dst_class != play->psl->core)
		event.dst.sid = play->next++;
	granted = kx_reference_decide(&play->reference, &event);
	if (one->binds >= 0)
		play->sids[one->binds] = event.dst.sid;
	play->cases++;
	if (one->source->expect == KX_PSL_ANY || granted == (one->source->expect == KX_PSL_GRANTED))
		return;
	play->wrong++;
	print_message("%s:%u: the reference says %s\n", one->source->loc.source->name,
		      one->source->loc.line, granted ? "granted" : "denied");
}

static void play_block(struct play *play, const struct kx_psl_pal_block *block)
{
	for (const struct kx_psl_pal_case *one = block->cases; one; one = one->next)
		play_case(play, one);
}

static void play_policy(const char *path)
{
	static struct play play;

	memset(&play, 0, sizeof(play));
	play.psl = kx_psl_new();
	assert_non_null(play.psl);
	kx_psl_add_dir(play.psl, KX_SOLUTIONS);
	kx_psl_add_dir(play.psl, KX_POLICY_SOURCES);
	if (!kx_psl_load(play.psl, path) || !kx_psl_check(play.psl) ||
	    !kx_psl_check_tests(play.psl)) {
		kx_diag_print(kx_psl_diag(play.psl), stderr, false);
		fail_msg("%s was not accepted", path);
	}
	for (const struct kx_psl_pal_assert *a = play.psl->pal; a; a = a->next)
		for (const struct kx_psl_pal_block *s = a->sequences; s; s = s->next) {
			assert_true(a->variables <= VARIABLES);
			kx_reference_init(&play.reference, play.psl);
			play.next = FIRST;
			play_block(&play, &a->setup);
			play_block(&play, s);
			play_block(&play, &a->finally);
		}
	kx_psl_free(play.psl);
	assert_int_equal(play.wrong, 0);
	assert_true(play.cases > 20);
}

static void reference_decides_as_the_assertions_say(void **state)
{
	(void)state;
	play_policy(KX_SOLUTIONS "/by_class.psl");
	play_policy(KX_SOLUTIONS "/cargo.psl");
	play_policy(KX_SOLUTIONS "/doors.psl");
	play_policy(KX_SOLUTIONS "/stock.psl");
	play_policy(KX_SOLUTIONS "/trust.psl");
	play_policy(KX_SOLUTIONS "/every_event.psl");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reference_decides_as_the_assertions_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
