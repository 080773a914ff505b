/* SPDX-License-Identifier: Apache-2.0 */

/* Arguments of rules and expressions: SIDs, entries, keys, levels, patterns. */

#include "psl_call.h"

#include <inttypes.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define F(...) kx_pool_format(m->psl->pool, __VA_ARGS__)

static const struct {
	const char *object, *library;
} ready[] = {
	{"base", "nk.base"},  {"pred", "nk.basic"},   {"bool", "nk.basic"},
	{"math", "nk.basic"}, {"struct", "nk.basic"}, {"re", "nk.regex"},
};

static void add_audit(struct kx_psl_maker *m, const struct kx_psl_object *object)
{
	struct kx_psl_audit *audit = kx_psl_audit_of(m->psl, m->item->profile, object);
	struct kx_psl_audit **end = &audit;

	while (*end)
		end = &(*end)->next;
	*end = m->audit;
	m->audit = audit;
}

struct kx_psl_object *kx_psl_called(struct kx_psl_maker *m, struct kx_psl_expr *call)
{
	const char *name = call->object ? call->object : "base";
	const struct kx_loc *loc = call->object ? &call->object_loc : &call->text_loc;
	struct kx_psl_object *object = kx_psl_object(m->psl, name);
	struct kx_guess guess;

	if (object && object->model) {
		object->used = true;
		add_audit(m, object);
		return object;
	}
	if (object)
		return NULL; /* its declaration is wrong, and that was said */
	for (size_t i = 0; i < sizeof(ready) / sizeof(*ready); i++)
		if (strcmp(ready[i].object, name) == 0) {
			kx_psl_bad(m, call, loc, "'%s' needs 'use %s._'",
				   call->object ? name : call->text, ready[i].library);
			return NULL;
		}
	kx_guess_init(&guess, name);
	for (object = m->psl->objects; object; object = object->next)
		kx_guess_add(&guess, object->name.text);
	kx_psl_bad(m, call, loc, "there is no policy object '%s'%s", name,
		   kx_guess_text(&guess, m->psl->pool));
	return NULL;
}

struct kx_psl_value kx_psl_no_method(struct kx_psl_maker *m, struct kx_psl_expr *call,
				     const char *what)
{
	static const struct {
		enum kx_psl_model_kind kind;
		const char *names;
	} methods[] = {
		{KX_PSL_BASE, "grant assert deny set_level"},
		{KX_PSL_PRED, "empty"},
		{KX_PSL_BOOLEAN, "assert all any cond"},
		{KX_PSL_MATH, "neg abs sum product uint8 uint16 uint32 uint64 sint8 sint16 sint32 "
			      "sint64"},
		{KX_PSL_STRUCT, ""},
		{KX_PSL_REGEX, "match select"},
		{KX_PSL_FLOW, "init fini enter allow query"},
		{KX_PSL_HASHSET, "init fini add remove contains"},
		{KX_PSL_STATICMAP, "init fini set commit rollback get get_uncommitted"},
		{KX_PSL_MIC, "create delete execute upgrade call invoke read write query_level"},
	};
	const struct kx_psl_object *object =
		kx_psl_object(m->psl, call->object ? call->object : "base");
	struct kx_guess guess;
	char *names;
	char *state;

	kx_guess_init(&guess, call->text);
	for (size_t i = 0; object && object->model && i < sizeof(methods) / sizeof(*methods); i++) {
		if (methods[i].kind != object->model->kind)
			continue;
		names = kx_pool_text(m->psl->pool, methods[i].names, strlen(methods[i].names));
		for (char *name = strtok_r(names, " ", &state); name;
		     name = strtok_r(NULL, " ", &state))
			if (strcmp(name, call->text) != 0)
				kx_guess_add(&guess, name);
	}
	return kx_psl_bad(m, call, &call->text_loc, "'%s%s%s' is no %s%s",
			  call->object ? call->object : "", call->object ? "." : "", call->text,
			  what, kx_guess_text(&guess, m->psl->pool));
}

bool kx_psl_fields(struct kx_psl_maker *m, struct kx_psl_expr *call, const char *names)
{
	struct kx_psl_expr *dict = call->left;
	char *copy = kx_pool_text(m->psl->pool, names, strlen(names));
	const char *all[16];
	struct kx_psl_names_list list = {all, 0};
	char *state;

	for (char *name = strtok_r(copy, " ", &state); name; name = strtok_r(NULL, " ", &state)) {
		bool optional = name[0] == '[';

		if (optional) {
			name++;
			name[strlen(name) - 1] = '\0';
		}
		all[list.count++] = name;
		if (!optional && !kx_psl_item_of(dict, name)) {
			kx_psl_bad(m, call, &dict->loc, "'%s' needs {%s : ...}%s", call->text, name,
				   dict->kind == KX_PSL_DICT ? " too" : "");
			return false;
		}
	}
	for (struct kx_psl_expr *item = dict->items; item; item = item->next)
		if (dict->kind != KX_PSL_DICT || kx_psl_name_index(&list, item->key) < 0) {
			struct kx_guess guess;

			if (call->reported)
				return false;
			kx_guess_init(&guess, item->key ? item->key : "");
			for (uint32_t i = 0; i < list.count; i++)
				kx_guess_add(&guess, all[i]);
			kx_psl_bad(m, call, item->key ? &item->key_loc : &item->loc,
				   "'%s' takes no '%s'%s", call->text, item->key ? item->key : "?",
				   kx_guess_text(&guess, m->psl->pool));
			return false;
		}
	return true;
}

const char *kx_psl_sid(struct kx_psl_maker *m, struct kx_psl_expr *call, const char *field)
{
	struct kx_psl_leaf sid = {.bits = 32};

	return kx_psl_fit(m, kx_psl_item_of(call->left, field), &sid);
}

/* Adds the words of @expr as a @type to @words; false after an error. */
static bool add_words(struct kx_psl_maker *m, const struct kx_psl_type *type,
		      struct kx_psl_expr *expr, const char **words)
{
	struct kx_psl_expr *item = expr->items;
	struct kx_psl_leaf leaf;

	if (type->kind == KX_PSL_TYPE_NAME) {
		const char *c;

		(void)kx_psl_scalar_type(type->text, &leaf);
		c = kx_psl_fit(m, expr, &leaf);
		if (c)
			*words = F("%s%s(uint64_t)%s", *words, **words ? ", " : "", c);
		return c != NULL;
	}
	if (type->kind == KX_PSL_TYPE_TUPLE && expr->kind == KX_PSL_LIST) {
		for (const struct kx_psl_type *t = type->items; t || item;
		     t = t->next, item = item->next) {
			if (!t || !item) {
				kx_psl_bad(
					m, expr, &expr->loc,
					"this tuple has too %s elements for the type of the entry",
					t ? "few" : "many");
				return false;
			}
			if (!add_words(m, t, item, words))
				return false;
		}
		return true;
	}
	if (type->kind != KX_PSL_TYPE_DICT || expr->kind == KX_PSL_LIST) {
		kx_psl_bad(m, expr, &expr->loc, "expected a %s, as the type of the entry says",
			   type->kind == KX_PSL_TYPE_TUPLE ? "tuple [..., ...]"
							   : "dictionary {...}");
		return false;
	}
	for (const struct kx_psl_type *t = type->items; t; t = t->next) {
		struct kx_psl_expr *one = kx_psl_item_of(expr, t->key);

		if (!one && expr->kind == KX_PSL_DICT) {
			kx_psl_bad(m, expr, &expr->loc, "the entry needs '%s'", t->key);
			return false;
		}
		if (!one) {
			one = kx_pool_new(m->psl->pool, struct kx_psl_expr);
			one->kind = KX_PSL_FIELD;
			one->loc = one->text_loc = expr->loc;
			one->left = expr;
			one->text = t->key;
		}
		if (!add_words(m, t, one, words))
			return false;
	}
	return true;
}

const char *kx_psl_entry(struct kx_psl_maker *m, struct kx_psl_expr *call,
			 const struct kx_psl_model *model)
{
	const char *words = "";

	if (!model->entry ||
	    !add_words(m, model->entry, kx_psl_item_of(call->left, "entry"), &words))
		return NULL;
	return F("(const uint64_t[]){%s}", words);
}

/* bytes<N>, sequence<UInt8, N> */
static bool is_bytes(const struct kx_nk_type *type)
{
	const struct kx_nk_type *elem = type->elem ? kx_nk_strip(type->elem) : NULL;

	return type->kind == KX_NK_BYTES || (type->kind == KX_NK_SEQUENCE && elem &&
					     elem->kind == KX_NK_INT && elem->base == KX_NK_UINT8);
}

/* A key written as a list of numbers, its bytes. */
static const char *bytes_key(struct kx_psl_maker *m, struct kx_psl_expr *key,
			     const struct kx_psl_model *model)
{
	static const struct kx_psl_leaf byte = {.bits = 8};
	const char *values = "";
	uint32_t count = 0;

	for (struct kx_psl_expr *item = key->items; item; item = item->next, count++) {
		const char *value = kx_psl_fit(m, item, &byte);

		if (!value)
			return NULL;
		values = F("%s(char)%s, ", values, value);
	}
	return F("kx_ksm_static_map_key(&object_%s, ((struct kx_ksm_text){(const char[]){%s0}, "
		 "%u}))",
		 model->object, values, count);
}

const char *kx_psl_key(struct kx_psl_maker *m, struct kx_psl_expr *call,
		       const struct kx_psl_model *model)
{
	struct kx_psl_expr *key = kx_psl_item_of(call->left, "key");
	struct kx_psl_value v;
	int index;

	if (key->kind == KX_PSL_TEXT) {
		index = kx_psl_name_index(&model->names, key->text);
		if (index >= 0)
			return F("%d", index);
		if (!key->reported)
			kx_psl_not_listed(m->psl, &key->loc, "key", key->text, &model->names);
		key->reported = true;
		return NULL;
	}
	v = kx_psl_value(m, key);
	if (v.kind == KX_PSL_V_TEXT)
		return F("kx_ksm_static_map_key(&object_%s, %s)", model->object, v.c);
	if (v.kind == KX_PSL_V_LIST)
		return bytes_key(m, key, model);
	if (v.kind == KX_PSL_V_MEMORY && is_bytes(v.nk))
		return F("kx_ksm_static_map_key(&object_%s, kx_ksm_bytes(e, %s, %" PRIu64 "))",
			 model->object, v.base, v.offset);
	if (v.kind != KX_PSL_V_BAD)
		kx_psl_bad(m, key, &key->loc, "a key is a Text or bytes, got %s",
			   kx_psl_value_name(m, &v));
	return NULL;
}

int kx_psl_state(struct kx_psl_maker *m, struct kx_psl_expr *literal,
		 const struct kx_psl_model *model)
{
	int index;

	if (literal->kind != KX_PSL_TEXT) {
		kx_psl_bad(m, literal, &literal->loc, "expected a state, a text in quotes");
		return -1;
	}
	index = kx_psl_name_index(&model->names, literal->text);
	if (index < 0 && !literal->reported)
		kx_psl_not_listed(m->psl, &literal->loc, "state", literal->text, &model->names);
	literal->reported |= index < 0;
	return index;
}

static int degree_of(struct kx_psl_maker *m, struct kx_psl_expr *text,
		     const struct kx_psl_model *model)
{
	int index = text->kind == KX_PSL_TEXT ? kx_psl_name_index(&model->names, text->text) : -1;

	if (text->kind != KX_PSL_TEXT)
		kx_psl_bad(m, text, &text->loc, "a degree is a text");
	else if (index < 0 && !text->reported)
		kx_psl_not_listed(m->psl, &text->loc, "degree", text->text, &model->names);
	text->reported |= index < 0;
	return index;
}

const char *kx_psl_level(struct kx_psl_maker *m, struct kx_psl_expr *expr,
			 const struct kx_psl_model *model)
{
	struct kx_psl_expr *degree = expr;
	struct kx_psl_expr *categories = NULL;
	uint64_t mask = 0;
	int index = 0;

	if (!expr || expr->kind == KX_PSL_UNIT)
		return "((struct kx_ksm_level){0})";
	if (expr->kind == KX_PSL_CALL)
		return kx_psl_value(m, expr).c;
	if (expr->kind == KX_PSL_DICT) {
		degree = kx_psl_item_of(expr, "degree");
		categories = kx_psl_item_of(expr, "categories");
	}
	if (degree && degree->kind != KX_PSL_UNIT)
		index = degree_of(m, degree, model);
	if (categories && categories->kind == KX_PSL_LIST)
		for (struct kx_psl_expr *c = categories->items; c; c = c->next) {
			int bit = c->kind == KX_PSL_TEXT
					  ? kx_psl_name_index(&model->categories, c->text)
					  : -1;

			if (bit < 0) {
				kx_psl_bad(m, c, &c->loc, "there is no such category");
				return NULL;
			}
			mask |= 1ull << bit;
		}
	return index < 0
		       ? NULL
		       : F("((struct kx_ksm_level){%d, true, UINT64_C(%" PRIu64 ")})", index, mask);
}

int kx_psl_regex(struct kx_psl_maker *m, struct kx_psl_expr *pattern)
{
	struct kx_psl *psl = m->psl;
	unsigned char why[128];
	pcre2_code *code;
	PCRE2_SIZE at;
	int error;

	if (pattern->kind != KX_PSL_TEXT) {
		kx_psl_bad(m, pattern, &pattern->loc, "a pattern is a text written in the policy");
		return -1;
	}
	for (uint32_t i = 0; i < psl->regex_count; i++)
		if (strcmp(psl->regexes[i], pattern->text) == 0)
			return (int)i;
	code = pcre2_compile((PCRE2_SPTR)pattern->text, pattern->len, 0, &error, &at, NULL);
	if (!code) {
		(void)pcre2_get_error_message(error, why, sizeof(why));
		kx_psl_bad(m, pattern, &pattern->loc,
			   "this is no regular expression: %s, behind character %zu", why, at);
		return -1;
	}
	pcre2_code_free(code);
	if (psl->regex_count == psl->regex_room) {
		const char **bigger;

		psl->regex_room = psl->regex_room ? 2 * psl->regex_room : 16;
		bigger = kx_pool_alloc(psl->pool, psl->regex_room * sizeof(*bigger));
		if (psl->regexes)
			memcpy(bigger, psl->regexes, psl->regex_count * sizeof(*bigger));
		psl->regexes = bigger;
	}
	psl->regexes[psl->regex_count] = pattern->text;
	return (int)psl->regex_count++;
}

struct kx_psl_value kx_psl_text_of(struct kx_psl_maker *m, struct kx_psl_expr *call)
{
	struct kx_psl_expr *text = kx_psl_item_of(call->left, "text");
	struct kx_psl_value v = kx_psl_value(m, text);

	if (v.kind == KX_PSL_V_TEXT || v.kind == KX_PSL_V_BAD)
		return v;
	return kx_psl_bad(m, text, &text->loc, "expected a Text, got %s", kx_psl_value_name(m, &v));
}
