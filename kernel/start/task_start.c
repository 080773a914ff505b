/* SPDX-License-Identifier: Apache-2.0 */

/* From a CREATED task to a running process; see task_start.h. */

#include "task_start.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "death.h"
#include "executable.h"
#include "files.h"
#include "isolation/spawn.h"
#include "registry.h"
#include "report.h"
#include "task.h"
#include "task_page.h"
#include "tool.h"

static unsigned starts_in_progress;

unsigned kx_task_busy(void)
{
	return starts_in_progress + kx_registry_live();
}

static enum kx_rc send_region(struct kx_task *task, enum kx_packet_kind kind, int *fd,
			      const struct kx_region_header *header)
{
	struct kx_packet packet = {
		.kind = kind, .generation = header->generation, .bytes = header->region_bytes};
	enum kx_rc rc = kx_task_send(task, &packet, *fd);

	if (rc != KX_RC_OK)
		return rc;
	close(*fd);
	*fd = -1;
	return KX_RC_OK;
}

enum kx_rc kx_task_introduce(struct kx_task *task)
{
	enum kx_rc rc = KX_RC_OK;

	if (task->introduced)
		return KX_RC_OK;
	if (task->child_fds[0] >= 0)
		rc = send_region(task, KX_PACKET_TASK_PAGE, &task->child_fds[0],
				 &task->page->header);
	if (rc == KX_RC_OK)
		rc = send_region(task, KX_PACKET_LINK, &task->child_fds[1], &task->link->header);
	task->introduced = rc == KX_RC_OK;
	return rc;
}

static int spawn(struct kx_start *start, const int *outputs, struct kx_spawned *spawned)
{
	struct kx_task *task = start->task;
	/* What policy does not let out goes nowhere. */
	int nowhere = task->silent ? open("/dev/null", O_WRONLY | O_CLOEXEC) : -1;
	const int fds[] = {-1, outputs[0], nowhere >= 0 ? nowhere : outputs[1], task->child_fds[2],
			   task->bell};
	struct kx_spawn_request request = {
		.fds = fds,
		.fd_count = 5,
		.keep_session = kx_tool_of(task->name) == KX_TOOL_DEBUGGER,
	};
	struct kx_tool_command command;
	struct kx_spawn_error error;
	int result;

	request.sandbox = kx_executable_sandbox(task, start->error, sizeof(start->error));
	if (!request.sandbox || (task->silent && nowhere < 0) ||
	    kx_tool_command(task, kx_executable_path(task), &command) < 0)
		return -1;
	request.argv = command.argv;
	request.envp = command.envp;
	result = kx_spawn(&request, spawned, &error);
	if (nowhere >= 0)
		close(nowhere);
	kx_tool_command_clear(&command);
	if (result == 0)
		return 0;
	(void)snprintf(start->error, sizeof(start->error), "%s: %s: %s%s%s", task->program,
		       kx_spawn_phase_name(error.phase), strerror(error.error),
		       *kx_spawn_advice(&error) ? "; " : "", kx_spawn_advice(&error));
	return -1;
}

static int watch(struct kx_task *task)
{
	int error = kx_source_add(&task->pidfd_source, task->pidfd, EPOLLIN, kx_death_pidfd);

	if (error)
		return error;
	return kx_source_add(&task->control_source, task->control, EPOLLIN | EPOLLRDHUP,
			     kx_death_control);
}

static enum kx_rc launch(struct kx_start *start)
{
	struct kx_task *task = start->task;
	struct kx_spawned spawned;
	int outputs[2];

	/* Calls are answered by reading and writing its memory. */
	if (kx_files_wanted(task))
		task->page->flags |= KX_TASK_DUMPABLE;
	if (kx_task_page_services(task) != KX_RC_OK || kx_task_introduce(task) != KX_RC_OK)
		return KX_RC_OUT_OF_MEMORY;
	if (kx_report_outputs(task, outputs) < 0) {
		(void)snprintf(start->error, sizeof(start->error), "no descriptors for its output");
		return KX_RC_FAIL;
	}
	if (spawn(start, outputs, &spawned) < 0) {
		kx_report_outputs_done(task, outputs, false);
		return KX_RC_FAIL;
	}
	task->pid = spawned.pid;
	task->pidfd = spawned.pidfd;
	atomic_store(&task->state, KX_TASK_RUNNING);
	kx_registry_began();
	kx_report_outputs_done(task, outputs, true);
	if (spawned.notify_fd >= 0 && kx_files_serve(task, spawned.notify_fd) < 0) {
		(void)snprintf(start->error, sizeof(start->error), "nobody can serve its files");
		kx_death_now(task);
		return KX_RC_FAIL;
	}
	/* From here on only the child has its end: a hang-up means what it says. */
	close(task->child_fds[2]);
	task->child_fds[2] = -1;
	if (watch(task) < 0) {
		(void)snprintf(start->error, sizeof(start->error), "no descriptors to watch it");
		kx_death_now(task);
		return KX_RC_FAIL;
	}
	return KX_RC_OK;
}

static void finish(struct kx_start *start, enum kx_rc rc)
{
	struct kx_task *task = start->task;

	start->rc = rc;
	task->starting = false;
	starts_in_progress--;
	start->done(start);
	kx_object_unpin(&task->object);
}

static void run_judged(struct kx_job *job)
{
	struct kx_start *start = kx_container(job, struct kx_start, job);

	/* It may have been stopped while the policy was asked. */
	if (kx_task_state(start->task) != KX_TASK_CREATED)
		finish(start, KX_RC_INVALID_OPERATION);
	else if (start->verdict != KX_GRANT)
		finish(start, KX_RC_SECURITY_DISALLOW);
	else
		finish(start, launch(start));
}

static void run_judge(struct kx_job *job)
{
	struct kx_start *start = kx_container(job, struct kx_start, job);

	start->verdict = kx_hooks.execute ? kx_hooks.execute(start->source, start->task) : KX_GRANT;
	job->run = run_judged;
	kx_control_post(job);
}

void kx_task_run(struct kx_start *start)
{
	bool may = kx_task_state(start->task) == KX_TASK_CREATED && !start->task->starting;

	start->error[0] = '\0';
	start->verdict = KX_DENY;
	if (!may) {
		start->rc = KX_RC_INVALID_OPERATION;
		start->done(start);
		return;
	}
	start->task->starting = true;
	starts_in_progress++;
	kx_object_pin(&start->task->object);
	start->job.run = run_judge;
	kx_ipc_post(&start->job);
}

void kx_task_stop(struct kx_task *task, int code)
{
	switch (kx_task_state(task)) {
	case KX_TASK_CREATED:
		task->exit_code = code;
		task->stopped = true;
		kx_death(task);
		break;
	case KX_TASK_RUNNING:
		task->exit_code = code;
		task->stopped = true;
		atomic_store(&task->state, KX_TASK_ENDING);
		kx_death_kill(task);
		break;
	default:
		break;
	}
}
