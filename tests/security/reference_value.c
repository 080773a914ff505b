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

/* abs, neg and the casts, which are named as the types in small letters. */
static struct kx_ref_value math_of_one(struct kx_reference *r, const struct kx_psl_expr *call)
{
	struct kx_ref_value v = kx_ref_evaluate(r, call->left);
	bool is_signed_type = call->text[0] == 's';
	struct kx_psl_type type = {.text = is_signed_type ? "SInt8" : "UInt8"};
	unsigned int bits = 8;

	if (strcmp(call->text, "abs") == 0)
		return v.number > INT64_MAX
			       ? kx_ref_fail(r)
			       : checked(r, v.number < 0 ? -v.number : v.number, false);
	if (strcmp(call->text, "neg") == 0)
		return v.number > INT64_MAX ? kx_ref_fail(r) : checked(r, -v.number, true);
	if (strstr(call->text, "16")) {
		type.text = is_signed_type ? "SInt16" : "UInt16";
		bits = 16;
	} else if (strstr(call->text, "32")) {
		type.text = is_signed_type ? "SInt32" : "UInt32";
		bits = 32;
	} else if (strstr(call->text, "64")) {
		type.text = is_signed_type ? "SInt64" : "UInt64";
		bits = 64;
	}
	return kx_ref_fits(&type, v.number) ? kx_ref_small(v.number, is_signed_type, bits)
					    : kx_ref_fail(r);
}

static struct kx_ref_value math(struct kx_reference *r, const struct kx_psl_expr *call)
{
	bool product = strcmp(call->text, "product") == 0;
	struct kx_ref_value v;
	kx_wide result = product;

	if (call->left->kind != KX_PSL_LIST)
		return math_of_one(r, call);
	for (const struct kx_psl_expr *item = call->left->items; item; item = item->next) {
		v = kx_ref_evaluate(r, item);
		result = product ? result * v.number : result + v.number;
		(void)checked(r, result, false);
	}
	return kx_ref_number(result, false);
}

static struct kx_ref_value one_of_two(struct kx_reference *r, const struct kx_psl_expr *call);

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
	if (strcmp(call->text, "cond") == 0)
		return one_of_two(r, call);
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

/* Only one of the values counts, but what type the result has both say. */
static struct kx_ref_value one_of_two(struct kx_reference *r, const struct kx_psl_expr *call)
{
	bool test = kx_ref_evaluate(r, kx_ref_argument(call, "if")).flag;
	bool failed = r->failed;
	struct kx_ref_value other =
		kx_ref_evaluate(r, kx_ref_argument(call, test ? "else" : "then"));
	struct kx_ref_value value;
	bool result_signed;

	r->failed = failed;
	value = kx_ref_evaluate(r, kx_ref_argument(call, test ? "then" : "else"));
	if (value.kind != NUMBER)
		return value;
	result_signed = is_signed(&value) || is_signed(&other);
	return checked(r, value.number, result_signed);
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
	unsigned int bits = a->literal || b->literal ? 64 : a->bits > b->bits ? a->bits : b->bits;
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
		return kx_ref_small(a->number & b->number, result_signed, bits);
	default:
		return kx_ref_small(a->number | b->number, result_signed, bits);
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
	if (expr->op == KX_PSL_FLIP && v.is_signed)
		return kx_ref_small(~v.number, true, v.bits);
	if (expr->op == KX_PSL_FLIP)
		return kx_ref_small(~v.number & (((kx_wide)1 << v.bits) - 1), false, v.bits);
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
			return kx_ref_small(r->event->src.sid, false, 32);
		if (strcmp(expr->text, "dst_sid") == 0)
			return kx_ref_small(r->event->dst.sid, false, 32);
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
