/* SPDX-License-Identifier: Apache-2.0 */

/* The reference interpreter: reading a message, as IDL declares it. */

#include "reference_inside.h"

#include <stdio.h>
#include <string.h>

const uint8_t *kx_ref_chunk(struct kx_reference *r, const uint8_t *at, uint32_t *size)
{
	uint32_t pair[2];

	memcpy(pair, at, 8);
	*size = pair[1];
	if ((uint64_t)pair[0] + pair[1] > r->event->arena_size) {
		r->failed = true;
		*size = 0;
		return NULL;
	}
	return (const uint8_t *)r->event->arena + pair[0];
}

static struct kx_ref_value at_place(struct kx_reference *r, const struct kx_nk_type *type,
				    const uint8_t *at)
{
	const struct kx_nk_type *nk = kx_nk_strip(type);
	struct kx_ref_value value = {.kind = BYTES_AT, .type = nk, .at = at};

	if (nk->kind == KX_NK_INT) {
		unsigned int bytes = kx_nk_base_bytes(nk->base);
		uint64_t bits = 0;

		memcpy(&bits, at, bytes);
		if (kx_nk_base_signed(nk->base))
			return kx_ref_small(
				(kx_wide)((int64_t)(bits << (64 - 8 * bytes)) >> (64 - 8 * bytes)),
				true, 8 * bytes);
		return kx_ref_small(bits, false, 8 * bytes);
	}
	if (nk->kind == KX_NK_STRING) {
		uint32_t size;
		const uint8_t *text = kx_ref_chunk(r, at, &size);

		value.kind = TEXT;
		(void)snprintf(value.text, sizeof(value.text), "%.*s", (int)size,
			       text ? (const char *)text : "");
	}
	return value;
}

static struct kx_ref_value parameter(struct kx_reference *r, const char *name)
{
	enum kx_nk_direction direction = r->event->kind == KX_EVENT_RESPONSE ? KX_NK_OUT
					 : r->event->kind == KX_EVENT_ERROR  ? KX_NK_ERR
									     : KX_NK_IN;
	const struct kx_nk_field *param = kx_nk_param(r->method, direction, name);

	if (!r->event->fixed || r->event->fixed_size != r->method->msg[direction].size)
		return kx_ref_fail(r);
	return at_place(r, param->type, (const uint8_t *)r->event->fixed + param->offset);
}

struct kx_ref_value kx_ref_member(struct kx_reference *r, const struct kx_psl_expr *expr)
{
	struct kx_ref_value left = kx_ref_evaluate(r, expr->left);
	const struct kx_nk_def *def;
	uint32_t index = 0;

	if (left.kind == WHOLE_MESSAGE)
		return parameter(r, expr->text);
	if (left.kind != BYTES_AT)
		return kx_ref_fail(r);
	if (left.type->kind == KX_NK_HANDLE) {
		uint32_t offset = (uint32_t)(left.at - (const uint8_t *)r->event->fixed);

		for (uint32_t i = 0; i < r->event->handle_count; i++)
			if (r->event->handles[i].offset == offset)
				return kx_ref_small(strcmp(expr->text, "rights") == 0
							    ? r->event->handles[i].rights
							    : r->event->handles[i].sid,
						    false, 32);
		return kx_ref_small(0, false, 32);
	}
	def = kx_nk_record(left.type);
	for (const struct kx_nk_field *f = def->fields; f; f = f->next, index++) {
		uint32_t tag;

		if (strcmp(f->name, expr->text) != 0)
			continue;
		if (def->kind == KX_NK_DEF_STRUCT)
			return at_place(r, f->type, left.at + f->offset);
		memcpy(&tag, left.at, sizeof(tag));
		if (tag != index)
			return kx_ref_fail(r);
		return at_place(r, f->type, left.at + def->union_offset);
	}
	return kx_ref_fail(r);
}

struct kx_ref_value kx_ref_element(struct kx_reference *r, const struct kx_psl_expr *expr)
{
	struct kx_ref_value left = kx_ref_evaluate(r, expr->left);
	struct kx_ref_value index = kx_ref_evaluate(r, expr->right);
	const uint8_t *start = left.at;
	uint64_t count;
	uint32_t size;

	if (left.kind != BYTES_AT || index.kind != NUMBER)
		return kx_ref_fail(r);
	count = left.type->bound;
	if (left.type->kind == KX_NK_SEQUENCE) {
		start = kx_ref_chunk(r, left.at, &size);
		count = size / left.type->elem->layout.size;
	}
	if (index.number < 0 || index.number >= (kx_wide)count)
		return kx_ref_fail(r);
	return at_place(r, left.type->elem,
			start + (uint64_t)index.number * left.type->elem->layout.size);
}
