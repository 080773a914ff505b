/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Rules as C text: the function that evaluates a rule, the one that notes what it
 * read, and its row in the table of rules. Of very many rules 64 share one function
 * each, with a `case` per rule: compilers take a millisecond per function, whatever
 * is in it, and much of that for every constant with a name of its own.
 */

#include <inttypes.h>
#include <string.h>

#include "psl_writer.h"

static const char *reason_of(struct kx_psl_writer *w, const struct kx_psl_item *item)
{
	const struct kx_psl_expr *call = item->expr;
	const struct kx_psl_object *object;
	const char *why = "it does not grant";

	if (item->kind == KX_PSL_CHOICE)
		return "no branch of the choice grants";
	if (strcmp(call->text, "grant") == 0)
		return "explicit grant";
	if (strcmp(call->text, "assert") == 0)
		return "the asserted condition is false";
	if (strcmp(call->text, "deny") == 0)
		return call->left->kind == KX_PSL_UNIT ? "explicit deny"
						       : "the denying condition is true";
	if (!call->object)
		return call->text;
	object = kx_psl_object(w->psl, call->object);
	if (object && object->model && object->model->kind == KX_PSL_MIC)
		why = "the levels do not allow it";
	else if (strcmp(call->text, "enter") == 0)
		why = "no transition leads there from this state";
	else if (strcmp(call->text, "allow") == 0)
		why = "the state is another one";
	return kx_pool_format(w->psl->pool, "%s.%s: %s", call->object, call->text, why);
}

static bool audits_grants(const struct kx_psl_made *made)
{
	for (const struct kx_psl_audit *a = made->audit; a; a = a->next)
		if (a->granted)
			return true;
	return false;
}

/* What the audit profile says about @made, as a table. */
static const char *audit_of(struct kx_psl_writer *w, const struct kx_psl_made *made)
{
	const char *text = "{";

	for (const struct kx_psl_audit *a = made->audit; a; a = a->next)
		text = kx_pool_format(w->psl->pool,
				      "%s\n\t{.level = %u, .granted = %d, .last = %d, .omit = "
				      "UINT64_C(0x%" PRIx64 ")},",
				      text, a->level, a->granted, !a->next, a->omit);
	return kx_psl_table(w, "struct kx_ksm_audit", "audit",
			    kx_pool_format(w->psl->pool, "%s\n}", text));
}

/* Rules [first, end) that share their functions. */
struct group {
	struct kx_psl_made **first, **end;
	uint32_t function; /* number in the names of the functions */
};

static bool is_evaluated(const struct kx_psl_made *made)
{
	return made->constant != 1;
}

static bool is_read(const struct kx_psl_made *made)
{
	return is_evaluated(made) && *made->reads;
}

static bool group_is_read(const struct group *group)
{
	for (struct kx_psl_made **made = group->first; made < group->end; made++)
		if (is_read(*made))
			return true;
	return false;
}

const char *kx_psl_for_comment(struct kx_psl_writer *w, const char *text)
{
	char *copy = kx_pool_text(w->psl->pool, text, strlen(text));

	for (char *p = copy; (p = strstr(p, "*/"));)
		*p = '+';
	return copy;
}

/* The rule as written, on one line. */
const char *kx_psl_rule_text(struct kx_psl_writer *w, const struct kx_psl_made *made)
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

void kx_psl_put_run(struct kx_psl_writer *w, uint32_t function, const char *body)
{
	kx_psl_put(w, "static bool run_%u(struct kx_ksm_event *e)\n{\n", function);
	/* A function that looks at nothing still has its parameter. */
	if (!strstr(body, "(e") && !strstr(body, "e->"))
		kx_psl_put(w, "\t(void)e;\n");
}

static void put_own_function(struct kx_psl_writer *w, const struct kx_psl_made *made,
			     uint32_t function)
{
	if (made->item->kind != KX_PSL_CHOICE)
		kx_psl_put(w, "/* %s */\n", kx_psl_for_comment(w, kx_psl_rule_text(w, made)));
	kx_psl_put_run(w, function, made->body);
	put_body(w, made);
	kx_psl_put(w, "}\n");
	kx_psl_own_lines(w);
	if (is_read(made))
		kx_psl_put(w, "static void read_%u(struct kx_ksm_event *e)\n{\n%s}\n", function,
			   made->reads);
}

static void put_shared_functions(struct kx_psl_writer *w, const struct group *group)
{
	kx_psl_put(w,
		   "static bool run_%u(struct kx_ksm_event *e)\n{\n"
		   "\tswitch (e->rule->number) {\n",
		   group->function);
	for (struct kx_psl_made **made = group->first; made < group->end; made++) {
		if (!is_evaluated(*made))
			continue;
		kx_psl_put(w, "\tcase %u: { /* %s */\n", (*made)->number,
			   kx_psl_for_comment(w, kx_psl_rule_text(w, *made)));
		put_body(w, *made);
		kx_psl_put(w, "\t}\n");
	}
	kx_psl_put(w, "\tdefault:\n\t\treturn false;\n\t}\n}\n");
	kx_psl_own_lines(w);
	if (!group_is_read(group))
		return;
	kx_psl_put(w,
		   "static void read_%u(struct kx_ksm_event *e)\n{\n"
		   "\tswitch (e->rule->number) {\n",
		   group->function);
	for (struct kx_psl_made **made = group->first; made < group->end; made++)
		if (is_read(*made))
			kx_psl_put(w, "\tcase %u:\n%s\t\tbreak;\n", (*made)->number,
				   (*made)->reads);
	kx_psl_put(w, "\tdefault:\n\t\tbreak;\n\t}\n}\n");
}

/* Writes the functions of @group, which is empty then. */
static void put_group(struct kx_psl_writer *w, struct group *group)
{
	group->function = w->function_count;
	if (group->end - group->first == 1)
		put_own_function(w, *group->first, group->function);
	else if (group->end > group->first)
		put_shared_functions(w, group);
	w->function_count += group->end > group->first;
	group->first = group->end;
}

/* What the rows of the table refer to, each once, and the number of its functions. */
struct row {
	const char *file, *reason, *audit, *fields;
	uint32_t function;
};

static void fill_row(struct kx_psl_writer *w, const struct kx_psl_made *made, struct row *row)
{
	const struct kx_loc *loc = &made->item->loc;

	row->file = kx_psl_table(w, "char", "file",
				 kx_psl_quoted(w, loc->source ? loc->source->name : ""));
	row->reason = kx_psl_table(w, "char", "reason", kx_psl_quoted(w, reason_of(w, made->item)));
	if (audits_grants(made))
		row->audit = audit_of(w, made);
	if (made->field_count)
		row->fields = kx_psl_table(w, "struct kx_ksm_field", "fields",
					   kx_pool_format(w->psl->pool, "{%s}", made->fields));
}

static void put_row(struct kx_psl_writer *w, const struct kx_psl_made *made, const struct row *row)
{
	const struct kx_psl_sharing *sharing = w->shapes ? &w->shapes[made->number] : NULL;

	kx_psl_put(w, "\t[%u] = {\n\t\t.text = %s,\n\t\t.number = %u, ", made->number,
		   kx_psl_quoted(w, kx_psl_rule_text(w, made)), made->number);
	if (is_evaluated(made))
		kx_psl_put(w, ".run = run_%u, ", row->function);
	if (is_read(made))
		kx_psl_put(w, ".reads = read_%u, ", row->function);
	kx_psl_put(w, ".file = %s, .line = %u, .reason = %s,", row->file, made->item->loc.line,
		   row->reason);
	if (sharing && sharing->shape)
		kx_psl_put(w, "\n\t\t.numbers = numbers + %u, .texts = texts + %u,",
			   sharing->numbers, sharing->texts);
	if (row->audit)
		kx_psl_put(w, "\n\t\t.audit = %s,", row->audit);
	if (made->message)
		kx_psl_put(w, "\n\t\t.message = %" PRIu64 ",", made->message);
	if (row->fields)
		kx_psl_put(w, " .fields = %s, .field_count = %u,", row->fields, made->field_count);
	kx_psl_put_fix(w, made->item);
	kx_psl_put(w, "\n\t},\n");
}

/* Functions of the rules that share none by their shape, up to @size of them together. */
static void put_functions(struct kx_psl_writer *w, struct row *rows, uint32_t size)
{
	struct kx_psl *psl = w->psl;
	struct kx_psl_made **left =
		kx_pool_alloc(psl->pool, (psl->live_count + 1) * sizeof(struct kx_psl_made *));
	struct group group = {left, left, 0};

	for (uint32_t i = 0; i < psl->live_count; i++) {
		if (w->shapes && w->shapes[i].shape) {
			rows[i].function = kx_psl_shape_function(w->shapes[i].shape);
			continue;
		}
		if (is_evaluated(psl->made[i])) {
			*group.end++ = psl->made[i];
			rows[i].function = w->function_count;
		}
		if (group.end - group.first == (ptrdiff_t)size)
			put_group(w, &group);
	}
	put_group(w, &group);
}

void kx_psl_put_rules(struct kx_psl_writer *w, uint32_t size)
{
	struct kx_psl *psl = w->psl;
	struct row *rows = kx_pool_alloc(psl->pool, (psl->live_count + 1) * sizeof(*rows));

	kx_psl_put(w, "\nstatic const struct kx_ksm_rule rules[%u];\n\n", psl->live_count + 1);
	if (w->shapes)
		kx_psl_put_shapes(w);
	put_functions(w, rows, size);
	kx_psl_put(w, "\n/* What the rows of the next table have in common. */\n");
	for (uint32_t i = 0; i < psl->live_count; i++)
		fill_row(w, psl->made[i], &rows[i]);
	kx_psl_put(w, "\nstatic const struct kx_ksm_rule rules[%u] = {\n", psl->live_count + 1);
	for (uint32_t i = 0; i < psl->live_count; i++)
		put_row(w, psl->made[i], &rows[i]);
	kx_psl_put(w, "};\n");
}
