/* SPDX-License-Identifier: Apache-2.0 */
#include "rt_route.h"

#include <stdlib.h>
#include <sys/mman.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct kx_route *routes[KX_HANDLES]; /* by handle index; lock */
static struct kx_route *retired;            /* of closed handles; lock */

/* --- slots ---------------------------------------------------------------------- */

/* A process with one thread needs no locked instruction to own a slot. */
static bool lock_slot(struct kx_route *route, uint32_t slot)
{
	uint8_t expected = KX_ROUTE_FREE;

	if (!kx_alone())
		return atomic_compare_exchange_strong(&route->busy[slot], &expected, KX_ROUTE_BUSY);
	if (atomic_load_explicit(&route->busy[slot], memory_order_relaxed) != KX_ROUTE_FREE)
		return false;
	atomic_store_explicit(&route->busy[slot], KX_ROUTE_BUSY, memory_order_relaxed);
	return true;
}

static bool is_abandoned(const struct kx_route *route, uint32_t slot)
{
	return atomic_load_explicit(&route->abandoned[slot], memory_order_relaxed);
}

static bool try_slot(struct kx_route *route, uint32_t slot)
{
	if (!lock_slot(route, slot))
		return false;
	/* Abandoned earlier: the server still works on the request that was in it. */
	if (!is_abandoned(route, slot) ||
	    KX_SLOT_STATE(kx_load(&route->region->slots[slot].w)) != KX_SLOT_ABANDONED) {
		atomic_store_explicit(&route->abandoned[slot], false, memory_order_relaxed);
		return true;
	}
	atomic_store(&route->busy[slot], KX_ROUTE_FREE);
	return false;
}

static bool try_slots(struct kx_route *route, struct kx_rt_thread *thread)
{
	for (uint32_t i = 0; i < KX_CHANNEL_SLOTS; i++) {
		uint32_t slot = (thread->slot_hint + i) % KX_CHANNEL_SLOTS;

		if (try_slot(route, slot)) {
			thread->slot_hint = slot;
			return true;
		}
	}
	return false;
}

/*
 * What a thread without a slot sleeps on: slots that threads of ours let go, and
 * those whose abandoned request the server answers or leaves behind. Filled before
 * the slots are tried: one that changes in between makes the sleep return at once.
 *
 * SUBTLE: an abandoned slot is watched whatever stands in its word. A server that
 * shows another state here and ABANDONED again where the slot is tried would
 * otherwise be slept for on nothing that its death changes.
 */
static unsigned watch_slots(struct kx_route *route, struct kx_watch *watches)
{
	unsigned count = 0;

	watches[count++] = (struct kx_watch){&route->freed, kx_load(&route->freed)};
	for (uint32_t i = 0; i < KX_CHANNEL_SLOTS; i++) {
		kx_word *word = &route->region->slots[i].w;

		if (is_abandoned(route, i))
			watches[count++] = (struct kx_watch){word, kx_load(word)};
	}
	return count;
}

/* Why no slot is to be waited for any longer; KX_EAGAIN: nothing speaks against it. */
static enum kx_result reason_to_leave(struct kx_route *route, const struct kx_patience *patience)
{
	if (atomic_load_explicit(&route->broken, memory_order_relaxed))
		return KX_EPROTO;
	if (kx_load(route->port.state) != route->port.alive)
		return KX_EPEER;
	return patience->interrupt && kx_load(patience->interrupt) != 0 ? KX_EINTERRUPT : KX_EAGAIN;
}

static enum kx_result wait_for_slot(struct kx_route *route, struct kx_rt_thread *thread,
				    const struct kx_patience *patience)
{
	struct kx_watch watches[KX_CHANNEL_SLOTS + 2];
	enum kx_slept slept = KX_SLEPT;
	unsigned changes = 0;
	uint32_t freed = 0;
	enum kx_result rc;

	atomic_fetch_add(&route->waiting, 1);
	do {
		unsigned count = watch_slots(route, watches);

		/* What our own threads did is no change of the server's. */
		changes = watches[0].seen == freed ? changes + (slept == KX_SLEPT_NOT) : 0;
		freed = watches[0].seen;
		if (changes > KX_ROUTE_CHANGES)
			rc = KX_EPROTO;
		else
			rc = try_slots(route, thread) ? KX_OK : reason_to_leave(route, patience);
		if (rc != KX_EAGAIN)
			break;
		if (patience->interrupt)
			watches[count++] = (struct kx_watch){patience->interrupt, 0};
		slept = kx_futex_waitv(watches, count, patience->deadline);
	} while (slept != KX_SLEPT_TOO_LONG);
	atomic_fetch_sub(&route->waiting, 1);
	return slept == KX_SLEPT_TOO_LONG ? KX_ETIME : rc;
}

enum kx_result kx_route_find_slot(struct kx_route *route, struct kx_rt_thread *thread,
				  const struct kx_patience *patience, uint32_t *slot)
{
	enum kx_result rc = KX_OK;

	if (!try_slots(route, thread))
		rc = wait_for_slot(route, thread, patience);
	*slot = thread->slot_hint;
	return rc;
}

void kx_route_free_slot_shared(struct kx_route *route, uint32_t slot)
{
	atomic_store(&route->busy[slot], KX_ROUTE_FREE);
	if (atomic_load(&route->waiting)) {
		(void)kx_add(&route->freed, 1);
		kx_futex_wake(&route->freed);
	}
}

/*
 * The word changes after the flag; wait_for_slot() reads it before the flag, so that nobody
 * falls asleep in between.
 */
void kx_route_give_up(struct kx_route *route)
{
	atomic_store_explicit(&route->broken, true, memory_order_relaxed);
	(void)kx_add(&route->freed, 1);
	kx_futex_wake(&route->freed);
}

static bool in_use(const struct kx_route *route)
{
	for (uint32_t i = 0; i < KX_CHANNEL_SLOTS; i++)
		if (atomic_load(&route->busy[i]) != KX_ROUTE_FREE)
			return true;
	return atomic_load(&route->waiting) != 0;
}

/* --- routes --------------------------------------------------------------------- */

/* arm is KERNEL: the server does not watch this channel's bell. */
static void kick(void *context)
{
	const struct kx_route *route = context;
	uint32_t args[KX_CALL_ARGS] = {(uint32_t)(route->channel - kx_rt.page->channels)};

	(void)kx_rt_kcall(KX_CALL_KICK, args, NULL, 0, NULL, NULL);
}

/*
 * Asks for the channel's region at the first direct call. Whatever happens the
 * route works: without a region everything is relayed.
 */
static void open_region(struct kx_route *route)
{
	uint32_t args[KX_CALL_ARGS] = {route->handle};
	uint32_t generation;

	if (kx_load(&route->channel->state) == KX_CHANNEL_OFFER)
		(void)kx_rt_kcall(KX_CALL_OPEN, args, NULL, 0, NULL, NULL);
	if (kx_load(&route->channel->state) != KX_CHANNEL_DIRECT)
		return;
	kx_rt_packets();
	route->region =
		kx_rt_claim_region((uint32_t)(route->channel - kx_rt.page->channels), &generation);
	if (!route->region)
		return;
	route->message_max = kx_rt.message_max;
	route->payload = (uint8_t *)route->region + KX_CHANNEL_PAYLOAD;
	route->direct = kx_rt_at(route->channel->direct);
	route->port = (struct kx_port){
		.arm = &route->region->arm,
		.bell = &route->region->bell,
		.state = &route->channel->state,
		.alive = KX_CHANNEL_DIRECT,
		.ring = kick,
		.context = route,
	};
}

static struct kx_route *make(uint32_t handle, const struct kx_handle_entry *entry)
{
	struct kx_route *route = calloc(1, sizeof(*route));

	if (!route)
		return NULL;
	route->handle = handle;
	route->role = entry->role;
	for (uint32_t i = 0; i < KX_CHANNEL_SLOTS; i++) {
		kx_waiter_init(&route->waiter[i]);
		route->gen[i] = KX_SLOT_GEN_BEFORE;
		kx_waiter_learn(&route->waiter[i], KX_WAIT_LOOKS);
	}
	if (entry->role != KX_ROLE_CLIENT)
		return route;
	route->channel = &kx_rt.page->channels[entry->channel];
	if (route->channel->class_blob)
		route->blob = kx_rt_at(route->channel->class_blob);
	if (route->blob && route->channel->direct)
		open_region(route);
	return route;
}

/*
 * True if a thread's record names the route: the thread may stand between finding it
 * and taking a slot. Records are set under the lock, so none can come up meanwhile.
 */
static bool is_remembered(const struct kx_route *route)
{
	for (uint32_t i = 0; i < KX_UP_SLOTS; i++)
		if (atomic_load_explicit(&kx_rt_thread_at(i)->route, memory_order_relaxed) == route)
			return true;
	return false;
}

static void free_route(struct kx_route *route)
{
	if (route->region)
		(void)munmap(route->region, KX_CHANNEL_BYTES(route->message_max));
	free(route);
}

/* The routes of closed handles wait here until no thread can be using them. */
static void retire_locked(struct kx_route *route)
{
	struct kx_route **place = &retired;

	route->next = retired;
	retired = route;
	while (*place) {
		struct kx_route *old = *place;

		if (in_use(old) || is_remembered(old)) {
			place = &old->next;
		} else {
			*place = old->next;
			free_route(old);
		}
	}
}

static struct kx_route *find_locked(uint32_t handle, const struct kx_handle_entry *entry)
{
	struct kx_route **place = &routes[KX_HANDLE_INDEX(handle)];
	struct kx_route *route = *place;

	if (route && route->handle == handle)
		return route;
	*place = NULL;
	if (route)
		retire_locked(route);
	*place = make(handle, entry);
	return *place;
}

struct kx_route *kx_route_find(struct kx_rt_thread *thread, uint32_t handle, Retcode *rc)
{
	uint32_t epoch = kx_load(&kx_rt.page->epoch);
	struct kx_handle_entry *entry;
	struct kx_route *route;

	*rc = kx_rt_handle(handle, &entry);
	if (*rc != rcOk)
		return NULL;
	if (entry->role != KX_ROLE_CLIENT && entry->role != KX_ROLE_CALLABLE) {
		*rc = rcInvalidArgument;
		return NULL;
	}
	(void)pthread_mutex_lock(&lock);
	route = find_locked(handle, entry);
	if (route)
		atomic_store_explicit(&thread->route, route, memory_order_relaxed);
	(void)pthread_mutex_unlock(&lock);
	if (!route) {
		*rc = rcOutOfMemory;
		return NULL;
	}
	thread->handle = handle;
	thread->epoch = epoch;
	return route;
}
