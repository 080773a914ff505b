/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Looking for requests. No lock: any thread may look, the CAS in kx_slot_take()
 * decides who gets a request. A look costs one load for kbell, one per hot slot
 * and two or three for a cold channel, so that a thousand idle channels do not slow
 * down one busy one. After a request the search goes on behind the slot served
 * last, one look in COLD_FIRST begins with the cold channel, and after a relayed request
 * the channels come first, so that no client, and no flood of relayed requests, can hold the
 * others off.
 */

#include "inbox.h"
#include "path.h"
#include "read.h"
#include "stamp.h"

#define HOT(position, slot) ((position) << 8 | (slot))
#define HOT_NONE            UINT32_MAX
#define COLD_FIRST          8u
#define LOST_TAKES          4u

/* Puts a place in front of the hot list, where @moved stands. */
static KX_OFF_PATH void move_to_front(struct kx_inbox *inbox, uint32_t place, uint32_t moved)
{
	atomic_store_explicit(&inbox->hot[0], place, memory_order_relaxed);
	for (unsigned i = 1; i < KX_HOT && moved != HOT_NONE; i++) {
		uint32_t next = atomic_load_explicit(&inbox->hot[i], memory_order_relaxed);

		atomic_store_explicit(&inbox->hot[i], moved, memory_order_relaxed);
		if (next == place)
			return;
		moved = next;
	}
}

/* A place was served: it comes first in the hot list. */
static KX_ON_PATH void heat(struct kx_inbox *inbox, uint32_t place)
{
	uint32_t first = atomic_load_explicit(&inbox->hot[0], memory_order_relaxed);

	if (first != place)
		move_to_front(inbox, place, first);
}

static void set_arm(struct kx_end *end, enum kx_arm to)
{
	if (atomic_load_explicit(&end->armed, memory_order_relaxed) == to)
		return;
	atomic_store(&end->armed, (uint8_t)to);
	kx_store(&end->region->arm, to);
}

void kx_end_arm(struct kx_end *end, enum kx_arm level)
{
	enum kx_arm by_kernel = level == KX_ARM_RING ? KX_ARM_KERNEL : KX_ARM_KERNEL_LATER;

	set_arm(end, atomic_load(&end->watched) ? level : by_kernel);
}

/*
 * The channel served is awake now, unless a sentinel sleeps: it must still be told
 * before a client sleeps.
 */
static KX_OFF_PATH void disarm(struct kx_inbox *inbox, struct kx_end *end)
{
	(void)pthread_mutex_lock(&inbox->roles);
	if (atomic_load(&inbox->sentinel))
		kx_end_arm(end, KX_ARM_LATER);
	else
		set_arm(end, KX_ARM_AWAKE);
	(void)pthread_mutex_unlock(&inbox->roles);
}

/* True for an arm that is as low as it may be while a sentinel sleeps. */
static bool is_later(uint8_t armed)
{
	return armed == KX_ARM_LATER || armed == KX_ARM_KERNEL_LATER;
}

/* Counts a request; never 0, the stamp of a channel not used yet. */
static uint32_t tick(struct kx_inbox *inbox)
{
	/* Two threads may draw one number: a stamp only says about when. */
	uint32_t now = atomic_load_explicit(&inbox->clock, memory_order_relaxed) + 1;

	atomic_store_explicit(&inbox->clock, now, memory_order_relaxed);
	return now;
}

static uint32_t held_in(struct kx_end *end, uint32_t index)
{
	return atomic_load_explicit(&end->owned[index], memory_order_relaxed);
}

/* Is there a request in a slot that this process does not have already? */
static inline bool is_posted(struct kx_end *end, uint32_t index)
{
	uint32_t w = kx_load(&end->region->slots[index].w);

	return KX_SLOT_IS_POSTED(w) && held_in(end, index) != KX_SLOT_GEN(w) + 1;
}

/*
 * Makes the posted request in a slot ours. While this process has one thread
 * nobody else can, and the slot is not marked; a request so held still looks
 * posted, and is passed over.
 */
static KX_ON_PATH bool claim(struct kx_inbox *inbox, struct kx_end *end, uint32_t index,
			     uint32_t *gen)
{
	struct kx_slot *slot = &end->region->slots[index];
	enum kx_result rc = KX_EAGAIN;

	if (kx_alone())
		rc = kx_slot_take_quietly(slot, gen);
	if (rc != KX_OK)
		rc = kx_slot_take(slot, gen);
	if (rc == KX_EAGAIN)
		return false;
	/*
	 * SUBTLE: only now. Whoever held the slot let it go before answering, and the
	 * answer came before this request; read earlier, it may be an old value.
	 */
	if (rc != KX_OK || held_in(end, index)) {
		/* Changed without end, or posted again before we answered. */
		atomic_store(&end->broken, true);
		inbox->hostile(inbox->context, end);
		return false;
	}
	atomic_store_explicit(&end->owned[index], *gen + 1, memory_order_relaxed);
	return true;
}

static KX_ON_PATH bool take_posted(struct kx_inbox *inbox, struct kx_end *end, uint32_t index,
				   struct kx_taken *taken)
{
	struct kx_slot *slot = &end->region->slots[index];
	uint8_t armed;

	if (!claim(inbox, end, index, &taken->gen))
		return false;
	kx_stamp(KX_STAMP_TAKEN, taken->gen);
	taken->slot = slot;
	taken->payload = end->payload + (size_t)index * end->message_max;
	taken->message_max = end->message_max;
	taken->index = index;
	taken->end = end;
	if (index >= atomic_load_explicit(&end->used, memory_order_relaxed))
		atomic_store_explicit(&end->used, (uint8_t)(index + 1), memory_order_relaxed);
	atomic_store_explicit(&end->stamp, tick(inbox), memory_order_relaxed);
	armed = atomic_load_explicit(&end->armed, memory_order_relaxed);
	if (armed != KX_ARM_AWAKE && !(is_later(armed) && atomic_load(&inbox->sentinel)))
		disarm(inbox, end);
	atomic_store_explicit(&inbox->peer_cpu, kx_hint_load(&slot->cpu_client),
			      memory_order_relaxed);
	return true;
}

static inline bool is_broken(struct kx_end *end)
{
	return atomic_load_explicit(&end->broken, memory_order_relaxed);
}

/* Is there a request where one was taken lately? HOT_NONE is no channel's position. */
static KX_ON_PATH bool is_hot(struct kx_ends *ends, uint32_t place, bool own)
{
	uint32_t position = place >> 8;
	struct kx_end *end;

	if (position >= ends->count)
		return false;
	end = ends->end[position];
	/* The request is answered in the same line: read only, it would have to come twice. */
	if (own)
		kx_own(&end->region->slots[place & 0xffu]);
	return !is_broken(end) && is_posted(end, place & 0xffu);
}

/* Slots that were served lately, so likely to be posted again. */
static KX_ON_PATH uint32_t find_hot(struct kx_inbox *inbox, struct kx_ends *ends)
{
	uint32_t first = atomic_load_explicit(&inbox->hot[0], memory_order_relaxed);
	bool own = atomic_load_explicit(&inbox->polling, memory_order_relaxed);

	/* From the second on: the one served last comes last. */
	for (unsigned i = 1; i < KX_HOT; i++) {
		uint32_t place = atomic_load_explicit(&inbox->hot[i], memory_order_relaxed);

		if (place == HOT_NONE)
			break;
		if (is_hot(ends, place, own))
			return place;
	}
	return is_hot(ends, first, own) ? first : HOT_NONE;
}

/* Whose turn it is among the channels, and in *@other among the slots not seen in use. */
static KX_ON_PATH uint32_t next_turn(struct kx_inbox *inbox, struct kx_ends *ends, uint32_t *other)
{
	/* Two threads may have the same turn: it is no more than a turn. */
	uint32_t position = atomic_load_explicit(&inbox->cold, memory_order_relaxed);

	*other = atomic_load_explicit(&inbox->cold_slot, memory_order_relaxed);
	if (position >= ends->count) {
		position = 0;
		*other = (*other + 1) % KX_CHANNEL_SLOTS;
		atomic_store_explicit(&inbox->cold_slot, *other, memory_order_relaxed);
	}
	atomic_store_explicit(&inbox->cold, position + 1, memory_order_relaxed);
	return position;
}

/*
 * The channels in turn: the slots seen in use, and of the others one, another one
 * each time round.
 */
static KX_ON_PATH uint32_t find_cold(struct kx_inbox *inbox, struct kx_ends *ends)
{
	uint32_t other;
	uint32_t position = next_turn(inbox, ends, &other);
	struct kx_end *end = ends->end[position];
	uint32_t used = atomic_load_explicit(&end->used, memory_order_relaxed);
	uint32_t slot = 0;

	if (is_broken(end))
		return HOT_NONE;
	do
		if (is_posted(end, slot))
			return HOT(position, slot);
	while (++slot < used);
	return is_posted(end, other) ? HOT(position, other) : HOT_NONE;
}

static KX_BESIDE_PATH uint32_t find_cold_first(struct kx_inbox *inbox, struct kx_ends *ends)
{
	uint32_t place = find_cold(inbox, ends);

	return place != HOT_NONE ? place : find_hot(inbox, ends);
}

static KX_ON_PATH uint32_t find_hot_first(struct kx_inbox *inbox, struct kx_ends *ends)
{
	uint32_t place = find_hot(inbox, ends);

	return place != HOT_NONE ? place : find_cold(inbox, ends);
}

/* HOT_NONE: nothing is posted where this look looks. */
static KX_ON_PATH uint32_t find(struct kx_inbox *inbox, struct kx_ends *ends, bool cold_first)
{
	if (!ends->count)
		return HOT_NONE;
	return cold_first ? find_cold_first(inbox, ends) : find_hot_first(inbox, ends);
}

/*
 * Another thread was faster, and other requests may stand that find() had not come to. A few
 * times only: so may it be again.
 */
static KX_OFF_PATH uint32_t take_another(struct kx_inbox *inbox, struct kx_ends *ends,
					 bool cold_first, struct kx_taken *taken)
{
	for (unsigned lost = 1; lost < LOST_TAKES; lost++) {
		uint32_t place = find(inbox, ends, cold_first);

		if (place == HOT_NONE ||
		    take_posted(inbox, ends->end[place >> 8], place & 0xffu, taken))
			return place;
	}
	return HOT_NONE;
}

/* Most looks find nothing. */
static KX_ON_PATH bool look_at_channels(struct kx_inbox *inbox, bool cold_first,
					struct kx_taken *taken)
{
	bool alone = kx_read_begin();
	struct kx_ends *ends = rcu_dereference(inbox->ends);
	uint32_t place = find(inbox, ends, cold_first);

	if (place != HOT_NONE && !take_posted(inbox, ends->end[place >> 8], place & 0xffu, taken))
		place = take_another(inbox, ends, cold_first, taken);
	if (place != HOT_NONE)
		heat(inbox, place);
	kx_read_end(alone);
	return place != HOT_NONE;
}

/* A relayed request was taken: while nobody sleeps the kernel need not wake. */
static KX_OFF_PATH void disarm_kbell(struct kx_inbox *inbox)
{
	(void)pthread_mutex_lock(&inbox->roles);
	if (!atomic_load(&inbox->sentinel) && atomic_load(&inbox->karmed)) {
		atomic_store(&inbox->karmed, false);
		kx_store(inbox->karm, 0);
	}
	(void)pthread_mutex_unlock(&inbox->roles);
}

/*
 * The relayed request whose turn is lowest (kernel/relay/relay_turn.c), not the one in the
 * lowest slot, which its client could fill again and again before the others are looked at.
 * *seen is the word it was posted with: its slot may have one of another listener by and by.
 */
static bool find_down(struct kx_inbox *inbox, uint32_t *found, uint32_t *seen)
{
	uint64_t best = UINT64_MAX;

	for (uint32_t i = 0; i < KX_DOWN_SLOTS; i++) {
		struct kx_slot *slot = &inbox->down[i];
		struct kx_down_tag *tag = (struct kx_down_tag *)slot->tag;
		uint32_t w = kx_load(&slot->w);
		uint64_t turn;

		if (!KX_SLOT_IS_POSTED(w) || kx_fetch32(&tag->listener) != inbox->handle)
			continue;
		turn = kx_fetch64(&tag->turn);
		if (turn < best) {
			best = turn;
			*found = i;
			*seen = w;
		}
	}
	return best != UINT64_MAX;
}

/* Until it has one or there is none: another thread may be faster. */
static bool look_at_down(struct kx_inbox *inbox, struct kx_taken *taken)
{
	struct kx_slot *slot;
	uint32_t seen;
	uint32_t i;

	do {
		if (!find_down(inbox, &i, &seen))
			return false;
		slot = &inbox->down[i];
	} while (kx_slot_take_seen(slot, seen, &taken->gen) != KX_OK);
	kx_stamp(KX_STAMP_TAKEN, taken->gen);
	taken->slot = slot;
	taken->payload = inbox->down_payload + (size_t)i * inbox->message_max;
	taken->message_max = inbox->message_max;
	taken->index = i;
	taken->end = NULL;
	(void)tick(inbox);
	atomic_store_explicit(&inbox->relayed_last, true, memory_order_relaxed);
	if (atomic_load_explicit(&inbox->karmed, memory_order_relaxed))
		disarm_kbell(inbox);
	atomic_store_explicit(&inbox->peer_cpu, kx_wait_relayed(kx_hint_load(&slot->cpu_client)),
			      memory_order_relaxed);
	return true;
}

/*
 * kbell moved: the kernel process posted something, or changed the channels. Its
 * value counts as seen only after a look that found nothing, or a second request
 * posted with the first would wait for the next ring.
 */
static bool look_after_kbell(struct kx_inbox *inbox, uint32_t kbell, struct kx_taken *taken)
{
	if (look_at_down(inbox, taken))
		return true;
	atomic_store_explicit(&inbox->kbell_seen, kbell, memory_order_relaxed);
	return false;
}

/* A look that is not only at channels, or comes after a relayed request. */
static KX_OFF_PATH bool look_after_news(struct kx_inbox *inbox, uint32_t kbell, bool cold_first,
					struct kx_taken *taken)
{
	bool moved = kbell != atomic_load_explicit(&inbox->kbell_seen, memory_order_relaxed);
	bool relayed_last = atomic_load_explicit(&inbox->relayed_last, memory_order_relaxed);
	bool down_first = moved && !cold_first && !relayed_last;

	/* First: a channel whose client is gone still has what was posted there. */
	if (moved && inbox->refresh(inbox->context) != KX_OK)
		return false;
	if (down_first && look_after_kbell(inbox, kbell, taken))
		return true;
	if (look_at_channels(inbox, cold_first, taken)) {
		atomic_store_explicit(&inbox->relayed_last, false, memory_order_relaxed);
		return true;
	}
	return moved && !down_first && look_after_kbell(inbox, kbell, taken);
}

bool kx_inbox_look(struct kx_inbox *inbox, struct kx_taken *taken)
{
	uint32_t clock = atomic_load_explicit(&inbox->clock, memory_order_relaxed);
	bool cold_first = clock % COLD_FIRST == 0;
	uint32_t kbell = kx_load(inbox->kbell);

	if (kbell != atomic_load_explicit(&inbox->kbell_seen, memory_order_relaxed) ||
	    atomic_load_explicit(&inbox->relayed_last, memory_order_relaxed))
		return look_after_news(inbox, kbell, cold_first, taken);
	return look_at_channels(inbox, cold_first, taken);
}

static KX_OFF_PATH bool look_at_all_slots(struct kx_inbox *inbox, struct kx_ends *ends,
					  uint32_t position, struct kx_taken *taken)
{
	struct kx_end *end = ends->end[position];

	if (is_broken(end))
		return false;
	for (uint32_t i = 0; i < KX_CHANNEL_SLOTS; i++) {
		if (is_posted(end, i) && take_posted(inbox, end, i, taken)) {
			heat(inbox, HOT(position, i));
			return true;
		}
	}
	return false;
}

bool kx_inbox_look_all(struct kx_inbox *inbox, struct kx_taken *taken)
{
	struct kx_ends *ends;
	bool found = look_at_down(inbox, taken);

	rcu_read_lock();
	ends = rcu_dereference(inbox->ends);
	for (unsigned i = 0; i < ends->count && !found; i++)
		found = look_at_all_slots(inbox, ends, i, taken);
	rcu_read_unlock();
	return found;
}

void kx_inbox_release(struct kx_taken *taken)
{
	if (!taken->end)
		return;
	/*
	 * SUBTLE: taken without a mark while this thread was alone; one that has begun
	 * since would take the request once more between here and the reply.
	 */
	if (!kx_alone())
		kx_slot_mark_taken(taken->slot, taken->gen);
	/* Release: the mark is seen by whoever sees this. */
	atomic_store_explicit(&taken->end->owned[taken->index], 0, memory_order_release);
}

void kx_inbox_forsake(struct kx_taken *taken)
{
	kx_slot_mark_taken(taken->slot, taken->gen);
	kx_inbox_release(taken);
}
