/* SPDX-License-Identifier: Apache-2.0 */

/* Feeding an object to a scan, one piece at a time. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kx_kav_object.h"
#include "kx_kav_scan.h"
#include "wire/kx_kav_wire.h"

/* Feeds until the end. Returns NULL, or why the end was not reached. */
static const char *feed_all(const struct kx_kav_object *object, struct kx_kav_scan *scan,
			    uint8_t *piece, size_t room)
{
	uint64_t at = 0;

	for (;;) {
		ssize_t n;

		if (object->stop && object->stop(object->stop_self))
			return "interrupted: time limit";
		n = object->read(object, piece, room, at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return strerrordesc_np(errno);
		if (n == 0 || !kx_kav_scan_feed(scan, piece, (size_t)n))
			return NULL;
		at += (uint64_t)n;
	}
}

static void not_complete(struct kx_kav_verdict *verdict, const char *why)
{
	*verdict = (struct kx_kav_verdict){.code = KX_KAV_NOT_COMPLETE};
	(void)snprintf(verdict->name, sizeof(verdict->name), "%s", why);
}

void kx_kav_object_scan(const struct kx_kav_object *object, const struct kx_kav_bases *bases,
			struct kx_kav_verdict *verdict)
{
	size_t room = object->size < KX_KAV_PIECE ? (size_t)object->size + 1 : KX_KAV_PIECE;
	uint8_t *piece = malloc(room);
	struct kx_kav_scan scan;
	const char *why;

	if (!piece || !kx_kav_scan_begin(&scan, bases, object->size)) {
		free(piece);
		not_complete(verdict, "no memory");
		return;
	}
	why = feed_all(object, &scan, piece, room);
	kx_kav_scan_end(&scan, verdict);
	if (why && verdict->code == KX_KAV_CLEAN)
		not_complete(verdict, why);
	free(piece);
}
