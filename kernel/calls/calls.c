/* SPDX-License-Identifier: Apache-2.0 */

/* Kernel calls: dispatch, waiting, time-outs, and handles of messages; see calls.h. */

#include "calls.h"

#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "board.h"
#include "control_time.h"
#include "source.h"

/* Every waiting job; few at any time, so a list is searched. */
static CDS_LIST_HEAD(waiting_jobs);
static struct kx_source timer_source = {.fd = -1};

uint64_t kx_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* When the next waiting job is due; 0: never. */
static uint64_t first_deadline(void)
{
	struct kx_call_job *job;
	uint64_t first = 0;

	cds_list_for_each_entry(job, &waiting_jobs, by_task)
	{
		if (job->deadline_ns && (!first || job->deadline_ns < first))
			first = job->deadline_ns;
	}
	return first;
}

bool kx_calls_timed(void)
{
	return first_deadline() != 0;
}

static void arm_timer(void)
{
	struct itimerspec when = {0};
	uint64_t first = first_deadline();

	when.it_value.tv_sec = (time_t)(first / 1000000000u);
	when.it_value.tv_nsec = (long)(first % 1000000000u);
	timerfd_settime(timer_source.fd, TFD_TIMER_ABSTIME, &when, NULL);
}

static struct kx_call_job *first_due(uint64_t now)
{
	struct kx_call_job *job;

	cds_list_for_each_entry(job, &waiting_jobs, by_task)
	{
		if (job->deadline_ns && job->deadline_ns <= now)
			return job;
	}
	return NULL;
}

static void timer_ready(struct kx_source *source, uint32_t events)
{
	uint64_t now = kx_now_ns();
	struct kx_call_job *job;
	uint64_t count;

	(void)events;
	/* Nothing to read means that the timer was set anew meanwhile. */
	if (read(source->fd, &count, sizeof(count)) < 0)
		now = kx_now_ns();
	for (job = first_due(now); job; job = first_due(now))
		kx_call_answer(job, KX_RC_TIMEOUT);
	arm_timer();
}

int kx_calls_init(void)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);

	if (fd < 0)
		return -1;
	return kx_source_add(&timer_source, fd, EPOLLIN, timer_ready);
}

void kx_calls_fini(void)
{
	kx_source_remove(&timer_source);
	if (timer_source.fd >= 0)
		close(timer_source.fd);
	timer_source.fd = -1;
}

static bool is_waiting(const struct kx_call_job *job)
{
	return job->by_task.next != NULL;
}

static void stop_waiting(struct kx_call_job *job)
{
	cds_list_del(&job->waiting);
	cds_list_del(&job->by_task);
	job->waiting.next = job->by_task.next = NULL;
	if (job->expired)
		job->expired(job);
}

void kx_call_resume(struct kx_call_job *job)
{
	stop_waiting(job);
}

void kx_call_answer(struct kx_call_job *job, enum kx_rc rc)
{
	if (is_waiting(job))
		stop_waiting(job);
	job->rc = rc;
	job->done(job);
}

void kx_call_wait(struct kx_call_job *job, struct cds_list_head *list, uint32_t timeout_ms)
{
	if (!timeout_ms) {
		if (job->expired)
			job->expired(job);
		kx_call_answer(job, KX_RC_TIMEOUT);
		return;
	}
	job->deadline_ns =
		timeout_ms == KX_TIMEOUT_NONE ? 0 : kx_now_ns() + timeout_ms * UINT64_C(1000000);
	cds_list_add_tail(&job->waiting, list);
	cds_list_add_tail(&job->by_task, &waiting_jobs);
	if (job->deadline_ns)
		arm_timer();
}

void kx_calls_task_dead(struct kx_task *task)
{
	struct kx_call_job *job;
	struct kx_call_job *next;

	cds_list_for_each_entry_safe(job, next, &waiting_jobs, by_task)
	{
		if (job->task == task)
			kx_call_answer(job, KX_RC_ABORT);
	}
}

static void run_call(struct kx_job *posted)
{
	struct kx_call_job *job = kx_container(posted, struct kx_call_job, job);
	int32_t rc = KX_RC_OK;

	job->waiting.next = job->by_task.next = NULL;
	job->expired = NULL;
	job->out = NULL;
	job->out_len = 0;
	if (kx_task_state(job->task) == KX_TASK_DEAD)
		rc = KX_RC_ABORT;
	else if (job->fetch)
		rc = job->fetch(job);
	if (rc != KX_RC_OK)
		kx_call_answer(job, rc);
	else if (job->op == KX_CALL_OPEN ||
		 (job->op >= KX_CALL_HANDLE_CLOSE && job->op <= KX_CALL_HANDLE_CONNECT_EX))
		kx_calls_handle(job);
	else if (job->op >= KX_CALL_TASK_CREATE && job->op <= KX_CALL_TASK_TOLD)
		kx_calls_task(job);
	else if (job->op >= KX_CALL_CM_CONNECT && job->op <= KX_CALL_CM_DROP)
		kx_calls_cm(job);
	else if (job->op >= KX_CALL_NOTICE_CREATE && job->op <= KX_CALL_NOTICE_DROP)
		kx_calls_notice(job);
	else if (job->op >= KX_CALL_MEMORY_CREATE && job->op <= KX_CALL_MEMORY_SIZE)
		kx_calls_memory(job);
	else if (job->op >= KX_CALL_BOARD_TEXT && job->op <= KX_CALL_BOARD_WAIT)
		kx_calls_board(job);
	else if (job->op == KX_CALL_AUDIT_READ || job->op == KX_CALL_AUDIT_OPEN ||
		 job->op == KX_CALL_AUDIT_CLOSE)
		kx_calls_audit(job);
	else
		kx_call_answer(job, KX_RC_UNIMPLEMENTED);
}

void kx_call_submit(struct kx_call_job *job)
{
	job->job.run = run_call;
	kx_control_leave(&job->job);
}

static void undo_made(struct kx_transfer_job *job)
{
	unsigned index;

	for (index = 0; index < job->count; index++) {
		if (job->made >> index & 1u)
			kx_handle_close(job->to, job->out[index].handle);
	}
	job->made = 0;
}

static enum kx_rc transfer_one(struct kx_transfer_job *job, unsigned index)
{
	const struct kx_handle_desc *in = &job->in[index];
	bool created = false;
	enum kx_rc rc;

	if (in->handle == 0 || in->handle == KX_HANDLE_INVALID) {
		job->out[index] = *in;
		job->out[index].badge = 0;
		return KX_RC_OK;
	}
	rc = kx_handle_transfer(job->from, job->to, in, &job->out[index], &created);
	if (created)
		job->made |= 1u << index;
	return rc;
}

static void run_transfer(struct kx_job *posted)
{
	struct kx_transfer_job *job = kx_container(posted, struct kx_transfer_job, job);
	enum kx_rc rc = KX_RC_OK;
	unsigned index;

	job->made = 0;
	if (kx_task_state(job->from) == KX_TASK_DEAD || kx_task_state(job->to) == KX_TASK_DEAD)
		rc = KX_RC_NOT_CONNECTED;
	for (index = 0; index < job->count && rc == KX_RC_OK; index++)
		rc = transfer_one(job, index);
	if (rc != KX_RC_OK)
		undo_made(job);
	job->rc = rc;
	job->done(job);
}

void kx_transfer_submit(struct kx_transfer_job *job)
{
	job->job.run = run_transfer;
	kx_control_leave(&job->job);
}

static void run_undo(struct kx_job *posted)
{
	struct kx_transfer_job *job = kx_container(posted, struct kx_transfer_job, job);

	undo_made(job);
	job->done(job);
}

void kx_transfer_undo(struct kx_transfer_job *job)
{
	job->job.run = run_undo;
	kx_control_post(&job->job);
}
