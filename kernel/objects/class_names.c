/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Classes known only by what an Einit program says of them: endpoint names and
 * RIIDs. einit writes each endpoint twice, by its path in the entity and by its
 * qualified name, in an order that differs between versions; the qualified one
 * is the longer.
 */

#include <string.h>

#include "class.h"
#include "kx_limits.h"

#define MAX_RIID 1023u

/* The string at *@at, and *@at moves behind it; NULL if it is not terminated. */
static const char *next_text(const char **at, const char *end)
{
	const char *text = *at;
	const char *zero = memchr(text, '\0', (size_t)(end - text));

	if (!zero)
		return NULL;
	*at = zero + 1;
	return text;
}

static bool parse_riid(const char *text, uint32_t *riid)
{
	*riid = 0;
	if (!*text)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		*riid = *riid * 10 + (uint32_t)(*text - '0');
		if (*riid > MAX_RIID)
			return false;
	}
	return true;
}

static int add_name(json_t *endpoint, const char *name, const char *interface)
{
	const char *known = json_string_value(json_object_get(endpoint, "name"));
	bool first = !known || !*known;
	bool longer = !first && strlen(name) > strlen(known);

	if (json_object_set_new(endpoint, "interface", json_string(interface)) < 0)
		return -1;
	if (first)
		return json_object_set_new(endpoint, "name", json_string(name));
	if (longer)
		return json_object_set_new(endpoint, "qualified", json_string(name));
	if (json_object_set(endpoint, "qualified", json_object_get(endpoint, "name")) < 0)
		return -1;
	return json_object_set_new(endpoint, "name", json_string(name));
}

/* Endpoints 0..@riid exist afterwards; those nobody names have an empty name. */
static json_t *endpoint_at(json_t *endpoints, uint32_t riid)
{
	while (json_array_size(endpoints) <= riid) {
		if (json_array_append_new(endpoints, json_pack("{s:s}", "name", "")) < 0)
			return NULL;
	}
	return json_array_get(endpoints, riid);
}

static bool read_names(json_t *endpoints, const char *text, size_t length)
{
	const char *end = text + length;
	const char *name;
	const char *interface;
	const char *number;
	json_t *endpoint;
	uint32_t riid;

	while (text < end) {
		name = next_text(&text, end);
		interface = name ? next_text(&text, end) : NULL;
		number = interface ? next_text(&text, end) : NULL;
		if (!number || !parse_riid(number, &riid))
			return false;
		endpoint = endpoint_at(endpoints, riid);
		if (!endpoint || add_name(endpoint, name, interface) < 0)
			return false;
	}
	return true;
}

struct kx_class *kx_class_from_names(const char *name, const char *text, size_t length)
{
	json_t *endpoints = json_array();
	struct kx_class *made = NULL;
	json_t *definition;

	if (endpoints && read_names(endpoints, text, length)) {
		definition = json_pack("{s:O}", "endpoints", endpoints);
		if (definition)
			made = kx_class_from_json(name, definition, NULL);
		json_decref(definition);
	}
	json_decref(endpoints);
	return made;
}
