/* SPDX-License-Identifier: Apache-2.0 */

/* What a verdict is called in reports, and what a cured object consists of. */

#include <stdio.h>

#include "kx_kav_scan.h"
#include "wire/kx_kav_wire.h"

const char kx_kav_cured_text[4] = {'C', 'U', 'R', 'E'};

void kx_kav_verdict_text(const struct kx_kav_verdict *verdict, char *text, size_t room)
{
	switch (verdict->code) {
	case KX_KAV_MODIFIED:
	case KX_KAV_VIRUS:
		(void)snprintf(text, room, "infected: %s", verdict->name);
		break;
	case KX_KAV_SUSPICIOUS:
		(void)snprintf(text, room, "suspicion: %s", verdict->name);
		break;
	case KX_KAV_CURED:
		(void)snprintf(text, room, "disinfected: %s", verdict->name);
		break;
	case KX_KAV_DELETED:
		(void)snprintf(text, room, "deleted: %s", verdict->name);
		break;
	case KX_KAV_CORRUPTED:
		(void)snprintf(text, room, "corrupted");
		break;
	case KX_KAV_CLEAN:
		(void)snprintf(text, room, "ok.");
		break;
	default:
		(void)snprintf(text, room, "I/O error%s%s", verdict->name[0] ? ": " : "",
			       verdict->name);
		break;
	}
}
