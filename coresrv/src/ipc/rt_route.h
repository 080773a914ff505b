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
#include "validate.h"

/*
 * Most sleeps in a row, with no slot let go by a thread of ours, that end at once because
 * a word of an abandoned request has changed. An honest server changes each once, and
 * each is seen to change twice at most where another thread takes the slot meanwhile.
 */
#define KX_ROUTE_CHANGES (2u * KX_CHANNEL_SLOTS)

enum kx_route_slot { KX_ROUTE_FREE = 0, KX_ROUTE_BUSY = 1 };

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
	struct kx_port port; /* of all slots of the region */
	_Atomic uint8_t busy[KX_CHANNEL_SLOTS];
	uint32_t gen[KX_CHANNEL_SLOTS];           /* owner of the slot */
	_Atomic bool abandoned[KX_CHANNEL_SLOTS]; /* owner of the slot; any thread reads */
	struct kx_waiter waiter[KX_CHANNEL_SLOTS];
	_Atomic bool broken;      /* the server broke the protocol: no more direct calls */
	_Atomic uint32_t waiting; /* threads that want a slot */
	kx_word freed;            /* private futex: a slot was freed, or the route is broken */
};

/* The route of a client or callable handle; NULL and *rc otherwise. */
struct kx_route *kx_route_find(struct kx_rt_thread *thread, uint32_t handle, Retcode *rc);

/* The route of the thread's last call if that was over @handle and nothing changed since. */
static inline struct kx_route *kx_route_remembered(const struct kx_rt_thread *thread,
						   uint32_t handle)
{
	if (thread->handle != handle || thread->epoch != kx_load(&kx_rt.page->epoch))
		return NULL;
	return atomic_load_explicit(&thread->route, memory_order_relaxed);
}

/* True if a message of method @number may go over the region: its DIRECT bit, no handles. */
static inline bool kx_route_is_direct(const struct kx_route *route, uint32_t number,
				      const struct kx_head *head)
{
	return route->direct && number != KX_NO_METHOD && !KX_EX_CAPS(kx_head_ex(head)) &&
	       kx_direct_bit(route->direct, number);
}

/*
 * Takes a free slot, waiting for one if all are in use or hold abandoned requests:
 * KX_OK and its number, KX_ETIME, KX_EINTERRUPT, KX_EPEER (the server is gone), KX_EPROTO
 * (it broke the protocol: no slot of this route is to be used any more). Blocks.
 */
enum kx_result kx_route_find_slot(struct kx_route *route, struct kx_rt_thread *thread,
				  const struct kx_patience *patience, uint32_t *slot);

/*
 * The same, at once if the slot of the last call is free. A process with one thread
 * needs no locked instruction to own it.
 */
static inline enum kx_result kx_route_take_slot(struct kx_route *route, struct kx_rt_thread *thread,
						const struct kx_patience *patience, uint32_t *slot)
{
	*slot = thread->slot_hint;
	if (!kx_alone() || atomic_load_explicit(&route->abandoned[*slot], memory_order_relaxed) ||
	    atomic_load_explicit(&route->busy[*slot], memory_order_relaxed) != KX_ROUTE_FREE)
		return kx_route_find_slot(route, thread, patience, slot);
	atomic_store_explicit(&route->busy[*slot], KX_ROUTE_BUSY, memory_order_relaxed);
	return KX_OK;
}

/* Lets a slot go in a process with more than one thread. */
void kx_route_free_slot_shared(struct kx_route *route, uint32_t slot);

static inline void kx_route_free_slot(struct kx_route *route, uint32_t slot)
{
	if (kx_alone())
		atomic_store_explicit(&route->busy[slot], KX_ROUTE_FREE, memory_order_relaxed);
	else
		kx_route_free_slot_shared(route, slot);
}

/* The server broke the protocol: no more direct calls, and whoever waits for a slot hears it. */
void kx_route_give_up(struct kx_route *route);

#endif /* KX_RT_ROUTE_H */
