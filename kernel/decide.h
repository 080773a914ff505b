/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_DECIDE_H
#define KX_DECIDE_H

/*
 * Asking the security module, and what happens around it: numbering, the
 * counters, and the record of what was denied. IPC thread only.
 */

#include "kosix/security_module.h"

struct kx_task;

/* Counts since the start; decisions = granted + denied. */
struct kx_decide_counts {
	uint64_t granted;
	uint64_t denied;
	uint64_t malformed; /* refused by the validator, no rule asked */
};

/*
 * Decides @event (its number is filled in here). @source, or NULL for the kernel
 * process, is charged with a denial. Anything but a clear grant denies.
 */
enum kx_verdict kx_decide(struct kx_event *event, struct kx_task *source);

/* The validator refused a message before any rule was asked: on record, with @why. */
void kx_decide_malformed(struct kx_event *event, struct kx_task *source, const char *why);

/*
 * The same, on the word of @reporter: the lines of the log that are left for it are used, not
 * those of @source, who may have done nothing.
 */
void kx_decide_reported(struct kx_event *event, struct kx_task *source, struct kx_task *reporter,
			const char *why);

/* Any thread; the three are read one after the other. */
struct kx_decide_counts kx_decide_counts(void);

#endif /* KX_DECIDE_H */
