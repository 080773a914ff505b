/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What a policy says, for people: which methods travel directly and which must
 * be asked, and why; rules that can never match; methods nobody may call; who
 * may reach whom, as text and as a graph.
 *
 * The kernel process decides in the end (handles, sandboxing and --mediate can
 * only turn direct into asked); this is what the policy allows it.
 */

#include <inttypes.h>
#include <string.h>

#include "psl_inside.h"

/* What becomes of a call of one method by one client. */
enum fate {
	DIRECT,  /* request, response and error granted whatever they say, or the error never */
	ASKED,   /* a condition, state, audit or handles */
	ONE_WAY, /* the request can be granted, the answer never is */
	REFUSED, /* the request never is */
};

static const struct kx_psl_tree *tree_for(const struct kx_psl *psl,
					  const struct kx_psl_method *method,
					  enum kx_psl_event_kind kind, uint32_t client)
{
	return psl->trees[method->rows[kind][client]];
}

static bool never_grants(const struct kx_psl_tree *tree)
{
	return tree->count == 0 || tree->never_grants;
}

static bool wants_audit(const struct kx_psl *psl, const struct kx_psl_tree *tree)
{
	for (uint32_t i = 0; i < tree->count; i++)
		for (const struct kx_psl_audit *a = tree->made[i]->audit; a; a = a->next)
			if (a->granted && (a->level == psl->audit_level || psl->sets_level))
				return true;
	return false;
}

static bool has_handles(const struct kx_psl_method *method)
{
	return method->method->msg[0].handles || method->method->msg[1].handles ||
	       method->method->msg[2].handles;
}

/* The rule that makes @tree depend on something, or NULL. */
static const struct kx_psl_made *condition_of(const struct kx_psl_tree *tree)
{
	for (uint32_t i = 0; i < tree->count; i++)
		if (tree->made[i]->constant != 1)
			return tree->made[i];
	return NULL;
}

static enum fate fate_of(struct kx_psl *psl, const struct kx_psl_method *method, uint32_t client,
			 const char **why)
{
	static const enum kx_psl_event_kind kinds[] = {KX_PSL_REQUEST, KX_PSL_RESPONSE,
						       KX_PSL_ERROR};
	const char *reason = has_handles(method) ? "its messages carry handles" : NULL;

	if (never_grants(tree_for(psl, method, KX_PSL_REQUEST, client)))
		return REFUSED;
	if (never_grants(tree_for(psl, method, KX_PSL_RESPONSE, client)))
		return ONE_WAY;
	for (size_t i = 0; i < 3; i++) {
		const struct kx_psl_tree *tree = tree_for(psl, method, kinds[i], client);
		const struct kx_psl_made *made = condition_of(tree);

		/* An error that is never granted is denied by the runtimes: still direct. */
		if (kinds[i] == KX_PSL_ERROR && never_grants(tree))
			break;
		if (made)
			reason = kx_pool_format(
				psl->pool, "%s:%u: %s",
				made->item->loc.source ? made->item->loc.source->name : "",
				made->item->loc.line,
				kx_psl_source_text(psl, &made->item->expr->loc));
		else if (wants_audit(psl, tree))
			reason = "its grants are audited";
		if (made || wants_audit(psl, tree))
			break;
	}
	*why = reason;
	return reason ? ASKED : DIRECT;
}

/* --- sums ---------------------------------------------------------------------------- */

struct reason {
	struct reason *next;
	const char *text;
	uint32_t count;
};

struct sums {
	uint32_t fates[4];
	struct reason *reasons;
};

static void count_reason(struct kx_psl *psl, struct sums *sums, const char *text)
{
	struct reason **at = &sums->reasons;

	while (*at && strcmp((*at)->text, text) != 0)
		at = &(*at)->next;
	if (!*at) {
		*at = kx_pool_new(psl->pool, struct reason);
		(*at)->text = text;
	}
	(*at)->count++;
}

static void count_fates(struct kx_psl *psl, struct sums *sums)
{
	for (uint32_t i = 0; i < psl->method_count; i++) {
		if (psl->methods[i].security || (int)psl->methods[i].class_index == psl->core)
			continue;
		for (uint32_t client = 0; client < psl->class_count; client++) {
			const char *why = NULL;

			sums->fates[fate_of(psl, &psl->methods[i], client, &why)]++;
			if (why)
				count_reason(psl, sums, why);
		}
	}
}

static void report_fates(struct kx_psl *psl, FILE *out)
{
	struct sums sums = {0};

	count_fates(psl, &sums);
	fprintf(out,
		"Calls (client class x method, kernel calls aside)\n"
		"  direct   %6u  request and response granted whatever they say, the error always "
		"or "
		"never\n"
		"  asked    %6u  every message is decided\n"
		"  one way  %6u  the request may be granted, its response never is\n"
		"  refused  %6u  the request is never granted\n",
		sums.fates[DIRECT], sums.fates[ASKED], sums.fates[ONE_WAY], sums.fates[REFUSED]);
	if (sums.reasons)
		fputs("  asked because\n", out);
	for (const struct reason *r = sums.reasons; r; r = r->next)
		fprintf(out, "    %4u  %s\n", r->count, r->text);
}

/* --- rules without events ---------------------------------------------------------------- */

static uint32_t report_items(struct kx_psl *psl, const struct kx_psl_item *items, FILE *out)
{
	uint32_t count = 0;

	for (const struct kx_psl_item *item = items; item; item = item->next) {
		if (item->kind == KX_PSL_MATCH) {
			count += report_items(psl, item->block->items, out);
			continue;
		}
		if (item->kind == KX_PSL_CHOICE)
			for (const struct kx_psl_option *o = item->options; o && item->slots;
			     o = o->next)
				count += report_items(psl, o->items, out);
		if (item->kind == KX_PSL_AUDIT || item->slots)
			continue;
		count++;
		fprintf(out, "  %s:%u: %s\n", item->loc.source->name, item->loc.line,
			kx_psl_source_text(psl, &item->expr->loc));
	}
	return count;
}

static void report_unmatched(struct kx_psl *psl, FILE *out)
{
	uint32_t count = 0;

	fputs("\nRules that never match any event\n", out);
	for (uint32_t i = 0; i < psl->binding_count; i++)
		count += report_items(psl, psl->bindings[i]->block->items, out);
	if (count == 0)
		fputs("  none\n", out);
}

static void report_uncallable(struct kx_psl *psl, FILE *out)
{
	uint32_t count = 0;

	fputs("\nMethods nobody may call\n", out);
	for (uint32_t i = 0; i < psl->method_count; i++) {
		const struct kx_psl_method *method = &psl->methods[i];
		bool callable = method->security || (int)method->class_index == psl->core;

		for (uint32_t client = 0; client < psl->class_count && !callable; client++)
			callable = !never_grants(tree_for(psl, method, KX_PSL_REQUEST, client));
		if (callable)
			continue;
		count++;
		fprintf(out, "  %s %s.%s\n", psl->classes[method->class_index].name, method->path,
			method->name);
	}
	if (count == 0)
		fputs("  none\n", out);
}

/* --- who reaches whom ----------------------------------------------------------------------- */

struct kx_psl_reach kx_psl_reach_of(struct kx_psl *psl, uint32_t client, uint32_t server)
{
	const struct kx_psl_class *entry = &psl->classes[server];
	struct kx_psl_reach reach = {0};

	for (uint32_t i = 0; i < entry->method_count; i++) {
		const struct kx_psl_method *method = &psl->methods[entry->first_method + i];
		const char *why;
		enum fate fate;

		if (method->security)
			continue;
		fate = fate_of(psl, method, client, &why);
		reach.methods++;
		reach.direct += fate == DIRECT;
		reach.asked += fate == ASKED;
		reach.one_way += fate == ONE_WAY;
	}
	return reach;
}

static void report_reach(struct kx_psl *psl, FILE *out)
{
	fputs("\nWho may call whom (methods: direct + asked + one way of all)\n", out);
	for (uint32_t client = 0; client < psl->class_count; client++)
		for (uint32_t server = 0; server < psl->class_count; server++) {
			struct kx_psl_reach reach = kx_psl_reach_of(psl, client, server);

			if (reach.direct + reach.asked + reach.one_way)
				fprintf(out, "  %s -> %s: %u + %u + %u of %u\n",
					psl->classes[client].name, psl->classes[server].name,
					reach.direct, reach.asked, reach.one_way, reach.methods);
		}
}

void kx_psl_report(struct kx_psl *psl, FILE *out)
{
	fprintf(out,
		"Policy %s: classes %u, methods %u, rules and choices %u, different sets of rules "
		"%u\n\n",
		psl->files->source.name, psl->class_count, psl->method_count, psl->item_count,
		psl->tree_count - 1);
	report_fates(psl, out);
	report_unmatched(psl, out);
	report_uncallable(psl, out);
	report_reach(psl, out);
}
