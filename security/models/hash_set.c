/* SPDX-License-Identifier: Apache-2.0 */

/*
 * HashSet: a pool of equal tables; the number in the SID table is the table.
 *
 * A table is open addressing over cells of one stamp word and the entry. The
 * stamp is epoch * 2 + 1 for a live cell and epoch * 2 for a removed one; any
 * other stamp means free. Emptying a table is adding one to its epoch, so it
 * is one write and undone as such. Removed cells keep probes going; when they
 * fill a quarter, settling rebuilds the table between decisions.
 */

#include <stdlib.h>
#include <string.h>

#include "ksm_inside.h"

static struct kx_ksm_hash_set *set_of(struct kx_ksm_object *object)
{
	return (struct kx_ksm_hash_set *)(void *)object;
}

static size_t cell_words(const struct kx_ksm_hash_set *set)
{
	return (size_t)set->words + 1;
}

static uint64_t *cell_at(const struct kx_ksm_hash_set *set, uint32_t table, uint32_t at)
{
	return set->cells + ((size_t)table * set->room + at) * cell_words(set);
}

static bool allocate(struct kx_ksm_hash_set *set)
{
	uint32_t room = 8;
	size_t words;

	while (room < 2 * set->set_size)
		room *= 2;
	set->room = room;
	if (set->cells)
		return true;
	words = cell_words(set) * room;
	set->tables = calloc(set->pool_size, sizeof(*set->tables));
	set->cells = calloc((size_t)set->pool_size * words, sizeof(*set->cells));
	set->spare = calloc(words, sizeof(*set->spare));
	return set->tables && set->cells && set->spare;
}

static bool start(struct kx_ksm_object *object)
{
	struct kx_ksm_hash_set *set = set_of(object);

	if (!kx_ksm_sids_start(&set->sids) || !allocate(set))
		return false;
	for (uint32_t i = 0; i < set->pool_size; i++)
		set->tables[i].owned = 0;
	set->worn = 0;
	return true;
}

static void stop(struct kx_ksm_object *object)
{
	struct kx_ksm_hash_set *set = set_of(object);

	kx_ksm_sids_stop(&set->sids);
	free(set->tables);
	free(set->cells);
	free(set->spare);
	set->tables = NULL;
	set->cells = NULL;
	set->spare = NULL;
}

static void forget(struct kx_ksm_object *object, uint32_t sid)
{
	struct kx_ksm_hash_set *set = set_of(object);
	uint32_t table;

	if (kx_ksm_sids_forget(&set->sids, sid, &table))
		set->tables[table].owned = 0;
}

static uint32_t first_cell(const struct kx_ksm_hash_set *set, const uint64_t *entry)
{
	uint64_t hash = 0;

	for (uint32_t i = 0; i < set->words; i++) {
		hash = (hash ^ entry[i]) * 0x9e3779b97f4a7c15ull;
		hash ^= hash >> 29;
	}
	return (uint32_t)(hash >> 32) & (set->room - 1);
}

/* The live cell of @entry, or NULL; @place gets where it would go. */
static uint64_t *find(const struct kx_ksm_hash_set *set, uint32_t table, const uint64_t *entry,
		      uint64_t **place)
{
	uint64_t epoch = set->tables[table].epoch;
	uint32_t at = first_cell(set, entry);

	*place = NULL;
	for (uint32_t tried = 0; tried < set->room; tried++) {
		uint64_t *cell = cell_at(set, table, at);

		if (cell[0] >> 1 != epoch) {
			if (!*place)
				*place = cell;
			return NULL;
		}
		if (!(cell[0] & 1)) {
			if (!*place)
				*place = cell;
		} else if (memcmp(cell + 1, entry, set->words * sizeof(*entry)) == 0) {
			return cell;
		}
		at = (at + 1) & (set->room - 1);
	}
	return NULL;
}

static void rebuild(struct kx_ksm_hash_set *set, uint32_t table)
{
	struct kx_ksm_hash_table *head = &set->tables[table];
	size_t words = cell_words(set);
	uint64_t live = (uint64_t)head->epoch * 2 + 1;
	uint64_t *cells = cell_at(set, table, 0);
	uint64_t *place;

	memcpy(set->spare, cells, words * set->room * sizeof(*cells));
	head->epoch++;
	for (uint32_t i = 0; i < set->room; i++) {
		const uint64_t *old = set->spare + i * words;

		if (old[0] != live)
			continue;
		(void)find(set, table, old + 1, &place);
		memcpy(place, old, words * sizeof(*cells));
		place[0] = (uint64_t)head->epoch * 2 + 1;
	}
	head->dead = 0;
}

static void settle(struct kx_ksm_object *object)
{
	struct kx_ksm_hash_set *set = set_of(object);

	kx_ksm_sids_settle(&set->sids);
	if (set->worn && set->tables[set->worn - 1].dead > set->room / 4)
		rebuild(set, set->worn - 1);
	set->worn = 0;
}

const struct kx_ksm_object kx_ksm_hash_set_model = {
	.start = start, .stop = stop, .forget = forget, .settle = settle};

static struct kx_ksm_sid *context(struct kx_ksm_event *e, const struct kx_ksm_hash_set *set,
				  uint64_t sid)
{
	struct kx_ksm_sid *cell = kx_ksm_sids_find(&set->sids, sid);

	if (!cell)
		kx_ksm_fail_context(e, &set->object, sid,
				    "the sid has no table; init was not granted for it");
	return cell;
}

bool kx_ksm_hash_set_init(struct kx_ksm_event *e, struct kx_ksm_hash_set *set, uint64_t sid)
{
	struct kx_ksm_hash_table *table = set->tables;

	if (kx_ksm_sids_find(&set->sids, sid))
		return kx_ksm_refuse(e, "the sid has a table already");
	while (table < set->tables + set->pool_size && table->owned)
		table++;
	if (table == set->tables + set->pool_size)
		return kx_ksm_refuse(e, "no table is left in the pool");
	if (!kx_ksm_save(e, table, sizeof(*table)) ||
	    !kx_ksm_sids_add(e, &set->sids, sid, (uint32_t)(table - set->tables)))
		return false;
	*table = (struct kx_ksm_hash_table){.epoch = table->epoch + 1, .owned = 1};
	return true;
}

bool kx_ksm_hash_set_fini(struct kx_ksm_event *e, struct kx_ksm_hash_set *set, uint64_t sid)
{
	struct kx_ksm_sid *cell = context(e, set, sid);
	struct kx_ksm_hash_table *table;

	if (!cell)
		return false;
	table = &set->tables[cell->value];
	if (!kx_ksm_save(e, table, sizeof(*table)) || !kx_ksm_sids_remove(e, &set->sids, cell))
		return false;
	table->owned = 0;
	return true;
}

bool kx_ksm_hash_set_add(struct kx_ksm_event *e, struct kx_ksm_hash_set *set, uint64_t sid,
			 const uint64_t *entry)
{
	struct kx_ksm_sid *cell = context(e, set, sid);
	struct kx_ksm_hash_table *table;
	uint64_t *place;

	if (!cell)
		return false;
	if (find(set, cell->value, entry, &place))
		return true;
	table = &set->tables[cell->value];
	if (table->count >= set->set_size || !place)
		return kx_ksm_refuse(e, "the table is full");
	if (!kx_ksm_save(e, table, sizeof(*table)) ||
	    !kx_ksm_save(e, place, (uint32_t)(cell_words(set) * sizeof(*place))))
		return false;
	if (place[0] >> 1 == table->epoch)
		table->dead--;
	table->count++;
	place[0] = (uint64_t)table->epoch * 2 + 1;
	memcpy(place + 1, entry, set->words * sizeof(*entry));
	return true;
}

bool kx_ksm_hash_set_remove(struct kx_ksm_event *e, struct kx_ksm_hash_set *set, uint64_t sid,
			    const uint64_t *entry)
{
	struct kx_ksm_sid *cell = context(e, set, sid);
	struct kx_ksm_hash_table *table;
	uint64_t *found;
	uint64_t *place;

	if (!cell)
		return false;
	found = find(set, cell->value, entry, &place);
	if (!found)
		return kx_ksm_refuse(e, "the table has no such entry");
	table = &set->tables[cell->value];
	if (!kx_ksm_save(e, table, sizeof(*table)) || !kx_ksm_save(e, found, sizeof(*found)))
		return false;
	table->count--;
	table->dead++;
	found[0] = (uint64_t)table->epoch * 2;
	set->worn = cell->value + 1;
	return true;
}

bool kx_ksm_hash_set_contains(struct kx_ksm_event *e, struct kx_ksm_hash_set *set, uint64_t sid,
			      const uint64_t *entry)
{
	struct kx_ksm_sid *cell = context(e, set, sid);
	uint64_t *place;

	return cell && find(set, cell->value, entry, &place) != NULL;
}
