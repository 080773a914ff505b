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

/* A process may be denied the same every microsecond: this is asked for each time. */
static void put_text(const char *more)
{
	size_t length = strlen(more);

	if (length > sizeof(text) - used - 1)
		length = sizeof(text) - used - 1;
	memcpy(text + used, more, length);
	used += length;
	text[used] = '\0';
}

static void put_name(const char *before, const char *name)
{
	put_text(before);
	put_text(name);
}

/* --- no rule ---------------------------------------------------------------------- */

static void put_rule(const char *kind, const struct kx_party *src, const struct kx_party *dst,
		     const struct kx_event *event)
{
	put_name(kind, " src=");
	put_text(src->class_name ? src->class_name : "?");
	if (event->kind != KX_EVENT_SECURITY)
		put_name(" dst=", dst->class_name ? dst->class_name : "?");
	if (event->kind != KX_EVENT_EXECUTE && event->endpoint && *event->endpoint)
		put_name(" endpoint=", event->endpoint);
	if (event->kind != KX_EVENT_EXECUTE && event->method && *event->method)
		put_name(" method=", event->method);
	put_text(" { grant () }");
}

static void put_missing_rule(const struct kx_event *event)
{
	static const char *const kinds[] = {"?",        "execute", "request",
					    "response", "error",   "security"};

	put_rule(kinds[event->kind <= KX_EVENT_SECURITY ? event->kind : 0], &event->src,
		 &event->dst, event);
	if (event->kind == KX_EVENT_REQUEST && !kx_ksm_has_response(event)) {
		put_text("\n");
		put_rule("response", &event->dst, &event->src, event);
	}
}

static const char *no_rule(const struct kx_event *event)
{
	const char *src = event->src.class_name;
	const char *dst = event->dst.class_name;
	bool both = event->kind != KX_EVENT_SECURITY;

	if (!kx_ksm_knows_class(src))
		put("use EDL %s\n", src ? src : "?");
	if (both && !kx_ksm_knows_class(dst) && (!src || !dst || strcmp(src, dst) != 0))
		put("use EDL %s\n", dst ? dst : "?");
	put_missing_rule(event);
	return text;
}

/* --- a rule that denied ------------------------------------------------------------- */

/*
 * The value of a note as PSL writes it, into @value: "404 (0x194)" is 404, with @hex 0x194.
 * False: a condition, or a text that was cut or is more than letters.
 */
static bool literal(const char *note, bool hex, char *value, size_t size)
{
	const char *open = strchr(note, '(');
	size_t length = strlen(note);

	if (note[0] == '"') {
		if (note[length - 1] != '"' || strpbrk(note, "?\\") ||
		    strchr(note + 1, '"') != note + length - 1)
			return false;
	} else if (open) {
		note = hex ? open + 1 : note;
		length = strcspn(note, hex ? ")" : " ");
	} else if (*note != '-' && (*note < '0' || *note > '9')) {
		return false;
	}
	(void)snprintf(value, size, "%.*s", (int)length, note);
	return true;
}

/*
 * What the rule read has these values: "a == 1 && b == 2", or @negate: "!(a == 1 && b == 2)".
 * SIDs are not the same tomorrow. Numbers look like those of @condition.
 */
static bool put_values(const struct kx_ksm_event *e, const char *condition, bool negate)
{
	bool hex = strstr(condition, "0x") || strstr(condition, "0X");
	const char *between = negate ? "!(" : "";
	bool any = false;
	char value[64];

	for (uint32_t i = 0; i < e->own_reads; i++) {
		const char *name = e->trail->reads[i].name;

		if (!strchr(name, '.') && !strchr(name, '('))
			continue;
		if (strstr(name, ".query_level") && strchr(name, '{'))
			continue; /* a level is compared with a level, which no literal is */
		if (!literal(e->trail->reads[i].value, hex, value, sizeof(value)))
			continue;
		put("%s%s == %s", between, name, value);
		between = " && ";
		any = true;
	}
	if (any && negate)
		put(")");
	return any;
}

/* The first of the notes that is no SID of a party, as a literal. */
static bool chosen(const struct kx_ksm_event *e, char *value, size_t size)
{
	for (uint32_t i = 0; i < e->trail->read_count; i++)
		if (!strstr(e->trail->reads[i].name, "_sid") ||
		    strchr(e->trail->reads[i].name, '.'))
			return literal(e->trail->reads[i].value, false, value, size);
	return false;
}

/* The class whose process has @sid; NULL: neither source nor destination. */
static const char *class_of(const struct kx_ksm_event *e, uint64_t sid)
{
	return sid == e->event->dst.sid   ? e->event->dst.class_name
	       : sid == e->event->src.sid ? e->event->src.class_name
					  : NULL;
}

/* An entry that is the same for every message can be added when the process starts. */
static bool put_entry(const struct kx_ksm_event *e)
{
	for (uint32_t i = 0; i < e->own_reads; i++) {
		const char *name = e->trail->reads[i].name;
		const char *call = strstr(name, ".contains {sid : ");
		bool dst = call && strncmp(call + 17, "dst_sid,", 8) == 0;

		if (!call || strstr(name, "message") || strstr(call + 24, "_sid") ||
		    strcmp(e->trail->reads[i].value, "false") != 0)
			continue;
		put("execute dst=%s { %.*s.add {sid : dst_sid%s }",
		    dst ? e->event->dst.class_name : e->event->src.class_name, (int)(call - name),
		    name, call + 24);
		return true;
	}
	return false;
}

/* Both parties at one level satisfy every Mic rule. */
static bool put_level(const struct kx_ksm_event *e, const char *object)
{
	const struct kx_ksm_mic *mic = (const void *)kx_ksm_object(object);
	char level[256];

	if (!mic || !e->event->dst.class_name ||
	    !kx_ksm_mic_level(mic, e->event->src.sid, level, sizeof(level)))
		return false;
	put("execute dst=%s { %s.execute {image : (), target : dst_sid, level : %s} }",
	    e->event->dst.class_name, object, level);
	return true;
}

/* The two parts of fix_text with the literal between them. */
static bool put_around(const struct kx_ksm_event *e, const char *parts)
{
	const char *second = strchr(parts, '\n');
	char value[64];

	if (!second || !chosen(e, value, sizeof(value)))
		return false;
	put("%.*s%s%s", (int)(second - parts), parts, value, second + 1);
	return true;
}

/* Whether one pair of parentheses holds all of @condition. */
static bool is_enclosed(const char *condition)
{
	int depth = 0;

	for (const char *at = condition; *at; at++) {
		depth += (*at == '(') - (*at == ')');
		if (depth == 0)
			return !at[1];
	}
	return false;
}

/* A deny whose condition is what it read, and nothing else, could as well be a grant. */
static bool put_grant(const struct kx_ksm_event *e, const struct kx_ksm_rule *rule)
{
	const char *condition = rule->text + rule->condition;
	size_t length = strlen(condition);
	bool same;

	if (is_enclosed(condition)) {
		condition++;
		length -= 2;
	}
	same = put_values(e, condition, false) && used == length &&
	       strncmp(text, condition, length) == 0;
	used = 0;
	if (same)
		put("at %s:%u: grant ()", rule->file, rule->line);
	return same;
}

/* A condition that is kept as a whole, and what else may be true (@widen) or must not be. */
static bool put_condition(const struct kx_ksm_event *e, const struct kx_ksm_rule *rule, bool widen)
{
	const char *condition = rule->text + rule->condition;
	size_t length = strlen(condition);
	bool enclosed = is_enclosed(condition);

	put("at %s:%u: ", rule->file, rule->line);
	if (length > 3 && strcmp(condition + length - 3, "...") == 0) {
		put("put `(` in front of the condition and `) %s ", widen ? "||" : "&&");
		if (!put_values(e, condition, !widen))
			return false;
		put("` behind it");
	} else {
		put("%s (%s%s%s %s ", widen ? "assert" : "deny", enclosed ? "" : "(", condition,
		    enclosed ? "" : ")", widen ? "||" : "&&");
		if (!put_values(e, condition, !widen))
			return false;
		put(")");
	}
	if (!kx_ksm_has_operators())
		put("\nuse nk.basic._");
	return true;
}

/* @value, a text with its quotes, as the pattern of it alone, into @pattern. */
static void escape(const char *value, char *pattern, size_t size)
{
	size_t at = 0;

	for (; *value && at + 4 < size; value++) {
		if (strchr(".*+?[](){}|^$", *value)) {
			pattern[at++] = '\\';
			pattern[at++] = '\\';
		}
		pattern[at++] = *value;
	}
	pattern[at] = '\0';
}

/* The value @choice was made by, if that was noted: an expression over notes says nothing. */
static bool choice_value(const struct kx_ksm_event *e, const struct kx_ksm_rule *choice,
			 char *value, size_t size)
{
	for (uint32_t i = 0; i < e->trail->read_count; i++)
		if (strcmp(e->trail->reads[i].name, choice->fix_text) == 0)
			return literal(e->trail->reads[i].value, false, value, size);
	return false;
}

/* @rule denied: @choice itself, no branch of which was taken, or the deny () in its `_`. */
static bool put_branch(const struct kx_ksm_event *e, const struct kx_ksm_rule *choice,
		       const struct kx_ksm_rule *rule)
{
	char pattern[256];
	char value[64];

	if (!choice_value(e, choice, value, sizeof(value))) {
		put("at %s:%u: ", rule->file, rule->line);
		if (rule != choice)
			put("grant ()");
		else if (choice->has_default)
			put("needs a rule for this event in the branch that is taken");
		else
			put("add the branch _ : grant ()");
		return true;
	}
	(void)snprintf(pattern, sizeof(pattern), "%s", value);
	if (choice->fix == KX_KSM_FIX_SELECT)
		escape(value, pattern, sizeof(pattern));
	put("at %s:%u: add the branch %s : grant ()%s", choice->file, choice->line, pattern,
	    choice->has_default ? " in front of `_`" : "");
	return true;
}

static bool change(const struct kx_ksm_event *e, const struct kx_ksm_rule *rule)
{
	switch (rule->fix) {
	case KX_KSM_FIX_ASSERT:
		if (put_condition(e, rule, true))
			return true;
		used = 0;
		return put_entry(e);
	case KX_KSM_FIX_DENY:
		return put_grant(e, rule) || put_condition(e, rule, false);
	case KX_KSM_FIX_BRANCH:
		put("at %s:%u: grant ()", rule->file, rule->line);
		return true;
	case KX_KSM_FIX_ALWAYS:
		if (e->choice)
			return put_branch(e, e->choice, rule);
		put("at %s:%u: narrow the selectors around deny () so that they leave out src=%s "
		    "method=%s",
		    rule->file, rule->line, e->event->src.class_name,
		    e->event->method ? e->event->method : "");
		return true;
	case KX_KSM_FIX_ENTER:
		return put_around(e, rule->fix_text);
	case KX_KSM_FIX_ALLOW:
		put("at %s:%u: ", rule->file, rule->line);
		return put_around(e, rule->fix_text);
	case KX_KSM_FIX_LEVEL:
		return put_level(e, rule->fix_text);
	default:
		return false;
	}
}

/* The policy object was never told of the process: when it starts is the time for that. */
static bool put_context(const struct kx_ksm_event *e)
{
	const char *class_name = class_of(e, e->lacking_sid);
	bool is_mic = strstr(e->failure, "level") != NULL;
	const struct kx_ksm_mic *mic = (const void *)e->lacking;
	uint64_t other =
		e->event->src.sid == e->lacking_sid ? e->event->dst.sid : e->event->src.sid;
	char level[256];

	if (!class_name)
		return false;
	if (!is_mic) {
		put("execute dst=%s { %s.init {sid : dst_sid} }", class_name, e->lacking->name);
		return true;
	}
	if (!kx_ksm_mic_level(mic, other, level, sizeof(level)))
		(void)snprintf(level, sizeof(level), "\"%s\"", mic->degrees[0]);
	put("execute dst=%s { %s.execute {image : (), target : dst_sid, level : %s} }", class_name,
	    e->lacking->name, level);
	return true;
}

/* Which element is not there, and how to ask first whether it is. */
static bool put_size(const struct kx_ksm_event *e)
{
	for (uint32_t i = 0; i < e->own_reads; i++) {
		const char *name = e->trail->reads[i].name;
		const char *index = strstr(name, ".[");

		if (!index || strcmp(e->trail->reads[i].value, "none") != 0)
			continue;
		put("needs to ask size (%.*s) > %.*s in front of it", (int)(index - name), name,
		    (int)strcspn(index + 2, "]"), index + 2);
		return true;
	}
	return false;
}

/* The rule that makes possible what this one wants: the same with another method. */
static bool put_before(const struct kx_ksm_rule *rule, const char *method, const char *other)
{
	const char *at = strstr(rule->text, method);

	if (!at)
		return false;
	put("needs %.*s%s%s, granted before it", (int)(at - rule->text), rule->text, other,
	    at + strlen(method));
	return true;
}

static bool put_key(const struct kx_ksm_event *e)
{
	char key[64];

	if (!chosen(e, key, sizeof(key)) || *key != '"')
		return false;
	put("needs %s among the keys in the object's config", key);
	return true;
}

/* What helps against failures: the reasons the models and value functions give. */
static bool put_help(const struct kx_ksm_event *e, const struct kx_ksm_rule *rule)
{
	static const struct {
		const char *reason, *help;
	} known[] = {
		{"table is full", "a larger set_size in the object's config"},
		{"no table is left", "a larger pool_size in the object's config"},
		{"index out of bounds", "a test of size () in front of the index"},
		{"no such key", "the key in the object's config"},
		{"of another size",
		 "building the policy with the IDL the programs were built with"},
		{"does not fit",
		 "an expression whose result stays in range, or a test in front of it"},
		{"another member of the union",
		 "a choice in front of it, by what tells which member is set"},
		{"already", "fini for that sid before it, or to run once for each"},
		{"no integrity level", "execute or create for that sid, granted before it"},
		{"neither an image nor", "a level, or an image that has one"},
		{"init was not granted", "init for that sid, granted before it"},
	};

	if (strstr(e->failure, "index out of bounds") && put_size(e))
		return true;
	if (strstr(e->failure, "no such key") && put_key(e))
		return true;
	if (strstr(e->failure, "no such entry") && put_before(rule, ".remove", ".add"))
		return true;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strstr(e->failure, known[i].reason)) {
			put("needs %s", known[i].help);
			return true;
		}
	return false;
}

static bool failed(const struct kx_ksm_event *e, const struct kx_ksm_rule *rule)
{
	if (e->lacking && put_context(e))
		return true;
	if ((rule->fix == KX_KSM_FIX_CHOICE || rule->fix == KX_KSM_FIX_SELECT) &&
	    strstr(e->failure, "no option selected"))
		return put_branch(e, rule, rule);
	put("at %s:%u: ", rule->file, rule->line);
	return put_help(e, rule);
}

const char *kx_ksm_remedy(const struct kx_ksm_event *e, const struct kx_ksm_rule *rule)
{
	used = 0;
	text[0] = '\0';
	if (!rule)
		return no_rule(e->event);
	if (e->failure ? failed(e, rule) : change(e, rule))
		return text;
	used = 0;
	put("at %s:%u: no condition can be written of what it read: change the rule, or the state "
	    "before",
	    rule->file, rule->line);
	return text;
}
