/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Runs inside a profile and attacks memory it was handed (M-05, M-06):
 * descriptor 3 is a region it may write, descriptor 4 one it may only read.
 * Prints "ATTEMPT RESULT" a line: the errno's name, or "ok".
 *
 *   entity_memory words         every futex operation on words of both regions
 *   entity_memory descriptors   what can be done to the descriptors and mappings
 *   entity_memory theft         moves a waiter of the read-only region to its own word
 */

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define WRITABLE  3
#define READ_ONLY 4
#define SIZE      8192

static uint32_t *own;    /* region behind descriptor 3 */
static uint32_t *others; /* region behind descriptor 4 */

static void show(const char *what, const char *where, long result)
{
	printf("%s%s%s %s\n", what, where[0] ? "." : "", where,
	       result < 0 ? strerrorname_np(errno) : "ok");
}

static const struct {
	const char *name;
	int operation;
} operations[] = {
	{"wait", FUTEX_WAIT},
	{"wake", FUTEX_WAKE},
	{"fd", FUTEX_FD},
	{"requeue", FUTEX_REQUEUE},
	{"cmp_requeue", FUTEX_CMP_REQUEUE},
	{"wake_op", FUTEX_WAKE_OP},
	{"lock_pi", FUTEX_LOCK_PI},
	{"unlock_pi", FUTEX_UNLOCK_PI},
	{"trylock_pi", FUTEX_TRYLOCK_PI},
	{"wait_bitset", FUTEX_WAIT_BITSET},
	{"wake_bitset", FUTEX_WAKE_BITSET},
	{"wait_requeue_pi", FUTEX_WAIT_REQUEUE_PI},
	{"cmp_requeue_pi", FUTEX_CMP_REQUEUE_PI},
	{"lock_pi2", 13},
	/* The clock bit must not open what the operation closes. */
	{"requeue_clock", FUTEX_REQUEUE | FUTEX_CLOCK_REALTIME},
};

/* A value no word holds, so that waiting ends at once with EAGAIN. */
static void attack_word(const char *name, uint32_t *word)
{
	static const struct timespec soon = {0, 1};
	struct {
		uint64_t value;
		uint64_t address;
		uint32_t flags;
		uint32_t reserved;
	} waiter = {0x7ead, (uint64_t)(uintptr_t)word, 2 /* 32 bit, shared */, 0};

	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		show(operations[i].name, name,
		     syscall(SYS_futex, word, operations[i].operation, 0x7ead, &soon, own, -1));
	show("waitv", name, syscall(449, &waiter, 1, 0, NULL, 0));
	show("futex_requeue", name, syscall(456, &waiter, 0, 1, 1));
}

static void attack_words(void)
{
	attack_word("own0", own);
	attack_word("own_last", own + SIZE / 4 - 1);
	attack_word("others0", others);
	attack_word("others64", others + 16);
	attack_word("others_last", others + SIZE / 4 - 1);
}

static void map_again(const char *name, int fd, int protection)
{
	void *map = mmap(NULL, SIZE, protection, MAP_SHARED, fd, 0);

	show("map", name, map == MAP_FAILED ? -1 : 0);
	if (map != MAP_FAILED)
		(void)munmap(map, SIZE);
}

/* What a reopened descriptor is good for, if it can be had at all. */
static void reopen(const char *name, int fd)
{
	char path[32];
	int again;

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, O_RDWR);
	show("reopen", name, again);
	if (again < 0)
		return;
	show("reopen_write", name, write(again, "x", 1));
	map_again(fd == WRITABLE ? "reopened_own" : "reopened_others", again,
		  PROT_READ | PROT_WRITE);
	(void)close(again);
}

static void attack_descriptor(const char *name, int fd, void *map)
{
	show("shrink", name, ftruncate(fd, 0));
	show("grow", name, ftruncate(fd, 2L * SIZE));
	show("punch", name, fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096));
	show("extend", name, fallocate(fd, 0, 0, 2L * SIZE));
	show("seal", name, fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
	show("write", name, pwrite(fd, "x", 1, SIZE / 2));
	show("chmod", name, fchmod(fd, 0777));
	show("remove", name, madvise(map, 4096, MADV_REMOVE));
	show("mprotect", name, mprotect(map, SIZE, PROT_READ | PROT_WRITE));
	map_again(name, fd, PROT_READ | PROT_WRITE);
	reopen(name, fd);
}

int main(int argc, char **argv)
{
	own = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, WRITABLE, 0);
	others = mmap(NULL, SIZE, PROT_READ, MAP_SHARED, READ_ONLY, 0);
	if (argc < 2 || own == MAP_FAILED || others == MAP_FAILED)
		return 2;
	if (strcmp(argv[1], "words") == 0)
		attack_words();
	if (strcmp(argv[1], "descriptors") == 0) {
		attack_descriptor("own", WRITABLE, own);
		attack_descriptor("others", READ_ONLY, others);
	}
	if (strcmp(argv[1], "theft") == 0)
		printf("moved %ld\n", syscall(SYS_futex, others, FUTEX_REQUEUE, 0, 1L, own, 0));
	return 0;
}
