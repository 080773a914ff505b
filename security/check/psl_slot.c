/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The rules of every event. For each kind and server method, the bindings are
 * first reduced to those about that method; then each client class picks its
 * own. Equal lists of rules become one tree.
 */

#include <string.h>

#include "psl_inside.h"

#define BUCKETS 4096u

/* Bindings of one kind that can be about one server class. */
struct about {
	struct kx_psl_block **blocks;
	uint32_t count;
};

/* Rules found for one slot. */
struct found {
	struct kx_psl_made **made;
	uint32_t count, room;
};

static void add_found(struct kx_psl *psl, struct found *found, struct kx_psl_made *made)
{
	if (found->count == found->room) {
		struct kx_psl_made **bigger;

		found->room = found->room ? 2 * found->room : 64;
		bigger = kx_pool_alloc(psl->pool, found->room * sizeof(struct kx_psl_made *));
		if (found->made)
			memcpy(bigger, found->made, found->count * sizeof(struct kx_psl_made *));
		found->made = bigger;
	}
	found->made[found->count++] = made;
}

static void find_rules(struct kx_psl *psl, const struct kx_psl_block *block,
		       const struct kx_psl_slot *slot, struct found *found)
{
	if (!kx_psl_selected(block->selectors, slot))
		return;
	for (struct kx_psl_item *item = block->items; item; item = item->next) {
		if (item->kind == KX_PSL_MATCH) {
			find_rules(psl, item->block, slot, found);
		} else if (item->kind != KX_PSL_AUDIT) {
			item->slots++;
			add_found(psl, found, kx_psl_compile(psl, item, slot));
		}
	}
}

static uint32_t hash_of(const struct found *found)
{
	uint32_t hash = 2166136261u;

	for (uint32_t i = 0; i < found->count; i++)
		hash = (hash ^ found->made[i]->number) * 16777619u;
	return hash % BUCKETS;
}

static struct kx_psl_tree *new_tree(struct kx_psl *psl)
{
	struct kx_psl_tree *tree = kx_pool_new(psl->pool, struct kx_psl_tree);

	tree->number = psl->tree_count;
	if (psl->tree_count == psl->tree_room) {
		struct kx_psl_tree **bigger;

		psl->tree_room = psl->tree_room ? 2 * psl->tree_room : 256;
		bigger = kx_pool_alloc(psl->pool, psl->tree_room * sizeof(struct kx_psl_tree *));
		if (psl->trees)
			memcpy(bigger, psl->trees, psl->tree_count * sizeof(struct kx_psl_tree *));
		psl->trees = bigger;
	}
	psl->trees[psl->tree_count++] = tree;
	return tree;
}

static uint32_t tree_of(struct kx_psl *psl, const struct found *found)
{
	struct kx_psl_tree **bucket = &psl->tree_buckets[hash_of(found)];
	struct kx_psl_tree *tree;

	if (found->count == 0) {
		psl->trees[0]->slots++;
		return 0;
	}
	for (tree = *bucket; tree; tree = tree->next)
		if (tree->count == found->count &&
		    memcmp(tree->made, found->made, found->count * sizeof(*found->made)) == 0) {
			tree->slots++;
			return tree->number;
		}
	tree = new_tree(psl);
	tree->count = found->count;
	tree->made = kx_pool_alloc(psl->pool, found->count * sizeof(*found->made));
	memcpy(tree->made, found->made, found->count * sizeof(*found->made));
	tree->always_grants = true;
	for (uint32_t i = 0; i < tree->count; i++) {
		tree->always_grants &= tree->made[i]->constant == 1;
		tree->never_grants |= tree->made[i]->constant == 0;
		tree->journal += tree->made[i]->journal;
	}
	if (tree->journal > psl->journal)
		psl->journal = tree->journal;
	tree->slots = 1;
	tree->next = *bucket;
	*bucket = tree;
	return tree->number;
}

static uint32_t rules_of(struct kx_psl *psl, const struct about *about,
			 const struct kx_psl_slot *slot, struct found *found)
{
	found->count = 0;
	for (uint32_t i = 0; i < about->count; i++)
		find_rules(psl, about->blocks[i], slot, found);
	return tree_of(psl, found);
}

/* Those of @from that say nothing against the server side of @slot. */
static void reduce(const struct about *from, const struct kx_psl_slot *slot, struct about *to)
{
	to->count = 0;
	for (uint32_t i = 0; i < from->count; i++)
		if (kx_psl_selected_server(from->blocks[i]->selectors, slot))
			to->blocks[to->count++] = from->blocks[i];
}

static struct about room_for(struct kx_psl *psl)
{
	return (struct about){
		kx_pool_alloc(psl->pool, (psl->binding_count + 1) * sizeof(struct kx_psl_block *)),
		0};
}

/* All bindings of @kind that do not name another server than @server. */
static void about_server(const struct kx_psl *psl, enum kx_psl_event_kind kind, int server,
			 struct about *out)
{
	enum kx_psl_selector_kind side = kx_psl_server_is_src(kind) ? KX_PSL_SRC : KX_PSL_DST;

	out->count = 0;
	for (uint32_t i = 0; i < psl->binding_count; i++) {
		bool other = psl->bindings[i]->kind != kind;

		for (const struct kx_psl_selector *s = psl->bindings[i]->block->selectors; s;
		     s = s->next)
			other |= s->kind == side && s->class_index != server;
		if (!other)
			out->blocks[out->count++] = psl->bindings[i]->block;
	}
}

static void make_row(struct kx_psl *psl, struct kx_psl_method *method, enum kx_psl_event_kind kind,
		     const struct about *about, struct about *reduced, struct found *found)
{
	int server = (int)method->class_index;
	bool is_src = kx_psl_server_is_src(kind);
	struct kx_psl_slot slot = {.kind = kind, .method = method, .src = server, .dst = server};
	uint32_t clients = kind == KX_PSL_SECURITY ? 1 : psl->class_count;
	uint32_t *row = kx_pool_alloc(psl->pool, clients * sizeof(*row));

	reduce(about, &slot, reduced);
	for (uint32_t client = 0; client < clients; client++) {
		if (kind == KX_PSL_SECURITY)
			slot.dst = -1;
		else if (is_src)
			slot.dst = (int)client;
		else
			slot.src = (int)client;
		row[client] = rules_of(psl, reduced, &slot, found);
	}
	method->rows[kind] = row;
}

static void make_methods(struct kx_psl *psl, struct kx_psl_class *class_entry,
			 enum kx_psl_event_kind kind, struct about *about, struct about *reduced,
			 struct found *found)
{
	about_server(psl, kind, (int)(class_entry - psl->classes), about);
	for (uint32_t i = 0; i < class_entry->method_count; i++) {
		struct kx_psl_method *method = &psl->methods[class_entry->first_method + i];

		if (method->security == (kind == KX_PSL_SECURITY))
			make_row(psl, method, kind, about, reduced, found);
	}
}

static void make_execute(struct kx_psl *psl, struct kx_psl_class *class_entry, struct about *about,
			 struct found *found)
{
	struct kx_psl_slot slot = {.kind = KX_PSL_EXECUTE,
				   .dst = (int)(class_entry - psl->classes)};

	class_entry->execute = kx_pool_alloc(psl->pool, psl->class_count * sizeof(uint32_t));
	about_server(psl, KX_PSL_EXECUTE, slot.dst, about);
	for (uint32_t src = 0; src < psl->class_count; src++) {
		slot.src = (int)src;
		class_entry->execute[src] = rules_of(psl, about, &slot, found);
	}
}

/* Rules no event reaches are still read for mistakes that need no message. */
static void check_rest(struct kx_psl *psl, enum kx_psl_event_kind kind, struct kx_psl_item *items)
{
	struct kx_psl_slot slot = {.kind = kind, .src = -1, .dst = -1};

	for (struct kx_psl_item *item = items; item; item = item->next) {
		if (item->kind == KX_PSL_MATCH)
			check_rest(psl, kind, item->block->items);
		else if (item->kind != KX_PSL_AUDIT && !item->checked)
			(void)kx_psl_compile(psl, item, &slot);
	}
}

static void make_trees(struct kx_psl *psl)
{
	static const enum kx_psl_event_kind kinds[] = {KX_PSL_REQUEST, KX_PSL_RESPONSE,
						       KX_PSL_ERROR, KX_PSL_SECURITY};
	struct about about = room_for(psl);
	struct about reduced = room_for(psl);
	struct found found = {0};

	psl->tree_buckets = kx_pool_alloc(psl->pool, BUCKETS * sizeof(struct kx_psl_tree *));
	(void)new_tree(psl);
	for (uint32_t i = 0; i < psl->class_count; i++) {
		make_execute(psl, &psl->classes[i], &about, &found);
		for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++)
			make_methods(psl, &psl->classes[i], kinds[k], &about, &reduced, &found);
	}
	psl->live_count = psl->made_count;
	for (uint32_t i = 0; i < psl->binding_count; i++)
		check_rest(psl, psl->bindings[i]->kind, psl->bindings[i]->block->items);
}

/* Goes on after mistakes, so that one run names as many as it can. */
bool kx_psl_check(struct kx_psl *psl)
{
	unsigned int errors = psl->diag->errors;

	if (!kx_psl_check_classes(psl))
		return false;
	(void)kx_psl_check_objects(psl);
	(void)kx_psl_check_profiles(psl);
	(void)kx_psl_check_blocks(psl);
	make_trees(psl);
	kx_psl_check_compared(psl);
	if (psl->diag->errors == errors)
		kx_psl_check_starts(psl);
	return psl->diag->errors == errors;
}
