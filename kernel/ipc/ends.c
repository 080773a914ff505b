/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The list of an inbox's channels: replaced whole under `roles`, read inside
 * RCU read sections. The list before the present one is kept: it is long enough for the
 * present one less a channel, so that taking one away needs no memory.
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
	kx_waiter_learn(&inbox->waiter, KX_INBOX_LATE);
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
	free(inbox->spare);
}

/* Makes @next the list; the old one is the spare when nobody reads it any more. */
static void replace(struct kx_inbox *inbox, struct kx_ends *next)
{
	struct kx_ends *old = inbox->ends;

	rcu_assign_pointer(inbox->ends, next);
	(void)pthread_mutex_unlock(&inbox->roles);
	synchronize_rcu();
	inbox->spare = old;
}

enum kx_result kx_inbox_add(struct kx_inbox *inbox, struct kx_end *end)
{
	unsigned count = inbox->ends->count;
	struct kx_ends *next = malloc(sizeof(*next) + (count + 1u) * sizeof(struct kx_end *));

	if (!next)
		return KX_ENOMEM;
	(void)pthread_mutex_lock(&inbox->roles);
	memcpy(next->end, inbox->ends->end, count * sizeof(struct kx_end *));
	next->end[count] = end;
	next->count = count + 1;
	/* The kernel process wrote it when it made the region. */
	atomic_store(&end->armed, KX_ARM_KERNEL);
	free(inbox->spare);
	replace(inbox, next);
	return KX_OK;
}

void kx_inbox_remove(struct kx_inbox *inbox, struct kx_end *end)
{
	const struct kx_ends *ends = inbox->ends;
	struct kx_ends *next = inbox->spare;
	unsigned at = 0;

	while (at < ends->count && ends->end[at] != end)
		at++;
	if (at == ends->count)
		return;
	(void)pthread_mutex_lock(&inbox->roles);
	next->count = ends->count - 1;
	memcpy(next->end, ends->end, at * sizeof(struct kx_end *));
	memcpy(next->end + at, ends->end + at + 1, (next->count - at) * sizeof(struct kx_end *));
	replace(inbox, next);
}
