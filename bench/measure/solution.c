/* SPDX-License-Identifier: Apache-2.0 */
#include "solution.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "complain.h"
#include "file.h"
#include "interrupt.h"

#define HEADER_SIZE   24 /* of a message: nk_message */
#define MAX_CORE_LIST 256

const char *kx_program_name(const struct kx_config *config, enum kx_program program)
{
	static const char *const names[2][KX_PROGRAM_COUNT] = {
		{"kosix-bench-caller", "kosix-bench-echo", "kosix-bench-gate", "kosix-bench-prober",
		 "kosix-kernel"},
		{"kosix-bench-caller-stamped", "kosix-bench-echo-stamped", "kosix-bench-gate",
		 "kosix-bench-prober", "kosix-kernel-stamped"},
	};

	return names[config->stamped][program];
}

bool kx_program_path(const char *name, char *path)
{
	char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (length <= 0)
		return false;
	self[length] = '\0';
	slash = strrchr(self, '/');
	(void)snprintf(path, KX_PROGRAM_PATH, "%.*s/%s", slash ? (int)(slash - self) : 0, self,
		       name);
	return access(path, X_OK) == 0;
}

/* cores=... for a role, or cores= for anywhere. */
static void write_cores(FILE *out, const struct kx_place *place, enum kx_role role)
{
	char cores[MAX_CORE_LIST];

	kx_place_list(place, role, cores, sizeof(cores));
	fprintf(out, "      - \"cores=%s\"\n", cores);
}

static const char *api_of(const struct kx_config *config)
{
	return config->nk ? "nk" : "raw";
}

static void write_servers(FILE *out, const struct kx_config *config)
{
	for (unsigned i = 0; i < config->pairs; i++) {
		fprintf(out,
			"  - name: bench.Echo\n    task: echo%u\n    path: %s\n"
			"    args:\n      - \"threads=%u\"\n      - \"api=%s\"\n",
			i, kx_program_name(config, KX_PROGRAM_ECHO), config->threads,
			api_of(config));
		write_cores(out, &config->place, KX_ROLE_SERVER);
	}
	fprintf(out,
		"  - name: bench.Gate\n    task: gate\n    path: kosix-bench-gate\n"
		"    args:\n      - \"clients=%u\"\n",
		kx_config_callers(config) + config->idle_clients);
}

static void write_caller(FILE *out, const struct kx_config *config, unsigned number)
{
	unsigned callers = kx_config_callers(config);
	bool idle = number >= callers;

	fprintf(out,
		"  - name: bench.Caller\n    task: caller%u\n    path: %s\n"
		"    args:\n      - \"number=%u\"\n      - \"size=%zu\"\n      - \"rounds=%" PRIu64
		"\"\n      - \"turn_ns=%" PRIu64 "\"\n      - \"gap_ns=%" PRIu64
		"\"\n      - \"quiet_ns=%" PRIu64 "\"\n      - \"idle=%d\"\n      - \"api=%s\"\n",
		number, kx_program_name(config, KX_PROGRAM_CALLER), number, config->size,
		config->rounds, config->turn_ns, config->gap_ns, config->quiet_ns, idle,
		api_of(config));
	write_cores(out, &config->place, KX_ROLE_CLIENT);
	fprintf(out,
		"    connections:\n      - target: echo%u\n        id: bench_echo\n"
		"      - target: gate\n        id: bench_gate\n",
		idle ? 0 : number / config->clients);
}

static bool write_init(const struct kx_config *config, const char *path)
{
	FILE *out = kx_file_create(path);
	unsigned all = kx_config_callers(config) + config->idle_clients;

	if (!out)
		return false;
	fprintf(out, "entities:\n");
	write_servers(out, config);
	for (unsigned i = 0; i < all; i++)
		write_caller(out, config, i);
	return kx_file_close(out, path);
}

static json_t *method(const char *name, int mid, size_t request, size_t response)
{
	return json_pack("{s:s,s:i,s:{s:I,s:i},s:{s:I,s:i}}", "name", name, "mid", mid, "req",
			 "size", (json_int_t)request, "arena", 0, "res", "size",
			 (json_int_t)response, "arena", 0);
}

/* The class @name with one endpoint. Takes over @methods; NULL: no endpoint. */
static json_t *class_of(const char *name, const char *endpoint, const char *interface,
			json_t *methods)
{
	if (!methods)
		return json_pack("{s:s,s:[]}", "class", name, "endpoints");
	return json_pack("{s:s,s:[{s:s,s:s,s:s,s:i,s:o}]}", "class", name, "endpoints", "name",
			 endpoint, "qualified", endpoint, "interface", interface, "riid", 0,
			 "methods", methods);
}

/* Takes over @class. */
static bool write_class(const struct kx_scratch *scratch, const char *file, json_t *class)
{
	char path[KX_PROGRAM_PATH];
	bool ok;

	(void)snprintf(path, sizeof(path), "%s/%s", scratch->path, file);
	ok = class && json_dump_file(class, path, 0) == 0;
	json_decref(class);
	return ok || kx_complain("%s: can't write", path);
}

static bool write_classes(const struct kx_config *config, const struct kx_scratch *scratch)
{
	size_t size = HEADER_SIZE + config->size;
	json_t *echo = json_pack("[o,o,o,o]", method("Echo", 0, size, size),
				 method("Usage", 1, HEADER_SIZE, HEADER_SIZE + 16),
				 method("Stamps", 2, HEADER_SIZE, HEADER_SIZE),
				 method("Die", 3, HEADER_SIZE, HEADER_SIZE));
	json_t *gate = json_pack("[o]", method("Arrive", 0, HEADER_SIZE + 8, HEADER_SIZE + 8));

	return write_class(scratch, "echo.json",
			   class_of("bench.Echo", "echo.echo", "bench.IEcho", echo)) &&
	       write_class(scratch, "gate.json",
			   class_of("bench.Gate", "gate.gate", "bench.IGate", gate)) &&
	       write_class(scratch, "caller.json", class_of("bench.Caller", NULL, NULL, NULL)) &&
	       write_class(scratch, "prober.json", class_of("bench.Prober", NULL, NULL, NULL));
}

/* In the child: kosix-image in the scratch folder, so that names are short. */
_Noreturn static void become_kosix_image(const struct kx_config *config,
					 const struct kx_scratch *scratch)
{
	static char path[1 + KX_PROGRAM_KERNEL][KX_PROGRAM_PATH];

	kx_interrupt_restore();
	(void)kx_program_path("kosix-image", path[0]);
	for (unsigned i = 0; i < KX_PROGRAM_KERNEL; i++)
		(void)kx_program_path(kx_program_name(config, (enum kx_program)i), path[1 + i]);
	if (chdir(scratch->path) == 0)
		(void)execl(path[0], "kosix-image", "create", "-o", "solution", "--init-yaml",
			    "init.yaml", "--class", "echo.json", "--class", "gate.json", "--class",
			    "caller.json", "--class", "prober.json", path[1], path[2], path[3],
			    path[4], (char *)NULL);
	(void)kx_complain("kosix-image: can't start: %m");
	_exit(127);
}

static bool make_image(const struct kx_config *config, const struct kx_scratch *scratch)
{
	int status = -1;
	pid_t pid;

	(void)fflush(NULL); /* else the child would print it again */
	pid = fork();
	if (pid < 0)
		return kx_complain("kosix-image: can't start: %m");
	if (pid == 0)
		become_kosix_image(config, scratch);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (status != 0)
		return kx_complain("kosix-image: could not make the solution to measure");
	return true;
}

bool kx_solution_make(const struct kx_config *config, const struct kx_scratch *scratch)
{
	char path[KX_PROGRAM_PATH];

	(void)snprintf(path, sizeof(path), "%s/init.yaml", scratch->path);
	return (config->groups ? kx_scale_write_init(config, path) : write_init(config, path)) &&
	       write_classes(config, scratch) && make_image(config, scratch);
}
