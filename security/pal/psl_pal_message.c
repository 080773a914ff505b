/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Messages written in PAL, as the bytes a program would send: constant part
 * with its header, arena, handles by SID. What is not given is zero or empty.
 */

#include <string.h>

#include "psl_pal.h"

#define ARENA_MAX ((uint64_t)16 * 1024 * 1024)

struct encoder {
	struct kx_psl *psl;
	const struct kx_psl_variables *variables;
	struct kx_psl_bytes *bytes;
};

/* Where a value goes: the constant part, or a chunk of the arena, which may move. */
struct place {
	bool arena;
	uint64_t offset;
};

static bool encode(struct encoder *e, const struct kx_nk_type *type, const struct kx_psl_expr *expr,
		   struct place place);

static uint8_t *at(struct encoder *e, struct place place)
{
	return (place.arena ? e->bytes->arena : e->bytes->fixed) + place.offset;
}

static bool wrong(struct encoder *e, const struct kx_psl_expr *expr, const struct kx_nk_type *type)
{
	kx_error(e->psl->diag, &expr->loc, "this is no value of type %s",
		 kx_nk_spelling(e->psl->nk, type));
	return false;
}

/* A new chunk with its descriptor at @pointer. */
static bool chunk(struct encoder *e, struct place pointer, uint64_t size, uint64_t align,
		  struct place *out)
{
	struct kx_psl_bytes *bytes = e->bytes;
	uint64_t start = (bytes->arena_size + align - 1) / align * align;
	uint32_t pair[2] = {(uint32_t)start, (uint32_t)size};

	if (start + size > ARENA_MAX) {
		kx_error(e->psl->diag, NULL, "a PAL message is larger than 16 MiB");
		return false;
	}
	if (start + size > bytes->arena_room) {
		uint64_t room = 2 * (start + size) + 64;
		uint8_t *bigger = kx_pool_alloc(e->psl->pool, room);

		if (bytes->arena)
			memcpy(bigger, bytes->arena, bytes->arena_size);
		bytes->arena = bigger;
		bytes->arena_room = room;
	}
	bytes->arena_size = start + size;
	memcpy(at(e, pointer), pair, sizeof(pair));
	*out = (struct place){true, start};
	return true;
}

static bool encode_int(struct encoder *e, const struct kx_nk_type *type,
		       const struct kx_psl_expr *expr, struct place place)
{
	unsigned int bytes = kx_nk_base_bytes(type->base);
	uint64_t max = bytes == 8 ? UINT64_MAX : (1ull << 8 * bytes) - 1;
	uint64_t magnitude;
	bool negative;

	if (kx_nk_base_signed(type->base))
		max >>= 1;
	if (!kx_psl_literal(expr, &negative, &magnitude)) {
		if (expr->kind != KX_PSL_BOOL)
			return wrong(e, expr, type);
		magnitude = expr->number;
		negative = false;
	}
	if (negative ? !kx_nk_base_signed(type->base) || magnitude > max + 1 : magnitude > max) {
		kx_error(e->psl->diag, &expr->loc, "this number does not fit %s",
			 kx_nk_base_name(type->base));
		return false;
	}
	if (negative)
		magnitude = 0 - magnitude;
	memcpy(at(e, place), &magnitude, bytes);
	return true;
}

static bool encode_text(struct encoder *e, const struct kx_nk_type *type,
			const struct kx_psl_expr *expr, struct place place)
{
	uint64_t size = expr->len + (type->kind == KX_NK_STRING);
	struct place out;

	if (expr->len > type->bound) {
		kx_error(e->psl->diag, &expr->loc, "this text has the length %zu, %s takes %llu",
			 expr->len, kx_nk_spelling(e->psl->nk, type),
			 (unsigned long long)type->bound);
		return false;
	}
	if (!chunk(e, place, size, 1, &out))
		return false;
	memcpy(at(e, out), expr->text, expr->len);
	return true;
}

static bool encode_list(struct encoder *e, const struct kx_nk_type *type,
			const struct kx_psl_expr *expr, struct place place)
{
	static const struct kx_nk_type byte = {
		.kind = KX_NK_INT, .base = KX_NK_UINT8, .layout = {.size = 1, .align = 1}};
	const struct kx_nk_type *elem = type->kind == KX_NK_BYTES ? &byte : type->elem;
	uint64_t count = 0;

	if (expr->kind != KX_PSL_LIST)
		return wrong(e, expr, type);
	for (const struct kx_psl_expr *item = expr->items; item; item = item->next)
		count++;
	if (count > type->bound) {
		kx_error(e->psl->diag, &expr->loc, "this list has the length %llu, %s takes %llu",
			 (unsigned long long)count, kx_nk_spelling(e->psl->nk, type),
			 (unsigned long long)type->bound);
		return false;
	}
	if (type->kind != KX_NK_ARRAY &&
	    !chunk(e, place, count * elem->layout.size, elem->layout.align, &place))
		return false;
	for (const struct kx_psl_expr *item = expr->items; item; item = item->next) {
		if (!encode(e, elem, item, place))
			return false;
		place.offset += elem->layout.size;
	}
	return true;
}

static bool encode_handle(struct encoder *e, const struct kx_nk_type *type,
			  const struct kx_psl_expr *expr, struct place place)
{
	struct kx_psl_bytes *bytes = e->bytes;
	int variable = expr->kind == KX_PSL_NAME ? kx_psl_variable(e->variables, expr->text) : -1;

	if (variable < 0 && expr->kind != KX_PSL_INT) {
		kx_error(e->psl->diag, &expr->loc,
			 "a handle is written as a variable or as the number of a SID");
		return false;
	}
	if (place.arena || bytes->handle_count == KX_PSL_PAL_HANDLES)
		return wrong(e, expr, type);
	bytes->handles[bytes->handle_count].offset = (uint32_t)place.offset;
	bytes->handles[bytes->handle_count].variable = variable;
	bytes->handles[bytes->handle_count++].sid = (uint32_t)expr->number;
	return true;
}

static bool encode_record(struct encoder *e, const struct kx_nk_type *type,
			  const struct kx_psl_expr *expr, struct place place)
{
	const struct kx_nk_def *def = kx_nk_record(type);

	if (expr->kind != KX_PSL_DICT)
		return wrong(e, expr, type);
	for (const struct kx_psl_expr *item = expr->items; item; item = item->next) {
		struct place inner = place;
		struct kx_guess guess;
		const struct kx_nk_field *f;
		uint32_t index = 0;

		kx_guess_init(&guess, item->key);
		for (f = def->fields; f && strcmp(f->name, item->key) != 0; f = f->next, index++)
			kx_guess_add(&guess, f->name);
		if (!f) {
			kx_error(e->psl->diag, &item->key_loc, "'%s' has no member '%s'%s",
				 def->name, item->key, kx_guess_text(&guess, e->psl->pool));
			return false;
		}
		inner.offset += f->offset;
		if (def->kind == KX_NK_DEF_UNION) {
			memcpy(at(e, place), &index, sizeof(index));
			inner.offset += def->union_offset;
		}
		if (!encode(e, f->type, item, inner))
			return false;
	}
	return true;
}

static bool encode(struct encoder *e, const struct kx_nk_type *type, const struct kx_psl_expr *expr,
		   struct place place)
{
	const struct kx_nk_type *nk = kx_nk_strip(type);

	switch (nk->kind) {
	case KX_NK_INT:
		return encode_int(e, nk, expr, place);
	case KX_NK_HANDLE:
		return encode_handle(e, nk, expr, place);
	case KX_NK_STRING:
		return expr->kind == KX_PSL_TEXT ? encode_text(e, nk, expr, place)
						 : wrong(e, expr, nk);
	case KX_NK_BYTES:
		if (expr->kind == KX_PSL_TEXT)
			return encode_text(e, nk, expr, place);
		return encode_list(e, nk, expr, place);
	case KX_NK_SEQUENCE:
	case KX_NK_ARRAY:
		return encode_list(e, nk, expr, place);
	case KX_NK_NAMED:
		break;
	}
	return encode_record(e, nk, expr, place);
}

bool kx_psl_encode(struct kx_psl *psl, const struct kx_psl_method *method,
		   enum kx_nk_direction direction, const struct kx_psl_expr *dict,
		   const struct kx_psl_variables *variables, struct kx_psl_bytes *bytes)
{
	struct encoder e = {psl, variables, bytes};
	uint16_t ids[2] = {(uint16_t)method->riid, method->method->mid};

	bytes->fixed_size = method->method->msg[direction].size;
	bytes->fixed = kx_pool_alloc(psl->pool, bytes->fixed_size);
	memcpy(bytes->fixed, ids, sizeof(ids));
	for (const struct kx_psl_expr *item = dict ? dict->items : NULL; item; item = item->next) {
		const struct kx_nk_field *param = kx_nk_param(method->method, direction, item->key);
		struct kx_guess guess;

		if (param) {
			if (!encode(&e, param->type, item, (struct place){false, param->offset}))
				return false;
			continue;
		}
		kx_guess_init(&guess, item->key);
		for (const struct kx_nk_field *p = method->method->params; p; p = p->next)
			if (p->direction == direction)
				kx_guess_add(&guess, p->name);
		kx_error(psl->diag, &item->key_loc, "this message of '%s' has no parameter '%s'%s",
			 method->name, item->key, kx_guess_text(&guess, psl->pool));
		return false;
	}
	return true;
}
