/* SPDX-License-Identifier: Apache-2.0 */

/* Messages in and out of a slot: every size, both places, and heads that lie. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "message.h"

#define MAX KX_MESSAGE_MAX

struct buffers {
	uint8_t *out; /* what is sent: body, then arena */
	uint8_t *in;
	uint8_t *payload;
};

static int make_buffers(void **state)
{
	struct buffers *b = malloc(sizeof(*b));

	assert_non_null(b);
	b->out = malloc(MAX);
	b->in = malloc(MAX);
	b->payload = malloc(MAX);
	assert_true(b->out && b->in && b->payload);
	for (uint32_t i = 0; i < MAX; i++)
		b->out[i] = (uint8_t)(i * 2654435761u >> 13);
	*state = b;
	return 0;
}

static int free_buffers(void **state)
{
	struct buffers *b = *state;

	free(b->out);
	free(b->in);
	free(b->payload);
	free(b);
	return 0;
}

static struct kx_outgoing outgoing(const struct buffers *b, uint32_t body, uint32_t arena)
{
	return (struct kx_outgoing){
		.head = {.iid = 3,
			 .mid = 4,
			 .ex = KX_EX(KX_MESSAGE_MIN + body, 2, 1),
			 .arena = arena},
		.body = b->out,
		.arena = b->out + body,
	};
}

/* Sends body and arena through a slot; true if what arrives is what was sent. */
static bool travels(struct buffers *b, uint32_t body, uint32_t arena, uint32_t max)
{
	struct kx_outgoing out = outgoing(b, body, arena);
	struct kx_slot slot = {0};
	struct kx_head head;

	memset(b->in, 0xee, body + arena);
	if (kx_message_write(&slot, b->payload, max, &out) != KX_OK)
		return false;
	kx_message_head(&slot, &head);
	if (!kx_head_fits(&head, max) || head.first != out.head.first || head.arena != arena)
		return false;
	kx_message_read(&slot, b->payload, &head, b->in, b->in + body);
	return memcmp(b->in, b->out, body + arena) == 0;
}

static void every_small_size_arrives(void **state)
{
	(void)state;
	for (uint32_t body = 0; body <= 2 * KX_INLINE; body++)
		for (uint32_t arena = 0; arena <= 2 * KX_INLINE; arena++)
			assert_true(travels(*state, body, arena, 256));
}

static void large_sizes_arrive_up_to_the_last_byte(void **state)
{
	static const uint32_t sizes[] = {
		4095, 4096, 65535, 65536, MAX - KX_MESSAGE_MIN - 1, MAX - KX_MESSAGE_MIN};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		assert_true(travels(*state, sizes[i], 0, MAX));
		assert_true(travels(*state, 0, sizes[i], MAX));
		assert_true(travels(*state, 17, sizes[i] - 17, MAX));
	}
}

/* The payload behind the slot's line is touched only when the line is too short. */
static void up_to_44_bytes_stay_on_the_line(void **state)
{
	static const struct {
		uint32_t body;
		uint32_t arena;
		bool on_line;
	} table[] = {
		{44, 0, true},  {45, 0, false}, {0, 44, true},  {0, 45, false}, {1, 36, true},
		{1, 37, false}, {8, 36, true},  {8, 37, false}, {40, 4, true},  {41, 1, false},
	};
	struct buffers *b = *state;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct kx_outgoing out = outgoing(b, table[i].body, table[i].arena);
		struct kx_slot slot = {0};
		bool touched = false;

		memset(b->payload, 0xaa, 128);
		assert_int_equal(kx_message_write(&slot, b->payload, 128, &out), KX_OK);
		for (unsigned k = 0; k < 128; k++)
			touched |= b->payload[k] != 0xaa;
		assert_int_equal(touched, !table[i].on_line);
	}
}

static void nothing_is_written_behind_the_line_or_the_payload(void **state)
{
	struct buffers *b = *state;

	for (uint32_t total = 0; total <= 200; total++) {
		for (uint32_t body = 0; body <= total; body++) {
			struct kx_outgoing out = outgoing(b, body, total - body);
			struct kx_slot slot;

			memset(&slot, 0x55, sizeof(slot));
			memset(b->payload, 0x55, 512);
			assert_int_equal(kx_message_write(&slot, b->payload, 24 + total, &out),
					 KX_OK);
			for (unsigned k = 0; k < sizeof(slot.tag); k++)
				assert_int_equal(slot.tag[k], 0x55);
			for (unsigned k = 24 + total; k < 512; k++)
				assert_int_equal(b->payload[k], 0x55);
		}
	}
}

static void a_message_that_does_not_fit_is_not_written(void **state)
{
	struct buffers *b = *state;
	struct kx_outgoing out = outgoing(b, 40, 60);
	struct kx_slot slot;
	struct kx_slot before;

	memset(&slot, 0x33, sizeof(slot));
	before = slot;
	memset(b->payload, 0x33, 256);
	assert_int_equal(kx_message_write(&slot, b->payload, 123, &out), KX_EINVAL);
	out.head.ex = KX_EX(KX_MESSAGE_MIN - 1, 0, 0);
	assert_int_equal(kx_message_write(&slot, b->payload, 256, &out), KX_EINVAL);
	assert_memory_equal(&slot, &before, sizeof(slot));
	for (unsigned k = 0; k < 256; k++)
		assert_int_equal(b->payload[k], 0x33);
}

/* M-08: every head with a size at an edge; sums that wrap among them. */
static void a_head_that_lies_about_its_size_is_refused(void **state)
{
	static const uint32_t edges[] = {
		0,    1,          23,         24,         25,         1000,       1023,      1024,
		1025, 0x7fffffff, 0x80000000, 0xfffffc00, 0xffffffe8, 0xffffffff, 0x0fffffff};
	const uint32_t max = 1024;

	(void)state;
	for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++) {
		for (size_t k = 0; k < sizeof(edges) / sizeof(edges[0]); k++) {
			struct kx_head head = {.ex = edges[i], .arena = edges[k]};
			uint64_t fixed = KX_EX_SIZE(edges[i]);
			bool want = fixed >= KX_MESSAGE_MIN && fixed + edges[k] <= max;

			assert_int_equal(kx_head_fits(&head, max), want);
		}
	}
}

static void the_head_keeps_its_parts_apart(void **state)
{
	uint32_t ex = KX_EX(0x0abcdef, 5, 1);

	(void)state;
	assert_int_equal(KX_EX_SIZE(ex), 0x0abcdef);
	assert_int_equal(KX_EX_CAPS(ex), 5);
	assert_int_equal(KX_EX_ERR(ex), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_small_size_arrives),
		cmocka_unit_test(large_sizes_arrive_up_to_the_last_byte),
		cmocka_unit_test(up_to_44_bytes_stay_on_the_line),
		cmocka_unit_test(nothing_is_written_behind_the_line_or_the_payload),
		cmocka_unit_test(a_message_that_does_not_fit_is_not_written),
		cmocka_unit_test(a_head_that_lies_about_its_size_is_refused),
		cmocka_unit_test(the_head_keeps_its_parts_apart),
	};

	return cmocka_run_group_tests(tests, make_buffers, free_buffers);
}
