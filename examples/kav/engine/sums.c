/* SPDX-License-Identifier: Apache-2.0 */

/* Sums of bytes with libmd, and ends of names: what needs no files. */

#include <assert.h>
#include <sha256.h>
#include <stdint.h>
#include <string.h>

#include "kx_kav_files.h"

static_assert(KX_KAV_SUM_MAX == SHA256_DIGEST_STRING_LENGTH, "the sum is libmd's text form");

bool kx_kav_ends_in(const char *name, const char *end)
{
	size_t len = strlen(name);

	return len > strlen(end) && strcmp(name + len - strlen(end), end) == 0;
}

void kx_kav_sum_bytes(const void *bytes, size_t len, char sum[KX_KAV_SUM_MAX])
{
	(void)SHA256Data(bytes, len, sum);
}
