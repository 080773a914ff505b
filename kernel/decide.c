/* SPDX-License-Identifier: Apache-2.0 */
#include "decide.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "audit.h"
#include "log.h"
#include "module.h"
#include "record.h"
#include "task.h"

/* Written by the IPC thread alone; relaxed: they order nothing. */
static struct {
	_Atomic uint64_t granted, denied, malformed;
} counts;
static uint64_t next_number;

/* What the watchdog and the crash handler may read: one decision, described before it begins. */
static struct {
	_Atomic uint64_t running; /* number of the event, 0: none */
	const struct kx_event *event;
} current;

static const char *kind_name(enum kx_event_kind kind)
{
	static const char *const names[] = {"?",        "execute", "request",
					    "response", "error",   "security"};

	return names[(unsigned)kind < sizeof(names) / sizeof(*names) ? kind : 0];
}

static void count(_Atomic uint64_t *counter)
{
	atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + 1,
			      memory_order_relaxed);
}

/* Puts a decision on record, with a line of those of @cause; NULL: the kernel process itself. */
static void put_on_record(const struct kx_event *event, enum kx_verdict verdict,
			  const struct kx_trail *trail, struct kx_task *cause)
{
	static struct kx_audit_lines own;

	if (cause)
		kx_audit(event, verdict, trail, &cause->audit_lines, cause->name);
	else
		kx_audit(event, verdict, trail, &own, event->src.task_name);
}

/* A record of reading records would be the next record to read, without end. */
static bool is_reading_of_records(const struct kx_event *event)
{
	return event->dst.sid == KX_SID_KERNEL && event->interface_name &&
	       strcmp(event->interface_name, "kl.core.Audit") == 0;
}

enum kx_verdict kx_decide(struct kx_event *event, struct kx_task *source)
{
	struct kx_trail trail = {0};
	enum kx_verdict verdict;

	event->number = ++next_number;
	current.event = event;
	atomic_store_explicit(&current.running, event->number, memory_order_release);
	verdict = kx_module_decide(event, &trail);
	atomic_store_explicit(&current.running, 0, memory_order_release);
	kx_record_event(event, verdict);
	if (verdict == KX_GRANT) {
		count(&counts.granted);
		if (trail.audit && !is_reading_of_records(event))
			put_on_record(event, KX_GRANT, &trail, source);
		return KX_GRANT;
	}
	count(&counts.denied);
	if (source)
		kx_task_count(source, KX_COUNT_DENIED);
	put_on_record(event, KX_DENY, &trail, source);
	return KX_DENY;
}

void kx_decide_malformed(struct kx_event *event, struct kx_task *source, const char *why)
{
	kx_decide_reported(event, source, source, why);
}

void kx_decide_reported(struct kx_event *event, struct kx_task *source, struct kx_task *reporter,
			const char *why)
{
	struct kx_trail trail = {.rule = "message structure", .reason = why};

	event->number = ++next_number;
	count(&counts.malformed);
	if (source)
		kx_task_count(source, KX_COUNT_DENIED);
	put_on_record(event, KX_DENY, &trail, reporter);
}

struct kx_decide_counts kx_decide_counts(void)
{
	return (struct kx_decide_counts){
		atomic_load_explicit(&counts.granted, memory_order_relaxed),
		atomic_load_explicit(&counts.denied, memory_order_relaxed),
		atomic_load_explicit(&counts.malformed, memory_order_relaxed),
	};
}

/* Async-signal-safe as far as it must be: the process ends right after. */
static void die_naming_the_event(const char *what)
{
	const struct kx_event *event = current.event;
	char line[512];
	int length;

	length = snprintf(line, sizeof(line),
			  "kosix: security module %s %s while deciding %s %s -> %s %s.%s "
			  "(event %llu); the solution is ended\n",
			  kx_module_name(), what, kind_name(event->kind), event->src.task_name,
			  event->dst.task_name, event->endpoint, event->method,
			  (unsigned long long)event->number);
	if (length > 0)
		(void)!write(STDERR_FILENO, line, (size_t)length);
	_exit(4);
}

static void on_tick(int signal)
{
	static uint64_t last;
	uint64_t running = atomic_load_explicit(&current.running, memory_order_acquire);

	(void)signal;
	if (running && running == last)
		die_naming_the_event("used more than a second");
	last = running;
}

static void on_crash(int number)
{
	if (atomic_load_explicit(&current.running, memory_order_acquire))
		die_naming_the_event("crashed");
	(void)signal(number, SIG_DFL);
	(void)raise(number);
}

void kx_decide_watch(void)
{
	static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
	struct sigaction action = {.sa_handler = on_crash};
	struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGVTALRM};
	struct itimerspec second = {.it_interval = {.tv_sec = 1}, .it_value = {.tv_sec = 1}};
	timer_t timer;

	for (size_t i = 0; i < sizeof(crashes) / sizeof(*crashes); i++)
		(void)sigaction(crashes[i], &action, NULL);
	action.sa_handler = on_tick;
	action.sa_flags = SA_RESTART;
	(void)sigaction(SIGVTALRM, &action, NULL);
	/* Processor time of this thread: an idle kernel process is never woken by it. */
	event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
	if (timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer) != 0 ||
	    timer_settime(timer, 0, &second, NULL) != 0)
		kx_log("no watchdog on the security module: a rule that loops will hang");
}
