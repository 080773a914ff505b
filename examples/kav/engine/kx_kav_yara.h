/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KAV_YARA_H
#define KX_KAV_YARA_H

/*
 * The optional second matcher: rules in YARA's language. yara.c is built when CMake finds
 * libyara, yara_none.c otherwise; then adding rules fails and says so. A rule gives its code by
 * the number `code` in its meta section (2, 3 or 4; without it 4); the rule's name is the report's.
 *
 * Objects up to one window are matched whole; larger ones window by window, with an overlap.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kx_kav_bases.h"

#define KX_KAV_YARA_WINDOW  (16u << 20)
#define KX_KAV_YARA_OVERLAP (64u << 10)

struct kx_kav_yara_hit {
	int code; /* 0: nothing found */
	char name[KX_KAV_NAME_MAX];
};

/* Whether this build has YARA. */
extern const bool kx_kav_yara_built;

/* Compiles one rule file into a new set; false with the reason in @why. */
bool kx_kav_yara_load(struct kx_kav_yara **yara, const char *const *files, size_t count, char *why);
void kx_kav_yara_free(struct kx_kav_yara *yara);

struct kx_kav_yara_scan;
struct kx_kav_yara_scan *kx_kav_yara_begin(struct kx_kav_yara *yara, uint64_t expected);
void kx_kav_yara_feed(struct kx_kav_yara_scan *scan, const uint8_t *data, size_t len);
void kx_kav_yara_end(struct kx_kav_yara_scan *scan, struct kx_kav_yara_hit *hit);

#endif /* KX_KAV_YARA_H */
