/* SPDX-License-Identifier: Apache-2.0 */

/* Generated modules, asked as the kernel process asks them. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "ask.h"

static const struct kx_who control = {10, "lights.Control"};
static const struct kx_who gpio = {11, "lights.Gpio"};
static const struct kx_who other = {12, "lights.Other"};
static const struct kx_who kernel = {1, "kl.core.Core"};

/* Request of FMode: header of 24 bytes, value, padding. */
struct fmode {
	uint8_t head[24];
	uint32_t value, padding;
};

static bool ask_fmode(struct kx_asker *asker, struct kx_who src, uint32_t value)
{
	struct fmode message = {.value = value};

	return kx_ask(asker, &(struct kx_question){.kind = KX_EVENT_REQUEST,
						   .src = src,
						   .dst = gpio,
						   .endpoint = "gpio.mode",
						   .method = "FMode",
						   .fixed = &message,
						   .fixed_size = sizeof(message)});
}

static void policy_that_grants_all_grants_all_and_is_direct(void **state)
{
	struct kx_asker asker;

	(void)state;
	kx_ask_open(&asker, KX_POLICIES "/grant_all.so");
	assert_true(ask_fmode(&asker, control, 7));
	assert_true(ask_fmode(&asker, other, 7));
	assert_true(kx_ask(&asker, &(struct kx_question){
					   .kind = KX_EVENT_EXECUTE, .src = kernel, .dst = other}));
	assert_true(kx_ask_direct(&asker, "lights.Other", "lights.Gpio", "gpio.mode", "FMode"));
	kx_ask_close(&asker);
}

static void class_outside_of_the_policy_is_denied(void **state)
{
	struct kx_asker asker;

	(void)state;
	kx_ask_open(&asker, KX_POLICIES "/grant_all.so");
	assert_false(ask_fmode(&asker, (struct kx_who){20, "lights.Stranger"}, 7));
	assert_non_null(strstr(asker.trail.reason, "class of the source"));
	assert_false(kx_ask_direct(&asker, "lights.Stranger", "lights.Gpio", "gpio.mode", "FMode"));
	kx_ask_close(&asker);
}

static void general_and_narrow_rule_must_both_grant(void **state)
{
	struct kx_asker asker;

	(void)state;
	kx_ask_open(&asker, KX_POLICIES "/traffic.so");
	assert_true(ask_fmode(&asker, control, 0x101));
	assert_true(ask_fmode(&asker, control, 0x104));
	assert_false(ask_fmode(&asker, control, 0x404));
	assert_string_equal(asker.trail.reason, "the asserted condition is false");
	assert_int_equal(asker.trail.line, 18);
	assert_non_null(strstr(asker.trail.file, "traffic.psl"));
	assert_int_equal(asker.trail.read_count, 1);
	assert_string_equal(asker.trail.reads[0].name, "message.value");
	assert_string_equal(asker.trail.reads[0].value, "1028 (0x404)");
	kx_ask_close(&asker);
}

static void event_without_any_rule_is_denied(void **state)
{
	struct kx_asker asker;

	(void)state;
	kx_ask_open(&asker, KX_POLICIES "/traffic.so");
	assert_false(ask_fmode(&asker, other, 0x101));
	assert_string_equal(asker.trail.reason,
			    "no matching rule; there are some for src=lights.Control");
	assert_false(kx_ask(&asker, &(struct kx_question){.kind = KX_EVENT_ERROR,
							  .src = gpio,
							  .dst = control,
							  .endpoint = "gpio.mode",
							  .method = "FMode"}));
	assert_false(kx_ask_direct(&asker, "lights.Control", "lights.Gpio", "gpio.mode", "Stop"));
	kx_ask_close(&asker);
}

static bool ask_about_fmode(struct kx_asker *asker, enum kx_event_kind kind, struct kx_who client)
{
	return kx_ask(asker, &(struct kx_question){.kind = kind,
						   .src = gpio,
						   .dst = client,
						   .endpoint = "gpio.mode",
						   .method = "FMode"});
}

/* The text is kept while the same is denied again. */
static void what_is_near_is_told_of_the_event_denied_last(void **state)
{
	struct kx_asker asker;

	(void)state;
	kx_ask_open(&asker, KX_POLICIES "/traffic.so");
	for (unsigned i = 0; i < 4; i++) {
		assert_false(ask_fmode(&asker, other, i));
		assert_string_equal(asker.trail.reason,
				    "no matching rule; there are some for src=lights.Control");
		if (i % 2 == 0)
			continue;
		assert_false(ask_about_fmode(&asker, KX_EVENT_RESPONSE, other));
		assert_string_equal(asker.trail.reason,
				    "no matching rule; there are some for dst=lights.Control");
		assert_false(ask_about_fmode(&asker, KX_EVENT_ERROR, other));
		assert_string_equal(asker.trail.reason, "no matching rule");
	}
	kx_ask_close(&asker);
}

static void kernel_calls_are_found_by_name(void **state)
{
	struct kx_asker asker;
	struct kx_question question = {.kind = KX_EVENT_REQUEST,
				       .src = other,
				       .dst = kernel,
				       .endpoint = "task.Task",
				       .method = "Resume"};

	(void)state;
	kx_ask_open(&asker, KX_POLICIES "/traffic.so");
	assert_true(kx_ask(&asker, &question));
	question.method = "Explode";
	assert_false(kx_ask(&asker, &question));
	assert_non_null(strstr(asker.trail.reason, "no such endpoint or method"));
	kx_ask_close(&asker);
}

static void message_of_another_size_is_denied_where_it_is_read(void **state)
{
	struct kx_asker asker;
	struct fmode message = {.value = 0x101};
	struct kx_question question = {.kind = KX_EVENT_REQUEST,
				       .src = control,
				       .dst = gpio,
				       .endpoint = "gpio.mode",
				       .method = "FMode",
				       .fixed = &message,
				       .fixed_size = sizeof(message) - 4};

	(void)state;
	kx_ask_open(&asker, KX_POLICIES "/traffic.so");
	assert_false(kx_ask(&asker, &question));
	question.fixed = NULL;
	assert_false(kx_ask(&asker, &question));
	kx_ask_close(&asker);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(policy_that_grants_all_grants_all_and_is_direct),
		cmocka_unit_test(class_outside_of_the_policy_is_denied),
		cmocka_unit_test(general_and_narrow_rule_must_both_grant),
		cmocka_unit_test(event_without_any_rule_is_denied),
		cmocka_unit_test(what_is_near_is_told_of_the_event_denied_last),
		cmocka_unit_test(kernel_calls_are_found_by_name),
		cmocka_unit_test(message_of_another_size_is_denied_where_it_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
