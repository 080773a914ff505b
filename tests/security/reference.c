/* SPDX-License-Identifier: Apache-2.0 */

/* The reference interpreter: bindings, choices, and the decision. */

#include "reference_inside.h"

#include <regex.h>
#include <stdio.h>
#include <string.h>

static bool selected(const struct kx_reference *r, const struct kx_psl_selector *selectors)
{
	for (const struct kx_psl_selector *s = selectors; s; s = s->next) {
		const char *kind = s->kind_word.text;
		const char *wanted = s->value.text;
		const char *got = "";

		if (strcmp(kind, "src") == 0)
			got = r->event->src.class_name;
		else if (strcmp(kind, "dst") == 0)
			got = r->event->dst.class_name;
		else if (r->event->kind == KX_EVENT_EXECUTE)
			continue;
		else if (strcmp(kind, "endpoint") == 0)
			got = r->endpoint->path;
		else if (strcmp(kind, "interface") == 0)
			got = r->endpoint->iface->name;
		else if (strcmp(kind, "component") == 0)
			got = r->endpoint->owner->name;
		else
			got = r->method->name;
		if (strcmp(got, wanted) != 0)
			return false;
	}
	return true;
}

static bool run(struct kx_reference *r, const struct kx_psl_item *items, uint32_t *count);

bool kx_ref_matches(const char *text, const char *pattern)
{
	char whole[128];
	regex_t compiled;
	bool matches;

	(void)snprintf(whole, sizeof(whole), "^(%s)$", pattern);
	if (regcomp(&compiled, whole, REG_EXTENDED | REG_NOSUB) != 0)
		return false;
	matches = regexec(&compiled, text, 0, NULL, 0) == 0;
	regfree(&compiled);
	return matches;
}

/* A choice by integrity level. */
static bool choice_by_level(struct kx_reference *r, const struct kx_psl_item *item)
{
	uint32_t index;
	const struct kx_psl_object *object = kx_ref_find_object(r, item->expr->object, &index);
	struct kx_ref_value sid = kx_ref_evaluate(r, kx_ref_argument(item->expr, "source"));
	const struct kx_ref_context *context = kx_ref_context_of(r, index, sid.number);

	if (!context)
		return false;
	for (const struct kx_psl_option *o = item->options; o; o = o->next) {
		struct kx_ref_level level;
		uint32_t count = 0;

		memset(&level, 0, sizeof(level));
		if (o->literal)
			level = kx_ref_level_of(object, o->literal);
		if (!o->literal || (level.degree == context->level.degree &&
				    memcmp(level.has, context->level.has, sizeof(level.has)) == 0))
			return run(r, o->items, &count) && count > 0;
	}
	return false;
}

static bool choice(struct kx_reference *r, const struct kx_psl_item *item)
{
	const struct kx_psl_expr *call = item->expr;
	bool select = call->kind == KX_PSL_CALL && strcmp(call->text, "select") == 0;
	struct kx_ref_value chosen;

	if (call->kind == KX_PSL_CALL && strcmp(call->text, "query_level") == 0)
		return choice_by_level(r, item);
	chosen = kx_ref_evaluate(r, select ? kx_ref_argument(call, "text") : call);
	if (r->failed)
		return false;
	for (const struct kx_psl_option *o = item->options; o; o = o->next) {
		uint32_t count = 0;
		bool fits = !o->literal;

		if (o->literal && select) {
			fits = kx_ref_matches(chosen.text, o->literal->text);
		} else if (o->literal) {
			struct kx_ref_value literal = kx_ref_evaluate(r, o->literal);

			fits = kx_ref_compare(r, KX_PSL_EQ, &chosen, &literal).flag;
		}
		if (fits)
			return run(r, o->items, &count) && count > 0;
	}
	return false;
}

/* Whether the profile in force wants grants by @object on record. */
static bool is_wanted(const struct kx_reference *r, const char *object)
{
	const struct kx_psl_profile *p = r->psl->profiles;
	char level[16];

	(void)snprintf(level, sizeof(level), "%u", r->state.level);
	while (p && strcmp(p->name.text, r->profile) != 0)
		p = p->next;
	for (const struct kx_psl_expr *l = p ? p->levels->items : NULL; l; l = l->next)
		for (const struct kx_psl_expr *o = l->items; o; o = o->next)
			if (strcmp(l->key, level) == 0 && strcmp(o->key, object) == 0)
				for (const struct kx_psl_expr *k = o->items->items; k; k = k->next)
					if (strcmp(k->text, "granted") == 0)
						return true;
	return false;
}

/* @expr belongs to a rule that granted. */
static void note_audit(struct kx_reference *r, const struct kx_psl_expr *expr)
{
	if (!expr)
		return;
	if (expr->kind == KX_PSL_CALL && (expr->object || strcmp(expr->text, "size") != 0))
		r->audit |= is_wanted(r, expr->object ? expr->object : "base");
	note_audit(r, expr->left);
	note_audit(r, expr->right);
	for (const struct kx_psl_expr *item = expr->items; item; item = item->next)
		note_audit(r, item);
}

static bool run_all(struct kx_reference *r, const struct kx_psl_item *items, uint32_t *count);

static bool run(struct kx_reference *r, const struct kx_psl_item *items, uint32_t *count)
{
	const char *outer = r->profile;
	bool granted;

	for (const struct kx_psl_item *item = items; item; item = item->next)
		if (item->kind == KX_PSL_AUDIT)
			r->profile = item->word.text;
	granted = run_all(r, items, count);
	r->profile = outer;
	return granted;
}

/* All rules of @items that apply; stops at the first that denies. */
static bool run_all(struct kx_reference *r, const struct kx_psl_item *items, uint32_t *count)
{
	for (const struct kx_psl_item *item = items; item; item = item->next) {
		bool granted = true;

		if (item->kind == KX_PSL_MATCH) {
			if (selected(r, item->block->selectors))
				granted = run(r, item->block->items, count);
		} else if (item->kind != KX_PSL_AUDIT) {
			++*count;
			granted = item->kind == KX_PSL_CHOICE ? choice(r, item)
							      : kx_ref_rule(r, item->expr);
			if (granted && !r->failed)
				note_audit(r, item->expr);
		}
		if (!granted || r->failed)
			return false;
	}
	return true;
}

static const struct kx_nk_unit *class_unit(const struct kx_psl *psl, const char *name)
{
	for (uint32_t i = 0; i < psl->class_count; i++)
		if (strcmp(psl->classes[i].name, name) == 0)
			return psl->classes[i].unit;
	return NULL;
}

static bool find_method(struct kx_reference *r)
{
	const struct kx_question *event = r->event;
	bool request = event->kind == KX_EVENT_REQUEST || event->kind == KX_EVENT_EXECUTE;
	const struct kx_nk_endpoint *flat;
	uint32_t count;

	r->server = class_unit(r->psl, request ? event->dst.class_name : event->src.class_name);
	flat = r->server->flat;
	count = r->server->flat_count;
	r->endpoint = NULL;
	r->method = NULL;
	if (event->kind == KX_EVENT_EXECUTE)
		return true;
	if (event->kind == KX_EVENT_SECURITY) {
		flat = r->server->flat_security;
		count = r->server->flat_security_count;
	}
	for (uint32_t i = 0; i < count; i++)
		if (strcmp(flat[i].path, event->endpoint) == 0)
			r->endpoint = &flat[i];
	if (r->endpoint)
		r->method = kx_nk_method(r->endpoint->iface, event->method);
	return r->method != NULL;
}

void kx_reference_init(struct kx_reference *reference, const struct kx_psl *psl)
{
	memset(reference, 0, sizeof(*reference));
	reference->psl = psl;
	reference->state.level = psl->audit_level;
}

bool kx_reference_decide(struct kx_reference *r, const struct kx_question *event)
{
	static const enum kx_psl_event_kind kinds[] = {
		[KX_EVENT_EXECUTE] = KX_PSL_EXECUTE,   [KX_EVENT_REQUEST] = KX_PSL_REQUEST,
		[KX_EVENT_RESPONSE] = KX_PSL_RESPONSE, [KX_EVENT_ERROR] = KX_PSL_ERROR,
		[KX_EVENT_SECURITY] = KX_PSL_SECURITY,
	};
	static struct kx_ref_state before;
	bool granted = true;
	uint32_t count = 0;

	r->event = event;
	r->failed = false;
	r->audit = false;
	r->profile = r->psl->audit_default.text ? r->psl->audit_default.text : "empty";
	if (!find_method(r))
		return false;
	before = r->state;
	for (uint32_t i = 0; i < r->psl->binding_count && granted; i++) {
		const struct kx_psl_binding *binding = r->psl->bindings[i];

		if (binding->kind == kinds[event->kind] && selected(r, binding->block->selectors))
			granted = run(r, binding->block->items, &count);
	}
	r->rules = count;
	granted = granted && !r->failed && count > 0;
	if (!granted)
		r->state = before;
	return granted;
}

void kx_reference_forget(struct kx_reference *r, uint32_t sid)
{
	for (uint32_t object = 0; object < KX_REF_OBJECTS; object++) {
		struct kx_ref_context *context = kx_ref_context_of(r, object, sid);

		if (context)
			context->used = false;
	}
}
