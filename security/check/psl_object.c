/* SPDX-License-Identifier: Apache-2.0 */

/* Policy objects: models, type parameters and configuration. */

#include <string.h>

#include "psl_model.h"

static const struct {
	const char *name;
	enum kx_psl_model_kind kind;
	unsigned int library;
	const char *library_name;
	const char *ready; /* the object that is there without a declaration */
	bool declarable;
} models[] = {
	{"Base", KX_PSL_BASE, KX_PSL_LIB_BASE, "nk.base", "base", true},
	{"Pred", KX_PSL_PRED, KX_PSL_LIB_BASIC, "nk.basic", "pred", false},
	{"Bool", KX_PSL_BOOLEAN, KX_PSL_LIB_BASIC, "nk.basic", "bool", false},
	{"Math", KX_PSL_MATH, KX_PSL_LIB_BASIC, "nk.basic", "math", false},
	{"Struct", KX_PSL_STRUCT, KX_PSL_LIB_BASIC, "nk.basic", "struct", false},
	{"Regex", KX_PSL_REGEX, KX_PSL_LIB_REGEX, "nk.regex", "re", true},
	{"Flow", KX_PSL_FLOW, KX_PSL_LIB_FLOW, "nk.flow", NULL, true},
	{"HashSet", KX_PSL_HASHSET, KX_PSL_LIB_HASHSET, "nk.hashmap", NULL, true},
	{"StaticMap", KX_PSL_STATICMAP, KX_PSL_LIB_STATICMAP, "nk.staticmap", NULL, true},
	{"Mic", KX_PSL_MIC, KX_PSL_LIB_MIC, "nk.mic", NULL, true},
};
#define MODELS (sizeof(models) / sizeof(*models))

struct kx_psl_object *kx_psl_object(struct kx_psl *psl, const char *name)
{
	for (struct kx_psl_object *object = psl->objects; object; object = object->next)
		if (strcmp(object->name.text, name) == 0)
			return object;
	return NULL;
}

struct kx_psl_expr *kx_psl_item_of(const struct kx_psl_expr *dict, const char *name)
{
	if (!dict || dict->kind != KX_PSL_DICT)
		return NULL;
	for (struct kx_psl_expr *item = dict->items; item; item = item->next)
		if (strcmp(item->key, name) == 0)
			return item;
	return NULL;
}

int kx_psl_name_index(const struct kx_psl_names_list *list, const char *name)
{
	for (uint32_t i = 0; i < list->count; i++)
		if (strcmp(list->names[i], name) == 0)
			return (int)i;
	return -1;
}

void kx_psl_not_listed(struct kx_psl *psl, const struct kx_loc *loc, const char *what,
		       const char *name, const struct kx_psl_names_list *list)
{
	struct kx_guess guess;

	kx_guess_init(&guess, name);
	for (uint32_t i = 0; i < list->count; i++)
		kx_guess_add(&guess, list->names[i]);
	kx_error(psl->diag, loc, "there is no %s '%s'%s", what, name,
		 kx_guess_text(&guess, psl->pool));
}

bool kx_psl_scalar_type(const char *name, struct kx_psl_leaf *leaf)
{
	for (int base = 0; base < KX_NK_BASES; base++)
		if (strcmp(kx_nk_base_name((enum kx_nk_base)base), name) == 0) {
			*leaf = (struct kx_psl_leaf){
				.is_signed = kx_nk_base_signed((enum kx_nk_base)base),
				.bits = 8 * kx_nk_base_bytes((enum kx_nk_base)base)};
			return true;
		}
	*leaf = (struct kx_psl_leaf){.is_bool = true, .bits = 1};
	if (strcmp(name, "Boolean") == 0)
		return true;
	*leaf = (struct kx_psl_leaf){.bits = 32};
	return strcmp(name, "Sid") == 0 || strcmp(name, "Handle") == 0;
}

bool kx_psl_literal(const struct kx_psl_expr *expr, bool *negative, uint64_t *magnitude)
{
	*negative = expr->kind == KX_PSL_UNARY && expr->op == KX_PSL_NEG;
	if (*negative)
		expr = expr->left;
	*magnitude = expr->number;
	return expr->kind == KX_PSL_INT;
}

/* --- configuration ----------------------------------------------------------------- */

/* The field @name of the config of @object; NULL after an error. */
static struct kx_psl_expr *config_of(struct kx_psl *psl, struct kx_psl_object *object,
				     const char *name)
{
	struct kx_psl_expr *item = kx_psl_item_of(object->config, name);

	if (!item)
		kx_error(psl->diag, object->config ? &object->config->loc : &object->name.loc,
			 "policy object '%s' needs '%s' in its config", object->name.text, name);
	return item;
}

void kx_psl_no_doubles(struct kx_psl *psl, const struct kx_psl_expr *dict)
{
	for (const struct kx_psl_expr *item = dict->items; item; item = item->next)
		for (const struct kx_psl_expr *other = dict->items; other != item;
		     other = other->next)
			if (strcmp(other->key, item->key) == 0)
				kx_error(psl->diag, &item->key_loc, "'%s' is given twice",
					 item->key);
}

static void no_other_fields(struct kx_psl *psl, const struct kx_psl_expr *dict,
			    const char *const *known, size_t count)
{
	if (!dict || dict->kind != KX_PSL_DICT)
		return;
	for (const struct kx_psl_expr *item = dict->items; item; item = item->next) {
		struct kx_psl_names_list list = {(const char **)(uintptr_t)known, (uint32_t)count};

		if (kx_psl_name_index(&list, item->key) < 0)
			kx_psl_not_listed(psl, &item->key_loc, "parameter", item->key, &list);
	}
	kx_psl_no_doubles(psl, dict);
}

static uint32_t config_number(struct kx_psl *psl, struct kx_psl_object *object, const char *name)
{
	struct kx_psl_expr *item = config_of(psl, object, name);

	if (!item)
		return 1;
	if (item->kind != KX_PSL_INT || item->number == 0 || item->number > KX_PSL_MAX_CELLS) {
		kx_error(psl->diag, &item->loc, "'%s' is a number from 1 to %u", name,
			 KX_PSL_MAX_CELLS);
		return 1;
	}
	return (uint32_t)item->number;
}

/* A list of texts, each once. */
static bool names_from(struct kx_psl *psl, const struct kx_psl_expr *list, const char *what,
		       struct kx_psl_names_list *out)
{
	uint32_t count = 0;

	if (list->kind != KX_PSL_LIST) {
		kx_error(psl->diag, &list->loc, "%s are a list of texts: [\"a\", \"b\"]", what);
		return false;
	}
	for (const struct kx_psl_expr *item = list->items; item; item = item->next)
		count++;
	out->names = kx_pool_alloc(psl->pool, (count + 1) * sizeof(*out->names));
	for (const struct kx_psl_expr *item = list->items; item; item = item->next) {
		if (item->kind != KX_PSL_TEXT) {
			kx_error(psl->diag, &item->loc, "%s are texts", what);
			return false;
		}
		if (kx_psl_name_index(out, item->text) >= 0) {
			kx_error(psl->diag, &item->loc, "'%s' is listed twice", item->text);
			return false;
		}
		out->names[out->count++] = item->text;
	}
	return true;
}

/* --- Flow -------------------------------------------------------------------------------- */

static void flow_type(struct kx_psl *psl, struct kx_psl_object *object)
{
	const struct kx_psl_type *type = object->type;
	const struct kx_psl_names_list *states = &object->model->names;
	const struct kx_psl_type *one;
	uint32_t count = 0;

	if (!type) {
		kx_error(psl->diag, &object->name.loc,
			 "policy object '%s' needs 'type State = \"a\" | \"b\" ...'",
			 object->name.text);
		return;
	}
	one = type->kind == KX_PSL_TYPE_VARIANT ? type->items : type;
	for (; one; one = one->kind == KX_PSL_TYPE_TEXT && one != type ? one->next : NULL) {
		if (one->kind != KX_PSL_TYPE_TEXT) {
			kx_error(psl->diag, &one->loc, "states are texts in quotes");
			return;
		}
		if (kx_psl_name_index(states, one->text) < 0)
			kx_psl_not_listed(psl, &one->loc, "such state in 'states':", one->text,
					  states);
		count++;
	}
	if (count < states->count)
		kx_error(psl->diag, &type->loc,
			 "'states' of '%s' has %u names, its type has %u; they must be the same",
			 object->name.text, states->count, count);
}

static void flow_transitions(struct kx_psl *psl, struct kx_psl_model *model,
			     const struct kx_psl_expr *dict)
{
	if (dict->kind != KX_PSL_DICT) {
		kx_error(psl->diag, &dict->loc,
			 "transitions are written { \"from\" : [\"to\", ...], ... }");
		return;
	}
	kx_psl_no_doubles(psl, dict);
	for (const struct kx_psl_expr *item = dict->items; item; item = item->next) {
		int from = kx_psl_name_index(&model->names, item->key);

		if (from < 0)
			kx_psl_not_listed(psl, &item->key_loc, "state", item->key, &model->names);
		if (item->kind != KX_PSL_LIST) {
			kx_error(psl->diag, &item->loc, "expected a list of states");
			continue;
		}
		for (const struct kx_psl_expr *to = item->items; to; to = to->next) {
			int index = to->kind == KX_PSL_TEXT
					    ? kx_psl_name_index(&model->names, to->text)
					    : -1;

			if (to->kind != KX_PSL_TEXT)
				kx_error(psl->diag, &to->loc, "states are texts in quotes");
			else if (index < 0)
				kx_psl_not_listed(psl, &to->loc, "state", to->text, &model->names);
			if (from >= 0 && index >= 0)
				model->transitions[from] |= 1ull << index;
		}
	}
}

static void check_flow(struct kx_psl *psl, struct kx_psl_object *object)
{
	static const char *const known[] = {"states", "initial", "transitions"};
	struct kx_psl_model *model = object->model;
	struct kx_psl_expr *states = config_of(psl, object, "states");
	struct kx_psl_expr *initial = config_of(psl, object, "initial");
	struct kx_psl_expr *transitions = config_of(psl, object, "transitions");
	int first;

	no_other_fields(psl, object->config, known, 3);
	model->transitions = kx_pool_alloc(psl->pool, KX_PSL_MAX_STATES * sizeof(uint64_t));
	if (!states || !initial || !transitions ||
	    !names_from(psl, states, "states", &model->names))
		return;
	if (model->names.count > KX_PSL_MAX_STATES) {
		kx_error(psl->diag, &states->loc, "an automaton has at most %u states",
			 KX_PSL_MAX_STATES);
		model->names.count = KX_PSL_MAX_STATES;
	}
	first = initial->kind == KX_PSL_TEXT ? kx_psl_name_index(&model->names, initial->text) : -1;
	if (initial->kind != KX_PSL_TEXT)
		kx_error(psl->diag, &initial->loc, "the initial state is a text in quotes");
	else if (first < 0)
		kx_psl_not_listed(psl, &initial->loc, "state", initial->text, &model->names);
	model->initial = first < 0 ? 0 : (uint32_t)first;
	flow_type(psl, object);
	flow_transitions(psl, model, transitions);
}

/* --- HashSet and StaticMap ------------------------------------------------------------------- */

/* Numbers of an entry, dictionaries by name. */
static bool flatten(struct kx_psl *psl, struct kx_psl_model *model, const struct kx_psl_type *type)
{
	if (model->words >= KX_PSL_MAX_WORDS) {
		kx_error(psl->diag, &type->loc, "an entry has at most %u numbers",
			 KX_PSL_MAX_WORDS);
		return false;
	}
	switch (type->kind) {
	case KX_PSL_TYPE_NAME:
		if (kx_psl_scalar_type(type->text, &model->leaves[model->words])) {
			model->words++;
			return true;
		}
		kx_error(psl->diag, &type->loc,
			 "'%s' cannot be part of an entry; integers, Boolean, tuples and "
			 "dictionaries of them can",
			 type->text);
		return false;
	case KX_PSL_TYPE_DICT:
	case KX_PSL_TYPE_TUPLE:
		for (const struct kx_psl_type *item = type->items; item; item = item->next)
			if (!flatten(psl, model, item))
				return false;
		return true;
	default:
		kx_error(psl->diag, &type->loc,
			 "entries are integers, Boolean, tuples and dictionaries of them");
		return false;
	}
}

static void check_type_name(struct kx_psl *psl, struct kx_psl_object *object, const char *name)
{
	if (!object->type)
		kx_error(psl->diag, &object->name.loc, "policy object '%s' needs 'type %s = ...'",
			 object->name.text, name);
	else if (strcmp(object->type_name.text, name) != 0)
		kx_error(psl->diag, &object->type_name.loc, "the type parameter of %s is '%s'",
			 object->model_name.text, name);
}

static void check_hash_set(struct kx_psl *psl, struct kx_psl_object *object)
{
	static const char *const known[] = {"set_size", "pool_size"};
	struct kx_psl_model *model = object->model;

	check_type_name(psl, object, "Entry");
	no_other_fields(psl, object->config, known, 2);
	model->set_size = config_number(psl, object, "set_size");
	model->pool_size = config_number(psl, object, "pool_size");
	if ((uint64_t)model->set_size * model->pool_size > KX_PSL_MAX_CELLS)
		kx_error(psl->diag, &object->config->loc,
			 "set_size times pool_size is more than %u", KX_PSL_MAX_CELLS);
	model->entry = object->type;
	if (object->type && flatten(psl, model, object->type) && model->words == 0)
		kx_error(psl->diag, &object->type->loc, "an entry without any number");
}

static bool fits(const struct kx_psl_leaf *leaf, bool negative, uint64_t magnitude)
{
	unsigned int bits = leaf->bits - leaf->is_signed;
	uint64_t max = bits == 64 ? UINT64_MAX : (1ull << bits) - 1;

	if (leaf->bits == 0) /* no type: said already */
		return true;
	return negative ? leaf->is_signed && magnitude <= max + 1 : magnitude <= max;
}

static void check_static_map(struct kx_psl *psl, struct kx_psl_object *object)
{
	static const char *const known[] = {"keys", "pool_size"};
	struct kx_psl_model *model = object->model;
	struct kx_psl_expr *keys = config_of(psl, object, "keys");
	uint32_t count = 0;

	check_type_name(psl, object, "Value");
	no_other_fields(psl, object->config, known, 2);
	model->pool_size = config_number(psl, object, "pool_size");
	model->entry = object->type;
	if (object->type && (object->type->kind != KX_PSL_TYPE_NAME ||
			     !kx_psl_scalar_type(object->type->text, &model->leaves[0])))
		kx_error(psl->diag, &object->type->loc, "the value of a StaticMap is an integer");
	if (!keys)
		return;
	if (keys->kind != KX_PSL_DICT) {
		kx_error(psl->diag, &keys->loc, "keys are written { \"key\" : default, ... }");
		return;
	}
	for (const struct kx_psl_expr *item = keys->items; item; item = item->next)
		count++;
	model->names.names = kx_pool_alloc(psl->pool, (count + 1) * sizeof(const char *));
	model->values = kx_pool_alloc(psl->pool, (count + 1) * sizeof(uint64_t));
	for (const struct kx_psl_expr *item = keys->items; item; item = item->next) {
		bool negative;
		uint64_t magnitude = 0;

		if (kx_psl_name_index(&model->names, item->key) >= 0)
			kx_error(psl->diag, &item->key_loc, "key '%s' is given twice", item->key);
		if (!kx_psl_literal(item, &negative, &magnitude))
			kx_error(psl->diag, &item->loc, "the default of a key is a number");
		else if (!fits(&model->leaves[0], negative, magnitude))
			kx_error(psl->diag, &item->loc, "this number does not fit %s",
				 object->type->text);
		model->values[model->names.count] = negative ? 0 - magnitude : magnitude;
		model->names.names[model->names.count++] = item->key;
	}
}

/* --- Mic ------------------------------------------------------------------------------------- */

static void check_mic(struct kx_psl *psl, struct kx_psl_object *object)
{
	static const char *const known[] = {"degrees", "categories"};
	struct kx_psl_model *model = object->model;
	struct kx_psl_expr *degrees = object->config;
	struct kx_psl_expr *categories = NULL;

	if (!object->config) {
		kx_error(psl->diag, &object->name.loc, "policy object '%s' needs a config",
			 object->name.text);
		return;
	}
	if (object->config->kind == KX_PSL_DICT) {
		no_other_fields(psl, object->config, known, 2);
		degrees = config_of(psl, object, "degrees");
		categories = kx_psl_item_of(object->config, "categories");
	}
	if (!degrees || !names_from(psl, degrees, "degrees", &model->names))
		return;
	if (model->names.count == 0 || model->names.count > KX_PSL_MAX_DEGREES)
		kx_error(psl->diag, &degrees->loc, "there are 1 to %u degrees", KX_PSL_MAX_DEGREES);
	if (categories && names_from(psl, categories, "categories", &model->categories) &&
	    model->categories.count > 64)
		kx_error(psl->diag, &categories->loc, "there are at most 64 categories");
}

/* --- all -------------------------------------------------------------------------- */

static void check_object(struct kx_psl *psl, struct kx_psl_object *object)
{
	struct kx_guess guess;
	size_t i;

	kx_guess_init(&guess, object->model_name.text);
	for (i = 0; i < MODELS; i++) {
		if (strcmp(models[i].name, object->model_name.text) == 0)
			break;
		kx_guess_add(&guess, models[i].name);
	}
	if (i == MODELS || !models[i].declarable) {
		kx_error(psl->diag, &object->model_name.loc, "there is no model '%s'%s",
			 object->model_name.text, kx_guess_text(&guess, psl->pool));
		return;
	}
	if (!(psl->libraries & models[i].library))
		kx_error(psl->diag, &object->model_name.loc, "model '%s' needs 'use %s._'",
			 models[i].name, models[i].library_name);
	object->model = kx_pool_new(psl->pool, struct kx_psl_model);
	object->model->kind = models[i].kind;
	object->model->object = object->name.text;
	if (models[i].kind == KX_PSL_FLOW)
		check_flow(psl, object);
	else if (models[i].kind == KX_PSL_HASHSET)
		check_hash_set(psl, object);
	else if (models[i].kind == KX_PSL_STATICMAP)
		check_static_map(psl, object);
	else if (models[i].kind == KX_PSL_MIC)
		check_mic(psl, object);
}

static void add_ready(struct kx_psl *psl, size_t i)
{
	struct kx_psl_object *object;

	if (!models[i].ready || !(psl->libraries & models[i].library))
		return;
	object = kx_psl_object(psl, models[i].ready);
	if (object) {
		kx_error(psl->diag, &object->name.loc,
			 "there is a policy object '%s' already: 'use %s._' brings it",
			 models[i].ready, models[i].library_name);
		return;
	}
	object = kx_pool_new(psl->pool, struct kx_psl_object);
	object->name.text = models[i].ready;
	object->model = kx_pool_new(psl->pool, struct kx_psl_model);
	object->model->kind = models[i].kind;
	object->model->object = models[i].ready;
	object->used = true;
	object->next = psl->objects;
	psl->objects = object;
}

bool kx_psl_check_objects(struct kx_psl *psl)
{
	unsigned int errors = psl->diag->errors;

	for (struct kx_psl_object *object = psl->objects; object; object = object->next) {
		for (const struct kx_psl_object *other = psl->objects; other != object;
		     other = other->next) {
			if (strcmp(other->name.text, object->name.text) != 0)
				continue;
			kx_error(psl->diag, &object->name.loc, "there are two policy objects '%s'",
				 object->name.text);
			kx_note(psl->diag, &other->name.loc, "the other one");
		}
		check_object(psl, object);
	}
	for (size_t i = 0; i < MODELS; i++)
		add_ready(psl, i);
	for (struct kx_psl_object *object = psl->objects; object; object = object->next)
		object->index = psl->object_count++;
	return psl->diag->errors == errors;
}
