/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Message descriptors: what the kernel checks a message against before any
 * policy rule sees it. docs/nk.md describes the JSON. Offsets of nested fields
 * count from the start of their element.
 */

#include <jansson.h>
#include <stdlib.h>

#include "gen.h"

static json_int_t number(uint64_t value)
{
	return (json_int_t)value;
}

/* What a message or element holds: arena descriptors and handles apart from unions. */
struct parts {
	json_t *fields, *unions;
};

static struct parts no_parts(void)
{
	return (struct parts){json_array(), json_array()};
}

static void set_parts(json_t *holder, struct parts parts)
{
	json_object_set_new(holder, "fields", parts.fields);
	if (json_array_size(parts.unions) > 0)
		json_object_set(holder, "unions", parts.unions);
	json_decref(parts.unions);
}

/* Where a value lies: in its message or element, how often, and how far apart. */
struct place {
	uint64_t offset;
	uint64_t repeat;
	uint64_t stride;
	const char *name;
};

static void add_value(struct kx_nk *nk, struct parts to, const struct kx_nk_type *type,
		      struct place place);

static void set_place(json_t *field, const struct place *place)
{
	json_object_set_new(field, "offset", json_integer(number(place->offset)));
	json_object_set_new(field, "name", json_string(place->name));
	json_object_set_new(field, "repeat", json_integer(number(place->repeat)));
	json_object_set_new(field, "stride", json_integer(number(place->stride)));
}

static const char *chunk_name(const struct kx_nk_type *type)
{
	return type->kind == KX_NK_STRING  ? "string"
	       : type->kind == KX_NK_BYTES ? "bytes"
					   : "sequence";
}

static void add_chunk(struct kx_nk *nk, struct parts to, const struct kx_nk_type *type,
		      const struct place *place)
{
	json_t *field = json_object();
	struct parts nested = no_parts();
	uint64_t elem = type->elem ? type->elem->layout.size : 1;
	uint64_t count = type->bound + (type->kind == KX_NK_STRING ? 1 : 0);

	json_object_set_new(field, "kind", json_string("ptr"));
	set_place(field, place);
	json_object_set_new(field, "type", json_string(chunk_name(type)));
	json_object_set_new(field, "elem", json_integer(number(elem)));
	json_object_set_new(field, "align",
			    json_integer(type->elem ? (json_int_t)type->elem->layout.align : 1));
	json_object_set_new(field, "max", json_integer(number(elem * count)));
	if (type->elem)
		add_value(nk, nested, type->elem, (struct place){0, 1, 0, "elem"});
	set_parts(field, nested);
	json_array_append_new(to.fields, field);
}

static void add_handle(struct parts to, const struct place *place)
{
	json_t *field = json_object();

	json_object_set_new(field, "kind", json_string("handle"));
	set_place(field, place);
	json_array_append_new(to.fields, field);
}

/*
 * Which member counts, only the tag in the message says. Kept apart from
 * "fields": a reader that does not know unions checks the rest.
 */
static void add_union(struct kx_nk *nk, struct parts to, const struct kx_nk_def *def,
		      const struct place *place)
{
	json_t *field = json_object();
	json_t *members = json_array();

	for (const struct kx_nk_field *f = def->fields; f; f = f->next) {
		json_t *member = json_object();
		struct parts nested = no_parts();

		add_value(nk, nested, f->type, (struct place){0, 1, 0, f->name});
		json_object_set_new(member, "name", json_string(f->name));
		set_parts(member, nested);
		json_array_append_new(members, member);
	}
	set_place(field, place);
	json_object_set_new(field, "value", json_integer(number(def->union_offset)));
	json_object_set_new(field, "members", members);
	json_array_append_new(to.unions, field);
}

static void add_struct(struct kx_nk *nk, struct parts to, const struct kx_nk_def *def,
		       const struct place *place)
{
	for (const struct kx_nk_field *f = def->fields; f; f = f->next) {
		struct place inner = *place;

		inner.offset += f->offset;
		inner.name = kx_pool_format(kx_nk_pool(nk), "%s.%s", place->name, f->name);
		add_value(nk, to, f->type, inner);
	}
}

/* @count places like @place, @step apart, each with its own entry. */
static void add_each(struct kx_nk *nk, struct parts to, const struct kx_nk_type *type,
		     struct place place, uint64_t count, uint64_t step)
{
	for (uint64_t i = 0; i < count; i++) {
		add_value(nk, to, type, place);
		place.offset += step;
	}
}

/*
 * Arrays of arrays become one row. A row inside repeated records has two
 * distances, and an entry has one: the shorter of the two is written out.
 */
static void add_array(struct kx_nk *nk, struct parts to, const struct kx_nk_type *type,
		      struct place place)
{
	const struct kx_nk_type *elem = type->elem;
	struct place one = place;

	if (place.repeat == 1 || place.stride == type->layout.size) {
		place.repeat *= type->bound;
		place.stride = elem->layout.size;
		add_value(nk, to, elem, place);
	} else if (type->bound <= place.repeat) {
		add_each(nk, to, elem, place, type->bound, elem->layout.size);
	} else {
		one.repeat = 1;
		one.stride = 0;
		add_each(nk, to, type, one, place.repeat, place.stride);
	}
}

/* Scalars bring nothing: they cannot be malformed. */
static void add_value(struct kx_nk *nk, struct parts to, const struct kx_nk_type *type,
		      struct place place)
{
	const struct kx_nk_def *record = kx_nk_record(type);

	type = kx_nk_strip(type);
	if (type->layout.chunks == 0 && type->layout.handles == 0)
		return;
	if (record && record->kind == KX_NK_DEF_UNION)
		add_union(nk, to, record, &place);
	else if (record)
		add_struct(nk, to, record, &place);
	else if (type->kind == KX_NK_ARRAY)
		add_array(nk, to, type, place);
	else if (type->kind == KX_NK_HANDLE)
		add_handle(to, &place);
	else
		add_chunk(nk, to, type, &place);
}

static json_t *param_json(struct kx_nk *nk, const struct kx_nk_field *param)
{
	json_t *json = json_object();

	json_object_set_new(json, "name", json_string(param->name));
	json_object_set_new(json, "type", json_string(kx_nk_spelling(nk, param->type)));
	json_object_set_new(json, "resolved",
			    json_string(kx_nk_spelling(nk, kx_nk_strip(param->type))));
	json_object_set_new(json, "offset", json_integer(number(param->offset)));
	json_object_set_new(json, "size", json_integer(number(param->type->layout.size)));
	return json;
}

static json_t *message_json(struct kx_nk *nk, const struct kx_nk_method *method, int direction)
{
	const struct kx_nk_msg *msg = &method->msg[direction];
	json_t *json = json_object();
	struct parts to = no_parts();
	json_t *params = json_array();

	for (const struct kx_nk_field *p = method->params; p; p = p->next) {
		if ((int)p->direction != direction)
			continue;
		add_value(nk, to, p->type, (struct place){p->offset, 1, 0, p->name});
		json_array_append_new(params, param_json(nk, p));
	}
	json_object_set_new(json, "size", json_integer(number(msg->size)));
	json_object_set_new(json, "arena", json_integer(number(msg->arena)));
	json_object_set_new(json, "handles", json_integer(number(msg->handles)));
	set_parts(json, to);
	json_object_set_new(json, "params", params);
	return json;
}

static json_t *method_json(struct kx_nk *nk, const struct kx_nk_method *method)
{
	bool fails = method->msg[KX_NK_ERR].params > 0;
	json_t *json = json_object();

	json_object_set_new(json, "name", json_string(method->name));
	json_object_set_new(json, "mid", json_integer(method->mid));
	json_object_set_new(json, "req", message_json(nk, method, KX_NK_IN));
	json_object_set_new(json, "res", message_json(nk, method, KX_NK_OUT));
	json_object_set_new(json, "err", fails ? message_json(nk, method, KX_NK_ERR) : json_null());
	return json;
}

/*
 * The methods of @iface; every endpoint of it has the same object, kept in @made: a
 * task may serve one interface thousands of times.
 */
static json_t *methods_json(struct kx_nk *nk, json_t *made, const struct kx_nk_unit *iface)
{
	json_t *methods = json_object_get(made, iface->name);

	if (methods)
		return json_incref(methods);
	methods = json_array();
	for (const struct kx_nk_method *m = iface->methods; m; m = m->next)
		json_array_append_new(methods, method_json(nk, m));
	json_object_set(made, iface->name, methods);
	return methods;
}

/* @riid: endpoints stand in order of their numbers, security endpoints behind the others. */
static json_t *endpoint_json(struct kx_nk *nk, json_t *made, const struct kx_nk_endpoint *endpoint,
			     unsigned int riid)
{
	json_t *json = json_object();

	json_object_set_new(json, "name", json_string(endpoint->path));
	json_object_set_new(json, "qualified", json_string(endpoint->qualified));
	json_object_set_new(json, "riid", json_integer(riid));
	json_object_set_new(json, "interface", json_string(endpoint->iface->name));
	json_object_set_new(json, "security", json_boolean(endpoint->security));
	json_object_set_new(json, "methods", methods_json(nk, made, endpoint->iface));
	return json;
}

char *kx_nk_descriptors_json(struct kx_nk *nk, const struct kx_nk_unit *unit)
{
	json_t *json = json_object();
	json_t *endpoints = json_array();
	json_t *made = json_object();
	char *text;

	for (unsigned int n = 0; n < unit->flat_count; n++)
		json_array_append_new(endpoints, endpoint_json(nk, made, &unit->flat[n], n));
	for (unsigned int n = 0; n < unit->flat_security_count; n++)
		json_array_append_new(endpoints, endpoint_json(nk, made, &unit->flat_security[n],
							       unit->flat_count + n));
	json_decref(made);
	json_object_set_new(json, "class", json_string(unit->name));
	json_object_set_new(json, "endpoints", endpoints);
	text = json_dumps(json, JSON_INDENT(1));
	json_decref(json);
	return text;
}
