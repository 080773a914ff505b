/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Messages against their descriptions. The class here has one endpoint with two
 * methods; "Plain" has a fixed request, "Rich" one with a sequence of records
 * that hold strings, an array of buffers, and a handle.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "validate.h"

/* Offsets in Rich's request, header included, and in one record. */
enum {
	AT_RECORDS = 24,
	AT_BUFFERS = 32, /* two of them */
	AT_HANDLE = 48,
	RICH_SIZE = 56,
	RECORD_NAME = 8,
	RECORD_SIZE = 16,
	NAME_MAX_BYTES = 9,
	RECORDS_MAX_BYTES = 4 * RECORD_SIZE,
	BUFFER_MAX_BYTES = 64,
	PLAIN_SIZE = 32,
};

struct test_class {
	struct kx_class head;
	struct kx_endpoint endpoints[1];
	struct kx_method methods[2];
	struct kx_field rich[3];
	struct kx_field record[1];
	struct kx_field deep_root[1];
	struct kx_field deep[1]; /* an element that contains itself: deeper than any limit */
};

#define OFF(member) ((uint32_t)offsetof(struct test_class, member))

static const struct test_class blob = {
	.head = {.bytes = sizeof(struct test_class),
		 .endpoint_count = 1,
		 .endpoints = OFF(endpoints),
		 .method_count = 2,
		 .methods = OFF(methods)},
	.endpoints = {{.first_method = 0, .method_count = 2}},
	.methods =
		{{.request = {.size = PLAIN_SIZE}, .response = {.size = 24}, .error = {.size = 28}},
		 {.request = {.size = RICH_SIZE,
			      .arena = 256,
			      .field_count = 3,
			      .fields = OFF(rich),
			      .handles = 1},
		  .response =
			  {.size = 32, .arena = 64, .field_count = 1, .fields = OFF(deep_root)}}},
	.rich = {{.kind = KX_FIELD_ARENA,
		  .offset = AT_RECORDS,
		  .repeat = 1,
		  .stride = 8,
		  .element = RECORD_SIZE,
		  .align = 8,
		  .max = RECORDS_MAX_BYTES,
		  .field_count = 1,
		  .fields = OFF(record)},
		 {.kind = KX_FIELD_ARENA,
		  .offset = AT_BUFFERS,
		  .repeat = 2,
		  .stride = 8,
		  .element = 4,
		  .align = 4,
		  .max = BUFFER_MAX_BYTES},
		 {.kind = KX_FIELD_HANDLE, .offset = AT_HANDLE, .repeat = 1, .stride = 8}},
	.record = {{.kind = KX_FIELD_ARENA,
		    .offset = RECORD_NAME,
		    .repeat = 1,
		    .stride = 8,
		    .element = 1,
		    .align = 1,
		    .max = NAME_MAX_BYTES}},
	.deep_root = {{.kind = KX_FIELD_ARENA,
		       .offset = 24,
		       .repeat = 1,
		       .stride = 8,
		       .element = 8,
		       .align = 8,
		       .max = 64,
		       .field_count = 1,
		       .fields = OFF(deep)}},
	.deep = {{.kind = KX_FIELD_ARENA,
		  .offset = 0,
		  .repeat = 1,
		  .stride = 8,
		  .element = 8,
		  .align = 8,
		  .max = 64,
		  .field_count = 1,
		  .fields = OFF(deep)}},
};

#define PLAIN (&blob.methods[0])
#define RICH  (&blob.methods[1])

/* A message in the receiver's private copy. */
struct copy {
	struct kx_head head;
	_Alignas(8) uint8_t fixed[RICH_SIZE];
	_Alignas(8) uint8_t arena[256];
};

static void put(uint8_t *where, uint32_t offset, uint32_t size)
{
	memcpy(where, &offset, 4);
	memcpy(where + 4, &size, 4);
}

/* A good Rich request: two records named, two buffers. */
static struct copy rich_request(void)
{
	struct copy copy = {
		.head = {.mid = 1, .ex = KX_EX(RICH_SIZE, 1, 0), .arena = 200},
	};

	put(copy.fixed + AT_RECORDS, 8, 2 * RECORD_SIZE);
	put(copy.arena + 8 + RECORD_NAME, 40, 3);
	put(copy.arena + 8 + RECORD_SIZE + RECORD_NAME, 43, NAME_MAX_BYTES);
	put(copy.fixed + AT_BUFFERS, 64, 8);
	put(copy.fixed + AT_BUFFERS + 8, 136, BUFFER_MAX_BYTES);
	return copy;
}

static bool request_valid(const struct copy *copy, const struct kx_method *method)
{
	return kx_message_valid(&blob.head, &method->request, &copy->head,
				copy->fixed + KX_MESSAGE_MIN, copy->arena);
}

static void methods_are_found_by_endpoint_and_number(void **state)
{
	(void)state;
	assert_ptr_equal(kx_blob_method(&blob.head, 0, 0), PLAIN);
	assert_ptr_equal(kx_blob_method(&blob.head, 0, 1), RICH);
	assert_null(kx_blob_method(&blob.head, 0, 2));
	assert_null(kx_blob_method(&blob.head, 1, 0));
	assert_null(kx_blob_method(&blob.head, 0xffff, 0xffff));
	assert_int_equal(kx_blob_method_index(&blob.head, RICH), 1);
}

static void the_error_flag_chooses_the_description(void **state)
{
	(void)state;
	assert_ptr_equal(kx_method_desc(PLAIN, KX_MESSAGE_REQUEST, KX_EX(32, 0, 1)),
			 &PLAIN->request);
	assert_ptr_equal(kx_method_desc(PLAIN, KX_MESSAGE_RESPONSE, KX_EX(24, 0, 0)),
			 &PLAIN->response);
	assert_ptr_equal(kx_method_desc(PLAIN, KX_MESSAGE_RESPONSE, KX_EX(28, 0, 1)),
			 &PLAIN->error);
}

static void a_fixed_message_is_judged_by_size_and_handles(void **state)
{
	static const struct {
		uint32_t ex;
		bool valid;
	} table[] = {
		{KX_EX(PLAIN_SIZE, 0, 0), true},
		{KX_EX(PLAIN_SIZE - 1, 0, 0), false},
		{KX_EX(PLAIN_SIZE + 1, 0, 0), false},
		{KX_EX(24, 0, 0), false},
		{KX_EX(0, 0, 0), false},
		{KX_EX(0x0fffffff, 0, 0), false},
		{KX_EX(PLAIN_SIZE, 1, 0), false},
		{KX_EX(PLAIN_SIZE, 7, 0), false},
	};
	struct copy copy = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		copy.head.ex = table[i].ex;
		assert_int_equal(request_valid(&copy, PLAIN), table[i].valid);
	}
}

static void a_good_nested_message_is_valid(void **state)
{
	struct copy copy = rich_request();

	(void)state;
	assert_true(request_valid(&copy, RICH));
}

/* M-08: one descriptor at a time gets every kind of wrong value. */
static void a_descriptor_must_point_into_the_arena(void **state)
{
	static const struct {
		uint32_t offset;
		uint32_t size;
		bool valid;
	} table[] = {
		{64, 8, true},          {0, 0, true},
		{0xffffffff, 0, true},                   /* not set: the offset means nothing */
		{196, 4, true},         {200, 4, false}, /* just behind the arena of 200 */
		{196, 8, false},        {204, 4, false},
		{0xfffffffc, 4, false}, {0xfffffffc, 8, false}, /* sum wraps */
		{8, 0xfffffffc, false}, {0x80000000, 0x80000000, false},
		{64, 6, false},                          /* not whole elements */
		{66, 8, false},                          /* misaligned */
		{64, 64, true},         {64, 68, false}, /* over the declared most */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		for (unsigned which = 0; which < 2; which++) {
			struct copy copy = rich_request();

			put(copy.fixed + AT_BUFFERS + 8 * which, table[i].offset, table[i].size);
			assert_int_equal(request_valid(&copy, RICH), table[i].valid);
		}
	}
}

/* The end of a chunk is not computed: here no declared most hides a sum that wraps. */
static void the_end_of_a_chunk_does_not_wrap(void **state)
{
	static const struct {
		uint32_t offset;
		uint32_t size;
	} table[] = {{64, UINT32_MAX - 63}, {196, UINT32_MAX - 191}, {200, UINT32_MAX - 199}};
	struct test_class wide = blob;
	struct copy copy = rich_request();

	(void)state;
	wide.rich[1].max = UINT32_MAX;
	assert_true(kx_message_valid(&wide.head, &wide.methods[1].request, &copy.head,
				     copy.fixed + KX_MESSAGE_MIN, copy.arena));
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		put(copy.fixed + AT_BUFFERS, table[i].offset, table[i].size);
		assert_false(kx_message_valid(&wide.head, &wide.methods[1].request, &copy.head,
					      copy.fixed + KX_MESSAGE_MIN, copy.arena));
	}
}

static void nested_descriptors_are_judged_too(void **state)
{
	static const struct {
		uint32_t offset;
		uint32_t size;
		bool valid;
	} table[] = {
		{40, 3, true},          {0, 0, true},   {40, NAME_MAX_BYTES + 1, false},
		{198, 3, false},        {197, 3, true}, {0xffffffff, 1, false},
		{1, 0xffffffff, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		for (unsigned which = 0; which < 2; which++) {
			struct copy copy = rich_request();

			put(copy.arena + 8 + which * RECORD_SIZE + RECORD_NAME, table[i].offset,
			    table[i].size);
			assert_int_equal(request_valid(&copy, RICH), table[i].valid);
		}
	}
}

static void a_sequence_holds_whole_records(void **state)
{
	struct copy copy = rich_request();

	(void)state;
	put(copy.fixed + AT_RECORDS, 8, 2 * RECORD_SIZE - 1);
	assert_false(request_valid(&copy, RICH));
	put(copy.fixed + AT_RECORDS, 12, RECORD_SIZE);
	assert_false(request_valid(&copy, RICH));
	memset(copy.arena, 0, sizeof(copy.arena));
	put(copy.fixed + AT_RECORDS, 8, RECORDS_MAX_BYTES);
	assert_true(request_valid(&copy, RICH));
	put(copy.fixed + AT_RECORDS, 8, RECORDS_MAX_BYTES + RECORD_SIZE);
	assert_false(request_valid(&copy, RICH));
}

static void an_empty_arena_holds_nothing(void **state)
{
	struct copy copy = {.head = {.mid = 1, .ex = KX_EX(RICH_SIZE, 1, 0), .arena = 0}};

	(void)state;
	assert_true(request_valid(&copy, RICH));
	put(copy.fixed + AT_BUFFERS, 0, 4);
	assert_false(request_valid(&copy, RICH));
}

/* A record that points at itself would never end; the depth has a bound. */
static void nesting_has_an_end(void **state)
{
	struct copy copy = {.head = {.mid = 1, .ex = KX_EX(32, 0, 0), .arena = 8}};

	(void)state;
	put(copy.arena, 0, 8);
	put(copy.fixed + KX_MESSAGE_MIN, 0, 8);
	assert_false(kx_message_valid(&blob.head, &RICH->response, &copy.head,
				      copy.fixed + KX_MESSAGE_MIN, copy.arena));
}

/* Two lists of two elements each: apart they are a message, one on the other they are not. */
static void records_have_places_of_their_own(void **state)
{
	struct copy copy = {.head = {.mid = 1, .ex = KX_EX(32, 0, 0), .arena = 48}};

	(void)state;
	put(copy.fixed + KX_MESSAGE_MIN, 0, 16);
	put(copy.arena, 16, 16);
	put(copy.arena + 8, 32, 16);
	assert_true(kx_message_valid(&blob.head, &RICH->response, &copy.head,
				     copy.fixed + KX_MESSAGE_MIN, copy.arena));
	put(copy.arena + 8, 16, 16);
	copy.head.arena = 32;
	assert_false(kx_message_valid(&blob.head, &RICH->response, &copy.head,
				      copy.fixed + KX_MESSAGE_MIN, copy.arena));
}

struct visits {
	unsigned count;
	uint32_t offset;
	void *where;
	bool go_on;
};

static bool visit(void *context, void *descriptor, uint32_t offset)
{
	struct visits *visits = context;

	visits->count++;
	visits->offset = offset;
	visits->where = descriptor;
	return visits->go_on;
}

static void every_handle_is_visited(void **state)
{
	struct visits visits = {.go_on = true};
	struct copy copy = rich_request();

	(void)state;
	assert_true(kx_message_handles(&blob.head, &RICH->request, copy.fixed, visit, &visits));
	assert_int_equal(visits.count, 1);
	assert_int_equal(visits.offset, AT_HANDLE);
	assert_ptr_equal(visits.where, copy.fixed + AT_HANDLE);
	visits.go_on = false;
	assert_false(kx_message_handles(&blob.head, &RICH->request, copy.fixed, visit, &visits));
	assert_true(kx_message_handles(&blob.head, &PLAIN->request, copy.fixed, visit, &visits));
	assert_int_equal(visits.count, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(methods_are_found_by_endpoint_and_number),
		cmocka_unit_test(the_error_flag_chooses_the_description),
		cmocka_unit_test(a_fixed_message_is_judged_by_size_and_handles),
		cmocka_unit_test(a_good_nested_message_is_valid),
		cmocka_unit_test(a_descriptor_must_point_into_the_arena),
		cmocka_unit_test(the_end_of_a_chunk_does_not_wrap),
		cmocka_unit_test(nested_descriptors_are_judged_too),
		cmocka_unit_test(a_sequence_holds_whole_records),
		cmocka_unit_test(an_empty_arena_holds_nothing),
		cmocka_unit_test(nesting_has_an_end),
		cmocka_unit_test(records_have_places_of_their_own),
		cmocka_unit_test(every_handle_is_visited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
