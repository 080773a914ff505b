/* SPDX-License-Identifier: Apache-2.0 */
#include "policy.h"

#include <dlfcn.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kosix/security_module.h"
#include "measure/clock.h"
#include "policy_large.h"

#define TURNS  15u
#define EVENTS 200000u /* decisions of one turn */

static const char usage[] =
	"Usage: kosix-bench policy [--module FILE | --rules N]\n"
	"Measures decisions of a security module made by nk-psl-gen-c. FILE is one made from\n"
	"bench/policy/measured.psl (default: kosix-bench-policy.so beside this program).\n"
	"With --rules: how long a policy of N rules (1 to 100000) takes to compile and load.\n"
	"Exit status: 0 measured, 1 the module could not be used, 2 wrong arguments.\n";

struct message {
	uint8_t head[24];
	uint32_t value, other;
};

struct sort {
	const char *method, *what;
	uint16_t mid;
	enum kx_verdict verdict;
	double turns[TURNS]; /* ns per decision */
};

static struct sort sorts[] = {
	{.method = "Granted", .what = "grant ()", .mid = 0, .verdict = KX_GRANT},
	{.method = "Asserted",
	 .what = "one typical rule on the message",
	 .mid = 1,
	 .verdict = KX_GRANT},
	{.method = "Looked",
	 .what = "the same, and a HashSet look-up",
	 .mid = 2,
	 .verdict = KX_GRANT},
	{.method = "Moved",
	 .what = "choice by state, and a state change",
	 .mid = 3,
	 .verdict = KX_GRANT},
	{.method = "Refused", .what = "no matching rule", .mid = 4, .verdict = KX_DENY},
};
#define SORTS (sizeof(sorts) / sizeof(*sorts))

static const struct kx_party client = {10, "bench.Client", "client"};
static const struct kx_party server = {11, "bench.Server", "server"};

static bool one_turn(const struct kx_security_module *module, void *state, struct sort *sort,
		     uint32_t turn)
{
	struct message message = {.value = 7, .other = 9};
	struct kx_event event = {.kind = KX_EVENT_REQUEST,
				 .src = client,
				 .dst = server,
				 .endpoint = "store.store",
				 .qualified = "bench.CStore.store",
				 .interface_name = "bench.IStore",
				 .method = sort->method,
				 .mid = sort->mid,
				 .fixed = &message,
				 .fixed_size = sizeof(message)};
	struct kx_trail trail;
	uint64_t start = kx_clock_monotonic();

	for (uint32_t i = 0; i < EVENTS; i++) {
		/* The kernel process clears it for every event as well. */
		memset(&trail, 0, sizeof(trail));
		event.number++;
		if (module->decide(state, &event, &trail) != sort->verdict) {
			fprintf(stderr, "kosix-bench: policy: %s was decided wrongly: %s\n",
				sort->method, trail.reason ? trail.reason : "granted");
			return false;
		}
	}
	sort->turns[turn] = (double)(kx_clock_monotonic() - start) / EVENTS;
	return true;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void print(void)
{
	printf("%-38s %8s %8s %8s   ns per decision, %u turns of %u\n", "", "median", "least",
	       "most", TURNS, EVENTS);
	for (size_t i = 0; i < SORTS; i++) {
		qsort(sorts[i].turns, TURNS, sizeof(double), compare);
		printf("%-38s %8.1f %8.1f %8.1f\n", sorts[i].what, sorts[i].turns[TURNS / 2],
		       sorts[i].turns[0], sorts[i].turns[TURNS - 1]);
	}
}

static int measure(const struct kx_security_module *module)
{
	struct kx_event started = {
		.kind = KX_EVENT_EXECUTE, .src = client, .dst = server, .method = "main"};
	struct kx_trail trail = {0};
	bool good = true;
	void *state = NULL;

	if (module->init(NULL, &state) != 0) {
		fprintf(stderr, "kosix-bench: policy: the module does not start: init failed\n");
		return 1;
	}
	if (module->decide(state, &started, &trail) != KX_GRANT) {
		fprintf(stderr, "kosix-bench: policy: the module does not start: %s\n",
			trail.reason ? trail.reason : "no reason given");
		if (module->fini)
			module->fini(state);
		return 1;
	}
	for (uint32_t turn = 0; turn < TURNS; turn++)
		for (size_t i = 0; i < SORTS; i++)
			good = good && one_turn(module, state, &sorts[i], turn);
	if (module->fini)
		module->fini(state);
	if (good)
		print();
	return good ? 0 : 1;
}

/* The folder of this program. */
static void find_folder(char folder[PATH_MAX])
{
	ssize_t len = readlink("/proc/self/exe", folder, PATH_MAX - 1);
	char *slash;

	folder[len > 0 ? len : 0] = '\0';
	slash = strrchr(folder, '/');
	if (slash)
		*slash = '\0';
}

static int measure_large(const char *text, const char *folder)
{
	char *end;
	unsigned long rules = strtoul(text, &end, 10);

	if (end == text || *end || rules < 1 || rules > 100000) {
		fprintf(stderr, "kosix-bench: policy: --rules takes 1 to 100000, not %s\n", text);
		return 2;
	}
	return kx_bench_policy_large((uint32_t)rules, folder);
}

int kx_bench_policy(int argc, char **argv)
{
	static const struct option options[] = {{"module", required_argument, NULL, 'm'},
						{"rules", required_argument, NULL, 'r'},
						{"help", no_argument, NULL, 'h'},
						{NULL, 0, NULL, 0}};
	const struct kx_security_module *(*entry)(void);
	char folder[PATH_MAX];
	char path[PATH_MAX + 32];
	void *library;
	int option;

	find_folder(folder);
	(void)snprintf(path, sizeof(path), "%s/kosix-bench-policy.so", folder);
	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'h')
			return fputs(usage, stdout) < 0;
		if (option == 'r')
			return measure_large(optarg, folder);
		if (option != 'm')
			return 2;
		(void)snprintf(path, sizeof(path), "%s", optarg);
	}
	library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (library)
		*(void **)&entry = dlsym(library, "kx_security_module");
	if (!library || !entry) {
		fprintf(stderr, "kosix-bench: policy: %s\n", dlerror());
		return 1;
	}
	return measure(entry());
}
