/* SPDX-License-Identifier: Apache-2.0 */

/* nk-gen-c as a program: options, files it writes, exit status. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

static char dir[] = "/tmp/kx_nk_tool.XXXXXX";
static char output[256 * 1024];

/* Runs nk-gen-c with @args in the scratch folder; output has stdout and stderr. */
static int run(const char *args)
{
	char command[4096];
	size_t len;
	FILE *pipe;

	snprintf(command, sizeof(command), "cd %s && '%s' %s 2>&1", dir, KX_NK_GEN_C, args);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	len = fread(output, 1, sizeof(output) - 1, pipe);
	output[len] = '\0';
	return WEXITSTATUS(pclose(pipe));
}

static char *read_file(const char *name)
{
	static char text[256 * 1024];
	char path[4096];
	size_t len;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "r");
	if (!file)
		return NULL;
	len = fread(text, 1, sizeof(text) - 1, file);
	text[len] = '\0';
	fclose(file);
	return text;
}

static void write_file(const char *name, const char *text)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	char command[4096];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command);
}

static void header_and_depfile_are_written_beside_each_other(void **state)
{
	char *text;

	(void)state;
	assert_int_equal(run("-I " KX_IDL_DIR " " KX_IDL_DIR "/kxt/All.idl"), 0);
	assert_string_equal(output, "");
	assert_non_null(strstr(read_file("All.idl.h"), "kxt_All_proxy_init"));
	text = read_file("All.idl.nk.d");
	assert_string_equal(text, "All.idl.c : \\\n  " KX_IDL_DIR "/kxt/Types.idl\n"
				  "All.idl.h : \\\n  " KX_IDL_DIR "/kxt/Types.idl\n");
}

static void both_spellings_of_I_and_the_output_folder_work(void **state)
{
	char path[4096];

	(void)state;
	snprintf(path, sizeof(path), "%s/out dir", dir);
	mkdir(path, 0777);
	assert_int_equal(run("-I/nonexistent -I" KX_IDL_DIR
			     " -o 'out dir' -P /some/system.platform " KX_IDL_DIR
			     "/kxt/Server.edl"),
			 0);
	assert_non_null(strstr(read_file("out dir/Server.edl.h"), "kxt_Server_entity_dispatch"));
	assert_non_null(strstr(read_file("out dir/Server.edl.nk.d"), "out\\ dir/Server.edl.h :"));
}

static void missing_file_is_said_as_the_original_does(void **state)
{
	(void)state;
	assert_int_equal(run(""), 1);
	assert_int_equal(
		strncmp(output, "Missing: <xdl-file>\n\nUsage: nk-gen-c <xdl-file> [-I ", 50), 0);
	assert_int_equal(run("/nonexistent/X.idl"), 1);
	assert_non_null(strstr(output, "cannot open '/nonexistent/X.idl': No such file"));
	assert_int_equal(run("README"), 1);
	assert_non_null(strstr(output, "'README' is not a .idl, .cdl or .edl file"));
	assert_int_equal(run("--no-such-option X.idl"), 1);
}

static void help_and_version_succeed(void **state)
{
	(void)state;
	assert_int_equal(run("--help"), 0);
	assert_non_null(strstr(output, "Exit status"));
	assert_int_equal(run("--version"), 0);
	assert_int_equal(strncmp(output, "nk-gen-c ", 9), 0);
}

static void a_mistake_ends_with_1_and_writes_nothing(void **state)
{
	(void)state;
	write_file("Bad.idl", "package Bad interface { M(in UInt23 x); }");
	assert_int_equal(run("Bad.idl"), 1);
	assert_int_equal(strncmp(output, "Bad.idl:1:30: error: unknown type 'UInt23'", 42), 0);
	assert_null(read_file("Bad.idl.h"));
	assert_null(read_file("Bad.idl.nk.d"));
}

/* Who mends the copy mends nothing; a file that only has such a name names no other. */
static void a_mistake_is_named_in_the_file_that_was_copied(void **state)
{
	(void)state;
	write_file("Bad.idl", "package Bad interface { M(in UInt23 x); }");
	write_file("Bad.idl.from", "written.idl\n");
	assert_int_equal(run("Bad.idl"), 1);
	assert_int_equal(strncmp(output, "Bad.idl:1:30: error:", 20), 0);
	write_file("Bad.idl.from", ".\n");
	assert_int_equal(run("Bad.idl"), 1);
	assert_int_equal(strncmp(output, "Bad.idl:1:30: error:", 20), 0);
	write_file("Bad.idl.from", "written.idl\n");
	write_file("written.idl", "package Bad interface { M(in UInt23 x); }");
	assert_int_equal(run("Bad.idl"), 1);
	assert_int_equal(strncmp(output, "written.idl:1:30: error:", 24), 0);
	write_file("Bad.idl.from", "");
}

static void a_mistake_in_an_import_is_reported_there(void **state)
{
	(void)state;
	write_file("Bad.idl", "package Bad const UInt8 X = 300;");
	write_file("User.idl", "package User import Bad struct S { array<UInt8, X> a; }");
	assert_int_equal(run("-I . User.idl"), 1);
	assert_int_equal(strncmp(output, "./Bad.idl:1:29: error: 300 does not fit", 39), 0);
}

static void the_name_must_agree_with_the_file(void **state)
{
	(void)state;
	write_file("Right.idl", "package some.Wrong");
	assert_int_equal(run("Right.idl"), 1);
	assert_non_null(strstr(output, "'some.Wrong' must be in a file called 'Wrong.idl'"));
	write_file("Use.idl", "package Use import Right");
	assert_int_equal(run("-I . Use.idl"), 1);
	assert_non_null(strstr(output, "file was found as 'Right' but says 'some.Wrong'"));
}

static void parts_can_be_chosen(void **state)
{
	(void)state;
	assert_int_equal(run("--types -I " KX_IDL_DIR " " KX_IDL_DIR "/kxt/All.idl"), 0);
	assert_null(strstr(read_file("All.idl.h"), "kxt_All_mid_max"));
	assert_non_null(strstr(read_file("All.idl.h"), "kxt_All_Outer"));
	assert_int_equal(run("--client -I " KX_IDL_DIR " " KX_IDL_DIR "/kxt/All.idl"), 0);
	assert_non_null(strstr(read_file("All.idl.h"), "kxt_All_proxy_init"));
	assert_null(strstr(read_file("All.idl.h"), "kxt_All_interface_dispatch"));
	assert_int_equal(run("--component-refl -I " KX_IDL_DIR " " KX_IDL_DIR "/kxt/Server.edl"),
			 0);
	assert_non_null(
		strstr(read_file("Server.edl.h"), "{0, \"kxt.Ping.ping\", \"part.inner.ping\""));
}

static void inline_text_needs_no_file(void **state)
{
	(void)state;
	assert_int_equal(run("-I " KX_IDL_DIR
			     " --text 'entity kl.Env components { env : kxt.Ping }' Env.edl"),
			 0);
	assert_non_null(strstr(read_file("Env.edl.h"), "kl_Env_env_ping_iid"));
}

static void warnings_can_be_errors_or_silent(void **state)
{
	(void)state;
	write_file("Warn.idl", "package Warn interface { do_it(); }");
	assert_int_equal(run("Warn.idl"), 0);
	assert_non_null(strstr(output, "warning: method 'do_it'"));
	assert_int_equal(run("-W error Warn.idl"), 1);
	assert_int_equal(run("--log-level error Warn.idl"), 0);
	assert_string_equal(output, "");
}

static void legacy_errors_allow_one_status_only(void **state)
{
	(void)state;
	assert_int_equal(run("--deprecated-no-extended-errors -I " KX_IDL_DIR " " KX_IDL_DIR
			     "/kxt/Rich.idl"),
			 1);
	assert_non_null(strstr(output, "only 'error UInt16 status' is allowed"));
}

static void the_tree_is_dumped_as_json(void **state)
{
	json_t *json, *contents;

	(void)state;
	assert_int_equal(run("--dump-json -I " KX_IDL_DIR " " KX_IDL_DIR "/kxt/Ping.idl"), 0);
	json = json_loads(output, 0, NULL);
	assert_non_null(json);
	contents = json_object_get(json, "contents");
	assert_string_equal(json_string_value(json_object_get(contents, "name")), "kxt.Ping");
	assert_int_equal(
		json_array_size(json_object_get(json_object_get(contents, "interface"), "methods")),
		1);
	json_decref(json);
	assert_int_equal(
		run("--dump-json=tree.json -I " KX_IDL_DIR " " KX_IDL_DIR "/kxt/Server.edl"), 0);
	json = json_loads(read_file("tree.json"), 0, NULL);
	assert_non_null(json);
	json_decref(json);
}

static void an_output_that_cannot_be_written_is_an_error(void **state)
{
	(void)state;
	assert_int_equal(run("-o /nonexistent -I " KX_IDL_DIR " " KX_IDL_DIR "/kxt/Ping.idl"), 1);
	assert_non_null(strstr(output, "cannot write '/nonexistent/Ping.idl.h'"));
}

static void a_name_that_is_nearly_that_of_a_file_is_proposed(void **state)
{
	char folder[sizeof(dir) + 8];

	(void)state;
	snprintf(folder, sizeof(folder), "%s/shop", dir);
	assert_int_equal(mkdir(folder, 0700), 0);
	write_file("shop/Server.edl", "entity shop.Server\n");
	write_file("shop/IOrder.idl", "package shop.IOrder interface { Put(); }\n");
	write_file("shop/Shop.edl", "entity shop.Shop endpoints { order : shop.iOrder }\n");
	assert_int_equal(run("-I . shop/Shop.edl"), 1);
	assert_non_null(strstr(output, "'shop.iOrder' not found: no 'shop/iOrder.idl' in the -I "
				       "directories; did you mean 'shop.IOrder'?"));
	assert_non_null(strstr(output, "with CMake, name the file in nk_build_idl_files or "
				       "add_nk_idl, NK_MODULE shop\n"));
	write_file("shop/iOrder.idl.from", "/nonexistent/iOrder.idl\n");
	assert_int_equal(run("-I . shop/Shop.edl"), 1);
	assert_non_null(strstr(output, "CMake was told to take it from '/nonexistent/iOrder.idl', "
				       "which does not exist: correct the path\n"));
	assert_null(strstr(output, "with CMake"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header_and_depfile_are_written_beside_each_other),
		cmocka_unit_test(both_spellings_of_I_and_the_output_folder_work),
		cmocka_unit_test(missing_file_is_said_as_the_original_does),
		cmocka_unit_test(help_and_version_succeed),
		cmocka_unit_test(a_mistake_ends_with_1_and_writes_nothing),
		cmocka_unit_test(a_mistake_is_named_in_the_file_that_was_copied),
		cmocka_unit_test(a_mistake_in_an_import_is_reported_there),
		cmocka_unit_test(the_name_must_agree_with_the_file),
		cmocka_unit_test(parts_can_be_chosen),
		cmocka_unit_test(inline_text_needs_no_file),
		cmocka_unit_test(warnings_can_be_errors_or_silent),
		cmocka_unit_test(legacy_errors_allow_one_status_only),
		cmocka_unit_test(the_tree_is_dumped_as_json),
		cmocka_unit_test(an_output_that_cannot_be_written_is_an_error),
		cmocka_unit_test(a_name_that_is_nearly_that_of_a_file_is_proposed),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
