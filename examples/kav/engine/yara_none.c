/* SPDX-License-Identifier: Apache-2.0 */

/* In place of yara.c where CMake found no libyara: rules are refused, never ignored. */

#include "kx_kav_yara.h"

#include <stdio.h>
#include <stdlib.h>

const bool kx_kav_yara_built = false;

bool kx_kav_yara_load(struct kx_kav_yara **yara, const char *const *files, size_t count, char *why)
{
	(void)count;
	*yara = NULL;
	(void)snprintf(why, KX_KAV_WHY_MAX,
		       "%s: this build has no YARA; install libyara-dev and configure again",
		       files[0]);
	return false;
}

void kx_kav_yara_free(struct kx_kav_yara *yara)
{
	(void)yara;
}

struct kx_kav_yara_scan *kx_kav_yara_begin(struct kx_kav_yara *yara, uint64_t expected)
{
	(void)yara;
	(void)expected;
	return NULL;
}

void kx_kav_yara_feed(struct kx_kav_yara_scan *scan, const uint8_t *data, size_t len)
{
	(void)scan;
	(void)data;
	(void)len;
}

void kx_kav_yara_end(struct kx_kav_yara_scan *scan, struct kx_kav_yara_hit *hit)
{
	(void)scan;
	*hit = (struct kx_kav_yara_hit){0};
}
