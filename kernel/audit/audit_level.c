/* SPDX-License-Identifier: Apache-2.0 */

/* The audit level of the policy, from outside; see audit_level.h. */

#include "audit_level.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "kx_decimal.h"
#include "log.h"
#include "mailbox.h"
#include "module.h"
#include "object.h"

struct change {
	struct kx_job job;
	bool wanted, set, levels;
	uint32_t level, was;
	void (*done)(void *context, char *text);
	void *context;
};

static void run_back(struct kx_job *job)
{
	struct change *change = kx_container(job, struct change, job);
	char *text;

	if (change->set)
		kx_log("audit level %u -> %u", change->was, change->level);
	if (asprintf(&text, "{\"level\":%u,\"was\":%u,\"set\":%s,\"levels\":%s}\n", change->level,
		     change->was, change->set ? "true" : "false",
		     change->levels ? "true" : "false") < 0)
		text = NULL;
	change->done(change->context, text);
	free(change);
}

static void run_change(struct kx_job *job)
{
	struct change *change = kx_container(job, struct change, job);

	change->levels = kx_module_has_audit_levels();
	change->was = kx_module_audit_level();
	change->set = change->wanted && change->level <= KX_AUDIT_LEVEL_MAX &&
		      kx_module_set_audit_level(change->level);
	change->level = kx_module_audit_level();
	job->run = run_back;
	kx_control_post(job);
}

void kx_audit_level_ask(const uint32_t *level, void (*done)(void *context, char *text),
			void *context)
{
	struct change *change = calloc(1, sizeof(*change));

	if (!change) {
		done(context, NULL);
		return;
	}
	change->wanted = level != NULL;
	change->level = level ? *level : 0;
	change->done = done;
	change->context = context;
	change->job.run = run_change;
	kx_ipc_post(&change->job);
}
