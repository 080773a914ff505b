/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_ANATOMY_H
#define KX_BENCH_ANATOMY_H

/*
 * Where the time of a call went: the stamps of all parties in the order of time,
 * cut into calls, and of each call the one path on which every step waits for the
 * step before. The gaps along it add up to the call, exactly.
 *
 * A system call that wakes somebody counts only as far as that party had to wait
 * for it: what it goes on doing while the other already runs is nobody's loss.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "measure/histogram.h"
#include "measure/stamps.h"
#include "stamp.h"

/* What a gap was spent on. */
enum kx_where {
	KX_WHERE_CPU,     /* the next party could run, on a core that the last one holds */
	KX_WHERE_WAKE,    /* the next party was asleep and its core had to begin to run it */
	KX_WHERE_RING,    /* in the system call that wakes the next party */
	KX_WHERE_LINE,    /* the next party looked: the cache line on its way between cores */
	KX_WHERE_CLIENT,  /* in Call, on the client's side */
	KX_WHERE_SERVER,  /* in Recv and Reply */
	KX_WHERE_HANDLER, /* between Recv and Reply: the program's own */
	KX_WHERE_KERNEL,  /* in the kernel process */
	KX_WHERE_COUNT,
};

/* One call, ticks. */
struct kx_dissected {
	uint32_t total;
	uint32_t part[KX_WHERE_COUNT];
};

struct kx_anatomy {
	struct kx_dissected *call;
	size_t count;
	size_t room;
	size_t unfit;                        /* begun, and a stamp is missing or out of order */
	uint64_t stamps;                     /* on the paths of all calls */
	struct kx_hist step[KX_STAMP_COUNT]; /* nanoseconds of the gap that this stamp ended */
	bool relayed;
	unsigned cores; /* that the parties of the last call used */
};

/* Shares of the time of some calls, 0 to 1, and their mean in nanoseconds. */
struct kx_shares {
	double part[KX_WHERE_COUNT];
	double mean_ns;
	size_t calls;
};

/* "waiting for a CPU", ... */
const char *kx_where_name(enum kx_where where);

/* What happened when this stamp was taken: "request published", ... */
const char *kx_stamp_name(enum kx_stamp point);

/* The order of the stamps on the path of a call. */
unsigned kx_stamp_rank(enum kx_stamp point);

/* Adds all whole calls in @list, which is sorted by this. False without memory. */
bool kx_anatomy_add(struct kx_anatomy *anatomy, struct kx_stamp_list *list);

/* Of the calls whose length is between two ranks, in parts of 100,000. Sorts the calls. */
struct kx_shares kx_anatomy_shares(struct kx_anatomy *anatomy, uint32_t from, uint32_t to);

/* One sentence: "82 % waiting for a CPU: client and server share one core; 9 % ...". */
void kx_anatomy_say(const struct kx_anatomy *anatomy, const struct kx_shares *shares, char *text,
		    size_t size);

void kx_anatomy_free(struct kx_anatomy *anatomy);

#endif /* KX_BENCH_ANATOMY_H */
