/* SPDX-License-Identifier: Apache-2.0 */

/* Which rules apply to which event, as C tables: trees, rows of trees, methods, classes. */

#include <string.h>

#include "psl_writer.h"

static void put_trees(struct kx_psl_writer *w)
{
	struct kx_psl *psl = w->psl;
	uint32_t used = 0;

	kx_psl_put(w, "\n/* Rules that apply together, tree by tree. */\n"
		      "static const struct kx_ksm_rule *const together[] = {\n");
	for (uint32_t i = 1; i < psl->tree_count; i++) {
		kx_psl_put(w, "\t/* %u */ ", used);
		for (uint32_t r = 0; r < psl->trees[i]->count; r++)
			kx_psl_put(w, "&rules[%u], ", psl->trees[i]->made[r]->number);
		kx_psl_put(w, "\n");
		used += psl->trees[i]->count;
	}
	kx_psl_put(w, "\tNULL,\n};\n\nstatic const struct kx_ksm_tree trees[] = {\n"
		      "\t{NULL, 0, false, true}, /* no matching rule */\n");
	used = 0;
	for (uint32_t i = 1; i < psl->tree_count; i++) {
		kx_psl_put(w, "\t{together + %u, %u, %s, %s},\n", used, psl->trees[i]->count,
			   psl->trees[i]->always_grants ? "true" : "false",
			   psl->trees[i]->never_grants ? "true" : "false");
		used += psl->trees[i]->count;
	}
	kx_psl_put(w, "};\n");
}

/* --- rows ------------------------------------------------------------------------- */

#define ROW_BUCKETS 4096u

/* Rows of tree numbers, of one table; equal ones are written once. */
struct rows {
	struct row {
		struct row *next;
		const uint32_t *trees;
		uint32_t count, place;
	} * buckets[ROW_BUCKETS];
	uint32_t used;
};

/* The bucket of a row, and in *@found the row if it has been written. */
static struct row **find_row(struct rows *rows, const uint32_t *trees, uint32_t count,
			     struct row **found)
{
	uint32_t hash = count * 16777619u;
	struct row **bucket;

	for (uint32_t i = 0; i < count; i++)
		hash = (hash ^ trees[i]) * 16777619u;
	bucket = &rows->buckets[hash % ROW_BUCKETS];
	for (*found = *bucket; *found; *found = (*found)->next)
		if ((*found)->count == count &&
		    memcmp((*found)->trees, trees, count * sizeof(*trees)) == 0)
			break;
	return bucket;
}

static uint32_t place_of(struct rows *rows, const uint32_t *trees, uint32_t count)
{
	struct row *row;

	(void)find_row(rows, trees, count, &row);
	return row->place;
}

static void put_row(struct kx_psl_writer *w, struct rows *rows, const uint32_t *trees,
		    uint32_t count)
{
	struct row *row;
	struct row **bucket = find_row(rows, trees, count, &row);
	uint32_t place = rows->used;

	if (row)
		return;
	row = kx_pool_new(w->psl->pool, struct row);
	*row = (struct row){*bucket, trees, count, place};
	*bucket = row;
	kx_psl_put(w, "\t");
	for (uint32_t i = 0, next; i < count; i = next) {
		for (next = i + 1; next < count && trees[next] == trees[i]; next++)
			;
		if (next - i > 1)
			kx_psl_put(w, "[%u ... %u] = %u, ", place + i, place + next - 1, trees[i]);
		else
			kx_psl_put(w, "[%u] = %u, ", place + i, trees[i]);
	}
	kx_psl_put(w, "\n");
	rows->used += count;
}

static uint32_t clients_of(const struct kx_psl_writer *w, int kind)
{
	return kind == KX_PSL_SECURITY ? 1 : w->psl->class_count;
}

static void put_rows(struct kx_psl_writer *w, struct rows *rows)
{
	const struct kx_psl *psl = w->psl;

	kx_psl_put(w, "\n/*\n * Per method (or start) and client class, in the order of the class "
		      "table: a tree.\n */\nstatic const uint32_t rows[] = {\n");
	for (uint32_t i = 0; i < psl->class_count; i++) {
		const struct kx_psl_class *class_entry = &psl->classes[i];
		const struct kx_psl_method *methods = psl->methods + class_entry->first_method;

		put_row(w, rows, class_entry->execute, psl->class_count);
		for (uint32_t m = 0; m < class_entry->method_count; m++)
			for (int kind = KX_PSL_REQUEST; kind < KX_PSL_EVENTS; kind++)
				if (methods[m].rows[kind])
					put_row(w, rows, methods[m].rows[kind],
						clients_of(w, kind));
	}
	kx_psl_put(w, "};\n");
}

/* --- classes ------------------------------------------------------------------------ */

static void put_method(struct kx_psl_writer *w, struct rows *rows,
		       const struct kx_psl_method *method, const char *messages)
{
	static const char *const fields[] = {[KX_PSL_REQUEST] = "request",
					     [KX_PSL_RESPONSE] = "response",
					     [KX_PSL_ERROR] = "error",
					     [KX_PSL_SECURITY] = "call"};

	kx_psl_put(w,
		   "\t{.endpoint = %s, .interface_name = %s, .name = %s, .riid = %u, .mid = "
		   "%u,\n\t ",
		   kx_psl_quoted(w, method->path), kx_psl_quoted(w, method->interface_name),
		   kx_psl_quoted(w, method->name), method->riid, method->method->mid);
	if (method->security)
		kx_psl_put(w, ".security = true, ");
	for (int kind = KX_PSL_REQUEST; kind < KX_PSL_EVENTS; kind++)
		if (method->rows[kind])
			kx_psl_put(w, ".%s = rows + %u, ", fields[kind],
				   place_of(rows, method->rows[kind], clients_of(w, kind)));
	kx_psl_put(w, ".messages = %s},\n", messages);
}

static void put_methods(struct kx_psl_writer *w, struct rows *rows, uint32_t number)
{
	const struct kx_psl_class *class_entry = &w->psl->classes[number];
	const struct kx_psl_method *methods = w->psl->methods + class_entry->first_method;
	const char **messages =
		kx_pool_alloc(w->psl->pool, (class_entry->method_count + 1) * sizeof(*messages));

	for (uint32_t i = 0; i < class_entry->method_count; i++)
		messages[i] = kx_psl_put_messages(w, methods[i].method);
	kx_psl_put(w, "static const struct kx_ksm_method methods_%u[] = { /* %s */\n", number,
		   class_entry->name);
	for (uint32_t i = 0; i < class_entry->method_count; i++)
		put_method(w, rows, &methods[i], messages[i]);
	kx_psl_put(w, "\t{0},\n};\n");
}

void kx_psl_put_slots(struct kx_psl_writer *w)
{
	const struct kx_psl *psl = w->psl;
	struct rows *rows = kx_pool_new(psl->pool, struct rows);

	put_trees(w);
	put_rows(w, rows);
	for (uint32_t i = 0; i < psl->class_count; i++)
		put_methods(w, rows, i);
	kx_psl_put(w, "\nstatic const struct kx_ksm_class classes[] = {\n");
	for (uint32_t i = 0; i < psl->class_count; i++)
		kx_psl_put(w, "\t{%s, methods_%u, %u, rows + %u},\n",
			   kx_psl_quoted(w, psl->classes[i].name), i, psl->classes[i].method_count,
			   place_of(rows, psl->classes[i].execute, psl->class_count));
	kx_psl_put(w, "\t{0},\n};\n");
}
