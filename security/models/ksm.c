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

static struct {
	const struct kx_ksm_module *module;
	uint32_t audit_level;
	bool any_level;  /* the level may change: DIRECT is what no level wants on record */
	bool undecided;  /* the last denial is for want of a verdict */
	bool classified; /* somebody was told what is DIRECT */
	uint8_t *journal;
	uint32_t journal_used;
	struct use {
		uint64_t asked, denied;
	} * uses; /* per rule, by number */
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

bool kx_ksm_refuse(struct kx_ksm_event *e, const char *why)
{
	if (!e->failure)
		e->refused = true;
	return kx_ksm_fail(e, why);
}

bool kx_ksm_undecided(void)
{
	return ksm.undecided;
}

bool kx_ksm_no_option(struct kx_ksm_event *e)
{
	return kx_ksm_refuse(e, "no option selected");
}

bool kx_ksm_message(struct kx_ksm_event *e, uint32_t size)
{
	if (e->fixed && e->fixed_size == size)
		return true;
	e->fixed = NULL;
	return kx_ksm_fail(e, e->event->fixed ? "message of another size than declared"
					      : "the event carries no message");
}

void kx_ksm_fail_context(struct kx_ksm_event *e, const struct kx_ksm_object *object, uint64_t sid,
			 const char *why)
{
	if (!e->failure) {
		e->lacking = object;
		e->lacking_sid = sid;
	}
	kx_ksm_fail(e, why);
}

struct kx_ksm_object *kx_ksm_object(const char *name)
{
	for (uint32_t i = 0; i < ksm.module->object_count; i++)
		if (strcmp(ksm.module->objects[i]->name, name) == 0)
			return ksm.module->objects[i];
	return NULL;
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

static void name_rule(struct kx_trail *trail, const struct kx_ksm_rule *rule)
{
	trail->rule = rule->text;
	trail->file = rule->file;
	trail->line = rule->line;
}

bool kx_ksm_step(struct kx_ksm_event *e, const struct kx_ksm_rule *rule)
{
	ksm.uses[rule->number].asked++;
	e->rule = rule;
	if (rule->message && !kx_ksm_message(e, rule->message)) {
		if (!e->denied)
			e->denied = rule;
		return false;
	}
	if (rule->run) /* it may never come back: security_module.h */
		name_rule(e->trail, rule);
	if (rule->run && (!rule->run(e) || e->failure)) {
		if (!e->denied)
			e->denied = rule;
		else if (!e->choice)
			e->choice = rule;
		return false;
	}
	if (rule->audit)
		audit_granted(e, rule);
	return true;
}

/* --- the decision --------------------------------------------------------------------- */

/* What @rule reads; what is not there is noted as such, and fails nothing any more. */
static void note_reads(struct kx_ksm_event *e, const struct kx_ksm_rule *rule)
{
	const struct kx_ksm_object *lacking = e->lacking;
	const char *failure = e->failure;
	uint64_t sid = e->lacking_sid;

	if (rule->message && !e->fixed)
		return;
	e->failure = NULL;
	kx_ksm_note_fields(e, rule);
	e->rule = rule;
	if (rule->reads)
		rule->reads(e);
	e->failure = failure;
	e->lacking = lacking;
	e->lacking_sid = sid;
}

static void fill_trail(struct kx_ksm_event *e, const struct kx_ksm_rule *rule, const char *reason)
{
	struct kx_trail *trail = e->trail;

	trail->reason = reason;
	if (!rule)
		return;
	name_rule(trail, rule);
	note_reads(e, rule);
	e->own_reads = trail->read_count;
	if (e->choice)
		note_reads(e, e->choice);
}

static enum kx_verdict deny(struct kx_ksm_event *e)
{
	const char *reason = e->failure;

	ksm.undecided = e->failure && !e->refused;
	if (!reason)
		reason = e->denied ? e->denied->reason : kx_ksm_no_rule(e->event);
	if (e->denied)
		ksm.uses[e->denied->number].denied++;
	fill_trail(e, e->denied, reason);
	e->trail->remedy = kx_ksm_remedy(e, e->denied);
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
	const struct kx_ksm_tree *tree = kx_ksm_find_tree(event, &e.failure);

	(void)state;
	if (!tree || tree->count == 0)
		return deny(&e);
	for (uint32_t i = 0; i < tree->count; i++)
		if (!kx_ksm_step(&e, tree->rules[i]))
			return deny(&e);
	keep_all();
	if (e.audited)
		fill_trail(&e, e.audited, "granted");
	else
		trail->rule = trail->file = NULL;
	return KX_GRANT;
}

/* --- the module --------------------------------------------------------------------------- */

/* Whether grants by @rule go on record at @level, or with @any at some level. */
static bool wants_grants(const struct kx_ksm_rule *rule, uint32_t level, bool any)
{
	const struct kx_ksm_audit *audit = rule->audit;

	if (!audit)
		return false;
	for (;; audit++) {
		if (audit->granted && (audit->level == level || any))
			return true;
		if (audit->last)
			return false;
	}
}

static bool is_unrecorded(const struct kx_ksm_tree *tree, uint32_t level, bool any)
{
	for (uint32_t i = 0; i < tree->count; i++)
		if (wants_grants(tree->rules[i], level, any))
			return false;
	return true;
}

static bool is_free(const uint32_t *row, uint32_t client)
{
	const struct kx_ksm_tree *tree = row ? &ksm.module->trees[row[client]] : NULL;

	/* DIRECT is for the run, so a level that may come later counts as well. */
	return !tree ||
	       (tree->always_grants && is_unrecorded(tree, ksm.audit_level, ksm.any_level));
}

static enum kx_classification classify(void *state, const struct kx_method_question *question)
{
	uint32_t client;
	const struct kx_ksm_method *method = kx_ksm_asked_method(question, &client);

	(void)state;
	ksm.classified = true;
	if (!method || !is_free(method->request, client) || !is_free(method->response, client))
		return KX_ASK;
	if (is_free(method->error, client))
		return KX_DIRECT;
	return ksm.module->trees[method->error[client]].never_grants ? KX_DIRECT_NO_ERROR : KX_ASK;
}

static bool describe(void *state, const struct kx_event *event, char *text, size_t size)
{
	const struct kx_ksm_message *message = kx_ksm_message_of(event);

	(void)state;
	return message && kx_ksm_describe(message, event, text, size);
}

static bool rule_use(void *state, uint32_t index, struct kx_rule_use *use)
{
	const struct kx_ksm_rule *rule;

	(void)state;
	if (index >= ksm.module->rule_count)
		return false;
	rule = &ksm.module->rules[index];
	*use = (struct kx_rule_use){rule->text, rule->file, rule->line, ksm.uses[index].asked,
				    ksm.uses[index].denied};
	return true;
}

static void forget(void *state, uint32_t sid)
{
	const struct kx_ksm_module *module = ksm.module;

	(void)state;
	for (uint32_t i = 0; i < module->object_count; i++)
		module->objects[i]->forget(module->objects[i], sid);
	kx_ksm_slots_forget(sid);
}

static uint32_t audit_level(void *state)
{
	(void)state;
	return ksm.audit_level;
}

static bool set_audit_level(void *state, uint32_t level)
{
	const struct kx_ksm_module *module = ksm.module;

	(void)state;
	if (!ksm.classified)
		ksm.any_level = true;
	for (uint32_t i = 0; i < module->tree_count && !ksm.any_level; i++)
		if (module->trees[i].always_grants &&
		    !is_unrecorded(&module->trees[i], level, false))
			return false;
	ksm.audit_level = level;
	return true;
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
	free(ksm.uses);
	memset(&ksm, 0, sizeof(ksm));
	ksm.module = module;
}

static bool start(void)
{
	const struct kx_ksm_module *module = ksm.module;

	ksm.audit_level = module->audit_level;
	ksm.any_level = module->any_level;
	ksm.journal = malloc(module->journal ? module->journal : 1);
	ksm.uses = calloc(module->rule_count + 1, sizeof(*ksm.uses));
	if (!ksm.journal || !ksm.uses)
		return false;
	kx_ksm_slots_start(module);
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
		.audit_level = audit_level,
		.set_audit_level = set_audit_level,
		.describe = describe,
		.rule_use = rule_use,
		.fini = fini,
	};

	ksm.module = module;
	interface.name = module->name;
	return &interface;
}
