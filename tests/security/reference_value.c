/* SPDX-License-Identifier: Apache-2.0 */

/* The reference interpreter: expressions and what they are worth. */

#include "reference_inside.h"

#include <stdio.h>
#include <string.h>

/* Values of a stateful object. */
static struct kx_ref_value query(struct kx_reference *r, const struct kx_psl_expr *call)
{
	uint32_t index;
	const struct kx_psl_object *object = kx_ref_find_object(r, call->object, &index);
	struct kx_ref_value sid = kx_ref_evaluate(r, kx_ref_argument(call, "sid"));
	struct kx_ref_context *context = kx_ref_context_of(r, index, sid.number);
	struct kx_ref_value value = {.kind = TEXT};
	int64_t entry[KX_REF_WORDS];
	int key;

	if (!object)
		return kx_ref_fail(r);
	if (strcmp(call->text, "contains") == 0) {
		kx_ref_get_entry(r, object, call, entry);
		return context ? kx_ref_flag(kx_ref_find_entry(context, entry) >= 0)
			       : kx_ref_fail(r);
	}
	if (!context)
		return kx_ref_fail(r);
	if (strcmp(call->text, "query") == 0) {
		(void)snprintf(value.text, sizeof(value.text), "%s", context->state);
		return value;
	}
	key = kx_ref_find_key(object, kx_ref_argument(call, "key")->text);
	return kx_ref_number(
		strcmp(call->text, "get") == 0 ? context->base[key] : context->working[key], true);
}

static struct kx_ref_value checked(struct kx_reference *r, kx_wide result, bool is_signed_result);

static struct kx_ref_value size_of(struct kx_reference *r, const struct kx_psl_expr *list)
{
	struct kx_ref_value v = kx_ref_evaluate(r, list);
	uint32_t size;

	if (v.kind == TEXT)
		return kx_ref_number((kx_wide)strlen(v.text), false);
	(void)kx_ref_chunk(r, v.at, &size);
	return kx_ref_number(size / v.type->elem->layout.size, false);
}

static struct kx_ref_value math(struct kx_reference *r, const struct kx_psl_expr *call)
{
	bool product = strcmp(call->text, "product") == 0;
	struct kx_ref_value v;
	kx_wide result = product;

	if (strcmp(call->text, "abs") == 0) {
		v = kx_ref_evaluate(r, call->left);
		return checked(r, v.number < 0 ? -v.number : v.number, false);
	}
	for (const struct kx_psl_expr *item = call->left->items; item; item = item->next) {
		v = kx_ref_evaluate(r, item);
		result = product ? result * v.number : result + v.number;
		(void)checked(r, result, false);
	}
	return kx_ref_number(result, false);
}

static struct kx_ref_value call_value(struct kx_reference *r, const struct kx_psl_expr *call)
{
	const struct kx_psl_expr *item = call->left->items;
	bool any = strcmp(call->text, "any") == 0;

	if (!call->object && strcmp(call->text, "size") == 0)
		return size_of(r, call->left);
	if (strcmp(call->object, "pred") == 0)
		return kx_ref_flag(size_of(r, call->left).number == 0);
	if (strcmp(call->object, "math") == 0)
		return math(r, call);
	if (strcmp(call->object, "re") == 0)
		return kx_ref_flag(
			kx_ref_matches(kx_ref_evaluate(r, kx_ref_argument(call, "text")).text,
				       kx_ref_argument(call, "pattern")->text));
	if (strcmp(call->object, "bool") != 0)
		return query(r, call);
	for (; item; item = item->next) {
		struct kx_ref_value v = kx_ref_evaluate(r, item);

		if (v.flag == any)
			return v;
	}
	return kx_ref_flag(!any);
}

static bool is_signed(const struct kx_ref_value *v)
{
	return v->is_signed || (v->literal && v->number < 0);
}

static struct kx_ref_value checked(struct kx_reference *r, kx_wide result, bool is_signed_result)
{
	if (is_signed_result ? result < INT64_MIN || result > INT64_MAX
			     : result < 0 || result > (kx_wide)UINT64_MAX)
		return kx_ref_fail(r);
	return kx_ref_number(result, is_signed_result);
}

static struct kx_ref_value arithmetic(struct kx_reference *r, enum kx_psl_op op,
				      const struct kx_ref_value *a, const struct kx_ref_value *b)
{
	bool result_signed = is_signed(a) || is_signed(b);
	kx_wide product;

	if (result_signed && (a->number > INT64_MAX || b->number > INT64_MAX))
		return kx_ref_fail(r);
	switch (op) {
	case KX_PSL_ADD:
		return checked(r, a->number + b->number, result_signed);
	case KX_PSL_SUB:
		return checked(r, a->number - b->number, result_signed);
	case KX_PSL_MUL:
		if (__builtin_mul_overflow(a->number, b->number, &product))
			return kx_ref_fail(r);
		return checked(r, product, result_signed);
	case KX_PSL_BIT_AND:
		return kx_ref_number(a->number & b->number, result_signed);
	default:
		return kx_ref_number(a->number | b->number, result_signed);
	}
}

struct kx_ref_value kx_ref_compare(struct kx_reference *r, enum kx_psl_op op,
				   const struct kx_ref_value *a, const struct kx_ref_value *b)
{
	int order;

	if (a->kind == TEXT)
		order = strcmp(a->text, b->text);
	else if (a->kind == FLAG)
		order = (int)a->flag - (int)b->flag;
	else if (a->kind == NUMBER)
		order = a->number < b->number ? -1 : a->number > b->number;
	else
		return kx_ref_fail(r);
	switch (op) {
	case KX_PSL_EQ:
		return kx_ref_flag(order == 0);
	case KX_PSL_NE:
		return kx_ref_flag(order != 0);
	case KX_PSL_LT:
		return kx_ref_flag(order < 0);
	case KX_PSL_LE:
		return kx_ref_flag(order <= 0);
	case KX_PSL_GT:
		return kx_ref_flag(order > 0);
	default:
		return kx_ref_flag(order >= 0);
	}
}

static struct kx_ref_value binary(struct kx_reference *r, const struct kx_psl_expr *expr)
{
	struct kx_ref_value a = kx_ref_evaluate(r, expr->left);
	struct kx_ref_value b;

	if (expr->op == KX_PSL_AND && !a.flag)
		return kx_ref_flag(false);
	if (expr->op == KX_PSL_OR && a.flag)
		return kx_ref_flag(true);
	if (expr->op == KX_PSL_IMPLIES && !a.flag)
		return kx_ref_flag(true);
	b = kx_ref_evaluate(r, expr->right);
	if (expr->op == KX_PSL_AND || expr->op == KX_PSL_OR || expr->op == KX_PSL_IMPLIES)
		return kx_ref_flag(b.flag);
	if (expr->op >= KX_PSL_BIT_OR)
		return arithmetic(r, expr->op, &a, &b);
	return kx_ref_compare(r, expr->op, &a, &b);
}

static struct kx_ref_value unary(struct kx_reference *r, const struct kx_psl_expr *expr)
{
	struct kx_ref_value v = kx_ref_evaluate(r, expr->left);

	if (expr->op == KX_PSL_NOT)
		return kx_ref_flag(!v.flag);
	if (v.literal) {
		v.number = -v.number;
		return v;
	}
	return v.number > INT64_MAX ? kx_ref_fail(r) : checked(r, -v.number, true);
}

struct kx_ref_value kx_ref_evaluate(struct kx_reference *r, const struct kx_psl_expr *expr)
{
	struct kx_ref_value value = {.kind = NOTHING};

	switch (expr->kind) {
	case KX_PSL_INT:
		value = kx_ref_number(expr->number, false);
		value.literal = true;
		return value;
	case KX_PSL_TEXT:
		value.kind = TEXT;
		(void)snprintf(value.text, sizeof(value.text), "%s", expr->text);
		return value;
	case KX_PSL_BOOL:
		return kx_ref_flag(expr->number);
	case KX_PSL_NAME:
		if (strcmp(expr->text, "src_sid") == 0)
			return kx_ref_number(r->event->src.sid, false);
		if (strcmp(expr->text, "dst_sid") == 0)
			return kx_ref_number(r->event->dst.sid, false);
		value.kind = WHOLE_MESSAGE;
		return value;
	case KX_PSL_FIELD:
		return kx_ref_member(r, expr);
	case KX_PSL_INDEX:
		return kx_ref_element(r, expr);
	case KX_PSL_UNARY:
		return unary(r, expr);
	case KX_PSL_BINARY:
		return binary(r, expr);
	case KX_PSL_CALL:
		return call_value(r, expr);
	default:
		return kx_ref_fail(r);
	}
}
