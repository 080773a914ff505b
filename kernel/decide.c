/* SPDX-License-Identifier: Apache-2.0 */
#include "decide.h"

#include <stdatomic.h>
#include <string.h>

#include "audit.h"
#include "module.h"
#include "record.h"
#include "task.h"

/* Written by the IPC thread alone; relaxed: they order nothing. */
static struct {
	_Atomic uint64_t granted, denied, malformed;
} counts;
static uint64_t next_number;

static void count(_Atomic uint64_t *counter)
{
	atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + 1,
			      memory_order_relaxed);
}

/* Puts a decision on record, with a line of those of @cause; NULL: the kernel process itself. */
static void put_on_record(const struct kx_event *event, enum kx_verdict verdict,
			  const struct kx_trail *trail, struct kx_task *cause)
{
	static struct kx_audit_lines own;

	if (cause)
		kx_audit(event, verdict, trail, &cause->audit_lines, cause->name);
	else
		kx_audit(event, verdict, trail, &own, event->src.task_name);
}

/* A record of reading records would be the next record to read, without end. */
static bool is_reading_of_records(const struct kx_event *event)
{
	return event->dst.sid == KX_SID_KERNEL && event->interface_name &&
	       strcmp(event->interface_name, "kl.core.Audit") == 0;
}

enum kx_verdict kx_decide(struct kx_event *event, struct kx_task *source)
{
	struct kx_trail trail = {0};
	enum kx_verdict verdict;

	event->number = ++next_number;
	verdict = kx_module_decide(event, &trail);
	kx_record_event(event, verdict);
	if (verdict == KX_GRANT) {
		count(&counts.granted);
		if (trail.audit && !is_reading_of_records(event))
			put_on_record(event, KX_GRANT, &trail, source);
		return KX_GRANT;
	}
	count(&counts.denied);
	if (source)
		kx_task_count(source, KX_COUNT_DENIED);
	put_on_record(event, KX_DENY, &trail, source);
	return KX_DENY;
}

void kx_decide_malformed(struct kx_event *event, struct kx_task *source, const char *why)
{
	kx_decide_reported(event, source, source, why);
}

void kx_decide_reported(struct kx_event *event, struct kx_task *source, struct kx_task *reporter,
			const char *why)
{
	struct kx_trail trail = {.rule = "the message validator", .reason = why};

	event->number = ++next_number;
	count(&counts.malformed);
	if (source)
		kx_task_count(source, KX_COUNT_DENIED);
	put_on_record(event, KX_DENY, &trail, reporter);
}

struct kx_decide_counts kx_decide_counts(void)
{
	return (struct kx_decide_counts){
		atomic_load_explicit(&counts.granted, memory_order_relaxed),
		atomic_load_explicit(&counts.denied, memory_order_relaxed),
		atomic_load_explicit(&counts.malformed, memory_order_relaxed),
	};
}
