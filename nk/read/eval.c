/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Constant expressions. Values are exact between -2^63 and 2^64-1; anything
 * outside is an error at the operator that made it.
 */

#include "session.h"

typedef __int128 kx_wide;

#define WIDE_MIN (-((kx_wide)1 << 63))
#define WIDE_MAX (((kx_wide)1 << 64) - 1)

static bool in_range(kx_wide value)
{
	return value >= WIDE_MIN && value <= WIDE_MAX;
}

static bool power(kx_wide base, kx_wide exponent, kx_wide *value)
{
	*value = 1;
	if (base == 0 || base == 1 || base == -1)
		exponent = exponent == 0 ? 0 : exponent % 2 ? 1 : 2;
	for (; exponent > 0; exponent--) {
		*value *= base;
		if (!in_range(*value))
			return false;
	}
	return true;
}

static bool shift(struct kx_nk *nk, const struct kx_nk_expr *expr, kx_wide left, kx_wide right,
		  kx_wide *value)
{
	if (right < 0 || right > 63) {
		kx_error(&nk->diag, &expr->right->loc, "shift count must be between 0 and 63");
		return false;
	}
	*value = expr->op == KX_NK_SHL ? left * ((kx_wide)1 << right) : left >> right;
	return true;
}

static bool apply(struct kx_nk *nk, const struct kx_nk_expr *expr, kx_wide left, kx_wide right,
		  kx_wide *value)
{
	switch (expr->op) {
	case KX_NK_NEG:
		*value = -left;
		break;
	case KX_NK_ADD:
		*value = left + right;
		break;
	case KX_NK_SUB:
		*value = left - right;
		break;
	case KX_NK_MUL:
		*value = left * right;
		break;
	case KX_NK_SHL:
	case KX_NK_SHR:
		if (!shift(nk, expr, left, right, value))
			return false;
		break;
	case KX_NK_POW:
		if (right < 0) {
			kx_error(&nk->diag, &expr->right->loc, "exponent must not be negative");
			return false;
		}
		if (!power(left, right, value))
			*value = WIDE_MAX + 1;
		break;
	default:
		*value = left;
		break;
	}
	if (in_range(*value))
		return true;
	kx_error(&nk->diag, &expr->loc, "value does not fit 64 bits");
	return false;
}

static bool eval_const(struct kx_nk *nk, struct kx_nk_unit *unit, struct kx_nk_expr *expr,
		       kx_wide *value)
{
	struct kx_nk_def *def = kx_nk_lookup(unit, expr->name);
	struct kx_guess guess;

	if (!def || def->kind != KX_NK_DEF_CONST) {
		kx_guess_init(&guess, expr->name);
		for (struct kx_nk_def *d = unit->defs; d; d = d->next)
			if (d->kind == KX_NK_DEF_CONST)
				kx_guess_add(&guess, d->name);
		kx_error(&nk->diag, &expr->loc, "%s '%s'%s",
			 def ? "a constant is wanted here, not" : "unknown constant", expr->name,
			 kx_guess_text(&guess, &nk->pool));
		return false;
	}
	expr->def = def;
	if (!kx_nk_check_def(nk, def))
		return false;
	*value = (kx_wide)def->value.magnitude;
	if (def->value.negative)
		*value = -*value;
	return true;
}

static bool eval(struct kx_nk *nk, struct kx_nk_unit *unit, struct kx_nk_expr *expr, kx_wide *value)
{
	kx_wide left, right = 0;

	if (expr->op == KX_NK_NUMBER) {
		*value = (kx_wide)expr->number;
		return true;
	}
	if (expr->op == KX_NK_CONST)
		return eval_const(nk, unit, expr, value);
	if (!eval(nk, unit, expr->left, &left))
		return false;
	if (expr->right && !eval(nk, unit, expr->right, &right))
		return false;
	return apply(nk, expr, left, right, value);
}

bool kx_nk_eval(struct kx_nk *nk, struct kx_nk_unit *unit, struct kx_nk_expr *expr,
		struct kx_nk_value *value)
{
	kx_wide wide;

	if (!eval(nk, unit, expr, &wide))
		return false;
	value->negative = wide < 0;
	value->magnitude = (uint64_t)(wide < 0 ? -wide : wide);
	return true;
}

bool kx_nk_fits(struct kx_nk_value value, enum kx_nk_base base)
{
	unsigned int bits = 8 * kx_nk_base_bytes(base);
	bool is_signed = kx_nk_base_signed(base);
	uint64_t most = UINT64_MAX >> (64 - bits + (is_signed ? 1 : 0));

	if (value.negative)
		return is_signed && value.magnitude <= most + 1;
	return value.magnitude <= most;
}
