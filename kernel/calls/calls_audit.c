/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The kernel's log of audit records ("kss") as entities read it: one position for
 * all of them, because a record that was read is consumed. Control thread.
 */

#include <stdlib.h>
#include <string.h>

#include "audit_log.h"
#include "call_text.h"
#include "calls.h"

enum { GRANTED = 1, DENIED = 2 }; /* KSS_AUDIT_POSITION_* of the public headers */

static CDS_LIST_HEAD(readers); /* jobs that wait for a record */
static uint64_t position;

static void open_log(struct kx_call_job *job)
{
	struct kx_call_text text = kx_call_text(job->bytes, job->len);
	const char *name = kx_call_text_next(&text);

	kx_call_answer(job, name && !strcmp(name, "kss") ? KX_RC_OK : KX_RC_RESOURCE_NOT_FOUND);
}

/* False: there is no record. */
static bool read_record(struct kx_call_job *job)
{
	struct kx_audit_record record;
	uint64_t lost;

	if (!kx_audit_log_get(&position, &record, &lost))
		return false;
	job->args[0] = record.denied ? DENIED : GRANTED;
	job->args[1] = lost > UINT32_MAX ? UINT32_MAX : (uint32_t)lost;
	job->out = record.line;
	job->out_len = strlen(record.line);
	record.line = NULL;
	kx_audit_record_clear(&record);
	return true;
}

static void read_or_wait(struct kx_call_job *job)
{
	if (read_record(job))
		kx_call_answer(job, KX_RC_OK);
	else
		kx_call_wait(job, &readers, job->args[0]);
}

/* Records came. */
static void serve_readers(void)
{
	while (!cds_list_empty(&readers)) {
		struct kx_call_job *job =
			cds_list_first_entry(&readers, struct kx_call_job, waiting);

		if (!read_record(job))
			return;
		kx_call_answer(job, KX_RC_OK);
	}
}

void kx_calls_audit(struct kx_call_job *job)
{
	if (job->op == KX_CALL_AUDIT_OPEN) {
		open_log(job);
	} else if (job->op == KX_CALL_AUDIT_CLOSE) {
		kx_call_answer(job, KX_RC_OK);
	} else {
		kx_audit_log_watch(serve_readers);
		read_or_wait(job);
	}
}
