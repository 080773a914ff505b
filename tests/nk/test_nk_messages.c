/* SPDX-License-Identifier: Apache-2.0 */

/* Wrong inputs and the exact words about them. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tree.h"

/* All messages about @text, as printed. The caller frees them. */
static char *complain(enum kx_nk_kind kind, const char *text)
{
	struct kx_nk *nk = kx_nk_new();
	struct kx_nk_unit *unit;
	char *printed = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&printed, &len);

	assert_non_null(nk);
	assert_non_null(out);
	kx_nk_add_dir(nk, "/nonexistent");
	unit = kx_nk_load_text(nk, kind, "t", text, strlen(text));
	assert_true(!unit || !unit->ok || kx_nk_diag(nk)->errors == 0);
	kx_diag_print(kx_nk_diag(nk), out, false);
	fclose(out);
	kx_nk_free(nk);
	return printed;
}

static const struct {
	enum kx_nk_kind kind;
	const char *text;
	const char *message; /* first line */
} cases[] = {
	{KX_NK_IDL, "", "t:1:1: error: expected 'package', got the end of the file"},
	{KX_NK_IDL, "pakage a",
	 "t:1:1: error: expected 'package', got 'pakage'; did you mean 'package'?"},
	{KX_NK_IDL, "package a interface { M(in UInt23 x); }",
	 "t:1:28: error: unknown type 'UInt23'; did you mean 'UInt32'?"},
	{KX_NK_IDL, "package a interface { M(in string x); }",
	 "t:1:28: error: 'string': give the most characters it can have, as in string<64>"},
	{KX_NK_IDL, "package a interface { M(in sequence<UInt8> x); }",
	 "t:1:42: error: expected ',', got '>'; it needs a bound: 'sequence<UInt8, N>'"},
	{KX_NK_IDL, "package a typedef sequence<string<4>, > T;",
	 "t:1:39: error: expected a name, a number, '+', '-' or '(', got '>'; it needs a bound: "
	 "'sequence<string<4>, N>'"},
	{KX_NK_IDL, "package a typedef array<a.B> T;",
	 "t:1:28: error: expected ',', got '>'; it needs a bound: 'array<a.B, N>'"},
	{KX_NK_IDL, "package a typedef string<> T;",
	 "t:1:26: error: expected a name, a number, '+', '-' or '(', got '>'; it needs a bound: "
	 "'string<N>'"},
	{KX_NK_IDL, "package a typedef bytes<4 + > T;",
	 "t:1:29: error: expected a name, a number, '+', '-' or '(', got '>'"},
	{KX_NK_IDL, "package a interface { M(in bool x); }",
	 "t:1:28: error: 'bool': there is no such type; use UInt8"},
	{KX_NK_IDL, "package a enum E { A }",
	 "t:1:11: error: expected the end of the file, 'const', 'import', 'interface', 'struct', "
	 "'typedef' or 'union', got 'enum'; there are no enumerations, write a 'const' for each "
	 "value"},
	{KX_NK_IDL, "package a interface IName { M(); }",
	 "t:1:21: error: expected '{', got 'IName'; an interface has the name of its package"},
	{KX_NK_IDL, "package a interface { void M(); }",
	 "t:1:28: error: expected '(', got 'M'; a method returns nothing, results are 'out' "
	 "parameters"},
	{KX_NK_IDL, "package a interface { UInt32 M(); }",
	 "t:1:30: error: expected '(', got 'M'; a method returns nothing, results are 'out' "
	 "parameters"},
	{KX_NK_IDL, "package a typedef struct { UInt8 x; } S;",
	 "t:1:26: error: expected a name, got '{'; its name stands before the brace, as in 'struct "
	 "Name {...}', and there is no 'typedef'"},
	{KX_NK_IDL, "package a interface { M(in uint32_t x); }",
	 "t:1:28: error: 'uint32_t': there is no such type; use UInt32"},
	{KX_NK_IDL, "package t interface { Go(in int8_t n); }",
	 "t:1:29: error: 'int8_t': there is no such type; use SInt8"},
	{KX_NK_IDL, "package t interface { Go(in int16_t n); }",
	 "t:1:29: error: 'int16_t': there is no such type; use SInt16"},
	{KX_NK_IDL, "package t struct 3 { UInt8 a; }", "t:1:18: error: expected a name, got '3'"},
	{KX_NK_IDL, "package a interface { M(in Uint32 x); }",
	 "t:1:28: error: unknown type 'Uint32'; did you mean 'UInt32'?"},
	{KX_NK_IDL, "package a interface { M(in Zebra x); }",
	 "t:1:28: error: unknown type 'Zebra'"},
	{KX_NK_IDL, "package a struct Pointer { UInt8 x; } interface { M(in Pionter x); }",
	 "t:1:56: error: unknown type 'Pionter'; did you mean 'Pointer'?"},
	{KX_NK_IDL, "package a interface { M(inn UInt8 x); }",
	 "t:1:25: error: expected 'error', 'in', 'out' or ')', got 'inn'; did you mean 'in'?"},
	{KX_NK_IDL, "package a interface { M() }", "t:1:27: error: expected ';', got '}'"},
	{KX_NK_IDL, "package a struct A { UInt8 x }", "t:1:30: error: expected ';', got '}'"},
	{KX_NK_IDL, "package a interface { M(); M(); }", "t:1:28: error: second method called 'M'"},
	{KX_NK_IDL, "package a interface { M(in UInt8 a, in UInt8 a); }",
	 "t:1:46: error: second parameter called 'a'"},
	{KX_NK_IDL, "package a interface { } interface { }",
	 "t:1:25: error: second interface; a package has at most one"},
	{KX_NK_IDL, "package a typedef UInt8 T; struct T { UInt8 x; }",
	 "t:1:35: error: second definition called 'T'"},
	{KX_NK_IDL, "package a typedef UInt8 UInt16;",
	 "t:1:25: error: 'UInt16' is a built-in type; choose another name"},
	{KX_NK_IDL, "package a const UInt8 X = 256;", "t:1:27: error: 256 does not fit UInt8"},
	{KX_NK_IDL, "package a const SInt8 X = -129;", "t:1:27: error: -129 does not fit SInt8"},
	{KX_NK_IDL, "package a const UInt8 X = Y;", "t:1:27: error: unknown constant 'Y'"},
	{KX_NK_IDL, "package a const UInt64 X = 2 ** 64;",
	 "t:1:28: error: value does not fit 64 bits"},
	{KX_NK_IDL, "package a const UInt64 X = 99999999999999999999;",
	 "t:1:28: error: number 99999999999999999999 does not fit 64 bits"},
	{KX_NK_IDL, "package a const UInt8 X = 12ab;",
	 "t:1:27: error: '12ab' is not a number; numbers are 12, 0x1f or 0o17"},
	{KX_NK_IDL, "package a const UInt8 X = 1 << 64;",
	 "t:1:32: error: shift count must be between 0 and 63"},
	{KX_NK_IDL, "package a const UInt8 X = X;", "t:1:23: error: 'X' contains itself"},
	{KX_NK_IDL, "package a const string<3> X = 1;",
	 "t:1:17: error: constants are integers; 'string<3>' is not"},
	{KX_NK_IDL, "package a struct A { sequence<A, 2> a; }",
	 "t:1:18: error: 'A' contains itself"},
	{KX_NK_IDL, "package a struct A { }", "t:1:18: error: 'A' needs at least one field"},
	{KX_NK_IDL, "package a typedef array<UInt8, 0> T;",
	 "t:1:32: error: size must be between 1 and 4294967295, not 0"},
	{KX_NK_IDL, "package a typedef string<-1> T;",
	 "t:1:26: error: size must be between 0 and 4294967295, not -1"},
	{KX_NK_IDL, "package a typedef sequence<Handle, 2> T;",
	 "t:1:28: error: a handle cannot be in a sequence: handles travel in the constant part"},
	{KX_NK_IDL, "package a interface { M(in array<Handle, 8> h); }",
	 "t:1:23: error: request of 'M' carries 8 handles; at most 7 are possible"},
	{KX_NK_IDL, "package a interface { M(in array<UInt64, 0x10000000> h); }",
	 "t:1:23: error: request of 'M' is too large: up to 2147483672 bytes and an arena of 0"},
	{KX_NK_IDL,
	 "package a interface { M(in "
	 "sequence<sequence<sequence<sequence<sequence<sequence<sequence<"
	 "sequence<string<1>,1>,1>,1>,1>,1>,1>,1>,1> x); }",
	 "t:1:23: error: request of 'M' nests values of variable size 9 levels deep; at most 8 are "
	 "possible"},
	{KX_NK_IDL, "package a interface { M(in UInt8 int); }",
	 "t:1:34: error: parameter cannot be called 'int': generated C uses that word"},
	{KX_NK_IDL, "package a interface { req(); }",
	 "t:1:23: error: method cannot be called 'req': generated C uses that name"},
	{KX_NK_IDL, "package a interface { M(in UInt8 a, in bytes<2> arena); }",
	 "t:1:49: error: parameter of variable size cannot be called 'arena': generated C uses "
	 "that "
	 "name"},
	{KX_NK_IDL, "package a interface { do_it(); }",
	 "t:1:23: warning: method 'do_it' has a '_' in its name; KasperskyOS does not allow it"},
	{KX_NK_IDL, "package a /* open", "t:1:11: error: comment is not closed by '*/'"},
	{KX_NK_IDL, "package a @", "t:1:11: error: character '@' has no meaning here"},
	{KX_NK_IDL, "package \xd0\xb0",
	 "t:1:9: error: letters outside ASCII are allowed in comments only"},
	{KX_NK_IDL, "package a import b.C",
	 "t:1:18: error: interface or package 'b.C' not found: no 'b/C.idl' in the -I directories"},
	{KX_NK_CDL, "component a.B endpoints { x : a.I }",
	 "t:1:31: error: interface or package 'a.I' not found: no 'a/I.idl' in the -I directories"},
	{KX_NK_EDL, "entity a.B components { x : a.C }",
	 "t:1:29: error: component 'a.C' not found: no 'a/C.cdl' in the -I directories"},
	{KX_NK_EDL, "tusk class a.B",
	 "t:1:1: error: expected 'entity' or 'task', got 'tusk'; did you mean 'task'?"},
	{KX_NK_EDL, "task klass a.B",
	 "t:1:6: error: expected 'class', got 'klass'; did you mean 'class'?"},
	{KX_NK_EDL, "entity a.B endpoint { x : a.I }",
	 "t:1:12: error: expected the end of the file, 'components', 'endpoints', 'interfaces' or "
	 "'security', got 'endpoint'; did you mean 'endpoints'?"},
	{KX_NK_EDL, "entity a.B endpoints { x a.I }", "t:1:26: error: expected ':', got 'a'"},
};

static void every_mistake_has_its_place_and_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *printed = complain(cases[i].kind, cases[i].text);

		printed[strcspn(printed, "\n")] = '\0';
		assert_string_equal(printed, cases[i].message);
		free(printed);
	}
}

static void the_line_is_shown_with_a_caret(void **state)
{
	char *printed =
		complain(KX_NK_IDL, "package a\ninterface {\n\tM(in UInt23 id); // \xd0\xb0\n}\n");

	(void)state;
	assert_string_equal(printed, "t:3:7: error: unknown type 'UInt23'; did you mean 'UInt32'?\n"
				     "    3 | \tM(in UInt23 id); // \xd0\xb0\n"
				     "      | \t     ^~~~~~\n");
	free(printed);
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)); text += strlen(what))
		n++;
	return n;
}

static void one_run_reports_several_mistakes(void **state)
{
	char *printed = complain(KX_NK_IDL, "package a\n"
					    "const UInt8 N = 300;\n"
					    "struct A { Foo f; }\n"
					    "interface {\n"
					    "  M(in Bar b);\n"
					    "  M(out UInt8 int);\n"
					    "}\n");

	(void)state;
	assert_int_equal(count(printed, ": error: "), 5);
	free(printed);
	printed = complain(KX_NK_IDL,
			   "package a\nstrct A { UInt8 x; }\ninterface {\n  M(inn UInt8 x);\n"
			   "  N(in UInt8);\n}\n");
	assert_int_equal(count(printed, ": error: "), 3);
	free(printed);
}

static void a_flood_of_mistakes_is_cut(void **state)
{
	char text[64 * 12 + 64] = "package a ";
	char *printed;

	(void)state;
	for (int i = 0; i < 64; i++)
		sprintf(text + strlen(text), "struct %c {}", 'A' + i % 26);
	printed = complain(KX_NK_IDL, text);
	assert_in_range(count(printed, ": error: "), 20, 20);
	assert_non_null(strstr(printed, "more errors not shown\n"));
	free(printed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_mistake_has_its_place_and_reason),
		cmocka_unit_test(the_line_is_shown_with_a_caret),
		cmocka_unit_test(one_run_reports_several_mistakes),
		cmocka_unit_test(a_flood_of_mistakes_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
