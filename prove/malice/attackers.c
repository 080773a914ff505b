/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Entities without our library that go on attacking (tests/system/hostile_fast.c), the
 * kernel process and a server that checks all that arrives; an honest client of the same
 * server must not notice more than that it is slower. The kernel process lives, and has
 * as many descriptors afterwards as if the attackers had done nothing, and about as much
 * memory as when they began.
 *
 * Its allocator fills what is fresh and what is freed with patterns: M-15 looks for them.
 */

#include <dirent.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "oracle.h"
#include "result.h"
#include "rig.h"

#ifdef __SANITIZE_ADDRESS__
#define MOST_GROWN_KB (16384u + (256u << 10)) /* it keeps so much of what was freed */
#else
#define MOST_GROWN_KB 16384u
#endif

struct attack {
	const char *scenario;
	const char *what;
	const char *promises;
	unsigned attackers;
	bool may_be_dropped; /* what it does costs it its life, perhaps */
	bool serves;         /* each has a client of its own, scenario "forged" */
	const char *counted; /* the word before the number it says at the end; NULL: seconds */
	const char *unit;
	const char *note;
};

static const struct attack attacks[] = {
	{"S-05", "wakes", "P1,P2", 2, .note = "every word that can be read woken all the time"},
	{"M-01", "scribble", "P2,P5,P1", 2, .note = "random words over all that can be written"},
	{"M-02", "flip", "P2,P5,P3", 2, .note = "sizes, methods, handles changed all the time"},
	{"M-04", "claims", "P1,P2", 2, .counted = "CLAIMED", .unit = "words",
	 .note = "wakes claimed, flags and doorbells written over"},
	{"M-07", "forge", "P2,P3", 2, .serves = true, .counted = "FORGED", .unit = "replies",
	 .note = "replies of others, twice, too late, to nothing; their clients got the right "
		 "ones"},
	{"M-10", "junk", "P4,P8,P1", 2, true, .note = "junk and descriptors on the control socket"},
	{"M-11", "loris", "P8,P1", 4, .note = "everything begun and nothing ended"},
	{"M-15", "scan", "P5", 1, .note = "freed and fresh memory of the kernel process not seen"},
	{"H-01", "guess", "P5,P3", 2, .counted = "GUESSED", .unit = "handles",
	 .note = "each refused alike, and no kind of them later than the others"},
};

static struct rig rig;
static uint64_t counted; /* by the attackers of one scenario */

/* The patterns of hostile_fast.c. What a thread keeps is not filled: it keeps nothing. */
static void fill_memory(void)
{
	(void)setenv("GLIBC_TUNABLES", "glibc.malloc.perturb=60:glibc.malloc.tcache_count=0", 1);
}

/* What descriptor @name of @pid is; "" if it is gone. */
static const char *target_of(pid_t pid, const char *name)
{
	static char target[200];
	char path[300];
	ssize_t length;

	(void)snprintf(path, sizeof(path), "/proc/%d/fd/%s", (int)pid, name);
	length = readlink(path, target, sizeof(target) - 1);
	target[length > 0 ? length : 0] = '\0';
	return target;
}

/*
 * Not counted is one descriptor that leads where standard error leads: the log opens it at
 * its first line. @list: they are also named on stderr.
 */
static unsigned descriptors_of(pid_t pid, bool list)
{
	const struct dirent *entry;
	bool log_is_open = false;
	unsigned count = 0;
	char path[64];
	char log[200];
	DIR *folder;

	(void)snprintf(log, sizeof(log), "%s", target_of(pid, "2"));
	(void)snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	folder = opendir(path);
	while (folder && (entry = readdir(folder))) {
		const char *target = target_of(pid, entry->d_name);

		count++;
		log_is_open |= strtol(entry->d_name, NULL, 10) > 2 && strcmp(target, log) == 0;
		if (list)
			fprintf(stderr, "%s: %s\n", entry->d_name, target);
	}
	if (folder)
		(void)closedir(folder);
	return count - log_is_open;
}

/* @what: of the attackers; they and the honest client go on for @seconds. */
static void start(const struct attack *attack, const char *what, const char *const options[],
		  unsigned seconds)
{
	char lines[10][120];
	const char *entities[11] = {lines[0], lines[1]};
	unsigned count = 2;

	(void)snprintf(lines[0], sizeof(lines[0]), "server t.Server strict server");
	(void)snprintf(lines[1], sizeof(lines[1]), "honest t.Client SECONDS=%u strict client",
		       seconds);
	for (unsigned i = 0; i < attack->attackers; i++) {
		(void)snprintf(lines[count++], sizeof(lines[0]), "evil%u t.%s @other %s %u", i,
			       attack->serves && seconds ? "Server" : "Client", what,
			       1000 * seconds);
		if (attack->serves && seconds)
			(void)snprintf(lines[count++], sizeof(lines[0]),
				       "client%u t.Client >evil%u SECONDS=%u forged client", i, i,
				       seconds);
	}
	for (unsigned i = 0; i < count; i++)
		entities[i] = lines[i];
	entities[count] = NULL;
	rig_image(&rig, entities, NULL, "security.so");
	rig_child = fill_memory;
	rig_start(&rig, options);
	rig_child = NULL;
}

/*
 * Descriptors of the kernel process when the server alone is left and nobody has attacked;
 * 0: it did not come to that.
 */
static unsigned undisturbed(const struct attack *attack, const char *const options[])
{
	unsigned least = 0;
	bool ended;

	start(attack, "nothing", options, 0);
	ended = rig_wait(&rig, "PASS strict", 1) &&
		rig_wait(&rig, "DONE nothing", attack->attackers);
	for (int tries = 0; ended && rig_processes(rig.folder) > 1; tries++) {
		ended = tries < 3000;
		(void)usleep(10000); /* no parent of theirs to wait as */
	}
	/* What the kernel process lets go of after a death: the least of some looks. */
	for (int looks = 0; ended && looks < 30; looks++) {
		unsigned descriptors = descriptors_of(rig.kernel, false);

		least = least && least < descriptors ? least : descriptors;
		(void)usleep(10000);
	}
	rig_end(&rig);
	return least;
}

/* What the attackers say they have done; false if one says nothing. */
static bool add_counts(const struct attack *attack)
{
	const char *at = rig.text;
	unsigned said = 0;

	for (; attack->counted && (at = strstr(at, attack->counted)); said++) {
		at += strlen(attack->counted);
		counted += strtoull(at, NULL, 10);
	}
	return !attack->counted || said == attack->attackers;
}

/*
 * H-01: the medians of each kind of guess, of one attacker. Kinds take turns of some
 * microseconds, so whatever else the machine does meets all of them.
 */
static bool kinds_take_alike(void)
{
	unsigned long least = ULONG_MAX;
	unsigned long most = 0;
	const char *at = rig.text;

	while ((at = strstr(at, " guesses took "))) {
		unsigned long took = strtoul(at += 14, NULL, 10);

		least = took < least ? took : least;
		most = took > most ? took : most;
	}
	return most == 0 || most <= 2 * least + 20;
}

static unsigned judge(const struct attack *attack, unsigned before, unsigned long kb)
{
	unsigned descriptors = descriptors_of(rig.kernel, false);
	unsigned long grown;

	/* Who has said its last words may still be dying. */
	for (int tries = 0; tries < 500 && descriptors != before; tries++) {
		(void)usleep(10000);
		descriptors = descriptors_of(rig.kernel, false);
	}
	grown = rig_memory_kb(&rig, "RssAnon:") - kb;
	/* The honest client and the attackers are gone, with what there was for them. */
	if (descriptors == before && (long)grown <= (long)MOST_GROWN_KB)
		return 0;
	fprintf(stderr, "%s: descriptors %u -> %u, %ld kB more\n", attack->scenario, before,
		descriptors, (long)grown);
	(void)descriptors_of(rig.kernel, true);
	return 1;
}

static unsigned attack_once(const struct attack *attack, const char *const options[],
			    unsigned seconds)
{
	char begun[40];
	char done[40];
	char name[32];
	unsigned failures = 0;
	unsigned before = undisturbed(attack, options);
	unsigned long kb;
	bool passed;

	(void)snprintf(begun, sizeof(begun), "BEGUN %s", attack->what);
	(void)snprintf(done, sizeof(done), "DONE %s", attack->what);
	(void)snprintf(name, sizeof(name), "rig%d", (int)getpid());
	start(attack, attack->what, options, seconds);
	passed = rig_wait(&rig, begun, attack->attackers);
	kb = rig_memory_kb(&rig, "RssAnon:");
	passed = passed && rig_wait(&rig, "PASS strict", 1) &&
		 (attack->may_be_dropped || rig_wait(&rig, done, attack->attackers)) &&
		 (!attack->serves || rig_wait(&rig, "PASS forged", attack->attackers)) &&
		 add_counts(attack) && kinds_take_alike();
	if (!passed)
		(void)kx_oracle_look(name, false);
	failures += passed ? judge(attack, before, kb) : 1;
	rig_end(&rig);
	failures += !WIFEXITED(rig.status) || WEXITSTATUS(rig.status) != 0;
	if (failures)
		fprintf(stderr, "%s %s: status 0x%x\n%.4000s\n", attack->scenario,
			options[0] ? options[0] : "", (unsigned)rig.status, rig.text);
	return failures;
}

int main(int argc, char **argv)
{
	struct kx_campaign campaign;
	unsigned seconds;

	kx_campaign_begin(&campaign, argc, argv);
	seconds = (unsigned)kx_by_tier(&campaign, 1, 4, 600);
	for (size_t i = 0; i < sizeof(attacks) / sizeof(*attacks); i++) {
		const struct attack *attack = &attacks[i];
		unsigned failures = 0;

		counted = 0;
		if (!kx_wants(&campaign, attack->scenario))
			continue;
		for (unsigned way = 0; way < kx_by_tier(&campaign, 1, 3, 3); way++)
			failures += attack_once(attack, rig_ways[way], seconds);
		if (!attack->counted)
			counted = (uint64_t)attack->attackers * seconds *
				  kx_by_tier(&campaign, 1, 3, 3);
		kx_result(&campaign, attack->scenario, attack->promises, counted,
			  attack->counted ? attack->unit : "seconds", failures,
			  "of %u attackers: %s", attack->attackers, attack->note);
	}
	return kx_campaign_end(&campaign);
}
