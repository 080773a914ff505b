/* SPDX-License-Identifier: Apache-2.0 */

/* Audit profiles: { level : { object : { kss : [...], ... }, ... }, ... }. */

#include <stdlib.h>
#include <string.h>

#include "psl_model.h"

static const struct kx_psl_profile *find_profile(const struct kx_psl *psl, const char *name)
{
	for (const struct kx_psl_profile *p = psl->profiles; p; p = p->next)
		if (strcmp(p->name.text, name) == 0)
			return p;
	return NULL;
}

static bool has_text(const struct kx_psl_expr *list, const char *text)
{
	if (!list || list->kind != KX_PSL_LIST)
		return false;
	for (const struct kx_psl_expr *item = list->items; item; item = item->next)
		if (item->kind == KX_PSL_TEXT && strcmp(item->text, text) == 0)
			return true;
	return false;
}

static void check_texts(struct kx_psl *psl, const struct kx_psl_expr *list, const char *what,
			const struct kx_psl_names_list *known)
{
	if (list->kind != KX_PSL_LIST) {
		kx_error(psl->diag, &list->loc, "expected a list of texts, as in [ \"%s\" ]",
			 known->count ? known->names[0] : "...");
		return;
	}
	for (const struct kx_psl_expr *item = list->items; item; item = item->next) {
		if (item->kind != KX_PSL_TEXT)
			kx_error(psl->diag, &item->loc, "expected a text");
		else if (kx_psl_name_index(known, item->text) < 0)
			kx_psl_not_listed(psl, &item->loc, what, item->text, known);
	}
}

static void check_condition(struct kx_psl *psl, const struct kx_psl_expr *item,
			    const struct kx_psl_object *object)
{
	static const char *results[] = {"granted", "denied"};
	static const char *calls[] = {"match", "select"};
	static const char *conditions[] = {"kss", "omit", "emit"};
	const struct kx_psl_names_list result_names = {results, 2};
	const struct kx_psl_names_list call_names = {calls, 2};
	const struct kx_psl_names_list condition_names = {conditions, 3};

	if (strcmp(item->key, "kss") == 0)
		check_texts(psl, item, "result", &result_names);
	else if (strcmp(item->key, "omit") == 0 && object->model->kind == KX_PSL_FLOW)
		check_texts(psl, item, "state", &object->model->names);
	else if (strcmp(item->key, "emit") == 0 && object->model->kind == KX_PSL_REGEX)
		check_texts(psl, item, "expression", &call_names);
	else
		kx_psl_not_listed(psl, &item->key_loc, "audit condition", item->key,
				  &condition_names);
}

static void check_level(struct kx_psl *psl, const struct kx_psl_expr *level)
{
	if (level->kind != KX_PSL_DICT) {
		kx_error(psl->diag, &level->loc, "expected { object : { kss : [...] }, ... }");
		return;
	}
	kx_psl_no_doubles(psl, level);
	for (const struct kx_psl_expr *entry = level->items; entry; entry = entry->next) {
		const struct kx_psl_object *object = kx_psl_object(psl, entry->key);

		if (!object || !object->model) {
			struct kx_guess guess;

			kx_guess_init(&guess, entry->key);
			for (object = psl->objects; object; object = object->next)
				kx_guess_add(&guess, object->name.text);
			kx_error(psl->diag, &entry->key_loc, "there is no policy object '%s'%s",
				 entry->key, kx_guess_text(&guess, psl->pool));
			continue;
		}
		if (entry->kind != KX_PSL_DICT) {
			kx_error(psl->diag, &entry->loc, "expected { kss : [...] }");
			continue;
		}
		kx_psl_no_doubles(psl, entry);
		for (const struct kx_psl_expr *item = entry->items; item; item = item->next)
			check_condition(psl, item, object);
	}
}

#define LEVEL_MAX 255u

static bool is_level(const char *key)
{
	return key[0] >= '0' && key[0] <= '9' && strtoull(key, NULL, 10) <= LEVEL_MAX;
}

bool kx_psl_check_profiles(struct kx_psl *psl)
{
	unsigned int errors = psl->diag->errors;

	for (const struct kx_psl_profile *p = psl->profiles; p; p = p->next) {
		if (p->levels->kind != KX_PSL_DICT) {
			kx_error(psl->diag, &p->levels->loc, "expected { level : { ... }, ... }");
			continue;
		}
		if (find_profile(psl, p->name.text) != p)
			kx_error(psl->diag, &p->name.loc, "there are two audit profiles '%s'",
				 p->name.text);
		kx_psl_no_doubles(psl, p->levels);
		for (const struct kx_psl_expr *l = p->levels->items; l; l = l->next) {
			if (!is_level(l->key))
				kx_error(psl->diag, &l->key_loc,
					 "an audit level is a number from 0 to %u", LEVEL_MAX);
			check_level(psl, l);
		}
	}
	if (psl->audit_default.text && strcmp(psl->audit_default.text, "empty") != 0 &&
	    !find_profile(psl, psl->audit_default.text))
		kx_error(psl->diag, &psl->audit_default.loc, "there is no audit profile '%s'",
			 psl->audit_default.text);
	if (psl->audit_level > LEVEL_MAX)
		kx_error(psl->diag, &psl->audit_default.loc,
			 "an audit level is a number from 0 to %u", LEVEL_MAX);
	return psl->diag->errors == errors;
}

static uint64_t omitted(const struct kx_psl_expr *entry, const struct kx_psl_object *object)
{
	const struct kx_psl_expr *list = kx_psl_item_of(entry, "omit");
	uint64_t states = 0;

	if (!list || list->kind != KX_PSL_LIST)
		return 0;
	for (const struct kx_psl_expr *item = list->items; item; item = item->next) {
		int state = item->kind == KX_PSL_TEXT
				    ? kx_psl_name_index(&object->model->names, item->text)
				    : -1;

		if (state >= 0)
			states |= 1ull << state;
	}
	return states;
}

struct kx_psl_audit *kx_psl_audit_of(struct kx_psl *psl, const char *profile,
				     const struct kx_psl_object *object)
{
	const struct kx_psl_profile *p = profile ? find_profile(psl, profile) : NULL;
	struct kx_psl_audit *first = NULL;

	if (!p || p->levels->kind != KX_PSL_DICT)
		return NULL;
	for (const struct kx_psl_expr *l = p->levels->items; l; l = l->next) {
		const struct kx_psl_expr *entry = kx_psl_item_of(l, object->name.text);
		const struct kx_psl_expr *kss = kx_psl_item_of(entry, "kss");
		struct kx_psl_audit *audit;

		if (!kss)
			continue;
		audit = kx_pool_new(psl->pool, struct kx_psl_audit);
		audit->granted = has_text(kss, "granted");
		audit->denied = has_text(kss, "denied");
		audit->omit = omitted(entry, object);
		for (const char *digit = l->key; *digit >= '0' && *digit <= '9'; digit++)
			audit->level = 10 * audit->level + (uint32_t)(*digit - '0');
		audit->next = first;
		first = audit;
	}
	return first;
}
