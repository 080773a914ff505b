/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_HOSTILE_H
#define KX_HOSTILE_H

/* What the attacks of the hostile entity share: its memory, and calls by hand. */

#include <stdbool.h>
#include <stdint.h>

#include "kx_calls.h"
#include "kx_channel.h"
#include "kx_link.h"
#include "kx_task_page.h"

extern struct kx_task_page *page;
extern struct kx_link_region *link_region;
extern struct kx_channel_region *region; /* NULL: everything is relayed */

void ring(void);
void wake(kx_word *word);
void wait_a_moment(long microseconds);

/* The next packet of the control socket if it is of @kind: its memory, mapped; else NULL. */
void *next_region(uint32_t kind, bool writable);

/* A message that is right but for what the caller changes. */
void write_head(struct kx_slot *slot, uint32_t ex, uint32_t arena);

/* One kernel call over up slot @slot; waits up to 200 ms for an answer. */
int32_t ask(uint32_t slot, uint32_t op, const uint32_t args[KX_CALL_ARGS], uint32_t handle);

/* This entity's first handle that is a client's, and its channel. */
uint32_t my_channel(uint32_t *handle);

/* The time given on the command line, from the first question on. */
bool time_is_up(void);

/* hostile_fast.c */
void flood(void);
void in_turn(void);
void scribble(void);
void flip(void);
void wakes(void);
void junk(void);
void loris(void);
void scan(void);

/* hostile_region.c: what came, by kind; only for this attack are the descriptors kept. */
struct kept_region {
	int fd;
	void *mapped;
	uint64_t bytes;
};

extern struct kept_region kept_regions[3];
void regions(void);

/* hostile_words.c */
void futexes(void);
void escape(void);

/* hostile_forge.c */
void forge(void);
void pairs(void);
void guess(void);

/* hostile_pair.c */
void tell(void);
void hear(void);

#endif /* KX_HOSTILE_H */
