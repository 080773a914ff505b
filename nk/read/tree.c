/* SPDX-License-Identifier: Apache-2.0 */

/* Questions about a finished tree. */

#include "tree.h"

#include <stdlib.h>
#include <string.h>

#include "session.h"

static const struct {
	const char *name;
	unsigned int bytes;
	bool is_signed;
} bases[KX_NK_BASES] = {
	[KX_NK_UINT8] = {"UInt8", 1, false},       [KX_NK_UINT16] = {"UInt16", 2, false},
	[KX_NK_UINT32] = {"UInt32", 4, false},     [KX_NK_UINT64] = {"UInt64", 8, false},
	[KX_NK_SINT8] = {"SInt8", 1, true},        [KX_NK_SINT16] = {"SInt16", 2, true},
	[KX_NK_SINT32] = {"SInt32", 4, true},      [KX_NK_SINT64] = {"SInt64", 8, true},
	[KX_NK_UINTSIZE] = {"UIntSize", 8, false}, [KX_NK_UINTPTR] = {"UIntPtr", 8, false},
};

const char *kx_nk_base_name(enum kx_nk_base base)
{
	return bases[base].name;
}

bool kx_nk_base_signed(enum kx_nk_base base)
{
	return bases[base].is_signed;
}

unsigned int kx_nk_base_bytes(enum kx_nk_base base)
{
	return bases[base].bytes;
}

const char *kx_nk_kind_name(enum kx_nk_kind kind)
{
	return kind == KX_NK_IDL ? "idl" : kind == KX_NK_CDL ? "cdl" : "edl";
}

const struct kx_nk_type *kx_nk_strip(const struct kx_nk_type *type)
{
	if (!type || type->kind != KX_NK_NAMED)
		return type;
	if (type->def && type->def->kind == KX_NK_DEF_TYPEDEF)
		return type->def->stripped;
	return type->def ? type : NULL;
}

const struct kx_nk_def *kx_nk_record(const struct kx_nk_type *type)
{
	type = kx_nk_strip(type);
	return type && type->kind == KX_NK_NAMED ? type->def : NULL;
}

const char *kx_nk_spelling(struct kx_nk *nk, const struct kx_nk_type *type)
{
	unsigned long long bound = type->bound;

	switch (type->kind) {
	case KX_NK_INT:
		return kx_nk_base_name(type->base);
	case KX_NK_HANDLE:
		return type->name ? kx_pool_format(&nk->pool, "handle<%s>", type->name) : "Handle";
	case KX_NK_STRING:
		return kx_pool_format(&nk->pool, "string<%llu>", bound);
	case KX_NK_BYTES:
		return kx_pool_format(&nk->pool, "bytes<%llu>", bound);
	case KX_NK_SEQUENCE:
		return kx_pool_format(&nk->pool, "sequence<%s, %llu>",
				      kx_nk_spelling(nk, type->elem), bound);
	case KX_NK_ARRAY:
		return kx_pool_format(&nk->pool, "array<%s, %llu>", kx_nk_spelling(nk, type->elem),
				      bound);
	case KX_NK_NAMED:
		break;
	}
	return type->name;
}

static int compare_name(const void *key, const void *element)
{
	const struct kx_nk_def *const *def = element;

	return strcmp(key, (*def)->name);
}

struct kx_nk_def *kx_nk_own_def(const struct kx_nk_unit *unit, const char *name)
{
	struct kx_nk_def **found = NULL;

	if (unit->scope_count)
		found = bsearch(name, unit->scope, unit->scope_count, sizeof(*unit->scope),
				compare_name);
	return found ? *found : NULL;
}

/* The import of @unit called @package, by full name or by its last part. */
static const struct kx_nk_unit *import_called(const struct kx_nk_unit *unit, const char *package,
					      size_t len)
{
	for (const struct kx_nk_import *i = unit->imports; i; i = i->next) {
		if (!i->unit)
			continue;
		if (strncmp(i->name, package, len) == 0 && i->name[len] == '\0')
			return i->unit;
		if (strncmp(i->unit->short_name, package, len) == 0 &&
		    i->unit->short_name[len] == '\0')
			return i->unit;
	}
	if (strncmp(unit->name, package, len) == 0 && unit->name[len] == '\0')
		return unit;
	return NULL;
}

struct kx_nk_def *kx_nk_lookup(const struct kx_nk_unit *unit, const char *name)
{
	const char *dot = strrchr(name, '.');
	struct kx_nk_def *def;

	if (dot) {
		unit = import_called(unit, name, (size_t)(dot - name));
		return unit ? kx_nk_own_def(unit, dot + 1) : NULL;
	}
	def = kx_nk_own_def(unit, name);
	for (const struct kx_nk_import *i = unit->imports; i && !def; i = i->next)
		if (i->unit)
			def = kx_nk_own_def(i->unit, name);
	return def;
}

struct kx_nk_method *kx_nk_method(const struct kx_nk_unit *iface, const char *name)
{
	for (struct kx_nk_method *m = iface->methods; m; m = m->next)
		if (strcmp(m->name, name) == 0)
			return m;
	return NULL;
}

struct kx_nk_field *kx_nk_param(const struct kx_nk_method *method, enum kx_nk_direction direction,
				const char *name)
{
	for (struct kx_nk_field *p = method->params; p; p = p->next)
		if (p->direction == direction && strcmp(p->name, name) == 0)
			return p;
	return NULL;
}
