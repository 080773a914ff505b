/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Three parts that must agree and share no code: what generated headers build,
 * what --descriptors says of it, and what the kernel process makes of that.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include <kxt/All.idl.h>
#include <kxt/Server.edl.h>

#include "class.h"
#include "ipc/validate.h"

#define ROUNDS 50

static struct kx_class *class_table;

static int load_class(void **state)
{
	char error[KX_CLASS_ERROR_MAX] = "";
	json_t *json = json_load_file(KX_DESCRIPTORS, 0, NULL);

	(void)state;
	class_table = kx_class_from_json("kxt.Server", json, error);
	json_decref(json);
	if (!class_table)
		print_error("%s\n", error);
	return class_table ? 0 : -1;
}

static int free_class(void **state)
{
	(void)state;
	free(class_table);
	return 0;
}

static int next_random(void)
{
	return (int)((unsigned)rand() ^ (unsigned)rand() << 8);
}

/* As a receiver asks: the head, the bytes behind the header, the arena. */
static bool is_valid(const struct nk_message *message, const nk_arena *arena)
{
	const struct kx_method *method = kx_blob_method(class_table, message->iid, message->mid);
	struct kx_head head = {.iid = message->iid, .mid = message->mid};
	enum kx_message_kind kind = KX_MESSAGE_REQUEST;

	memcpy(&head.ex, &message->ex, sizeof(head.ex));
	head.arena = (uint32_t)nk_arena_allocated_size(arena);
	assert_non_null(method);
	return kx_message_valid(class_table, kx_method_desc(method, kind, head.ex), &head,
				message + 1, arena->start);
}

#define CHECK_METHOD(name)                                                                         \
	static void requests_of_##name##_are_valid(void **state)                                   \
	{                                                                                          \
		char *bytes = malloc(kxt_All_req_arena_size);                                      \
		nk_bool_t failure;                                                                 \
                                                                                                   \
		(void)state;                                                                       \
		for (int round = 0; round < ROUNDS; round++) {                                     \
			struct kxt_All_##name##_req req;                                           \
			nk_arena arena = NK_ARENA_INITIALIZER(                                     \
				bytes, bytes + kxt_All_##name##_req_arena_size);                   \
                                                                                                   \
			memset(&req, 0, sizeof(req));                                              \
			assert_int_equal(                                                          \
				kxt_All_##name##_test_req(&req, &arena, next_random, &failure),    \
				NK_EOK);                                                           \
			nk_req_reset(&req);                                                        \
			nk_msg_set_method_id(&req, kxt_Server_part_all_iid, kxt_All_##name##_mid); \
			nk_msg_set_ncaps(&req, kxt_All_##name##_req_handles);                      \
			assert_true(is_valid(&req.base_, &arena));                                 \
			nk_message_set_size(&req.base_, sizeof(req) + 8);                          \
			assert_false(is_valid(&req.base_, &arena));                                \
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

static void bad_chunks_are_found_at_every_level(void **state)
{
	char bytes[kxt_All_Records_req_arena_size];
	nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
	struct kxt_All_Records_req req;
	nk_bool_t failure;
	nk_ptr_t *const chunks[] = {&req.outer.first.label, &req.outer.first.path,
				    &req.outer.rest[0].path, &req.outer.rest[1].label,
				    &req.outer.raw};

	(void)state;
	memset(&req, 0, sizeof(req));
	kxt_All_Records_test_req(&req, &arena, next_random, &failure);
	nk_req_reset(&req);
	nk_msg_set_method_id(&req, kxt_Server_part_all_iid, kxt_All_Records_mid);
	assert_true(is_valid(&req.base_, &arena));
	for (size_t i = 0; i < nk_array_size(chunks); i++) {
		nk_ptr_t good = *chunks[i];

		*chunks[i] = (nk_ptr_t){(nk_uint32_t)nk_arena_allocated_size(&arena), 4};
		assert_false(is_valid(&req.base_, &arena));
		*chunks[i] = (nk_ptr_t){0, 0x10000};
		assert_false(is_valid(&req.base_, &arena));
		*chunks[i] = good;
	}
}

static void has_names(uint16_t riid, const char *name, const char *qualified)
{
	const struct kx_endpoint *endpoint = &kx_class_endpoints(class_table)[riid];

	assert_string_equal(kx_class_text(class_table, endpoint->name), name);
	assert_string_equal(kx_class_text(class_table, endpoint->qualified), qualified);
}

static void names_and_numbers_are_those_of_the_header(void **state)
{
	(void)state;
	assert_int_equal(class_table->endpoint_count, 7);
	has_names(kxt_Server_part_inner_ping_iid, "part.inner.ping", "kxt.Ping.ping");
	has_names(kxt_Server_part_all_iid, "part.all", "kxt.Part.all");
	has_names(kxt_Server_direct_iid, "direct", "kxt.Server.direct");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_of_Nothing_are_valid),
		cmocka_unit_test(requests_of_Scalars_are_valid),
		cmocka_unit_test(requests_of_Texts_are_valid),
		cmocka_unit_test(requests_of_Nested_are_valid),
		cmocka_unit_test(requests_of_Entries_are_valid),
		cmocka_unit_test(requests_of_Records_are_valid),
		cmocka_unit_test(requests_of_Choose_are_valid),
		cmocka_unit_test(requests_of_Handles_are_valid),
		cmocka_unit_test(requests_of_Mixed_are_valid),
		cmocka_unit_test(requests_of_Grids_are_valid),
		cmocka_unit_test(requests_of_main_are_valid),
		cmocka_unit_test(bad_chunks_are_found_at_every_level),
		cmocka_unit_test(names_and_numbers_are_those_of_the_header),
	};

	return cmocka_run_group_tests(tests, load_class, free_class);
}
