/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The list of a listener's channels: replaced whole under `roles`, read inside
 * RCU read sections.
 */

#include <stdlib.h>
#include <string.h>

#include "listener.h"
#include "rcu.h"

enum kx_rc kx_listener_init(struct kx_listener *listener)
{
	struct kx_ends *none = calloc(1, sizeof(*none));

	if (!none)
		return KX_ENOMEM;
	listener->ends = none;
	kx_waiter_init(&listener->waiter);
	atomic_init(&listener->peer_cpu, KX_CPU_UNKNOWN);
	for (unsigned i = 0; i < KX_HOT; i++)
		atomic_init(&listener->hot[i], UINT32_MAX);
	(void)pthread_mutex_init(&listener->roles, NULL);
	return KX_OK;
}

void kx_listener_fini(struct kx_listener *listener)
{
	(void)pthread_mutex_destroy(&listener->roles);
	free(listener->ends);
}

/* Makes @next the list and frees the old one when nobody reads it any more. */
static void replace(struct kx_listener *listener, struct kx_ends *next)
{
	struct kx_ends *old = listener->ends;

	rcu_assign_pointer(listener->ends, next);
	(void)pthread_mutex_unlock(&listener->roles);
	synchronize_rcu();
	free(old);
}

enum kx_rc kx_listener_add(struct kx_listener *listener, struct kx_end *end)
{
	struct kx_ends *next;
	unsigned count;

	(void)pthread_mutex_lock(&listener->roles);
	count = listener->ends->count;
	next = malloc(sizeof(*next) + (count + 1u) * sizeof(struct kx_end *));
	if (!next) {
		(void)pthread_mutex_unlock(&listener->roles);
		return KX_ENOMEM;
	}
	memcpy(next->end, listener->ends->end, count * sizeof(struct kx_end *));
	next->end[count] = end;
	next->count = count + 1;
	/* The kernel process wrote it when it made the region. */
	atomic_store(&end->armed, KX_ARM_KERNEL);
	replace(listener, next);
	return KX_OK;
}

void kx_listener_remove(struct kx_listener *listener, struct kx_end *end)
{
	struct kx_ends *next;
	unsigned count;
	unsigned kept = 0;

	atomic_store(&end->broken, true); /* enough, should memory for the list be short */
	(void)pthread_mutex_lock(&listener->roles);
	count = listener->ends->count;
	next = malloc(sizeof(*next) + count * sizeof(struct kx_end *));
	if (!next) {
		(void)pthread_mutex_unlock(&listener->roles);
		return;
	}
	for (unsigned i = 0; i < count; i++)
		if (listener->ends->end[i] != end)
			next->end[kept++] = listener->ends->end[i];
	next->count = kept;
	replace(listener, next);
}
