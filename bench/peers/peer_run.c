/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Runs any peer: a server process, its clients, and a daemon if the library needs
 * one. Each loads the module itself; this process never does. The clients warm up,
 * wait for each other and time their calls, as those of a floor do.
 */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "measure/client_result.h"
#include "measure/clock.h"
#include "measure/complain.h"
#include "measure/solution.h"
#include "peer.h"
#include "peer_usage.h"
#include "peers.h"

#define WARM_ROUNDS   2000u
#define WARM_NS       50000000u
#define START_NS      10000000000u
#define BUFFER_ALIGN  128u
#define NS_PER_SECOND 1000000000u

struct shared {
	_Atomic uint32_t serving;
	_Atomic uint32_t ready; /* clients that are warm */
	_Atomic uint32_t done;  /* and that made their calls */
	_Atomic uint32_t over;  /* the quiet time after them */
	_Atomic int32_t server; /* its process */
	struct kx_peer_usage quiet;
	struct kx_client_result result[];
};

struct run {
	const struct kx_subject *subject;
	const struct kx_peer_self *self;
	struct kx_config config;
	struct kx_scratch scratch;
	char name[32];
	struct shared *shared;
	size_t mapped;
	unsigned clients;
};

/* What a forked process is told. */
struct job {
	const struct run *run;
	const struct kx_peer_module *module;
	struct kx_peer_job peer;
};

static bool module_path(const struct kx_peer_self *self, char *path)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "kosix-bench-peer-%s.so", self->module);
	return kx_program_path(name, path) || access(path, R_OK) == 0;
}

bool kx_peer_fits(const struct kx_subject *self, const struct kx_config *config, char *why,
		  size_t size)
{
	const struct kx_peer_self *peer = self->self;
	unsigned parties = 1 + kx_config_callers(config);
	unsigned cores = kx_place_cores(&config->place, 2);
	char path[KX_PROGRAM_PATH];

	if (!module_path(peer, path) && peer->package)
		(void)snprintf(why, size, "skipped: %s is not installed", peer->package);
	else if (!module_path(peer, path))
		(void)snprintf(why, size, "skipped: no Debian package, and no module %.60s",
			       strrchr(path, '/') + 1);
	else if (peer->spins && cores < parties)
		(void)snprintf(why, size, "skipped: %u core%s", cores, cores == 1 ? "" : "s");
	else
		return true;
	return false;
}

static const struct kx_peer_module *load(const struct kx_peer_self *self)
{
	const struct kx_peer_module *(*entry)(void);
	const struct kx_peer_module *module;
	char path[KX_PROGRAM_PATH];
	void *object;

	(void)module_path(self, path);
	object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!object) {
		(void)kx_complain("%s", dlerror());
		return NULL;
	}
	*(void **)(void *)&entry = dlsym(object, KX_PEER_ENTRY);
	module = entry ? entry() : NULL;
	if (module && module->interface == KX_PEER_INTERFACE)
		return module;
	(void)kx_complain("%s: no peer module of this version", path);
	return NULL;
}

/* --- the processes --------------------------------------------------------------- */

static bool begin(struct job *job, enum kx_role role)
{
	if (!kx_place_bind(&job->run->config.place, role))
		return kx_complain("%s: can't bind to the cores asked for: %m",
				   job->run->subject->name);
	job->module = load(job->run->self);
	return job->module != NULL;
}

static void say_serving(void *arg)
{
	struct shared *shared = arg;

	atomic_store(&shared->serving, 1);
}

static int server_main(void *arg)
{
	struct job *job = arg;

	atomic_store(&job->run->shared->server, getpid());
	if (!begin(job, KX_ROLE_SERVER))
		return 1;
	(void)job->module->serve(&job->peer, say_serving, job->run->shared);
	return 1;
}

struct client {
	struct job *job;
	void *connection;
	uint8_t *out;
	uint8_t *in;
};

static bool timed_call(struct client *client, uint64_t *begun, uint64_t *ended)
{
	const struct job *job = client->job;

	++*(uint64_t *)(void *)client->out;
	*begun = kx_clock_ticks();
	if (!job->module->call(client->connection, client->out, client->in))
		return kx_complain("%s: a call failed", job->run->subject->name);
	*ended = kx_clock_ticks();
	if (memcmp(client->in, client->out, sizeof(uint64_t)) != 0)
		return kx_complain("%s: the reply is not the request's echo",
				   job->run->subject->name);
	return true;
}

static bool set_up(struct client *client)
{
	size_t room = (client->job->peer.size + BUFFER_ALIGN - 1) / BUFFER_ALIGN * BUFFER_ALIGN;
	uint64_t limit;
	uint64_t begun;
	uint64_t ended;

	client->out = aligned_alloc(BUFFER_ALIGN, room);
	client->in = aligned_alloc(BUFFER_ALIGN, room);
	if (!client->out || !client->in)
		return kx_complain("%s: no memory", client->job->run->subject->name);
	memset(client->out, 0x5a, room);
	memset(client->in, 0, room);
	/* Two clients of one machine must not send the same bytes. */
	*(uint64_t *)(void *)client->out = (uint64_t)client->job->peer.number << 48;
	client->connection = client->job->module->connect(&client->job->peer);
	if (!client->connection)
		return kx_complain("%s: can't connect", client->job->run->subject->name);
	limit = kx_clock_monotonic() + WARM_NS;
	for (unsigned i = 0; i < WARM_ROUNDS && kx_clock_monotonic() < limit; i++)
		if (!timed_call(client, &begun, &ended))
			return false;
	return true;
}

static void wait_for_all(_Atomic uint32_t *count, uint32_t all)
{
	const struct timespec nap = {.tv_nsec = 100000};

	while (atomic_load(count) < all)
		(void)nanosleep(&nap, NULL);
}

static void nap_for(uint64_t ns)
{
	const struct timespec nap = {.tv_sec = (time_t)(ns / NS_PER_SECOND),
				     .tv_nsec = (long)(ns % NS_PER_SECOND)};

	(void)nanosleep(&nap, NULL);
}

static bool measure(struct client *client, struct kx_client_result *result)
{
	const struct kx_config *config = &client->job->run->config;
	uint64_t first = kx_clock_ticks();
	uint64_t begun;
	uint64_t ended;

	for (uint64_t i = 0; i < config->rounds; i++) {
		if (config->gap_ns != 0)
			nap_for(config->gap_ns);
		if (!timed_call(client, &begun, &ended))
			return false;
		kx_hist_record(&result->hist, kx_clock_ns(ended - begun));
		if (kx_clock_ns(ended - first) > config->turn_ns)
			break;
	}
	return true;
}

/*
 * Until the server sleeps: on a busy machine its way there from the last call takes a while,
 * and is no wake-up of the quiet time. One that never sleeps is waited for no longer than that
 * time.
 */
static struct kx_peer_usage settled(const struct run *run, int server)
{
	uint64_t until = kx_clock_monotonic() + run->config.quiet_ns;
	struct kx_peer_usage usage = kx_peer_usage_of(server);

	while (usage.running != 0 && kx_clock_monotonic() < until) {
		nap_for(NS_PER_SECOND / 1000);
		usage = kx_peer_usage_of(server);
	}
	return usage;
}

/* What the server uses while all are connected and none calls. */
static void stay_quiet(const struct run *run)
{
	int server = atomic_load(&run->shared->server);
	struct kx_peer_usage before = settled(run, server);
	struct kx_peer_usage after;

	nap_for(run->config.quiet_ns);
	after = kx_peer_usage_of(server);
	run->shared->quiet.cpu_ns = after.cpu_ns - before.cpu_ns;
	run->shared->quiet.wakes = after.wakes - before.wakes;
}

static int client_main(void *arg)
{
	struct job *job = arg;
	struct client client = {.job = job};
	struct shared *shared = job->run->shared;
	struct kx_client_result *result = &shared->result[job->peer.number];

	wait_for_all(&shared->serving, 1);
	if (!begin(job, KX_ROLE_CLIENT) || !set_up(&client))
		return 1;
	atomic_fetch_add(&shared->ready, 1);
	wait_for_all(&shared->ready, job->run->clients);
	result->start_ns = kx_clock_monotonic();
	if (!measure(&client, result))
		return 1;
	result->end_ns = kx_clock_monotonic();
	atomic_fetch_add(&shared->done, 1);
	wait_for_all(&shared->done, job->run->clients);
	if (job->peer.number == 0) {
		if (job->run->config.quiet_ns != 0)
			stay_quiet(job->run);
		atomic_store(&shared->over, 1);
	} else {
		nap_for(job->run->config.quiet_ns); /* connected, or the server would notice */
		wait_for_all(&shared->over, 1);
	}
	/* No time for what the library may do at exit. */
	_exit(0);
}

/* Runs until it is asked to end; what it prints is of no interest. */
static int daemon_main(void *arg)
{
	struct job *job = arg;
	const char *const *argv;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	job->module = load(job->run->self);
	argv = job->module ? job->module->daemon(&job->peer) : NULL;
	if (!argv || null < 0 || dup2(null, STDOUT_FILENO) < 0 || dup2(null, STDERR_FILENO) < 0)
		return 1;
	(void)execvp(argv[0], (char *const *)(uintptr_t)argv);
	return 127;
}

static int cleaner_main(void *arg)
{
	struct job *job = arg;

	job->module = load(job->run->self);
	if (job->module && job->module->clean)
		job->module->clean(&job->peer);
	return job->module ? 0 : 1;
}

/* --- a turn ---------------------------------------------------------------------- */

static struct job job_of(const struct run *run, unsigned number)
{
	return (struct job){
		.run = run,
		.peer =
			{
				.folder = run->scratch.path,
				.name = run->name,
				.variant = run->self->variant,
				.size = run->config.size,
				.clients = run->clients,
				.number = number,
			},
	};
}

static bool map_shared(struct run *run)
{
	run->mapped = sizeof(struct shared) + run->clients * sizeof(struct kx_client_result);
	run->shared = mmap(NULL, run->mapped, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (run->shared == MAP_FAILED)
		return kx_complain("%s: mmap of %zu bytes: %m", run->subject->name, run->mapped);
	kx_client_results_clear(run->shared->result, run->clients);
	return true;
}

/* The module is asked in a process of its own: here nothing is loaded. */
static bool clean(const struct run *run)
{
	struct kx_team team = {.name = run->subject->name};
	struct job job = job_of(run, 0);
	bool ok = kx_team_spawn(&team, "cleaner", KX_MEMBER_ENDS, cleaner_main, &job) &&
		  kx_team_wait(&team, START_NS);

	kx_team_end(&team);
	return ok;
}

static bool start_clients(const struct run *run, struct kx_team *team)
{
	bool ok = true;

	for (unsigned i = 0; ok && i < run->clients; i++) {
		struct job job = job_of(run, i);

		ok = kx_team_spawn(team, "client", KX_MEMBER_ENDS, client_main, &job);
	}
	return ok;
}

bool kx_peer_run_turn(void *state, struct kx_turn *turn)
{
	struct run *run = state;
	struct kx_team team = {.name = run->subject->name};
	struct kx_team daemon = {.name = run->subject->name};
	struct job job = job_of(run, 0);
	bool ok = map_shared(run);

	if (!ok)
		return false;
	if (strcmp(run->self->module, "iceoryx") == 0)
		ok = kx_team_spawn(&daemon, "daemon", KX_MEMBER_STAYS, daemon_main, &job);
	ok = ok && kx_team_spawn(&team, "server", KX_MEMBER_STAYS, server_main, &job) &&
	     start_clients(run, &team) &&
	     kx_team_wait(&team, START_NS + run->config.turn_ns + run->config.quiet_ns +
					 run->config.grace_ns);
	kx_team_end(&team);
	kx_team_stop(&daemon);
	if (ok) {
		kx_client_results_collect(run->shared->result, run->clients, &team, turn);
		turn->quiet_ns = run->config.quiet_ns;
		turn->quiet_cpu_ns = run->shared->quiet.cpu_ns;
		turn->quiet_wakes = run->shared->quiet.wakes;
	}
	(void)munmap(run->shared, run->mapped);
	return clean(run) && ok;
}

bool kx_peer_prepare(const struct kx_subject *self, const struct kx_config *config, void **state)
{
	struct run *run = calloc(1, sizeof(*run));

	if (!run)
		return kx_complain("%s: no memory", self->name);
	run->subject = self;
	run->self = self->self;
	run->config = *config;
	run->clients = kx_config_callers(config);
	(void)snprintf(run->name, sizeof(run->name), "kosix-bench-%" PRIdMAX, (intmax_t)getpid());
	if (!kx_scratch_make(&run->scratch)) {
		free(run);
		return false;
	}
	*state = run;
	return true;
}

void kx_peer_finish(void *state)
{
	struct run *run = state;

	kx_scratch_remove(&run->scratch);
	free(run);
}

/* --- its name ------------------------------------------------------------------- */

struct question {
	const struct kx_peer_self *self;
	char *text; /* shared */
	size_t size;
};

static int answer_main(void *arg)
{
	struct question *question = arg;
	const struct kx_peer_module *module = load(question->self);

	if (!module)
		return 1;
	(void)snprintf(question->text, question->size, "%s", module->library);
	_exit(0);
}

void kx_peer_library(const struct kx_subject *self, char *text, size_t size)
{
	struct kx_team team = {.name = self->name};
	struct question question = {.self = self->self, .size = size};
	char path[KX_PROGRAM_PATH];
	void *shared;

	text[0] = '\0';
	if (!module_path(self->self, path))
		return;
	shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return;
	question.text = shared;
	if (kx_team_spawn(&team, "module", KX_MEMBER_ENDS, answer_main, &question))
		(void)kx_team_wait(&team, START_NS);
	kx_team_end(&team);
	(void)snprintf(text, size, "%s", question.text);
	(void)munmap(shared, size);
}
