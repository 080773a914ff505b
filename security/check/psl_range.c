/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Comparisons whose result the type of one side decides: a UInt8 with 300. A rule may stand for
 * events in which types differ, so what each event makes of a comparison is collected, and told
 * at the end if all agree.
 */

#include "psl_value.h"

enum outcome { NEVER = 1, ALWAYS = 2, DEPENDS = 4 };

/* Where a literal stands among the values of a type. */
struct place {
	bool below, above;    /* all of them */
	bool least, greatest; /* it is that one */
};

static struct place place_of(const struct kx_psl_value *literal, const struct kx_psl_value *typed)
{
	bool negative = literal->negative && literal->magnitude;
	uint64_t max = typed->bits == 64 ? UINT64_MAX : (1ull << typed->bits) - 1;
	uint64_t least; /* its magnitude */

	if (typed->is_signed)
		max >>= 1;
	least = typed->is_signed ? max + 1 : 0;
	return (struct place){
		.below = negative && literal->magnitude > least,
		.above = !negative && literal->magnitude > max,
		.least = literal->magnitude == least && (negative || !least),
		.greatest = !negative && literal->magnitude == max,
	};
}

/* Of "a value of the type @op the literal". */
static enum outcome outcome_of(enum kx_psl_op op, struct place place)
{
	bool always;
	bool never;

	switch (op) {
	case KX_PSL_LT:
		always = place.above;
		never = place.below || place.least;
		break;
	case KX_PSL_LE:
		always = place.above || place.greatest;
		never = place.below;
		break;
	case KX_PSL_GT:
		always = place.below;
		never = place.above || place.greatest;
		break;
	default:
		always = place.below || place.least;
		never = place.above;
	}
	return always ? ALWAYS : never ? NEVER : DEPENDS;
}

static enum kx_psl_op turned(enum kx_psl_op op)
{
	static const enum kx_psl_op other[] = {[KX_PSL_LT] = KX_PSL_GT,
					       [KX_PSL_LE] = KX_PSL_GE,
					       [KX_PSL_GT] = KX_PSL_LT,
					       [KX_PSL_GE] = KX_PSL_LE};

	return other[op];
}

void kx_psl_compared(struct kx_psl_maker *m, struct kx_psl_expr *expr, const struct kx_psl_value *a,
		     const struct kx_psl_value *b)
{
	enum outcome outcome = DEPENDS;

	if (b->literal && !a->literal && a->bits)
		outcome = outcome_of(expr->op, place_of(b, a));
	else if (a->literal && !b->literal && b->bits)
		outcome = outcome_of(turned(expr->op), place_of(a, b));
	if (!expr->outcomes) {
		expr->compared = m->psl->compared;
		m->psl->compared = expr;
	}
	expr->outcomes |= (uint8_t)outcome;
}

void kx_psl_check_compared(struct kx_psl *psl)
{
	for (const struct kx_psl_expr *expr = psl->compared; expr; expr = expr->compared)
		if (expr->outcomes == ALWAYS || expr->outcomes == NEVER)
			kx_warning(psl->diag, &expr->loc, "this %s holds, whatever the number is",
				   expr->outcomes == ALWAYS ? "always" : "never");
}
