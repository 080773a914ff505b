/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KAV_RECORDS_H
#define KX_KAV_RECORDS_H

/*
 * What the scanner remembers between two calls: memory lent to it, scans under way, judged
 * objects. Each has a random number that only its client was told, so nobody reaches another
 * client's. The table has a fixed size: when it is full the record that was used longest ago
 * goes, so clients that die or never tidy up cost nothing but their own records.
 *
 * A record that was taken belongs to one thread until it is put or dropped.
 */

#include <handle/handletype.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/kx_kav_scan.h"

enum kx_kav_record_kind {
	KX_KAV_RECORD_NONE,
	KX_KAV_RECORD_MEMORY,
	KX_KAV_RECORD_SCAN,
	KX_KAV_RECORD_JUDGED,
};

struct kx_kav_record {
	enum kx_kav_record_kind kind;
	bool taken;
	uint64_t id;
	uint64_t used; /* order of use */
	/* MEMORY */
	const uint8_t *start;
	size_t size;
	/* SCAN */
	struct kx_kav_scan *scan;
	/* JUDGED */
	enum kx_kav_remedy remedy;
};

/* A new record of @kind, taken; NULL when all are taken by other threads, or no memory. */
struct kx_kav_record *kx_kav_record_make(enum kx_kav_record_kind kind);
/* The record with that number and kind, now taken; NULL if there is none, or it is taken. */
struct kx_kav_record *kx_kav_record_take(uint64_t id, enum kx_kav_record_kind kind);
/* Gives it back to the table; NULL is allowed. */
void kx_kav_record_put(struct kx_kav_record *record);
/* Forgets it, with memory and scan. */
void kx_kav_record_drop(struct kx_kav_record *record);

#endif /* KX_KAV_RECORDS_H */
