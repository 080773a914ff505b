/* SPDX-License-Identifier: Apache-2.0 */

/*
 * C-05 and C-06 on the hand-off alone: clients, or clients and their server, end at
 * random moments, thousands a second where there are cores for it: clients are light
 * processes (light.h). The regions and the waiting are the shipped code; this process
 * plays the kernel's death path (tests/ipc/rig.h). Whoever lives must get every reply,
 * rightly, or be told; nobody may wait for ever.
 *
 * A party ends by SIGALRM without a handler: a clock of its own, as fine as Linux has it.
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "light.h"
#include "rcu.h"
#include "result.h"
#include "rig.h"
#include "wait.h"

#define CHANNELS   RIG_CHANNELS /* one for each client of a round: a region is never used again */
#define BYSTANDERS 2u           /* the first ones: they live */
#define AT_ONCE    KX_LIGHT_MOST
#define CALLS      60u /* of a bystander */
#define TOLD_DEAD  3
#define HANG_MS    10000

struct caller {
	struct rig *rig;
	unsigned channel;
	uint64_t life; /* microseconds; 0: a bystander */
	uint64_t seed;
	pid_t pid; /* 0: nobody is here */
};

struct round {
	struct rig rig;
	struct caller callers[AT_ONCE]; /* by place */
	unsigned running;
	unsigned used; /* channels */
	bool server_dies;
	bool server_dead;
	uint64_t deaths;
	uint64_t calls;
	uint64_t wrong;
};

static void limit_life(uint64_t microseconds)
{
	struct itimerval life = {.it_value.tv_usec = (suseconds_t)microseconds};

	(void)signal(SIGALRM, SIG_DFL);
	(void)setitimer(ITIMER_REAL, &life, NULL);
}

/* Calls until told that the server is dead; a bystander a number of times. In a light process. */
static int call_all_the_time(void *context)
{
	const struct caller *caller = context;

	if (caller->life)
		limit_life(caller->life);
	for (uint32_t n = 1; caller->life || n <= CALLS; n++) {
		uint32_t bytes = (uint32_t)((caller->seed + n * 2654435761u) >> 8) % 300;
		enum kx_result rc = rig_call(caller->rig, caller->channel, 0, n, bytes);

		if (rc != KX_OK)
			return rc == KX_EPEER ? TOLD_DEAD : 1;
	}
	return 0;
}

/* The next client, at @place. Nobody new where the server is dead. */
static void start_caller(struct round *round, unsigned place, struct kx_campaign *campaign)
{
	struct caller *caller = &round->callers[place];

	if (round->used == CHANNELS || round->server_dead)
		return;
	*caller = (struct caller){
		.rig = &round->rig,
		.channel = round->used++,
		.seed = kx_random(campaign, 0),
	};
	if (caller->channel >= BYSTANDERS)
		caller->life = 1 + kx_random(campaign, kx_random(campaign, 2) ? 300 : 3000);
	caller->pid = kx_light_start(place, call_all_the_time, caller);
	if (caller->pid < 0) {
		fprintf(stderr, "no process for a client\n");
		exit(2);
	}
	round->running++;
}

static bool start_server(struct round *round, struct kx_campaign *campaign)
{
	unsigned threads = 1 + (unsigned)kx_random(campaign, 3);
	uint64_t life = 200 + kx_random(campaign, 3000);

	round->server_dies = kx_random(campaign, 2);
	round->rig.server = rig_fork();
	if (round->rig.server != 0)
		return round->rig.server > 0;
	if (round->server_dies)
		limit_life(life);
	rig_serve_here(&round->rig, threads);
	_exit(0);
}

static bool by_alarm(int status)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM;
}

static void server_ended(struct round *round, int status)
{
	round->rig.server = 0;
	round->server_dead = true;
	round->deaths += by_alarm(status);
	round->wrong += !by_alarm(status);
	rig_bury_server(&round->rig);
}

static void caller_ended(struct round *round, struct caller *caller, int status)
{
	round->running--;
	caller->pid = 0;
	if (by_alarm(status) && caller->life) {
		round->deaths++;
		rig_bury_client(&round->rig, caller->channel);
		return;
	}
	/* Told, and it is true; or a bystander that had all its replies. */
	if (WIFEXITED(status) && WEXITSTATUS(status) == TOLD_DEAD && round->server_dies)
		return;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && !caller->life)
		return;
	fprintf(stderr, "client %u: status 0x%x\n", caller->channel, (unsigned)status);
	round->wrong++;
}

static void note_end(struct round *round, pid_t child, int status, struct kx_campaign *campaign)
{
	if (child == round->rig.server) {
		server_ended(round, status);
		return;
	}
	for (unsigned i = 0; i < AT_ONCE; i++)
		if (round->callers[i].pid == child) {
			caller_ended(round, &round->callers[i], status);
			start_caller(round, i, campaign);
			return;
		}
}

/* For a time limit on waitpid(). */
static void nothing(int number)
{
	(void)number;
}

static void limit_wait(unsigned milliseconds)
{
	struct itimerval limit = {.it_value = {milliseconds / 1000, milliseconds % 1000 * 1000}};
	struct sigaction action = {.sa_handler = nothing};

	(void)sigaction(SIGALRM, &action, NULL);
	(void)setitimer(ITIMER_REAL, &limit, NULL);
}

/* Who still sleeps, and on what: the slots say it. */
static void say_hang(struct round *round)
{
	for (unsigned i = 0; i < AT_ONCE; i++) {
		struct caller *caller = &round->callers[i];
		struct kx_channel_region *region = rig_region(&round->rig, caller->channel);

		if (!caller->pid)
			continue;
		fprintf(stderr, "hang: client %u waits on word 0x%08x, arm %u, server %s\n",
			caller->channel, kx_load(&region->slots[0].w), kx_load(&region->arm),
			round->server_dead ? "dead" : "alive");
		(void)kill(caller->pid, SIGKILL);
		(void)waitpid(caller->pid, NULL, 0);
		caller->pid = 0;
		round->wrong++;
	}
	round->running = 0;
}

static void wait_for_callers(struct round *round, struct kx_campaign *campaign)
{
	int status = 0;

	limit_wait(HANG_MS);
	while (round->running) {
		pid_t child = waitpid(-1, &status, 0);

		if (child < 0) {
			say_hang(round);
			break;
		}
		note_end(round, child, status, campaign);
	}
	limit_wait(0);
}

/* A server that was to die and has not yet ends now by its own clock; any other when told. */
static void end_server(struct round *round)
{
	int status;

	if (round->rig.server <= 0)
		return;
	if (!round->server_dies) {
		round->wrong += rig_stop(&round->rig) != 0;
		return;
	}
	(void)waitpid(round->rig.server, &status, 0);
	server_ended(round, status);
}

static void play(struct round *round, struct kx_campaign *campaign)
{
	memset(round, 0, sizeof(*round));
	kx_wait_setup(0, kx_random(campaign, 2), false);
	if (!rig_open(&round->rig, RIG_PROCESSES, CHANNELS) || !start_server(round, campaign)) {
		fprintf(stderr, "no memory or process for a round\n");
		exit(2);
	}
	for (unsigned i = 0; i < AT_ONCE; i++)
		start_caller(round, i, campaign);
	wait_for_callers(round, campaign);
	end_server(round);
	if (round->rig.shared->errors || round->rig.shared->complaints)
		fprintf(stderr, "errors %u (rig.c:%u), complaints %x\n", round->rig.shared->errors,
			round->rig.shared->error_line, round->rig.shared->complaints);
	round->wrong += round->rig.shared->errors + (round->rig.shared->complaints != 0);
	round->calls = round->rig.shared->calls;
	rig_close(&round->rig);
}

int main(int argc, char **argv)
{
	static struct round round;
	struct kx_campaign campaign;
	uint64_t deaths = 0;
	uint64_t wrong = 0;
	uint64_t calls = 0;
	uint64_t rounds = 0;
	uint64_t wanted;
	uint64_t limit_ns;

	kx_campaign_begin(&campaign, argc, argv);
	rcu_register_thread();
	if (!kx_light_open()) {
		fprintf(stderr, "no memory for light processes\n");
		return 77;
	}
	wanted = kx_by_tier(&campaign, 7500, 200000, 10000000);
	limit_ns = kx_prove_now_ns() + kx_by_tier(&campaign, 20, 60, 7200) * 1000000000u;
	for (; deaths < wanted && !wrong && kx_prove_now_ns() < limit_ns; rounds++) {
		uint64_t state = campaign.state;

		play(&round, &campaign);
		deaths += round.deaths;
		wrong += round.wrong;
		calls += round.calls;
		if (wrong)
			fprintf(stderr, "round %llu, state of the generator %llu\n",
				(unsigned long long)rounds, (unsigned long long)state);
	}
	kx_result(&campaign, "C-05-handoff", "P1,P2,P3", deaths, "deaths", wrong,
		  "%llu calls answered, %llu rounds of a server (half of them die) with up to %u "
		  "clients, %u of them to live; light processes",
		  (unsigned long long)calls, (unsigned long long)rounds, CHANNELS, BYSTANDERS);
	return kx_campaign_end(&campaign);
}
