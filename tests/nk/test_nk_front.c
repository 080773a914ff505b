/* SPDX-License-Identifier: Apache-2.0 */

/* The front end as a library: what a correct text becomes, and which traps of public code it takes.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pool.h"
#include "tree.h"

static struct kx_nk *nk;

static int begin(void **state)
{
	(void)state;
	nk = kx_nk_new();
	return nk ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	kx_nk_free(nk);
	return 0;
}

static struct kx_nk_unit *load(enum kx_nk_kind kind, const char *text)
{
	struct kx_nk_unit *unit = kx_nk_load_text(nk, kind, "test", text, strlen(text));

	if (!unit || !unit->ok)
		kx_diag_print(kx_nk_diag(nk), stderr, false);
	assert_non_null(unit);
	assert_true(unit->ok);
	assert_int_equal(kx_nk_diag(nk)->errors, 0);
	return unit;
}

static uint64_t constant(const char *expr)
{
	char text[256];
	struct kx_nk_unit *unit;

	snprintf(text, sizeof(text), "package p%u const UInt8 Five = 5; const UInt64 X = %s;",
		 (unsigned int)strlen(expr), expr);
	unit = load(KX_NK_IDL, text);
	return kx_nk_lookup(unit, "X")->value.magnitude;
}

static void expressions_follow_the_precedence_of_c(void **state)
{
	(void)state;
	assert_int_equal(constant("1 + 2 * 3"), 7);
	assert_int_equal(constant("(1 + 2) * 3"), 9);
	assert_int_equal(constant("2 * 3 ** 2"), 18);
	assert_int_equal(constant("2 ** 3 ** 2"), 512);
	assert_int_equal(constant("1 << 2 + 3"), 32);
	assert_int_equal(constant("0x10 >> 2"), 4);
	assert_int_equal(constant("0XfF"), 255);
	assert_int_equal(constant("0O17 + 0o1"), 16);
	assert_int_equal(constant("10 - 3 - 2"), 5);
	assert_int_equal(constant("-3 + Five"), 2);
	assert_int_equal(constant("0 - -Five"), 5);
	assert_int_equal(constant("+Five"), 5);
	assert_int_equal(constant("1 ** 1000000000000"), 1);
	assert_int_equal(constant("0xFFFFFFFFFFFFFFFF"), UINT64_MAX);
}

static void keywords_are_names_where_a_name_belongs(void **state)
{
	struct kx_nk_unit *unit;

	(void)state;
	unit = load(KX_NK_IDL,
		    "package interface.string\n"
		    "struct sequence { UInt8 package; handle in; } typedef UInt8 handle;\n"
		    "interface { import(in sequence out, out string<3> in); class(); }");
	assert_string_equal(unit->name, "interface.string");
	assert_non_null(kx_nk_method(unit, "class"));
	assert_non_null(kx_nk_param(kx_nk_method(unit, "import"), KX_NK_OUT, "in"));
}

static void layout_and_order_of_files_do_not_matter(void **state)
{
	struct kx_nk_unit *unit;

	(void)state;
	load(KX_NK_IDL, "\xef\xbb\xbf/** licence **/ package a.I\r\ninterface\r\n{ M ( ) ; }");
	load(KX_NK_CDL, "// first\ncomponent a.C\nendpoints\n{\n  one : a.I two : a.I }");
	load(KX_NK_CDL, "component a.Old interfaces { x:a.I }");
	unit = load(KX_NK_EDL,
		    "entity Root endpoints { interface : a.I } components { b : a.C c : a.Old }");
	assert_int_equal(unit->flat_count, 4);
	assert_string_equal(unit->flat[0].path, "b.one");
	assert_string_equal(unit->flat[0].c_path, "b_one");
	assert_string_equal(unit->flat[1].qualified, "a.C.two");
	assert_string_equal(unit->flat[3].path, "interface");
	assert_string_equal(unit->flat[3].qualified, "Root.interface");
	assert_int_equal(unit->flat[3].riid, 3);
}

static void a_task_without_anything_is_a_task(void **state)
{
	struct kx_nk_unit *unit;

	(void)state;
	unit = load(KX_NK_EDL, "entity a_b.Client");
	assert_false(unit->task_class);
	assert_int_equal(unit->flat_count, 0);
	assert_string_equal(unit->c_name, "a_b_Client");
	unit = load(KX_NK_EDL, "task class Hello");
	assert_true(unit->task_class);
	assert_string_equal(unit->short_name, "Hello");
}

static void parameters_keep_their_order_in_any_mix_of_directions(void **state)
{
	struct kx_nk_method *m;

	(void)state;
	m = kx_nk_method(load(KX_NK_IDL,
			      "package p interface { M(out UInt8 a, in UInt8 b, out UInt32 c, "
			      "error UInt16 status, in UInt64 d); }"),
			 "M");
	assert_int_equal(kx_nk_param(m, KX_NK_OUT, "a")->offset, 24);
	assert_int_equal(kx_nk_param(m, KX_NK_OUT, "c")->offset, 28);
	assert_int_equal(kx_nk_param(m, KX_NK_IN, "b")->offset, 24);
	assert_int_equal(kx_nk_param(m, KX_NK_IN, "d")->offset, 32);
	assert_int_equal(kx_nk_param(m, KX_NK_ERR, "status")->offset, 24);
	assert_int_equal(m->msg[KX_NK_IN].size, 40);
	assert_int_equal(m->msg[KX_NK_OUT].size, 32);
	assert_null(kx_nk_param(m, KX_NK_IN, "a"));
}

static void imported_names_need_no_prefix(void **state)
{
	struct kx_nk_unit *unit;
	const struct kx_nk_type *type;

	(void)state;
	load(KX_NK_IDL,
	     "package kl.Types const UInt16 N = 7; typedef string<N> Text; typedef Text Alias;");
	unit = load(KX_NK_IDL,
		    "package p import kl.Types struct S { Alias a; Types.Text b; kl.Types.Text c; "
		    "bytes<N> d; }");
	type = kx_nk_lookup(unit, "S")->fields->type;
	assert_string_equal(kx_nk_spelling(nk, type), "Alias");
	assert_string_equal(kx_nk_spelling(nk, kx_nk_strip(type)), "string<7>");
	assert_int_equal(kx_nk_lookup(unit, "S")->layout.size, 32);
	assert_int_equal(kx_nk_lookup(unit, "S")->layout.arena, 8 + 8 + 8 + 7);
}

static void definitions_may_use_later_ones(void **state)
{
	struct kx_nk_unit *unit;

	(void)state;
	unit = load(
		KX_NK_IDL,
		"package p struct A { B b; } struct B { array<UInt32, N> x; } const UInt8 N = M; "
		"const UInt8 M = 3;");
	assert_int_equal(kx_nk_lookup(unit, "A")->layout.size, 12);
}

static void imports_may_form_a_circle(void **state)
{
	struct kx_nk_unit *unit;

	(void)state;
	/* Both texts know each other only through the session. */
	kx_nk_load_text(nk, KX_NK_IDL, "a", "package a const UInt8 A = 1;", 28);
	unit = load(KX_NK_IDL, "package b import a import b const UInt8 B = A;");
	assert_int_equal(kx_nk_lookup(unit, "B")->value.magnitude, 1);
}

static void security_endpoints_count_apart(void **state)
{
	struct kx_nk_unit *unit;

	(void)state;
	load(KX_NK_IDL, "package s.Ask interface { May(in UInt32 what); }");
	load(KX_NK_CDL, "component s.C security s.Ask endpoints { e : s.Ask }");
	unit = load(KX_NK_EDL, "task class s.T components { c : s.C } security s.Ask");
	assert_int_equal(unit->flat_count, 1);
	assert_int_equal(unit->flat_security_count, 2);
	assert_string_equal(unit->flat_security[0].path, "c.security");
	assert_true(unit->flat_security[1].security);
	assert_int_equal(unit->flat_security[1].riid, 1);
}

static void handles_of_both_spellings_are_counted(void **state)
{
	struct kx_nk_method *m;

	(void)state;
	m = kx_nk_method(load(KX_NK_IDL,
			      "package p struct S { Handle h; UInt8 x; } "
			      "interface { M(in S s, in handle<kl.core.Any> a, in handle<> b, "
			      "in array<Handle, 2> c); }"),
			 "M");
	assert_int_equal(m->msg[KX_NK_IN].handles, 5);
	assert_string_equal(kx_nk_param(m, KX_NK_IN, "a")->type->name, "kl.core.Any");
	assert_null(kx_nk_param(m, KX_NK_IN, "b")->type->name);
}

static void stray_semicolons_are_only_warned_about(void **state)
{
	(void)state;
	load(KX_NK_IDL, "package p; struct A { UInt8 x; }; interface { M(); };");
	assert_int_equal(kx_nk_diag(nk)->warnings, 3);
}

/* Both ways to put texts together make what the C library does. */
static void formatted(const char *format, ...)
{
	char expected[2048], text[64];
	struct kx_pool pool;
	va_list args, again;
	int len;

	kx_pool_init(&pool);
	va_start(args, format);
	va_copy(again, args);
	len = vsnprintf(expected, sizeof(expected), format, again);
	va_end(again);
	if (len < (int)sizeof(text)) {
		assert_int_equal(kx_format_short(text, sizeof(text), format, args), len);
		assert_string_equal(text, expected);
	} else {
		assert_int_equal(kx_format_short(text, sizeof(text), format, args), -1);
	}
	assert_string_equal(kx_pool_vformat(&pool, format, args), expected);
	va_end(args);
	kx_pool_free(&pool);
}

static void texts_are_put_together_as_printf_does(void **state)
{
	char just_fits[64], too_long[65], very_long[1024];

	(void)state;
	memset(just_fits, 'x', sizeof(just_fits));
	just_fits[sizeof(just_fits) - 1] = '\0';
	memset(too_long, 'x', sizeof(too_long));
	too_long[sizeof(too_long) - 1] = '\0';
	memset(very_long, 'x', sizeof(very_long));
	very_long[sizeof(very_long) - 1] = '\0';
	formatted("%s", "");
	formatted("no conversion");
	formatted("a%sb%llu", "text", 0ull);
	formatted("%llu %llu", 7ull, ~0ull);
	formatted("100 %% of %s, %u, %.*s and %c", "it", 5u, 2, "abc", 'd');
	formatted("%s", just_fits);
	formatted("%s", too_long);
	formatted("%s%s", just_fits, "x");
	formatted("%u%s", 1u, just_fits);
	formatted("%s and %u behind %s", very_long, 3u, very_long + 512);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(expressions_follow_the_precedence_of_c),
		TEST(keywords_are_names_where_a_name_belongs),
		TEST(layout_and_order_of_files_do_not_matter),
		TEST(a_task_without_anything_is_a_task),
		TEST(parameters_keep_their_order_in_any_mix_of_directions),
		TEST(imported_names_need_no_prefix),
		TEST(definitions_may_use_later_ones),
		TEST(imports_may_form_a_circle),
		TEST(security_endpoints_count_apart),
		TEST(handles_of_both_spellings_are_counted),
		TEST(stray_semicolons_are_only_warned_about),
		cmocka_unit_test(texts_are_put_together_as_printf_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
