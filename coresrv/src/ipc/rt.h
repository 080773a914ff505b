/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_RT_H
#define KX_RT_H

/*
 * The entity side of IPC: everything that Call, Recv, Reply and the kernel calls
 * stand on. One process, one struct kx_rt; a thread has a struct kx_rt_thread
 * from its first call on.
 *
 *   rt_start.c     attaching: control socket, task page, kernel link
 *   rt_thread.c    threads and their up slots
 *   rt_kcall.c     kernel calls
 *   rt_packet.c    descriptors that arrive on the control socket
 *   rt_route.c     client handle -> channel, its slots
 *   rt_call.c      Call
 *   rt_inbox.c     listener -> inbox, its channels
 *   rt_owed.[ch]   requests received and not yet answered
 *   rt_recv.c      Recv, Reply
 *   rt_sync.c      interrupt objects
 *
 * What may be believed: the task page. Everything in a link or a channel region
 * is fetched once and checked.
 */

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include <rtl/if_time.h>
#include <rtl/retcode.h>

#include "client.h"
#include "inbox.h"
#include "kx_calls.h"
#include "kx_class.h"
#include "kx_rights.h"
#include "kx_task_page.h"
#include "message.h"

struct kx_rt {
	struct kx_task_page *page;
	struct kx_link_region *link;
	uint8_t *link_payload;
	uint32_t message_max;
};

extern struct kx_rt kx_rt;

struct kx_route;
struct kx_rt_inbox;

struct kx_rt_thread {
	uint32_t number; /* up slot; thread number is one more */
	uint32_t gen;    /* of the up slot */
	/*
	 * Under way, seen by a signal handler of this thread that does the same: Call, Recv or
	 * Reply; the use of the up slot. Whoever leaves them otherwise than by returning (longjmp,
	 * the end of the thread in them) leaves both as they are, and the record is used no more.
	 */
	_Atomic bool inside;
	_Atomic bool asking;
	struct kx_waiter waiter;
	/*
	 * Last client handle used: valid while handle and epoch match. Any thread may
	 * look at the route (rt_route.c frees none that is named here).
	 */
	uint32_t handle;
	uint32_t epoch;
	struct kx_route *_Atomic route;
	uint32_t slot_hint;
	uint32_t last_owed; /* token of the request received last, 0: none */
	/*
	 * Of the last Recv or Reply: its handle while that is open, and the inbox. Any thread may
	 * look at the inbox (rt_inbox.c frees none that is named here).
	 */
	uint32_t listener_handle;
	uint32_t listener_state;
	uint32_t recv_state;  /* the same, if Recv is among its rights, else KX_RT_NO_STATE */
	uint32_t reply_state; /* the same, if Reply is */
	struct kx_handle_entry *listener_entry;
	struct kx_rt_inbox *_Atomic inbox;
	/* Any thread may read these two: rt_sync.c cancels relayed calls of others. */
	kx_word *_Atomic relayed_sync; /* interrupt object of the relayed call in progress */
	_Atomic uint32_t relayed_gen;
};

/* This thread's record once it has one, and what makes it; see kx_rt_thread(). */
extern _Thread_local struct kx_rt_thread *kx_rt_self;
struct kx_rt_thread *kx_rt_thread_begin(void);

/* This thread's record; NULL if the process is no entity or has too many threads (256). */
static inline struct kx_rt_thread *kx_rt_thread(void)
{
	return kx_rt_self ? kx_rt_self : kx_rt_thread_begin();
}

/*
 * Begins a Call, Recv or Reply; kx_rt_leave() before it returns. NULL: kx_rt_thread() says so, or
 * this is a signal handler that interrupted one. Nothing was done then.
 */
static inline struct kx_rt_thread *kx_rt_enter(void)
{
	struct kx_rt_thread *thread = kx_rt_thread();

	if (!thread || atomic_load_explicit(&thread->inside, memory_order_relaxed))
		return NULL;
	/* Relaxed, and a fence for the compiler: only this thread's handlers look. */
	atomic_store_explicit(&thread->inside, true, memory_order_relaxed);
	atomic_signal_fence(memory_order_seq_cst);
	return thread;
}

/* Ends it; a thread that was told to end, and therefore left with @rc, ends here. */
static inline void kx_rt_leave(struct kx_rt_thread *thread, Retcode rc)
{
	atomic_signal_fence(memory_order_seq_cst);
	atomic_store_explicit(&thread->inside, false, memory_order_relaxed);
	if (rc == rcIpcInterrupt)
		pthread_testcancel();
}

/* This thread has no record, and what it had is left as it is. */
void kx_rt_thread_forget(void);

/* Why kx_rt_thread() or kx_rt_enter() said NULL. */
Retcode kx_rt_thread_rc(void);

/* True once attached; attaches at the first call. */
bool kx_rt_attached(void);

/* What the service locator says, without its hints: a static channel and its number, a RIID. */
uint32_t kx_rt_service(const char *name, bool server, int *number);
uint16_t kx_rt_riid(uint32_t channel, const char *endpoint);

static inline const void *kx_rt_at(uint32_t offset)
{
	return (const uint8_t *)kx_rt.page + offset;
}

/* What this process offers, from the task page; NULL: nothing is known of its class. */
static inline const struct kx_class *kx_rt_class(void)
{
	return kx_rt.page->own_class ? kx_rt_at(kx_rt.page->own_class) : NULL;
}

/*
 * A kernel call: @args in and out, @in bytes sent along (may be NULL), @out room
 * for bytes that come back (*out_size in: room, out: bytes; both may be NULL).
 */
Retcode kx_rt_kcall(uint32_t op, uint32_t args[KX_CALL_ARGS], const void *in, uint32_t in_size,
		    void *out, uint32_t *out_size);

/* The up slot of a thread and its parts. */
static inline struct kx_slot *kx_rt_up(const struct kx_rt_thread *thread)
{
	return &kx_rt.link->up[thread->number];
}

static inline uint8_t *kx_rt_up_payload(const struct kx_rt_thread *thread)
{
	return kx_rt.link_payload + (size_t)thread->number * kx_rt.message_max;
}

static inline struct kx_up_tag *kx_rt_up_tag(const struct kx_rt_thread *thread)
{
	return (struct kx_up_tag *)(void *)kx_rt_up(thread)->tag;
}

/* The up slot is this thread's until the end; false: a signal handler interrupted that. */
static inline bool kx_rt_begin_asking(struct kx_rt_thread *thread)
{
	if (atomic_load_explicit(&thread->asking, memory_order_relaxed))
		return false;
	atomic_store_explicit(&thread->asking, true, memory_order_relaxed);
	atomic_signal_fence(memory_order_seq_cst);
	return true;
}

static inline void kx_rt_end_asking(struct kx_rt_thread *thread)
{
	atomic_signal_fence(memory_order_seq_cst);
	atomic_store_explicit(&thread->asking, false, memory_order_relaxed);
}

/* Posts the written up slot and waits; KX_OK: answered. */
enum kx_result kx_rt_ask(struct kx_rt_thread *thread);

/* Publishes to the kernel process were made: rings if it sleeps. K1. */
void kx_rt_ring_kernel(void);

/* Maps what has arrived on the control socket. Cheap when nothing has. */
void kx_rt_packets(void);

/* A memory object's descriptor that came with kernel call answer @number; -1: none. */
int kx_rt_packet_fd(uint32_t number);

/*
 * Region of a channel that has arrived and not been claimed, and the channel's generation;
 * NULL: none. Claiming takes it.
 */
struct kx_channel_region *kx_rt_claim_region(uint32_t channel, uint32_t *generation);

/* State of a handle entry: KX_OK and the entry, else what to return. */
Retcode kx_rt_handle(uint32_t handle, struct kx_handle_entry **entry);

/* --- times and codes; messages: rt_message.h -------------------------------------- */

const struct timespec *kx_rt_deadline_in(uint32_t mdelay, struct timespec *deadline);

/* @mdelay milliseconds from now in *@deadline; NULL for INFINITE_TIMEOUT. */
static inline const struct timespec *kx_rt_deadline(uint32_t mdelay, struct timespec *deadline)
{
	return mdelay == INFINITE_TIMEOUT ? NULL : kx_rt_deadline_in(mdelay, deadline);
}

/* Kinds of kernel/ipc to codes of KasperskyOS. */
Retcode kx_rt_code(enum kx_result result);

/* --- server side --------------------------------------------------------------- */

/* What no handle's entry has for its state. */
#define KX_RT_NO_STATE UINT32_MAX

/* One for each listener, whatever handle of it is used. */
struct kx_rt_inbox {
	struct kx_inbox inbox;
	struct kx_rt_inbox *next; /* of those that are replaced */
	uint32_t listener;        /* index of kbell */
	_Atomic bool is_shared;   /* used by more than one handle */
	_Atomic uint32_t epoch_seen;
};

/*
 * Inbox of a listener handle that has @right, @thread's from now on, made at first use; NULL and
 * *rc otherwise.
 */
struct kx_rt_inbox *kx_rt_inbox_find(struct kx_rt_thread *thread, uint32_t handle, uint32_t right,
				     Retcode *rc);

/* The handle that this thread used last was not closed or revoked since. */
static inline bool kx_rt_listens(const struct kx_rt_thread *thread)
{
	return kx_load(&thread->listener_entry->state) == thread->listener_state;
}

/*
 * The same as kx_rt_inbox_find(), found again at once while the handle is the one that was used
 * last and its state @known, the one of @thread's that says that it has @right.
 */
static inline struct kx_rt_inbox *kx_rt_inbox(struct kx_rt_thread *thread, uint32_t handle,
					      uint32_t known, uint32_t right, Retcode *rc)
{
	struct kx_rt_inbox *own = atomic_load_explicit(&thread->inbox, memory_order_relaxed);

	*rc = rcOk;
	if (own && thread->listener_handle == handle &&
	    kx_load(&thread->listener_entry->state) == known)
		return own;
	own = kx_rt_inbox_find(thread, handle, right, rc);
	if (!own)
		atomic_store(&thread->inbox, NULL);
	return own;
}
/* The inbox of a listener number if it has been made. */
struct kx_rt_inbox *kx_rt_inbox_at(uint32_t listener);

/* Tells the kernel process that the client of a channel broke the protocol. */
void kx_rt_report_hostile(uint32_t channel);

/* A request that this process has received and owes an answer. */
struct kx_owed {
	struct kx_taken taken;
	const struct kx_method *method; /* in kx_rt_class(); NULL: unknown */
	uint16_t riid;
	uint16_t mid;
	bool judged;
};

/* Where requests owed are kept: rt_owed.h. */

/* True while a request of @inbox is owed or being answered, or may be. */
bool kx_owed_names(const struct kx_rt_inbox *inbox);
/* The thread ends: what it received last and never answered is answered with @rc. */
void kx_owed_thread_ends(struct kx_rt_thread *thread);
/* Answers with a code instead of a message. */
void kx_rt_reply_code(struct kx_owed *owed, Retcode rc) __attribute__((cold));

/* --- interrupt objects ------------------------------------------------------------ */

#define KX_SYNC_FIRST_GEN 0x80000u /* generation of their handles; below are threads */

/* The word of an open interrupt object; NULL and *rc otherwise. */
kx_word *kx_sync_find(uint32_t handle, Retcode *rc);

/* The same, and NULL with rcOk for INVALID_HANDLE: there is none. */
static inline kx_word *kx_sync_word(uint32_t handle, Retcode *rc)
{
	*rc = rcOk;
	return handle == KX_HANDLE_INVALID ? NULL : kx_sync_find(handle, rc);
}
/*
 * A relayed call of @thread with generation @gen begins that @word interrupts:
 * false if it is set already. kx_sync_leave() when it is over.
 */
bool kx_sync_enter(struct kx_rt_thread *thread, kx_word *word, uint32_t gen);
void kx_sync_leave(struct kx_rt_thread *thread);
/* Thread records by number; unused ones have no relayed call. */
struct kx_rt_thread *kx_rt_thread_at(uint32_t number);
/* KnHandleClose() of a handle made here; false: not one of ours. */
bool kx_sync_close(uint32_t handle);

#endif /* KX_RT_H */
