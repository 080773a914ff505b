/* SPDX-License-Identifier: Apache-2.0 */

/*
 * C-03: client and server of one hand-off are both killed, at every pair of their
 * operations on shared words, spinning and sleeping; a second client of the same server
 * must get its replies or be told. Built with the killpoint variant of kernel/ipc; this
 * process plays the kernel's death path (tests/ipc/rig.h). The order of the deaths is
 * what the machine makes of it.
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "point.h"
#include "rcu.h"
#include "result.h"
#include "rig.h"
#include "wait.h"

enum { VICTIM, BYSTANDER, PARTIES };

#define TOLD_DEAD 3
#define SECONDS   10u
#define MOST      200 /* points of one party; a spinning one has as many as it spins */

struct pair {
	long client;
	long server;
};

struct end {
	bool client_killed;
	bool server_killed;
	unsigned wrong;
};

static pid_t fork_caller(struct rig *rig, unsigned channel, long point)
{
	pid_t child = rig_fork();

	if (child != 0)
		return child;
	(void)alarm(SECONDS);
	if (point >= 0)
		kx_point_set(point, 'k');
	for (uint32_t n = 1; n <= 2; n++) {
		enum kx_result rc = rig_call(rig, channel, 0, n, 40);

		if (rc != KX_OK)
			_exit(rc == KX_EPEER ? TOLD_DEAD : 1);
	}
	_exit(0);
}

static pid_t fork_server(struct rig *rig, long point)
{
	pid_t child = rig_fork();

	if (child != 0)
		return child;
	kx_point_set(point, 'k');
	rig_serve_here(rig, 1);
	_exit(0);
}

static bool killed(int status)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

static bool told_or_well(int status)
{
	return WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == TOLD_DEAD);
}

static void note(struct rig *rig, const pid_t children[], pid_t child, int status, struct end *end)
{
	if (child == rig->server) {
		rig->server = 0;
		end->server_killed = killed(status);
		end->wrong += !end->server_killed && status != 0;
		if (end->server_killed)
			rig_bury_server(rig);
	} else if (child == children[VICTIM]) {
		end->client_killed = killed(status);
		end->wrong += !end->client_killed && !told_or_well(status);
		if (end->client_killed)
			rig_bury_client(rig, VICTIM);
	} else {
		end->wrong += !told_or_well(status);
	}
}

static struct end run_pair(const struct pair *pair)
{
	struct end end = {0};
	pid_t children[PARTIES];
	unsigned running = PARTIES;
	struct rig rig;
	pid_t server;
	int status;

	if (!rig_open(&rig, RIG_PROCESSES, PARTIES))
		exit(2);
	server = rig.server = fork_server(&rig, pair->server);
	children[BYSTANDER] = fork_caller(&rig, BYSTANDER, -1);
	children[VICTIM] = fork_caller(&rig, VICTIM, pair->client);
	while (running) {
		pid_t child = waitpid(-1, &status, 0);

		if (child < 0)
			exit(2);
		running -= child != server;
		note(&rig, children, child, status, &end);
	}
	if (rig.server > 0) {
		rig.server = 0;
		(void)rig_stop(&rig);
		rig.server = server;
		(void)waitpid(server, &status, 0);
		note(&rig, children, server, status, &end);
	}
	end.wrong += rig.shared->errors + (rig.shared->complaints != 0);
	rig_close(&rig);
	return end;
}

/* Points from @from on until nobody dies of them; every one, or each @stride-th. */
static void run_row(long server, long stride, long first, uint64_t *pairs, uint64_t *deaths,
		    uint64_t *wrong, bool *server_died)
{
	bool died = true;

	for (long client = first; died && client < MOST && !*wrong; client += stride) {
		struct pair pair = {client, server};
		struct end end = run_pair(&pair);

		++*pairs;
		*deaths += (uint64_t)end.client_killed + end.server_killed;
		*wrong += end.wrong;
		*server_died |= end.server_killed;
		died = end.client_killed || end.server_killed;
		/* A server that dies first leaves a client that is told: no more points of it. */
		if (!end.client_killed && client > 40)
			break;
		if (end.wrong)
			fprintf(stderr, "pair: client killed at %ld, server at %ld\n", client,
				server);
	}
}

static void run_all(struct kx_campaign *campaign, bool spin)
{
	const char *name = spin ? "C-03-spinning" : "C-03-sleeping";
	long stride = (long)kx_by_tier(campaign, 5, 1, 1);
	uint64_t pairs = 0;
	uint64_t deaths = 0;
	uint64_t wrong = 0;
	unsigned alive = 0;
	long server = (long)kx_random(campaign, (uint64_t)stride);

	if (!kx_wants(campaign, name))
		return;
	kx_wait_setup(0, spin, false);
	for (; server < MOST && alive < 3 && !wrong; server += stride) {
		bool died = false;

		run_row(server, stride, (long)kx_random(campaign, (uint64_t)stride), &pairs,
			&deaths, &wrong, &died);
		alive = died ? 0 : alive + 1;
	}
	kx_result(campaign, name, "P1,P2,P3", pairs, "pairs", wrong,
		  "%llu deaths; servers killed at points 0 to %ld", (unsigned long long)deaths,
		  server - 1);
}

int main(int argc, char **argv)
{
	struct kx_campaign campaign;

	kx_campaign_begin(&campaign, argc, argv);
	rcu_register_thread();
	run_all(&campaign, false);
	run_all(&campaign, true);
	return kx_campaign_end(&campaign);
}
