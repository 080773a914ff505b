/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Nodes of the tree, as the grammar recognises them. Names are not looked up
 * yet: check.c does that once the whole text is known.
 */

#include "build.h"

#include <string.h>

#define NAME_BYTES 1024u /* a dotted name; longer ones are garbage */

static void *node(struct kx_nk_parse *parse, size_t size)
{
	return kx_pool_alloc(&parse->nk->pool, size);
}

struct kx_nk_word kx_nk_join_names(struct kx_nk_parse *parse, const struct kx_nk_word *left,
				   const struct kx_nk_word *right)
{
	struct kx_nk_word name = *left;

	name.loc.end_line = right->loc.end_line;
	name.loc.end_column = right->loc.end_column;
	if (strlen(left->text) + strlen(right->text) > NAME_BYTES)
		kx_error(&parse->nk->diag, &name.loc, "name is longer than %u characters",
			 NAME_BYTES);
	else
		name.text = kx_pool_format(&parse->nk->pool, "%s.%s", left->text, right->text);
	return name;
}

void kx_nk_set_name(struct kx_nk_parse *parse, const struct kx_nk_word *name)
{
	struct kx_nk_unit *unit = parse->unit;
	const char *dot = strrchr(name->text, '.');

	unit->name = name->text;
	unit->name_loc = name->loc;
	unit->short_name = dot ? dot + 1 : name->text;
	unit->c_name = kx_nk_c_name(parse->nk, name->text);
}

void kx_nk_stray_semicolon(struct kx_nk_parse *parse, const struct kx_loc *loc)
{
	if (!parse->syntax_error)
		kx_warning(&parse->nk->diag, loc,
			   "';' is not part of the language here; remove it");
}

void kx_nk_add_import(struct kx_nk_parse *parse, const struct kx_nk_word *name)
{
	struct kx_nk_import *import = node(parse, sizeof(*import));

	import->name = name->text;
	import->loc = name->loc;
	*parse->imports_end = import;
	parse->imports_end = &import->next;
}

static struct kx_nk_def *add_def(struct kx_nk_parse *parse, enum kx_nk_def_kind kind,
				 const struct kx_nk_word *name)
{
	struct kx_nk_def *def = node(parse, sizeof(*def));

	def->kind = kind;
	def->name = name->text;
	def->loc = name->loc;
	def->unit = parse->unit;
	*parse->defs_end = def;
	parse->defs_end = &def->next;
	return def;
}

void kx_nk_add_const(struct kx_nk_parse *parse, const struct kx_nk_word *name,
		     struct kx_nk_type *type, struct kx_nk_expr *expr)
{
	struct kx_nk_def *def = add_def(parse, KX_NK_DEF_CONST, name);

	def->type = type;
	def->expr = expr;
}

void kx_nk_add_typedef(struct kx_nk_parse *parse, const struct kx_nk_word *name,
		       struct kx_nk_type *type)
{
	add_def(parse, KX_NK_DEF_TYPEDEF, name)->type = type;
}

void kx_nk_add_record(struct kx_nk_parse *parse, enum kx_nk_def_kind kind,
		      const struct kx_nk_word *name, struct kx_nk_field *fields)
{
	add_def(parse, kind, name)->fields = fields;
}

void kx_nk_set_interface(struct kx_nk_parse *parse, const struct kx_loc *loc,
			 const struct kx_nk_methods *methods)
{
	struct kx_nk_unit *unit = parse->unit;

	if (unit->has_interface) {
		kx_error(&parse->nk->diag, loc, "second interface; a package has at most one");
		kx_note(&parse->nk->diag, &unit->interface_loc, "the first one is here");
		return;
	}
	unit->has_interface = true;
	unit->interface_loc = *loc;
	unit->methods = methods->first;
	unit->method_count = methods->count;
}

struct kx_nk_field *kx_nk_make_field(struct kx_nk_parse *parse, const struct kx_nk_word *name,
				     struct kx_nk_type *type, enum kx_nk_direction direction)
{
	struct kx_nk_field *field = node(parse, sizeof(*field));

	field->name = name->text;
	field->loc = name->loc;
	field->type = type;
	field->direction = direction;
	return field;
}

struct kx_nk_method *kx_nk_make_method(struct kx_nk_parse *parse, const struct kx_nk_word *name,
				       struct kx_nk_field *params)
{
	struct kx_nk_method *method = node(parse, sizeof(*method));

	method->name = name->text;
	method->loc = name->loc;
	method->params = params;
	return method;
}

void kx_nk_append_field(struct kx_nk_fields *list, struct kx_nk_field *field)
{
	if (list->last)
		list->last->next = field;
	else
		list->first = field;
	list->last = field;
}

void kx_nk_append_method(struct kx_nk_methods *list, struct kx_nk_method *method)
{
	method->mid = (uint16_t)list->count;
	list->count++;
	if (list->last)
		list->last->next = method;
	else
		list->first = method;
	list->last = method;
}

static struct kx_nk_type *make_type(struct kx_nk_parse *parse, enum kx_nk_type_kind kind,
				    const struct kx_loc *loc)
{
	struct kx_nk_type *type = node(parse, sizeof(*type));

	type->kind = kind;
	type->loc = *loc;
	type->depth = 1;
	return type;
}

struct kx_nk_type *kx_nk_make_named(struct kx_nk_parse *parse, const struct kx_nk_word *name)
{
	struct kx_nk_type *type = make_type(parse, KX_NK_NAMED, &name->loc);

	for (int base = 0; base < KX_NK_BASES; base++) {
		if (strcmp(name->text, kx_nk_base_name((enum kx_nk_base)base)) == 0) {
			type->kind = KX_NK_INT;
			type->base = (enum kx_nk_base)base;
			return type;
		}
	}
	if (strcmp(name->text, "Handle") == 0)
		type->kind = KX_NK_HANDLE;
	else
		type->name = name->text;
	return type;
}

struct kx_nk_type *kx_nk_make_handle(struct kx_nk_parse *parse, const struct kx_loc *loc,
				     const char *interface_name)
{
	struct kx_nk_type *type = make_type(parse, KX_NK_HANDLE, loc);

	type->name = interface_name;
	return type;
}

struct kx_nk_type *kx_nk_make_bounded(struct kx_nk_parse *parse, enum kx_nk_type_kind kind,
				      const struct kx_loc *loc, struct kx_nk_type *elem,
				      struct kx_nk_expr *bound)
{
	struct kx_nk_type *type = make_type(parse, kind, loc);

	type->elem = elem;
	type->bound_expr = bound;
	if (elem)
		type->depth = elem->depth + 1;
	if (type->depth > KX_NK_MAX_DEPTH) {
		kx_error(&parse->nk->diag, loc, "types are nested deeper than %u levels",
			 KX_NK_MAX_DEPTH);
		type->elem = make_type(parse, KX_NK_INT, loc);
		type->depth = 2;
	}
	return type;
}

struct kx_nk_expr *kx_nk_make_number(struct kx_nk_parse *parse, const struct kx_loc *loc,
				     uint64_t number)
{
	struct kx_nk_expr *expr = node(parse, sizeof(*expr));

	expr->op = KX_NK_NUMBER;
	expr->loc = *loc;
	expr->number = number;
	expr->depth = 1;
	return expr;
}

struct kx_nk_expr *kx_nk_make_const_ref(struct kx_nk_parse *parse, const struct kx_nk_word *name)
{
	struct kx_nk_expr *expr = kx_nk_make_number(parse, &name->loc, 0);

	expr->op = KX_NK_CONST;
	expr->name = name->text;
	return expr;
}

struct kx_nk_expr *kx_nk_make_op(struct kx_nk_parse *parse, enum kx_nk_op op,
				 const struct kx_loc *loc, struct kx_nk_expr *left,
				 struct kx_nk_expr *right)
{
	struct kx_nk_expr *expr = kx_nk_make_number(parse, loc, 0);

	expr->depth = left->depth + 1;
	if (right && right->depth >= expr->depth)
		expr->depth = right->depth + 1;
	if (expr->depth > KX_NK_MAX_DEPTH) {
		kx_error(&parse->nk->diag, loc, "expression is nested deeper than %u levels",
			 KX_NK_MAX_DEPTH);
		expr->depth = 1;
		return expr;
	}
	expr->op = op;
	expr->left = left;
	expr->right = right;
	return expr;
}

struct kx_nk_instance *kx_nk_make_instance(struct kx_nk_parse *parse, const struct kx_nk_word *name,
					   const struct kx_nk_word *class_name)
{
	struct kx_nk_instance *instance = node(parse, sizeof(*instance));

	instance->name = name->text;
	instance->loc = name->loc;
	instance->class_name = class_name->text;
	instance->class_loc = class_name->loc;
	return instance;
}

void kx_nk_append_instance(struct kx_nk_instances *list, struct kx_nk_instance *instance)
{
	if (list->last)
		list->last->next = instance;
	else
		list->first = instance;
	list->last = instance;
}

void kx_nk_add_instances(struct kx_nk_parse *parse, bool components, struct kx_nk_instance *first)
{
	struct kx_nk_instance **end =
		components ? &parse->unit->components : &parse->unit->endpoints;

	while (*end)
		end = &(*end)->next;
	*end = first;
}

void kx_nk_set_security(struct kx_nk_parse *parse, const struct kx_loc *loc,
			const struct kx_nk_word *iface)
{
	struct kx_nk_unit *unit = parse->unit;

	if (unit->security) {
		kx_error(&parse->nk->diag, loc, "second 'security'; at most one is allowed");
		kx_note(&parse->nk->diag, &unit->security->loc, "the first one is here");
		return;
	}
	unit->security = kx_nk_make_instance(parse, &(struct kx_nk_word){"security", *loc}, iface);
}
