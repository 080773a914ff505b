/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc_thread.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "audit_lines.h"
#include "basics.h"
#include "decide.h"
#include "hooks.h"
#include "ipc_press.h"
#include "log.h"
#include "mailbox.h"
#include "module.h"
#include "module_watch.h"
#include "rcu.h"
#include "record.h"
#include "relay.h"
#include "stamp.h"

#define EVENTS   64
#define ROUSE_NS 50000u

static struct {
	pthread_t thread;
	int epoll;
	bool stop; /* set by a job on the thread itself */
	struct kx_waiter waiter;
} ipc;

static bool is_freeing; /* liburcu's thread is there */
static sem_t settling;

static uint64_t now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* --- hooks -------------------------------------------------------------------- */

static void listen_to(struct kx_task *task, uint32_t events)
{
	struct epoll_event event = {.events = events | EPOLLET, .data.ptr = task};

	(void)epoll_ctl(ipc.epoll, EPOLL_CTL_MOD, task->bell, &event);
}

static void unmute_all(void)
{
	for (uint32_t i = 0; i < kx_peers_count(); i++) {
		struct kx_peer *peer = kx_peer_at(i);

		if (peer->muted)
			listen_to(peer->task, EPOLLIN);
		peer->muted = false;
	}
}

static bool task_added(struct kx_task *task)
{
	/*
	 * Edges, and never a read: the entity holds the other end of the same open file
	 * and could make a read block.
	 */
	struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.ptr = task};

	if (!kx_peer_add(task))
		return false;
	if (epoll_ctl(ipc.epoll, EPOLL_CTL_ADD, task->bell, &event) == 0)
		return true;
	kx_log("cannot watch the bell of %s: %m", task->name);
	return false;
}

static void task_removed(struct kx_task *task)
{
	(void)epoll_ctl(ipc.epoll, EPOLL_CTL_DEL, task->bell, NULL);
	kx_peer_remove(task);
	kx_audit_lines_tell(&task->audit_lines, task->name);
}

static struct kx_party party(const struct kx_task *task)
{
	if (!task)
		return (struct kx_party){KX_SID_KERNEL, "kl.core.Core", "kl.core.Core"};
	return (struct kx_party){task->object.sid, task->class_name, task->name};
}

static enum kx_verdict execute(struct kx_task *source, struct kx_task *task)
{
	struct kx_event event = {
		.kind = KX_EVENT_EXECUTE,
		.src = party(source),
		.dst = party(task),
		.endpoint = "",
		.qualified = "",
		.interface_name = "kl.core.Execute",
		.method = "main",
	};

	if (kx_decide(&event, source) != KX_GRANT)
		return KX_DENY;
	return kx_basics_granted(task) ? KX_GRANT : KX_DENY;
}

static void forget(uint32_t sid)
{
	kx_record_forget(sid);
	kx_module_forget(sid);
}

void kx_ipc_install_hooks(void)
{
	kx_hooks = (struct kx_hooks){
		.classify = kx_module_classify,
		.execute = execute,
		.task_added = task_added,
		.task_ending = kx_peer_ending,
		.task_removed = task_removed,
		.channel_removed = kx_relay_channel_dead,
		.listener_removed = kx_relay_listener_dead,
		.forget = forget,
		.waits = kx_relay_waits,
	};
}

/* --- the loop ------------------------------------------------------------------ */

static bool work(void)
{
	bool found;

	rcu_read_lock();
	found = kx_peers_look();
	rcu_read_unlock();
	found |= kx_mailbox_run(&kx_ipc_mailbox, 16) != 0;
	rcu_read_lock();
	found |= kx_relay_copy_step();
	rcu_read_unlock();
	return found;
}

/*
 * Wakes the control thread for what was left with it: at once if there is nothing else to do,
 * else not again before ROUSE_NS are over, and while pressed only before this thread sleeps.
 * It would take this thread's processor for each request of a flood.
 */
static void rouse_control(bool now)
{
	static uint64_t last_ns;

	if (!kx_control_waits)
		return;
	if (!now && now_ns() - last_ns < (kx_pressed() ? KX_WINDOW_NS : ROUSE_NS))
		return;
	kx_control_rouse();
	last_ns = now_ns();
}

static int timeout_until(uint64_t deadline)
{
	uint64_t now = now_ns();

	if (!deadline)
		return -1;
	return deadline <= now ? 0 : (int)((deadline - now) / 1000000u + 1);
}

static void serve_bells(const struct epoll_event *events, int count)
{
	rcu_read_lock();
	for (int i = 0; i < count; i++) {
		struct kx_task *task = events[i].data.ptr;
		struct kx_peer *peer = task ? task->ipc : NULL;

		if (!peer || kx_peer_rung(peer)) /* NULL: the mailbox */
			continue;
		peer->muted = true;
		listen_to(task, 0);
	}
	rcu_read_unlock();
}

/* Sleeps until a bell, a job or a deadline; returns at once if there is work. */
static void sleep_until_rung(void)
{
	struct epoll_event events[EVENTS];
	uint64_t deadline;
	bool idle;
	int count;

	rcu_read_lock();
	deadline = kx_relay_expire(now_ns());
	idle = kx_peers_arm();
	rcu_read_unlock();
	rouse_control(true);
	if (idle && kx_mailbox_sleep(&kx_ipc_mailbox)) {
		rcu_thread_offline();
		count = epoll_wait(ipc.epoll, events, EVENTS,
				   timeout_until(kx_press_deadline(deadline)));
		rcu_thread_online();
		kx_stamp(KX_STAMP_K_RUNNING, 0);
		serve_bells(events, count);
	}
	kx_mailbox_wake(&kx_ipc_mailbox);
}

static void *run(void *unused)
{
	struct kx_wait wait;
	uint32_t rounds = 0;
	bool waiting = false;

	rcu_register_thread();
	kx_module_watch_me();
	while (!ipc.stop) {
		bool found;

		if (kx_press_window())
			unmute_all();
		found = work();
		rouse_control(!found && !kx_pressed());
		if (found) {
			kx_press_weigh();
			if (waiting)
				kx_wait_end(&wait, false);
			waiting = false;
			if (++rounds % 1024 == 0) {
				rcu_read_lock();
				(void)kx_relay_expire(now_ns());
				rcu_read_unlock();
			}
			continue;
		}
		if (!waiting) {
			kx_press_idle();
			kx_wait_begin(&wait, &ipc.waiter, kx_wait_relayed(kx_peers_cpu()), false);
		}
		waiting = true;
		if (!kx_pressed() && kx_wait_step(&wait))
			continue;
		sleep_until_rung();
		kx_wait_end(&wait, true);
		waiting = false;
	}
	rouse_control(true);
	rcu_unregister_thread();
	return unused;
}

static void *nothing(void *unused)
{
	return unused;
}

/*
 * liburcu makes the thread that frees what call_rcu() was given when it is first needed,
 * and aborts if there is no memory for one. It is made now, and only after a thread of
 * ours has shown that there is.
 */
static int start_freeing(void)
{
	pthread_t probe;
	int error = pthread_create(&probe, NULL, nothing, NULL);

	if (error)
		return -error;
	(void)pthread_join(probe, NULL);
	(void)urcu_memb_get_default_call_rcu_data();
	is_freeing = true;
	return 0;
}

/* Comes after all that call_rcu() was given before. */
static void settled(struct rcu_head *head)
{
	(void)head;
	(void)sem_post(&settling);
}

void kx_ipc_settle(void)
{
	static struct rcu_head last;

	if (!is_freeing)
		return;
	(void)sem_init(&settling, 0, 0);
	urcu_memb_call_rcu(&last, settled);
	while (sem_wait(&settling) != 0)
		;
}

static int start_threads(void)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
	sigset_t all;
	sigset_t old;
	int rc;

	if (epoll_ctl(ipc.epoll, EPOLL_CTL_ADD, kx_ipc_mailbox.event, &event) != 0)
		return -errno;
	kx_waiter_init(&ipc.waiter);
	kx_wait_setup(kx_settings.pause_ps, !kx_settings.spin_off, kx_settings.crowded);
	/* Signals are the control thread's, but for those that end a decision. */
	(void)sigfillset(&all);
	(void)sigdelset(&all, SIGVTALRM);
	(void)sigdelset(&all, SIGSEGV);
	(void)sigdelset(&all, SIGBUS);
	(void)sigdelset(&all, SIGILL);
	(void)sigdelset(&all, SIGFPE);
	(void)sigdelset(&all, SIGABRT);
	(void)pthread_sigmask(SIG_SETMASK, &all, &old);
	rc = start_freeing();
	if (rc == 0)
		rc = -pthread_create(&ipc.thread, NULL, run, NULL);
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	return rc;
}

int kx_ipc_start(void)
{
	int rc = kx_mailbox_init(&kx_ipc_mailbox);

	if (rc)
		return rc;
	ipc.epoll = epoll_create1(EPOLL_CLOEXEC);
	rc = ipc.epoll < 0 ? -errno : start_threads();
	if (rc) {
		if (ipc.epoll >= 0)
			(void)close(ipc.epoll);
		kx_mailbox_fini(&kx_ipc_mailbox);
	}
	return rc;
}

static void stop(struct kx_job *job)
{
	(void)job;
	ipc.stop = true;
}

void kx_ipc_stop(void)
{
	static struct kx_job job = {.run = stop};

	kx_ipc_post(&job);
	(void)pthread_join(ipc.thread, NULL);
	kx_relay_fini();
	(void)close(ipc.epoll);
	kx_mailbox_fini(&kx_ipc_mailbox);
}
