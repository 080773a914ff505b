/* SPDX-License-Identifier: Apache-2.0 */

/* Calls inside expressions: the values that models answer. */

#include "psl_call.h"

#include <inttypes.h>
#include <string.h>

#define F(...) kx_pool_format(m->psl->pool, __VA_ARGS__)

/* The list argument of @call; NULL after an error. */
static struct kx_psl_expr *list_argument(struct kx_psl_maker *m, struct kx_psl_expr *call)
{
	if (call->left->kind == KX_PSL_LIST)
		return call->left;
	kx_psl_bad(m, call, &call->left->loc, "'%s' takes a list: [a, b]", call->text);
	return NULL;
}

/* --- Bool ------------------------------------------------------------------------- */

static struct kx_psl_value bool_list(struct kx_psl_maker *m, struct kx_psl_expr *call, bool any)
{
	struct kx_psl_expr *list = list_argument(m, call);
	const char *c = "";
	int constant = !any;

	if (!list)
		return kx_psl_bad_value();
	if (!list->items)
		return kx_psl_boolean(any ? "false" : "true", !any);
	for (struct kx_psl_expr *item = list->items; item; item = item->next) {
		struct kx_psl_value v = kx_psl_condition(m, item);

		if (v.kind == KX_PSL_V_BAD)
			return v;
		c = F("%s%s%s", c, *c ? any ? " || " : " && " : "", v.c);
		if (constant == !any && v.constant != !any)
			constant = v.constant;
	}
	return kx_psl_boolean(F("(%s)", c), constant);
}

static struct kx_psl_value conditional(struct kx_psl_maker *m, struct kx_psl_expr *call)
{
	struct kx_psl_value test, yes, no;
	bool is_signed;

	if (!kx_psl_fields(m, call, "if then else"))
		return kx_psl_bad_value();
	test = kx_psl_condition(m, kx_psl_item_of(call->left, "if"));
	yes = kx_psl_value(m, kx_psl_item_of(call->left, "then"));
	no = kx_psl_value(m, kx_psl_item_of(call->left, "else"));
	if (test.kind == KX_PSL_V_BAD || yes.kind == KX_PSL_V_BAD || no.kind == KX_PSL_V_BAD)
		return kx_psl_bad_value();
	if (yes.kind != no.kind)
		return kx_psl_bad(m, call, &call->loc, "'then' is %s, 'else' is %s",
				  kx_psl_value_name(m, &yes), kx_psl_value_name(m, &no));
	if (yes.kind == KX_PSL_V_BOOL)
		return kx_psl_boolean(F("(%s ? %s : %s)", test.c, yes.c, no.c), -1);
	if (yes.kind == KX_PSL_V_TEXT)
		return kx_psl_text_value(F("(%s ? %s : %s)", test.c, yes.c, no.c));
	if (yes.kind != KX_PSL_V_INT)
		return kx_psl_bad(m, call, &call->loc, "'cond' chooses numbers, texts or Booleans");
	is_signed = yes.is_signed || no.is_signed || yes.negative || no.negative;
	return kx_psl_number(F("(%s ? %s : %s)", test.c, kx_psl_as(m, &yes, is_signed),
			       kx_psl_as(m, &no, is_signed)),
			     is_signed, 64);
}

/* --- Pred, Struct --------------------------------------------------------------------- */

/* Number of elements, as C text; NULL: it has none. */
static const char *size_of(struct kx_psl_maker *m, const struct kx_psl_value *v)
{
	uint64_t count = 0;

	if (v->kind == KX_PSL_V_TEXT)
		return F("(uint64_t)(%s).len", v->c);
	if (v->kind == KX_PSL_V_LIST || v->kind == KX_PSL_V_DICT) {
		for (const struct kx_psl_expr *item = v->expr->items; item; item = item->next)
			count++;
		return F("UINT64_C(%" PRIu64 ")", count);
	}
	if (v->kind == KX_PSL_V_UNIT)
		return "UINT64_C(0)";
	if (v->kind != KX_PSL_V_MEMORY)
		return NULL;
	if (v->nk->kind == KX_NK_ARRAY)
		return F("UINT64_C(%" PRIu64 ")", v->nk->bound);
	if (v->nk->kind == KX_NK_SEQUENCE || v->nk->kind == KX_NK_BYTES)
		return F("kx_ksm_chunk_count(e, %s, %" PRIu64 ", %" PRIu64 ")", v->base, v->offset,
			 v->nk->kind == KX_NK_BYTES ? 1 : v->nk->elem->layout.size);
	return NULL;
}

static struct kx_psl_value size_call(struct kx_psl_maker *m, struct kx_psl_expr *call, bool empty)
{
	struct kx_psl_value v = kx_psl_value(m, call->left);
	struct kx_psl_value result;
	const char *size;

	if (v.kind == KX_PSL_V_BAD)
		return v;
	size = size_of(m, &v);
	if (!size)
		return kx_psl_bad(m, call, &call->left->loc, "%s has no elements to count",
				  kx_psl_value_name(m, &v));
	if (empty)
		return kx_psl_boolean(F("(%s == 0)", size), -1);
	result = kx_psl_number(size, false, 64);
	kx_psl_note(m, call, &result);
	return result;
}

/* --- Math ---------------------------------------------------------------------------- */

static struct kx_psl_value fold(struct kx_psl_maker *m, struct kx_psl_expr *call, const char *op,
				const char *unit)
{
	struct kx_psl_expr *list = list_argument(m, call);
	bool is_signed = false;
	const char *c = NULL;

	if (!list)
		return kx_psl_bad_value();
	for (struct kx_psl_expr *item = list->items; item; item = item->next) {
		struct kx_psl_value v = kx_psl_value(m, item);

		if (v.kind == KX_PSL_V_BAD)
			return v;
		if (v.kind != KX_PSL_V_INT)
			return kx_psl_bad(m, item, &item->loc, "expected a number, got %s",
					  kx_psl_value_name(m, &v));
		is_signed |= v.is_signed || v.negative;
	}
	for (struct kx_psl_expr *item = list->items; item; item = item->next) {
		struct kx_psl_value v = kx_psl_value(m, item);
		const char *one = kx_psl_as(m, &v, is_signed);

		c = c ? F("kx_ksm_%s_%c(e, %s, %s)", op, is_signed ? 's' : 'u', c, one) : one;
	}
	return kx_psl_number(c ? c : unit, is_signed, 64);
}

static struct kx_psl_value math_call(struct kx_psl_maker *m, struct kx_psl_expr *call)
{
	static const char *const casts[] = {"uint8", "uint16", "uint32", "uint64",
					    "sint8", "sint16", "sint32", "sint64"};
	struct kx_psl_value v;

	if (strcmp(call->text, "sum") == 0)
		return fold(m, call, "add", "UINT64_C(0)");
	if (strcmp(call->text, "product") == 0)
		return fold(m, call, "mul", "UINT64_C(1)");
	for (unsigned int i = 0; i < 8; i++) {
		struct kx_psl_leaf leaf = {.is_signed = i >= 4, .bits = 8u << i % 4};
		const char *c;

		if (strcmp(call->text, casts[i]) != 0)
			continue;
		c = kx_psl_fit(m, call->left, &leaf);
		return c ? kx_psl_number(c, leaf.is_signed, leaf.bits) : kx_psl_bad_value();
	}
	if (strcmp(call->text, "neg") != 0 && strcmp(call->text, "abs") != 0)
		return kx_psl_no_method(m, call, "expression");
	v = kx_psl_value(m, call->left);
	if (v.kind == KX_PSL_V_BAD)
		return v;
	if (v.kind != KX_PSL_V_INT)
		return kx_psl_bad(m, call, &call->left->loc, "expected a number, got %s",
				  kx_psl_value_name(m, &v));
	if (call->text[0] == 'n')
		return kx_psl_number(F("kx_ksm_sub_s(e, 0, %s)", kx_psl_as(m, &v, true)), true, 64);
	return kx_psl_number(F("kx_ksm_abs(%s)", kx_psl_as(m, &v, true)), false, 64);
}

/* --- stateful models --------------------------------------------------------------------- */

static struct kx_psl_value regex_call(struct kx_psl_maker *m, struct kx_psl_expr *call)
{
	struct kx_psl_value text;
	int number;

	if (strcmp(call->text, "match") != 0 && strcmp(call->text, "select") != 0)
		return kx_psl_no_method(m, call, "expression");
	if (call->text[0] == 's')
		return kx_psl_bad(m, call, &call->loc, "'select' stands behind 'choice' only");
	if (!kx_psl_fields(m, call, "text pattern"))
		return kx_psl_bad_value();
	text = kx_psl_text_of(m, call);
	number = kx_psl_regex(m, kx_psl_item_of(call->left, "pattern"));
	if (text.kind == KX_PSL_V_BAD || number < 0)
		return kx_psl_bad_value();
	return kx_psl_boolean(F("kx_ksm_regex_match(e, &regex_%d, %s)", number, text.c), -1);
}

static struct kx_psl_value contains(struct kx_psl_maker *m, struct kx_psl_expr *call,
				    const struct kx_psl_model *model)
{
	struct kx_psl_value value;
	const char *sid;
	const char *entry;

	if (strcmp(call->text, "contains") != 0)
		return kx_psl_no_method(m, call, "expression");
	if (!kx_psl_fields(m, call, "sid entry"))
		return kx_psl_bad_value();
	sid = kx_psl_sid(m, call, "sid");
	entry = kx_psl_entry(m, call, model);
	if (!sid || !entry)
		return kx_psl_bad_value();
	value = kx_psl_boolean(
		F("kx_ksm_hash_set_contains(e, &object_%s, %s, %s)", model->object, sid, entry),
		-1);
	kx_psl_note(m, call, &value);
	return value;
}

static struct kx_psl_value map_get(struct kx_psl_maker *m, struct kx_psl_expr *call,
				   const struct kx_psl_model *model)
{
	bool working = strcmp(call->text, "get_uncommitted") == 0 ||
		       strcmp(call->text, "get_uncommited") == 0;
	const struct kx_psl_leaf *leaf = &model->leaves[0];
	struct kx_psl_value value;
	const char *sid;
	const char *key;

	if (!working && strcmp(call->text, "get") != 0)
		return kx_psl_no_method(m, call, "expression");
	if (!kx_psl_fields(m, call, "sid key"))
		return kx_psl_bad_value();
	sid = kx_psl_sid(m, call, "sid");
	key = kx_psl_key(m, call, model);
	if (!sid || !key)
		return kx_psl_bad_value();
	value = kx_psl_number(F("%skx_ksm_static_map_get(e, &object_%s, %s, %s, %s)",
				leaf->is_signed ? "(int64_t)" : "", model->object, sid, key,
				working ? "true" : "false"),
			      leaf->is_signed, leaf->bits);
	kx_psl_note(m, call, &value);
	return value;
}

static struct kx_psl_value state_call(struct kx_psl_maker *m, struct kx_psl_expr *call,
				      const struct kx_psl_model *model)
{
	bool flow = model->kind == KX_PSL_FLOW;
	struct kx_psl_value value;
	const char *sid;

	if (strcmp(call->text, flow ? "query" : "query_level") != 0)
		return kx_psl_no_method(m, call, "expression");
	if (!kx_psl_fields(m, call, flow ? "sid" : "source"))
		return kx_psl_bad_value();
	sid = kx_psl_sid(m, call, flow ? "sid" : "source");
	if (!sid)
		return kx_psl_bad_value();
	value = kx_psl_text_value(F("kx_ksm_%s(e, &object_%s, %s)",
				    flow ? "flow_name" : "mic_query", model->object, sid));
	if (flow) {
		kx_psl_note(m, call, &value);
		return value;
	}
	kx_psl_note_level(m, call, model->object, sid);
	value.kind = KX_PSL_V_LEVEL;
	return value;
}

struct kx_psl_value kx_psl_call_value(struct kx_psl_maker *m, struct kx_psl_expr *call)
{
	struct kx_psl_object *object;

	if (!call->object && strcmp(call->text, "size") == 0)
		return size_call(m, call, false);
	object = kx_psl_called(m, call);
	if (!object)
		return kx_psl_bad_value();
	switch (object->model->kind) {
	case KX_PSL_BOOLEAN:
		if (strcmp(call->text, "cond") == 0)
			return conditional(m, call);
		if (strcmp(call->text, "any") == 0 || strcmp(call->text, "all") == 0)
			return bool_list(m, call, call->text[1] == 'n');
		break;
	case KX_PSL_PRED:
		if (strcmp(call->text, "empty") == 0)
			return size_call(m, call, true);
		break;
	case KX_PSL_MATH:
		return math_call(m, call);
	case KX_PSL_STRUCT:
		if (strcmp(call->text, "size") == 0)
			return size_call(m, call, false);
		break;
	case KX_PSL_REGEX:
		return regex_call(m, call);
	case KX_PSL_HASHSET:
		return contains(m, call, object->model);
	case KX_PSL_STATICMAP:
		return map_get(m, call, object->model);
	case KX_PSL_FLOW:
	case KX_PSL_MIC:
		return state_call(m, call, object->model);
	default:
		break;
	}
	return kx_psl_no_method(m, call, "expression");
}
