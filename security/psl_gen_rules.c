/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Rules as C text: the function that evaluates a rule, the one that notes what it
 * read, and its descriptor. Of very many rules 64 share one function each, with a
 * `case` per rule: compilers take a millisecond per function, whatever is in it.
 */

#include <inttypes.h>
#include <string.h>

#include "psl_writer.h"

static const char *reason_of(struct kx_psl_writer *w, const struct kx_psl_item *item)
{
	const struct kx_psl_expr *call = item->expr;

	if (item->kind == KX_PSL_CHOICE)
		return "no branch of the choice grants";
	if (strcmp(call->text, "grant") == 0)
		return "explicit grant";
	if (strcmp(call->text, "assert") == 0)
		return "the asserted condition is false";
	if (strcmp(call->text, "deny") == 0)
		return call->left->kind == KX_PSL_UNIT ? "explicit deny"
						       : "the denying condition is true";
	return kx_pool_format(w->psl->pool, "%s%s%s does not grant",
			      call->object ? call->object : "", call->object ? "." : "",
			      call->text);
}

static bool audits_grants(const struct kx_psl_made *made)
{
	for (const struct kx_psl_audit *a = made->audit; a; a = a->next)
		if (a->granted)
			return true;
	return false;
}

static void put_audit(struct kx_psl_writer *w, const struct kx_psl_made *made)
{
	kx_psl_put(w, "static const struct kx_ksm_audit audit_%u[] = {\n", made->number);
	for (const struct kx_psl_audit *a = made->audit; a; a = a->next)
		kx_psl_put(w,
			   "\t{.level = %u, .granted = %d, .last = %d, .omit = UINT64_C(0x%" PRIx64
			   ")},\n",
			   a->level, a->granted, !a->next, a->omit);
	kx_psl_put(w, "};\n");
}

/* Live rules [first, end) that share their functions. */
struct group {
	struct kx_psl_made **first, **end;
	uint32_t place;    /* in the table of rules, of the first */
	uint32_t function; /* number in the names of the functions */
	bool shared;       /* by several rules: a `case` for each */
};

static bool is_evaluated(const struct kx_psl_made *made)
{
	return made->constant != 1;
}

static bool is_read(const struct kx_psl_made *made)
{
	return is_evaluated(made) && *made->reads;
}

const char *kx_psl_for_comment(struct kx_psl_writer *w, const char *text)
{
	char *copy = kx_pool_text(w->psl->pool, text, strlen(text));

	for (char *p = copy; (p = strstr(p, "*/"));)
		*p = '+';
	return copy;
}

/* The rule as written, on one line. */
static const char *text_of(struct kx_psl_writer *w, const struct kx_psl_made *made)
{
	const char *text = kx_psl_source_text(w->psl, &made->item->expr->loc);

	return made->item->kind == KX_PSL_CHOICE ? kx_pool_format(w->psl->pool, "choice %s", text)
						 : text;
}

/* What evaluates @made; its statements return. */
static void put_body(struct kx_psl_writer *w, const struct kx_psl_made *made)
{
	const struct kx_loc *loc = &made->item->loc;
	bool choice = made->item->kind == KX_PSL_CHOICE;

	if (!choice && loc->source && loc->source->name[0] != '<')
		kx_psl_put(w, "#line %u %s\n", loc->line, kx_psl_quoted(w, loc->source->name));
	kx_psl_put(w, "%s", made->body);
}

static void put_own_function(struct kx_psl_writer *w, const struct kx_psl_made *made,
			     uint32_t function)
{
	if (made->item->kind != KX_PSL_CHOICE)
		kx_psl_put(w, "/* %s */\n", kx_psl_for_comment(w, text_of(w, made)));
	kx_psl_put(w, "static bool run_%u(struct kx_ksm_event *e)\n{\n", function);
	/* A function that looks at nothing still has its parameter. */
	if (!strstr(made->body, "(e") && !strstr(made->body, "e->"))
		kx_psl_put(w, "\t(void)e;\n");
	put_body(w, made);
	kx_psl_put(w, "}\n");
	kx_psl_own_lines(w);
	if (is_read(made))
		kx_psl_put(w, "static void read_%u(struct kx_ksm_event *e)\n{\n%s}\n", function,
			   made->reads);
}

static void put_shared_functions(struct kx_psl_writer *w, const struct group *group)
{
	uint32_t number = group->place;

	kx_psl_put(w,
		   "static bool run_%u(struct kx_ksm_event *e)\n{\n"
		   "\tswitch (e->rule->number) {\n",
		   group->function);
	for (struct kx_psl_made **made = group->first; made < group->end; made++) {
		if (!(*made)->live)
			continue;
		if (is_evaluated(*made)) {
			kx_psl_put(w, "\tcase %u: { /* %s */\n", number,
				   kx_psl_for_comment(w, text_of(w, *made)));
			put_body(w, *made);
			kx_psl_put(w, "\t}\n");
		}
		number++;
	}
	kx_psl_put(w, "\tdefault:\n\t\treturn false;\n\t}\n}\n");
	kx_psl_own_lines(w);
	kx_psl_put(w,
		   "static void read_%u(struct kx_ksm_event *e)\n{\n"
		   "\tswitch (e->rule->number) {\n",
		   group->function);
	number = group->place;
	for (struct kx_psl_made **made = group->first; made < group->end; made++) {
		if (!(*made)->live)
			continue;
		if (is_read(*made))
			kx_psl_put(w, "\tcase %u:\n%s\t\tbreak;\n", number, (*made)->reads);
		number++;
	}
	kx_psl_put(w, "\tdefault:\n\t\tbreak;\n\t}\n}\n");
}

static void put_descriptor(struct kx_psl_writer *w, const struct kx_psl_made *made,
			   uint32_t function, uint32_t place)
{
	const struct kx_psl_item *item = made->item;

	if (audits_grants(made))
		put_audit(w, made);
	kx_psl_put(w, "static const struct kx_ksm_rule rule_%u = {\n", made->number);
	if (is_evaluated(made))
		kx_psl_put(w, "\t.run = run_%u,\n", function);
	if (is_read(made))
		kx_psl_put(w, "\t.reads = read_%u,\n", function);
	kx_psl_put(w, "\t.text = %s,\n\t.file = %s,\n\t.line = %u,\n\t.reason = %s,\n",
		   kx_psl_quoted(w, text_of(w, made)),
		   kx_psl_quoted(w, item->loc.source ? item->loc.source->name : ""), item->loc.line,
		   kx_psl_quoted(w, reason_of(w, item)));
	if (audits_grants(made))
		kx_psl_put(w, "\t.audit = audit_%u,\n", made->number);
	if (made->message)
		kx_psl_put(w, "\t.message = %" PRIu64 ",\n", made->message);
	if (made->field_count)
		kx_psl_put(w,
			   "\t.field_count = %u,\n\t.fields = (const struct kx_ksm_field[]){%s},\n",
			   made->field_count, made->fields);
	kx_psl_put_fix(w, item);
	kx_psl_put(w, "\t.number = %u,\n};\n", place);
}

static void put_group(struct kx_psl_writer *w, const struct group *group)
{
	uint32_t place = group->place;
	bool any = false;

	kx_psl_put(w, "\n");
	for (struct kx_psl_made **made = group->first; made < group->end; made++) {
		if (!(*made)->live)
			continue;
		any |= is_evaluated(*made);
		/* A choice names the rules of its branches, whose descriptors stand below. */
		if (group->shared)
			kx_psl_put(w, "static const struct kx_ksm_rule rule_%u;\n",
				   (*made)->number);
	}
	if (any && group->shared)
		put_shared_functions(w, group);
	for (struct kx_psl_made **made = group->first; made < group->end; made++) {
		if (!(*made)->live)
			continue;
		if (is_evaluated(*made) && !group->shared)
			put_own_function(w, *made, group->function);
		put_descriptor(w, *made, group->function, place++);
	}
}

/* Rules of the branches of a choice have smaller numbers than the choice. */
uint32_t kx_psl_put_rules(struct kx_psl_writer *w, uint32_t size)
{
	struct kx_psl *psl = w->psl;
	uint32_t count = 0;

	for (uint32_t i = 0; i < psl->made_count;) {
		struct group group = {
			.first = &psl->made[i], .place = count, .function = i, .shared = size > 1};

		for (uint32_t n = 0; i < psl->made_count && n < size; i++)
			n += psl->made[i]->live;
		group.end = &psl->made[i];
		put_group(w, &group);
		for (struct kx_psl_made **made = group.first; made < group.end; made++)
			count += (*made)->live;
	}
	kx_psl_put(w, "\nstatic const struct kx_ksm_rule *const rules[] = {\n");
	for (uint32_t i = 0; i < psl->made_count; i++)
		if (psl->made[i]->live)
			kx_psl_put(w, "\t&rule_%u,\n", i);
	kx_psl_put(w, "\tNULL,\n};\n");
	return count;
}
