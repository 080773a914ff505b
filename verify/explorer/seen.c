/* SPDX-License-Identifier: Apache-2.0 */
#include "seen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
	struct kx_state_hash hash; /* a is odd; 0: empty */
	uint32_t number;
};

struct edge {
	uint32_t from;
	uint32_t to;
};

struct kx_seen {
	struct entry *table;
	size_t size; /* a power of two */
	uint32_t count;
	struct edge *edges;
	size_t edge_count;
	size_t edge_room;
	uint8_t *good; /* one byte a state */
	size_t good_room;
};

static void *need(void *memory)
{
	if (!memory) {
		(void)fprintf(stderr, "explorer: out of memory\n");
		exit(2);
	}
	return memory;
}

struct kx_seen *kx_seen_open(void)
{
	struct kx_seen *seen = need(calloc(1, sizeof(*seen)));

	seen->size = 1u << 12;
	seen->table = need(calloc(seen->size, sizeof(*seen->table)));
	return seen;
}

void kx_seen_close(struct kx_seen *seen)
{
	free(seen->table);
	free(seen->edges);
	free(seen->good);
	free(seen);
}

uint32_t kx_seen_count(const struct kx_seen *seen)
{
	return seen->count;
}

static struct entry *place(struct entry *table, size_t size, struct kx_state_hash hash)
{
	size_t at = (hash.a >> 1) & (size - 1);

	while (table[at].hash.a && (table[at].hash.a != hash.a || table[at].hash.b != hash.b))
		at = (at + 1) & (size - 1);
	return &table[at];
}

static void grow(struct kx_seen *seen)
{
	size_t size = seen->size * 2;
	struct entry *table = need(calloc(size, sizeof(*table)));

	for (size_t i = 0; i < seen->size; i++)
		if (seen->table[i].hash.a)
			*place(table, size, seen->table[i].hash) = seen->table[i];
	free(seen->table);
	seen->table = table;
	seen->size = size;
}

uint32_t kx_seen_add(struct kx_seen *seen, struct kx_state_hash hash, bool *is_new)
{
	struct entry *entry = place(seen->table, seen->size, hash);

	*is_new = entry->hash.a == 0;
	if (!*is_new)
		return entry->number;
	*entry = (struct entry){hash, seen->count++};
	if (seen->count > seen->size / 4 * 3)
		grow(seen);
	return seen->count - 1;
}

void kx_seen_edge(struct kx_seen *seen, uint32_t from, uint32_t to)
{
	if (seen->edge_count == seen->edge_room) {
		seen->edge_room = seen->edge_room ? seen->edge_room * 2 : 1u << 14;
		seen->edges = need(realloc(seen->edges, seen->edge_room * sizeof(*seen->edges)));
	}
	seen->edges[seen->edge_count++] = (struct edge){from, to};
}

void kx_seen_good(struct kx_seen *seen, uint32_t state)
{
	if (state >= seen->good_room) {
		size_t room = ((size_t)state + 1) * 2;

		seen->good = need(realloc(seen->good, room));
		memset(seen->good + seen->good_room, 0, room - seen->good_room);
		seen->good_room = room;
	}
	seen->good[state] = 1;
}

/* Backwards over the edges until nothing more is found to lead to a good end. */
uint32_t kx_seen_trap(struct kx_seen *seen)
{
	bool moved = true;

	if (!seen->count)
		return UINT32_MAX;
	if (seen->good_room < seen->count) {
		kx_seen_good(seen, seen->count);
		seen->good[seen->count] = 0;
	}
	while (moved) {
		moved = false;
		for (size_t i = seen->edge_count; i-- > 0;) {
			struct edge edge = seen->edges[i];

			if (seen->good[edge.to] && !seen->good[edge.from]) {
				seen->good[edge.from] = 1;
				moved = true;
			}
		}
	}
	for (uint32_t i = 0; i < seen->count; i++)
		if (!seen->good[i])
			return i;
	return UINT32_MAX;
}
