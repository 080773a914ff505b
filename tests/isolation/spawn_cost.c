/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What a start costs: median time from the call of kx_spawn() to the program's
 * first byte, with and without each layer, and with a parent that holds much
 * memory or many descriptors. Not a test: it prints figures of this machine.
 *
 *   spawn_cost [STARTS]     default 400 of each kind, taken in turn
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "fixture.h"

#define KINDS      6
#define STARTS_MAX 10000

static const struct {
	const char *name;
	enum kx_isolation_level level;
	unsigned int layers;
} kinds[KINDS] = {
	{"off", KX_ISOLATION_OFF, 0},
	{"another uid, no_new_privs", KX_ISOLATION_DEFAULT, KX_LAYER_UID},
	{"+ Landlock", KX_ISOLATION_DEFAULT, KX_LAYER_UID | KX_LAYER_LANDLOCK},
	{"+ seccomp", KX_ISOLATION_DEFAULT, KX_LAYER_UID | KX_LAYER_SECCOMP},
	{"default (all)", KX_ISOLATION_DEFAULT, KX_LAYER_ALL},
	{"default, dynamic program", KX_ISOLATION_DEFAULT, KX_LAYER_ALL},
};

static struct kx_sandbox *sandboxes[KINDS];
static double samples[KINDS][STARTS_MAX];

static double microseconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static double start_once(int kind)
{
	const char *argv[] = {"entity_tiny", NULL};
	int out[2];
	int fds[3] = {-1, -1, -1};
	struct kx_spawn_request request = {
		.sandbox = sandboxes[kind], .argv = argv, .fds = fds, .fd_count = 3};
	struct kx_spawned spawned;
	struct kx_spawn_error error;
	double begin;
	char byte;

	if (pipe2(out, O_CLOEXEC) != 0)
		exit(2);
	fds[1] = out[1];
	begin = microseconds();
	if (kx_spawn(&request, &spawned, &error) != 0 || read(out[0], &byte, 1) != 1) {
		(void)fprintf(stderr, "spawn_cost: cannot %s: %s\n",
			      kx_spawn_phase_name(error.phase), strerror(error.error));
		exit(2);
	}
	begin = microseconds() - begin;
	(void)fixture_wait(&spawned);
	(void)close(out[0]);
	(void)close(out[1]);
	return begin;
}

static int compare(const void *left, const void *right)
{
	double difference = *(const double *)left - *(const double *)right;

	return (difference > 0) - (difference < 0);
}

static void measure(const char *title, int starts)
{
	printf("%s\n", title);
	for (int i = 0; i < starts; i++) {
		for (int kind = 0; kind < KINDS; kind++)
			samples[kind][i] = start_once(kind);
	}
	for (int kind = 0; kind < KINDS; kind++) {
		qsort(samples[kind], (size_t)starts, sizeof(samples[kind][0]), compare);
		printf("  %-28s p50 %7.0f us   p90 %7.0f us\n", kinds[kind].name,
		       samples[kind][starts / 2], samples[kind][starts * 9 / 10]);
	}
}

static void prepare(struct kx_isolation *isolation)
{
	char error[KX_ISOLATION_ERROR_MAX];
	struct kx_isolation_profile profile;

	for (int kind = 0; kind < KINDS; kind++) {
		const char *program = kind == KINDS - 1 ? "entity_tiny_dynamic" : "entity_tiny";
		double begin = microseconds();

		kx_isolation_profile_init(&profile, kinds[kind].level);
		profile.layers = kinds[kind].layers;
		if (kx_sandbox_create(&sandboxes[kind], isolation, &profile,
				      fixture_program(program), error) != 0) {
			(void)fprintf(stderr, "spawn_cost: %s\n", error);
			exit(2);
		}
		printf("prepare: %-28s %7.0f us (the first with seccomp builds the filter)\n",
		       kinds[kind].name, microseconds() - begin);
	}
}

static void fill_memory(size_t size)
{
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		exit(2);
	for (size_t i = 0; i < size; i += 4096)
		memory[i] = 1;
}

static void fill_descriptors(int count)
{
	struct rlimit limit;

	(void)getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
	while (count-- > 0) {
		if (fcntl(0, F_DUPFD_CLOEXEC, 0) < 0)
			exit(2);
	}
}

int main(int argc, char **argv)
{
	struct kx_isolation *isolation = kx_isolation_create(NULL);
	int starts = argc > 1 ? atoi(argv[1]) : 400;

	if (!isolation || starts < 1 || starts > STARTS_MAX)
		return 2;
	prepare(isolation);
	measure("small parent", starts);
	fill_memory((size_t)512 << 20);
	measure("parent with 512 MiB of memory", starts);
	fill_descriptors(4000);
	measure("and 4,000 descriptors", starts);
	for (int kind = 0; kind < KINDS; kind++)
		kx_sandbox_destroy(sandboxes[kind]);
	kx_isolation_destroy(isolation);
	return 0;
}
