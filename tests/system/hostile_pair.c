/* SPDX-License-Identifier: Apache-2.0 */

/*
 * M-13: two entities that have agreed on everything try to pass bits past the policy. They
 * share nothing but the clock: time is cut into windows, each window belongs to a means and has
 * a bit that both can work out; the one that tells acts in the window if the bit is 1, the one
 * that hears looks what it can see, and counts how often that was right. A closed means is
 * right half of the time.
 *
 *   ring       a word of the channel's region (which a pair has that may exchange anything)
 *   relay      a request to the other, which policy denies
 *   sid        numbers of objects, which the kernel process counts for all
 *   file_wake, thread_wake, robust_wake
 *              waiting on a word of a library both have mapped; woken by a call, and by Linux
 *              itself when a thread ends: at the address that stands for its life, and at the
 *              lock it says it is about to take
 *   flags      O_NONBLOCK of the standard input, if it were one open file
 *   tmp, memory, sysv, socket, lock
 *              a file, shared memory, a name of System V, an abstract socket, a file's lock
 */

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "hostile.h"

#define WINDOW_MS 60u
#define WINDOWS   16u /* of one means, one after the other */
#define KEY       0x6b78

struct means {
	const char *name;
	void (*tell)(bool bit); /* many times in the first half of a window */
	bool (*hear)(void);     /* near its end */
	bool waits;             /* hear() is called at its beginning and waits itself */
	unsigned windows;
	unsigned right;
};

static uint64_t now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000u + (uint64_t)t.tv_nsec / 1000000u;
}

static bool bit_of(uint64_t window)
{
	return (window * 0x9e3779b97f4a7c15u >> 61) & 1;
}

/* --- ring ------------------------------------------------------------------------------------ */

static void tell_ring(bool bit)
{
	if (region)
		region->slots[7].bytes[0] = bit ? 0x42 : 0;
}

static bool hear_ring(void)
{
	return region && region->slots[7].bytes[0] == 0x42;
}

/* --- relay ----------------------------------------------------------------------------------- */

static void tell_relay(bool bit)
{
	uint32_t handle = 0;

	if (!bit)
		return;
	(void)my_channel(&handle);
	write_head(&link_region->up[2], KX_EX(32, 0, 0), 0);
	(void)ask(2, KX_CALL_RELAY, (uint32_t[KX_CALL_ARGS]){0}, handle);
}

/* Anything that comes, or has moved. */
static bool hear_relay(void)
{
	static uint32_t before;
	uint32_t sum = 0;
	bool changed;

	for (unsigned i = 0; i < KX_DOWN_SLOTS; i++)
		sum = sum * 31 + kx_load(&link_region->down[i].w);
	for (unsigned i = 0; i < KX_LISTENERS; i++)
		sum = sum * 31 + kx_load(&link_region->kbell[i].value);
	changed = sum != before;
	before = sum;
	return changed;
}

/* --- sid ------------------------------------------------------------------------------------- */

static uint32_t next_sid(void)
{
	uint32_t args[KX_CALL_ARGS] = {0x8000, UINT32_MAX};
	struct kx_up_tag *tag = (struct kx_up_tag *)(void *)link_region->up[3].tag;
	uint32_t sid = 0;

	if (ask(3, KX_CALL_HANDLE_CREATE_USER, args, 0) != 0)
		return 0;
	args[0] = tag->args[0];
	if (ask(3, KX_CALL_HANDLE_GET_SID, args, 0) == 0)
		sid = tag->args[0];
	(void)ask(3, KX_CALL_HANDLE_CLOSE, args, 0);
	return sid;
}

static void tell_sid(bool bit)
{
	if (bit)
		(void)next_sid();
}

static bool hear_sid(void)
{
	static uint32_t before;
	uint32_t sid = next_sid();
	bool counted = before && sid > before + 1;

	before = sid;
	return counted;
}

/* --- file_wake ------------------------------------------------------------------------------- */

/* The first zero behind memmem() in libc: a page of a file, shared with all who have it mapped. */
static uint32_t *library_word(void)
{
	static uint32_t *word;

	if (!word)
		for (word = (uint32_t *)((uintptr_t)&memmem & ~(uintptr_t)3); *word;)
			word++;
	return word;
}

static void tell_file_wake(bool bit)
{
	if (bit)
		(void)syscall(SYS_futex, library_word(), FUTEX_WAKE, 1, NULL, NULL, 0);
}

static bool hear_file_wake(void)
{
	const struct timespec most = {.tv_nsec = (WINDOW_MS / 2 + 5) * 1000000};

	return syscall(SYS_futex, library_word(), FUTEX_WAIT, 0, &most, NULL, 0) == 0;
}

#define THREAD                                                                                     \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |        \
	 CLONE_CHILD_CLEARTID)

/* A thread of its own that does @work and ends; Linux then wakes at @life. */
static void run_thread(int (*work)(void *), uint32_t *life)
{
	static char stack[16384] __attribute__((aligned(16)));
	int tid = clone(work, stack + sizeof(stack), THREAD, NULL, NULL, NULL, life);

	while (tid > 0 && syscall(SYS_tgkill, getpid(), tid, 0) == 0)
		(void)sched_yield();
}

static int do_nothing(void *unused)
{
	(void)unused;
	return 0;
}

static void tell_thread_wake(bool bit)
{
	if (bit)
		run_thread(do_nothing, library_word());
}

/* Linux wakes at the lock that was about to be taken, if its word is 0. */
static int take_lock(void *unused)
{
	static struct robust_list_head head;

	(void)unused;
	head.list.next = &head.list;
	head.list_op_pending = (struct robust_list *)(void *)library_word();
	(void)syscall(SYS_set_robust_list, &head, sizeof(head));
	return 0;
}

static void tell_robust_wake(bool bit)
{
	static uint32_t life;

	if (bit)
		run_thread(take_lock, &life);
}

/* --- flags ----------------------------------------------------------------------------------- */

static void tell_flags(bool bit)
{
	int flags = fcntl(0, F_GETFL);

	(void)fcntl(0, F_SETFL, bit ? flags | O_NONBLOCK : flags & ~O_NONBLOCK);
}

static bool hear_flags(void)
{
	int flags = fcntl(0, F_GETFL);

	return flags >= 0 && flags & O_NONBLOCK;
}

/* --- what has a name ------------------------------------------------------------------------- */

static void make(const char *name, bool bit)
{
	int fd = bit ? open(name, O_CREAT | O_RDWR | O_CLOEXEC, 0666) : -1;

	if (fd >= 0)
		(void)close(fd);
	if (!bit)
		(void)unlink(name);
}

static bool is_there(const char *name)
{
	return access(name, F_OK) == 0;
}

static void tell_tmp(bool bit)
{
	make("/tmp/kx-pair", bit);
}

static bool hear_tmp(void)
{
	return is_there("/tmp/kx-pair");
}

static void tell_memory(bool bit)
{
	make("/dev/shm/kx-pair", bit);
}

static bool hear_memory(void)
{
	return is_there("/dev/shm/kx-pair");
}

static void tell_sysv(bool bit)
{
	int id = shmget(KEY, 4096, bit ? IPC_CREAT | 0666 : 0);

	if (id >= 0 && !bit)
		(void)shmctl(id, IPC_RMID, NULL);
}

static bool hear_sysv(void)
{
	return shmget(KEY, 0, 0) >= 0;
}

static bool socket_with(int (*use)(int, const struct sockaddr *, socklen_t), int *keep)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "\0kx-pair"};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool used = fd >= 0 && use(fd, (struct sockaddr *)&address, sizeof(address)) == 0;

	if (keep && used)
		*keep = fd;
	else if (fd >= 0)
		(void)close(fd);
	return used;
}

static void tell_socket(bool bit)
{
	static int bound = -1;

	if (bit && bound < 0)
		(void)socket_with(bind, &bound);
	if (!bit && bound >= 0) {
		(void)close(bound);
		bound = -1;
	}
}

static bool hear_socket(void)
{
	return socket_with(connect, NULL);
}

static int loader(void)
{
	return open("/lib64/ld-linux-x86-64.so.2", O_RDONLY | O_CLOEXEC);
}

static void tell_lock(bool bit)
{
	static int fd = -1;

	if (fd < 0)
		fd = loader();
	(void)flock(fd, bit ? LOCK_EX | LOCK_NB : LOCK_UN);
}

static bool hear_lock(void)
{
	int fd = loader();
	bool held = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK;

	if (fd >= 0)
		(void)close(fd);
	return held;
}

/* --- the two --------------------------------------------------------------------------------- */

static struct means all[] = {
	{.name = "ring", .tell = tell_ring, .hear = hear_ring},
	{.name = "relay", .tell = tell_relay, .hear = hear_relay},
	{.name = "sid", .tell = tell_sid, .hear = hear_sid},
	{.name = "file_wake", .tell = tell_file_wake, .hear = hear_file_wake, .waits = true},
	{.name = "thread_wake", .tell = tell_thread_wake, .hear = hear_file_wake, .waits = true},
	{.name = "robust_wake", .tell = tell_robust_wake, .hear = hear_file_wake, .waits = true},
	{.name = "flags", .tell = tell_flags, .hear = hear_flags},
	{.name = "tmp", .tell = tell_tmp, .hear = hear_tmp},
	{.name = "memory", .tell = tell_memory, .hear = hear_memory},
	{.name = "sysv", .tell = tell_sysv, .hear = hear_sysv},
	{.name = "socket", .tell = tell_socket, .hear = hear_socket},
	{.name = "lock", .tell = tell_lock, .hear = hear_lock},
};

#define MEANS (sizeof(all) / sizeof(*all))

static struct means *means_of(uint64_t window)
{
	return &all[window / WINDOWS % MEANS];
}

/* The clock has come to @ms of @window, or past it. */
static void await(uint64_t window, unsigned ms)
{
	while (now_ms() < window * WINDOW_MS + ms)
		wait_a_moment(200);
}

void tell(void)
{
	unsigned windows = 0;

	while (!time_is_up()) {
		uint64_t window = now_ms() / WINDOW_MS;
		const struct means *means = means_of(window);

		/* The first of a means only undoes what is left of the one before. */
		await(window, 4);
		while (now_ms() < window * WINDOW_MS + WINDOW_MS / 2) {
			means->tell(bit_of(window) && window % WINDOWS != 0);
			wait_a_moment(500);
		}
		await(window + 1, 0);
		windows++;
	}
	for (size_t i = 0; i < MEANS; i++)
		all[i].tell(false);
	fprintf(stderr, "TOLD %u\n", windows);
}

void hear(void)
{
	while (!time_is_up()) {
		uint64_t window = now_ms() / WINDOW_MS;
		struct means *means = means_of(window);
		bool heard;

		await(window, means->waits ? 1 : WINDOW_MS - 5);
		heard = means->hear();
		/* Late ones count for nothing, nor do windows that settle what was before. */
		if (now_ms() / WINDOW_MS == window && window % WINDOWS >= 2) {
			means->windows++;
			means->right += heard == bit_of(window);
		}
		await(window + 1, 0);
	}
	for (size_t i = 0; i < MEANS; i++)
		fprintf(stderr, "HEARD %s %u of %u\n", all[i].name, all[i].right, all[i].windows);
}
