/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What the module needs to know of a rule to say which change of it would have
 * granted (models/remedy.c).
 */

#include <string.h>

#include "psl_writer.h"

static void put(struct kx_psl_writer *w, const char *fix, const char *text)
{
	kx_psl_put(w, "\n\t\t.fix = KX_KSM_FIX_%s,", fix);
	if (text)
		kx_psl_put(w, " .fix_text = %s,", kx_psl_quoted(w, text));
}

/* The condition stands in the text of the rule already, behind the name and a blank. */
static void put_condition(struct kx_psl_writer *w, const char *fix, const struct kx_psl_expr *call)
{
	const char *text = kx_psl_source_text(w->psl, &call->loc);
	const char *at = strstr(text + (call->object ? strlen(call->object) : 0), call->text);

	at = at ? at + strlen(call->text) : text + strlen(text);
	put(w, fix, NULL);
	kx_psl_put(w, " .condition = %zu,", (size_t)(at - text) + (*at == ' '));
}

static void put_allow(struct kx_psl_writer *w, const struct kx_psl_expr *call)
{
	const struct kx_psl_expr *states = kx_psl_item_of(call->left, "states");
	const char *text = kx_psl_source_text(w->psl, &call->loc);
	const char *list = states ? kx_psl_source_text(w->psl, &states->loc) : "";
	const char *at = *list == '[' ? strstr(text, list) : NULL;

	if (at)
		put(w, "ALLOW",
		    kx_pool_format(w->psl->pool, "%.*s\n%s%s", (int)(at + 1 - text), text,
				   states->items ? ", " : "", at + 1));
}

static void put_flow(struct kx_psl_writer *w, const struct kx_psl_object *object,
		     const struct kx_psl_expr *call)
{
	const struct kx_psl_expr *state = kx_psl_item_of(call->left, "state");

	if (strcmp(call->text, "enter") == 0 && state && state->kind == KX_PSL_TEXT)
		put(w, "ENTER",
		    kx_pool_format(w->psl->pool,
				   "at %s:%u: add to the transitions of %s: \n : [\"%s\"]",
				   object->name.loc.source->name, object->name.loc.line,
				   call->object, state->text));
	else if (strcmp(call->text, "allow") == 0)
		put_allow(w, call);
}

/* Mic rules that compare the levels of two processes. */
static bool compares_levels(const struct kx_psl_expr *call)
{
	static const char *const rules[] = {"call", "read", "invoke", "write"};

	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (strcmp(call->text, rules[i]) == 0)
			return true;
	return false;
}

/* What the choice is made by, and whether it has a branch for all else. */
static void put_choice(struct kx_psl_writer *w, const struct kx_psl_item *item)
{
	const struct kx_psl_expr *by = item->expr;
	const struct kx_psl_object *object =
		by->kind == KX_PSL_CALL && by->object ? kx_psl_object(w->psl, by->object) : NULL;
	bool patterns = object && object->model && object->model->kind == KX_PSL_REGEX &&
			strcmp(by->text, "select") == 0;

	if (patterns)
		by = kx_psl_item_of(by->left, "text");
	put(w, patterns ? "SELECT" : "CHOICE", by ? kx_psl_note_name(w->psl, by) : "");
	for (const struct kx_psl_option *o = item->options; o; o = o->next)
		if (!o->literal)
			kx_psl_put(w, " .has_default = true,");
}

void kx_psl_put_fix(struct kx_psl_writer *w, const struct kx_psl_item *item)
{
	const struct kx_psl_expr *call = item->expr;
	const struct kx_psl_object *object;

	if (item->kind == KX_PSL_CHOICE) {
		put_choice(w, item);
		return;
	}
	object = kx_psl_object(w->psl, call->object ? call->object : "base");
	if (!object || !object->model || !call->left)
		return;
	if (object->model->kind == KX_PSL_FLOW)
		put_flow(w, object, call);
	else if (object->model->kind == KX_PSL_MIC && compares_levels(call))
		put(w, "LEVEL", call->object);
	else if (strcmp(call->text, "assert") == 0)
		put_condition(w, "ASSERT", call);
	else if (strcmp(call->text, "deny") == 0 && call->left->kind == KX_PSL_UNIT)
		put(w, item->of_literal ? "BRANCH" : "ALWAYS", NULL);
	else if (strcmp(call->text, "deny") == 0)
		put_condition(w, "DENY", call);
}
