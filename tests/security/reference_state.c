/* SPDX-License-Identifier: Apache-2.0 */

/* The reference interpreter: what policy objects keep for each SID. */

#include "reference_inside.h"

#include <stdlib.h>
#include <string.h>

const struct kx_psl_expr *kx_ref_argument(const struct kx_psl_expr *call, const char *name)
{
	for (const struct kx_psl_expr *item = call->left->items; item; item = item->next)
		if (item->key && strcmp(item->key, name) == 0)
			return item;
	return NULL;
}

const struct kx_psl_object *kx_ref_find_object(const struct kx_reference *r, const char *name,
					       uint32_t *index)
{
	*index = 0;
	for (const struct kx_psl_object *o = r->psl->objects; o; o = o->next) {
		if (!o->config) /* the ready ones keep nothing */
			continue;
		if (strcmp(o->name.text, name) == 0)
			return o;
		++*index;
	}
	return NULL;
}

const struct kx_psl_expr *kx_ref_config(const struct kx_psl_object *object, const char *name)
{
	for (const struct kx_psl_expr *item = object->config->items; item; item = item->next)
		if (strcmp(item->key, name) == 0)
			return item;
	return NULL;
}

struct kx_ref_context *kx_ref_context_of(struct kx_reference *r, uint32_t object, kx_wide sid)
{
	for (uint32_t i = 0; i < KX_REF_CONTEXTS; i++)
		if (r->state.contexts[object][i].used && r->state.contexts[object][i].sid == sid)
			return &r->state.contexts[object][i];
	return NULL;
}

uint32_t kx_ref_contexts_used(const struct kx_reference *r, uint32_t object)
{
	uint32_t used = 0;

	for (uint32_t i = 0; i < KX_REF_CONTEXTS; i++)
		used += r->state.contexts[object][i].used;
	return used;
}

bool kx_ref_fits(const struct kx_psl_type *type, kx_wide number)
{
	bool is_signed = type->text[0] == 'S';
	unsigned int bits = (unsigned int)atoi(type->text + strcspn(type->text, "123456789"));
	kx_wide most = ((kx_wide)1 << (is_signed ? bits - 1 : bits)) - 1;

	return number <= most && number >= (is_signed ? -most - 1 : 0);
}

/* The numbers of @item as @type lists them, from entry[*count] on. */
static void flatten(struct kx_reference *r, const struct kx_psl_type *type,
		    const struct kx_psl_expr *item, int64_t *entry, uint32_t *count)
{
	struct kx_ref_value v;
	const struct kx_psl_expr *next = item->items;

	if (type->kind == KX_PSL_TYPE_NAME) {
		v = kx_ref_evaluate(r, item);
		if (v.kind == FLAG)
			v.number = v.flag;
		else if (v.kind != NUMBER || !kx_ref_fits(type, v.number))
			r->failed = true;
		entry[(*count)++] = (int64_t)v.number;
		return;
	}
	for (const struct kx_psl_type *t = type->items; t; t = t->next) {
		if (type->kind == KX_PSL_TYPE_DICT)
			for (next = item->items; strcmp(next->key, t->key) != 0;)
				next = next->next;
		flatten(r, t, next, entry, count);
		next = next->next;
	}
}

void kx_ref_get_entry(struct kx_reference *r, const struct kx_psl_object *object,
		      const struct kx_psl_expr *call, int64_t *entry)
{
	uint32_t count = 0;

	memset(entry, 0, KX_REF_WORDS * sizeof(*entry));
	flatten(r, object->type, kx_ref_argument(call, "entry"), entry, &count);
}

int kx_ref_find_entry(const struct kx_ref_context *context, const int64_t *entry)
{
	for (uint32_t i = 0; i < context->count; i++)
		if (memcmp(context->entries[i], entry, sizeof(context->entries[i])) == 0)
			return (int)i;
	return -1;
}

int kx_ref_find_key(const struct kx_psl_object *object, const char *name)
{
	int index = 0;

	for (const struct kx_psl_expr *key = kx_ref_config(object, "keys")->items; key;
	     key = key->next, index++)
		if (strcmp(key->key, name) == 0)
			return index;
	return -1;
}
