/* SPDX-License-Identifier: Apache-2.0 */

/* The compiler wrapper: what it drops, what it adds, and that the result runs. */

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bin/kos_cc_flags.h"
#include "run.h"

/* The translated command line as one string: words between single spaces. */
static void translate(char *out, size_t size, const char *compiler, int argc, char **argv)
{
	struct kx_cc_args args;
	size_t i;

	memset(out, 0, size);
	assert_true(kx_cc_args_init(&args, compiler, argc));
	args.cxx = strchr(compiler, '+') != NULL;
	args.clang = strstr(compiler, "clang") != NULL;
	assert_true(kx_cc_translate(&args, "/sdk", argc, argv));
	for (i = 0; i < args.count; i++) {
		strncat(out, " ", size - strlen(out) - 1);
		strncat(out, args.argv[i], size - strlen(out) - 1);
	}
	strncat(out, " ", size - strlen(out) - 1);
	kx_cc_args_free(&args);
}

#define TRANSLATE(out, compiler, ...)                                                              \
	do {                                                                                       \
		char *words[] = {(char *)(size_t)compiler, __VA_ARGS__, NULL};                     \
		translate(out, sizeof(out), compiler, (int)(sizeof(words) / sizeof(words[0])) - 1, \
			  words);                                                                  \
	} while (0)

static void arm_flags_are_dropped(void **state)
{
	char out[4096];

	(void)state;
	TRANSLATE(out, "gcc", "-mbranch-protection=standard", "-mcpu=cortex-a72", "-ffixed-x18",
		  "-static", "-Ttext", "0x00800000", "--target=aarch64-kos", "-c", "a.c");
	assert_null(strstr(out, "-mbranch"));
	assert_null(strstr(out, "-mcpu"));
	assert_null(strstr(out, "x18"));
	assert_null(strstr(out, "-static"));
	assert_null(strstr(out, "0x00800000"));
	assert_null(strstr(out, "--target"));
	TRANSLATE(out, "gcc", "-D_FORTIFY_SOURCE=2", "-DFORTY", "-c", "a.c");
	assert_null(strstr(out, "FORTIFY"));
	assert_non_null(strstr(out, " -DFORTY -c a.c "));
	TRANSLATE(out, "gcc", "-Ttext", "0x1", "-c", "a.c");
	assert_non_null(strstr(out, " -c a.c "));
}

static void flags_of_clang_are_dropped_for_gcc_only(void **state)
{
	char out[4096];

	(void)state;
	TRANSLATE(out, "g++", "-mllvm", "-x", "-fno-integrated-as", "-c", "a.cc");
	assert_null(strstr(out, "-x "));
	assert_null(strstr(out, "integrated"));
	TRANSLATE(out, "g++", "-stdlib=libc++", "-Weverything", "-fsanitize=cfi", "-c", "a.cc");
	assert_null(strstr(out, "libc++"));
	assert_null(strstr(out, "everything"));
	assert_null(strstr(out, "cfi"));
	assert_non_null(strstr(out, " -c a.cc "));
	TRANSLATE(out, "clang++", "-Weverything", "-c", "a.cc");
	assert_non_null(strstr(out, " -Weverything -c a.cc "));
}

static void clang_is_as_new_as_the_sdks(void **state)
{
	char out[4096];

	(void)state;
	TRANSLATE(out, "clang++", "-std=c++20", "-flto=thin", "-fno-fat-lto-objects", "-c", "a.cc");
	assert_true(in_order(out, " -std=gnu++17 ", " -std=c++20 "));
	assert_null(strstr(out, "lto"));
	TRANSLATE(out, "clang", "-c", "a.c");
	assert_null(strstr(out, "-std"));
	TRANSLATE(out, "g++", "-flto", "-fno-fat-lto-objects", "-c", "a.cc");
	assert_null(strstr(out, "-std"));
	assert_non_null(strstr(out, " -flto -fno-fat-lto-objects "));
}

static void a_trapping_sanitizer_goes_and_another_stays(void **state)
{
	char out[4096];

	(void)state;
	TRANSLATE(out, "gcc", "-fsanitize=undefined", "-fsanitize-undefined-trap-on-error", "-c",
		  "a.c");
	assert_null(strstr(out, "sanitize"));
	TRANSLATE(out, "gcc", "-fsanitize=address", "-fsanitize-undefined-trap-on-error", "-c",
		  "a.c");
	assert_non_null(strstr(out, " -fsanitize=address "));
	TRANSLATE(out, "gcc", "-fsanitize=undefined", "-c", "a.c");
	assert_non_null(strstr(out, " -fsanitize=undefined "));
}

static void a_compile_gets_headers_and_no_library(void **state)
{
	char out[4096];

	(void)state;
	TRANSLATE(out, "gcc", "-c", "a.c", "-o", "a.o");
	assert_non_null(strstr(out, " -isystem /sdk/sysroot-aarch64-kos/include "));
	assert_non_null(strstr(out, " -D__KOS__=1 "));
	assert_non_null(strstr(out, " -fcommon "));
	assert_null(strstr(out, "-lkos"));
	assert_null(strstr(out, "-L/sdk"));
}

static void a_link_gets_the_library_behind_the_objects(void **state)
{
	char out[4096];

	(void)state;
	TRANSLATE(out, "gcc", "a.o", "-o", "a");
	assert_non_null(strstr(out, "-L/sdk/sysroot-aarch64-kos/lib "));
	assert_non_null(strstr(out, "-lkos"));
	assert_true(in_order(out, "a.o", "-lkos"));
	TRANSLATE(out, "gcc", "-shared", "a.o", "-o", "a.so");
	assert_null(strstr(out, "-lkos"));
}

static void a_program_that_loads_libraries_has_all_of_ours(void **state)
{
	char out[4096];

	(void)state;
	TRANSLATE(out, "gcc", "a.o", "-o", "a", "-ldl");
	assert_non_null(strstr(out, " -rdynamic -Wl,--whole-archive -lkos "));
	TRANSLATE(out, "gcc", "a.o", "-rdynamic", "-o", "a");
	assert_non_null(strstr(out, " -Wl,--whole-archive -lkos -Wl,--no-whole-archive "));
	TRANSLATE(out, "gcc", "a.o", "-o", "a");
	assert_null(strstr(out, "whole-archive"));
}

static void an_arm_linkers_words_are_dropped(void **state)
{
	char out[4096];

	(void)state;
	TRANSLATE(out, "gcc", "a.o", "-Wl,-m,aarch64elf", "-Wl,-dynamic-linker,/lib/ld.so",
		  "-Wl,-Bstatic", "-Wl,-z,now", "-o", "a");
	assert_null(strstr(out, "aarch64elf"));
	assert_null(strstr(out, "ld.so"));
	assert_null(strstr(out, "Bstatic"));
	assert_non_null(strstr(out, " -Wl,-z,now "));
}

static void the_c_library_is_this_machines(void **state)
{
	char out[4096];

	(void)state;
	TRANSLATE(out, "gcc", "--sysroot=/sdk/sysroot-aarch64-kos", "-c", "a.c");
	assert_null(strstr(out, "--sysroot"));
	TRANSLATE(out, "gcc", "--sysroot", "/sdk", "-isysroot", "/sdk", "-c", "a.c");
	assert_null(strstr(out, "sysroot /sdk"));
	assert_non_null(strstr(out, " -c a.c "));
}

static void a_question_is_not_a_link(void **state)
{
	char out[4096];

	(void)state;
	TRANSLATE(out, "gcc", "-v");
	assert_null(strstr(out, "-lkos"));
	TRANSLATE(out, "gcc", "-o", "x", "--version");
	assert_null(strstr(out, "-lkos"));
}

static void c_errors_of_new_compilers_are_warnings_again(void **state)
{
	char out[4096];

	(void)state;
	TRANSLATE(out, "gcc", "-Werror", "-c", "a.c");
	assert_true(in_order(out, "-Werror ", "-Wno-error=int-conversion"));
	assert_non_null(strstr(out, "-Wno-error=incompatible-pointer-types"));
	TRANSLATE(out, "g++", "-Werror", "-c", "a.cpp");
	assert_null(strstr(out, "-Wno-error=int-conversion"));
	TRANSLATE(out, "clang", "-c", "a.c");
	assert_non_null(strstr(out, "incompatible-function-pointer-types"));
}

static void a_security_module_becomes_a_shared_object(void **state)
{
	char out[4096];

	(void)state;
	TRANSLATE(out, "clang", "-fno-pic", "-D__KOS_KERNEL__", "-mcpu=cortex-a57",
		  "-ffreestanding", "-mgeneral-regs-only", "-fno-pie", "-no-pie", "-nostdlib", "-z",
		  "separate-code", "-lksm_kss-qemu", "-lrtl-kernel-qemu", "-Wl,--entry=KsmKssEntry",
		  "-Wl,--image-base=0xFFFF808000000000", "-fuse-ld=lld",
		  "-lclang_rt.builtins-aarch64", "security.psl.c", "-o", "ksm.module");
	assert_non_null(strstr(out, " -shared -fPIC "));
	assert_null(strstr(out, "-nostdlib"));
	assert_null(strstr(out, "-ffreestanding"));
	assert_null(strstr(out, "entry"));
	assert_null(strstr(out, "image-base"));
	assert_null(strstr(out, "-lksm"));
	assert_null(strstr(out, "-lkos"));
	assert_non_null(strstr(out, " security.psl.c -o ksm.module "));
}

/* The program itself, as installed: a real compile with the flags of a real project. */
static void the_wrapper_compiles(void **state)
{
	static struct run r;

	(void)state;
	run_in(TEST_WORK);
	put_file("a.c", "#include <stdio.h>\n#ifndef __KOS__\n#error not KasperskyOS\n#endif\n"
			"int common;\nint twice(const char *p);\n"
			"int twice(const char *p) { int n = p; return n; }\n");
	put_file("b.c", "int common;\nint other(void);\nint other(void) { return common; }\n");
	put_file("a.cpp", "#include <string>\nstd::string f();\nstd::string f() { return {}; }\n");
	run(&r,
	    "mkdir -p sdk/toolchain/bin sdk/sysroot-aarch64-kos/include && cp '%s' "
	    "sdk/toolchain/bin/ "
	    "&& for n in gcc g++ clang clang++; do ln -s kos_cc sdk/toolchain/bin/aarch64-kos-$n; "
	    "done",
	    KOS_CC);
	assert_int_equal(r.status, 0);
	run(&r, "sdk/toolchain/bin/aarch64-kos-gcc -O2 -Werror -mbranch-protection=standard "
		"-mcpu=cortex-a72 -fsanitize=undefined -fsanitize-undefined-trap-on-error -c a.c");
	assert_int_equal(r.status, 0);
	assert_non_null(strstr(r.text, "warning"));
	run(&r, "sdk/toolchain/bin/aarch64-kos-clang --target=aarch64-kos -c b.c");
	assert_int_equal(r.status, 0);
	run(&r, "ld -r a.o b.o -o both.o");
	assert_int_equal(r.status, 0);
	run(&r, "sdk/toolchain/bin/aarch64-kos-g++ -mbranch-protection=standard -c a.cpp -o c.o");
	assert_int_equal(r.status, 0);
	run(&r, "sdk/toolchain/bin/aarch64-kos-gcc -c missing.c");
	assert_int_not_equal(r.status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arm_flags_are_dropped),
		cmocka_unit_test(flags_of_clang_are_dropped_for_gcc_only),
		cmocka_unit_test(clang_is_as_new_as_the_sdks),
		cmocka_unit_test(a_trapping_sanitizer_goes_and_another_stays),
		cmocka_unit_test(a_compile_gets_headers_and_no_library),
		cmocka_unit_test(a_link_gets_the_library_behind_the_objects),
		cmocka_unit_test(a_program_that_loads_libraries_has_all_of_ours),
		cmocka_unit_test(an_arm_linkers_words_are_dropped),
		cmocka_unit_test(the_c_library_is_this_machines),
		cmocka_unit_test(a_question_is_not_a_link),
		cmocka_unit_test(c_errors_of_new_compilers_are_warnings_again),
		cmocka_unit_test(a_security_module_becomes_a_shared_object),
		cmocka_unit_test(the_wrapper_compiles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
