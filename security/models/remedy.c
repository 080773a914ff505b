/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The smallest change of the policy that would have granted an event: a new rule
 * where none matched, else what to change in the rule that denied. Everything
 * else that matches must grant too; a rule is never added beside one that denies.
 */

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ksm_inside.h"

static char text[1536];
static size_t used;

static void put(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void put(const char *format, ...)
{
	va_list args;
	int length;

	if (used + 1 >= sizeof(text))
		return;
	va_start(args, format);
	length = vsnprintf(text + used, sizeof(text) - used, format, args);
	va_end(args);
	if (length > 0)
		used += (size_t)length;
	if (used >= sizeof(text))
		used = sizeof(text) - 1;
}

/* --- no rule ---------------------------------------------------------------------- */

static void put_rule(const char *kind, const struct kx_party *src, const struct kx_party *dst,
		     const struct kx_event *event)
{
	put("%s src=%s", kind, src->class_name ? src->class_name : "?");
	if (event->kind != KX_EVENT_SECURITY)
		put(" dst=%s", dst->class_name ? dst->class_name : "?");
	if (event->kind != KX_EVENT_EXECUTE && event->endpoint && *event->endpoint)
		put(" endpoint=%s", event->endpoint);
	if (event->kind != KX_EVENT_EXECUTE && event->method && *event->method)
		put(" method=%s", event->method);
	put(" { grant () }");
}

static void put_missing_rule(const struct kx_event *event)
{
	static const char *const kinds[] = {"?",        "execute", "request",
					    "response", "error",   "security"};

	put_rule(kinds[event->kind <= KX_EVENT_SECURITY ? event->kind : 0], &event->src,
		 &event->dst, event);
	if (event->kind == KX_EVENT_REQUEST && !kx_ksm_has_response(event)) {
		put(" and for the answer ");
		put_rule("response", &event->dst, &event->src, event);
	}
}

static const char *no_rule(const struct kx_event *event)
{
	const char *src = event->src.class_name;
	const char *dst = event->dst.class_name;
	bool both = event->kind != KX_EVENT_SECURITY;

	if (!kx_ksm_knows_class(src))
		put("use EDL %s, then ", src ? src : "?");
	if (both && !kx_ksm_knows_class(dst) && (!src || !dst || strcmp(src, dst) != 0))
		put("use EDL %s, then ", dst ? dst : "?");
	put_missing_rule(event);
	return text;
}

/* --- a rule that denied ------------------------------------------------------------- */

/* The plain parameters the rule reads have these values: "a == 1 && b == 2". */
static bool put_values(const struct kx_ksm_event *e, const struct kx_ksm_rule *rule)
{
	if (!e->fixed || !rule->field_count)
		return false;
	for (uint32_t i = 0; i < rule->field_count; i++) {
		const struct kx_ksm_field *field = &rule->fields[i];
		unsigned int shift = 64u - 8u * field->bytes;
		uint64_t value = 0;

		memcpy(&value, e->fixed + field->offset, field->bytes);
		put("%s%s == ", i ? " && " : "", field->name);
		if (field->is_signed)
			put("%" PRId64, (int64_t)(value << shift) >> shift);
		else if (value < 10)
			put("%" PRIu64, value);
		else
			put("0x%" PRIx64, value);
	}
	return true;
}

static const char *state_read(const struct kx_ksm_event *e)
{
	return e->trail->read_count ? e->trail->reads[0].value : "?";
}

static const char *change(const struct kx_ksm_event *e, const struct kx_ksm_rule *rule)
{
	size_t begin;

	put("at %s:%u: ", rule->file, rule->line);
	begin = used;
	switch (rule->fix) {
	case KX_KSM_FIX_ASSERT:
		put("assert (%s || ", rule->fix_text);
		if (put_values(e, rule)) {
			put(")");
			return text;
		}
		break;
	case KX_KSM_FIX_DENY:
		put("deny (%s && !(", rule->fix_text);
		if (put_values(e, rule)) {
			put("))");
			return text;
		}
		break;
	case KX_KSM_FIX_ALWAYS:
		put("narrow the selectors around deny () so that they leave out src=%s method=%s",
		    e->event->src.class_name, e->event->method ? e->event->method : "");
		return text;
	case KX_KSM_FIX_ENTER:
		put("add the transition from %s to %s", state_read(e), rule->fix_text);
		return text;
	case KX_KSM_FIX_ALLOW:
		put("add %s to the states of %s", state_read(e), rule->fix_text);
		return text;
	case KX_KSM_FIX_CHOICE:
		put("make a branch of the choice for %s grant", state_read(e));
		return text;
	default:
		break;
	}
	used = begin;
	put("the condition depends on state alone: change the state before, or the rule");
	return text;
}

/* What helps against failures: the reasons the models and value functions give. */
static const char *failed(const struct kx_ksm_event *e, const struct kx_ksm_rule *rule)
{
	static const struct {
		const char *reason, *help;
	} known[] = {
		{"has no automaton", "init {sid : dst_sid} in the execute rule of that class"},
		{"has no table", "init {sid : dst_sid} in the execute rule of that class"},
		{"has no integrity level", "create or execute of the Mic object for it before"},
		{"table is full", "a larger set_size in the object's config"},
		{"no table is left", "a larger pool_size in the object's config"},
		{"index out of bounds", "a test of size () in front of the index"},
		{"no option selected", "a branch `_ :` for everything else"},
		{"no such key", "the key in the object's config"},
		{"of another size",
		 "building the policy with the IDL the programs were built with"},
		{"does not fit", "an expression whose result stays in range"},
		{"another member of the union", "a choice by the member before it is read"},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strstr(e->failure, known[i].reason)) {
			put("at %s:%u: needs %s", rule->file, rule->line, known[i].help);
			return text;
		}
	return NULL;
}

const char *kx_ksm_remedy(const struct kx_ksm_event *e, const struct kx_ksm_rule *rule)
{
	used = 0;
	text[0] = '\0';
	if (!rule)
		return no_rule(e->event);
	return e->failure ? failed(e, rule) : change(e, rule);
}
