/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The tree as JSON, in the shape KasperskyOS's nk-driver uses (contents,
 * entries, interface, methods, parameters) with our additions: places in the
 * source, sizes, and component trees.
 */

#include <jansson.h>

#include "gen.h"

static json_t *loc_json(const struct kx_loc *loc)
{
	return json_pack("{s:i,s:i}", "line", (int)loc->line, "column", (int)loc->column);
}

static json_t *type_json(const struct kx_nk_type *type);

static json_t *bounded_json(const struct kx_nk_type *type, const char *kind)
{
	json_t *json = json_pack("{s:s,s:I}", "kind", kind, "size", (json_int_t)type->bound);

	if (type->elem)
		json_object_set_new(json, "item_type", type_json(type->elem));
	return json;
}

static json_t *type_json(const struct kx_nk_type *type)
{
	switch (type->kind) {
	case KX_NK_INT:
		return json_pack("{s:s,s:s}", "kind", "basic_type", "basic_type",
				 kx_nk_base_name(type->base));
	case KX_NK_HANDLE:
		return json_pack("{s:s,s:s?}", "kind", "handle", "interface", type->name);
	case KX_NK_STRING:
		return bounded_json(type, "string");
	case KX_NK_BYTES:
		return bounded_json(type, "bytes");
	case KX_NK_SEQUENCE:
		return bounded_json(type, "sequence");
	case KX_NK_ARRAY:
		return bounded_json(type, "array");
	case KX_NK_NAMED:
		break;
	}
	return json_pack("{s:s,s:s,s:s}", "kind", "type_definition", "name", type->def->name,
			 "package", type->def->unit->name);
}

static json_t *field_json(const struct kx_nk_field *field)
{
	return json_pack("{s:s,s:o,s:I,s:I,s:o}", "name", field->name, "type",
			 type_json(field->type), "offset", (json_int_t)field->offset, "bytes",
			 (json_int_t)field->type->layout.size, "at", loc_json(&field->loc));
}

static json_t *value_json(struct kx_nk_value value)
{
	char text[32];

	snprintf(text, sizeof(text), "%s%llu", value.negative ? "-" : "",
		 (unsigned long long)value.magnitude);
	return json_string(text);
}

static json_t *def_json(const struct kx_nk_def *def)
{
	static const char *const kinds[] = {"const", "typedef", "struct", "union"};
	json_t *json = json_pack("{s:s,s:s,s:o}", "kind", kinds[def->kind], "name", def->name, "at",
				 loc_json(&def->loc));
	json_t *fields;

	if (def->type)
		json_object_set_new(json, "type", type_json(def->type));
	if (def->kind == KX_NK_DEF_CONST)
		json_object_set_new(json, "value", value_json(def->value));
	if (!def->fields)
		return json;
	fields = json_array();
	for (const struct kx_nk_field *f = def->fields; f; f = f->next)
		json_array_append_new(fields, field_json(f));
	json_object_set_new(json, def->kind == KX_NK_DEF_UNION ? "variants" : "fields", fields);
	json_object_set_new(json, "bytes", json_integer((json_int_t)def->layout.size));
	return json;
}

static json_t *method_json(const struct kx_nk_method *method)
{
	static const char *const directions[] = {"input", "output", "error"};
	json_t *params = json_array();

	for (const struct kx_nk_field *p = method->params; p; p = p->next) {
		json_t *param = field_json(p);

		json_object_set_new(param, "direction", json_string(directions[p->direction]));
		json_array_append_new(params, param);
	}
	return json_pack("{s:s,s:i,s:o,s:o}", "name", method->name, "mid", (int)method->mid,
			 "parameters", params, "at", loc_json(&method->loc));
}

static void set_interface(json_t *json, const struct kx_nk_unit *unit)
{
	json_t *entries = json_array();
	json_t *imports = json_array();
	json_t *methods = json_array();

	for (const struct kx_nk_import *i = unit->imports; i; i = i->next)
		json_array_append_new(imports, json_string(i->name));
	for (const struct kx_nk_def *d = unit->defs; d; d = d->next)
		json_array_append_new(entries, def_json(d));
	for (const struct kx_nk_method *m = unit->methods; m; m = m->next)
		json_array_append_new(methods, method_json(m));
	json_object_set_new(json, "imports", imports);
	json_object_set_new(json, "entries", entries);
	if (unit->has_interface)
		json_object_set_new(json, "interface", json_pack("{s:o}", "methods", methods));
	else
		json_decref(methods);
}

static json_t *instances_json(const struct kx_nk_instance *first)
{
	json_t *json = json_array();

	for (const struct kx_nk_instance *i = first; i; i = i->next)
		json_array_append_new(
			json, json_pack("{s:s,s:s}", "name", i->name, "class", i->class_name));
	return json;
}

static json_t *flat_json(const struct kx_nk_endpoint *flat, unsigned int count)
{
	json_t *json = json_array();

	for (unsigned int n = 0; n < count; n++)
		json_array_append_new(json, json_pack("{s:i,s:s,s:s,s:s}", "riid",
						      (int)flat[n].riid, "name", flat[n].path,
						      "qualified", flat[n].qualified, "interface",
						      flat[n].iface->name));
	return json;
}

static void set_components(json_t *json, const struct kx_nk_unit *unit)
{
	json_object_set_new(json, "components", instances_json(unit->components));
	json_object_set_new(json, "endpoints", instances_json(unit->endpoints));
	if (unit->security)
		json_object_set_new(json, "security", json_string(unit->security->class_name));
	json_object_set_new(json, "flat_endpoints", flat_json(unit->flat, unit->flat_count));
	json_object_set_new(json, "flat_security",
			    flat_json(unit->flat_security, unit->flat_security_count));
}

char *kx_nk_dump_json(struct kx_nk *nk, const struct kx_nk_unit *unit)
{
	json_t *contents = json_pack("{s:s,s:s,s:s}", "name", unit->name, "kind",
				     kx_nk_kind_name(unit->kind), "file", unit->source.name);
	json_t *json;
	char *text;

	(void)nk;
	if (unit->kind == KX_NK_IDL)
		set_interface(contents, unit);
	else
		set_components(contents, unit);
	json = json_pack("{s:o}", "contents", contents);
	text = json_dumps(json, JSON_INDENT(1));
	json_decref(json);
	return text;
}
