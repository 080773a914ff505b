/* SPDX-License-Identifier: Apache-2.0 */
#include "audit.h"

#include <inttypes.h>
#include <stdio.h>

#include "log.h"

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

/* The rule and where it stands, as far as the module told. */
static void describe(const struct kx_trail *trail, char *text, size_t size)
{
	const char *reason = trail->reason ? trail->reason : "no reason given";

	if (trail->file)
		(void)snprintf(text, size, "%s (%s:%u: %s)", reason, trail->file, trail->line,
			       or_empty(trail->rule));
	else if (trail->rule)
		(void)snprintf(text, size, "%s (%s)", reason, trail->rule);
	else
		(void)snprintf(text, size, "%s", reason);
}

void kx_audit(const struct kx_event *event, enum kx_verdict verdict, const struct kx_trail *trail)
{
	static const char *const kinds[] = {"event",    "execute", "request",
					    "response", "error",   "security"};
	char why[256];

	describe(trail, why, sizeof(why));
	kx_log("%s #%" PRIu64 " %s %s -> %s %s.%s: %s", verdict == KX_GRANT ? "granted" : "denied",
	       event->number, kinds[event->kind <= KX_EVENT_SECURITY ? event->kind : 0],
	       event->src.task_name, event->dst.task_name, or_empty(event->endpoint),
	       or_empty(event->method), why);
}
