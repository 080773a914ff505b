/* SPDX-License-Identifier: Apache-2.0 */
#include "module_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "log.h"

#define LOOKER_STACK (256u << 10)

struct kx_module_watch kx_module_watch = {.is_looking = true, .looks = KX_MODULE_LOOKS};

/* The thread that calls into the module. */
static struct {
	pthread_t thread;
	_Atomic pid_t number;
	timer_t timer;
	bool has_timer;
	_Atomic int state; /* descriptor of its state in /proc */
} watched = {.state = -1};

/* The thread that looks at it. */
static struct {
	pthread_t thread;
	bool is_there;
	_Atomic bool over;
	_Atomic uint64_t found; /* the call that has slept for too long */
	sem_t bell;
} looker;

/* A module that calls itself without end leaves no room on its own stack. */
static char crash_stack[32768];

/* --- the last words --------------------------------------------------------------- */

static const char *kind_name(enum kx_event_kind kind)
{
	static const char *const names[] = {"?",        "execute", "request",
					    "response", "error",   "security"};

	return names[(unsigned)kind < sizeof(names) / sizeof(*names) ? kind : 0];
}

static void say(const char *line, int length, size_t size)
{
	if (length > 0)
		(void)!write(STDERR_FILENO, line,
			     (size_t)length < size ? (size_t)length : size - 1);
}

static int subject(const struct kx_module_call *call, char *text, size_t size)
{
	const struct kx_event *event = call->event;
	const struct kx_method_question *question = call->question;

	if (event)
		return snprintf(text, size, " %s %s -> %s %s.%s (event %llu)",
				kind_name(event->kind), event->src.task_name, event->dst.task_name,
				event->endpoint, event->method, (unsigned long long)event->number);
	if (question)
		return snprintf(text, size, " %s -> %s %s.%s", question->src_task,
				question->dst_task, question->endpoint, question->method);
	*text = '\0';
	return 0;
}

/* After everything else: a module that wrote garbage there ends us here. */
static void say_rule(const struct kx_trail *trail)
{
	char line[512];
	int length;

	if (!trail || !trail->rule)
		return;
	if (trail->file)
		length = snprintf(line, sizeof(line), "kosix: it was at the rule %s:%u: %s\n",
				  trail->file, trail->line, trail->rule);
	else
		length =
			snprintf(line, sizeof(line), "kosix: it was at the rule %s\n", trail->rule);
	say(line, length, sizeof(line));
}

/* Async-signal-safe as far as it must be: the process ends right after. */
static void die_naming_the_call(const char *did)
{
	const struct kx_module_call *call = kx_module_watch.call;
	char about[400];
	char line[768];
	int length;

	(void)subject(call, about, sizeof(about));
	length = snprintf(line, sizeof(line),
			  "kosix: security module %s %s while %s%s; the solution is ended\n",
			  call->module, did, call->what, about);
	say(line, length, sizeof(line));
	say_rule(call->trail);
	_exit(4);
}

static uint64_t turns_now(void)
{
	return atomic_load_explicit(&kx_module_watch.turns, memory_order_acquire);
}

/* --- processor time and crashes: by signals to the thread itself ---------------------- */

static void on_tick(uint64_t turns)
{
	static uint64_t last;

	if (turns % 2 && turns == last)
		die_naming_the_call("used more than a second of processor time");
	last = turns;
}

/* Of the timer, or of the looker: here no call can end meanwhile. */
static void on_signal(int number, siginfo_t *info, void *context)
{
	uint64_t turns = turns_now();

	(void)number;
	(void)context;
	if (info->si_code == SI_TIMER)
		on_tick(turns);
	else if (turns % 2 && turns == atomic_load(&looker.found))
		die_naming_the_call("waited for seconds");
}

static void on_crash(int number)
{
	if (turns_now() % 2 && pthread_equal(pthread_self(), watched.thread))
		die_naming_the_call("crashed");
	(void)signal(number, SIG_DFL);
	(void)raise(number);
}

static void catch_signals(void)
{
	static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
	struct sigaction action = {.sa_handler = on_crash, .sa_flags = SA_ONSTACK};

	for (size_t i = 0; i < sizeof(crashes) / sizeof(*crashes); i++)
		(void)sigaction(crashes[i], &action, NULL);
	action.sa_sigaction = on_signal;
	action.sa_flags = SA_RESTART | SA_SIGINFO;
	(void)sigaction(SIGVTALRM, &action, NULL);
}

/* Processor time of this thread: an idle kernel process is never woken by it. */
static bool count_processor_time(void)
{
	struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGVTALRM};
	struct itimerspec second = {.it_interval = {.tv_sec = 1}, .it_value = {.tv_sec = 1}};

	event._sigev_un._tid = atomic_load(&watched.number);
	if (timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &watched.timer) != 0)
		return false;
	watched.has_timer = true;
	return timer_settime(watched.timer, 0, &second, NULL) == 0;
}

/* --- sleep: by the thread that looks ------------------------------------------------ */

/* False: the watch is over. */
static bool let_a_second_pass(void)
{
	struct timespec until;

	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec++;
	while (!atomic_load(&looker.over))
		if (sem_clockwait(&looker.bell, CLOCK_MONOTONIC, &until) != 0 && errno == ETIMEDOUT)
			return true;
	return false;
}

/* As /proc has it: "number (name) state ...". */
static bool is_asleep(void)
{
	char text[128] = "";
	const char *name_end;

	if (pread(atomic_load(&watched.state), text, sizeof(text) - 1, 0) <= 0)
		return false;
	name_end = strrchr(text, ')');
	return name_end && name_end[1] == ' ' && name_end[2] == 'S';
}

/*
 * SUBTLE: whoever enters looks at is_looking after it has moved `turns`, without a fence. So a
 * second passes in between here: by then both have seen what the other wrote before it.
 */
static void rest(uint64_t turns)
{
	atomic_store(&kx_module_watch.is_looking, false);
	if (!let_a_second_pass())
		return;
	while (!atomic_load(&looker.over) && turns_now() == turns &&
	       !atomic_load(&kx_module_watch.is_looking))
		(void)sem_wait(&looker.bell);
	atomic_store(&kx_module_watch.is_looking, true);
}

void kx_module_rouse_watch(void)
{
	atomic_store(&kx_module_watch.is_looking, true);
	(void)sem_post(&looker.bell);
}

/*
 * The call may end at any time, and what is known of it with it: so the thread that made it says
 * what it was. A module that has blocked the signal is ended without.
 */
static void end_sleeper(uint64_t turns)
{
	static const char line[] = "kosix: security module waited for seconds and takes no "
				   "signals; the solution is ended\n";

	if (atomic_exchange(&looker.found, turns) != turns) {
		(void)syscall(SYS_tgkill, getpid(), atomic_load(&watched.number), SIGVTALRM);
		return;
	}
	say(line, sizeof(line) - 1, sizeof(line));
	_exit(4);
}

static void *look(void *unused)
{
	uint64_t turns = turns_now();
	unsigned asleep = 0; /* looks in a row at one call */

	while (let_a_second_pass()) {
		uint64_t now = turns_now();

		if (now == turns && now % 2 == 0)
			rest(now);
		asleep = now == turns && now % 2 && is_asleep() ? asleep + 1 : 0;
		if (asleep >= atomic_load(&kx_module_watch.looks) && turns_now() == now)
			end_sleeper(now);
		turns = now;
	}
	return unused;
}

static bool start_looker(void)
{
	pthread_attr_t attributes;
	sigset_t all;
	sigset_t old;

	if (looker.is_there)
		return true;
	atomic_store(&looker.over, false);
	atomic_store(&kx_module_watch.is_looking, true);
	(void)sem_init(&looker.bell, 0, 0);
	(void)sigfillset(&all);
	(void)pthread_attr_init(&attributes);
	(void)pthread_attr_setstacksize(&attributes, LOOKER_STACK);
	(void)pthread_sigmask(SIG_SETMASK, &all, &old);
	looker.is_there = pthread_create(&looker.thread, &attributes, look, NULL) == 0;
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	(void)pthread_attr_destroy(&attributes);
	return looker.is_there;
}

/* --- who is watched ------------------------------------------------------------------ */

static void let_go(void)
{
	int state = atomic_exchange(&watched.state, -1);

	if (state >= 0)
		(void)close(state);
	if (watched.has_timer)
		(void)timer_delete(watched.timer);
	watched.has_timer = false;
}

/* A sanitizer gives each thread one of its own, and takes back whatever it finds at the end. */
static void have_crash_stack(void)
{
	const stack_t ours = {.ss_sp = crash_stack, .ss_size = sizeof(crash_stack)};
	stack_t now;

	if (sigaltstack(NULL, &now) == 0 && now.ss_flags & SS_DISABLE)
		(void)sigaltstack(&ours, NULL);
}

void kx_module_watch_me(void)
{
	bool counts;

	let_go();
	watched.thread = pthread_self();
	atomic_store(&watched.number, (pid_t)syscall(SYS_gettid));
	have_crash_stack();
	catch_signals();
	counts = count_processor_time();
	atomic_store(&watched.state, open("/proc/thread-self/stat", O_RDONLY | O_CLOEXEC));
	if (!start_looker() || atomic_load(&watched.state) < 0 || !counts)
		kx_log("no full watch on the security module: a rule that loops or waits may hang");
}

void kx_module_watch_end(void)
{
	if (looker.is_there) {
		atomic_store(&looker.over, true);
		kx_module_rouse_watch();
		(void)pthread_join(looker.thread, NULL);
		(void)sem_destroy(&looker.bell);
		looker.is_there = false;
	}
	let_go();
}
