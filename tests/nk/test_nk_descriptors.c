/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The JSON of --descriptors against generated code: every random message that
 * generated code makes passes a check built from the descriptors alone, and
 * breaking a message where the descriptor says so makes it fail.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include <kxt/All.idl.h>

#define ROUNDS 100

static json_t *descriptors;

static json_int_t number(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	assert_true(json_is_integer(value));
	return json_integer_value(value);
}

static const json_t *by_name(const json_t *array, const char *name)
{
	size_t i;
	json_t *item;

	json_array_foreach(array, i,
			   item) if (strcmp(json_string_value(json_object_get(item, "name")),
					    name) == 0) return item;
	fail_msg("no '%s' in the descriptors", name);
	return NULL;
}

static const json_t *method_of(const char *endpoint, const char *method)
{
	return by_name(json_object_get(by_name(json_object_get(descriptors, "endpoints"), endpoint),
				       "methods"),
		       method);
}

static bool parts_fit(const json_t *holder, const char *base, const nk_arena *arena);

static bool chunk_fits(const json_t *field, const char *where, const nk_arena *arena)
{
	nk_uint32_t elem = (nk_uint32_t)number(field, "elem");
	nk_ptr_t ptr;

	memcpy(&ptr, where, sizeof(ptr));
	if (ptr.size == 0)
		return true;
	if (ptr.offset > nk_arena_allocated_size(arena) ||
	    ptr.size > nk_arena_allocated_size(arena) - ptr.offset)
		return false;
	if (ptr.size > number(field, "max") || ptr.size % elem ||
	    ptr.offset % number(field, "align"))
		return false;
	for (nk_uint32_t done = 0; done < ptr.size; done += elem)
		if (!parts_fit(field, (const char *)arena->start + ptr.offset + done, arena))
			return false;
	return true;
}

static bool union_fits(const json_t *field, const char *where, const nk_arena *arena)
{
	const json_t *members = json_object_get(field, "members");
	nk_uint32_t tag;

	memcpy(&tag, where, sizeof(tag));
	return tag < json_array_size(members) &&
	       parts_fit(json_array_get(members, tag), where + number(field, "value"), arena);
}

static bool all_fit(const json_t *fields, const char *base, const nk_arena *arena,
		    bool (*one)(const json_t *, const char *, const nk_arena *))
{
	size_t i;
	json_t *field;

	json_array_foreach(fields, i, field)
	{
		const char *kind = json_string_value(json_object_get(field, "kind"));
		const char *where = base + number(field, "offset");

		if (kind && strcmp(kind, "handle") == 0)
			continue;
		for (json_int_t n = 0; n < number(field, "repeat"); n++) {
			if (!one(field, where, arena))
				return false;
			where += number(field, "stride");
		}
	}
	return true;
}

static bool parts_fit(const json_t *holder, const char *base, const nk_arena *arena)
{
	return all_fit(json_object_get(holder, "fields"), base, arena, chunk_fits) &&
	       all_fit(json_object_get(holder, "unions"), base, arena, union_fits);
}

static bool fits(const json_t *desc, const void *message, nk_size_t size, const nk_arena *arena)
{
	assert_int_equal(number(desc, "size"), size);
	assert_true(nk_arena_allocated_size(arena) <= (nk_size_t)number(desc, "arena"));
	return parts_fit(desc, message, arena);
}

static int next_random(void)
{
	return (int)((unsigned)rand() ^ (unsigned)rand() << 8);
}

#define CHECK_METHOD(name)                                                                         \
	static void messages_of_##name##_fit(void **state)                                         \
	{                                                                                          \
		const json_t *method = method_of("part.all", #name);                               \
		char *bytes = malloc(kxt_All_arena_size + 1);                                      \
		nk_bool_t failure;                                                                 \
                                                                                                   \
		(void)state;                                                                       \
		assert_int_equal(number(method, "mid"), kxt_All_##name##_mid);                     \
		for (int round = 0; round < ROUNDS; round++) {                                     \
			struct kxt_All_##name##_req req = {0};                                     \
			struct kxt_All_##name##_res res = {0};                                     \
			nk_arena arena = NK_ARENA_INITIALIZER(                                     \
				bytes, bytes + kxt_All_##name##_req_arena_size);                   \
                                                                                                   \
			assert_int_equal(                                                          \
				kxt_All_##name##_test_req(&req, &arena, next_random, &failure),    \
				NK_EOK);                                                           \
			assert_true(                                                               \
				fits(json_object_get(method, "req"), &req, sizeof(req), &arena));  \
			nk_arena_init(&arena, bytes, bytes + kxt_All_##name##_res_arena_size);     \
			assert_int_equal(                                                          \
				kxt_All_##name##_test_res(&res, &arena, next_random, &failure),    \
				NK_EOK);                                                           \
			assert_true(fits(json_object_get(method, "res"), &res, sizeof(res.res_),   \
					 &arena));                                                 \
		}                                                                                  \
		free(bytes);                                                                       \
	}

CHECK_METHOD(Nothing)
CHECK_METHOD(Scalars)
CHECK_METHOD(Texts)
CHECK_METHOD(Nested)
CHECK_METHOD(Entries)
CHECK_METHOD(Records)
CHECK_METHOD(Choose)
CHECK_METHOD(Handles)
CHECK_METHOD(Mixed)
CHECK_METHOD(Grids)
CHECK_METHOD(main)

static void broken_messages_do_not_fit(void **state)
{
	const json_t *desc = json_object_get(method_of("part.all", "Records"), "req");
	char *bytes = malloc(kxt_All_Records_req_arena_size);
	nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + kxt_All_Records_req_arena_size);
	struct kxt_All_Records_req req = {0}, bad;
	nk_bool_t failure;

	(void)state;
	kxt_All_Records_test_req(&req, &arena, next_random, &failure);
	assert_true(fits(desc, &req, sizeof(req), &arena));
	bad = req;
	bad.outer.rest[1].label.size = kxt_All_Records_req_arena_size + 1;
	assert_false(fits(desc, &bad, sizeof(bad), &arena));
	bad = req;
	bad.outer.first.path = (nk_ptr_t){1, 4};
	assert_false(fits(desc, &bad, sizeof(bad), &arena));
	bad = req;
	bad.outer.raw = (nk_ptr_t){0, 6};
	assert_false(fits(desc, &bad, sizeof(bad), &arena));
	free(bytes);
}

static void handles_are_listed_with_their_place(void **state)
{
	const json_t *req = json_object_get(method_of("part.all", "Handles"), "req");
	const json_t *fields = json_object_get(req, "fields");
	const json_t *more = by_name(fields, "more");

	(void)state;
	assert_int_equal(number(req, "handles"), 3);
	assert_int_equal(json_array_size(fields), 2);
	assert_string_equal(json_string_value(json_object_get(more, "kind")), "handle");
	assert_int_equal(number(more, "offset"), offsetof(kxt_All_Handles_req, more));
	assert_int_equal(number(more, "repeat"), 2);
	assert_int_equal(number(more, "stride"), 16);
}

static void endpoints_have_both_names_and_their_number(void **state)
{
	static const struct {
		const char *path, *qualified;
		int riid;
		bool security;
	} wanted[] = {
		{"part.inner.ping", "kxt.Ping.ping", 0, false},
		{"part.all", "kxt.Part.all", 1, false},
		{"part.interface", "kxt.Part.interface", 2, false},
		{"ping.ping", "kxt.Ping.ping", 3, false},
		{"direct", "kxt.Server.direct", 4, false},
		{"quiet.security", "kxt.Quiet.security", 5, true},
		{"security", "kxt.Server.security", 6, true},
	};
	const json_t *endpoints = json_object_get(descriptors, "endpoints");

	(void)state;
	assert_string_equal(json_string_value(json_object_get(descriptors, "class")), "kxt.Server");
	assert_int_equal(json_array_size(endpoints), sizeof(wanted) / sizeof(wanted[0]));
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		const json_t *endpoint = by_name(endpoints, wanted[i].path);

		assert_string_equal(json_string_value(json_object_get(endpoint, "qualified")),
				    wanted[i].qualified);
		assert_int_equal(number(endpoint, "riid"), wanted[i].riid);
		assert_int_equal(json_is_true(json_object_get(endpoint, "security")),
				 wanted[i].security);
	}
}

static void parameters_can_be_decoded(void **state)
{
	const json_t *req = json_object_get(method_of("part.all", "Records"), "req");
	const json_t *params = json_object_get(req, "params");
	const json_t *triple = by_name(params, "triple");

	(void)state;
	assert_string_equal(json_string_value(json_object_get(triple, "type")), "Triple");
	assert_int_equal(number(triple, "offset"), offsetof(kxt_All_Records_req, triple));
	assert_int_equal(number(triple, "size"), 6);
	assert_true(json_is_null(json_object_get(method_of("part.all", "main"), "err")));
	assert_int_equal(number(json_object_get(method_of("direct", "Try"), "err"), "arena"), 32);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_of_Nothing_fit),
		cmocka_unit_test(messages_of_Scalars_fit),
		cmocka_unit_test(messages_of_Texts_fit),
		cmocka_unit_test(messages_of_Nested_fit),
		cmocka_unit_test(messages_of_Entries_fit),
		cmocka_unit_test(messages_of_Records_fit),
		cmocka_unit_test(messages_of_Choose_fit),
		cmocka_unit_test(messages_of_Handles_fit),
		cmocka_unit_test(messages_of_Mixed_fit),
		cmocka_unit_test(messages_of_Grids_fit),
		cmocka_unit_test(messages_of_main_fit),
		cmocka_unit_test(broken_messages_do_not_fit),
		cmocka_unit_test(handles_are_listed_with_their_place),
		cmocka_unit_test(endpoints_have_both_names_and_their_number),
		cmocka_unit_test(parameters_can_be_decoded),
	};
	int failed;

	descriptors = json_load_file(KX_DESCRIPTORS, 0, NULL);
	if (!descriptors)
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	json_decref(descriptors);
	return failed;
}
