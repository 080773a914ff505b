/* SPDX-License-Identifier: Apache-2.0 */

/* Reports to `kosix run`; see report.h. */

#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "audit_log.h"
#include "counters.h"
#include "decide.h"
#include "log.h"
#include "source.h"
#include "task.h"

/* One packet; owns its descriptors. */
struct report {
	char *text;
	int fds[2]; /* -1: none */
	struct report *next;
};

static int pair = -1;
static struct kx_source pair_source;
static void (*gone_callback)(void);
static struct report *first;
static struct report **last = &first;
static int read_ends[2] = {-1, -1}; /* between outputs and outputs_done */

static void free_report(struct report *report)
{
	int index;

	for (index = 0; index < 2; index++) {
		if (report->fds[index] >= 0)
			close(report->fds[index]);
	}
	free(report->text);
	free(report);
}

static ssize_t send_one(const struct report *report, int flags)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(2 * sizeof(int))];
	} control = {.room = {0}};
	struct iovec part = {.iov_base = report->text, .iov_len = strlen(report->text)};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

	if (report->fds[0] >= 0) {
		message.msg_control = &control;
		message.msg_controllen = sizeof(control.room);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(2 * sizeof(int));
		memcpy(CMSG_DATA(&control.header), report->fds, 2 * sizeof(int));
	}
	return sendmsg(pair, &message, MSG_NOSIGNAL | flags);
}

/* Returns false when the pair is full for now. */
static bool flush(int flags)
{
	struct report *report;

	while (first) {
		if (send_one(first, flags) < 0 && (errno == EAGAIN || errno == ETOOMANYREFS))
			return false;
		/* Sent, or the reader is gone: either way this one is over. */
		report = first;
		first = report->next;
		if (!first)
			last = &first;
		free_report(report);
	}
	return true;
}

static void pair_ready(struct kx_source *source, uint32_t events)
{
	if (events & (EPOLLHUP | EPOLLERR | EPOLLRDHUP)) {
		kx_source_remove(source);
		gone_callback();
		return;
	}
	if (flush(MSG_DONTWAIT))
		kx_source_change(source, EPOLLRDHUP);
}

int kx_report_init(int fd, void (*gone)(void))
{
	pair = fd;
	gone_callback = gone;
	if (fd < 0)
		return 0;
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
		return -errno;
	return kx_source_add(&pair_source, fd, EPOLLRDHUP, pair_ready);
}

void kx_report_fini(void)
{
	if (pair < 0)
		return;
	kx_source_remove(&pair_source);
	flush(0);
	close(pair);
	pair = -1;
}

static void queue(json_t *object, const int *fds)
{
	struct report *report = calloc(1, sizeof(*report));

	if (report)
		report->text = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	if (!report || !report->text) {
		kx_log("out of memory: a report to kosix run is lost");
		free(report);
		return;
	}
	report->fds[0] = fds ? fds[0] : -1;
	report->fds[1] = fds ? fds[1] : -1;
	*last = report;
	last = &report->next;
	if (!flush(MSG_DONTWAIT))
		kx_source_change(&pair_source, EPOLLRDHUP | EPOLLOUT);
}

void kx_report_ready(const char *name)
{
	if (pair >= 0)
		queue(json_pack("{s:s,s:s}", "event", "ready", "name", name), NULL);
}

void kx_report_started(void)
{
	if (pair >= 0)
		queue(json_pack("{s:s}", "event", "started"), NULL);
}

void kx_report_failed(const char *text)
{
	if (pair >= 0)
		queue(json_pack("{s:s,s:s}", "event", "failed", "text", text), NULL);
	else
		kx_log("%s", text);
}

void kx_report_done(void)
{
	if (pair >= 0)
		queue(json_pack("{s:s}", "event", "done"), NULL);
}

void kx_report_audit(void)
{
	struct kx_decide_counts counts = kx_decide_counts();
	struct kx_audit_counts audit = kx_audit_log_counts();

	if (pair >= 0)
		queue(json_pack("{s:s,s:I,s:I,s:I,s:I,s:I,s:I}", "event", "audit", "decisions",
				(json_int_t)(counts.granted + counts.denied), "granted",
				(json_int_t)counts.granted, "denied", (json_int_t)counts.denied,
				"malformed", (json_int_t)counts.malformed, "records",
				(json_int_t)audit.records, "lost", (json_int_t)audit.lost),
		      NULL);
}

void kx_report_ended(struct kx_task *task)
{
	if (pair < 0)
		return;
	queue(json_pack("{s:s,s:i,s:s,s:s,s:i,s:i,s:b,s:b,s:b,s:o}", "event", "end", "task",
			(int)task->number, "name", task->name, "class", task->class_name, "code",
			task->exit_code, "signal", task->exit_signal, "ran", task->pid != 0,
			"stopped", task->stopped, "hung_up", task->hung_up, "counters",
			kx_counters_json(task)),
	      NULL);
}

int kx_report_outputs(struct kx_task *task, int outputs[2])
{
	int out[2];
	int err[2];

	(void)task;
	outputs[0] = STDOUT_FILENO;
	outputs[1] = STDERR_FILENO;
	if (pair < 0)
		return 0;
	if (pipe2(out, O_CLOEXEC) < 0)
		return -1;
	if (pipe2(err, O_CLOEXEC) < 0) {
		close(out[0]);
		close(out[1]);
		return -1;
	}
	read_ends[0] = out[0];
	read_ends[1] = err[0];
	outputs[0] = out[1];
	outputs[1] = err[1];
	return 0;
}

void kx_report_outputs_done(struct kx_task *task, int outputs[2], bool started)
{
	if (pair < 0)
		return;
	close(outputs[0]);
	close(outputs[1]);
	if (started) {
		queue(json_pack("{s:s,s:i,s:s,s:s,s:i}", "event", "start", "task",
				(int)task->number, "name", task->name, "class", task->class_name,
				"pid", (int)task->pid),
		      read_ends);
	} else {
		close(read_ends[0]);
		close(read_ends[1]);
	}
	read_ends[0] = read_ends[1] = -1;
}
