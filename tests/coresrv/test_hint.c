/* SPDX-License-Identifier: Apache-2.0 */

/* What hints say to whom (coresrv/src/ipc/rt_hint.h), and that no thread ends in one. */

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <nk/arena.h>

#include "rt_hint.h"
#include "validate.h"

/* A task page and a class with one method of one endpoint behind it. */
static struct {
	struct kx_task_page page;
	_Alignas(8) struct kx_class class;
	struct kx_endpoint endpoint;
	struct kx_method method;
	char interface[16];
	char say[16];
} its = {
	.class = {.endpoint_count = 1, .method_count = 1},
	.endpoint = {.method_count = 1},
	.method = {.request = {.size = 32, .arena = 16}, .response = {.size = 32, .arena = 16}},
	.interface = "test.ISay",
	.say = "Say",
};

#define IN_CLASS(member) ((uint32_t)((const char *)&its.member - (const char *)&its.class))

static int said[2]; /* a pipe in place of standard error */

static int setup(void **state)
{
	(void)state;
	its.page.own_class = (uint32_t)((const char *)&its.class - (const char *)&its);
	its.class.endpoints = IN_CLASS(endpoint);
	its.class.methods = IN_CLASS(method);
	its.endpoint.name = its.method.name = IN_CLASS(say);
	its.endpoint.interface = IN_CLASS(interface);
	assert_int_equal(pipe2(said, O_NONBLOCK | O_CLOEXEC), 0);
	return 0;
}

/* What @act prints on standard error, until the next call. */
static const char *what_is_said(void (*act)(void))
{
	static char text[2048];
	int before = dup(STDERR_FILENO);
	ssize_t got;

	assert_int_equal(dup2(said[1], STDERR_FILENO), STDERR_FILENO);
	act();
	assert_int_equal(dup2(before, STDERR_FILENO), STDERR_FILENO);
	(void)close(before);
	got = read(said[0], text, sizeof(text) - 1);
	text[got > 0 ? got : 0] = '\0';
	return text;
}

static void must_say(void (*act)(void), const char *expected)
{
	const char *text = what_is_said(act);

	if (!strstr(text, expected))
		fail_msg("not said: %s\nbut: %s", expected, text);
}

/* --- threads ------------------------------------------------------------------------------- */

struct use {
	void (*make)(void);
	bool made;
};

static void *make_cancelled(void *context)
{
	struct use *use = context;

	(void)pthread_cancel(pthread_self()); /* takes effect at the next cancellation point */
	use->make();
	use->made = true;
	pthread_testcancel();
	return NULL;
}

static struct use use;

static void in_a_cancelled_thread(void)
{
	pthread_t thread;
	void *result;

	use.made = false;
	assert_int_equal(pthread_create(&thread, NULL, make_cancelled, &use), 0);
	assert_int_equal(pthread_join(thread, &result), 0);
	assert_ptr_equal(result, PTHREAD_CANCELED);
}

static void give_a_hint(void)
{
	kx_hint(KX_HINT_CONNECT, 0, "told");
}

static void fill_an_arena(void)
{
	struct nk_arena arena = NK_ARENA_AUTO(4);
	nk_ptr_t text;

	assert_null(nk_arena_alloc(nk_char_t, &arena, &text, 5));
}

static void a_cancelled_thread_ends_behind_its_hint(void **state)
{
	(void)state;
	use.make = give_a_hint;
	must_say(in_a_cancelled_thread, ": told\n");
	assert_true(use.made);
	use.make = fill_an_arena;
	must_say(in_a_cancelled_thread, "nk_arena_alloc: 5 bytes wanted, and 0 of the arena's 4 ");
	assert_true(use.made);
}

/* --- messages ------------------------------------------------------------------------------ */

static void answer_without_header(void)
{
	const struct kx_owed owed = {.method = &its.method};
	const struct kx_head none = {.ex = 0};

	kx_rt.page = &its.page; /* as an entity's, whose class is known */
	kx_hint_reply(&owed, &none, NULL);
	kx_rt.page = NULL;
}

static void a_response_without_header_is_called_that(void **state)
{
	(void)state;
	must_say(answer_without_header, ": Reply: the response has no valid header\n");
}

static struct kx_head head;

static void ask_with_too_much(void)
{
	kx_hint_request_room(&its.class, &head, 32, 4);
}

static void answer_with_too_much(void)
{
	const struct kx_head called = {.ex = 32};

	kx_hint_response_room(&its.class, &called, &head, 32, 4);
}

/* Whatever a peer sends: the room of this side is too small only for what is declared. */
static void only_a_declared_message_blames_the_room(void **state)
{
	static const struct kx_head undeclared[] = {
		{.ex = 32, .arena = 17},
		{.ex = 40, .arena = 8},
		{.ex = 24, .arena = 8},
		{.ex = 1u << 28 | 32, .arena = 8},
		{.ex = 1u << 31 | 32, .arena = 8},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(undeclared) / sizeof(undeclared[0]); i++) {
		head = undeclared[i];
		assert_string_equal(what_is_said(ask_with_too_much), "");
		assert_string_equal(what_is_said(answer_with_too_much), "");
	}
	head = (struct kx_head){.mid = 1, .ex = 32, .arena = 8};
	assert_string_equal(what_is_said(ask_with_too_much), "");
	head.mid = 0;
	must_say(ask_with_too_much, ": Recv: the request of Say.Say has 8 bytes in its arena, ");
	must_say(answer_with_too_much, ": Call: the response of Say.Say has 8 bytes in its ");
}

/* --- how often ------------------------------------------------------------------------------ */

static const char *name_tried;

static void try_a_name(void)
{
	kx_hint(KX_HINT_REGISTER, kx_hint_of_name(name_tried), "no channel %s", name_tried);
}

static void each_of_four_is_told_once(void **state)
{
	const char *names[] = {"optional", "lihgts", "carz", "lamp"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		name_tried = names[i];
		must_say(try_a_name, names[i]);
		assert_string_equal(what_is_said(try_a_name), "");
	}
	name_tried = "a fifth";
	assert_string_equal(what_is_said(try_a_name), "");
}

static struct kx_owed failed;

static void fail_its_handler(void)
{
	static const struct nk_message res = {
		.self = {.handle = __NK_FAILED, .rights = 1, .badge = (nk_uint32_t)NK_ENOMEM}};
	static const struct kx_head none;

	kx_rt.page = &its.page;
	kx_hint_reply(&failed, &none, &res);
	kx_rt.page = NULL;
}

static void methods_that_fail_alike_are_both_told(void **state)
{
	(void)state;
	for (failed.mid = 0; failed.mid < 2; failed.mid++) {
		must_say(fail_its_handler, "NK_ENOMEM");
		assert_string_equal(what_is_said(fail_its_handler), "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cancelled_thread_ends_behind_its_hint),
		cmocka_unit_test(each_of_four_is_told_once),
		cmocka_unit_test(methods_that_fail_alike_are_both_told),
		cmocka_unit_test(a_response_without_header_is_called_that),
		cmocka_unit_test(only_a_declared_message_blames_the_room),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
