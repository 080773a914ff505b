/* SPDX-License-Identifier: Apache-2.0 */

/* Kernel calls on notices; see calls.h and notice.h. */

#include "calls.h"
#include "notice.h"

static enum kx_rc execute(struct kx_call_job *job)
{
	const uint32_t *args = job->args;

	switch (job->op) {
	case KX_CALL_NOTICE_CREATE:
		return kx_notice_create(job->task, &job->args[0]);
	case KX_CALL_NOTICE_SUBSCRIBE:
		return kx_notice_subscribe(job->task, args[0], args[1], args[2],
					   (uint64_t)args[4] << 32 | args[3]);
	case KX_CALL_NOTICE_UNSUBSCRIBE:
		return kx_notice_unsubscribe(job->task, args[0], args[1],
					     (uint64_t)args[3] << 32 | args[2]);
	case KX_CALL_NOTICE_SET:
		return kx_notice_set(job->task, args[0], args[1]);
	case KX_CALL_NOTICE_DROP:
		return kx_notice_drop(job->task, args[0]);
	default:
		return KX_RC_UNIMPLEMENTED;
	}
}

void kx_calls_notice(struct kx_call_job *job)
{
	if (job->op == KX_CALL_NOTICE_GET)
		kx_notice_get(job);
	else
		kx_call_answer(job, execute(job));
}
