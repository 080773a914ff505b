/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Choices as C functions: the value chosen by goes into the variable `chosen`,
 * each branch is an `if`, and the rules of a branch run as steps, so that the
 * trail names the one that denied.
 */

#include <inttypes.h>
#include <string.h>

#include "psl_call.h"

#define F(...) kx_pool_format(m->psl->pool, __VA_ARGS__)

/* "a && b" of the rules in @items that apply; counts them. */
static const char *branch(struct kx_psl_maker *m, struct kx_psl_item *items, bool *per_slot,
			  uint32_t *journal, const char *c)
{
	for (struct kx_psl_item *item = items; item; item = item->next) {
		struct kx_psl_made *made;

		if (item->kind == KX_PSL_MATCH) {
			*per_slot = true;
			if (kx_psl_selected(item->block->selectors, m->slot))
				c = branch(m, item->block->items, per_slot, journal, c);
			continue;
		}
		if (item->kind == KX_PSL_AUDIT)
			continue;
		made = kx_psl_compile(m->psl, item, m->slot);
		*per_slot |= made->per_slot;
		m->reads_message |= made->method != NULL;
		*journal += made->journal;
		item->slots++;
		c = F("%s%skx_ksm_step(e, &rules[%u])", c, *c ? " &&\n\t\t       " : "",
		      made->number);
	}
	return c;
}

/* What a choice is made by, and how its branches are compared with it. */
struct chosen {
	enum { BY_PATTERN, BY_STATE, BY_LEVEL, BY_VALUE } how;
	const struct kx_psl_model *model;
	struct kx_psl_value value;
	const char *c; /* the C declaration of `chosen`; NULL after an error */
};

/* The C condition under which branch @literal is taken; NULL after an error. */
static const char *fits(struct kx_psl_maker *m, struct kx_psl_expr *literal,
			const struct chosen *chosen)
{
	struct kx_psl_value v;
	const char *level;
	int number;

	switch (chosen->how) {
	case BY_PATTERN:
		number = kx_psl_regex(m, literal);
		return number < 0 ? NULL : F("kx_ksm_regex_match(e, &regex_%d, chosen)", number);
	case BY_STATE:
		number = kx_psl_state(m, literal, chosen->model);
		return number < 0 ? NULL : F("chosen == %d", number);
	case BY_LEVEL:
		level = kx_psl_level(m, literal, chosen->model);
		return level ? F("kx_ksm_level_equal(chosen, %s)", level) : NULL;
	default:
		v = kx_psl_value(m, literal);
		v = kx_psl_equal(m, literal, &chosen->value, &v);
		if (v.kind != KX_PSL_V_BOOL)
			return NULL;
		/* One pair of parentheses is enough: clang warns of two around ==. */
		return *v.c == '(' ? F("%.*s", (int)strlen(v.c) - 2, v.c + 1) : v.c;
	}
}

static void choose_value(struct kx_psl_maker *m, struct kx_psl_expr *expr, struct chosen *chosen)
{
	struct kx_psl_value *v = &chosen->value;
	const char *type = NULL;

	*v = kx_psl_value(m, expr);
	if (v->kind == KX_PSL_V_LEVEL) {
		chosen->how = BY_LEVEL;
		type = "struct kx_ksm_level";
	} else if (v->kind == KX_PSL_V_INT) {
		v->is_signed |= v->negative;
		v->c = kx_psl_as(m, v, v->is_signed);
		type = v->is_signed ? "int64_t" : "uint64_t";
	} else if (v->kind == KX_PSL_V_BOOL) {
		type = "bool";
	} else if (v->kind == KX_PSL_V_TEXT) {
		type = "struct kx_ksm_text";
	} else if (v->kind != KX_PSL_V_BAD) {
		kx_psl_bad(m, expr, &expr->loc, "no choice can be made by %s",
			   kx_psl_value_name(m, v));
	}
	if (!type)
		return;
	chosen->c = F("\t%s chosen = %s;\n", type, v->c);
	v->c = "chosen";
	v->literal = false;
	v->negative = false;
	v->bits = v->bits ? v->bits : 64;
}

static struct chosen choose(struct kx_psl_maker *m, struct kx_psl_expr *expr)
{
	struct chosen chosen = {.how = BY_VALUE, .value = kx_psl_bad_value()};
	struct kx_psl_object *object = NULL;
	const char *sid;

	if (expr->kind == KX_PSL_CALL && expr->object)
		object = kx_psl_called(m, expr);
	chosen.model = object ? object->model : NULL;
	if (object && object->model->kind == KX_PSL_REGEX && strcmp(expr->text, "select") == 0) {
		chosen.how = BY_PATTERN;
		if (!kx_psl_fields(m, expr, "text"))
			return chosen;
		chosen.value = kx_psl_text_of(m, expr);
		if (chosen.value.kind != KX_PSL_V_BAD)
			chosen.c = F("\tstruct kx_ksm_text chosen = %s;\n", chosen.value.c);
	} else if (object && object->model->kind == KX_PSL_FLOW &&
		   strcmp(expr->text, "query") == 0) {
		chosen.how = BY_STATE;
		if (!kx_psl_fields(m, expr, "sid") || !(sid = kx_psl_sid(m, expr, "sid")))
			return chosen;
		chosen.value = kx_psl_text_value(
			F("kx_ksm_flow_name(e, &object_%s, %s)", chosen.model->object, sid));
		kx_psl_note(m, expr, &chosen.value);
		chosen.c = F("\tuint32_t chosen = kx_ksm_flow_query(e, &object_%s, %s);\n",
			     chosen.model->object, sid);
	} else {
		choose_value(m, expr, &chosen);
	}
	return chosen;
}

const char *kx_psl_choice(struct kx_psl_maker *m, const struct kx_psl_item *item, bool *per_slot)
{
	struct chosen chosen = choose(m, item->expr);
	const char *text = chosen.c;
	uint32_t most = 0;
	bool is_default = false;

	if (!text)
		return "\treturn false;\n";
	text = F("%s\n\tif (e->failure)\n\t\treturn false;\n", text);
	for (struct kx_psl_option *o = item->options; o; o = o->next) {
		uint32_t journal = 0;
		const char *test = o->literal ? fits(m, o->literal, &chosen) : NULL;
		const char *steps = branch(m, o->items, per_slot, &journal, "");

		if (!*steps)
			steps = "kx_ksm_no_option(e)";
		if (journal > most)
			most = journal;
		is_default |= !o->literal;
		if (!o->literal)
			text = F("%s\treturn %s;\n", text, steps);
		else
			text = F("%s\tif (%s)\n\t\treturn %s;\n", text, test ? test : "false",
				 steps);
	}
	m->journal += most;
	return is_default ? text : F("%s\treturn kx_ksm_no_option(e);\n", text);
}

static bool same_literal(const struct kx_psl_expr *a, const struct kx_psl_expr *b)
{
	bool negative[2];
	uint64_t magnitude[2] = {0, 0};

	if (kx_psl_literal(a, &negative[0], &magnitude[0]) &&
	    kx_psl_literal(b, &negative[1], &magnitude[1]))
		return negative[0] == negative[1] && magnitude[0] == magnitude[1];
	if (a->kind != b->kind)
		return false;
	if (a->kind == KX_PSL_BOOL)
		return a->number == b->number;
	return a->kind == KX_PSL_TEXT && a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

void kx_psl_check_branch(struct kx_psl *psl, const struct kx_psl_option *options,
			 const struct kx_psl_option *one)
{
	for (const struct kx_psl_option *o = options; o != one; o = o->next)
		if (o->literal && one->literal && same_literal(o->literal, one->literal)) {
			kx_warning(psl->diag, &one->loc,
				   "this branch is never taken: the one in line %u has the same "
				   "literal",
				   o->loc.line);
			return;
		}
}
