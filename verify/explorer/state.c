/* SPDX-License-Identifier: Apache-2.0 */

/*
 * States as bytes. Saved: the machine, the lines of memory that differ from those
 * at the start, and of each stack what is in use; so two states are equal exactly
 * if their bytes are.
 */

#include "machine.h"

#include <string.h>

#define LINE  64u
#define LINES (KX_SIM_MEMORY / LINE)

static _Alignas(64) uint8_t base[KX_SIM_MEMORY];

/* Each stack is zero below this offset. */
static size_t clean_below[KX_SIM_THREADS];

static unsigned lines_used(void)
{
	return (unsigned)((kx_memory_used + LINE - 1) / LINE);
}

void kx_state_base(void)
{
	memcpy(base, kx_memory, sizeof(base));
	memset(clean_below, 0, sizeof(clean_below));
}

static uint8_t *append(uint8_t *to, const void *from, size_t bytes)
{
	memcpy(to, from, bytes);
	return to + bytes;
}

static uint8_t *save_memory(uint8_t *to)
{
	uint64_t differ[LINES / 64] = {0};
	uint8_t *map = to;

	to += sizeof(differ);
	for (unsigned i = 0; i < lines_used(); i++) {
		if (memcmp(kx_memory + i * LINE, base + i * LINE, LINE) == 0)
			continue;
		differ[i / 64] |= 1ull << i % 64;
		to = append(to, kx_memory + i * LINE, LINE);
	}
	memcpy(map, differ, sizeof(differ));
	return to;
}

static const uint8_t *load_memory(const uint8_t *from)
{
	uint64_t differ[LINES / 64];

	memcpy(differ, from, sizeof(differ));
	from += sizeof(differ);
	for (unsigned i = 0; i < lines_used(); i++) {
		if (differ[i / 64] >> i % 64 & 1u) {
			memcpy(kx_memory + i * LINE, from, LINE);
			from += LINE;
		} else {
			memcpy(kx_memory + i * LINE, base + i * LINE, LINE);
		}
	}
	return from;
}

size_t kx_state_save(uint8_t *to)
{
	uint8_t *start = to;

	if (kx_normalise)
		kx_normalise();
	to = append(to, kx_machine.threads, kx_threads * sizeof(kx_machine.threads[0]));
	to = append(to, &kx_machine.kills,
		    sizeof(kx_machine) - offsetof(struct kx_sim_machine, kills));
	to = save_memory(to);
	for (unsigned i = 0; i < kx_threads; i++) {
		size_t sp = kx_machine.threads[i].sp;

		clean_below[i] = sp;
		to = append(to, kx_stacks[i] + sp, KX_SIM_STACK - sp);
	}
	return (size_t)(to - start);
}

void kx_state_load(const uint8_t *from)
{
	size_t threads = kx_threads * sizeof(kx_machine.threads[0]);
	size_t rest = sizeof(kx_machine) - offsetof(struct kx_sim_machine, kills);

	memcpy(kx_machine.threads, from, threads);
	memcpy(&kx_machine.kills, from + threads, rest);
	from = load_memory(from + threads + rest);
	for (unsigned i = 0; i < kx_threads; i++) {
		size_t sp = kx_machine.threads[i].sp;

		if (clean_below[i] < sp)
			memset(kx_stacks[i] + clean_below[i], 0, sp - clean_below[i]);
		clean_below[i] = sp;
		memcpy(kx_stacks[i] + sp, from, KX_SIM_STACK - sp);
		from += KX_SIM_STACK - sp;
	}
}

static uint64_t mix(uint64_t h)
{
	h ^= h >> 33;
	h *= 0xff51afd7ed558ccdull;
	h ^= h >> 33;
	h *= 0xc4ceb9fe1a85ec53ull;
	return h ^ h >> 33;
}

/* All saved states are whole 8-byte words. */
struct kx_state_hash kx_state_hash(const uint8_t *state, size_t bytes)
{
	uint64_t a = 0x9e3779b97f4a7c15ull ^ bytes;
	uint64_t b = 0xd1b54a32d192ed03ull;

	for (size_t i = 0; i + 8 <= bytes; i += 8) {
		uint64_t word;

		memcpy(&word, state + i, 8);
		a = (a ^ word) * 0x9fb21c651e98df25ull;
		a ^= a >> 32;
		b = (b << 29 | b >> 35) + word;
		b *= 0xa0761d6478bd642full;
	}
	return (struct kx_state_hash){mix(a) | 1u, mix(b ^ a)};
}
