/* SPDX-License-Identifier: Apache-2.0 */

/* What the kernel process reports, and what is told at the end. */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "field.h"
#include "kx_commands.h"
#include "run.h"

#define REPORT_BYTES 65536

#define PLACES 4096u

static struct kx_run_source reports;
static struct kx_run_entity *places[PLACES]; /* by task modulo; the newest first */

static struct kx_run_entity **place_of(int task)
{
	return &places[(unsigned)task % PLACES];
}

static struct kx_run_entity *find_entity(int task)
{
	struct kx_run_entity *entity = *place_of(task);

	while (entity && entity->task != task)
		entity = entity->beside;
	return entity;
}

/* NULL: out of memory. */
static struct kx_run_entity *add_entity(const json_t *report)
{
	struct kx_run_entity *entity = calloc(1, sizeof(*entity));

	if (entity)
		entity->name = strdup(kx_text(report, "name"));
	if (!entity || !entity->name) {
		free(entity);
		return NULL;
	}
	entity->task = (int)kx_number(report, "task");
	entity->pid = (pid_t)kx_number(report, "pid");
	entity->beside = *place_of(entity->task);
	*place_of(entity->task) = entity;
	*kx_run.last_entity = entity;
	kx_run.last_entity = &entity->next;
	return entity;
}

static void entity_started(const json_t *report, int fds[2])
{
	struct kx_run_entity *entity = add_entity(report);

	/* A hint first, then the lines behind it: what is ready by now is read in this order. */
	if (entity && kx_run_pass_output(entity, fds[1], STDERR_FILENO) == 0)
		fds[1] = -1;
	if (entity && kx_run_pass_output(entity, fds[0], STDOUT_FILENO) == 0)
		fds[0] = -1;
	if (fds[0] >= 0 || fds[1] >= 0)
		kx_complain("output of %s is lost: %s", kx_text(report, "name"), strerror(errno));
}

static bool has_crashed(const json_t *end)
{
	return json_is_true(json_object_get(end, "ran")) &&
	       !json_is_true(json_object_get(end, "stopped")) && kx_number(end, "signal") != 0;
}

/* It ended by itself, and said that something was wrong. */
static bool has_failed(const json_t *end)
{
	return json_is_true(json_object_get(end, "ran")) &&
	       !json_is_true(json_object_get(end, "stopped")) && !has_crashed(end) &&
	       kx_number(end, "code") != 0;
}

/* Whether a tool that says where the entity crashes was asked for. */
static bool has_tool(const char *name)
{
	const struct kx_run_options *options = &kx_run.options;
	size_t length = strlen(name);
	size_t index;

	for (index = 0; index < options->kernel_arg_count; index++) {
		const char *value = strchr(options->kernel_args[index], '=');

		if (value && !strncmp(options->kernel_args[index], "--valgrind", 10) &&
		    !strncmp(value + 1, name, length) && !value[1 + length])
			return true;
	}
	return false;
}

static void tell_crash(const char *name, int signal_number)
{
	bool access = signal_number == SIGSEGV || signal_number == SIGBUS ||
		      signal_number == SIGFPE || signal_number == SIGILL;

	if (access && !has_tool(name))
		kx_complain("%s crashed: %s (signal %d); `kosix run --valgrind=%s` says where",
			    name, strsignal(signal_number), signal_number, name);
	else
		kx_complain("%s crashed: %s (signal %d)", name, strsignal(signal_number),
			    signal_number);
}

static void entity_ended(json_t *report)
{
	struct kx_run_entity *entity = find_entity((int)kx_number(report, "task"));
	int signal_number = (int)kx_number(report, "signal");

	if (entity) {
		entity->pid = 0;
		entity->end = json_incref(report);
	}
	if (has_failed(report))
		kx_complain("%s ended with exit status %lld", kx_text(report, "name"),
			    kx_number(report, "code"));
	if (!has_crashed(report))
		return;
	if (json_is_true(json_object_get(report, "hung_up")) && signal_number == SIGKILL)
		kx_complain("%s was ended: it closed its control socket or wrote to it",
			    kx_text(report, "name"));
	else
		tell_crash(kx_text(report, "name"), signal_number);
}

static void handle(json_t *report, int fds[2])
{
	const char *event = kx_text(report, "event");

	if (!strcmp(event, "ready")) {
		kx_run.ready = !kx_run.interrupted; /* or it was told that it had not started */
		/* The module is loaded: its file is not needed any more. */
		kx_policy_build_clear(&kx_run.options.policy);
		kx_run.solution = strdup(kx_text(report, "name"));
	} else if (!strcmp(event, "started"))
		kx_run.all_started = true;
	else if (!strcmp(event, "start"))
		entity_started(report, fds);
	else if (!strcmp(event, "end"))
		entity_ended(report);
	else if (!strcmp(event, "done"))
		kx_run.done = true;
	else if (!strcmp(event, "audit"))
		kx_run.audit = json_incref(report);
	else if (!strcmp(event, "failed")) {
		kx_run.failed = true;
		kx_complain("%s", kx_text(report, "text"));
	}
}

static ssize_t receive(char *bytes, size_t size, int fds[2])
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(2 * sizeof(int))];
	} control;
	struct iovec part = {.iov_base = bytes, .iov_len = size};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control)};
	ssize_t got = recvmsg(reports.fd, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	struct cmsghdr *header = got > 0 ? CMSG_FIRSTHDR(&message) : NULL;

	if (header && header->cmsg_type == SCM_RIGHTS &&
	    header->cmsg_len == CMSG_LEN(2 * sizeof(int)))
		memcpy(fds, CMSG_DATA(header), 2 * sizeof(int));
	return got;
}

static void reports_ready(struct kx_run_source *source)
{
	static char bytes[REPORT_BYTES];
	int fds[2] = {-1, -1};
	ssize_t got = receive(bytes, sizeof(bytes), fds);
	json_t *report;
	int index;

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		kx_run_unwatch(source);
		kx_run.sources--;
		return;
	}
	kx_run_kernel_told();
	report = json_loadb(bytes, (size_t)got, 0, NULL);
	if (report)
		handle(report, fds);
	json_decref(report);
	for (index = 0; index < 2; index++) {
		if (fds[index] >= 0)
			close(fds[index]);
	}
}

int kx_run_watch_reports(int fd)
{
	kx_run.last_entity = &kx_run.entities;
	if (kx_run_watch(&reports, fd, reports_ready) < 0)
		return -1;
	kx_run.sources++;
	return 0;
}

static long long counter(const struct kx_run_entity *entity, const char *name)
{
	return kx_number(json_object_get(entity->end, "counters"), name);
}

static long long total(const char *name)
{
	const struct kx_run_entity *entity;
	long long sum = 0;

	for (entity = kx_run.entities; entity; entity = entity->next)
		sum += counter(entity, name);
	return sum;
}

static bool any_crashed(void)
{
	const struct kx_run_entity *entity;

	for (entity = kx_run.entities; entity; entity = entity->next) {
		if (entity->end && has_crashed(entity->end))
			return true;
	}
	return false;
}

enum kx_run_status kx_run_result(void)
{
	bool missed = kx_run.options.until && !kx_run.found && !kx_run.interrupted;

	if (kx_run.failed || !kx_run.ready)
		return KX_RUN_NOT_STARTED;
	if (!WIFEXITED(kx_run.kernel_status) || WEXITSTATUS(kx_run.kernel_status) != 0)
		return WIFEXITED(kx_run.kernel_status) && WEXITSTATUS(kx_run.kernel_status) == 3
			       ? KX_RUN_NOT_STARTED
			       : KX_RUN_CRASHED;
	if ((any_crashed() && !kx_run.options.crash_is_no_error) || kx_run.deadlock || missed)
		return KX_RUN_CRASHED;
	if (kx_run.options.deny_is_error && total("denied"))
		return KX_RUN_DENIED;
	return KX_RUN_OK;
}

static void print_table(FILE *out)
{
	const struct kx_run_entity *entity;

	fprintf(out, "%12s %12s %12s %8s %8s  %-9s %s\n", "DIRECT", "RELAYED", "RECEIVED", "DENIED",
		"DROPPED", "END", "ENTITY");
	for (entity = kx_run.entities; entity; entity = entity->next) {
		char end[24];
		int signal_number = (int)kx_number(entity->end, "signal");

		if (json_is_true(json_object_get(entity->end, "stopped")))
			snprintf(end, sizeof(end), "stopped");
		else if (signal_number)
			snprintf(end, sizeof(end), "SIG%.12s",
				 sigabbrev_np(signal_number) ? sigabbrev_np(signal_number) : "?");
		else
			snprintf(end, sizeof(end), "exit %lld", kx_number(entity->end, "code"));
		fprintf(out, "%12lld %12lld %12lld %8lld %8lld  %-9s %s\n",
			counter(entity, "direct_calls"), counter(entity, "calls"),
			counter(entity, "received"), counter(entity, "denied"),
			counter(entity, "dropped"), end, entity->name);
	}
}

/* Decisions = granted + denied; records are of what was denied, malformed, or wanted. */
static void print_decisions(FILE *out)
{
	fprintf(out,
		"policy: %lld decisions = %lld granted + %lld denied; %lld malformed messages; "
		"%lld records, %lld lost\n",
		kx_number(kx_run.audit, "decisions"), kx_number(kx_run.audit, "granted"),
		kx_number(kx_run.audit, "denied"), kx_number(kx_run.audit, "malformed"),
		kx_number(kx_run.audit, "records"), kx_number(kx_run.audit, "lost"));
}

/* Says what to type next, when something went against the policy. */
static void point_to_explain(void)
{
	long long denied = kx_number(kx_run.audit, "denied") + kx_number(kx_run.audit, "malformed");
	long long lost = kx_number(kx_run.audit, "lost");

	if (kx_run.options.audit_found && denied)
		kx_complain("%lld denied; `kosix explain` says why", denied);
	else if (kx_run.options.audit && denied && strcmp(kx_run.options.audit, "off") != 0)
		kx_complain("%lld denied; `kosix explain %s` says why", denied,
			    kx_run.options.audit);
	if (lost)
		kx_complain("%lld audit record%s lost", lost, lost == 1 ? " was" : "s were");
}

static json_t *summary_json(void)
{
	json_t *entities = json_array();
	json_t *failed = json_array();
	const struct kx_run_entity *entity;

	for (entity = kx_run.entities; entity; entity = entity->next) {
		if (entity->end) {
			json_object_del(entity->end, "event");
			json_array_append(entities, entity->end);
			if (has_failed(entity->end))
				json_array_append(failed, json_object_get(entity->end, "name"));
		}
	}
	if (kx_run.audit)
		json_object_del(kx_run.audit, "event");
	return json_pack("{s:i,s:b,s:o,s:b,s:b,s:b,s:b,s:I,s:I,s:I,s:o,s:O*}", "status",
			 (int)kx_run_result(), "crashed", any_crashed(), "failed", failed,
			 "timed_out", kx_run.timed_out, "interrupted", kx_run.interrupted, "found",
			 kx_run.found, "deadlock", kx_run.deadlock, "direct_calls",
			 (json_int_t)total("direct_calls"), "calls", (json_int_t)total("calls"),
			 "denied", (json_int_t)total("denied"), "entities", entities, "policy",
			 kx_run.audit);
}

/* False after a message. */
static bool write_json(const char *path)
{
	FILE *out = strcmp(path, "-") ? fopen(path, "we") : stdout;
	json_t *summary = summary_json();
	/* A full disk shows when the buffer is written, not before. */
	bool written = out && json_dumpf(summary, out, JSON_COMPACT) == 0 &&
		       fputc('\n', out) != EOF && fflush(out) == 0;

	if (!written)
		kx_complain("cannot write %s: %s", out == stdout ? "the summary" : path,
			    strerror(errno));
	if (out && out != stdout)
		(void)fclose(out);
	json_decref(summary);
	return written;
}

bool kx_run_summary(void)
{
	struct kx_run_entity *entity;
	bool written = true;

	if (kx_run.ready && !WIFEXITED(kx_run.kernel_status))
		kx_complain("the kernel process ended by signal %d; every entity was ended",
			    WTERMSIG(kx_run.kernel_status));
	if (kx_run.options.until && !kx_run.found && kx_run.ready && !kx_run.failed)
		kx_complain("no entity printed \"%s\"", kx_run.options.until);
	if (kx_run.options.summary)
		print_table(stderr);
	if (kx_run.options.summary && kx_run.audit)
		print_decisions(stderr);
	point_to_explain();
	if (kx_run.options.json)
		written = write_json(kx_run.options.json);
	while (kx_run.entities) {
		entity = kx_run.entities;
		kx_run.entities = entity->next;
		json_decref(entity->end);
		free(entity->name);
		free(entity);
	}
	return written;
}
