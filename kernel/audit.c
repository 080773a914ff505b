/* SPDX-License-Identifier: Apache-2.0 */
#include "audit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "log.h"

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

/* The smallest rule that would have granted an event no rule speaks of. */
static void describe_remedy(const struct kx_event *event, char *text, size_t size)
{
	static const char *const kinds[] = {"?",        "execute", "request",
					    "response", "error",   "security"};
	int len = 0;

	if (event->kind < KX_EVENT_EXECUTE || event->kind > KX_EVENT_ERROR)
		return;
	len = snprintf(text, size, "; to grant it: %s src=%s dst=%s", kinds[event->kind],
		       event->src.class_name, event->dst.class_name);
	if (event->kind != KX_EVENT_EXECUTE && len > 0 && (size_t)len < size)
		len += snprintf(text + len, size - (size_t)len, " endpoint=%s method=%s",
				or_empty(event->endpoint), or_empty(event->method));
	if (len > 0 && (size_t)len < size)
		(void)snprintf(text + len, size - (size_t)len, " { grant () }");
}

/* The values the rule read, and what would help. */
static void describe_more(const struct kx_event *event, const struct kx_trail *trail, char *text,
			  size_t size)
{
	size_t used = strlen(text);

	for (uint32_t i = 0; i < trail->read_count && i < KX_TRAIL_READS && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "; read %s = %.56s",
					 or_empty(trail->reads[i].name), trail->reads[i].value);
	if (used < size && !trail->rule && trail->reason &&
	    strcmp(trail->reason, "no matching rule") == 0)
		describe_remedy(event, text + used, size - used);
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
	char why[1536];

	describe(trail, why, sizeof(why));
	describe_more(event, trail, why, sizeof(why));
	kx_log("%s #%" PRIu64 " %s %s -> %s %s.%s: %s", verdict == KX_GRANT ? "granted" : "denied",
	       event->number, kinds[event->kind <= KX_EVENT_SECURITY ? event->kind : 0],
	       event->src.task_name, event->dst.task_name, or_empty(event->endpoint),
	       or_empty(event->method), why);
}
