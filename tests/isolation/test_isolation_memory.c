/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Memory handed to a hostile entity: every futex operation on every kind of
 * word (M-05), every operation on descriptors and mappings (M-06). The regions
 * are sealed as the kernel process seals them (kernel/objects/region.h).
 */

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "fixture.h"

#define SIZE 8192

struct regions {
	int fd[2]; /* writable, read-only: places 3 and 4 of the entity */
	uint32_t *map[2];
};

static struct fixture_run run;

static void make_region(struct regions *regions, int which, int more_seals)
{
	int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL | more_seals;
	int fd = memfd_create("region", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, SIZE), 0);
	regions->map[which] = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(regions->map[which] != MAP_FAILED);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, seals), 0);
	regions->fd[which] = fd;
}

static void make_regions(struct regions *regions)
{
	make_region(regions, 0, 0);
	make_region(regions, 1, F_SEAL_FUTURE_WRITE);
}

static void free_regions(struct regions *regions)
{
	for (int i = 0; i < 2; i++) {
		(void)munmap(regions->map[i], SIZE);
		(void)close(regions->fd[i]);
	}
}

static void attack(enum kx_isolation_level level, const struct regions *regions, const char *part)
{
	const char *argv[] = {fixture_program("entity_memory"), part, NULL};
	struct kx_isolation *isolation = kx_isolation_create(NULL);
	struct kx_isolation_profile profile;

	kx_isolation_profile_init(&profile, level);
	assert_int_equal(
		fixture_start_and_wait(isolation, &profile, argv, NULL, regions->fd, 2, &run), 0);
	assert_int_equal(run.status, 0);
	kx_isolation_destroy(isolation);
}

/* The result printed for @attempt, or an empty string. */
static const char *result_of(const char *attempt)
{
	static char result[32];
	size_t length = strlen(attempt);
	const char *line = run.output;

	result[0] = 0;
	while (line) {
		if (strncmp(line, attempt, length) == 0 && line[length] == ' ') {
			(void)sscanf(line + length + 1, "%31s", result);
			break;
		}
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	return result;
}

static void expect(const char *attempt, const char *wanted)
{
	if (strcmp(result_of(attempt), wanted) != 0)
		fail_msg("%s: expected %s, found '%s' in\n%s", attempt, wanted, result_of(attempt),
			 run.output);
}

static const char *const words[] = {"own0", "own_last", "others0", "others64", "others_last"};

static void expect_on_words(const char *operation, const char *wanted)
{
	char attempt[64];

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		(void)snprintf(attempt, sizeof(attempt), "%s.%s", operation, words[i]);
		expect(attempt, wanted);
	}
}

static void shared_words_can_only_be_waited_on_and_woken(void **state)
{
	static const char *const closed[] = {
		"fd",         "requeue",         "cmp_requeue",
		"wake_op",    "lock_pi",         "unlock_pi",
		"trylock_pi", "wait_requeue_pi", "cmp_requeue_pi",
		"lock_pi2",   "requeue_clock",   "futex_requeue",
	};
	struct regions regions;

	(void)state;
	make_regions(&regions);
	attack(KX_ISOLATION_DEFAULT, &regions, "words");
	for (size_t i = 0; i < sizeof(closed) / sizeof(closed[0]); i++)
		expect_on_words(closed[i], "EPERM");
	expect_on_words("wait", "EAGAIN");
	expect_on_words("wait_bitset", "EAGAIN");
	expect_on_words("waitv", "EAGAIN");
	expect_on_words("wake", "ok");
	expect_on_words("wake_bitset", "ok");
	free_regions(&regions);
}

/* Off, default; the seals hold without any layer, the layers close the rest. */
static const struct {
	const char *attempt;
	const char *off;
	const char *inside;
} descriptor_table[] = {
	{"shrink.own", "EPERM", "EPERM"},
	{"grow.own", "EPERM", "EPERM"},
	{"punch.own", "ok", "EPERM"},
	{"extend.own", "EPERM", "EPERM"},
	{"seal.own", "EPERM", "EPERM"},
	{"write.own", "ok", "ok"},
	{"chmod.own", "ok", "EPERM"},
	{"remove.own", "ok", "EPERM"},
	{"mprotect.own", "ok", "ok"},
	{"map.own", "ok", "ok"},
	{"shrink.others", "EPERM", "EPERM"},
	{"grow.others", "EPERM", "EPERM"},
	{"punch.others", "EPERM", "EPERM"},
	{"extend.others", "EPERM", "EPERM"},
	{"seal.others", "EPERM", "EPERM"},
	{"write.others", "EPERM", "EPERM"},
	{"mprotect.others", "EACCES", "EACCES"},
	{"map.others", "EPERM", "EPERM"},
	{"reopen_write.others", "EPERM", ""},
	{"map.reopened_others", "EPERM", ""},
};

static void descriptors_do_only_what_the_table_says(void **state)
{
	struct regions regions;

	(void)state;
	make_regions(&regions);
	attack(KX_ISOLATION_DEFAULT, &regions, "descriptors");
	assert_string_not_equal(result_of("reopen.others"), "ok");
	for (size_t i = 0; i < sizeof(descriptor_table) / sizeof(descriptor_table[0]); i++)
		expect(descriptor_table[i].attempt, descriptor_table[i].inside);
	free_regions(&regions);
	/* Without any layer only what carries the design is promised: the seals. */
	make_regions(&regions);
	attack(KX_ISOLATION_OFF, &regions, "descriptors");
	expect("reopen.others", "ok");
	for (size_t i = 0; i < sizeof(descriptor_table) / sizeof(descriptor_table[0]); i++)
		expect(descriptor_table[i].attempt, descriptor_table[i].off);
	free_regions(&regions);
}

static void read_only_memory_is_unchanged_by_every_attempt(void **state)
{
	struct regions regions;

	(void)state;
	make_regions(&regions);
	memset(regions.map[1], 0x5a, SIZE);
	attack(KX_ISOLATION_OFF, &regions, "descriptors");
	attack(KX_ISOLATION_DEFAULT, &regions, "descriptors");
	for (size_t i = 0; i < SIZE / 4; i++)
		assert_int_equal(regions.map[1][i], 0x5a5a5a5a);
	free_regions(&regions);
}

struct waiter {
	uint32_t *word;
	_Atomic int thread;
	long result;
	long naps; /* how often it slept in the call; Linux may wake it for nothing */
};

static void *wait_on_word(void *argument)
{
	struct waiter *waiter = argument;
	struct timespec bound = {20, 0};
	struct rusage before;
	struct rusage after;

	(void)getrusage(RUSAGE_THREAD, &before);
	atomic_store(&waiter->thread, (int)syscall(SYS_gettid));
	waiter->result = syscall(SYS_futex, waiter->word, FUTEX_WAIT, 0, &bound, NULL, 0);
	(void)getrusage(RUSAGE_THREAD, &after);
	waiter->naps = after.ru_nvcsw - before.ru_nvcsw;
	return NULL;
}

/* In the queue of a futex: one that is in the call, but was preempted on the way, is not yet. */
static bool sleeps(int thread)
{
	char path[64];
	char state = '?';
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/self/task/%d/stat", thread);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = '?';
	(void)fclose(file);
	return state == 'S';
}

/* In the futex call, on that word: asleep somewhere else on the way there does not count. */
static bool asleep_on(int thread, const void *word)
{
	char path[64];
	long number = -1;
	unsigned long first = 0;
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/self/task/%d/syscall", thread);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (fscanf(file, "%ld %lx", &number, &first) != 2)
		number = -1;
	(void)fclose(file);
	return number == SYS_futex && first == (uintptr_t)word && sleeps(thread);
}

/*
 * Returns how many the honest wake reached after the attack. *@undisturbed: the victim slept
 * once. One that Linux wakes for nothing sleeps again by itself, on its own word, and so is
 * its thief's no more.
 */
static long wake_after_theft(enum kx_isolation_level level, bool *undisturbed)
{
	struct regions regions;
	struct waiter waiter = {0};
	pthread_t thread;
	long woken;

	make_regions(&regions);
	waiter.word = regions.map[1];
	assert_int_equal(pthread_create(&thread, NULL, wait_on_word, &waiter), 0);
	while (atomic_load(&waiter.thread) == 0 ||
	       !asleep_on(atomic_load(&waiter.thread), waiter.word))
		(void)sched_yield();
	attack(level, &regions, "theft");
	woken = syscall(SYS_futex, regions.map[1], FUTEX_WAKE, INT32_MAX, NULL, NULL, 0);
	if (woken == 0) /* it sleeps on the thief's word now */
		(void)syscall(SYS_futex, regions.map[0], FUTEX_WAKE, INT32_MAX, NULL, NULL, 0);
	(void)pthread_join(thread, NULL);
	assert_int_equal(waiter.result, 0);
	*undisturbed = waiter.naps == 1;
	free_regions(&regions);
	return woken;
}

static void waiters_cannot_be_stolen_from_a_read_only_word(void **state)
{
	bool undisturbed = false;
	long woken = -1;

	(void)state;
	/* The control experiment: a theft that works shows it. */
	for (int tries = 0; !undisturbed; tries++) {
		if (tries == 100)
			fail_msg("the victim's sleep was disturbed %d times", tries);
		woken = wake_after_theft(KX_ISOLATION_OFF, &undisturbed);
		assert_non_null(strstr(run.output, "moved 1\n"));
	}
	assert_int_equal(woken, 0);
	assert_int_equal(wake_after_theft(KX_ISOLATION_DEFAULT, &undisturbed), 1);
	assert_non_null(strstr(run.output, "moved -1\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shared_words_can_only_be_waited_on_and_woken),
		cmocka_unit_test(descriptors_do_only_what_the_table_says),
		cmocka_unit_test(read_only_memory_is_unchanged_by_every_attempt),
		cmocka_unit_test(waiters_cannot_be_stolen_from_a_read_only_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
