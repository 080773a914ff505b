/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Waiting for requests: the three roles of inbox.h.
 *
 * SUBTLE: a thread that returns with a request leaves the arm words as they are.
 * What keeps a posted request from being forgotten is this invariant: whenever
 * no thread is between "looks" and "sleeps", either every channel that could post
 * is armed (RING, or LATER with a sentinel asleep, or KERNEL), or every thread is
 * out serving and will look when it comes back.
 */

#include "inbox.h"
#include "path.h"
#include "rcu.h"
#include "stamp.h"

static void end_wait(struct kx_wait *wait, bool slept)
{
	if (wait->memory)
		kx_wait_end(wait, slept);
	wait->memory = NULL;
}

/*
 * The sleep after polling is over. What is learnt from it goes into the poller's
 * memory, which this thread may touch only as poller: it is, for a moment, or
 * somebody else is and nothing is learnt.
 */
static KX_ON_PATH void end_wait_asleep(struct kx_inbox *inbox, struct kx_wait *wait)
{
	if (!wait->memory || atomic_exchange(&inbox->polling, true))
		return;
	end_wait(wait, true);
	atomic_store_explicit(&inbox->polling, false, memory_order_release);
}

/* Whom the sentinel watches: channels of less than @age, and @at_age of exactly that age. */
struct choice {
	uint32_t age;
	unsigned at_age;
};

static bool chosen(struct choice *choice, uint32_t age)
{
	if (age == choice->age && choice->at_age) {
		choice->at_age--;
		return true;
	}
	return age < choice->age;
}

/*
 * Chooses the channels used most recently. Nobody where one thread cannot sleep on
 * many words (old Linux): then all clients ring by way of the kernel process.
 */
static struct choice whom_to_watch(const struct kx_ends *ends, uint32_t now)
{
	uint32_t ages[KX_WATCHED_BELLS]; /* sorted, youngest first */
	struct choice choice = {UINT32_MAX, 0};
	unsigned held = 0;

	if (!kx_futex_many())
		choice.age = 0;
	if (!kx_futex_many() || ends->count <= KX_WATCHED_BELLS)
		return choice;
	for (unsigned i = 0; i < ends->count; i++) {
		uint32_t age = now - atomic_load(&ends->end[i]->stamp);
		unsigned at = held < KX_WATCHED_BELLS ? held++ : KX_WATCHED_BELLS;

		for (; at > 0 && ages[at - 1] > age; at--)
			if (at < KX_WATCHED_BELLS)
				ages[at] = ages[at - 1];
		if (at < KX_WATCHED_BELLS)
			ages[at] = age;
	}
	choice.age = ages[KX_WATCHED_BELLS - 1];
	for (unsigned i = 0; i < KX_WATCHED_BELLS; i++)
		choice.at_age += ages[i] == choice.age;
	return choice;
}

/*
 * The sentinel: chooses whom to watch, arms every channel and fills the watches.
 * W2, K4 (pair with W1, K3): arm is written, fence, then bells and slots are read.
 */
static unsigned arm_all(struct kx_inbox *inbox, enum kx_arm level, struct kx_watch *watches)
{
	uint32_t now = atomic_load(&inbox->clock);
	unsigned count = 1;
	struct kx_ends *ends;
	struct choice choice;

	rcu_read_lock();
	ends = rcu_dereference(inbox->ends);
	choice = whom_to_watch(ends, now);
	for (unsigned i = 0; i < ends->count; i++) {
		struct kx_end *end = ends->end[i];

		bool watched = count <= KX_WATCHED_BELLS &&
			       chosen(&choice, now - atomic_load(&end->stamp));

		if (watched)
			watches[count++].word = &end->region->bell;
		atomic_store(&end->watched, watched);
		kx_end_arm(end, level);
	}
	atomic_store(&inbox->karmed, true);
	kx_store(inbox->karm, 1);
	kx_fence();
	watches[0] = (struct kx_watch){inbox->kbell, kx_load(inbox->kbell)};
	for (unsigned i = 1; i < count; i++)
		watches[i].seen = kx_load(watches[i].word);
	rcu_read_unlock();
	return count;
}

/*
 * A poller that gives up while a sentinel sleeps: from now on clients ring at
 * once. Whom the sentinel watches stays as it is, it sleeps already. W2.
 */
static void raise_all(struct kx_inbox *inbox)
{
	struct kx_ends *ends;

	rcu_read_lock();
	ends = rcu_dereference(inbox->ends);
	for (unsigned i = 0; i < ends->count; i++)
		kx_end_arm(ends->end[i], KX_ARM_RING);
	rcu_read_unlock();
	kx_fence();
}

/* Wakes one follower to take over the sentinel's place; roles is held. */
static void promote_locked(struct kx_inbox *inbox)
{
	if (!inbox->followers)
		return;
	(void)kx_add(&inbox->follower_word, 1);
	kx_futex_wake(&inbox->follower_word);
}

static void stop_being_sentinel(struct kx_inbox *inbox)
{
	(void)pthread_mutex_lock(&inbox->roles);
	atomic_store(&inbox->sentinel, false);
	promote_locked(inbox);
	(void)pthread_mutex_unlock(&inbox->roles);
}

/*
 * True if the listener's news, as of the kbell value in the first watch, is
 * worth waking up for.
 */
static bool has_news(struct kx_inbox *inbox, const struct kx_watch *watches)
{
	return watches[0].seen != atomic_load(&inbox->kbell_seen);
}

/*
 * True if the wait must end for what refresh() says; the caller then starts again and gets
 * to know it. SUBTLE: asked once more after the sleep words were read. News that another
 * thread has seen since the last time move none of them any more.
 */
static bool is_over(struct kx_inbox *inbox)
{
	return inbox->refresh(inbox->context) != KX_OK;
}

/*
 * Sleeps as sentinel, armed with @level. KX_OK: *taken is filled. KX_EAGAIN: woken,
 * look again. The caller has set inbox->sentinel.
 */
static enum kx_result be_sentinel(struct kx_inbox *inbox, enum kx_arm level,
				  const struct kx_receive_patience *patience,
				  struct kx_taken *taken)
{
	struct kx_watch watches[KX_WATCHED_BELLS + 2];
	enum kx_result rc = KX_EAGAIN;
	unsigned count;
	bool over;

	(void)pthread_mutex_lock(&inbox->roles);
	/* A poller that gave up meanwhile may have raised the level. */
	if (!atomic_load(&inbox->polling))
		level = KX_ARM_RING;
	count = arm_all(inbox, level, watches);
	(void)pthread_mutex_unlock(&inbox->roles);

	over = is_over(inbox); /* may add channels, which must be looked at */
	if (kx_inbox_look_all(inbox, taken)) {
		rc = KX_OK;
	} else if (!over && !has_news(inbox, watches)) {
		if (patience->interrupt)
			watches[count++] = (struct kx_watch){patience->interrupt, 0};
		if (!kx_futex_waitv(watches, count, patience->deadline))
			rc = KX_ETIME;
	}
	kx_stamp(KX_STAMP_RUNNING, 0);
	stop_being_sentinel(inbox);
	return rc;
}

static bool sleep_as_follower(struct kx_inbox *inbox, uint32_t seen,
			      const struct kx_receive_patience *patience)
{
	const struct kx_watch watches[] = {{&inbox->follower_word, seen}, {patience->interrupt, 0}};

	return kx_futex_waitv(watches, patience->interrupt ? 2 : 1, patience->deadline);
}

/* Sleeps until promoted or disturbed; roles is held on entry and not on return. */
static enum kx_result follow_locked(struct kx_inbox *inbox,
				    const struct kx_receive_patience *patience)
{
	uint32_t seen = kx_load(&inbox->follower_word);
	bool in_time;

	inbox->followers++;
	(void)pthread_mutex_unlock(&inbox->roles);
	in_time = is_over(inbox) || sleep_as_follower(inbox, seen, patience);
	(void)pthread_mutex_lock(&inbox->roles);
	inbox->followers--;
	/* Leaving for good: hand a promotion that was meant for us on. */
	if (!in_time && !atomic_load(&inbox->sentinel))
		promote_locked(inbox);
	(void)pthread_mutex_unlock(&inbox->roles);
	return in_time ? KX_EAGAIN : KX_ETIME;
}

/*
 * Polls until something is found or looking no longer pays. @wait then stays open
 * until the sleep that follows is over, for only then is known what looking on
 * would have cost.
 */
static bool poll_for_a_while(struct kx_inbox *inbox, struct kx_wait *wait, struct kx_taken *taken)
{
	end_wait(wait, true);
	kx_wait_begin(wait, &inbox->waiter, atomic_load(&inbox->peer_cpu), false);
	while (kx_wait_step(wait)) {
		if (kx_inbox_look(inbox, taken)) {
			end_wait(wait, false);
			return true;
		}
	}
	return false;
}

/*
 * The poller found nothing. Either it becomes the sentinel, or one sleeps
 * already: then clients must ring at once from now on, and this thread follows.
 */
static KX_BESIDE_PATH enum kx_result give_up_polling(struct kx_inbox *inbox,
						     const struct kx_receive_patience *patience,
						     struct kx_taken *taken)
{
	(void)pthread_mutex_lock(&inbox->roles);
	atomic_store(&inbox->polling, false);
	if (!atomic_load(&inbox->sentinel)) {
		atomic_store(&inbox->sentinel, true);
		(void)pthread_mutex_unlock(&inbox->roles);
		return be_sentinel(inbox, KX_ARM_RING, patience, taken);
	}
	raise_all(inbox);
	(void)pthread_mutex_unlock(&inbox->roles);
	if (kx_inbox_look_all(inbox, taken))
		return KX_OK;
	(void)pthread_mutex_lock(&inbox->roles);
	if (!atomic_load(&inbox->sentinel)) {
		(void)pthread_mutex_unlock(&inbox->roles);
		return KX_EAGAIN;
	}
	return follow_locked(inbox, patience);
}

/* Somebody else polls. */
static KX_BESIDE_PATH enum kx_result wait_beside_poller(struct kx_inbox *inbox,
							const struct kx_receive_patience *patience,
							struct kx_taken *taken)
{
	(void)pthread_mutex_lock(&inbox->roles);
	if (atomic_load(&inbox->sentinel))
		return follow_locked(inbox, patience);
	atomic_store(&inbox->sentinel, true);
	(void)pthread_mutex_unlock(&inbox->roles);
	return be_sentinel(inbox, KX_ARM_LATER, patience, taken);
}

/* One try in each role. KX_EAGAIN: nothing yet, start again. */
static enum kx_result wait_in_turn(struct kx_inbox *inbox,
				   const struct kx_receive_patience *patience, struct kx_wait *wait,
				   struct kx_taken *taken)
{
	if (atomic_exchange(&inbox->polling, true))
		return wait_beside_poller(inbox, patience, taken);
	if (!poll_for_a_while(inbox, wait, taken))
		return give_up_polling(inbox, patience, taken);
	atomic_store_explicit(&inbox->polling, false, memory_order_release);
	return KX_OK;
}

enum kx_result kx_inbox_receive(struct kx_inbox *inbox, const struct kx_receive_patience *patience,
				struct kx_taken *taken)
{
	struct kx_wait wait = {.memory = NULL};
	enum kx_result rc = KX_EAGAIN;

	while (rc == KX_EAGAIN) {
		if (kx_inbox_look(inbox, taken)) {
			rc = KX_OK;
			break;
		}
		rc = inbox->refresh(inbox->context);
		if (rc != KX_OK)
			break;
		if (patience->interrupt && kx_load(patience->interrupt) != 0)
			return KX_EINTERRUPT;
		rc = wait_in_turn(inbox, patience, &wait, taken);
	}
	end_wait_asleep(inbox, &wait);
	if (rc != KX_OK && rc != KX_ETIME)
		kx_inbox_disturb(inbox);
	return rc;
}

void kx_inbox_disturb(struct kx_inbox *inbox)
{
	(void)kx_add(&inbox->follower_word, 1);
	kx_futex_wake(&inbox->follower_word);
}
