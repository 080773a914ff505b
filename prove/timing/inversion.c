/* SPDX-License-Identifier: Apache-2.0 */

/*
 * S-07: everything on one processor, a server of low priority, somebody in the middle who
 * computes, a client of high priority. Priorities are Linux's: nothing is inherited over a call
 * (docs/CAVEATS.md), so a call may take as long as the middle does not let go, and no longer;
 * and whoever calls a server of its own priority must not notice those below it at all, though
 * they are stopped at any moment: nobody holds a lock that another priority needs.
 *
 *   S-07-nice     nice 19, 0 and -10, the middle never stops: a call waits for the server's share
 *   S-07-fifo     SCHED_FIFO; the middle computes for 40 ms at a time
 *   S-07-beside   SCHED_FIFO; a pair of high priority, while an entity of low priority that
 *                 calls the same server and the kernel process as fast as it can is cut off
 *                 again and again
 */

#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "result.h"
#include "rig.h"
#include "trace.h"

#define PAUSE_MS 10u

enum { LOW = 10, MIDDLE = 20, HIGH = 30, KERNEL = 40 }; /* of SCHED_FIFO */

struct cell {
	const char *name;
	bool fifo;
	bool beside;           /* the server has the client's priority */
	unsigned burst_ms;     /* how long the middle computes at a time */
	unsigned long most_us; /* that a call may take; 0: see p99_us */
	unsigned long p99_us;
	const char *note;
};

/*
 * The last is judged by its 99th percentile: single calls there took as long as a burst of the
 * middle, also without anybody of low priority, and why is not known. They are printed.
 */
static const struct cell cells[] = {
	{"S-07-nice", false, false, 40, 5000000, 1000000,
	 "server nice 19, client -10, one that computes all the time"},
	{"S-07-fifo", true, false, 40, 2 * 40000 + 60000, 60000,
	 "server 10, client 30, one of 20 that computes for 40 of 50 ms"},
	{"S-07-beside", true, true, 400, 0, 5000,
	 "client and server 30, an eager client of 10, one of 20 that computes for 400 of 410 ms"},
};

struct calls {
	unsigned long count;
	unsigned long p99_us;
	unsigned long worst_us;
};

static struct rig rig;

/* --- priorities ------------------------------------------------------------------------------ */

static void on_one_processor(void)
{
	/* Whoever computes for so long in real time without a pause is ended by Linux. */
	const struct rlimit no_longer = {3000000, 3000000};
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	(void)sched_setaffinity(0, sizeof(one), &one);
	(void)setrlimit(RLIMIT_RTTIME, &no_longer);
}

static bool set_thread(pid_t thread, bool fifo, int value)
{
	struct sched_param param = {.sched_priority = value};

	return fifo ? sched_setscheduler(thread, SCHED_FIFO, &param) == 0
		    : setpriority(PRIO_PROCESS, (id_t)thread, value) == 0;
}

/* All threads of @pid; those they make later inherit it. */
static bool set_process(pid_t pid, bool fifo, int value)
{
	const struct dirent *entry;
	char path[64];
	bool set = true;
	DIR *folder;

	(void)snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	folder = opendir(path);
	while (folder && (entry = readdir(folder)))
		if (entry->d_name[0] != '.')
			set &= set_thread((pid_t)strtol(entry->d_name, NULL, 10), fifo, value);
	if (folder)
		(void)closedir(folder);
	return folder && set;
}

/* The entity with @word among its arguments, once it is there. */
static bool set_entity(const char *word, bool fifo, int value)
{
	pid_t pid;

	for (int tries = 0; tries < 1000; tries++) {
		if (kx_children(rig.kernel, word, &pid, 1) == 1)
			return set_process(pid, fifo, value);
		(void)usleep(10000); /* it is being started */
	}
	return false;
}

static bool may_be_real_time(void)
{
	bool may = set_thread(0, true, LOW);
	const struct sched_param none = {0};

	(void)sched_setscheduler(0, SCHED_OTHER, &none);
	return may;
}

/* --- the middle ------------------------------------------------------------------------------ */

static void compute(const struct cell *cell)
{
	const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000};

	for (;;) {
		uint64_t end = kx_prove_now_ns() + cell->burst_ms * UINT64_C(1000000);

		while (kx_prove_now_ns() < end)
			;
		if (cell->fifo)
			(void)nanosleep(&pause, NULL);
	}
}

static pid_t start_middle(const struct cell *cell)
{
	pid_t child = fork();

	if (child != 0)
		return child;
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	on_one_processor();
	if (cell->fifo && !set_thread(0, true, MIDDLE))
		_exit(1);
	compute(cell);
	_exit(0);
}

/* True if it computed until now: without it nothing was in the way of any call. */
static bool end_middle(pid_t middle)
{
	int status = 0;
	bool alive;

	if (middle <= 0)
		return false;
	alive = waitpid(middle, &status, WNOHANG) == 0;
	if (alive) {
		(void)kill(middle, SIGKILL);
		alive = waitpid(middle, &status, 0) == middle && WIFSIGNALED(status) &&
			WTERMSIG(status) == SIGKILL;
	}
	if (!alive)
		fprintf(stderr, "the one in the middle ended by itself: status 0x%x\n",
			(unsigned)status);
	return alive;
}

/* --- a cell ---------------------------------------------------------------------------------- */

static bool set_priorities(const struct cell *cell)
{
	int low = cell->fifo ? LOW : 19;
	int high = cell->fifo ? HIGH : -10;

	/* The kernel process last, and when all have started: its threads are there. */
	return set_entity("serves", cell->fifo, cell->beside ? high : low) &&
	       (!cell->beside || set_entity("eager", true, low)) &&
	       set_entity("calls", cell->fifo, high) &&
	       (!cell->fifo || set_process(rig.kernel, true, KERNEL));
}

static bool run(const struct cell *cell, const char *method, unsigned seconds, struct calls *calls)
{
	static const char *const options[] = {NULL};
	char client[120];
	const char *entities[4] = {"server t.Server share server serves", client};
	const char *at;
	pid_t middle;
	bool done;

	(void)snprintf(client, sizeof(client),
		       "high t.Client METHOD=%s SECONDS=%u WHO=high share client calls", method,
		       seconds);
	entities[2] = cell->beside ? "low t.Client eager client" : NULL;
	rig_image(&rig, entities, NULL, "security.so");
	rig_child = on_one_processor;
	rig_start(&rig, options);
	rig_child = NULL;
	done = set_priorities(cell);
	middle = start_middle(cell);
	if (middle < 0)
		perror("fork");
	done = done && middle > 0 && rig_wait_ms(&rig, "SHARE high", 1, 1000 * seconds + 30000);
	done = end_middle(middle) && done;
	rig_end(&rig);
	at = strstr(rig.text, "SHARE high");
	if (done && at &&
	    sscanf(at, "SHARE high calls=%lu p99=%lu worst=%lu", &calls->count, &calls->p99_us,
		   &calls->worst_us) == 3 &&
	    WIFEXITED(rig.status) && WEXITSTATUS(rig.status) == 0)
		return true;
	fprintf(stderr, "%s %s: status 0x%x\n%.4000s\n", cell->name, method, (unsigned)rig.status,
		rig.text);
	return false;
}

static bool is_bounded(const struct cell *cell, const struct calls *calls)
{
	return calls->count && calls->p99_us <= cell->p99_us &&
	       (!cell->most_us || calls->worst_us <= cell->most_us);
}

static void measure(struct kx_campaign *campaign, const struct cell *cell)
{
	static const char *const methods[] = {"echo", "asked"};
	unsigned seconds = (unsigned)kx_by_tier(campaign, 1, 3, 20);
	struct calls calls[2] = {{0}, {0}};
	uint64_t failures = 0;

	if (!kx_wants(campaign, cell->name))
		return;
	if (cell->fifo && !may_be_real_time()) {
		kx_result(campaign, cell->name, "P1", 0, "calls", 0,
			  "SCHED_FIFO is not allowed here");
		return;
	}
	for (unsigned i = 0; i < 2; i++)
		failures +=
			!run(cell, methods[i], seconds, &calls[i]) || !is_bounded(cell, &calls[i]);
	kx_result(campaign, cell->name, "P1,P8", calls[0].count + calls[1].count, "calls", failures,
		  "%s; direct p99 %lu us, slowest %.1f ms; relayed p99 %lu us, slowest %.1f ms",
		  cell->note, calls[0].p99_us, (double)calls[0].worst_us / 1e3, calls[1].p99_us,
		  (double)calls[1].worst_us / 1e3);
}

int main(int argc, char **argv)
{
	struct kx_campaign campaign;

	if (geteuid() != 0) {
		fprintf(stderr, "S-07 needs root: nobody else may set priorities\n");
		return 77;
	}
	kx_campaign_begin(&campaign, argc, argv);
	for (size_t i = 0; i < sizeof(cells) / sizeof(*cells); i++)
		measure(&campaign, &cells[i]);
	return kx_campaign_end(&campaign);
}
