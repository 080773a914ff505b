/* SPDX-License-Identifier: Apache-2.0 */

/* The rules of the arena (nk/arena.h), one test per rule. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <nk/arena.h>

static void an_arena_hands_out_exactly_its_bytes(void **state)
{
	char bytes[58];
	struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
	nk_ptr_t first, second;

	(void)state;
	assert_non_null(nk_arena_alloc(nk_char_t, &arena, &first, 49));
	assert_ptr_equal(nk_arena_alloc(nk_char_t, &arena, &second, 9), bytes + 49);
	assert_int_equal(second.offset, 49);
	assert_int_equal(second.size, 9);
	assert_int_equal(nk_arena_allocated_size(&arena), 58);
	assert_null(nk_arena_alloc(nk_char_t, &arena, &second, 1));
	assert_int_equal(second.size, 0);
	nk_arena_reset(&arena);
	assert_int_equal(nk_arena_allocated_size(&arena), 0);
	assert_ptr_equal(nk_arena_alloc(nk_char_t, &arena, &second, 58), bytes);
}

static void an_automatic_arena_has_its_bytes(void **state)
{
	struct nk_arena arena = NK_ARENA_AUTO(13);
	nk_ptr_t ptr;

	(void)state;
	assert_int_equal(nk_arena_capacity(&arena), 13);
	assert_non_null(nk_arena_alloc(nk_char_t, &arena, &ptr, 13));
	assert_null(nk_arena_alloc(nk_char_t, &arena, &ptr, 1));
}

static void any_start_address_serves_bytes_completely(void **state)
{
	char bytes[16 + 9];

	(void)state;
	for (size_t shift = 0; shift < 16; shift++) {
		struct nk_arena arena = NK_ARENA_INITIALIZER(bytes + shift, bytes + shift + 9);
		nk_ptr_t ptr;

		assert_ptr_equal(nk_arena_alloc(nk_char_t, &arena, &ptr, 9), bytes + shift);
	}
}

static void offsets_are_multiples_of_the_alignment(void **state)
{
	_Alignas(8) char bytes[64];
	struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
	nk_ptr_t ptr;

	(void)state;
	nk_arena_alloc(nk_char_t, &arena, &ptr, 1);
	nk_arena_alloc(nk_uint16_t, &arena, &ptr, 1);
	assert_int_equal(ptr.offset, 2);
	nk_arena_alloc(nk_char_t, &arena, &ptr, 1);
	assert_int_equal(ptr.offset, 4);
	nk_arena_alloc(nk_ptr_t, &arena, &ptr, 1);
	assert_int_equal(ptr.offset, 8);
	nk_arena_alloc(nk_char_t, &arena, &ptr, 1);
	nk_arena_alloc(nk_uint64_t, &arena, &ptr, 2);
	assert_int_equal(ptr.offset, 24);
	assert_int_equal(ptr.size, 16);
}

static void new_chunks_are_zero(void **state)
{
	char bytes[32];
	struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
	nk_ptr_t ptr;
	nk_char_t *text;

	(void)state;
	for (int round = 0; round < 2; round++) {
		memset(bytes, 'x', sizeof(bytes));
		nk_arena_reset(&arena);
		text = nk_arena_alloc(nk_char_t, &arena, &ptr, 6);
		memcpy(text, "hello", 5); /* without the last byte, as programs do */
		assert_string_equal(text, "hello");
	}
}

static void an_arena_without_memory_has_no_room(void **state)
{
	char bytes[1];
	struct nk_arena empty = NK_ARENA_INITIALIZER(bytes, bytes);
	struct nk_arena none = NK_ARENA_INITIALIZER(NULL, NULL);
	struct nk_arena turned = NK_ARENA_INITIALIZER(bytes + 1, bytes);
	struct nk_arena *arenas[] = {&empty, &none, &turned, NULL};
	nk_ptr_t ptr = {7, 7};
	nk_uint32_t count = 7;

	(void)state;
	for (size_t i = 0; i < nk_array_size(arenas); i++) {
		assert_null(nk_arena_alloc(nk_char_t, arenas[i], &ptr, 1));
		assert_int_equal(ptr.size, 0);
		assert_int_equal(nk_arena_store(nk_char_t, arenas[i], &ptr, "a", 1), NK_ENOMEM);
		assert_int_equal(nk_arena_store(nk_char_t, arenas[i], &ptr, "a", 0), NK_EOK);
		ptr.size = 1;
		count = 7;
		assert_null(nk_arena_get(nk_char_t, arenas[i], &ptr, &count));
		assert_int_equal(count, 0);
		assert_int_equal(nk_arena_capacity(arenas[i]), 0);
		nk_arena_reset(arenas[i]);
	}
}

static void no_elements_is_not_an_error(void **state)
{
	char bytes[3];
	struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
	nk_ptr_t ptr;
	nk_uint32_t count = 7;

	(void)state;
	nk_arena_alloc(nk_char_t, &arena, &ptr, 3);
	assert_non_null(nk_arena_alloc(nk_uint64_t, &arena, &ptr, 0));
	assert_int_equal(ptr.size, 0);
	assert_non_null(nk_arena_get(nk_uint64_t, &arena, &ptr, &count));
	assert_int_equal(count, 0);
	assert_int_equal(nk_arena_allocated_size(&arena), 3);
}

static void counts_that_overflow_are_refused(void **state)
{
	char bytes[64];
	struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
	const nk_size_t counts[] = {9, SIZE_MAX, SIZE_MAX / 8 + 1, SIZE_MAX / 8 + 2};
	nk_ptr_t ptr;

	(void)state;
	for (size_t i = 0; i < nk_array_size(counts); i++)
		assert_null(nk_arena_alloc(nk_uint64_t, &arena, &ptr, counts[i]));
	assert_null(nk_arena_alloc(nk_char_t, &arena, &ptr, -1));
	assert_int_equal(nk_arena_allocated_size(&arena), 0);
}

static void the_count_is_written_in_the_callers_width(void **state)
{
	char bytes[300];
	struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
	struct {
		nk_uint8_t n, guard;
	} small = {0, 0x55};
	nk_uint16_t n16;
	nk_uint32_t n32;
	nk_uint64_t n64 = UINT64_MAX;
	nk_size_t size = SIZE_MAX;
	int n;
	nk_ptr_t ptr;

	(void)state;
	nk_arena_alloc(nk_char_t, &arena, &ptr, 300);
	nk_arena_get(nk_char_t, &arena, &ptr, &n16);
	nk_arena_get(nk_char_t, &arena, &ptr, &n32);
	nk_arena_get(nk_char_t, &arena, &ptr, &n64);
	nk_arena_get(nk_char_t, &arena, &ptr, &size);
	nk_arena_get(nk_char_t, &arena, &ptr, &n);
	nk_arena_get(nk_char_t, &arena, &ptr, &small.n);
	assert_int_equal(n16, 300);
	assert_int_equal(n32, 300);
	assert_int_equal(n64, 300);
	assert_int_equal(size, 300);
	assert_int_equal(n, 300);
	assert_int_equal(small.n, 255);
	assert_int_equal(small.guard, 0x55);
}

static void a_bad_descriptor_reads_as_null(void **state)
{
	_Alignas(8) char bytes[64];
	const struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
	const nk_ptr_t bad[] = {{65, 0},         {64, 4}, {0, 68}, {60, 8}, {0xffffffff, 4},
				{4, 0xfffffffc}, {1, 4},  {2, 4},  {0, 3},  {0, 5}};
	const nk_ptr_t good[] = {{0, 0}, {64, 0}, {0, 64}, {60, 4}, {4, 60}};
	nk_uint32_t count;

	(void)state;
	for (size_t i = 0; i < nk_array_size(bad); i++) {
		count = 7;
		assert_null(nk_arena_get(nk_uint32_t, &arena, &bad[i], &count));
		assert_int_equal(count, 0);
	}
	for (size_t i = 0; i < nk_array_size(good); i++) {
		assert_ptr_equal(nk_arena_get(nk_uint32_t, &arena, &good[i], &count),
				 bytes + good[i].offset);
		assert_int_equal(count, good[i].size / 4);
	}
}

static void store_copies_and_get_reads_back(void **state)
{
	char bytes[64];
	struct nk_arena arena;
	const nk_uint32_t values[] = {1, 2, 0xffffffff};
	nk_uint32_t count;
	nk_uint32_t *read;
	nk_ptr_t ptr;

	(void)state;
	nk_arena_init(&arena, bytes, bytes + sizeof(bytes));
	assert_int_equal(nk_arena_store(nk_uint32_t, &arena, &ptr, values, 3), 0);
	read = nk_arena_get(nk_uint32_t, &arena, &ptr, &count);
	assert_int_equal(count, 3);
	assert_memory_equal(read, values, sizeof(values));
	assert_int_not_equal(nk_arena_store(nk_uint32_t, &arena, &ptr, values, 100), 0);
}

static void an_arena_can_be_copied_elsewhere(void **state)
{
	char here[40], there[41];
	struct nk_arena sender = NK_ARENA_INITIALIZER(here, here + sizeof(here));
	struct nk_arena receiver = NK_ARENA_INITIALIZER(there + 1, there + sizeof(there));
	nk_uint32_t count;
	nk_ptr_t ptr;

	(void)state;
	nk_arena_store(nk_char_t, &sender, &ptr, "ab", 3);
	nk_arena_store(nk_char_t, &sender, &ptr, "text", 5);
	memcpy(there + 1, here, nk_arena_allocated_size(&sender));
	assert_string_equal(nk_arena_get(nk_char_t, &receiver, &ptr, &count), "text");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_arena_hands_out_exactly_its_bytes),
		cmocka_unit_test(an_automatic_arena_has_its_bytes),
		cmocka_unit_test(any_start_address_serves_bytes_completely),
		cmocka_unit_test(offsets_are_multiples_of_the_alignment),
		cmocka_unit_test(new_chunks_are_zero),
		cmocka_unit_test(an_arena_without_memory_has_no_room),
		cmocka_unit_test(no_elements_is_not_an_error),
		cmocka_unit_test(counts_that_overflow_are_refused),
		cmocka_unit_test(the_count_is_written_in_the_callers_width),
		cmocka_unit_test(a_bad_descriptor_reads_as_null),
		cmocka_unit_test(store_copies_and_get_reads_back),
		cmocka_unit_test(an_arena_can_be_copied_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
