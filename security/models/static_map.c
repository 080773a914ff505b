/* SPDX-License-Identifier: Apache-2.0 */

/*
 * StaticMap: a pool of tables with fixed keys; each has a base copy, which
 * `get` reads, and a working copy, which `set` writes.
 */

#include <stdlib.h>
#include <string.h>

#include "ksm_inside.h"

static struct kx_ksm_static_map *map_of(struct kx_ksm_object *object)
{
	return (struct kx_ksm_static_map *)(void *)object;
}

static bool start(struct kx_ksm_object *object)
{
	struct kx_ksm_static_map *map = map_of(object);
	size_t words = 2 * (size_t)map->key_count * map->pool_size;

	if (!kx_ksm_sids_start(&map->sids))
		return false;
	if (!map->owned)
		map->owned = calloc(map->pool_size, sizeof(*map->owned));
	if (!map->values)
		map->values = calloc(words ? words : 1, sizeof(*map->values));
	if (!map->owned || !map->values)
		return false;
	memset(map->owned, 0, map->pool_size * sizeof(*map->owned));
	return true;
}

static void stop(struct kx_ksm_object *object)
{
	struct kx_ksm_static_map *map = map_of(object);

	kx_ksm_sids_stop(&map->sids);
	free(map->owned);
	free(map->values);
	map->owned = NULL;
	map->values = NULL;
}

static void forget(struct kx_ksm_object *object, uint32_t sid)
{
	struct kx_ksm_static_map *map = map_of(object);
	uint32_t table;

	if (kx_ksm_sids_forget(&map->sids, sid, &table))
		map->owned[table] = 0;
}

static void settle(struct kx_ksm_object *object)
{
	kx_ksm_sids_settle(&map_of(object)->sids);
}

const struct kx_ksm_object kx_ksm_static_map_model = {
	.start = start, .stop = stop, .forget = forget, .settle = settle};

/* The base copy of @table; the working copy stands behind it. */
static uint64_t *base_of(const struct kx_ksm_static_map *map, uint32_t table)
{
	return map->values + 2 * (size_t)map->key_count * table;
}

static uint32_t copy_bytes(const struct kx_ksm_static_map *map)
{
	return map->key_count * (uint32_t)sizeof(uint64_t);
}

static struct kx_ksm_sid *context(struct kx_ksm_event *e, const struct kx_ksm_static_map *map,
				  uint64_t sid)
{
	struct kx_ksm_sid *cell = kx_ksm_sids_find(&map->sids, sid);

	if (!cell)
		kx_ksm_fail_context(e, &map->object, sid,
				    "the sid has no table; init was not granted for it");
	return cell;
}

uint32_t kx_ksm_static_map_key(const struct kx_ksm_static_map *map, struct kx_ksm_text key)
{
	for (uint32_t i = 0; i < map->key_count; i++)
		if (strlen(map->keys[i]) == key.len && memcmp(map->keys[i], key.data, key.len) == 0)
			return i;
	return UINT32_MAX;
}

bool kx_ksm_static_map_init(struct kx_ksm_event *e, struct kx_ksm_static_map *map, uint64_t sid)
{
	uint32_t table = 0;
	uint64_t *base;

	if (kx_ksm_sids_find(&map->sids, sid))
		return kx_ksm_refuse(e, "the sid has a table already");
	while (table < map->pool_size && map->owned[table])
		table++;
	if (table == map->pool_size)
		return kx_ksm_refuse(e, "no table is left in the pool");
	base = base_of(map, table);
	if (!kx_ksm_save(e, &map->owned[table], sizeof(map->owned[table])) ||
	    !kx_ksm_save(e, base, 2 * copy_bytes(map)) ||
	    !kx_ksm_sids_add(e, &map->sids, sid, table))
		return false;
	map->owned[table] = 1;
	memcpy(base, map->defaults, copy_bytes(map));
	memcpy(base + map->key_count, map->defaults, copy_bytes(map));
	return true;
}

bool kx_ksm_static_map_fini(struct kx_ksm_event *e, struct kx_ksm_static_map *map, uint64_t sid)
{
	struct kx_ksm_sid *cell = context(e, map, sid);

	if (!cell || !kx_ksm_save(e, &map->owned[cell->value], sizeof(map->owned[cell->value])))
		return false;
	map->owned[cell->value] = 0;
	return kx_ksm_sids_remove(e, &map->sids, cell);
}

bool kx_ksm_static_map_set(struct kx_ksm_event *e, struct kx_ksm_static_map *map, uint64_t sid,
			   uint32_t key, uint64_t value)
{
	struct kx_ksm_sid *cell = context(e, map, sid);
	uint64_t *at;

	if (!cell)
		return false;
	if (key >= map->key_count)
		return kx_ksm_fail(e, "the map has no such key");
	at = base_of(map, cell->value) + map->key_count + key;
	if (!kx_ksm_save(e, at, sizeof(*at)))
		return false;
	*at = value;
	return true;
}

static bool copy(struct kx_ksm_event *e, struct kx_ksm_static_map *map, uint64_t sid, bool commit)
{
	struct kx_ksm_sid *cell = context(e, map, sid);
	uint64_t *base;
	uint64_t *working;

	if (!cell)
		return false;
	base = base_of(map, cell->value);
	working = base + map->key_count;
	if (!kx_ksm_save(e, commit ? base : working, copy_bytes(map)))
		return false;
	memcpy(commit ? base : working, commit ? working : base, copy_bytes(map));
	return true;
}

bool kx_ksm_static_map_commit(struct kx_ksm_event *e, struct kx_ksm_static_map *map, uint64_t sid)
{
	return copy(e, map, sid, true);
}

bool kx_ksm_static_map_rollback(struct kx_ksm_event *e, struct kx_ksm_static_map *map, uint64_t sid)
{
	return copy(e, map, sid, false);
}

uint64_t kx_ksm_static_map_get(struct kx_ksm_event *e, struct kx_ksm_static_map *map, uint64_t sid,
			       uint32_t key, bool working)
{
	struct kx_ksm_sid *cell = context(e, map, sid);

	if (!cell)
		return 0;
	if (key >= map->key_count) {
		kx_ksm_fail(e, "the map has no such key");
		return 0;
	}
	return base_of(map, cell->value)[key + (working ? map->key_count : 0)];
}
