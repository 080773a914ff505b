/* SPDX-License-Identifier: Apache-2.0 */

/* `kosix errno`: every way to write a code leads to it, and nonsense is told apart. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "kx_errno.h"

/* Runs one explanation into *@text, which the caller frees. */
static int explain(const char *code, bool json, char **text)
{
	size_t size = 0;
	FILE *out = open_memstream(text, &size);
	int status;

	assert_non_null(out);
	status = kx_errno_explain(code, out, json);
	assert_int_equal(fclose(out), 0);
	return status;
}

static void assert_explains(const char *code, int status, const char *part)
{
	char *text = NULL;

	assert_int_equal(explain(code, false, &text), status);
	assert_non_null(strstr(text, part));
	free(text);
}

static void every_spelling_finds_the_same_code(void **state)
{
	(void)state;
	assert_explains("0x90000015", 0, "rcSecurityDisallow");
	assert_explains("0X90000015", 0, "rcSecurityDisallow");
	assert_explains("-1879048171", 0, "rcSecurityDisallow");
	assert_explains("2415919125", 0, "rcSecurityDisallow");
	assert_explains("rcSecurityDisallow", 0, "0x90000015 (-1879048171)");
	assert_explains("0", 0, "rcOk");
	assert_explains("-1", 0, "NK_EPERM");
	assert_explains("0xffffffff", 0, "NK_EPERM");
}

static void a_customer_code_shows_its_fields(void **state)
{
	(void)state;
	assert_explains("0xb8e4beef", 1,
			"customer 1, space 17 (Unknown), facility 100, code 48879");
	assert_explains("0xb8e4beef", 1, "MAKE_RETCODE");
}

static void what_is_no_retcode_is_not_taken_apart(void **state)
{
	char *text = NULL;

	(void)state;
	assert_int_equal(explain("7", false, &text), 1);
	assert_null(strstr(text, "facility"));
	assert_non_null(strstr(text, "not a Retcode"));
	free(text);
}

static void nonsense_is_refused_with_advice(void **state)
{
	static const char *const nonsense[] = {"",           "0x",
					       "x",          "12a",
					       "- 1",        "0x1ffffffff",
					       "rcBogus",    "1 2",
					       "-0x1",       "99999999999999999999",
					       "4294967296", "-2147483649"};

	(void)state;
	for (size_t i = 0; i < sizeof(nonsense) / sizeof(nonsense[0]); i++)
		assert_explains(nonsense[i], 2, "give one value as 0x90000015");
}

static json_t *explain_json(const char *code, int status)
{
	char *text = NULL;
	json_t *object;

	assert_int_equal(explain(code, true, &text), status);
	object = json_loads(text, 0, NULL);
	free(text);
	assert_non_null(object);
	return object;
}

static void json_has_the_same_facts(void **state)
{
	json_t *object = explain_json("0x90000014", 0);
	const char *hex = NULL;
	const char *name = NULL;
	int value = 0;
	int code = 0;

	(void)state;
	assert_int_equal(json_unpack(object, "{s:s, s:i, s:s, s:{s:i}}", "hex", &hex, "value",
				     &value, "name", &name, "fields", "code", &code),
			 0);
	assert_string_equal(hex, "0x90000014");
	assert_int_equal(value, (int)0x90000014u);
	assert_string_equal(name, "rcTimeout");
	assert_int_equal(code, 20);
	json_decref(object);
}

static void json_of_nonsense_is_still_json(void **state)
{
	json_t *object = explain_json("\xff\xfe", 2);

	(void)state;
	assert_true(json_is_string(json_object_get(object, "error")));
	json_decref(object);
	object = explain_json("bogus", 2);
	assert_string_equal(json_string_value(json_object_get(object, "input")), "bogus");
	json_decref(object);
}

static void the_list_explains_itself(void **state)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	json_t *list;
	json_t *item;
	size_t i;

	(void)state;
	assert_int_equal(kx_errno_list(out, true), 0);
	assert_int_equal(fclose(out), 0);
	list = json_loads(text, 0, NULL);
	free(text);
	assert_int_equal(json_array_size(list), 32 + 9);
	json_array_foreach(list, i, item)
		assert_explains(json_string_value(json_object_get(item, "hex")), 0,
				json_string_value(json_object_get(item, "name")));
	json_decref(list);
}

/* Whoever follows the advice types a command that there is. */
static void commands_that_are_named_exist(void **state)
{
	static const char quoted[] = "`kosix ";
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	char command[200];

	(void)state;
	assert_non_null(out);
	assert_int_equal(kx_errno_list(out, true), 0);
	assert_int_equal(fclose(out), 0);
	assert_non_null(strstr(text, quoted));
	for (const char *at = text; (at = strstr(at, quoted)); at++) {
		const char *name = at + strlen(quoted);

		(void)snprintf(command, sizeof(command), "'" KOSIX "' %.*s --help >/dev/null",
			       (int)strcspn(name, "` "), name);
		if (system(command) != 0)
			fail_msg("%s", command);
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_spelling_finds_the_same_code),
		cmocka_unit_test(a_customer_code_shows_its_fields),
		cmocka_unit_test(what_is_no_retcode_is_not_taken_apart),
		cmocka_unit_test(nonsense_is_refused_with_advice),
		cmocka_unit_test(json_has_the_same_facts),
		cmocka_unit_test(json_of_nonsense_is_still_json),
		cmocka_unit_test(the_list_explains_itself),
		cmocka_unit_test(commands_that_are_named_exist),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
