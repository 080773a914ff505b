/* SPDX-License-Identifier: Apache-2.0 */

/* The reference interpreter: single rules. */

#include "reference_inside.h"

#include <string.h>

static bool flow_rule(struct kx_reference *r, const struct kx_psl_expr *call,
		      const struct kx_psl_object *object, struct kx_ref_context *context)
{
	const struct kx_psl_expr *state = kx_ref_argument(call, "state");
	const struct kx_psl_expr *allowed = NULL;
	(void)r;

	if (strcmp(call->text, "allow") == 0)
		allowed = kx_ref_argument(call, "states")->items;
	else
		for (const struct kx_psl_expr *from = kx_ref_config(object, "transitions")->items;
		     from; from = from->next)
			if (strcmp(from->key, context->state) == 0)
				allowed = from->items;
	for (; allowed; allowed = allowed->next) {
		if (!state && strcmp(allowed->text, context->state) == 0)
			return true;
		if (state && strcmp(allowed->text, state->text) == 0) {
			context->state = state->text;
			return true;
		}
	}
	return false;
}

static bool set_rule(struct kx_reference *r, const struct kx_psl_expr *call,
		     const struct kx_psl_object *object, struct kx_ref_context *context)
{
	int64_t entry[KX_REF_WORDS];
	int found;

	kx_ref_get_entry(r, object, call, entry);
	found = kx_ref_find_entry(context, entry);
	if (strcmp(call->text, "remove") == 0) {
		if (found < 0)
			return false;
		context->count--;
		memcpy(context->entries[found], context->entries[context->count], sizeof(entry));
		return true;
	}
	if (found >= 0)
		return true;
	if (context->count >= kx_ref_config(object, "set_size")->number)
		return false;
	memcpy(context->entries[context->count++], entry, sizeof(entry));
	return true;
}

static bool map_rule(struct kx_reference *r, const struct kx_psl_expr *call,
		     const struct kx_psl_object *object, struct kx_ref_context *context)
{
	struct kx_ref_value value;

	if (strcmp(call->text, "commit") == 0) {
		memcpy(context->base, context->working, sizeof(context->base));
		return true;
	}
	if (strcmp(call->text, "rollback") == 0) {
		memcpy(context->working, context->base, sizeof(context->base));
		return true;
	}
	value = kx_ref_evaluate(r, kx_ref_argument(call, "value"));
	if (!kx_ref_fits(object->type, value.number))
		return false;
	context->working[kx_ref_find_key(object, kx_ref_argument(call, "key")->text)] =
		(int64_t)value.number;
	return true;
}

static bool init_rule(struct kx_reference *r, uint32_t index, const struct kx_psl_object *object,
		      kx_wide sid)
{
	const struct kx_psl_expr *pool = kx_ref_config(object, "pool_size");
	struct kx_ref_context *context = NULL;
	int key = 0;

	if (pool && kx_ref_contexts_used(r, index) >= pool->number)
		return false;
	for (uint32_t i = 0; i < KX_REF_CONTEXTS && !context; i++)
		if (!r->state.contexts[index][i].used)
			context = &r->state.contexts[index][i];
	if (!context)
		return false;
	*context = (struct kx_ref_context){.used = true, .sid = (uint32_t)sid};
	if (kx_ref_config(object, "initial"))
		context->state = kx_ref_config(object, "initial")->text;
	if (kx_ref_config(object, "keys"))
		for (const struct kx_psl_expr *k = kx_ref_config(object, "keys")->items; k;
		     k = k->next) {
			struct kx_ref_value value = kx_ref_evaluate(r, k);

			context->base[key] = context->working[key] = (int64_t)value.number;
			key++;
		}
	return true;
}

static bool object_rule(struct kx_reference *r, const struct kx_psl_expr *call)
{
	uint32_t index;
	const struct kx_psl_object *object = kx_ref_find_object(r, call->object, &index);
	struct kx_ref_context *context;
	struct kx_ref_value sid;

	if (strcmp(object->model_name.text, "Mic") == 0)
		return kx_ref_mic_rule(r, call, object, index);
	sid = kx_ref_evaluate(r, kx_ref_argument(call, "sid"));
	context = kx_ref_context_of(r, index, sid.number);
	if (strcmp(call->text, "init") == 0)
		return !context && init_rule(r, index, object, sid.number);
	if (!context)
		return false;
	if (strcmp(call->text, "fini") == 0) {
		context->used = false;
		return true;
	}
	if (strcmp(object->model_name.text, "Flow") == 0)
		return flow_rule(r, call, object, context);
	if (strcmp(object->model_name.text, "HashSet") == 0)
		return set_rule(r, call, object, context);
	return map_rule(r, call, object, context);
}

bool kx_ref_rule(struct kx_reference *r, const struct kx_psl_expr *call)
{
	bool nothing = call->left->kind == KX_PSL_UNIT;
	uint32_t index;

	if (call->object && kx_ref_find_object(r, call->object, &index))
		return object_rule(r, call);
	if (strcmp(call->text, "grant") == 0)
		return true;
	if (strcmp(call->text, "set_level") == 0) {
		r->state.level = (uint32_t)kx_ref_evaluate(r, call->left).number;
		return true;
	}
	if (strcmp(call->text, "assert") == 0)
		return kx_ref_evaluate(r, call->left).flag;
	return nothing ? false : !kx_ref_evaluate(r, call->left).flag;
}
