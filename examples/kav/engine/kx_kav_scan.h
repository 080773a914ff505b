/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KAV_SCAN_H
#define KX_KAV_SCAN_H

/*
 * Scanning one object, which arrives in pieces: begin, feed any number of times, end.
 * Memory does not depend on the size of the object (a few KiB; with YARA one window of at most
 * KX_KAV_YARA_WINDOW). One scan belongs to one thread; the bases may be shared.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kx_kav_bases.h"

enum kx_kav_remedy {
	KX_KAV_REMEDY_NONE,
	KX_KAV_REMEDY_CURE,   /* replacing the object by kx_kav_cured_text cures it */
	KX_KAV_REMEDY_DELETE, /* the whole object is to go */
};

struct kx_kav_verdict {
	int code; /* enum kx_kav_code: 0..4 or 8 */
	enum kx_kav_remedy remedy;
	char name[KX_KAV_NAME_MAX + 16]; /* empty when clean */
};

/* What a cured object consists of. */
extern const char kx_kav_cured_text[4];

/* Enough of the object's beginning for every pattern that starts there. */
#define KX_KAV_SCAN_HEAD (KX_KAV_PATTERN_MAX + 8)

struct kx_kav_yara_scan;

struct kx_kav_scan {
	const struct kx_kav_bases *bases;
	const struct kx_kav_signature *found; /* the gravest pattern found anywhere so far */
	struct kx_kav_yara_scan *yara;
	uint64_t total;
	size_t carry_len;
	uint8_t head[KX_KAV_SCAN_HEAD];
	uint8_t carry[2 * KX_KAV_PATTERN_MAX]; /* the last bytes, for patterns across pieces */
};

/* Starts a scan; false when there is no memory. @expected is a hint of the object's size. */
bool kx_kav_scan_begin(struct kx_kav_scan *scan, const struct kx_kav_bases *bases,
		       uint64_t expected);

/* The next @len bytes. Returns false if the verdict can't change any more (feed no further). */
bool kx_kav_scan_feed(struct kx_kav_scan *scan, const void *data, size_t len);

/* Ends the scan, frees what it held, and fills in @verdict. */
void kx_kav_scan_end(struct kx_kav_scan *scan, struct kx_kav_verdict *verdict);

/* The word the report has for @verdict: "infected: NAME", "suspicion: NAME", "ok.", ... */
void kx_kav_verdict_text(const struct kx_kav_verdict *verdict, char *text, size_t room);

#endif /* KX_KAV_SCAN_H */
