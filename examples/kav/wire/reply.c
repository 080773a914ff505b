/* SPDX-License-Identifier: Apache-2.0 */

/* Replies: numbers are little-endian whatever the machine is. */

#include "kx_kav_wire.h"

#include <stdlib.h>
#include <string.h>

#define ERROR_BITS (KX_KAV_NO_KEY | KX_KAV_NO_BASES | KX_KAV_BAD_BASES)

uint32_t kx_kav_load32(const uint8_t bytes[4])
{
	return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

static void store32(uint8_t *at, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (8 * i));
}

uint8_t *kx_kav_reply_encode(const struct kx_kav_reply *reply, size_t *len)
{
	size_t tail = reply->cured ? 4 : reply->report ? 4 + reply->report_len : 0;
	uint8_t *bytes = malloc(KX_KAV_HEAD_BYTES + tail);

	if (!bytes)
		return NULL;
	bytes[0] = (uint8_t)(KX_KAV_CODE_BASE + reply->code);
	bytes[1] = 0;
	if (reply->cured) {
		bytes[1] = KX_KAV_FLAG_CURED;
		store32(bytes + KX_KAV_HEAD_BYTES, reply->cured_size);
	} else if (reply->report) {
		bytes[1] = KX_KAV_FLAG_REPORT;
		store32(bytes + KX_KAV_HEAD_BYTES, (uint32_t)reply->report_len);
		memcpy(bytes + KX_KAV_HEAD_BYTES + 4, reply->report, reply->report_len);
	}
	*len = KX_KAV_HEAD_BYTES + tail;
	return bytes;
}

bool kx_kav_reply_head(const uint8_t head[KX_KAV_HEAD_BYTES], int *code, unsigned *flags)
{
	int value = head[0] - KX_KAV_CODE_BASE;

	if (value < 0 || (value & ~ERROR_BITS) > KX_KAV_CORRUPTED)
		return false;
	if (head[1] & ~(KX_KAV_FLAG_REPORT | KX_KAV_FLAG_CURED))
		return false;
	*code = value;
	*flags = head[1];
	return true;
}
