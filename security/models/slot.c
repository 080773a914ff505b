/* SPDX-License-Identifier: Apache-2.0 */

/* Which class, method and rules an event belongs to. */

#include <stdlib.h>
#include <string.h>

#include "ksm_inside.h"

#define CLASS_CACHE  256u
#define METHOD_CACHE 256u

static struct {
	const struct kx_ksm_module *module;
	/* caches; every hit is compared with the names of the event */
	struct {
		uint32_t sid;
		uint32_t class_plus_1;
	} classes[CLASS_CACHE];
	const struct kx_ksm_method *methods[METHOD_CACHE];
	/* what the text of kx_ksm_no_rule() is about: class or method, kind, client */
	struct near_key {
		const void *subject;
		enum kx_event_kind kind;
		uint32_t client;
	} near;
} slots;

void kx_ksm_slots_start(const struct kx_ksm_module *module)
{
	memset(&slots, 0, sizeof(slots));
	slots.module = module;
}

void kx_ksm_slots_forget(uint32_t sid)
{
	if (slots.classes[sid % CLASS_CACHE].sid == sid)
		slots.classes[sid % CLASS_CACHE].class_plus_1 = 0;
}

static int compare_class(const void *name, const void *element)
{
	return strcmp(name, ((const struct kx_ksm_class *)element)->name);
}

static const struct kx_ksm_class *search_class(const char *name)
{
	return bsearch(name, slots.module->classes, slots.module->class_count,
		       sizeof(struct kx_ksm_class), compare_class);
}

static const struct kx_ksm_class *class_of(const struct kx_party *party)
{
	uint32_t at = party->sid % CLASS_CACHE;
	const struct kx_ksm_class *found;

	if (!party->class_name)
		return NULL;
	if (slots.classes[at].class_plus_1 && slots.classes[at].sid == party->sid) {
		found = &slots.module->classes[slots.classes[at].class_plus_1 - 1];
		if (strcmp(found->name, party->class_name) == 0)
			return found;
	}
	found = search_class(party->class_name);
	if (found) {
		slots.classes[at].sid = party->sid;
		slots.classes[at].class_plus_1 = (uint32_t)(found - slots.module->classes) + 1;
	}
	return found;
}

static bool names_fit(const struct kx_ksm_method *method, const char *endpoint, const char *name)
{
	return strcmp(method->name, name) == 0 && strcmp(method->endpoint, endpoint) == 0;
}

static const struct kx_ksm_method *search_method(const struct kx_ksm_class *server,
						 const char *endpoint, const char *name,
						 uint16_t riid, uint16_t mid, bool security)
{
	bool named = endpoint && *endpoint && name && *name;

	for (uint32_t i = 0; i < server->method_count; i++) {
		const struct kx_ksm_method *method = &server->methods[i];

		if (method->security != security)
			continue;
		if (named ? names_fit(method, endpoint, name)
			  : method->riid == riid && method->mid == mid)
			return method;
	}
	return NULL;
}

/* By name where the event has names, else by numbers. */
static const struct kx_ksm_method *find_method(const struct kx_ksm_class *server,
					       const struct kx_event *event)
{
	bool security = event->kind == KX_EVENT_SECURITY;
	const struct kx_ksm_method *method;
	size_t at;

	if (!event->endpoint || !*event->endpoint || !event->method || !*event->method)
		return search_method(server, NULL, NULL, event->riid, event->mid, security);
	at = ((uintptr_t)event->method / 4 ^ (uintptr_t)event->endpoint / 8 ^
	      (uintptr_t)server / 32 ^ event->mid) %
	     METHOD_CACHE;
	method = slots.methods[at];
	if (method && method >= server->methods &&
	    method < server->methods + server->method_count && method->security == security &&
	    names_fit(method, event->endpoint, event->method))
		return method;
	method = search_method(server, event->endpoint, event->method, event->riid, event->mid,
			       security);
	if (method)
		slots.methods[at] = method;
	return method;
}

static uint32_t index_of(const struct kx_ksm_class *class_entry)
{
	return (uint32_t)(class_entry - slots.module->classes);
}

static const uint32_t *row_of(const struct kx_ksm_method *method, enum kx_event_kind kind)
{
	switch (kind) {
	case KX_EVENT_REQUEST:
		return method->request;
	case KX_EVENT_RESPONSE:
		return method->response;
	case KX_EVENT_ERROR:
		return method->error;
	default:
		return method->call;
	}
}

/* The rules for @event; NULL and @why if it cannot be. */
const struct kx_ksm_tree *kx_ksm_find_tree(const struct kx_event *event, const char **why)
{
	const struct kx_ksm_class *src = class_of(&event->src);
	const struct kx_ksm_class *dst = NULL;
	const struct kx_ksm_class *server;
	const struct kx_ksm_class *client;
	const struct kx_ksm_method *method;
	const uint32_t *row;

	if (event->kind < KX_EVENT_EXECUTE || event->kind > KX_EVENT_SECURITY)
		*why = "no such kind of event";
	else if (!src)
		*why = "the class of the source is not in the policy (use EDL)";
	if (*why)
		return NULL;
	if (event->kind != KX_EVENT_SECURITY) {
		dst = class_of(&event->dst);
		if (!dst) {
			*why = "the class of the destination is not in the policy (use EDL)";
			return NULL;
		}
	}
	if (event->kind == KX_EVENT_EXECUTE)
		return &slots.module->trees[dst->execute[index_of(src)]];
	server = event->kind == KX_EVENT_REQUEST ? dst : src;
	client = event->kind == KX_EVENT_REQUEST ? src : dst;
	method = find_method(server, event);
	row = method ? row_of(method, event->kind) : NULL;
	if (!row) {
		*why = "the server has no such endpoint or method";
		return NULL;
	}
	return &slots.module->trees[row[client ? index_of(client) : 0]];
}

/* --- near to an event there is no rule for ------------------------------------------------- */

/* Whether there are rules for @method, events of @kind and class @client. */
static bool has_rules(const struct kx_ksm_method *method, enum kx_event_kind kind, uint32_t client)
{
	const uint32_t *row = row_of(method, kind);

	return row && slots.module->trees[row[client]].count;
}

#define NAMED 3u /* names of one kind; more help nobody */

/* "no matching rule; there are some for method=A, B", grown name by name. */
struct near {
	char text[320];
	size_t used;
	uint32_t names;
};

static void add(struct near *near, const char *text)
{
	size_t length = strlen(text);
	size_t room = sizeof(near->text) - near->used - 1;

	if (length > room)
		length = room;
	memcpy(near->text + near->used, text, length);
	near->used += length;
	near->text[near->used] = '\0';
}

static void add_name(struct near *near, const char *selector, const char *name)
{
	if (near->names == 0) {
		add(near, "; there are some for ");
		add(near, selector);
		add(near, "=");
		add(near, name);
	} else if (near->names <= NAMED) {
		add(near, ", ");
		add(near, near->names < NAMED ? name : "...");
	}
	near->names++;
}

/* Methods of the same server that the same client has rules for: this name, or this endpoint. */
static void add_methods(struct near *near, const struct kx_ksm_class *server,
			const struct kx_ksm_method *method, enum kx_event_kind kind,
			uint32_t client, bool elsewhere)
{
	for (uint32_t i = 0; i < server->method_count; i++) {
		const struct kx_ksm_method *m = &server->methods[i];

		if (m->security == method->security && has_rules(m, kind, client) &&
		    names_fit(m, elsewhere ? m->endpoint : method->endpoint,
			      elsewhere ? method->name : m->name))
			add_name(near, elsewhere ? "endpoint" : "method",
				 elsewhere ? m->endpoint : m->name);
	}
}

static void add_clients(struct near *near, const struct kx_ksm_method *method,
			enum kx_event_kind kind)
{
	for (uint32_t i = 0; i < slots.module->class_count; i++)
		if (has_rules(method, kind, i))
			add_name(near, kind == KX_EVENT_REQUEST ? "src" : "dst",
				 slots.module->classes[i].name);
}

static void add_starters(struct near *near, const struct kx_ksm_class *started)
{
	for (uint32_t i = 0; i < slots.module->class_count; i++)
		if (slots.module->trees[started->execute[i]].count)
			add_name(near, "src", slots.module->classes[i].name);
}

static void add_near(struct near *near, const struct kx_ksm_class *server,
		     const struct kx_ksm_method *method, enum kx_event_kind kind, uint32_t client)
{
	add_methods(near, server, method, kind, client, true);
	if (near->names == 0)
		add_methods(near, server, method, kind, client, false);
	if (near->names == 0 && kind != KX_EVENT_SECURITY)
		add_clients(near, method, kind);
}

/* True if the text at hand is about @key, as it is while one call is denied again and again. */
static bool is_told(const struct near_key *key)
{
	bool told = slots.near.subject == key->subject && slots.near.kind == key->kind &&
		    slots.near.client == key->client;

	slots.near = *key;
	return told;
}

const char *kx_ksm_no_rule(const struct kx_event *event)
{
	static struct near near;
	enum kx_event_kind kind = event->kind;
	const struct kx_ksm_class *src = class_of(&event->src);
	const struct kx_ksm_class *dst = class_of(&event->dst);
	const struct kx_ksm_class *server = kind == KX_EVENT_REQUEST ? dst : src;
	const struct kx_ksm_class *client = kind == KX_EVENT_REQUEST ? src : dst;
	const struct kx_ksm_method *method =
		kind == KX_EVENT_EXECUTE ? NULL : find_method(server, event);
	const struct near_key key = {
		.subject = method ? (const void *)method : dst,
		.kind = kind,
		.client = kind == KX_EVENT_EXECUTE || kind == KX_EVENT_SECURITY ? 0
										: index_of(client),
	};

	if (is_told(&key))
		return near.text;
	near.used = near.names = 0;
	add(&near, "no matching rule");
	if (kind == KX_EVENT_EXECUTE)
		add_starters(&near, dst);
	else if (method)
		add_near(&near, server, method, kind, key.client);
	return near.text;
}

bool kx_ksm_knows_class(const char *name)
{
	return name && search_class(name);
}

bool kx_ksm_has_operators(void)
{
	return slots.module->operators;
}

/* The serving class and method of @event, if it has one. */
static const struct kx_ksm_method *method_of(const struct kx_event *event)
{
	const struct kx_ksm_class *server =
		class_of(event->kind == KX_EVENT_REQUEST ? &event->dst : &event->src);

	return server && event->kind != KX_EVENT_EXECUTE ? find_method(server, event) : NULL;
}

bool kx_ksm_has_response(const struct kx_event *event)
{
	const struct kx_ksm_class *client = class_of(&event->src);
	const struct kx_ksm_method *method = client ? method_of(event) : NULL;

	return method && method->response &&
	       slots.module->trees[method->response[index_of(client)]].count;
}

const struct kx_ksm_message *kx_ksm_message_of(const struct kx_event *event)
{
	const struct kx_ksm_method *method = method_of(event);

	if (!method || !method->messages)
		return NULL;
	return &method->messages[event->kind == KX_EVENT_RESPONSE ? 1
				 : event->kind == KX_EVENT_ERROR  ? 2
								  : 0];
}

const struct kx_ksm_method *kx_ksm_asked_method(const struct kx_method_question *question,
						uint32_t *client)
{
	const struct kx_ksm_class *src = search_class(question->src_class);
	const struct kx_ksm_class *dst = search_class(question->dst_class);

	if (!src || !dst)
		return NULL;
	*client = index_of(src);
	return search_method(dst, question->endpoint, question->method, question->riid,
			     question->mid, false);
}
