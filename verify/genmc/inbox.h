/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_MODEL_INBOX_H
#define KX_MODEL_INBOX_H

/*
 * The shipped client and server halves in one file, with one channel, and what they
 * call beside each other: sleeping says whether it would have slept, waiting is over
 * at once. liburcu's read sections are nothing here: the list of channels is fixed.
 */

#define KX_RCU_H
#define rcu_read_lock()          ((void)0)
#define rcu_read_unlock()        ((void)0)
#define rcu_dereference(p)       (p)
#define rcu_assign_pointer(p, v) ((p) = (v))
#define synchronize_rcu()        ((void)0)

#include "kernel/ipc/client.c"
#include "kernel/ipc/look.c"
#include "kernel/ipc/receive.c"

static struct kx_channel_region region;
static struct kx_slot down[KX_DOWN_SLOTS];
static kx_word kbell;
static kx_word karm;
static kx_word channel_state;
static struct kx_end end;
static struct kx_inbox inbox;
/* As the kernel process allocates it: a list of one. */
static union {
	struct kx_ends ends;
	char room[sizeof(struct kx_ends) + sizeof(struct kx_end *)];
} list;

/* Set by a server that found nothing, with what its sleep would compare. */
static bool slept;
static struct kx_watch slept_on[KX_WATCHED_BELLS + 2];
static unsigned slept_count;

static enum kx_result on_refresh(void *context)
{
	(void)context;
	return KX_OK;
}

static void inbox_open(void)
{
	memset(&region, 0, sizeof(region));
	memset(&inbox, 0, sizeof(inbox));
	memset(&end, 0, sizeof(end));
	memset(down, 0, sizeof(down));
	atomic_init(&kbell, 0);
	atomic_init(&karm, 0);
	atomic_init(&channel_state, 3);
	slept = false;
	end.region = &region;
	end.state = &channel_state;
	list.ends.count = 1;
	list.ends.end[0] = &end;
	inbox.handle = 1;
	inbox.ends = &list.ends;
	inbox.kbell = &kbell;
	inbox.karm = &karm;
	inbox.down = down;
	inbox.refresh = on_refresh;
	(void)pthread_mutex_init(&inbox.roles, NULL);
	for (unsigned i = 0; i < KX_HOT; i++)
		atomic_init(&inbox.hot[i], UINT32_MAX);
}

/* What be_sentinel() does up to its sleep. */
static inline bool server_arms_and_looks(void)
{
	struct kx_taken taken;

	slept_count = arm_all(&inbox, KX_ARM_RING, slept_on);
	slept = !kx_inbox_look_all(&inbox, &taken);
	return slept;
}

/* After both threads have ended: would the sleep have gone on? */
static inline bool sleeps_still(void)
{
	if (!slept)
		return false;
	for (unsigned i = 0; i < slept_count; i++)
		if (kx_load(slept_on[i].word) != slept_on[i].seen)
			return false;
	return true;
}

bool kx_futex_many(void)
{
	return true;
}

enum kx_slept kx_futex_wait(kx_word *word, uint32_t seen, const struct timespec *deadline)
{
	(void)word;
	(void)seen;
	(void)deadline;
	return 0;
}

enum kx_slept kx_futex_waitv(const struct kx_watch *watches, unsigned count,
			     const struct timespec *deadline)
{
	(void)watches;
	(void)count;
	(void)deadline;
	return 0;
}

void kx_futex_wake(kx_word *word)
{
	(void)word;
}

void kx_wait_begin(struct kx_wait *wait, struct kx_waiter *memory, uint16_t peer_cpu,
		   bool peer_woken)
{
	(void)peer_cpu;
	(void)peer_woken;
	wait->memory = memory;
}

bool kx_wait_step(struct kx_wait *wait)
{
	(void)wait;
	return false;
}

void kx_wait_end(struct kx_wait *wait, bool slept_meanwhile)
{
	(void)wait;
	(void)slept_meanwhile;
}

uint16_t kx_wait_relayed(uint16_t cpu)
{
	return cpu;
}

#endif /* KX_MODEL_INBOX_H */
