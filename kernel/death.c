/* SPDX-License-Identifier: Apache-2.0 */

/* What follows from the end of an entity; see death.h. */

#include "death.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "calls.h"
#include "calls_cm.h"
#include "channel.h"
#include "files.h"
#include "hooks.h"
#include "log.h"
#include "mailbox.h"
#include "notice.h"
#include "registry.h"
#include "report.h"
#include "task.h"
#include "user.h"

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

void (*kx_death_observer)(struct kx_task *task);

void kx_death_kill(struct kx_task *task)
{
	/* ESRCH: it has ended by itself, which is what we want. */
	if (syscall(SYS_pidfd_send_signal, task->pidfd, SIGKILL, NULL, 0) < 0 && errno != ESRCH)
		kx_log("cannot kill %s (process %d): %m", task->name, task->pid);
}

static void run_back(struct kx_job *job)
{
	struct kx_task *task = kx_container(job, struct kx_task, removal);

	/* Step 8: nobody in this process looks at page and link any more. */
	kx_task_release(task);
	kx_object_unpin(&task->object);
}

static void run_removed(struct kx_job *job)
{
	struct kx_task *task = kx_container(job, struct kx_task, removal);

	if (kx_hooks.task_ending && kx_hooks.task_ending(task)) {
		kx_ipc_post(job); /* behind what keeps it */
		return;
	}
	/* Steps 6 and 7 are the IPC thread's. */
	if (kx_hooks.task_removed)
		kx_hooks.task_removed(task);
	if (kx_hooks.forget)
		kx_hooks.forget(task->object.sid);
	job->run = run_back;
	kx_control_post(job);
}

static void tell_ipc(struct kx_task *task)
{
	kx_object_pin(&task->object);
	task->removal.run = run_removed;
	kx_ipc_post(&task->removal);
}

/* Steps 1 to 5 for every channel of @task, on either side. */
static void close_channels(struct kx_task *task)
{
	struct kx_channel *channel;
	uint32_t index;

	for (index = 0; index < task->channel_top; index++) {
		channel = task->channels[index];
		if (channel)
			kx_channel_close(channel,
					 channel->server == task ? KX_SIDE_SERVER : KX_SIDE_CLIENT);
	}
}

static void answer_waiters(struct kx_task *task)
{
	struct kx_call_job *job;

	while (!cds_list_empty(&task->waits)) {
		job = cds_list_first_entry(&task->waits, struct kx_call_job, waiting);
		job->args[0] = (uint32_t)task->exit_code;
		kx_call_answer(job, KX_RC_OK);
	}
}

void kx_death(struct kx_task *task)
{
	if (kx_task_state(task) == KX_TASK_DEAD)
		return;
	atomic_store(&task->state, KX_TASK_DEAD);
	if (task->pid) /* it had a process */
		kx_registry_ended();
	kx_source_remove(&task->pidfd_source);
	kx_source_remove(&task->control_source);
	kx_object_pin(&task->object);
	close_channels(task);
	kx_calls_task_dead(task);
	kx_cm_task_dead(task);
	kx_user_owner_dead(task);
	kx_handle_close_all(task);
	kx_notice_signal(&task->object, KX_EVENT_TASK_COMPLETED | KX_EVENT_OBJECT_DESTROYED);
	answer_waiters(task);
	/* Whoever waited to send it a region: its channels are DEAD now. */
	while (!cds_list_empty(&task->sends))
		kx_call_answer(cds_list_first_entry(&task->sends, struct kx_call_job, waiting),
			       KX_RC_NOT_CONNECTED);
	tell_ipc(task);
	kx_files_task_dead(task);
	kx_report_ended(task);
	kx_registry_remove(task);
	if (kx_death_observer)
		kx_death_observer(task);
	kx_object_unpin(&task->object);
}

static void take_status(struct kx_task *task, const siginfo_t *info)
{
	bool exited = info->si_code == CLD_EXITED;

	task->exit_signal = exited ? 0 : info->si_status;
	if (!task->stopped)
		task->exit_code = exited ? info->si_status : 128 + info->si_status;
}

static bool reap(struct kx_task *task, int flags)
{
	siginfo_t info = {0};

	if (waitid((idtype_t)P_PIDFD, (id_t)task->pidfd, &info, WEXITED | flags) < 0)
		return errno == ECHILD;
	if (!info.si_pid)
		return false;
	take_status(task, &info);
	return true;
}

void kx_death_pidfd(struct kx_source *source, uint32_t events)
{
	struct kx_task *task = kx_container(source, struct kx_task, pidfd_source);

	(void)events;
	if (reap(task, WNOHANG))
		kx_death(task);
}

/*
 * Linux takes a process's memory before it closes its descriptors: one without
 * memory is ending by itself, and its socket hangs up only because of that. The
 * pid is ours until we reap it.
 */
static bool has_memory(pid_t pid)
{
	char path[32];
	char text[32];
	bool found;
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%d/statm", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	/* Its first number is the size in pages. */
	found = fgets(text, sizeof(text), file) && text[0] != '0';
	(void)fclose(file);
	return found;
}

void kx_death_control(struct kx_source *source, uint32_t events)
{
	struct kx_task *task = kx_container(source, struct kx_task, control_source);

	if (events == EPOLLOUT) {
		kx_calls_writable(task);
		return;
	}
	/* Mostly it is dead by now, and there is nothing to find out. */
	if (events & (EPOLLHUP | EPOLLRDHUP) && reap(task, WNOHANG)) {
		kx_death(task);
		return;
	}
	task->hung_up = !(events & (EPOLLHUP | EPOLLRDHUP)) || has_memory(task->pid);
	kx_source_remove(source);
	/* Killed in any case: what looks like dying may be an entity without a main thread. */
	atomic_store(&task->state, KX_TASK_ENDING);
	kx_death_kill(task);
}

void kx_death_now(struct kx_task *task)
{
	kx_death_kill(task);
	reap(task, 0);
	kx_death(task);
}
