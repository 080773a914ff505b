/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The list of an inbox's channels: replaced whole under `roles`, read inside
 * RCU read sections.
 */

#include <stdlib.h>
#include <string.h>

#include "inbox.h"
#include "rcu.h"

enum kx_result kx_inbox_init(struct kx_inbox *inbox)
{
	struct kx_ends *none = calloc(1, sizeof(*none));

	if (!none)
		return KX_ENOMEM;
	inbox->ends = none;
	kx_waiter_init(&inbox->waiter);
	atomic_init(&inbox->peer_cpu, KX_CPU_UNKNOWN);
	for (unsigned i = 0; i < KX_HOT; i++)
		atomic_init(&inbox->hot[i], UINT32_MAX);
	(void)pthread_mutex_init(&inbox->roles, NULL);
	return KX_OK;
}

void kx_inbox_fini(struct kx_inbox *inbox)
{
	(void)pthread_mutex_destroy(&inbox->roles);
	free(inbox->ends);
}

/* Makes @next the list and frees the old one when nobody reads it any more. */
static void replace(struct kx_inbox *inbox, struct kx_ends *next)
{
	struct kx_ends *old = inbox->ends;

	rcu_assign_pointer(inbox->ends, next);
	(void)pthread_mutex_unlock(&inbox->roles);
	synchronize_rcu();
	free(old);
}

enum kx_result kx_inbox_add(struct kx_inbox *inbox, struct kx_end *end)
{
	struct kx_ends *next;
	unsigned count;

	(void)pthread_mutex_lock(&inbox->roles);
	count = inbox->ends->count;
	next = malloc(sizeof(*next) + (count + 1u) * sizeof(struct kx_end *));
	if (!next) {
		(void)pthread_mutex_unlock(&inbox->roles);
		return KX_ENOMEM;
	}
	memcpy(next->end, inbox->ends->end, count * sizeof(struct kx_end *));
	next->end[count] = end;
	next->count = count + 1;
	/* The kernel process wrote it when it made the region. */
	atomic_store(&end->armed, KX_ARM_KERNEL);
	replace(inbox, next);
	return KX_OK;
}

void kx_inbox_remove(struct kx_inbox *inbox, struct kx_end *end)
{
	struct kx_ends *next;
	unsigned count;
	unsigned kept = 0;

	atomic_store(&end->broken, true); /* enough, should memory for the list be short */
	(void)pthread_mutex_lock(&inbox->roles);
	count = inbox->ends->count;
	next = malloc(sizeof(*next) + count * sizeof(struct kx_end *));
	if (!next) {
		(void)pthread_mutex_unlock(&inbox->roles);
		return;
	}
	for (unsigned i = 0; i < count; i++)
		if (inbox->ends->end[i] != end)
			next->end[kept++] = inbox->ends->end[i];
	next->count = kept;
	replace(inbox, next);
}
