/* SPDX-License-Identifier: Apache-2.0 */

/* kosix-image as a program: what it makes, what it refuses, and that a refusal leaves nothing. */

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "run.h"

static struct run r;

#define PROCESSES                                                                                  \
	"{\"processes\": [{\"name\": \"a.B\", \"class\": \"a.B\", \"path\": \"prog\", "            \
	"\"args\": [], \"env\": [], \"connections\": []}]}"

static int set_up(void **state)
{
	(void)state;
	run_in(TEST_WORK);
	put_file("main.c", "int main(void) { return 0; }\n");
	run(&r,
	    "gcc main.c -o prog && cp prog Einit && gcc -shared -fPIC -x c /dev/null -o lib.so && "
	    "gcc -no-pie main.c -o fixed");
	if (r.status != 0)
		fail_msg("gcc ended with %d:\n%s", r.status, r.text);
	put_file("init.yaml", "entities: []\n");
	put_file("data.txt", "some data\n");
	put_file("processes.json", PROCESSES);
	put_file("inc/a/B.edl.json", "{\"class\": \"a.B\", \"endpoints\": [{\"riid\": 0}]}");
	return 0;
}

static int clear(void **state)
{
	(void)state;
	run(&r, "rm -rf image image.d image.d.new image.d.old image.new");
	return 0;
}

static void create(const char *words)
{
	run(&r, "'%s' create -o image %s", KOSIX_IMAGE, words);
}

static void expect_refusal(const char *words, const char *message)
{
	create(words);
	if (r.status != 1 || !strstr(r.text, message))
		fail_msg("status %d, expected 1 and \"%s\" in:\n%s", r.status, message, r.text);
	assert_false(file_exists("image"));
	assert_false(file_exists("image.d"));
	assert_false(file_exists("image.d.new"));
}

static void an_image_has_a_manifest_and_its_files(void **state)
{
	json_error_t error;
	json_t *classes;
	json_t *root;

	(void)state;
	create("--image-version 1.2 --einit Einit --init-yaml init.yaml --processes processes.json "
	       "--class-dir inc prog fixed data.txt lib.so prog");
	if (r.status != 0)
		fail_msg("%s", r.text);
	root = json_load_file("image", 0, &error);
	assert_non_null(root);
	assert_int_equal(json_integer_value(json_object_get(root, "kosix-image")), 1);
	assert_string_equal(json_string_value(json_object_get(root, "name")), "image");
	assert_string_equal(json_string_value(json_object_get(root, "version")), "1.2");
	assert_string_equal(json_string_value(json_object_get(root, "policy")), "allow-all");
	assert_string_equal(
		json_string_value(json_object_get(json_object_get(root, "start"), "einit")),
		"Einit");
	classes = json_object_get(root, "classes");
	assert_int_equal(
		json_array_size(json_object_get(json_object_get(classes, "a.B"), "endpoints")), 1);
	json_decref(root);
	run(&r, "cmp prog image.d/bin/prog && cmp fixed image.d/bin/fixed && test -x "
		"image.d/bin/Einit && "
		"cmp data.txt image.d/rom/data.txt && cmp lib.so image.d/rom/lib.so && "
		"cmp init.yaml image.d/init.yaml");
	assert_int_equal(r.status, 0);
	run(&r, "grep -c \"$(sha256sum < data.txt | cut -d' ' -f1)\" image");
	assert_string_equal(r.text, "1\n");
	run(&r, "'%s' check image && '%s' list image", KOSIX_IMAGE, KOSIX_IMAGE);
	assert_int_equal(r.status, 0);
	assert_non_null(strstr(r.text, "bin/prog"));
}

static void a_change_is_noticed(void **state)
{
	(void)state;
	create("--einit Einit prog data.txt");
	assert_int_equal(r.status, 0);
	put_file("image.d/rom/data.txt", "SOME data\n");
	run(&r, "'%s' check image", KOSIX_IMAGE);
	assert_int_equal(r.status, 1);
	assert_non_null(strstr(r.text, "image.d/rom/data.txt was changed"));
	remove("image.d/rom/data.txt");
	run(&r, "'%s' check image", KOSIX_IMAGE);
	assert_int_equal(r.status, 1);
}

static void an_image_copied_without_its_folder_says_so_once(void **state)
{
	(void)state;
	create("--einit Einit prog data.txt");
	assert_int_equal(r.status, 0);
	run(&r, "mv image.d image.d.old; '%s' check image", KOSIX_IMAGE);
	assert_int_equal(r.status, 1);
	assert_string_equal(r.text, "kosix-image: the image's folder image.d cannot be found (No "
				    "such file or directory): an image is a file and a folder, "
				    "copy both together\n");
}

static void a_second_image_replaces_the_first(void **state)
{
	(void)state;
	create("--einit Einit prog data.txt");
	assert_int_equal(r.status, 0);
	create("--einit Einit prog");
	assert_int_equal(r.status, 0);
	assert_false(file_exists("image.d/rom/data.txt"));
	assert_false(file_exists("image.d.old"));
	create("--einit Einit missing");
	assert_int_equal(r.status, 1);
	run(&r, "'%s' check image", KOSIX_IMAGE);
	assert_int_equal(r.status, 0);
}

static void what_is_missing_is_named(void **state)
{
	(void)state;
	expect_refusal("--einit Einit --processes processes.json --class-dir inc fixed",
		       "process a.B: program prog is not in the image");
	expect_refusal("--einit Einit --processes processes.json prog",
		       "process a.B: there are no descriptors of class a.B");
	expect_refusal("--einit Einit nothere", "cannot open nothere");
	expect_refusal("--einit nothere prog", "cannot open nothere");
	expect_refusal("--einit Einit --policy nothere.so prog", "cannot open nothere.so");
	expect_refusal("--einit Einit --class data.txt prog", "data.txt:1:");
	run(&r, "printf 'const char *const kx_policy_classes[] = {\"a.C\", 0};"
		"const char kx_policy_name[] = \"my.psl\";' >policy.c && "
		"gcc -shared -fPIC policy.c -o policy.so");
	expect_refusal("--einit Einit --processes processes.json --class-dir inc --policy "
		       "policy.so prog lib.so fixed",
		       "process a.B: class a.B is not part of the policy, so it could not be "
		       "started; add 'use EDL a.B' to my.psl");
	expect_refusal("--einit Einit inc", "inc is not a regular file");
}

/* The program of a system class gets the file name that the init description gives it. */
static void a_program_stays_in_its_folder(void **state)
{
	static const char *const paths[] = {"../../escaped", "/escaped", "..", "."};

	(void)state;
	put_file("system-programs", "a.B prog\n");
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		run(&r, "sed 's,\"prog\",\"%s\",' processes.json >leads-out.json", paths[i]);
		expect_refusal("--einit Einit --processes leads-out.json --class-dir inc "
			       "--system-programs system-programs",
			       "in the init description is no file name");
		assert_false(file_exists("escaped"));
	}
	create("--einit Einit --processes processes.json --class-dir inc --system-programs "
	       "system-programs");
	assert_int_equal(r.status, 0);
	assert_true(file_exists("image.d/bin/prog"));
}

static void a_program_that_nothing_starts_is_named(void **state)
{
	(void)state;
	create("--einit Einit --processes processes.json --class-dir inc prog lib.so fixed");
	assert_int_equal(r.status, 0);
	assert_non_null(strstr(r.text, "warning: program fixed is in the image, but no process"));
	assert_non_null(strstr(r.text, "'path: fixed'"));
	assert_null(strstr(r.text, "program prog"));
	assert_null(strstr(r.text, "Einit"));
	assert_null(strstr(r.text, "lib.so"));
}

static void two_files_of_one_name_are_refused(void **state)
{
	(void)state;
	put_file("other/data.txt", "other data\n");
	put_file("same/data.txt", "some data\n");
	expect_refusal("--einit Einit data.txt other/data.txt", "two different files");
	create("--einit Einit data.txt same/data.txt");
	assert_int_equal(r.status, 0);
}

static void optional_files_and_policies(void **state)
{
	(void)state;
	create("--einit Einit --policy deny-all --optional nothere --optional data.txt prog");
	assert_int_equal(r.status, 0);
	assert_true(file_exists("image.d/rom/data.txt"));
	run(&r, "grep -c '\"policy\": \"deny-all\"' image");
	assert_string_equal(r.text, "1\n");
	create("--einit Einit --policy lib.so prog");
	assert_int_equal(r.status, 0);
	run(&r, "grep -c '\"policy\": \"security.so\"' image && cmp lib.so image.d/security.so");
	assert_string_equal(r.text, "1\n");
}

static void a_manifest_cannot_point_outside(void **state)
{
	(void)state;
	put_file("image.d/file", "");
	put_file("image", "{\"kosix-image\": 1, \"files\": {\"../main.c\": {\"size\": 1, "
			  "\"sha256\": \"\"}}}");
	run(&r, "'%s' check image", KOSIX_IMAGE);
	assert_int_equal(r.status, 1);
	assert_non_null(strstr(r.text, "malformed"));
	put_file("image", "not json");
	run(&r, "'%s' list image", KOSIX_IMAGE);
	assert_int_equal(r.status, 1);
}

static void usage_is_told(void **state)
{
	(void)state;
	run(&r, "'%s' --help", KOSIX_IMAGE);
	assert_int_equal(r.status, 0);
	run(&r, "'%s'", KOSIX_IMAGE);
	assert_int_equal(r.status, 2);
	create("prog");
	assert_int_equal(r.status, 2);
	create("--wrong");
	assert_int_equal(r.status, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(an_image_has_a_manifest_and_its_files, clear),
		cmocka_unit_test_setup(a_change_is_noticed, clear),
		cmocka_unit_test_setup(an_image_copied_without_its_folder_says_so_once, clear),
		cmocka_unit_test_setup(a_second_image_replaces_the_first, clear),
		cmocka_unit_test_setup(what_is_missing_is_named, clear),
		cmocka_unit_test_setup(a_program_stays_in_its_folder, clear),
		cmocka_unit_test_setup(a_program_that_nothing_starts_is_named, clear),
		cmocka_unit_test_setup(two_files_of_one_name_are_refused, clear),
		cmocka_unit_test_setup(optional_files_and_policies, clear),
		cmocka_unit_test_setup(a_manifest_cannot_point_outside, clear),
		cmocka_unit_test_setup(usage_is_told, clear),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
