/* SPDX-License-Identifier: Apache-2.0 */

/* Images: what is read, and what is refused. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "image.h"
#include "registry.h"
#include "temp_file.h"

/* SHA-256 of "hello\n". */
#define HELLO_SUM "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"

static int setup(void **state)
{
	(void)state;
	temp_create();
	temp_write("image.d/bin/Hello", "hello\n");
	temp_write("image.d/init.yaml", "entities: [{name: Hello}]\n");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	temp_remove();
	kx_registry_clear();
	return 0;
}

static void manifest(char *text, size_t size, const char *start, const char *policy,
		     const char *files)
{
	snprintf(text, size,
		 "{\"kosix-image\":1,\"name\":\"hello\",\"version\":\"2\",\"start\":%s,\"policy\":%"
		 "s,"
		 "\"classes\":{\"Hello\":{\"endpoints\":[{\"name\":\"e\",\"methods\":[]}]}},"
		 "\"files\":%s}\n",
		 start, policy, files);
}

#define INIT  "{\"init\":\"init.yaml\"}"
#define ALLOW "\"allow-all\""
#define HELLO "{\"bin/Hello\":{\"size\":6,\"sha256\":\"" HELLO_SUM "\"}}"

static void an_image_is_read_with_its_classes(void **state)
{
	struct kx_diagnostics diagnostics = {0};
	struct kx_image image;
	char text[1024];

	(void)state;
	manifest(text, sizeof(text), INIT, "\"security.so\"", HELLO);
	assert_int_equal(kx_image_read(temp_write("image", text), &image, &diagnostics), 0);
	assert_string_equal(image.name, "hello");
	assert_string_equal(image.version, "2");
	assert_null(image.einit);
	assert_non_null(strstr(image.init, "/image.d/init.yaml"));
	assert_non_null(strstr(image.policy, "/image.d/security.so"));
	assert_non_null(strstr(image.programs, "/image.d/bin"));
	assert_non_null(kx_registry_class("Hello"));
	assert_null(kx_registry_class("Other"));
	kx_image_clear(&image);
}

static void an_init_file_is_an_image_that_allows_everything(void **state)
{
	struct kx_diagnostics diagnostics = {0};
	struct kx_image image;

	(void)state;
	assert_int_equal(kx_image_read(temp_path("image.d/init.yaml"), &image, &diagnostics), 0);
	assert_string_equal(image.policy, "allow-all");
	assert_non_null(strstr(image.programs, "/image.d"));
	kx_image_clear(&image);
}

static void refused(const char *text, const char *expected)
{
	struct kx_diagnostics diagnostics = {0};
	struct kx_image image;

	assert_int_equal(kx_image_read(temp_write("image", text), &image, &diagnostics), -1);
	assert_true(diagnostics.count >= 1);
	if (!strstr(diagnostics.texts[0], expected))
		fail_msg("expected %s, found: %s", expected, diagnostics.texts[0]);
	kx_diagnostics_clear(&diagnostics);
	kx_registry_clear();
}

static void refused_parts(const char *start, const char *policy, const char *files,
			  const char *expected)
{
	char text[1024];

	manifest(text, sizeof(text), start, policy, files);
	refused(text, expected);
}

static void what_is_no_image_is_refused_with_its_place(void **state)
{
	(void)state;
	refused("{\n \"kosix-image\": 1,\n oops}", ":3:");
	refused("{}", "not an image of format 1");
	refused("{\"kosix-image\":2}", "not an image of format 1");
	refused_parts("{}", ALLOW, HELLO, "\"start\" must have");
	refused_parts("{\"init\":\"../init.yaml\"}", ALLOW, HELLO, "outside the image");
	refused_parts(INIT, "7", HELLO, "\"policy\" is not text");
	refused_parts(INIT, "\"/etc/x.so\"", HELLO, "outside the image");
	refused_parts(INIT, ALLOW, "[]", "\"files\" is missing");
}

static void a_changed_or_missing_file_is_named(void **state)
{
	(void)state;
	refused_parts(INIT, ALLOW, "{\"bin/Other\":{\"size\":6,\"sha256\":\"" HELLO_SUM "\"}}",
		      "\"bin/Other\" is missing");
	refused_parts(INIT, ALLOW, "{\"bin/Hello\":{\"size\":7,\"sha256\":\"" HELLO_SUM "\"}}",
		      "its size differs");
	refused_parts(INIT, ALLOW, "{\"bin/Hello\":{\"size\":6,\"sha256\":\"00\"}}",
		      "its checksum differs");
	refused_parts(INIT, ALLOW, "{\"bin/Hello\":{\"size\":6}}", "no \"sha256\"");
	refused_parts(INIT, ALLOW, "{\"../image\":{\"size\":6}}", "outside the image");
}

static void an_image_without_its_folder_is_one_error(void **state)
{
	struct kx_diagnostics diagnostics = {0};
	struct kx_image image;
	char text[1024];

	(void)state;
	manifest(text, sizeof(text), INIT, ALLOW,
		 "{\"bin/A\":{\"size\":6,\"sha256\":\"" HELLO_SUM "\"},"
		 "\"bin/B\":{\"size\":6,\"sha256\":\"" HELLO_SUM "\"}}");
	assert_int_equal(kx_image_read(temp_write("copied", text), &image, &diagnostics), -1);
	assert_int_equal(diagnostics.count, 1);
	assert_non_null(strstr(diagnostics.texts[0], "copied.d cannot be found"));
	assert_non_null(strstr(diagnostics.texts[0], "copy both together"));
	kx_diagnostics_clear(&diagnostics);
	kx_registry_clear();
}

static void a_file_that_is_not_there_says_why(void **state)
{
	struct kx_diagnostics diagnostics = {0};
	struct kx_image image;

	(void)state;
	assert_int_equal(kx_image_read(temp_path("absent"), &image, &diagnostics), -1);
	assert_non_null(strstr(diagnostics.texts[0], "No such file"));
	kx_diagnostics_clear(&diagnostics);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_image_is_read_with_its_classes, setup, teardown),
		cmocka_unit_test_setup_teardown(an_init_file_is_an_image_that_allows_everything,
						setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_no_image_is_refused_with_its_place, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_changed_or_missing_file_is_named, setup,
						teardown),
		cmocka_unit_test_setup_teardown(an_image_without_its_folder_is_one_error, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_file_that_is_not_there_says_why, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
