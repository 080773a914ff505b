/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Where everything lies in memory, as the generated C structures have it:
 * natural alignment, variable-size values as nk_ptr_t (8 bytes, aligned to 4),
 * handles as nk_handle_desc_t (16, aligned to 8), structures rounded up.
 *
 * Arena: what a value can bring at most, chunk by chunk. Chunks are cut in any
 * order, and one of odd size pushes the next to its alignment. If a chunk's
 * largest size is a multiple of the largest alignment, then a smaller one with
 * its padding still fits in it; so only the others need room for padding.
 *
 * Sizes stop growing at LIMIT, far above what is legal, instead of wrapping.
 */

#include <string.h>

#include "session.h"

#define LIMIT         ((uint64_t)1 << 48)
#define PTR_SIZE      8u
#define PTR_ALIGN     4u
#define HANDLE_SIZE   16u
#define HANDLE_ALIGN  8u
#define LARGE_MESSAGE ((uint64_t)16 * 1024 * 1024)

static uint64_t add(uint64_t a, uint64_t b)
{
	return a + b < LIMIT ? a + b : LIMIT;
}

static uint64_t multiply(uint64_t a, uint64_t b)
{
	return a != 0 && b > LIMIT / a ? LIMIT : a * b;
}

static uint64_t round_up(uint64_t value, uint64_t align)
{
	return (value + align - 1) / align * align;
}

static uint32_t largest(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

/* @times values like @more behind what @sum has, in the arena. */
static void add_arena(struct kx_nk_layout *sum, const struct kx_nk_layout *more, uint64_t times)
{
	sum->arena = add(sum->arena, multiply(more->arena, times));
	sum->arena_align = largest(sum->arena_align, more->arena_align);
	sum->chunks = add(sum->chunks, multiply(more->chunks, times));
	sum->levels = largest(sum->levels, more->levels);
	for (size_t i = 0; i < 4; i++)
		sum->pad[i] = add(sum->pad[i], multiply(more->pad[i], times));
}

/* One chunk of at most @bytes, elements aligned to @align. */
static void add_chunk(struct kx_nk_layout *layout, uint64_t bytes, uint32_t align)
{
	struct kx_nk_layout chunk = {
		.arena = bytes, .arena_align = align, .chunks = 1, .levels = 1};

	for (size_t i = 0; i < 4; i++)
		chunk.pad[i] = round_up(bytes, (uint64_t)1 << i) - bytes;
	add_arena(layout, &chunk, 1);
	layout->size = PTR_SIZE;
	layout->align = PTR_ALIGN;
	layout->rows = 1;
	layout->leaves = 1;
}

/* An element's names are those of its list with "_elem" between. */
static void add_element_names(struct kx_nk_layout *layout, const struct kx_nk_layout *elem)
{
	layout->rows = add(1, elem->rows);
	layout->leaves = add(1, elem->leaves);
	layout->text = add(elem->text, multiply(elem->leaves, strlen("_elem")));
	layout->depth = elem->depth;
}

static void layout_sequence(struct kx_nk_type *type)
{
	const struct kx_nk_layout *elem = &type->elem->layout;

	add_chunk(&type->layout, multiply(elem->size, type->bound), elem->align);
	add_arena(&type->layout, elem, type->bound);
	type->layout.levels = elem->levels + 1;
	add_element_names(&type->layout, elem);
}

static void layout_array(struct kx_nk_type *type)
{
	const struct kx_nk_layout *elem = &type->elem->layout;

	add_arena(&type->layout, elem, type->bound);
	type->layout.size = multiply(elem->size, type->bound);
	type->layout.align = elem->align;
	type->layout.handles = multiply(elem->handles, type->bound);
	add_element_names(&type->layout, elem);
}

void kx_nk_layout_type(struct kx_nk_type *type)
{
	struct kx_nk_layout *layout = &type->layout;

	memset(layout, 0, sizeof(*layout));
	switch (type->kind) {
	case KX_NK_INT:
		layout->size = kx_nk_base_bytes(type->base);
		layout->align = kx_nk_base_bytes(type->base);
		layout->leaves = 1;
		break;
	case KX_NK_HANDLE:
		layout->size = HANDLE_SIZE;
		layout->align = HANDLE_ALIGN;
		layout->handles = 1;
		layout->leaves = 1;
		break;
	case KX_NK_STRING:
		add_chunk(layout, add(type->bound, 1), 1);
		break;
	case KX_NK_BYTES:
		add_chunk(layout, type->bound, 1);
		break;
	case KX_NK_SEQUENCE:
		layout_sequence(type);
		break;
	case KX_NK_ARRAY:
		layout_array(type);
		break;
	case KX_NK_NAMED:
		*layout = type->def->layout;
		break;
	}
}

/* What generated code says about @field. */
static void add_names(struct kx_nk_layout *sum, const struct kx_nk_field *field)
{
	const struct kx_nk_layout *layout = &field->type->layout;

	sum->rows = add(sum->rows, layout->rows);
	sum->leaves = add(sum->leaves, layout->leaves);
	sum->text = add(sum->text, layout->text);
	sum->text = add(sum->text, multiply(layout->leaves, strlen(field->name) + 1));
	sum->depth = largest(sum->depth, layout->depth + 1);
}

/* Puts @field behind what @sum has. */
static void add_field(struct kx_nk_layout *sum, struct kx_nk_field *field)
{
	const struct kx_nk_layout *layout = &field->type->layout;

	field->offset = round_up(sum->size, layout->align);
	sum->size = add(field->offset, layout->size);
	sum->align = largest(sum->align, layout->align);
	sum->handles = add(sum->handles, layout->handles);
	add_names(sum, field);
	add_arena(sum, layout, 1);
}

static void layout_struct(struct kx_nk_def *def)
{
	struct kx_nk_layout *sum = &def->layout;

	sum->align = 1;
	for (struct kx_nk_field *f = def->fields; f; f = f->next)
		add_field(sum, f);
	sum->size = round_up(sum->size, sum->align);
}

static uint64_t more_of(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* A tag of 4 bytes, then all members at one place. */
static void layout_union(struct kx_nk_def *def)
{
	struct kx_nk_layout *sum = &def->layout;
	uint64_t size = 0;
	uint32_t align = 1;

	for (struct kx_nk_field *f = def->fields; f; f = f->next) {
		const struct kx_nk_layout *layout = &f->type->layout;

		f->offset = 0;
		size = more_of(size, layout->size);
		align = largest(align, layout->align);
		sum->arena = more_of(sum->arena, layout->arena);
		sum->arena_align = largest(sum->arena_align, layout->arena_align);
		sum->chunks = more_of(sum->chunks, layout->chunks);
		sum->levels = largest(sum->levels, layout->levels);
		sum->handles = more_of(sum->handles, layout->handles);
		add_names(sum, f);
		for (size_t i = 0; i < 4; i++)
			sum->pad[i] = more_of(sum->pad[i], layout->pad[i]);
	}
	sum->align = largest(align, 4);
	def->union_offset = round_up(4, align);
	sum->size = round_up(add(def->union_offset, size), sum->align);
}

void kx_nk_layout_def(struct kx_nk_def *def)
{
	memset(&def->layout, 0, sizeof(def->layout));
	if (def->kind == KX_NK_DEF_STRUCT)
		layout_struct(def);
	else if (def->kind == KX_NK_DEF_UNION)
		layout_union(def);
	else
		def->layout = def->type->layout;
}

static uint64_t padded_arena(const struct kx_nk_layout *sum)
{
	size_t log = sum->arena_align >= 8   ? 3
		     : sum->arena_align == 4 ? 2
		     : sum->arena_align == 2 ? 1
					     : 0;

	return sum->chunks > 1 ? add(sum->arena, sum->pad[log]) : sum->arena;
}

static const char *const message_names[] = {"request", "response", "error message"};

static void check_limits(struct kx_nk *nk, const struct kx_nk_method *method, const char *name,
			 const struct kx_nk_msg *msg, const struct kx_nk_layout *sum)
{
	struct kx_diag *diag = &nk->diag;

	if (msg->size > KX_NK_MAX_MESSAGE || msg->arena > INT32_MAX)
		kx_error(diag, &method->loc,
			 "%s of '%s' is too large: up to %llu bytes and an arena of %llu", name,
			 method->name, (unsigned long long)msg->size,
			 (unsigned long long)msg->arena);
	else if (msg->size + msg->arena > LARGE_MESSAGE)
		kx_warning(diag, &method->loc,
			   "%s of '%s' can take %llu bytes; no platform carries more than 16 MiB",
			   name, method->name, (unsigned long long)(msg->size + msg->arena));
	if (sum->levels > KX_NK_MAX_LEVELS)
		kx_error(diag, &method->loc,
			 "%s of '%s' nests values of variable size %u levels deep; at most %u are "
			 "possible",
			 name, method->name, sum->levels, KX_NK_MAX_LEVELS);
	if (msg->handles > KX_NK_MAX_HANDLES)
		kx_error(diag, &method->loc,
			 "%s of '%s' carries %llu handles; at most %u are possible", name,
			 method->name, (unsigned long long)msg->handles, KX_NK_MAX_HANDLES);
}

void kx_nk_layout_method(struct kx_nk *nk, struct kx_nk_method *method)
{
	for (int direction = KX_NK_IN; direction <= KX_NK_ERR; direction++) {
		struct kx_nk_layout sum = {.size = KX_NK_HEADER, .align = 8};
		struct kx_nk_msg *msg = &method->msg[direction];

		for (struct kx_nk_field *p = method->params; p; p = p->next) {
			if ((int)p->direction != direction)
				continue;
			add_field(&sum, p);
			msg->params++;
		}
		msg->size = round_up(sum.size, sum.align);
		msg->arena = padded_arena(&sum);
		msg->handles = sum.handles;
		check_limits(nk, method, message_names[direction], msg, &sum);
	}
}
