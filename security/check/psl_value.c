/* SPDX-License-Identifier: Apache-2.0 */

/* Literals, operators, and the plumbing of expressions; see psl_value.h. */

#include "psl_value.h"

#include <inttypes.h>
#include <string.h>

#define F(...) kx_pool_format(m->psl->pool, __VA_ARGS__)

struct kx_psl_value kx_psl_bad_value(void)
{
	return (struct kx_psl_value){
		.kind = KX_PSL_V_BAD, .constant = -1, .c = "0", .base = "NULL"};
}

struct kx_psl_value kx_psl_bad(struct kx_psl_maker *m, struct kx_psl_expr *expr,
			       const struct kx_loc *loc, const char *format, ...)
{
	va_list args;

	if (!expr->reported) {
		va_start(args, format);
		kx_error(m->psl->diag, loc, "%s", kx_pool_vformat(m->psl->pool, format, args));
		va_end(args);
	}
	expr->reported = true;
	return kx_psl_bad_value();
}

struct kx_psl_value kx_psl_boolean(const char *c, int constant)
{
	return (struct kx_psl_value){.kind = KX_PSL_V_BOOL, .constant = constant, .c = c};
}

struct kx_psl_value kx_psl_number(const char *c, bool is_signed, unsigned int bits)
{
	return (struct kx_psl_value){
		.kind = KX_PSL_V_INT, .is_signed = is_signed, .bits = bits, .constant = -1, .c = c};
}

struct kx_psl_value kx_psl_text_value(const char *c)
{
	return (struct kx_psl_value){.kind = KX_PSL_V_TEXT, .constant = -1, .c = c};
}

const char *kx_psl_value_name(struct kx_psl_maker *m, const struct kx_psl_value *value)
{
	switch (value->kind) {
	case KX_PSL_V_BOOL:
		return "Boolean";
	case KX_PSL_V_INT:
		return value->literal ? "a number"
				      : F("%cInt%u", value->is_signed ? 'S' : 'U', value->bits);
	case KX_PSL_V_TEXT:
		return "Text";
	case KX_PSL_V_UNIT:
		return "()";
	case KX_PSL_V_MESSAGE:
		return "the message";
	case KX_PSL_V_MEMORY:
		return kx_nk_spelling(m->psl->nk, value->nk);
	case KX_PSL_V_LIST:
		return "a list";
	case KX_PSL_V_DICT:
		return "a dictionary";
	case KX_PSL_V_LEVEL:
		return "an integrity level";
	default:
		return "?";
	}
}

/* @text without parentheses around all of it. */
static const char *unwrap(struct kx_psl *psl, const char *text)
{
	size_t length = strlen(text);
	size_t at = 0;
	int depth = 0;

	if (*text != '(')
		return text;
	do
		depth += (text[at] == '(') - (text[at] == ')');
	while (++at < length && depth > 0);
	return at < length ? text : unwrap(psl, kx_pool_text(psl->pool, text + 1, length - 2));
}

const char *kx_psl_note_name(struct kx_psl *psl, const struct kx_psl_expr *expr)
{
	return unwrap(psl, kx_psl_source_text(psl, &expr->loc));
}

/* False: @what is noted already, or there is no room for it. */
static bool first_note(struct kx_psl_maker *m, const char *what)
{
	if (m->notes == sizeof(m->noted) / sizeof(*m->noted))
		return false;
	for (uint32_t i = 0; i < m->notes; i++)
		if (strcmp(m->noted[i], what) == 0)
			return false;
	m->noted[m->notes++] = what;
	return true;
}

void kx_psl_put_level(struct kx_psl_maker *m, const char *what, const char *object, const char *sid)
{
	m->reads = F("%s\tkx_ksm_note_level(e, %s, &object_%s, %s);\n", m->reads ? m->reads : "",
		     kx_psl_c_string(m->psl, what, strlen(what)), object, sid);
}

void kx_psl_note_level(struct kx_psl_maker *m, const struct kx_psl_expr *expr, const char *object,
		       const char *sid)
{
	const char *what = kx_psl_note_name(m->psl, expr);

	if (first_note(m, what))
		kx_psl_put_level(m, what, object, sid);
}

void kx_psl_note(struct kx_psl_maker *m, const struct kx_psl_expr *expr,
		 const struct kx_psl_value *value)
{
	const char *what = kx_psl_note_name(m->psl, expr);
	const char *name = kx_psl_c_string(m->psl, what, strlen(what));
	const char *suffix = value->kind == KX_PSL_V_BOOL   ? "bool"
			     : value->kind == KX_PSL_V_TEXT ? "text"
			     : value->is_signed             ? "s"
							    : "u";

	if (!first_note(m, what))
		return;
	if (value->fixed) {
		m->fields = F("%s{%s, %" PRIu64 ", %u, %s}, ", m->fields ? m->fields : "", name,
			      value->offset, value->bits / 8, value->is_signed ? "true" : "false");
		m->field_count++;
		return;
	}
	m->reads = F("%s\tkx_ksm_note_%s(e, %s, %s);\n", m->reads ? m->reads : "", suffix, name,
		     value->c);
}

/* --- numbers ---------------------------------------------------------------------------- */

static const char *literal_c(struct kx_psl_maker *m, const struct kx_psl_value *v, bool is_signed)
{
	if (v->negative && v->magnitude > INT64_MAX)
		return "INT64_MIN";
	if (v->negative)
		return F("INT64_C(-%" PRIu64 ")", v->magnitude);
	return F(is_signed ? "INT64_C(%" PRIu64 ")" : "UINT64_C(%" PRIu64 ")", v->magnitude);
}

const char *kx_psl_as(struct kx_psl_maker *m, const struct kx_psl_value *value, bool is_signed)
{
	if (value->kind != KX_PSL_V_INT)
		return "0";
	if (value->literal && is_signed && !value->negative && value->magnitude > INT64_MAX)
		return F("kx_ksm_signed(e, UINT64_C(%" PRIu64 "))", value->magnitude);
	if (value->literal)
		return literal_c(m, value, is_signed || value->negative);
	if (is_signed && !value->is_signed)
		return value->bits < 64 ? F("(int64_t)%s", value->c)
					: F("kx_ksm_signed(e, %s)", value->c);
	return value->c;
}

static bool literal_fits(const struct kx_psl_value *v, const struct kx_psl_leaf *leaf)
{
	uint64_t max = leaf->bits == 64 ? UINT64_MAX : (1ull << leaf->bits) - 1;

	if (leaf->is_signed)
		max >>= 1;
	if (v->negative)
		return v->magnitude == 0 || (leaf->is_signed && v->magnitude <= max + 1);
	return v->magnitude <= max;
}

static const char *leaf_name(struct kx_psl_maker *m, const struct kx_psl_leaf *leaf)
{
	return leaf->is_bool ? "Boolean" : F("%cInt%u", leaf->is_signed ? 'S' : 'U', leaf->bits);
}

static const char *narrow(struct kx_psl_maker *m, const struct kx_psl_value *v,
			  const struct kx_psl_leaf *leaf)
{
	uint64_t max = leaf->bits == 64 ? UINT64_MAX : (1ull << leaf->bits) - 1;

	if (leaf->is_signed)
		max >>= 1;
	if (v->is_signed && leaf->is_signed)
		return v->bits <= leaf->bits ? v->c
					     : F("kx_ksm_fit_s(e, %s, -INT64_C(%" PRIu64
						 ") - 1, INT64_C(%" PRIu64 "))",
						 v->c, max, max);
	if (v->is_signed)
		return F("kx_ksm_unsigned(e, %s, UINT64_C(%" PRIu64 "))", v->c, max);
	/* What is said to be signed must be so in C: it may be compared with less than 0. */
	return F("%s%s", leaf->is_signed ? "(int64_t)" : "",
		 v->bits < leaf->bits || (v->bits == leaf->bits && !leaf->is_signed)
			 ? v->c
			 : F("kx_ksm_fit_u(e, %s, UINT64_C(%" PRIu64 "))", v->c, max));
}

const char *kx_psl_fit(struct kx_psl_maker *m, struct kx_psl_expr *expr,
		       const struct kx_psl_leaf *leaf)
{
	struct kx_psl_value v = kx_psl_value(m, expr);
	const char *wanted = leaf_name(m, leaf);

	if (v.kind == KX_PSL_V_BAD)
		return NULL;
	if (v.kind != (leaf->is_bool ? KX_PSL_V_BOOL : KX_PSL_V_INT)) {
		kx_psl_bad(m, expr, &expr->loc, "expected %s, got %s", wanted,
			   kx_psl_value_name(m, &v));
		return NULL;
	}
	if (leaf->is_bool)
		return v.c;
	if (!v.literal)
		return narrow(m, &v, leaf);
	if (!literal_fits(&v, leaf)) {
		kx_psl_bad(m, expr, &expr->loc, "this number does not fit %s", wanted);
		return NULL;
	}
	return literal_c(m, &v, leaf->is_signed);
}

static bool is_int(struct kx_psl_maker *m, struct kx_psl_expr *expr, const struct kx_psl_value *v)
{
	if (v->kind == KX_PSL_V_INT)
		return true;
	if (v->kind != KX_PSL_V_BAD)
		kx_psl_bad(m, expr, &expr->loc, "expected a number, got %s",
			   kx_psl_value_name(m, v));
	return false;
}

static const char *const op_c[] = {
	[KX_PSL_EQ] = "==", [KX_PSL_NE] = "!=", [KX_PSL_LT] = "<",
	[KX_PSL_LE] = "<=", [KX_PSL_GT] = ">",  [KX_PSL_GE] = ">=",
};

/* C comparison of two numbers, right for any mix of signs. */
static const char *compare(struct kx_psl_maker *m, const struct kx_psl_value *a, enum kx_psl_op op,
			   const struct kx_psl_value *b)
{
	bool sa = a->literal ? a->negative : a->is_signed;
	bool sb = b->literal ? b->negative : b->is_signed;

	if (a->literal && !a->negative && a->magnitude <= INT64_MAX)
		sa = sb;
	if (b->literal && !b->negative && b->magnitude <= INT64_MAX)
		sb = sa;
	if (sa == sb)
		return F("(%s %s %s)", kx_psl_as(m, a, sa), op_c[op], kx_psl_as(m, b, sb));
	if (!sa)
		return F("(kx_ksm_compare(%s, %s) %s 0)", kx_psl_as(m, a, false),
			 kx_psl_as(m, b, true), op_c[op]);
	return F("(0 %s kx_ksm_compare(%s, %s))", op_c[op], kx_psl_as(m, b, false),
		 kx_psl_as(m, a, true));
}

/* Says so when a literal cannot be a value of the other side. */
static void check_range(struct kx_psl_maker *m, struct kx_psl_expr *expr,
			const struct kx_psl_value *a, const struct kx_psl_value *b)
{
	struct kx_psl_leaf leaf = {.is_signed = b->is_signed, .bits = b->bits};

	if (!a->literal || b->literal || b->bits == 0 || literal_fits(a, &leaf) || expr->warned)
		return;
	expr->warned = true;
	kx_warning(m->psl->diag, &expr->loc, "%s is never equal to this number: it does not fit",
		   leaf_name(m, &leaf));
}

struct kx_psl_value kx_psl_equal(struct kx_psl_maker *m, struct kx_psl_expr *expr,
				 const struct kx_psl_value *a, const struct kx_psl_value *b)
{
	if (a->kind == KX_PSL_V_BAD || b->kind == KX_PSL_V_BAD)
		return kx_psl_bad_value();
	if (a->kind == KX_PSL_V_INT && b->kind == KX_PSL_V_INT) {
		check_range(m, expr, a, b);
		check_range(m, expr, b, a);
		return kx_psl_boolean(compare(m, a, KX_PSL_EQ, b), -1);
	}
	if (a->kind == KX_PSL_V_BOOL && b->kind == KX_PSL_V_BOOL)
		return kx_psl_boolean(F("(%s == %s)", a->c, b->c), -1);
	if (a->kind == KX_PSL_V_TEXT && b->kind == KX_PSL_V_TEXT)
		return kx_psl_boolean(F("kx_ksm_text_equal(%s, %s)", a->c, b->c), -1);
	if (a->kind == KX_PSL_V_UNIT && b->kind == KX_PSL_V_UNIT)
		return kx_psl_boolean("true", 1);
	if (a->kind == KX_PSL_V_LEVEL && b->kind == KX_PSL_V_LEVEL)
		return kx_psl_boolean(F("kx_ksm_level_equal(%s, %s)", a->c, b->c), -1);
	return kx_psl_bad(m, expr, &expr->loc, "cannot compare %s with %s", kx_psl_value_name(m, a),
			  kx_psl_value_name(m, b));
}

/* --- operators --------------------------------------------------------------------------- */

static struct kx_psl_value comparison(struct kx_psl_maker *m, struct kx_psl_expr *expr)
{
	struct kx_psl_value a = kx_psl_value(m, expr->left);
	struct kx_psl_value b = kx_psl_value(m, expr->right);
	struct kx_psl_value equal;

	if (expr->op == KX_PSL_EQ)
		return kx_psl_equal(m, expr, &a, &b);
	if (expr->op == KX_PSL_NE) {
		equal = kx_psl_equal(m, expr, &a, &b);
		if (equal.kind == KX_PSL_V_BOOL)
			equal = kx_psl_boolean(F("!%s", equal.c),
					       equal.constant < 0 ? -1 : !equal.constant);
		return equal;
	}
	if (!is_int(m, expr->left, &a) || !is_int(m, expr->right, &b))
		return kx_psl_bad_value();
	kx_psl_compared(m, expr, &a, &b);
	return kx_psl_boolean(compare(m, &a, expr->op, &b), -1);
}

struct kx_psl_value kx_psl_condition(struct kx_psl_maker *m, struct kx_psl_expr *expr)
{
	struct kx_psl_value v = kx_psl_value(m, expr);

	if (v.kind == KX_PSL_V_BOOL || v.kind == KX_PSL_V_BAD)
		return v;
	return kx_psl_bad(m, expr, &expr->loc, "expected a condition (Boolean), got %s",
			  kx_psl_value_name(m, &v));
}

/* `a` decides alone when it is the constant @decides. */
static struct kx_psl_value logical(struct kx_psl_maker *m, struct kx_psl_expr *expr)
{
	struct kx_psl_value a = kx_psl_condition(m, expr->left);
	struct kx_psl_value b = kx_psl_condition(m, expr->right);
	int decides = expr->op == KX_PSL_OR;
	int constant = -1;

	if (a.kind == KX_PSL_V_BAD || b.kind == KX_PSL_V_BAD)
		return kx_psl_bad_value();
	if (expr->op == KX_PSL_IMPLIES) {
		a.c = F("!%s", a.c);
		a.constant = a.constant < 0 ? -1 : !a.constant;
		decides = 1;
	}
	if (a.constant >= 0)
		constant = a.constant == decides ? decides : b.constant;
	return kx_psl_boolean(F("(%s %s %s)", a.c, expr->op == KX_PSL_AND ? "&&" : "||", b.c),
			      constant);
}

static struct kx_psl_value arithmetic(struct kx_psl_maker *m, struct kx_psl_expr *expr)
{
	static const char *const names[] = {
		[KX_PSL_ADD] = "add", [KX_PSL_SUB] = "sub", [KX_PSL_MUL] = "mul"};
	struct kx_psl_value a = kx_psl_value(m, expr->left);
	struct kx_psl_value b = kx_psl_value(m, expr->right);
	bool is_signed;

	if (!is_int(m, expr->left, &a) || !is_int(m, expr->right, &b))
		return kx_psl_bad_value();
	is_signed = a.is_signed || b.is_signed || (a.literal && a.negative) ||
		    (b.literal && b.negative);
	return kx_psl_number(F("kx_ksm_%s_%c(e, %s, %s)", names[expr->op], is_signed ? 's' : 'u',
			       kx_psl_as(m, &a, is_signed), kx_psl_as(m, &b, is_signed)),
			     is_signed, 64);
}

static struct kx_psl_value bitwise(struct kx_psl_maker *m, struct kx_psl_expr *expr)
{
	struct kx_psl_value a = kx_psl_value(m, expr->left);
	struct kx_psl_value b = kx_psl_value(m, expr->right);
	bool is_signed;
	unsigned int bits;

	if (!is_int(m, expr->left, &a) || !is_int(m, expr->right, &b))
		return kx_psl_bad_value();
	is_signed = a.is_signed || b.is_signed || a.negative || b.negative;
	/* Of a signed and an unsigned one neither type holds every result. */
	bits = a.literal || b.literal || a.is_signed != b.is_signed ? 64
	       : a.bits > b.bits                                    ? a.bits
								    : b.bits;
	return kx_psl_number(F("(%s %c %s)", kx_psl_as(m, &a, is_signed),
			       expr->op == KX_PSL_BIT_OR ? '|' : '&', kx_psl_as(m, &b, is_signed)),
			     is_signed, bits);
}

static struct kx_psl_value unary(struct kx_psl_maker *m, struct kx_psl_expr *expr)
{
	struct kx_psl_value v;

	if (expr->op == KX_PSL_NOT) {
		v = kx_psl_condition(m, expr->left);
		if (v.kind == KX_PSL_V_BAD)
			return v;
		return kx_psl_boolean(F("!%s", v.c), v.constant < 0 ? -1 : !v.constant);
	}
	v = kx_psl_value(m, expr->left);
	if (!is_int(m, expr->left, &v))
		return kx_psl_bad_value();
	if (expr->op == KX_PSL_NEG) {
		if (!v.literal)
			return kx_psl_number(F("kx_ksm_sub_s(e, 0, %s)", kx_psl_as(m, &v, true)),
					     true, 64);
		if (v.magnitude > (uint64_t)INT64_MAX + 1)
			return kx_psl_bad(m, expr, &expr->loc, "this number does not fit SInt64");
		v.negative = !v.negative;
		return v;
	}
	if (v.is_signed || v.bits == 64 || v.literal)
		return kx_psl_number(F("(~%s)", kx_psl_as(m, &v, v.is_signed)), v.is_signed,
				     v.literal ? 64 : v.bits);
	return kx_psl_number(F("(~%s & UINT64_C(%llu))", v.c, (1ull << v.bits) - 1), false, v.bits);
}

static struct kx_psl_value binary(struct kx_psl_maker *m, struct kx_psl_expr *expr)
{
	switch (expr->op) {
	case KX_PSL_IMPLIES:
	case KX_PSL_OR:
	case KX_PSL_AND:
		return logical(m, expr);
	case KX_PSL_BIT_OR:
	case KX_PSL_BIT_AND:
		return bitwise(m, expr);
	case KX_PSL_ADD:
	case KX_PSL_SUB:
	case KX_PSL_MUL:
		return arithmetic(m, expr);
	default:
		return comparison(m, expr);
	}
}

/* Operators come with nk.basic; a policy without it is read wrongly by KasperskyOS. */
static bool has_operators(struct kx_psl_maker *m, struct kx_psl_expr *expr)
{
	if (m->psl->libraries & KX_PSL_LIB_BASIC)
		return true;
	kx_psl_bad(m, expr, &expr->loc, "operators need 'use nk.basic._'");
	return false;
}

/* --- all ------------------------------------------------------------------------------------- */

struct kx_psl_value kx_psl_value(struct kx_psl_maker *m, struct kx_psl_expr *expr)
{
	switch (expr->kind) {
	case KX_PSL_INT:
		return (struct kx_psl_value){.kind = KX_PSL_V_INT,
					     .bits = 0,
					     .literal = true,
					     .magnitude = expr->number,
					     .constant = -1,
					     .c = F("UINT64_C(%" PRIu64 ")", expr->number)};
	case KX_PSL_TEXT:
		return kx_psl_text_value(F("KX_KSM_TEXT(%s, %zu)",
					   kx_psl_c_string(m->psl, expr->text, expr->len),
					   expr->len));
	case KX_PSL_BOOL:
		return kx_psl_boolean(expr->number ? "true" : "false", (int)expr->number);
	case KX_PSL_UNIT:
		return (struct kx_psl_value){.kind = KX_PSL_V_UNIT, .constant = -1, .c = "0"};
	case KX_PSL_DICT:
	case KX_PSL_LIST:
		return (struct kx_psl_value){.kind = expr->kind == KX_PSL_DICT ? KX_PSL_V_DICT
									       : KX_PSL_V_LIST,
					     .constant = -1,
					     .c = "0",
					     .expr = expr};
	case KX_PSL_UNARY:
		if (expr->op != KX_PSL_NEG && !has_operators(m, expr))
			return kx_psl_bad_value();
		return unary(m, expr);
	case KX_PSL_BINARY:
		return has_operators(m, expr) ? binary(m, expr) : kx_psl_bad_value();
	case KX_PSL_CALL:
		return kx_psl_call_value(m, expr);
	default:
		return kx_psl_path_value(m, expr);
	}
}
