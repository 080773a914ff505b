/* SPDX-License-Identifier: Apache-2.0 */

/* What a peer of kavdaemon can send, against the reader of requests. */

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "wire/kx_kav_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kx_kav_request request;
	const char *why = NULL;

	switch (kx_kav_request_parse((const char *)data, size, &request, &why)) {
	case KX_KAV_PARSE_OK:
		/* A request for paths has at least one, and none of them is empty. */
		if (request.flag == KX_KAV_PATHS && (request.count == 0 || !request.objects[0][0]))
			abort();
		kx_kav_request_free(&request);
		break;
	case KX_KAV_PARSE_BAD:
		if (!why)
			abort();
		break;
	default:
		break;
	}
	return 0;
}
