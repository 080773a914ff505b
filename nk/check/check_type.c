/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Types and definitions: look up names, compute sizes, refuse what has no
 * layout. A definition may use later ones; a circle is an error.
 */

#include <stdlib.h>
#include <string.h>

#include "session.h"

static int compare_defs(const void *left, const void *right)
{
	const struct kx_nk_def *const *a = left;
	const struct kx_nk_def *const *b = right;

	return strcmp((*a)->name, (*b)->name);
}

void kx_nk_build_scope(struct kx_nk *nk, struct kx_nk_unit *unit)
{
	struct kx_nk_named *names;
	unsigned int count = 0;

	for (struct kx_nk_def *d = unit->defs; d; d = d->next)
		count++;
	unit->scope = kx_pool_alloc(&nk->pool, count * sizeof(struct kx_nk_def *));
	names = kx_pool_alloc(&nk->pool, count * sizeof(*names));
	for (struct kx_nk_def *d = unit->defs; d; d = d->next) {
		unit->scope[unit->scope_count] = d;
		names[unit->scope_count++] = (struct kx_nk_named){d->name, &d->loc, 0};
	}
	qsort(unit->scope, count, sizeof(struct kx_nk_def *), compare_defs);
	kx_nk_check_unique(nk, "definition", names, count);
}

static bool is_builtin(const char *name)
{
	for (int base = 0; base < KX_NK_BASES; base++)
		if (strcmp(name, kx_nk_base_name((enum kx_nk_base)base)) == 0)
			return true;
	return strcmp(name, "Handle") == 0;
}

static void guess_types(struct kx_guess *guess, const struct kx_nk_unit *unit)
{
	for (const struct kx_nk_def *d = unit->defs; d; d = d->next)
		if (d->kind != KX_NK_DEF_CONST)
			kx_guess_add(guess, d->name);
}

/* The name may be in what could not be loaded, and that has been said already. */
static bool misses_import(const struct kx_nk_unit *unit)
{
	for (const struct kx_nk_import *i = unit->imports; i; i = i->next)
		if (!i->unit || i->unit->bad_syntax)
			return true;
	return false;
}

struct hint {
	const char *name;
	const char *text;
};

/* What people write who know other languages, and types that need an argument. */
static const char *hint_of(const char *name)
{
	static const struct hint hints[] = {
		{"string", "give the most characters it can have, as in string<64>"},
		{"bytes", "give the most bytes it can have, as in bytes<64>"},
		{"sequence", "give the type and the most elements, as in sequence<UInt8, 64>"},
		{"array", "give the type and the number of elements, as in array<UInt8, 64>"},
		{"handle", "name the interface, as in handle<a.IName>, or write Handle"},
		{"bool", "there is no such type; use UInt8"},
		{"boolean", "there is no such type; use UInt8"},
		{"Bool", "there is no such type; use UInt8, or add 'typedef UInt8 Bool;'"},
		{"char", "there is no such type; use UInt8, for text string<64>"},
		{"byte", "there is no such type; use UInt8"},
		{"uint8_t", "there is no such type; use UInt8"},
		{"uint16_t", "there is no such type; use UInt16"},
		{"uint32_t", "there is no such type; use UInt32"},
		{"uint64_t", "there is no such type; use UInt64"},
		{"int8_t", "there is no such type; use SInt8"},
		{"int16_t", "there is no such type; use SInt16"},
		{"int32_t", "there is no such type; use SInt32"},
		{"int64_t", "there is no such type; use SInt64"},
		{"short", "there is no such type; use SInt16"},
		{"int", "there is no such type; use SInt32"},
		{"unsigned", "there is no such type; use UInt32"},
		{"long", "there is no such type; use SInt64"},
		{"size_t", "there is no such type; use UInt32 or UInt64"},
		{"float", "there are no fractions; send a multiple as SInt32, or bytes<4>"},
		{"double", "there are no fractions; send a multiple as SInt64, or bytes<8>"},
		{"void", "a method returns nothing; results are 'out' parameters"},
	};

	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
		if (strcmp(hints[i].name, name) == 0)
			return hints[i].text;
	return NULL;
}

static void report_unknown(struct kx_nk *nk, struct kx_nk_unit *unit, const struct kx_nk_type *type)
{
	static const char *const words[] = {"Handle",   "string", "bytes",
					    "sequence", "array",  "handle"};
	const char *hint = hint_of(type->name);
	struct kx_guess guess;

	if (misses_import(unit))
		return;
	if (hint) {
		kx_error(&nk->diag, &type->loc, "'%s': %s", type->name, hint);
		return;
	}
	kx_guess_init(&guess, type->name);
	for (int base = 0; base < KX_NK_BASES; base++)
		kx_guess_add(&guess, kx_nk_base_name((enum kx_nk_base)base));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		kx_guess_add(&guess, words[i]);
	guess_types(&guess, unit);
	for (const struct kx_nk_import *i = unit->imports; i; i = i->next)
		if (i->unit)
			guess_types(&guess, i->unit);
	kx_error(&nk->diag, &type->loc, "unknown type '%s'%s", type->name,
		 kx_guess_text(&guess, &nk->pool));
}

/* A name that two imports define: the first import wins, and that is worth saying. */
static void warn_ambiguous(struct kx_nk *nk, struct kx_nk_unit *unit, const struct kx_nk_type *type)
{
	if (type->def->unit == unit || strchr(type->name, '.'))
		return;
	for (const struct kx_nk_import *i = unit->imports; i; i = i->next) {
		if (!i->unit || i->unit == type->def->unit || !kx_nk_own_def(i->unit, type->name))
			continue;
		kx_warning(&nk->diag, &type->loc, "'%s' is in '%s' and in '%s'; the first is taken",
			   type->name, type->def->unit->name, i->unit->name);
		return;
	}
}

static bool check_named(struct kx_nk *nk, struct kx_nk_unit *unit, struct kx_nk_type *type)
{
	struct kx_nk_def *def = kx_nk_lookup(unit, type->name);

	if (!def) {
		report_unknown(nk, unit, type);
		return false;
	}
	if (def->kind == KX_NK_DEF_CONST) {
		kx_error(&nk->diag, &type->loc, "'%s' is a constant, not a type", type->name);
		kx_note(&nk->diag, &def->loc, "it is defined here");
		return false;
	}
	type->def = def;
	warn_ambiguous(nk, unit, type);
	if (kx_nk_check_def(nk, def))
		return true;
	type->def = NULL;
	return false;
}

static bool check_bound(struct kx_nk *nk, struct kx_nk_unit *unit, struct kx_nk_type *type)
{
	struct kx_nk_value value;
	unsigned int least = type->kind == KX_NK_ARRAY ? 1 : 0;

	if (!kx_nk_eval(nk, unit, type->bound_expr, &value))
		return false;
	if (value.negative || value.magnitude < least || value.magnitude > UINT32_MAX) {
		kx_error(&nk->diag, &type->bound_expr->loc,
			 "size must be between %u and 4294967295, not %s%llu", least,
			 value.negative ? "-" : "", (unsigned long long)value.magnitude);
		return false;
	}
	type->bound = value.magnitude;
	return true;
}

/* What an element brings must fit where it lies. */
static bool check_elem(struct kx_nk *nk, struct kx_nk_unit *unit, struct kx_nk_type *type)
{
	if (!kx_nk_check_type(nk, unit, type->elem))
		return false;
	if (type->kind == KX_NK_SEQUENCE && type->elem->layout.handles > 0) {
		kx_error(&nk->diag, &type->elem->loc,
			 "a handle cannot be in a sequence: handles travel in the constant part");
		return false;
	}
	return true;
}

bool kx_nk_check_type(struct kx_nk *nk, struct kx_nk_unit *unit, struct kx_nk_type *type)
{
	if (type->resolved)
		return true;
	if (type->kind == KX_NK_NAMED && !check_named(nk, unit, type))
		return false;
	if (type->elem && !check_elem(nk, unit, type))
		return false;
	if (type->bound_expr && !check_bound(nk, unit, type))
		return false;
	kx_nk_layout_type(type);
	type->resolved = true;
	return true;
}

static bool check_const(struct kx_nk *nk, struct kx_nk_def *def)
{
	const struct kx_nk_type *type;

	if (!kx_nk_check_type(nk, def->unit, def->type) ||
	    !kx_nk_eval(nk, def->unit, def->expr, &def->value))
		return false;
	type = kx_nk_strip(def->type);
	if (type->kind != KX_NK_INT) {
		kx_error(&nk->diag, &def->type->loc, "constants are integers; '%s' is not",
			 kx_nk_spelling(nk, def->type));
		return false;
	}
	if (!kx_nk_fits(def->value, type->base)) {
		kx_error(&nk->diag, &def->expr->loc, "%s%llu does not fit %s",
			 def->value.negative ? "-" : "", (unsigned long long)def->value.magnitude,
			 kx_nk_base_name(type->base));
		return false;
	}
	return true;
}

static bool check_record(struct kx_nk *nk, struct kx_nk_def *def)
{
	const char *what = def->kind == KX_NK_DEF_STRUCT ? "field" : "member";
	struct kx_nk_named *names;
	size_t count = 0;
	bool good = true;

	for (struct kx_nk_field *f = def->fields; f && !kx_nk_gave_up(nk); f = f->next) {
		count++;
		kx_nk_check_member(nk, what, f->name, &f->loc);
		if (!kx_nk_check_type(nk, def->unit, f->type)) {
			good = false;
		} else if (def->kind == KX_NK_DEF_UNION && f->type->layout.handles > 0) {
			kx_error(&nk->diag, &f->type->loc,
				 "a handle cannot be in a union: its place must not depend on the "
				 "tag");
			good = false;
		}
	}
	if (count == 0) {
		kx_error(&nk->diag, &def->loc, "'%s' needs at least one %s", def->name, what);
		return false;
	}
	if (!good || kx_nk_gave_up(nk))
		return false;
	names = kx_pool_alloc(&nk->pool, count * sizeof(*names));
	count = 0;
	for (struct kx_nk_field *f = def->fields; f; f = f->next)
		names[count++] = (struct kx_nk_named){f->name, &f->loc, 0};
	kx_nk_check_unique(nk, what, names, count);
	return true;
}

static bool check_new_def(struct kx_nk *nk, struct kx_nk_def *def)
{
	if (is_builtin(def->name)) {
		kx_error(&nk->diag, &def->loc, "'%s' is a built-in type; choose another name",
			 def->name);
		return false;
	}
	if (def->kind == KX_NK_DEF_CONST)
		return check_const(nk, def);
	if (def->kind != KX_NK_DEF_TYPEDEF)
		return check_record(nk, def);
	if (!kx_nk_check_type(nk, def->unit, def->type))
		return false;
	def->stripped = kx_nk_strip(def->type);
	return true;
}

/* state: 0 new, 1 on the way, 2 good, 3 bad */
bool kx_nk_check_def(struct kx_nk *nk, struct kx_nk_def *def)
{
	bool good;

	if (def->state >= 2)
		return def->state == 2;
	if (def->state == 1 || nk->def_depth >= KX_NK_MAX_AHEAD) {
		kx_error(&nk->diag, &def->loc,
			 def->state == 1 ? "'%s' contains itself"
					 : "'%s' is used too far ahead of its definition",
			 def->name);
		return false;
	}
	def->state = 1;
	nk->def_depth++;
	good = check_new_def(nk, def);
	nk->def_depth--;
	if (good)
		kx_nk_layout_def(def);
	if (good && def->layout.depth > KX_NK_MAX_DEPTH) {
		kx_error(&nk->diag, &def->loc, "'%s' has records within records, more than %u deep",
			 def->name, KX_NK_MAX_DEPTH);
		good = false;
	}
	def->state = good ? 2 : 3;
	return good;
}
