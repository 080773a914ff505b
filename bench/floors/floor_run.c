/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Runs any floor: memory, processes, timing, end.
 *
 * Everything the parties share lies in one anonymous shared mapping made
 * before they are forked: a result for each pair, then the hops. Each client
 * warms up, waits until all clients are ready, and times its calls. Servers and
 * brokers serve for ever; the team (team.h) kills them when the clients are done.
 */

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "floor.h"
#include "measure/client_result.h"
#include "measure/complain.h"

#define WARM_ROUNDS   2000u
#define WARM_NS       50000000u
#define TUNE_ROUNDS   10000u
#define TUNE_NS       50000000u
#define BUFFER_ALIGN  128u
#define PAGE          4096u
#define NS_PER_SECOND 1000000000u

/* Nanoseconds between two looks that prepare() tries; the best differs by machine. */
static const unsigned look_ns[] = {0, 25, 40, 60, 80};

/* The head of the mapping; the hops follow at hops_at. */
struct shared {
	_Alignas(KX_HOP_LINE) _Atomic uint32_t ready; /* clients that are warm */
	struct kx_client_result result[];
};

struct run {
	const struct kx_subject *subject;
	const struct kx_floor *floor;
	struct kx_config config;
	unsigned pairs;
	unsigned looks;
	uint64_t rounds;
	uint64_t turn_ns;
	struct shared *shared;
	size_t mapped;
	size_t hops_at;
	size_t hop_size;
};

/* What a forked process is told. */
struct job {
	const struct run *run;
	struct kx_party party;
	unsigned pair;
};

static size_t round_up(size_t size, size_t unit)
{
	return (size + unit - 1) / unit * unit;
}

bool kx_floor_fits(const struct kx_subject *self, const struct kx_config *config, char *why,
		   size_t size)
{
	const struct kx_floor *floor = self->self;
	unsigned cores = kx_place_cores(&config->place, floor->parties);

	if (!floor->spins || cores >= floor->parties * kx_config_callers(config))
		return true;
	(void)snprintf(why, size, "skipped: %u core%s", cores, cores == 1 ? "" : "s");
	return false;
}

static bool map_shared(struct run *run)
{
	size_t size = run->config.size;

	run->hop_size =
		size <= KX_HOP_INLINE ? KX_HOP_LINE : round_up(size + KX_HOP_LINE / 2, KX_HOP_LINE);
	run->hops_at = round_up(
		sizeof(struct shared) + run->pairs * sizeof(struct kx_client_result), PAGE);
	run->mapped =
		round_up(run->hops_at + (size_t)run->pairs * KX_HOP_COUNT * run->hop_size, PAGE);
	run->shared = mmap(NULL, run->mapped, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (run->shared == MAP_FAILED)
		return kx_complain("%s: mmap of %zu bytes: %m", run->subject->name, run->mapped);
	kx_client_results_clear(run->shared->result, run->pairs);
	return true;
}

static void set_party(const struct run *run, unsigned pair, struct kx_party *party)
{
	size_t size = run->config.size;
	size_t offset = size <= KX_HOP_INLINE ? sizeof(uint64_t) : KX_HOP_LINE / 2;

	*party = (struct kx_party){
		.fd = {{-1, -1}, {-1, -1}},
		.size = size,
		.looks = run->looks,
	};
	for (unsigned i = 0; i < KX_HOP_COUNT; i++) {
		uint8_t *at = (uint8_t *)run->shared + run->hops_at +
			      ((size_t)pair * KX_HOP_COUNT + i) * run->hop_size;

		party->hop[i].word = (_Atomic uint32_t *)(void *)at;
		party->hop[i].payload = at + offset;
	}
}

/* First steps of every party, in its own process. */
static bool begin(struct job *job, enum kx_role role)
{
	size_t room = round_up(job->party.size, BUFFER_ALIGN);

	if (!kx_place_bind(&job->run->config.place, role))
		return kx_complain("%s: can't bind to the cores asked for: %m",
				   job->run->subject->name);
	job->party.out = aligned_alloc(BUFFER_ALIGN, room);
	job->party.in = aligned_alloc(BUFFER_ALIGN, room);
	if (!job->party.out || !job->party.in)
		return kx_complain("%s: no memory", job->run->subject->name);
	memset(job->party.out, 0x5a, room);
	memset(job->party.in, 0, room);
	return true;
}

/* One timed call whose reply must hold the bytes of the request. */
static bool timed_call(struct job *job, uint64_t *begun, uint64_t *ended)
{
	struct kx_party *party = &job->party;

	++*(uint64_t *)(void *)party->out;
	*begun = kx_clock_ticks();
	if (!job->run->floor->call(party))
		return false;
	*ended = kx_clock_ticks();
	if (memcmp(party->in, party->out, sizeof(uint64_t)) != 0)
		return kx_complain("%s: the reply is not the request's echo",
				   job->run->subject->name);
	return true;
}

static bool warm_up(struct job *job)
{
	uint64_t limit = kx_clock_monotonic() + WARM_NS;
	uint64_t begun;
	uint64_t ended;

	for (unsigned i = 0; i < WARM_ROUNDS && kx_clock_monotonic() < limit; i++)
		if (!timed_call(job, &begun, &ended))
			return false;
	return true;
}

static void wait_for_all(const struct run *run)
{
	atomic_fetch_add(&run->shared->ready, 1);
	while (atomic_load(&run->shared->ready) < run->pairs)
		(void)sched_yield();
}

static bool measure(struct job *job)
{
	const struct run *run = job->run;
	struct kx_client_result *result = &run->shared->result[job->pair];
	const struct timespec gap = {
		.tv_sec = (time_t)(run->config.gap_ns / NS_PER_SECOND),
		.tv_nsec = (long)(run->config.gap_ns % NS_PER_SECOND),
	};
	uint64_t first = kx_clock_ticks();
	uint64_t begun;
	uint64_t ended;

	for (uint64_t i = 0; i < run->rounds; i++) {
		if (run->config.gap_ns != 0)
			(void)nanosleep(&gap, NULL);
		if (!timed_call(job, &begun, &ended))
			return false;
		kx_hist_record(&result->hist, kx_clock_ns(ended - begun));
		if (kx_clock_ns(ended - first) > run->turn_ns)
			break;
	}
	return true;
}

static int client_main(void *arg)
{
	struct job *job = arg;
	struct kx_client_result *result = &job->run->shared->result[job->pair];

	if (!begin(job, KX_ROLE_CLIENT) || !warm_up(job))
		return 1;
	wait_for_all(job->run);
	result->start_ns = kx_clock_monotonic();
	if (!measure(job))
		return 1;
	result->end_ns = kx_clock_monotonic();
	return 0;
}

static int server_main(void *arg)
{
	struct job *job = arg;

	if (!begin(job, KX_ROLE_SERVER))
		return 1;
	while (job->run->floor->serve(&job->party))
		;
	return 1;
}

static int broker_main(void *arg)
{
	struct job *job = arg;

	if (!begin(job, KX_ROLE_BROKER))
		return 1;
	while (job->run->floor->relay(&job->party))
		;
	return 1;
}

static void close_fds(const struct kx_party *party)
{
	for (unsigned i = 0; i < 4; i++) {
		int fd = party->fd[i / 2][i % 2];

		/* A socket is read and written through one descriptor. */
		if (fd >= 0 && (i % 2 == 0 || fd != party->fd[i / 2][0]))
			(void)close(fd);
	}
}

static bool spawn_pair(const struct run *run, struct kx_team *team, unsigned pair)
{
	struct job job = {.run = run, .pair = pair};
	bool ok;

	set_party(run, pair, &job.party);
	if (run->floor->open && !run->floor->open(&job.party))
		return false;
	ok = kx_team_spawn(team, "server", KX_MEMBER_STAYS, server_main, &job) &&
	     (!run->floor->relay ||
	      kx_team_spawn(team, "broker", KX_MEMBER_STAYS, broker_main, &job)) &&
	     kx_team_spawn(team, "client", KX_MEMBER_ENDS, client_main, &job);
	close_fds(&job.party);
	return ok;
}

/* One turn from nothing to nothing: the caller has set all but the memory. */
static bool run_once(struct run *run, struct kx_turn *turn)
{
	struct kx_team team = {.name = run->subject->name};
	bool ok = map_shared(run);

	if (!ok)
		return false;
	for (unsigned i = 0; ok && i < run->pairs; i++)
		ok = spawn_pair(run, &team, i);
	ok = ok && kx_team_wait(&team, run->turn_ns + WARM_NS + run->config.grace_ns);
	kx_team_end(&team);
	if (ok)
		kx_client_results_collect(run->shared->result, run->pairs, &team, turn);
	(void)munmap(run->shared, run->mapped);
	return ok;
}

/* Tries each spacing of looks for a moment and keeps the fastest. */
static bool tune(struct run *run)
{
	struct kx_turn *turn = calloc(1, sizeof(*turn));
	uint64_t best = UINT64_MAX;
	struct run trial = *run;

	if (!turn)
		return kx_complain("%s: no memory", run->subject->name);
	trial.rounds = TUNE_ROUNDS;
	trial.turn_ns = TUNE_NS;
	for (unsigned i = 0; i < sizeof(look_ns) / sizeof(look_ns[0]); i++) {
		uint64_t p50;

		trial.looks = kx_clock_relax_count(look_ns[i]);
		if (!run_once(&trial, turn)) {
			free(turn);
			return false;
		}
		p50 = kx_hist_percentile(&turn->hist, KX_P50);
		if (p50 < best) {
			best = p50;
			run->looks = trial.looks;
		}
	}
	free(turn);
	return true;
}

bool kx_floor_prepare(const struct kx_subject *self, const struct kx_config *config, void **state)
{
	struct run *run = calloc(1, sizeof(*run));

	if (!run)
		return kx_complain("%s: no memory", self->name);
	run->subject = self;
	run->floor = self->self;
	run->config = *config;
	run->pairs = kx_config_callers(config);
	run->rounds = config->rounds;
	run->turn_ns = config->turn_ns;
	if (run->floor->spins && config->gap_ns == 0 && !tune(run)) {
		free(run);
		return false;
	}
	*state = run;
	return true;
}

bool kx_floor_run_turn(void *state, struct kx_turn *turn)
{
	return run_once(state, turn);
}

void kx_floor_finish(void *state)
{
	free(state);
}
