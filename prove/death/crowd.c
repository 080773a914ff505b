/* SPDX-License-Identifier: Apache-2.0 */

/*
 * As many entities at once as the machine has room for:
 *
 *   R-06        each answers one call; then all are killed at once: all are reaped, whoever has a
 *               channel to them is told of each, and nothing is left
 *   S-08-crowd  the same on one processor
 */

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "result.h"
#include "rig.h"

#define GROUP         1000u /* servers of one client */
#define MOST          10000u
#define FILES_EACH    5u /* that the kernel process has open for each before it runs */
#define FILES_BESIDE  120u
#define WANTED_FILES  (MOST * FILES_EACH + FILES_BESIDE)
#define KIB_EACH      1500u /* of memory, tables of Linux included */
#define MAPPINGS_EACH 5u
#define WAIT_MS       600000

struct crowd {
	unsigned count; /* of servers */
	const char *limit;
	pid_t pids[MOST + MOST / GROUP];
	unsigned alive;
	pid_t clients[MOST / GROUP + 1];
	unsigned client_count;
};

static struct rig rig;
static struct crowd crowd;

static unsigned groups(void)
{
	return (crowd.count + GROUP - 1) / GROUP;
}

/* --- room --- */

static unsigned long number_in(const char *path, const char *key)
{
	unsigned long number = ~0ul;
	FILE *file = fopen(path, "re");
	char line[200];

	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, key, strlen(key)) == 0)
			(void)sscanf(line + strlen(key), "%lu", &number);
	if (file)
		(void)fclose(file);
	return number;
}

static void limit_to(unsigned long most, const char *what)
{
	if (most >= crowd.count)
		return;
	crowd.count = (unsigned)most;
	crowd.limit = what;
}

/* Also in the kernel process before it begins: root may raise what it may have. */
static void want_files(void)
{
	struct rlimit files = {.rlim_cur = WANTED_FILES, .rlim_max = WANTED_FILES};

	(void)setrlimit(RLIMIT_NOFILE, &files);
}

static void find_room(unsigned wanted)
{
	struct rlimit limit;

	crowd = (struct crowd){.count = wanted, .limit = "none was hit"};
	want_files();
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
		limit_to((limit.rlim_max - FILES_BESIDE) / FILES_EACH,
			 "limited by open files (ulimit -Hn)");
	if (getrlimit(RLIMIT_NPROC, &limit) == 0)
		limit_to(limit.rlim_max / 2, "limited by processes of a user (ulimit -Hu)");
	limit_to(number_in("/proc/sys/kernel/pid_max", "") / 2, "limited by kernel.pid_max");
	limit_to(number_in("/sys/fs/cgroup/pids.max", "") / 2, "limited by pids.max");
	limit_to(number_in("/proc/sys/vm/max_map_count", "") / MAPPINGS_EACH,
		 "limited by vm.max_map_count");
	limit_to(number_in("/proc/meminfo", "MemAvailable:") / KIB_EACH, "limited by memory");
}

/* --- the solution --- */

static void write_server(FILE *file, unsigned number)
{
	fprintf(file,
		"- {name: t.Server, task: s%u, path: part, env: {CHANNEL: c%u}, "
		"args: [many, server]}\n",
		number, number);
}

static void write_client(FILE *file, unsigned group)
{
	const unsigned first = group * GROUP;
	const unsigned end = first + GROUP < crowd.count ? first + GROUP : crowd.count;

	fprintf(file,
		"- name: t.Client\n  task: client%u\n  path: part\n"
		"  env: {FIRST: \"%u\", COUNT: \"%u\"}\n"
		"  args: [many, client]\n  connections:\n",
		group, first, end - first);
	for (unsigned i = first; i < end; i++)
		fprintf(file, "  - {target: s%u, id: c%u}\n", i, i);
}

static bool write_crowd(void)
{
	static const char *const nobody[] = {NULL};
	char path[300];
	FILE *file;

	rig_image(&rig, nobody, NULL, "security.so");
	(void)snprintf(path, sizeof(path), "%s/image.d/init.yaml", rig.folder);
	file = fopen(path, "we");
	if (!file)
		return false;
	fprintf(file, "entities:\n");
	for (unsigned i = 0; i < crowd.count; i++)
		write_server(file, i);
	for (unsigned i = 0; i < groups(); i++)
		write_client(file, i);
	return fclose(file) == 0;
}

/* --- the end of all --- */

static void list_clients(void)
{
	const char *at = rig.text;

	for (; (at = strstr(at, "PID ")) && crowd.client_count < groups(); at++)
		if (sscanf(at, "PID %d", &crowd.clients[crowd.client_count]) == 1)
			crowd.client_count++;
}

static bool is_client(pid_t pid)
{
	for (unsigned i = 0; i < crowd.client_count; i++)
		if (crowd.clients[i] == pid)
			return true;
	return false;
}

/* Children of the kernel process that are no clients; who was not reaped counts. */
static void list_servers(void)
{
	char path[80];
	FILE *file;
	pid_t pid;

	crowd.alive = 0;
	(void)snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)rig.kernel,
		       (int)rig.kernel);
	file = fopen(path, "re");
	while (file && fscanf(file, "%d", &pid) == 1)
		if (!is_client(pid) && crowd.alive < MOST)
			crowd.pids[crowd.alive++] = pid;
	if (file)
		(void)fclose(file);
}

/* Milliseconds until none is left, or -1. */
static int64_t kill_all(void)
{
	const int64_t begin = rig_now_ms();

	for (unsigned i = 0; i < crowd.alive; i++)
		(void)kill(crowd.pids[i], SIGKILL);
	for (; crowd.alive && rig_now_ms() < begin + 60000; list_servers())
		(void)usleep(20000); /* the list takes Linux longer the more there are */
	return crowd.alive ? -1 : rig_now_ms() - begin;
}

/* The sum of the numbers behind @word. */
static unsigned sum_of(const char *word)
{
	unsigned number;
	unsigned sum = 0;

	for (const char *at = rig.text; (at = strstr(at, word)); at++)
		if (sscanf(at + strlen(word), " %u", &number) == 1)
			sum += number;
	return sum;
}

static unsigned is_wrong(bool wrong, const char *what)
{
	if (wrong)
		fprintf(stderr, "%s\n%.4000s\n", what, rig.text);
	return wrong;
}

/* Times in ms: of the start with all answers, of the reaping, until the clients were told. */
static unsigned live_and_die(int64_t took[3])
{
	int64_t begin = rig_now_ms();
	unsigned failures;

	if (is_wrong(!rig_wait_ms(&rig, "ANSWERED", groups(), WAIT_MS), "not all have answered"))
		return 1;
	took[0] = rig_now_ms() - begin;
	list_clients();
	list_servers();
	failures = is_wrong(sum_of("ANSWERED") != crowd.count || crowd.alive != crowd.count,
			    "some have not answered, or live no more");
	begin = rig_now_ms();
	took[1] = kill_all();
	failures += is_wrong(took[1] < 0, "not all of the killed are reaped");
	failures += is_wrong(!rig_wait_ms(&rig, "TOLD", groups(), 60000), "a client was not told");
	took[2] = rig_now_ms() - begin;
	return failures + is_wrong(sum_of("TOLD") != crowd.count, "not told of each");
}

/* A figure: how fast Linux takes so many processes down is not ours to promise. */
static const char *bar_of(int64_t reaped)
{
	if (crowd.count < MOST)
		return "";
	return reaped <= 1000 ? " (the bar of 1 s is met)" : " (the bar of 1 s is missed)";
}

static void run(struct kx_campaign *campaign, const char *name, unsigned wanted,
		void (*prepare)(void), const char *where)
{
	static const char *const options[] = {NULL};
	int64_t took[3] = {0, 0, 0};
	unsigned failures;

	if (!kx_wants(campaign, name))
		return;
	find_room(wanted);
	failures = is_wrong(!write_crowd(), "the image cannot be written");
	rig_child = prepare;
	rig_start(&rig, options);
	rig_child = NULL;
	failures += live_and_die(took);
	failures += is_wrong(!failures && !rig_wait_end(&rig), "the run does not end");
	rig_end(&rig);
	failures += is_wrong(!WIFEXITED(rig.status) || WEXITSTATUS(rig.status) != 0,
			     "the kernel process failed");
	kx_result(
		campaign, name, "P1,P3,P4", crowd.count, "entities", failures,
		"%s; each answered a call after %.1f s; all killed at once: reaped after %.2f s%s, "
		"told of each after %.2f s; of %u wanted, %s",
		where, (double)took[0] / 1e3, (double)took[1] / 1e3, bar_of(took[1]),
		(double)took[2] / 1e3, wanted, crowd.limit);
}

static void one_processor(void)
{
	cpu_set_t one;

	want_files();
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	if (sched_setaffinity(0, sizeof(one), &one) != 0)
		_exit(98);
}

int main(int argc, char **argv)
{
	struct kx_campaign campaign;

	kx_campaign_begin(&campaign, argc, argv);
	run(&campaign, "R-06", (unsigned)kx_by_tier(&campaign, 60, 2000, MOST), want_files,
	    "all processors");
	run(&campaign, "S-08-crowd", (unsigned)kx_by_tier(&campaign, 30, 500, 1000), one_processor,
	    "on one processor");
	return kx_campaign_end(&campaign);
}
