/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One decision of a generated module: find the slot, run its rules, keep or
 * undo, fill the trail. A process loads one such module, so its state is
 * static.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ksm_inside.h"

#define CLASS_CACHE  256u
#define METHOD_CACHE 256u

static struct {
	const struct kx_ksm_module *module;
	uint32_t audit_level;
	uint8_t *journal;
	uint32_t journal_used;
	/* caches; every hit is compared with the names of the event */
	struct {
		uint32_t sid;
		uint32_t class_plus_1;
	} classes[CLASS_CACHE];
	const struct kx_ksm_method *methods[METHOD_CACHE];
} ksm;

/* --- journal ------------------------------------------------------------------- */

/* What stands behind the saved bytes, so that it can be read backwards. */
struct saved {
	void *at;
	uint32_t size, padded;
};

bool kx_ksm_save(struct kx_ksm_event *e, void *at, uint32_t size)
{
	struct saved saved = {at, size, (size + 7u) & ~7u};

	if (ksm.module->journal - ksm.journal_used < saved.padded + sizeof(saved))
		return kx_ksm_fail(e, "more changes of state than the policy compiler counted");
	memcpy(ksm.journal + ksm.journal_used, at, size);
	memcpy(ksm.journal + ksm.journal_used + saved.padded, &saved, sizeof(saved));
	ksm.journal_used += saved.padded + (uint32_t)sizeof(saved);
	return true;
}

static void undo_all(void)
{
	struct saved saved;

	while (ksm.journal_used > 0) {
		ksm.journal_used -= (uint32_t)sizeof(saved);
		memcpy(&saved, ksm.journal + ksm.journal_used, sizeof(saved));
		ksm.journal_used -= saved.padded;
		memcpy(saved.at, ksm.journal + ksm.journal_used, saved.size);
	}
}

static void keep_all(void)
{
	const struct kx_ksm_module *module = ksm.module;

	if (ksm.journal_used == 0)
		return;
	ksm.journal_used = 0;
	for (uint32_t i = 0; i < module->object_count; i++)
		if (module->objects[i]->settle)
			module->objects[i]->settle(module->objects[i]);
}

/* --- rules ---------------------------------------------------------------------- */

bool kx_ksm_fail(struct kx_ksm_event *e, const char *why)
{
	if (!e->failure)
		e->failure = why;
	return false;
}

bool kx_ksm_no_option(struct kx_ksm_event *e)
{
	return kx_ksm_fail(e, "no option selected");
}

bool kx_ksm_message(struct kx_ksm_event *e, uint32_t size)
{
	if (e->fixed && e->fixed_size == size)
		return true;
	e->fixed = NULL;
	return kx_ksm_fail(e, e->event->fixed ? "message of another size than declared"
					      : "the event carries no message");
}

bool kx_ksm_set_level(struct kx_ksm_event *e, uint64_t level)
{
	if (!kx_ksm_save(e, &ksm.audit_level, sizeof(ksm.audit_level)))
		return false;
	ksm.audit_level = (uint32_t)level;
	return true;
}

static void audit_granted(struct kx_ksm_event *e, const struct kx_ksm_rule *rule)
{
	const struct kx_ksm_audit *audit = rule->audit;

	for (;; audit++) {
		if (audit->level == ksm.audit_level && audit->granted &&
		    !(audit->omit & e->automaton)) {
			if (!e->audited)
				e->audited = rule;
			e->trail->audit = true;
		}
		if (audit->last)
			return;
	}
}

bool kx_ksm_step(struct kx_ksm_event *e, const struct kx_ksm_rule *rule)
{
	if (rule->message && !kx_ksm_message(e, rule->message)) {
		if (!e->denied)
			e->denied = rule;
		return false;
	}
	if (rule->run && (!rule->run(e) || e->failure)) {
		if (!e->denied)
			e->denied = rule;
		return false;
	}
	if (rule->audit)
		audit_granted(e, rule);
	return true;
}

/* --- the slot ----------------------------------------------------------------------- */

static int compare_class(const void *name, const void *element)
{
	return strcmp(name, ((const struct kx_ksm_class *)element)->name);
}

static const struct kx_ksm_class *search_class(const char *name)
{
	return bsearch(name, ksm.module->classes, ksm.module->class_count,
		       sizeof(struct kx_ksm_class), compare_class);
}

static const struct kx_ksm_class *class_of(const struct kx_party *party)
{
	uint32_t at = party->sid % CLASS_CACHE;
	const struct kx_ksm_class *found;

	if (!party->class_name)
		return NULL;
	if (ksm.classes[at].class_plus_1 && ksm.classes[at].sid == party->sid) {
		found = &ksm.module->classes[ksm.classes[at].class_plus_1 - 1];
		if (strcmp(found->name, party->class_name) == 0)
			return found;
	}
	found = search_class(party->class_name);
	if (found) {
		ksm.classes[at].sid = party->sid;
		ksm.classes[at].class_plus_1 = (uint32_t)(found - ksm.module->classes) + 1;
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
	method = ksm.methods[at];
	if (method && method >= server->methods &&
	    method < server->methods + server->method_count && method->security == security &&
	    names_fit(method, event->endpoint, event->method))
		return method;
	method = search_method(server, event->endpoint, event->method, event->riid, event->mid,
			       security);
	if (method)
		ksm.methods[at] = method;
	return method;
}

static uint32_t index_of(const struct kx_ksm_class *class_entry)
{
	return (uint32_t)(class_entry - ksm.module->classes);
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
static const struct kx_ksm_tree *find_tree(const struct kx_event *event, const char **why)
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
		return &ksm.module->trees[dst->execute[index_of(src)]];
	server = event->kind == KX_EVENT_REQUEST ? dst : src;
	client = event->kind == KX_EVENT_REQUEST ? src : dst;
	method = find_method(server, event);
	row = method ? row_of(method, event->kind) : NULL;
	if (!row) {
		*why = "the server has no such endpoint or method";
		return NULL;
	}
	return &ksm.module->trees[row[client ? index_of(client) : 0]];
}

/* --- the decision --------------------------------------------------------------------- */

static void fill_trail(struct kx_ksm_event *e, const struct kx_ksm_rule *rule, const char *reason)
{
	struct kx_trail *trail = e->trail;

	trail->reason = reason;
	if (!rule)
		return;
	trail->rule = rule->text;
	trail->file = rule->file;
	trail->line = rule->line;
	if (rule->message && !e->fixed)
		return;
	kx_ksm_note_fields(e, rule);
	if (rule->reads)
		rule->reads(e);
}

static enum kx_verdict deny(struct kx_ksm_event *e)
{
	const char *reason = e->failure;

	if (!reason)
		reason = e->denied ? e->denied->reason : "no matching rule";
	fill_trail(e, e->denied, reason);
	undo_all();
	return KX_DENY;
}

static enum kx_verdict decide(void *state, const struct kx_event *event, struct kx_trail *trail)
{
	struct kx_ksm_event e = {
		.event = event,
		.fixed = event->fixed,
		.arena = event->arena,
		.fixed_size = event->fixed_size,
		.arena_size = event->arena_size,
		.trail = trail,
	};
	const struct kx_ksm_tree *tree = find_tree(event, &e.failure);

	(void)state;
	if (!tree || tree->count == 0)
		return deny(&e);
	for (uint32_t i = 0; i < tree->count; i++)
		if (!kx_ksm_step(&e, tree->rules[i]))
			return deny(&e);
	keep_all();
	if (e.audited)
		fill_trail(&e, e.audited, "granted");
	return KX_GRANT;
}

/* --- the module --------------------------------------------------------------------------- */

static bool wants_grants(const struct kx_ksm_rule *rule)
{
	const struct kx_ksm_audit *audit = rule->audit;

	if (!audit)
		return false;
	for (;; audit++) {
		if (audit->level == ksm.audit_level && audit->granted)
			return true;
		if (audit->last)
			return false;
	}
}

static bool is_free(const uint32_t *row, uint32_t client)
{
	const struct kx_ksm_tree *tree;

	if (!row)
		return true;
	tree = &ksm.module->trees[row[client]];
	if (!tree->always_grants)
		return false;
	for (uint32_t i = 0; i < tree->count; i++)
		if (wants_grants(tree->rules[i]))
			return false;
	return true;
}

static enum kx_classification classify(void *state, const struct kx_method_question *question)
{
	const struct kx_ksm_class *src = search_class(question->src_class);
	const struct kx_ksm_class *dst = search_class(question->dst_class);
	const struct kx_ksm_method *method;
	uint32_t client;

	(void)state;
	if (!src || !dst)
		return KX_ASK;
	method = search_method(dst, question->endpoint, question->method, question->riid,
			       question->mid, false);
	if (!method)
		return KX_ASK;
	client = index_of(src);
	return is_free(method->request, client) && is_free(method->response, client) &&
			       is_free(method->error, client)
		       ? KX_DIRECT
		       : KX_ASK;
}

static void forget(void *state, uint32_t sid)
{
	const struct kx_ksm_module *module = ksm.module;

	(void)state;
	for (uint32_t i = 0; i < module->object_count; i++)
		module->objects[i]->forget(module->objects[i], sid);
	if (ksm.classes[sid % CLASS_CACHE].sid == sid)
		ksm.classes[sid % CLASS_CACHE].class_plus_1 = 0;
}

static void set_audit_level(void *state, uint32_t level)
{
	(void)state;
	ksm.audit_level = level;
}

static void fini(void *state)
{
	const struct kx_ksm_module *module = ksm.module;

	(void)state;
	for (uint32_t i = 0; i < module->object_count; i++)
		module->objects[i]->stop(module->objects[i]);
	for (uint32_t i = 0; i < module->regex_count; i++)
		kx_ksm_regex_stop(module->regexes[i]);
	free(ksm.journal);
	memset(&ksm, 0, sizeof(ksm));
	ksm.module = module;
}

static bool start(void)
{
	const struct kx_ksm_module *module = ksm.module;

	ksm.audit_level = module->audit_level;
	ksm.journal = malloc(module->journal ? module->journal : 1);
	if (!ksm.journal)
		return false;
	for (uint32_t i = 0; i < module->object_count; i++)
		if (!module->objects[i]->start(module->objects[i]))
			return false;
	for (uint32_t i = 0; i < module->regex_count; i++)
		if (!kx_ksm_regex_start(module->regexes[i]))
			return false;
	return true;
}

static int init(const struct kx_module_host *host, void **state)
{
	*state = &ksm;
	if (start())
		return 0;
	if (host && host->log)
		host->log(host->context, "no memory for the state of the policy objects");
	fini(&ksm);
	return 1;
}

const struct kx_security_module *kx_ksm_interface(const struct kx_ksm_module *module)
{
	static struct kx_security_module interface = {
		.abi_version = KX_SECURITY_MODULE_ABI,
		.size = sizeof(interface),
		.init = init,
		.classify = classify,
		.decide = decide,
		.forget = forget,
		.audit_level = set_audit_level,
		.fini = fini,
	};

	ksm.module = module;
	interface.name = module->name;
	return &interface;
}
