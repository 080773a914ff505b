/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Inboxes of listeners: made at the first Recv, given the channels whose
 * regions have arrived, relieved of those whose client is gone.
 */

#include <stdlib.h>
#include <sys/mman.h>

#include "rcu.h"
#include "rt.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct kx_rt_inbox *_Atomic inboxes[KX_LISTENERS]; /* lock to write */
static struct kx_rt_inbox *replaced; /* by the next listener's with the same index; lock */

/* A channel of ours with what its end needs; one object, so one free(). */
struct served {
	struct kx_end end;
	struct kx_rt_inbox *inbox; /* whose list it is in, NULL: none's yet */
	uint32_t generation;       /* of the channel */
	struct served *next;
};

/* Channels served, by listener: of the inbox that is there now and of those before it. */
static struct {
	pthread_mutex_t lock;
	struct served *first;
} served[KX_LISTENERS] = {[0 ... KX_LISTENERS - 1] = {.lock = PTHREAD_MUTEX_INITIALIZER}};

static bool is_taken(const struct kx_end *end)
{
	for (unsigned i = 0; i < KX_CHANNEL_SLOTS; i++)
		if (atomic_load(&end->owned[i]))
			return true;
	return false;
}

/* Takes the region of a channel; add_to_inbox() does the rest. False: no memory, or not yet. */
static bool claim_channel(uint32_t listener, uint32_t channel)
{
	struct kx_channel_entry *entry = &kx_rt.page->channels[channel];
	struct served *new = calloc(1, sizeof(*new)); /* first: a region can be claimed once */

	if (!new)
		return false;
	new->end.region = kx_rt_claim_region(channel, &new->generation);
	if (!new->end.region) {
		free(new);
		return false;
	}
	new->end.payload = (uint8_t *)new->end.region + KX_CHANNEL_PAYLOAD;
	new->end.message_max = kx_rt.message_max;
	new->end.channel = channel;
	new->end.state = &entry->state;
	new->next = served[listener].first;
	served[listener].first = new;
	return true;
}

/* An index is given out again; what is still owed to the client before keeps its region here. */
static bool is_alive(const struct served *this)
{
	return kx_load(this->end.state) == KX_CHANNEL_DIRECT &&
	       this->generation == kx_rt.page->channels[this->end.channel].generation;
}

/*
 * SUBTLE: the handle is looked at last. While it is open every channel found before is its
 * listener's; once it is closed they may be the next one's with that index, which finds them
 * here. Then, or without memory, they stay in no inbox until the next look: false.
 */
static bool add_to_inbox(struct kx_rt_inbox *own)
{
	bool all = true;

	for (struct served *s = served[own->listener].first; s; s = s->next) {
		if (s->inbox || !is_alive(s))
			continue;
		if (kx_rt_listens(kx_rt_self) && kx_inbox_add(&own->inbox, &s->end) == KX_OK)
			s->inbox = own;
		else
			all = false;
	}
	return all;
}

/* Channels by index, a bit each: whether one is served is asked of all of them at each look. */
struct marks {
	uint64_t bits[KX_CHANNELS / 64];
};

static struct marks mark_served(uint32_t listener)
{
	struct marks marks = {0};

	for (const struct served *s = served[listener].first; s; s = s->next)
		if (is_alive(s))
			marks.bits[s->end.channel / 64] |= UINT64_C(1) << s->end.channel % 64;
	return marks;
}

/* False: not all of them, the next look must find the rest. */
static bool add_new_channels(struct kx_rt_inbox *own)
{
	struct marks here = mark_served(own->listener);
	bool all = true;

	for (uint32_t i = 0; i < KX_CHANNELS; i++) {
		struct kx_channel_entry *entry = &kx_rt.page->channels[i];

		if (kx_load(&entry->state) == KX_CHANNEL_DIRECT && entry->server &&
		    entry->listener == own->listener && !(here.bits[i / 64] >> i % 64 & 1))
			all &= claim_channel(own->listener, i);
	}
	return add_to_inbox(own) && all;
}

/*
 * Drops channels whose client is gone. One with a request still being served
 * stays mapped until that is answered.
 */
static void drop_dead_channels(struct kx_rt_inbox *own)
{
	struct served **place = &served[own->listener].first;

	while (*place) {
		struct served *this = *place;

		if (is_alive(this)) {
			place = &this->next;
			continue;
		}
		if (this->inbox)
			kx_inbox_remove(&this->inbox->inbox, &this->end);
		if (is_taken(&this->end)) {
			place = &this->next;
			continue;
		}
		*place = this->next;
		synchronize_rcu(); /* a thread that let its slot go may still be publishing */
		(void)munmap(this->end.region, KX_CHANNEL_BYTES(this->end.message_max));
		free(this);
	}
}

/*
 * kbell moved, or a thread is about to wait. Costs two loads when nothing has
 * changed since the last time.
 */
static enum kx_result refresh(void *context)
{
	const struct kx_rt_thread *thread = kx_rt_self;
	struct kx_rt_inbox *own = context;
	uint32_t epoch = kx_load(&kx_rt.page->epoch);

	kx_rt_packets();
	if (atomic_load_explicit(&thread->inbox, memory_order_relaxed) == own &&
	    !kx_rt_listens(thread))
		return KX_EPEER;
	if (epoch == atomic_load(&own->epoch_seen))
		return KX_OK;
	/* The handle of another thread, which sleeps behind this one, may be closed. */
	if (atomic_load(&own->is_shared))
		kx_inbox_disturb(&own->inbox);
	(void)pthread_mutex_lock(&served[own->listener].lock);
	drop_dead_channels(own);
	if (add_new_channels(own))
		atomic_store(&own->epoch_seen, epoch);
	(void)pthread_mutex_unlock(&served[own->listener].lock);
	return KX_OK;
}

void kx_rt_report_hostile(uint32_t channel)
{
	uint32_t args[KX_CALL_ARGS] = {channel, KX_DROP_HOSTILE};

	(void)kx_rt_kcall(KX_CALL_DROPPED, args, NULL, 0, NULL, NULL);
}

static void hostile(void *context, struct kx_end *end)
{
	(void)context;
	kx_rt_report_hostile(end->channel);
}

/* Of the listener with this index, made with handle @first. */
static struct kx_rt_inbox *make(uint32_t listener, uint32_t first)
{
	struct kx_rt_inbox *own = calloc(1, sizeof(*own));

	if (!own)
		return NULL;
	own->listener = listener;
	atomic_store(&own->epoch_seen, kx_load(&kx_rt.page->epoch) - 1);
	own->inbox.handle = first;
	own->inbox.kbell = &kx_rt.link->kbell[listener].value;
	own->inbox.karm = &kx_rt.link->karm[listener].value;
	own->inbox.down = kx_rt.link->down;
	own->inbox.down_payload = kx_rt.link_payload + (size_t)KX_UP_SLOTS * kx_rt.message_max;
	own->inbox.message_max = kx_rt.message_max;
	own->inbox.refresh = refresh;
	own->inbox.hostile = hostile;
	own->inbox.context = own;
	/* One behind: the first look finds what was posted before it existed. */
	atomic_store(&own->inbox.kbell_seen, kx_load(own->inbox.kbell) - 1);
	if (kx_inbox_init(&own->inbox) != KX_OK) {
		free(own);
		return NULL;
	}
	return own;
}

/* What the state of its entry is while @handle is open. */
static uint32_t open_state(uint32_t handle)
{
	return KX_HANDLE_GEN(handle) << 2 | KX_HANDLE_OPEN;
}

struct kx_rt_inbox *kx_rt_inbox_at(uint32_t listener)
{
	return listener < KX_LISTENERS ? atomic_load(&inboxes[listener]) : NULL;
}

/*
 * Is a thread in it or may come back to it, or is a request or a channel of it left?
 * SUBTLE: threads come first. Only a thread that is in it adds requests and channels.
 */
static bool is_used(const struct kx_rt_inbox *own)
{
	bool used = false;

	for (uint32_t i = 0; i < KX_UP_SLOTS && !used; i++)
		used = atomic_load(&kx_rt_thread_at(i)->inbox) == own;
	used = used || kx_owed_names(own);
	(void)pthread_mutex_lock(&served[own->listener].lock);
	for (struct served *s = served[own->listener].first; s && !used; s = s->next)
		used = s->inbox == own;
	(void)pthread_mutex_unlock(&served[own->listener].lock);
	return used;
}

/* Frees those that nobody uses any more; lock is held, which whoever begins to use one needs. */
static void free_replaced(void)
{
	struct kx_rt_inbox **place = &replaced;

	while (*place) {
		struct kx_rt_inbox *this = *place;

		if (is_used(this)) {
			place = &this->next;
			continue;
		}
		*place = this->next;
		kx_inbox_fini(&this->inbox);
		free(this);
	}
}

static void replace(uint32_t listener, struct kx_rt_inbox *by)
{
	struct kx_rt_inbox *old = atomic_exchange(&inboxes[listener], by);

	if (old) {
		old->next = replaced;
		replaced = old;
	}
	free_replaced();
}

/*
 * The inbox of the listener that @entry is a handle of; lock is held. SUBTLE: the handle may
 * have been closed since it was found, and its listener's index be the next one's, whose inbox
 * must stay. So it is asked once more: whoever has a later one waits for the lock.
 */
static struct kx_rt_inbox *inbox_of_locked(uint32_t handle, struct kx_handle_entry *entry,
					   Retcode *rc)
{
	uint32_t listener = entry->listener;
	uint32_t first = entry->channel;
	struct kx_rt_inbox *own = atomic_load(&inboxes[listener]);

	if (own && own->inbox.handle == first)
		return own;
	/*
	 * The state is read after what it is about: kx_task_page_handle says FREE or REVOKED, and
	 * moves the epoch, before it writes the rest anew.
	 */
	kx_fence();
	if (kx_load(&entry->state) != open_state(handle)) {
		*rc = rcInvalidArgument;
		return NULL;
	}
	own = make(listener, first);
	if (own)
		replace(listener, own);
	else
		*rc = rcOutOfMemory;
	return own;
}

/* What says that @handle is open and has @right. */
static uint32_t state_if(const struct kx_handle_entry *entry, uint32_t right, uint32_t handle)
{
	return entry->may & KX_HANDLE_MAY(right) ? open_state(handle) : KX_RT_NO_STATE;
}

static void remember(struct kx_rt_thread *thread, uint32_t handle, struct kx_handle_entry *entry)
{
	thread->listener_handle = handle;
	thread->listener_entry = entry;
	thread->listener_state = open_state(handle);
	thread->recv_state = state_if(entry, KX_RIGHT_IPC_RECV, handle);
	thread->reply_state = state_if(entry, KX_RIGHT_IPC_REPLY, handle);
}

struct kx_rt_inbox *kx_rt_inbox_find(struct kx_rt_thread *thread, uint32_t handle, uint32_t right,
				     Retcode *rc)
{
	struct kx_handle_entry *entry;
	struct kx_rt_inbox *own;

	*rc = kx_rt_handle(handle, &entry);
	if (*rc != rcOk)
		return NULL;
	if (entry->role != KX_ROLE_LISTENER || entry->listener >= KX_LISTENERS) {
		*rc = rcInvalidArgument;
		return NULL;
	}
	if (!(entry->may & KX_HANDLE_MAY(right))) {
		*rc = rcSecurityDisallow;
		return NULL;
	}
	(void)pthread_mutex_lock(&lock);
	own = inbox_of_locked(handle, entry, rc);
	if (own)
		atomic_store(&thread->inbox, own);
	(void)pthread_mutex_unlock(&lock);
	if (!own)
		return NULL;
	if (handle != own->inbox.handle)
		atomic_store(&own->is_shared, true);
	remember(thread, handle, entry);
	return own;
}
