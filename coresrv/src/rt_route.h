/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_RT_ROUTE_H
#define KX_RT_ROUTE_H

/*
 * The way from a client handle to its channel. Found once per thread and handle,
 * then kept in the thread's record until the task page's epoch moves.
 *
 * A route's slots belong to one call at a time: busy[] is a private try-lock per
 * slot. A slot whose request was abandoned stays busy until the server frees it.
 */

#include "rt.h"

struct kx_route {
	struct kx_route *next; /* among the retired ones */
	uint32_t handle;
	uint16_t role; /* enum kx_handle_role */
	struct kx_channel_entry *channel;
	const struct kx_class *blob;      /* of the server; NULL: unknown */
	const uint8_t *direct;            /* DIRECT bits; NULL: everything is relayed */
	struct kx_channel_region *region; /* NULL unless direct calls are possible */
	uint8_t *payload;
	uint32_t message_max;
	_Atomic uint8_t busy[KX_CHANNEL_SLOTS];
	uint32_t gen[KX_CHANNEL_SLOTS];   /* owner of the slot */
	bool abandoned[KX_CHANNEL_SLOTS]; /* owner of the slot */
	struct kx_waiter waiter[KX_CHANNEL_SLOTS];
	_Atomic bool broken;      /* the server broke the protocol: no more direct calls */
	_Atomic uint32_t waiting; /* threads that want a slot */
	kx_word freed;            /* private futex: a slot was freed */
};

/* The route of a client or callable handle; NULL and *rc otherwise. */
struct kx_route *kx_route_find(struct kx_rt_thread *thread, uint32_t handle, Retcode *rc);

/* The route of the thread's last call if that was over @handle and nothing changed since. */
static inline struct kx_route *kx_route_remembered(const struct kx_rt_thread *thread,
						   uint32_t handle, uint32_t epoch)
{
	if (thread->handle != handle || thread->epoch != epoch)
		return NULL;
	return atomic_load_explicit(&thread->route, memory_order_relaxed);
}

/* Fetches the line that a call of @handle will write, if the last call used it too. */
static inline void kx_route_prefetch(const struct kx_rt_thread *thread, uint32_t handle)
{
	struct kx_route *route = kx_route_remembered(thread, handle, kx_load(&kx_rt.page->epoch));

	if (route && route->region)
		kx_own(&route->region->slots[thread->slot_hint]);
}

/* True if this message may go over the region: the method's DIRECT bit, no handles. */
bool kx_route_is_direct(const struct kx_route *route, const struct kx_head *head);

/*
 * Takes a free slot, waiting for one if all are in use or hold abandoned requests:
 * KX_OK and its number, KX_ETIME, KX_EINTERRUPT.
 */
enum kx_result kx_route_take_slot(struct kx_route *route, struct kx_rt_thread *thread,
				  const struct kx_patience *patience, uint32_t *slot);
void kx_route_free_slot(struct kx_route *route, uint32_t slot);

#endif /* KX_RT_ROUTE_H */
