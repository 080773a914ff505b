/* SPDX-License-Identifier: Apache-2.0 */

/* Class tables: JSON to blob and back, and what is refused. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "class.h"
#include "ipc/validate.h"

static const char echo[] =
	"{\"endpoints\":[{\"name\":\"comp.ping\",\"qualified\":\"echo.CPing.ping\",\"riid\":0,"
	"\"interface\":\"echo.Ping\",\"security\":false,\"methods\":["
	"{\"name\":\"Ping\",\"mid\":0,\"req\":{\"size\":32,\"arena\":64,\"handles\":0,\"fields\":["
	"{\"kind\":\"ptr\",\"offset\":24,\"name\":\"s\",\"elem\":1,\"align\":1,\"max\":64}]},"
	"\"res\":{\"size\":24},\"err\":null},"
	"{\"name\":\"Give\",\"mid\":1,\"req\":{\"size\":40,\"handles\":1,\"fields\":["
	"{\"kind\":\"handle\",\"offset\":24}]},\"res\":{\"size\":24},\"err\":{\"size\":32}}]},"
	"{\"name\":\"other\",\"riid\":1,\"methods\":[]}]}";

static struct kx_class *make(const char *text, char *error)
{
	json_error_t where;
	json_t *json = json_loads(text, 0, &where);
	struct kx_class *made;

	if (!json)
		fail_msg("test text: %s at %d", where.text, where.column);
	made = kx_class_from_json("echo.Server", json, error);
	json_decref(json);
	return made;
}

static void the_blob_says_what_the_json_said(void **state)
{
	struct kx_class *made = make(echo, NULL);
	const struct kx_method *ping = kx_blob_method(made, 0, 0);
	const struct kx_method *give = kx_blob_method(made, 0, 1);

	(void)state;
	assert_string_equal(kx_class_text(made, made->name), "echo.Server");
	assert_int_equal(made->endpoint_count, 2);
	assert_int_equal(made->method_count, 2);
	assert_string_equal(kx_class_text(made, ping->name), "Ping");
	assert_int_equal(ping->request.size, 32);
	assert_int_equal(ping->request.field_count, 1);
	assert_int_equal(kx_class_fields(made, ping->request.fields)->max, 64);
	assert_int_equal(ping->response.size, 24);
	assert_int_equal(ping->error.size, 0);
	assert_int_equal(give->error.size, 32);
	assert_int_equal(kx_blob_method_index(made, give), 1);
	assert_null(kx_blob_method(made, 0, 2));
	assert_null(kx_blob_method(made, 1, 0));
	assert_null(kx_blob_method(made, 2, 0));
	free(made);
}

static void has_names(const struct kx_class *made, uint16_t riid, const char *name,
		      const char *qualified)
{
	const struct kx_endpoint *endpoint = &kx_class_endpoints(made)[riid];

	assert_string_equal(kx_class_text(made, endpoint->name), name);
	assert_string_equal(kx_class_text(made, endpoint->qualified), qualified);
}

static void an_endpoint_stands_at_its_riid_with_both_names(void **state)
{
	struct kx_class *made = make(echo, NULL);

	(void)state;
	has_names(made, 0, "comp.ping", "echo.CPing.ping");
	has_names(made, 1, "other", "");
	free(made);
}

static void methods_that_can_carry_handles_are_known(void **state)
{
	struct kx_class *made = make(echo, NULL);

	(void)state;
	assert_false(kx_class_has_handles(made, &kx_blob_method(made, 0, 0)->request));
	assert_true(kx_class_has_handles(made, &kx_blob_method(made, 0, 1)->request));
	free(made);
}

static void every_offset_lies_inside_the_blob(void **state)
{
	struct kx_class *made = make(echo, NULL);
	const struct kx_endpoint *endpoint = kx_class_endpoints(made);

	(void)state;
	assert_true(made->endpoints + 2 * sizeof(*endpoint) <= made->bytes);
	assert_true(made->methods + 2 * sizeof(struct kx_method) <= made->bytes);
	assert_true(endpoint->name < made->bytes && endpoint->interface < made->bytes);
	assert_int_equal(made->methods % 8, 0);
	free(made);
}

/* Refused, with a message that names the place. */
static void refused(const char *text, const char *expected)
{
	char error[KX_CLASS_ERROR_MAX];
	struct kx_class *made = make(text, error);

	if (made)
		fail_msg("accepted: %s", text);
	if (!strstr(error, expected))
		fail_msg("expected %s, found: %s", expected, error);
}

#define METHOD(message) "{\"endpoints\":[{\"name\":\"e\",\"methods\":[" message "]}]}"
#define REQUEST(fields) METHOD("{\"name\":\"M\",\"req\":{\"size\":32,\"fields\":[" fields "]}}")

static void what_is_wrong_is_refused_with_its_place(void **state)
{
	(void)state;
	refused("{\"endpoints\":{}}", "not an array");
	refused("{\"endpoints\":[{\"riid\":0}]}", "\"name\" is missing");
	refused("{\"endpoints\":[{\"name\":\"e\",\"riid\":1}]}",
		"endpoint \"e\": \"riid\" is not 0");
	refused(METHOD("{\"name\":\"M\",\"mid\":1,\"req\":{\"size\":24}}"), "\"mid\" is not 0");
	refused(METHOD("{\"name\":\"M\"}"), "endpoint \"e\".M: \"req\" is missing");
	refused(METHOD("{\"name\":\"M\",\"req\":{\"size\":23}}"), ".M.req: \"size\" 23");
	refused(METHOD("{\"name\":\"M\",\"req\":{\"size\":-1}}"), "not a number");
	refused(METHOD("{\"name\":\"M\",\"req\":{\"size\":24,\"handles\":8}}"), "7 handles");
	refused(REQUEST("{\"kind\":\"other\",\"offset\":24}"), "\"other\"");
	refused(REQUEST("{\"kind\":\"ptr\",\"offset\":28}"), "does not fit");
	refused(REQUEST("{\"kind\":\"ptr\",\"offset\":16}"), "does not fit");
	refused(REQUEST("{\"kind\":\"ptr\",\"offset\":24,\"align\":3}"), "power of two");
	refused(REQUEST("{\"kind\":\"ptr\",\"offset\":24,\"elem\":0}"), "must not be 0");
	refused(REQUEST("{\"kind\":\"ptr\",\"offset\":24,\"elem\":8,\"fields\":["
			"{\"kind\":\"ptr\",\"offset\":4}]}"),
		"does not fit");
	refused(REQUEST("{\"kind\":\"ptr\",\"offset\":24,\"repeat\":4294967295,\"stride\":0}"),
		"less than the field");
	refused(REQUEST("{\"kind\":\"handle\",\"offset\":24,\"repeat\":2,\"stride\":8}"),
		"less than the field");
	refused(REQUEST("{\"kind\":\"ptr\",\"offset\":24,\"repeat\":4294967295,\"stride\":8}"),
		"does not fit");
}

static void fields_nested_too_deep_are_refused(void **state)
{
	char text[4096] = "";
	char error[KX_CLASS_ERROR_MAX];
	int depth;

	(void)state;
	strcat(text,
	       "{\"endpoints\":[{\"name\":\"e\",\"methods\":[{\"name\":\"M\",\"req\":{\"size\":32,"
	       "\"fields\":[");
	for (depth = 0; depth < 10; depth++)
		strcat(text, depth ? "{\"kind\":\"ptr\",\"offset\":0,\"elem\":8,\"fields\":["
				   : "{\"kind\":\"ptr\",\"offset\":24,\"elem\":8,\"fields\":[");
	for (depth = 0; depth < 10; depth++)
		strcat(text, "]}");
	strcat(text, "]}}]}]}");
	assert_null(make(text, error));
	assert_non_null(strstr(error, "nested deeper"));
}

static void einit_names_make_a_class_without_methods(void **state)
{
	static const char text[] = "echo.CPing.ping\0echo.Ping\0"
				   "0\0comp.ping\0echo.Ping\0"
				   "0\0other\0x.Y\0"
				   "2\0pkg.other\0x.Y\0"
				   "2";
	struct kx_class *made = kx_class_from_names("echo.Server", text, sizeof(text));

	(void)state;
	assert_non_null(made);
	assert_int_equal(made->endpoint_count, 3);
	assert_int_equal(made->method_count, 0);
	has_names(made, 0, "comp.ping", "echo.CPing.ping");
	has_names(made, 1, "", "");
	has_names(made, 2, "other", "pkg.other");
	free(made);
	assert_null(kx_class_from_names("c", "a\0b\0x", 6));
	assert_null(kx_class_from_names("c", "a\0b\0", 4));
	assert_null(kx_class_from_names("c",
					"a\0b\0"
					"1",
					5));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_blob_says_what_the_json_said),
		cmocka_unit_test(an_endpoint_stands_at_its_riid_with_both_names),
		cmocka_unit_test(methods_that_can_carry_handles_are_known),
		cmocka_unit_test(every_offset_lies_inside_the_blob),
		cmocka_unit_test(what_is_wrong_is_refused_with_its_place),
		cmocka_unit_test(fields_nested_too_deep_are_refused),
		cmocka_unit_test(einit_names_make_a_class_without_methods),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
