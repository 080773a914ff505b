/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_STAMPS_H
#define KX_BENCH_STAMPS_H

/*
 * Stamps on their way in: lines that the programs of an anatomy print
 * (anatomy/stamp_log.h), from all parties, in any order.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kx_stamp_event {
	uint64_t ticks;
	uint32_t key;
	uint16_t cpu;
	uint16_t point; /* enum kx_stamp */
};

struct kx_stamp_list {
	struct kx_stamp_event *event;
	size_t count;
	size_t room;
	uint64_t cost; /* of one stamp, in hundredths of a tick */
};

/* Takes one line, "KXSTAMP ..." or "KXCOST ..."; false: it makes no sense, or no memory. */
bool kx_stamps_read(struct kx_stamp_list *list, const char *line);

/* Takes all lines of the file @path. False after a complaint. */
bool kx_stamps_read_file(struct kx_stamp_list *list, const char *path);

/* In the order of their time. */
void kx_stamps_sort(struct kx_stamp_list *list);

void kx_stamps_free(struct kx_stamp_list *list);

#endif /* KX_BENCH_STAMPS_H */
