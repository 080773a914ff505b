/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Selectors: what they name, and whether a slot fits them. A name nobody has
 * is an error; a name that exists, but not where the selectors around it look,
 * is a rule that can never match, which is a warning.
 */

#include <string.h>

#include "psl_inside.h"

static const char *const kind_names[KX_PSL_SELECTORS] = {"src",      "dst",       "component",
							 "endpoint", "interface", "method"};

/* The selectors in force inside a block; unused ones are NULL. */
struct scope {
	enum kx_psl_event_kind kind;
	const struct kx_psl_selector *by_kind[KX_PSL_SELECTORS];
	const char *profile;
	bool of_literal; /* in the branch of a literal */
	bool of_method;  /* behind method= */
};

const char *kx_psl_event_name(enum kx_psl_event_kind kind)
{
	static const char *const names[] = {"execute", "request", "response", "error", "security"};

	return names[kind];
}

/* --- does a slot fit ------------------------------------------------------------- */

static bool fits_method(const struct kx_psl_selector *s, const struct kx_psl_slot *slot)
{
	const struct kx_psl_method *method = slot->method;

	if (!method)
		return true; /* execute: names were checked, there is one method */
	switch (s->kind) {
	case KX_PSL_COMPONENT:
		return method->component == s->name;
	case KX_PSL_ENDPOINT:
		return method->path == s->name;
	case KX_PSL_INTERFACE:
		return method->interface_name == s->name;
	default:
		return method->name == s->name;
	}
}

bool kx_psl_selected(const struct kx_psl_selector *selectors, const struct kx_psl_slot *slot)
{
	for (const struct kx_psl_selector *s = selectors; s; s = s->next) {
		if (!s->known)
			return false;
		if (s->kind == KX_PSL_SRC) {
			if (s->class_index != slot->src)
				return false;
		} else if (s->kind == KX_PSL_DST) {
			if (s->class_index != slot->dst)
				return false;
		} else if (!fits_method(s, slot)) {
			return false;
		}
	}
	return true;
}

bool kx_psl_selected_server(const struct kx_psl_selector *selectors, const struct kx_psl_slot *slot)
{
	enum kx_psl_selector_kind server =
		kx_psl_server_is_src(slot->kind) ? KX_PSL_SRC : KX_PSL_DST;
	int index = kx_psl_server_is_src(slot->kind) ? slot->src : slot->dst;

	for (const struct kx_psl_selector *s = selectors; s; s = s->next) {
		if (s->kind == server) {
			if (s->class_index != index)
				return false;
		} else if (s->kind >= KX_PSL_COMPONENT && !fits_method(s, slot)) {
			return false;
		}
	}
	return true;
}

/* --- names -------------------------------------------------------------------------- */

static bool find_kind(struct kx_psl *psl, struct kx_psl_selector *s)
{
	struct kx_guess guess;

	kx_guess_init(&guess, s->kind_word.text);
	for (int kind = 0; kind < KX_PSL_SELECTORS; kind++) {
		if (strcmp(kind_names[kind], s->kind_word.text) == 0) {
			s->kind = (enum kx_psl_selector_kind)kind;
			s->known = true;
			return true;
		}
		kx_guess_add(&guess, kind_names[kind]);
	}
	kx_error(psl->diag, &s->kind_word.loc, "there is no selector '%s'%s", s->kind_word.text,
		 kx_guess_text(&guess, psl->pool));
	return false;
}

/* Whether the missing class @name was not spoken of before; @name is interned. */
static bool first_time(struct kx_psl *psl, const char *name)
{
	struct kx_psl_missing *missing;

	for (missing = psl->missing; missing; missing = missing->next)
		if (missing->name == name)
			return false;
	missing = kx_pool_new(psl->pool, struct kx_psl_missing);
	missing->name = name;
	missing->next = psl->missing;
	psl->missing = missing;
	return true;
}

static void find_class(struct kx_psl *psl, struct kx_psl_selector *s)
{
	struct kx_guess guess;

	s->class_index = kx_psl_class_index(psl, s->value.text);
	if (s->class_index >= 0)
		return;
	if (kx_psl_has_edl(psl, s->value.text)) {
		if (!first_time(psl, s->name))
			return;
		kx_warning(psl->diag, &s->value.loc,
			   "class '%s' is not part of the policy, so this never matches; add 'use "
			   "EDL %s'",
			   s->value.text, s->value.text);
		return;
	}
	kx_guess_init(&guess, s->value.text);
	for (uint32_t i = 0; i < psl->class_count; i++)
		kx_guess_add(&guess, psl->classes[i].name);
	kx_error(psl->diag, &s->value.loc, "there is no class '%s'%s", s->value.text,
		 guess.best ? kx_guess_text(&guess, psl->pool)
			    : "; classes come from 'use EDL' lines");
}

static const char *name_of(const struct kx_psl_method *method, enum kx_psl_selector_kind kind)
{
	switch (kind) {
	case KX_PSL_COMPONENT:
		return method->component;
	case KX_PSL_ENDPOINT:
		return method->path;
	case KX_PSL_INTERFACE:
		return method->interface_name;
	default:
		return method->name;
	}
}

/* Whether @method is where the selectors of @scope look that are wider than @kind. */
static bool in_scope(const struct kx_psl_method *method, const struct scope *scope,
		     enum kx_psl_selector_kind kind)
{
	enum kx_psl_selector_kind server =
		kx_psl_server_is_src(scope->kind) ? KX_PSL_SRC : KX_PSL_DST;
	const struct kx_psl_selector *by_server = scope->by_kind[server];

	if (method->security != (scope->kind == KX_PSL_SECURITY))
		return false;
	if (by_server && by_server->class_index != (int)method->class_index)
		return false;
	for (int k = KX_PSL_COMPONENT; k < (int)kind; k++)
		if (scope->by_kind[k] &&
		    scope->by_kind[k]->name != name_of(method, (enum kx_psl_selector_kind)k))
			return false;
	return true;
}

/* Whether @name ends in @end behind a '.'; @name may be NULL. */
static bool ends_with(const char *name, const char *end)
{
	size_t len = strlen(end);
	size_t all = name ? strlen(name) : 0;

	return all > len && name[all - len - 1] == '.' && strcmp(name + all - len, end) == 0;
}

/*
 * Who leaves out the component means the endpoint in it, whatever else looks alike; and may have
 * mistyped it.
 */
static void guess_name(struct kx_guess *guess, const char *name)
{
	const char *dot = strchr(guess->wanted, '.') ? NULL : strrchr(name, '.');
	size_t before;

	if (ends_with(name, guess->wanted)) {
		guess->best = name;
		return;
	}
	kx_guess_add(guess, name);
	before = guess->distance;
	if (dot)
		kx_guess_add(guess, dot + 1);
	if (guess->distance < before)
		guess->best = name;
}

struct search {
	bool any, found, elsewhere;
	struct kx_guess near, far;
};

static void search(struct kx_psl *psl, const struct kx_psl_selector *s, const struct scope *scope,
		   struct search *out)
{
	const char *last = NULL;

	memset(out, 0, sizeof(*out));
	kx_guess_init(&out->near, s->value.text);
	kx_guess_init(&out->far, s->value.text);
	for (uint32_t i = 0; i < psl->method_count; i++) {
		const char *name = name_of(&psl->methods[i], s->kind);
		bool here = in_scope(&psl->methods[i], scope, s->kind);

		out->any |= here;
		if (!name)
			continue;
		if (name == s->name && here)
			out->found = true;
		if (name == s->name)
			out->elsewhere = true;
		if (out->found)
			return;
		if (name != last && here && !ends_with(out->near.best, s->value.text))
			guess_name(&out->near, name);
		last = name;
	}
	if (out->elsewhere || out->near.best)
		return;
	for (uint32_t i = 0; i < psl->method_count; i++) {
		const char *name = name_of(&psl->methods[i], s->kind);

		if (name)
			kx_guess_add(&out->far, name);
	}
}

/* Whether a class is selected as the server and serves nothing: many classes of the SDK do not. */
static bool serves_nothing(const struct kx_psl *psl, const struct scope *scope)
{
	enum kx_psl_selector_kind server =
		kx_psl_server_is_src(scope->kind) ? KX_PSL_SRC : KX_PSL_DST;
	const struct kx_psl_selector *s = scope->by_kind[server];
	bool security = scope->kind == KX_PSL_SECURITY;
	const struct kx_psl_method *m;

	if (!s || s->class_index < 0)
		return security;
	m = psl->methods + psl->classes[s->class_index].first_method;
	for (uint32_t i = 0; i < psl->classes[s->class_index].method_count; i++)
		if (m[i].security == security)
			return false;
	return true;
}

/* "in the endpoints this block selects", or of which class. */
static const char *place(struct kx_psl *psl, const struct scope *scope)
{
	enum kx_psl_selector_kind server =
		kx_psl_server_is_src(scope->kind) ? KX_PSL_SRC : KX_PSL_DST;
	const struct kx_psl_selector *s = scope->by_kind[server];

	return s ? kx_pool_format(psl->pool, "class '%s'", s->value.text)
		 : "what this block selects";
}

static bool only_denies(const struct kx_psl_item *items);

static bool all_deny(const struct kx_psl_option *options)
{
	for (const struct kx_psl_option *o = options; o; o = o->next)
		if (!only_denies(o->items))
			return false;
	return true;
}

/* Whether all of @items, of which there are some, only deny. */
static bool only_denies(const struct kx_psl_item *items)
{
	bool any = false;

	for (const struct kx_psl_item *item = items; item; item = item->next) {
		bool denies =
			item->kind == KX_PSL_AUDIT ||
			(item->kind == KX_PSL_RULE && strcmp(item->expr->text, "deny") == 0) ||
			(item->kind == KX_PSL_MATCH && only_denies(item->block->items)) ||
			(item->kind == KX_PSL_CHOICE && all_deny(item->options));

		if (!denies)
			return false;
		any |= item->kind != KX_PSL_AUDIT;
	}
	return any;
}

/*
 * Whether @s may be right although nobody here has it: no public source gives all endpoints and
 * methods of the SDK's programs. The kernel's are known for one version; what is near to one of
 * them is a mistake. Where the block only denies (@denies), a mistake would open what it closes:
 * there only what is like nothing of another program's is let pass.
 */
static bool partly_known(const struct kx_psl_selector *s, const struct scope *scope,
			 const struct search *found, bool denies)
{
	enum kx_psl_selector_kind server =
		kx_psl_server_is_src(scope->kind) ? KX_PSL_SRC : KX_PSL_DST;
	const char *name =
		scope->by_kind[server] ? scope->by_kind[server]->value.text : s->value.text;
	bool other;

	if (strncmp(name, "kl.", 3) != 0)
		return false;
	other = scope->by_kind[server] && strcmp(name, "kl.core.Core") != 0;
	return denies ? other && !found->near.best : other || !found->near.best;
}

/* False: a message says that there is no such name. */
static bool find_name(struct kx_psl *psl, struct kx_psl_selector *s, const struct scope *scope,
		      const struct kx_psl_block *block)
{
	enum kx_psl_selector_kind server =
		kx_psl_server_is_src(scope->kind) ? KX_PSL_SRC : KX_PSL_DST;
	struct search found;

	if (scope->by_kind[server] && scope->by_kind[server]->class_index < 0)
		return true;
	search(psl, s, scope, &found);
	if (found.found)
		return true;
	if (found.elsewhere)
		kx_warning(psl->diag, &s->value.loc,
			   "this never matches: there is no %s '%s' in %s", kind_names[s->kind],
			   s->value.text, place(psl, scope));
	else if (!found.any && serves_nothing(psl, scope))
		kx_warning(psl->diag, &s->value.loc, "this never matches: there is no %s in %s",
			   scope->kind == KX_PSL_SECURITY ? "security interface" : "endpoint",
			   place(psl, scope));
	else if (partly_known(s, scope, &found, only_denies(block->items)))
		kx_warning(psl->diag, &s->value.loc, "this never matches: %s has no %s '%s' here%s",
			   place(psl, scope), kind_names[s->kind], s->value.text,
			   kx_guess_text(&found.near, psl->pool));
	else
		kx_error(psl->diag, &s->value.loc, "there is no %s '%s' in %s%s",
			 kind_names[s->kind], s->value.text, place(psl, scope),
			 kx_guess_text(found.near.best ? &found.near : &found.far, psl->pool));
	return false;
}

/* Names of this block, the widest first: below one that is not there nothing can be found. */
static void find_names(struct kx_psl *psl, struct kx_psl_block *block, const struct scope *scope)
{
	bool found = true;

	for (int kind = KX_PSL_COMPONENT; found && kind < KX_PSL_SELECTORS; kind++)
		for (struct kx_psl_selector *s = block->selectors; found && s; s = s->next)
			if (s->known && (int)s->kind == kind)
				found = find_name(psl, s, scope, block);
}

/* An execute event has one method and one interface, under two names each. */
static void find_execute_name(struct kx_psl *psl, const struct kx_psl_selector *s)
{
	const char *name = s->value.text;
	bool good = s->kind == KX_PSL_METHOD ? strcmp(name, "main") == 0 || strcmp(name, "run") == 0
					     : s->kind == KX_PSL_INTERFACE &&
						       (strcmp(name, "kl.core.Execute") == 0 ||
							strcmp(name, "nk.Execute") == 0);

	if (!good)
		kx_error(psl->diag, &s->value.loc,
			 "execute events have method main of interface kl.core.Execute, and no %s "
			 "'%s'",
			 kind_names[s->kind], name);
}

/* Whether @s stands behind @other in one list of selectors. */
static bool is_beside(const struct kx_psl_selector *other, const struct kx_psl_selector *s)
{
	while (other && other != s)
		other = other->next;
	return other != NULL;
}

static void check_selector(struct kx_psl *psl, struct kx_psl_selector *s, struct scope *scope)
{
	const struct kx_psl_selector *outer;

	if (!find_kind(psl, s))
		return;
	s->name = kx_psl_intern(psl, s->value.text);
	outer = scope->by_kind[s->kind];
	if (s->kind == KX_PSL_DST && scope->kind == KX_PSL_SECURITY)
		kx_error(psl->diag, &s->kind_word.loc, "a security event has no dst");
	else if (s->kind == KX_PSL_SRC || s->kind == KX_PSL_DST)
		find_class(psl, s);
	if (outer && outer->name && outer->name != s->name && is_beside(outer, s))
		kx_error(psl->diag, &s->value.loc, "%s is '%s' already: no event has both",
			 kind_names[s->kind], outer->value.text);
	else if (outer && outer->name && outer->name != s->name)
		kx_warning(psl->diag, &s->value.loc,
			   "this never matches: %s is '%s' already in this block",
			   kind_names[s->kind], outer->value.text);
	scope->by_kind[s->kind] = s;
}

/* --- blocks ---------------------------------------------------------------------------- */

static void check_items(struct kx_psl *psl, struct kx_psl_item *items, struct scope scope);

static void check_block(struct kx_psl *psl, struct kx_psl_block *block, struct scope scope)
{
	/* Classes first, so that names are looked for in the right ones. */
	for (struct kx_psl_selector *s = block->selectors; s; s = s->next) {
		check_selector(psl, s, &scope);
		scope.of_method |= s->known && s->kind == KX_PSL_METHOD;
	}
	if (scope.kind != KX_PSL_EXECUTE)
		find_names(psl, block, &scope);
	for (struct kx_psl_selector *s = block->selectors; s; s = s->next)
		if (scope.kind == KX_PSL_EXECUTE && s->known && s->kind >= KX_PSL_COMPONENT)
			find_execute_name(psl, s);
	check_items(psl, block->items, scope);
}

static void set_profile(struct kx_psl *psl, const struct kx_psl_item *item, struct scope *scope)
{
	struct kx_guess guess;

	scope->profile = item->word.text;
	if (strcmp(item->word.text, "empty") == 0)
		return;
	kx_guess_init(&guess, item->word.text);
	for (const struct kx_psl_profile *p = psl->profiles; p; p = p->next) {
		if (strcmp(p->name.text, item->word.text) == 0)
			return;
		kx_guess_add(&guess, p->name.text);
	}
	kx_error(psl->diag, &item->word.loc, "there is no audit profile '%s'%s", item->word.text,
		 kx_guess_text(&guess, psl->pool));
}

static void check_options(struct kx_psl *psl, const struct kx_psl_item *item,
			  const struct scope *scope)
{
	const struct kx_psl_option *last = NULL;
	struct scope inner = *scope;

	if (!item->options)
		kx_error(psl->diag, &item->loc, "a choice without branches always denies");
	for (const struct kx_psl_option *o = item->options; o; o = o->next) {
		if (last && !last->literal)
			kx_error(psl->diag, &o->loc, "nothing gets past the default branch '_'");
		last = o;
		kx_psl_check_branch(psl, item->options, o);
		inner.of_literal = o->literal != NULL;
		check_items(psl, o->items, inner);
	}
}

static void check_items(struct kx_psl *psl, struct kx_psl_item *items, struct scope scope)
{
	for (const struct kx_psl_item *item = items; item; item = item->next)
		if (item->kind == KX_PSL_AUDIT)
			set_profile(psl, item, &scope);
	for (struct kx_psl_item *item = items; item; item = item->next) {
		item->profile = scope.profile;
		item->of_literal = scope.of_literal;
		item->of_method = scope.of_method;
		if (item->kind == KX_PSL_MATCH)
			check_block(psl, item->block, scope);
		else if (item->kind == KX_PSL_CHOICE)
			check_options(psl, item, &scope);
		if (item->kind == KX_PSL_RULE || item->kind == KX_PSL_CHOICE)
			item->number = psl->item_count++;
	}
}

bool kx_psl_check_blocks(struct kx_psl *psl)
{
	unsigned int errors = psl->diag->errors;

	for (uint32_t i = 0; i < psl->binding_count; i++) {
		struct scope scope = {.kind = psl->bindings[i]->kind,
				      .profile = psl->audit_default.text};

		check_block(psl, psl->bindings[i]->block, scope);
	}
	return psl->diag->errors == errors;
}
