/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Rules as C functions. One item of the policy becomes one function
 * for all events it covers, unless it reads the message: then one per method,
 * because fields lie elsewhere; or has a `match` inside a choice: then one per
 * different outcome.
 */

#include <inttypes.h>
#include <string.h>

#include "psl_call.h"

#define F(...) kx_pool_format(m->psl->pool, __VA_ARGS__)

/* What the run time saves at most per call, with what stands around saved bytes. */
#define SAVED(bytes) ((uint32_t)(((bytes) + 7u) & ~7u) + 16u)
#define SAVED_SIDS   (SAVED(8u) + SAVED(12u))

/* A rule: the C expression that is true when it grants, and what it is worth knowing. */
struct rule {
	const char *c;
	int constant;
};

static const struct rule wrong = {"false", -1};

static struct rule plain(const char *c)
{
	return (struct rule){c, -1};
}

/* --- Base and Bool ------------------------------------------------------------------- */

static struct rule condition_rule(struct kx_psl_maker *m, struct kx_psl_expr *call, bool negate)
{
	struct kx_psl_value v = kx_psl_condition(m, call->left);

	if (v.kind == KX_PSL_V_BAD)
		return wrong;
	if (!negate)
		return (struct rule){v.c, v.constant};
	return (struct rule){F("!%s", v.c), v.constant < 0 ? -1 : !v.constant};
}

static struct rule base_rule(struct kx_psl_maker *m, struct kx_psl_expr *call)
{
	struct kx_psl_leaf level = {.bits = 8};
	bool unit = call->left->kind == KX_PSL_UNIT ||
		    (call->left->kind == KX_PSL_DICT && !call->left->items);
	const char *c;

	if (strcmp(call->text, "grant") == 0) {
		if (!unit)
			kx_psl_bad(
				m, call, &call->left->loc,
				"'grant' takes nothing: grant (); a condition belongs to assert");
		return (struct rule){"true", 1};
	}
	if (strcmp(call->text, "deny") == 0)
		return unit ? (struct rule){"false", 0} : condition_rule(m, call, true);
	if (strcmp(call->text, "assert") == 0) {
		if (!unit)
			return condition_rule(m, call, false);
		kx_psl_bad(m, call, &call->left->loc, "'assert' needs a condition");
		return wrong;
	}
	if (strcmp(call->text, "set_level") == 0) {
		c = kx_psl_fit(m, call->left, &level);
		m->journal += SAVED(4u);
		m->psl->sets_level = true;
		return c ? plain(F("kx_ksm_set_level(e, %s)", c)) : wrong;
	}
	kx_psl_no_method(m, call, "rule");
	return wrong;
}

/* The state of the automaton, to be shown when the rule denies. */
static void note_state(struct kx_psl_maker *m, const char *object, const char *sid)
{
	m->reads = F("%s\tkx_ksm_note_text(e, \"state of %s\", kx_ksm_flow_name(e, &object_%s, "
		     "%s));\n",
		     m->reads ? m->reads : "", object, object, sid);
}

/* --- stateful models -------------------------------------------------------------------- */

static struct rule flow_rule(struct kx_psl_maker *m, struct kx_psl_expr *call,
			     const struct kx_psl_model *model)
{
	struct kx_psl_expr *list;
	const char *sid;
	uint64_t states = 0;
	int state;

	if (strcmp(call->text, "init") == 0 || strcmp(call->text, "fini") == 0) {
		if (!kx_psl_fields(m, call, "sid") || !(sid = kx_psl_sid(m, call, "sid")))
			return wrong;
		m->journal += SAVED_SIDS;
		return plain(
			F("kx_ksm_flow_%s(e, &object_%s, %s)", call->text, model->object, sid));
	}
	if (strcmp(call->text, "enter") == 0) {
		if (!kx_psl_fields(m, call, "sid state") || !(sid = kx_psl_sid(m, call, "sid")))
			return wrong;
		state = kx_psl_state(m, kx_psl_item_of(call->left, "state"), model);
		m->journal += SAVED(4u);
		note_state(m, model->object, sid);
		return plain(
			F("kx_ksm_flow_enter(e, &object_%s, %s, %d)", model->object, sid, state));
	}
	if (strcmp(call->text, "allow") != 0) {
		kx_psl_no_method(m, call, "rule");
		return wrong;
	}
	if (!kx_psl_fields(m, call, "sid states") || !(sid = kx_psl_sid(m, call, "sid")))
		return wrong;
	list = kx_psl_item_of(call->left, "states");
	if (list->kind != KX_PSL_LIST) {
		kx_psl_bad(m, list, &list->loc, "expected a list of states");
		return wrong;
	}
	for (struct kx_psl_expr *item = list->items; item; item = item->next) {
		state = kx_psl_state(m, item, model);
		if (state >= 0)
			states |= 1ull << state;
	}
	note_state(m, model->object, sid);
	return plain(F("kx_ksm_flow_allow(e, &object_%s, %s, UINT64_C(0x%" PRIx64 "))",
		       model->object, sid, states));
}

static struct rule hash_set_rule(struct kx_psl_maker *m, struct kx_psl_expr *call,
				 const struct kx_psl_model *model)
{
	bool binds = strcmp(call->text, "init") == 0 || strcmp(call->text, "fini") == 0;
	bool writes = strcmp(call->text, "add") == 0 || strcmp(call->text, "remove") == 0;
	const char *sid;
	const char *entry;

	if (!binds && !writes) {
		kx_psl_no_method(m, call, "rule");
		return wrong;
	}
	if (!kx_psl_fields(m, call, binds ? "sid" : "sid entry") ||
	    !(sid = kx_psl_sid(m, call, "sid")))
		return wrong;
	if (binds) {
		m->journal += SAVED(16u) + SAVED_SIDS;
		return plain(
			F("kx_ksm_hash_set_%s(e, &object_%s, %s)", call->text, model->object, sid));
	}
	m->journal += SAVED(16u) + SAVED(8u * (model->words + 1));
	entry = kx_psl_entry(m, call, model);
	return entry ? plain(F("kx_ksm_hash_set_%s(e, &object_%s, %s, %s)", call->text,
			       model->object, sid, entry))
		     : wrong;
}

static struct rule static_map_rule(struct kx_psl_maker *m, struct kx_psl_expr *call,
				   const struct kx_psl_model *model)
{
	static const char *const whole[] = {"init", "fini", "commit", "rollback"};
	const char *sid;
	const char *key;
	const char *value;

	for (size_t i = 0; i < 4; i++) {
		if (strcmp(call->text, whole[i]) != 0)
			continue;
		if (!kx_psl_fields(m, call, "sid") || !(sid = kx_psl_sid(m, call, "sid")))
			return wrong;
		m->journal += SAVED(4u) + SAVED_SIDS + SAVED(16u * model->names.count);
		return plain(F("kx_ksm_static_map_%s(e, &object_%s, %s)", call->text, model->object,
			       sid));
	}
	if (strcmp(call->text, "set") != 0) {
		kx_psl_no_method(m, call, "rule");
		return wrong;
	}
	if (!kx_psl_fields(m, call, "sid key value") || !(sid = kx_psl_sid(m, call, "sid")))
		return wrong;
	m->journal += SAVED(8u);
	key = kx_psl_key(m, call, model);
	value = kx_psl_fit(m, kx_psl_item_of(call->left, "value"), &model->leaves[0]);
	if (!key || !value)
		return wrong;
	return plain(F("kx_ksm_static_map_set(e, &object_%s, %s, %s, (uint64_t)%s)", model->object,
		       sid, key, value));
}

/* A field that may be (): a SID or nothing. */
static const char *sid_or_none(struct kx_psl_maker *m, struct kx_psl_expr *call, const char *field)
{
	struct kx_psl_expr *item = kx_psl_item_of(call->left, field);
	const char *sid;

	if (!item || item->kind == KX_PSL_UNIT)
		return "((struct kx_ksm_sid_or_none){0})";
	sid = kx_psl_sid(m, call, field);
	return sid ? F("((struct kx_ksm_sid_or_none){%s, true})", sid) : NULL;
}

/* The levels of those a Mic rule is about, to be shown when it denies. */
static void note_levels(struct kx_psl_maker *m, struct kx_psl_expr *call,
			const struct kx_psl_model *model)
{
	static const char *const parties[] = {"image", "source", "target", "container", "driver"};

	for (size_t i = 0; i < sizeof(parties) / sizeof(*parties); i++) {
		const struct kx_psl_expr *item = kx_psl_item_of(call->left, parties[i]);
		const char *what = item ? kx_psl_source_text(m->psl, &item->loc) : NULL;

		if (!item || item->kind == KX_PSL_UNIT)
			continue;
		kx_psl_put_level(m, F("level of %s", what), model->object,
				 kx_psl_sid(m, call, parties[i]));
	}
}

static struct rule mic_rule(struct kx_psl_maker *m, struct kx_psl_expr *call,
			    const struct kx_psl_model *model)
{
	/* Arguments in the order of the C function: s sid, o sid or (), l level. */
	static const struct {
		const char *name, *function, *fields, *order;
		const char *names[5];
	} rules[] = {
		{"create",
		 "create",
		 "source target [container] driver [level]",
		 "ssosl",
		 {"source", "target", "container", "driver", "level"}},
		{"delete",
		 "delete",
		 "source target [container] driver",
		 "ssos",
		 {"source", "target", "container", "driver"}},
		{"execute",
		 "execute",
		 "[image] target [level] [levelR]",
		 "osll",
		 {"image", "target", "level", "levelR"}},
		{"upgrade",
		 "upgrade",
		 "source target [container] driver level",
		 "ssosl",
		 {"source", "target", "container", "driver", "level"}},
		{"call", "read", "source target", "ss", {"source", "target"}},
		{"read", "read", "source target", "ss", {"source", "target"}},
		{"invoke", "write", "source target", "ss", {"source", "target"}},
		{"write", "write", "source target", "ss", {"source", "target"}},
	};
	const char *c;
	size_t r = 0;

	while (r < sizeof(rules) / sizeof(*rules) && strcmp(rules[r].name, call->text) != 0)
		r++;
	if (r == sizeof(rules) / sizeof(*rules)) {
		kx_psl_no_method(m, call, "rule");
		return wrong;
	}
	if (!kx_psl_fields(m, call, rules[r].fields))
		return wrong;
	c = F("kx_ksm_mic_%s(e, &object_%s", rules[r].function, model->object);
	for (size_t i = 0; rules[r].order[i]; i++) {
		const char *name = rules[r].names[i];
		const char *one =
			rules[r].order[i] == 's' ? kx_psl_sid(m, call, name)
			: rules[r].order[i] == 'o'
				? sid_or_none(m, call, name)
				: kx_psl_level(m, kx_psl_item_of(call->left, name), model);

		if (!one)
			return wrong;
		c = F("%s, %s", c, one);
	}
	note_levels(m, call, model);
	return plain(F("%s)", c));
}

static struct rule make_rule(struct kx_psl_maker *m, struct kx_psl_expr *call)
{
	struct kx_psl_object *object = kx_psl_called(m, call);

	if (!object)
		return wrong;
	switch (object->model->kind) {
	case KX_PSL_BASE:
		return base_rule(m, call);
	case KX_PSL_BOOLEAN:
		if (strcmp(call->text, "assert") == 0)
			return condition_rule(m, call, false);
		break;
	case KX_PSL_FLOW:
		return flow_rule(m, call, object->model);
	case KX_PSL_HASHSET:
		return hash_set_rule(m, call, object->model);
	case KX_PSL_STATICMAP:
		return static_map_rule(m, call, object->model);
	case KX_PSL_MIC:
		m->journal += SAVED(32u) + SAVED_SIDS;
		return mic_rule(m, call, object->model);
	default:
		break;
	}
	kx_psl_no_method(m, call, "rule");
	return wrong;
}

/* --- all -------------------------------------------------------------------------- */

static struct kx_psl_made *find_made(struct kx_psl_item *item, const struct kx_psl_slot *slot)
{
	enum kx_nk_direction direction = kx_psl_direction(slot->kind);

	for (struct kx_psl_made *made = item->made; made; made = made->next) {
		if (made->per_slot)
			return NULL;
		if (!made->method || (slot->method && made->method == slot->method->method &&
				      made->direction == direction))
			return made;
	}
	return NULL;
}

static struct kx_psl_made *add_made(struct kx_psl *psl, const struct kx_psl_made *template)
{
	struct kx_psl_made *made;

	for (made = template->item->made; made; made = made->next)
		if (strcmp(made->body, template->body) == 0 &&
		    strcmp(made->reads, template->reads) == 0 && made->method == template->method)
			return made;
	made = kx_pool_new(psl->pool, struct kx_psl_made);
	*made = *template;
	made->number = psl->made_count;
	made->next = made->item->made;
	made->item->made = made;
	if (psl->made_count == psl->made_room) {
		struct kx_psl_made **bigger;

		psl->made_room = psl->made_room ? 2 * psl->made_room : 256;
		bigger = kx_pool_alloc(psl->pool, psl->made_room * sizeof(struct kx_psl_made *));
		if (psl->made)
			memcpy(bigger, psl->made, psl->made_count * sizeof(struct kx_psl_made *));
		psl->made = bigger;
	}
	psl->made[psl->made_count++] = made;
	return made;
}

struct kx_psl_made *kx_psl_compile(struct kx_psl *psl, struct kx_psl_item *item,
				   const struct kx_psl_slot *slot)
{
	struct kx_psl_maker maker = {.psl = psl, .slot = slot, .item = item};
	struct kx_psl_maker *m = &maker;
	struct kx_psl_made made = {.item = item, .constant = -1};
	struct kx_psl_made *old = find_made(item, slot);
	const char *body;

	if (old)
		return old;
	item->checked = true;
	if (item->kind == KX_PSL_CHOICE) {
		body = kx_psl_choice(m, item, &made.per_slot);
	} else {
		struct rule rule = make_rule(m, item->expr);

		made.constant = rule.constant;
		body = F("\treturn %s;\n", rule.c);
	}
	made.body = body;
	made.reads = m->reads ? m->reads : "";
	made.fields = m->fields ? m->fields : "";
	made.field_count = m->field_count;
	if (m->reads_message && slot->method) {
		made.method = slot->method->method;
		made.message = made.method->msg[kx_psl_direction(slot->kind)].size;
		made.direction = kx_psl_direction(slot->kind);
	}
	made.journal = m->journal;
	made.audit = m->audit;
	return add_made(psl, &made);
}
