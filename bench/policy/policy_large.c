/* SPDX-License-Identifier: Apache-2.0 */
#include "policy_large.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kosix/security_module.h"
#include "measure/clock.h"
#include "measure/complain.h"
#include "measure/interrupt.h"
#include "measure/scratch.h"
#include "psl_cc.h"
#include "write.h"

#define METHODS 50u
#define SERVERS 20u
#define SHAPES  4u

struct large {
	struct kx_scratch scratch;
	uint32_t rules;
	char compiler[PATH_MAX]; /* nk-psl-gen-c */
	char policy[PATH_MAX + 32], source[PATH_MAX + 32], module[PATH_MAX + 32];
};

/* --- the policy ---------------------------------------------------------------------- */

static FILE *create(const struct large *large, const char *format, uint32_t number)
{
	char name[32], path[PATH_MAX + 64];

	(void)snprintf(name, sizeof(name), format, number);
	(void)snprintf(path, sizeof(path), "%s/%s", large->scratch.path, name);
	return fopen(path, "we");
}

static bool write_server(const struct large *large, uint32_t number)
{
	FILE *idl = create(large, "big/W%u.idl", number);
	FILE *edl = create(large, "big/S%u.edl", number);
	bool good = idl && edl;

	if (good) {
		fprintf(edl, "entity big.S%u\nendpoints {\n    work : big.W%u\n}\n", number,
			number);
		fprintf(idl,
			"package big.W%u\nstruct Place {\n    SInt32 x;\n    SInt32 y;\n}\n"
			"interface {\n",
			number);
		for (uint32_t i = 0; i < METHODS; i++)
			fprintf(idl,
				"    M%u(in UInt32 value, in string<32> name, in Place place, out "
				"UInt32 result);\n",
				i);
		fputs("}\n", idl);
	}
	good = idl && !kx_write_fclose(idl) && good;
	return edl && !kx_write_fclose(edl) && good;
}

/* The kernel's class without its methods: a policy needs it for anything to be started. */
static bool write_kernel(const struct large *large)
{
	FILE *edl = create(large, "kl/core/Core.edl", 0);

	return edl && fputs("entity kl.core.Core\n", edl) >= 0 && !kx_write_fclose(edl);
}

static bool write_client(const struct large *large, uint32_t number)
{
	FILE *edl = create(large, "big/C%u.edl", number);

	return edl && fprintf(edl, "entity big.C%u\n", number) > 0 && !kx_write_fclose(edl);
}

/* Rule @k: one of four shapes, the numbers are its own. */
static void write_rule(FILE *psl, uint32_t k)
{
	fprintf(psl, "request src=big.C%u dst=big.S%u endpoint=work method=M%u {\n    ",
		k / (SERVERS * METHODS), k / METHODS % SERVERS, k % METHODS);
	switch (k % SHAPES) {
	case 0:
		fprintf(psl,
			"assert (message.value < %u && message.place.x != %u && message.place.y + "
			"%u > message.place.x)",
			1000 + k, k, k);
		break;
	case 1:
		fprintf(psl,
			"assert (message.value == %u || re.match {text : message.name, pattern : "
			"\"[a-z]+%u\"})",
			k, k % 50);
		break;
	case 2:
		fprintf(psl,
			"assert (pairs.contains {sid : dst_sid, entry : [message.value, %u]} || "
			"message.name == \"name%u\")",
			k, k);
		break;
	default:
		fputs("phase.allow {sid : src_sid, states : [\"even\"]}", psl);
	}
	fputs("\n}\n", psl);
}

static bool write_policy(const struct large *large)
{
	static const char objects[] =
		"policy object pairs : HashSet {\n    type Entry = [UInt32, UInt32]\n"
		"    config = { set_size : 256, pool_size : 256 }\n}\n"
		"policy object phase : Flow {\n    type State = \"even\" | \"odd\"\n"
		"    config = { states : [\"even\", \"odd\"], initial : \"even\",\n"
		"               transitions : { \"even\" : [\"odd\"], \"odd\" : [\"even\"] } }\n}\n"
		"execute { grant () pairs.init {sid : dst_sid} phase.init {sid : dst_sid} }\n"
		"response { grant () }\n";
	uint32_t clients = 1 + (large->rules - 1) / (SERVERS * METHODS);
	FILE *psl = create(large, "big.psl", 0);
	bool good = psl && write_kernel(large);

	if (!psl)
		return false;
	fputs("use nk.basic._\nuse nk.hashset._\nuse nk.flow._\nuse nk.regex._\n"
	      "use EDL kl.core.Core\n",
	      psl);
	for (uint32_t i = 0; i < SERVERS; i++) {
		good = write_server(large, i) && good;
		fprintf(psl, "use EDL big.S%u\n", i);
	}
	for (uint32_t i = 0; i < clients; i++) {
		good = write_client(large, i) && good;
		fprintf(psl, "use EDL big.C%u\n", i);
	}
	fputs(objects, psl);
	for (uint32_t k = 0; k < large->rules; k++)
		write_rule(psl, k);
	return !kx_write_fclose(psl) && good;
}

static bool make_folders(const struct large *large)
{
	static const char *const folders[] = {"big", "kl", "kl/core"};
	char path[PATH_MAX + 16];

	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", large->scratch.path, folders[i]);
		if (mkdir(path, 0700) != 0)
			return false;
	}
	return true;
}

/* --- measuring ------------------------------------------------------------------------- */

/* Times of one step: of the wall, and of the processes that ended. */
struct step {
	double wall, processor;
};

static double children(void)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_CHILDREN, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static struct step begin(void)
{
	return (struct step){(double)kx_clock_monotonic() / 1e9, children()};
}

static void end(const struct step *step, const char *what)
{
	printf("%-38s %8.2f %8.2f\n", what, (double)kx_clock_monotonic() / 1e9 - step->wall,
	       children() - step->processor);
}

struct message {
	uint8_t head[24];
	uint32_t value, name[2]; /* of the name: offset and size in the arena */
	int32_t x, y, pad;
};

/* What is decided of a message to rule @k's method, with @name in its arena. */
static enum kx_verdict ask(const struct kx_security_module *module, void *state, uint32_t k,
			   const struct message *message, const char *name, struct kx_trail *trail)
{
	char client[16], server[16], method[16];
	struct kx_event event = {.kind = KX_EVENT_REQUEST,
				 .src = {10, client, "client"},
				 .dst = {11, server, "server"},
				 .endpoint = "work",
				 .method = method,
				 .fixed = message,
				 .fixed_size = sizeof(*message),
				 .arena = name,
				 .arena_size = name ? (uint32_t)strlen(name) + 1 : 0};

	(void)snprintf(client, sizeof(client), "big.C%u", k / (SERVERS * METHODS));
	(void)snprintf(server, sizeof(server), "big.S%u", k / METHODS % SERVERS);
	(void)snprintf(method, sizeof(method), "M%u", k % METHODS);
	event.src.sid += k / (SERVERS * METHODS) * 2;
	event.dst.sid += k / METHODS % SERVERS * 100;
	memset(trail, 0, sizeof(*trail));
	return module->decide(state, &event, trail);
}

/* Rules on a number must say yes just below it, and no at it: functions are shared. */
static bool decides_number(const struct kx_security_module *module, void *state, uint32_t k,
			   struct kx_trail *trail)
{
	struct message message = {.value = 999 + k, .x = -1, .y = 0};

	if (ask(module, state, k, &message, NULL, trail) != KX_GRANT)
		return false;
	message.value++;
	return ask(module, state, k, &message, NULL, trail) == KX_DENY;
}

/* Rules on a text must know their own number, their own pattern, and nothing else. */
static bool decides_text(const struct kx_security_module *module, void *state, uint32_t k,
			 struct kx_trail *trail)
{
	struct message message = {.value = k};
	char name[16];

	if (ask(module, state, k, &message, NULL, trail) != KX_GRANT)
		return false;
	message.value++;
	(void)snprintf(name, sizeof(name), "ab%u", k % 50);
	message.name[1] = (uint32_t)strlen(name) + 1;
	if (ask(module, state, k, &message, name, trail) != KX_GRANT)
		return false;
	(void)snprintf(name, sizeof(name), "AB%u", k % 50);
	return ask(module, state, k, &message, name, trail) == KX_DENY;
}

/* All rules of the two shapes that a message alone decides. */
static bool decide_all(const struct kx_security_module *module, void *state, uint32_t rules)
{
	for (uint32_t k = 0; k < rules; k++) {
		struct kx_trail trail = {0};
		bool good = true;

		if (k % SHAPES == 0)
			good = decides_number(module, state, k, &trail);
		else if (k % SHAPES == 1)
			good = decides_text(module, state, k, &trail);
		if (!good) {
			fprintf(stderr, "kosix-bench: policy: rule %u is decided wrongly: %s\n", k,
				trail.reason ? trail.reason : "granted");
			return false;
		}
	}
	return true;
}

static bool load(const struct large *large)
{
	const struct kx_security_module *(*entry)(void) = NULL;
	struct step step = begin();
	void *library = dlopen(large->module, RTLD_NOW | RTLD_LOCAL);
	const struct kx_security_module *module;
	void *state = NULL;
	bool good;

	if (library)
		*(void **)&entry = dlsym(library, "kx_security_module");
	if (!entry) {
		fprintf(stderr, "kosix-bench: policy: %s\n", dlerror());
		return false;
	}
	module = entry();
	if (module->init(NULL, &state) != 0) {
		fprintf(stderr, "kosix-bench: policy: %s: the module's init failed\n",
			large->module);
		(void)dlclose(library);
		return false;
	}
	end(&step, "loading");
	good = decide_all(module, state, large->rules);
	if (module->fini)
		module->fini(state);
	(void)dlclose(library);
	return good;
}

static bool make(struct large *large)
{
	const char *const command[] = {
		large->compiler, "-I", large->scratch.path, "-o", large->source,
		large->policy,   NULL};
	const char *const sources[] = {large->source, NULL};
	struct step step = begin();

	if (kx_psl_run(command) != 0 || kx_interrupted())
		return false;
	end(&step, "nk-psl-gen-c");
	step = begin();
	if (!kx_psl_cc(sources, large->module, true) || kx_interrupted())
		return false;
	end(&step, "C compiler");
	return true;
}

int kx_bench_policy_large(uint32_t rules, const char *bin)
{
	struct large large = {.rules = rules};
	bool good;

	kx_interrupt_catch();
	kx_interrupt_restore();
	if (!kx_scratch_make(&large.scratch))
		return 1;
	(void)snprintf(large.compiler, sizeof(large.compiler), "%s/nk-psl-gen-c", bin);
	(void)snprintf(large.policy, sizeof(large.policy), "%s/big.psl", large.scratch.path);
	(void)snprintf(large.source, sizeof(large.source), "%s/big.c", large.scratch.path);
	(void)snprintf(large.module, sizeof(large.module), "%s/big.so", large.scratch.path);
	printf("%-38s %8s %8s   seconds\n", "a policy of that many rules", "wall", "processor");
	good = make_folders(&large) && write_policy(&large);
	if (!good)
		perror(large.scratch.path);
	good = good && make(&large) && load(&large);
	kx_scratch_remove(&large.scratch);
	if (kx_interrupted())
		good = kx_complain("interrupted");
	return good ? 0 : 1;
}
