/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Kosix as a subject: a turn is one run of the solution that solution.c wrote,
 * by the kernel process itself: `kosix run` in front of it would only pass the
 * output on. The callers time their own calls and print histograms; when all
 * have come the run is asked to end. What it used (processor time, context
 * switches) is that of the kernel process and of all entities it reaped.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "complain.h"
#include "solution.h"
#include "subject.h"

#define START_NS   5000000000u        /* time to start a solution, */
#define PROCESS_NS UINT64_C(50000000) /* and so much more for each entity; to end it, too */

struct kosix {
	struct kx_config config;
	struct kx_scratch scratch;
	char program[KX_PROGRAM_PATH];
	char image[KX_PROGRAM_PATH];
};

/* One turn's results on their way in. */
struct results {
	const struct kosix *kosix;
	struct kx_turn *turn;
	struct kx_hist_reader reader;
	uint64_t start_ns;
	uint64_t end_ns;
	unsigned turns; /* KXTURN lines */
};

static bool kosix_fits(const struct kx_subject *self, const struct kx_config *config, char *why,
		       size_t size)
{
	char path[KX_PROGRAM_PATH];
	bool found = kx_program_path("kosix-image", path);

	(void)self;
	for (unsigned i = 0; found && i < KX_PROGRAM_COUNT; i++)
		found = kx_program_path(kx_program_name(config, (enum kx_program)i), path);
	if (!found)
		(void)snprintf(why, size, "not built: %s is missing; `make bench` builds it",
			       strrchr(path, '/') + 1);
	return found;
}

static bool kosix_prepare(const struct kx_subject *self, const struct kx_config *config,
			  void **state)
{
	struct kosix *kosix = calloc(1, sizeof(*kosix));

	if (!kosix)
		return kx_complain("%s: no memory", self->name);
	kosix->config = *config;
	(void)kx_program_path(kx_program_name(config, KX_PROGRAM_KERNEL), kosix->program);
	if (!kx_scratch_make(&kosix->scratch)) {
		free(kosix);
		return false;
	}
	(void)snprintf(kosix->image, sizeof(kosix->image), "%s/solution", kosix->scratch.path);
	if (!kx_solution_make(&kosix->config, &kosix->scratch)) {
		kx_scratch_remove(&kosix->scratch);
		free(kosix);
		return false;
	}
	*state = kosix;
	return true;
}

static bool alone_prepare(const struct kx_subject *self, const struct kx_config *config,
			  void **state)
{
	struct kx_config alone = *config;

	alone.idle_clients = 0;
	return kosix_prepare(self, &alone, state);
}

static bool raw_prepare(const struct kx_subject *self, const struct kx_config *config, void **state)
{
	struct kx_config raw = *config;

	raw.nk = false;
	return kosix_prepare(self, &raw, state);
}

static bool open_prepare(const struct kx_subject *self, const struct kx_config *config,
			 void **state)
{
	struct kx_config open = *config;

	open.policy = NULL;
	return kosix_prepare(self, &open, state);
}

static enum kx_line bad_line(const char *line)
{
	(void)kx_complain("kosix: an entity of the bench printed '%.80s'", line);
	return KX_LINE_BAD;
}

static bool take_turn(struct results *results, const char *text)
{
	uint64_t start;
	uint64_t end;

	if (sscanf(text, " %" SCNu64 " %" SCNu64, &start, &end) != 2)
		return false;
	if (results->turns == 0 || start < results->start_ns)
		results->start_ns = start;
	if (end > results->end_ns)
		results->end_ns = end;
	results->turns++;
	return true;
}

/* The server slept once more after the first question: that wake-up is ours. */
static bool take_quiet(struct results *results, const char *text)
{
	uint64_t cpu;
	uint64_t sleeps;

	if (sscanf(text, " %" SCNu64 " %" SCNu64, &cpu, &sleeps) != 2)
		return false;
	results->turn->quiet_ns = results->kosix->config.quiet_ns;
	results->turn->quiet_cpu_ns = cpu;
	results->turn->quiet_wakes = sleeps > 1 ? sleeps - 1 : 0;
	return true;
}

/* What is no result of ours is the solution's own output: not to be lost. */
static enum kx_line take_line(void *arg, const char *line)
{
	struct results *results = arg;
	unsigned callers = kx_config_callers(&results->kosix->config);

	if (strncmp(line, "KXFAIL", 6) == 0) {
		(void)kx_complain("kosix: %s", line + 7);
		return KX_LINE_BAD;
	}
	if (strncmp(line, "KXTURN", 6) == 0) {
		if (!take_turn(results, line + 6))
			return bad_line(line);
	} else if (strncmp(line, "KXQUIET", 7) == 0) {
		if (!take_quiet(results, line + 7))
			return bad_line(line);
	} else if (strncmp(line, "KXSTAMP", 7) == 0 || strncmp(line, "KXCOST", 6) == 0) {
		if (!results->turn->stamps || !kx_stamps_read(results->turn->stamps, line))
			return bad_line(line);
	} else {
		switch (kx_hist_read(&results->reader, line)) {
		case KX_HIST_GARBLED:
			return bad_line(line);
		case KX_HIST_OTHER:
			fprintf(stderr, "%s\n", line);
			break;
		default:
			break;
		}
	}
	return results->turns == callers && kx_hist_complete(&results->reader, callers)
		       ? KX_LINE_DONE
		       : KX_LINE_MORE;
}

/* Where the kernel process is to write its stamps, if it makes any. */
static void stamp_file(const struct kosix *kosix, char *path)
{
	(void)snprintf(path, KX_PROGRAM_PATH, "%s/stamps", kosix->scratch.path);
	if (kosix->config.stamped)
		(void)setenv("KX_STAMP_FILE", path, 1);
	else
		(void)unsetenv("KX_STAMP_FILE");
}

static bool kosix_run_turn(void *state, struct kx_turn *turn)
{
	struct kosix *kosix = state;
	struct results results = {.kosix = kosix, .turn = turn};
	char name[40];
	char policy[KX_PROGRAM_PATH + 16];
	char *argv[9];
	unsigned n = 0;
	const struct kx_config *config = &kosix->config;
	uint64_t all_ns = PROCESS_NS * (kx_config_callers(config) + config->idle_clients);
	const struct kx_command command = {
		.name = "kosix",
		.argv = argv,
		.place = &config->place,
		.limit_ns =
			START_NS + all_ns + config->turn_ns + config->quiet_ns + config->grace_ns,
		.line = take_line,
		.arg = &results,
		.grace_ns = config->grace_ns + all_ns,
	};
	struct kx_command_use use;
	char stamps[KX_PROGRAM_PATH];

	stamp_file(kosix, stamps);
	argv[n++] = kosix->program;
	if (config->relay)
		argv[n++] = (char *)"--mediate=all";
	(void)snprintf(policy, sizeof(policy), "--policy=%s", config->policy ? config->policy : "");
	if (config->policy)
		argv[n++] = policy;
	if (config->always_sleep)
		argv[n++] = (char *)"--spin=off";
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	argv[n++] = (char *)"--isolation=off"; /* the sanitizers' run time needs more calls */
#endif
	/* Two benches may run at a time. */
	(void)snprintf(name, sizeof(name), "--name=kosix-bench-%ld", (long)getpid());
	argv[n++] = name;
	argv[n++] = kosix->image;
	argv[n] = NULL;
	kx_hist_reader_clear(&results.reader);
	if (!kx_command_run(&command, &use))
		return false;
	if (config->stamped && turn->stamps && !kx_stamps_read_file(turn->stamps, stamps))
		return false;
	turn->hist = results.reader.hist;
	turn->wall_ns = results.end_ns - results.start_ns;
	turn->cpu_ns = use.cpu_ns;
	turn->voluntary = use.voluntary;
	turn->involuntary = use.involuntary;
	return true;
}

static void kosix_finish(void *state)
{
	struct kosix *kosix = state;

	kx_scratch_remove(&kosix->scratch);
	free(kosix);
}

const struct kx_subject kx_subject_kosix = {
	.name = "kosix",
	.what = "Call, Recv, Reply between two entities",
	.fits = kosix_fits,
	.prepare = kosix_prepare,
	.run_turn = kosix_run_turn,
	.finish = kosix_finish,
};

const struct kx_subject kx_subject_kosix_alone = {
	.name = "alone",
	.what = "the same without idle clients",
	.floor = true,
	.fits = kosix_fits,
	.prepare = alone_prepare,
	.run_turn = kosix_run_turn,
	.finish = kosix_finish,
};

const struct kx_subject kx_subject_kosix_raw = {
	.name = "raw",
	.what = "the same without generated code",
	.floor = true,
	.fits = kosix_fits,
	.prepare = raw_prepare,
	.run_turn = kosix_run_turn,
	.finish = kosix_finish,
};

const struct kx_subject kx_subject_kosix_open = {
	.name = "allow-all",
	.what = "the same without a policy",
	.floor = true,
	.fits = kosix_fits,
	.prepare = open_prepare,
	.run_turn = kosix_run_turn,
	.finish = kosix_finish,
};
