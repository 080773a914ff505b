/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What messages are made of, as tables of the module: with them it writes a
 * message as text for the audit (models/describe.c). Each type and each method is
 * written once.
 */

#include <inttypes.h>
#include <string.h>

#include "psl_writer.h"

/* Where @what stands in @table, NULL if it is not there. */
static struct kx_psl_written *find(struct kx_psl_written *const *table, const void *what)
{
	struct kx_psl_written *w = table[(uintptr_t)what / 16 % KX_PSL_TYPE_BUCKETS];

	while (w && w->what != what)
		w = w->next;
	return w;
}

static uint32_t remember(struct kx_psl_writer *w, struct kx_psl_written **table, const void *what)
{
	struct kx_psl_written **bucket = &table[(uintptr_t)what / 16 % KX_PSL_TYPE_BUCKETS];
	struct kx_psl_written *written = kx_pool_new(w->psl->pool, struct kx_psl_written);

	*written = (struct kx_psl_written){*bucket, what, w->type_count++};
	*bucket = written;
	return written->number;
}

static uint32_t put_type(struct kx_psl_writer *w, const struct kx_nk_type *type);

/* A table "@name" of @fields, those of @direction if they are parameters (else -1). */
static uint32_t put_members(struct kx_psl_writer *w, const char *name,
			    const struct kx_nk_field *fields, int direction)
{
	const char *text = "";
	uint32_t count = 0;

	for (const struct kx_nk_field *f = fields; f; f = f->next) {
		if (direction >= 0 && (int)f->direction != direction)
			continue;
		text = kx_pool_format(w->psl->pool, "%s\t{%s, %" PRIu64 ", &type_%u},\n", text,
				      kx_psl_quoted(w, f->name), f->offset, put_type(w, f->type));
		count++;
	}
	kx_psl_put(w, "static const struct kx_ksm_member %s[] = {\n%s\t{0},\n};\n", name, text);
	return count;
}

static const char *kind_of(const struct kx_nk_type *type, const struct kx_nk_def *record)
{
	if (record)
		return record->kind == KX_NK_DEF_UNION ? "KX_KSM_UNION" : "KX_KSM_STRUCT";
	switch (type->kind) {
	case KX_NK_HANDLE:
		return "KX_KSM_HANDLE";
	case KX_NK_STRING:
		return "KX_KSM_STRING";
	case KX_NK_BYTES:
		return "KX_KSM_BYTES";
	case KX_NK_SEQUENCE:
		return "KX_KSM_SEQUENCE";
	case KX_NK_ARRAY:
		return "KX_KSM_ARRAY";
	default:
		return kx_nk_base_signed(type->base) ? "KX_KSM_SIGNED" : "KX_KSM_UNSIGNED";
	}
}

static uint32_t put_type(struct kx_psl_writer *w, const struct kx_nk_type *type)
{
	const struct kx_nk_type *bare = kx_nk_strip(type);
	const struct kx_nk_def *record = kx_nk_record(type);
	const void *what = record ? (const void *)record : (const void *)bare;
	const struct kx_psl_written *written = find(w->types, what);
	const char *more = "";
	const char *members;
	uint32_t number;

	if (written)
		return written->number;
	if (record) {
		members = kx_pool_format(w->psl->pool, "members_%u", w->type_count++);
		number = put_members(w, members, record->fields, -1);
		more = kx_pool_format(w->psl->pool,
				      ".count = %u, .inner = %" PRIu64 ", .members = %s", number,
				      record->union_offset, members);
	} else if (bare->elem) {
		number = put_type(w, bare->elem);
		more = kx_pool_format(w->psl->pool, ".count = %" PRIu64 ", .elem = &type_%u",
				      bare->kind == KX_NK_ARRAY ? bare->bound : 0, number);
	}
	number = remember(w, w->types, what);
	kx_psl_put(w,
		   "static const struct kx_ksm_type type_%u = {.kind = %s, .size = %" PRIu64
		   ", %s};\n",
		   number, kind_of(bare, record), record ? record->layout.size : bare->layout.size,
		   more);
	return number;
}

const char *kx_psl_put_messages(struct kx_psl_writer *w, const struct kx_nk_method *method)
{
	const struct kx_psl_written *written = find(w->messages, method);
	uint32_t counts[3];
	uint32_t number;

	if (!method->params)
		return "NULL";
	if (written)
		return kx_pool_format(w->psl->pool, "messages_%u", written->number);
	number = remember(w, w->messages, method);
	for (int d = 0; d < 3; d++)
		counts[d] = put_members(w, kx_pool_format(w->psl->pool, "params_%u_%d", number, d),
					method->params, d);
	kx_psl_put(w, "static const struct kx_ksm_message messages_%u[] = {", number);
	for (int d = 0; d < 3; d++)
		kx_psl_put(w, "{params_%u_%d, %u, %" PRIu64 "}, ", number, d, counts[d],
			   method->msg[d].size);
	kx_psl_put(w, "};\n");
	return kx_pool_format(w->psl->pool, "messages_%u", number);
}
