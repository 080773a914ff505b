/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Attacks that go on until their time is up:
 *
 *   flood     all up slots at once (M-09)
 *   inturn    by the clock's seconds: nothing, computes, floods (M-09)
 *   scribble  random words over all memory that can be written, beside calls (M-01)
 *   flip      sizes, methods and handles change between two legal values all the time (M-02)
 *   wakes     FUTEX_WAKE on every word that can be read (S-05)
 *   junk      half messages, large ones, full of descriptors, on the control socket (M-10)
 *   loris     begins everything and ends nothing (M-11)
 *   scan      looks for freed memory of the kernel process in all that can be read (M-15)
 */

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "hostile.h"
#include "kx_control.h"

/* What GLIBC_TUNABLES=glibc.malloc.perturb makes of memory (prove/malice/attackers.c). */
#define FRESH 0xc3u
#define FREED 0x3cu

#define ECHO_SIZE 32u /* of Echo's constant part and of Bytes's: the same */

static uint32_t draw(void)
{
	static _Thread_local uint64_t state = 88172645463325252u;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 16);
}

static void post(uint32_t index, uint32_t op, uint32_t handle, uint16_t mid)
{
	static uint32_t generation;
	struct kx_slot *up = &link_region->up[index];
	struct kx_up_tag *tag = (struct kx_up_tag *)(void *)up->tag;

	tag->op = op;
	tag->handle = handle;
	tag->timeout_ms = 5;
	tag->sync = UINT32_MAX;
	write_head(up, KX_EX(ECHO_SIZE, 0, 0), 0);
	up->mid = mid;
	generation = (generation + 1) & 0xfffffff;
	kx_store(&up->w, KX_SLOT_WORD(generation, KX_SLOT_POSTED));
}

static void post_direct(uint32_t index, uint32_t generation, uint16_t mid)
{
	struct kx_slot *slot = region ? &region->slots[index % KX_CHANNEL_SLOTS] : NULL;

	if (!slot)
		return;
	write_head(slot, KX_EX(ECHO_SIZE, 0, 0), 0);
	slot->mid = mid;
	kx_store(&slot->w, KX_SLOT_WORD(generation & 0xfffffff, KX_SLOT_POSTED));
	(void)kx_add(&region->bell, 1);
	wake(&region->bell);
}

/* Valid calls, one after the other, while another thread does its worst. */
static void call_on(void)
{
	uint32_t handle = 0;

	(void)my_channel(&handle);
	for (uint32_t n = 1; !time_is_up(); n++) {
		post(n % 32, n % 3 ? KX_CALL_RELAY : KX_CALL_HANDLE_CREATE_USER, handle, n % 2);
		post_direct(n, n, n % 2 ? 0 : 2);
		ring();
		if (n % 16 == 0)
			wait_a_moment(50);
	}
}

static void beside_calls(void *(*disturb)(void *unused))
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, disturb, NULL) != 0) {
		fprintf(stderr, "FAIL hostile: no thread\n");
		exit(1);
	}
	call_on();
}

/* --- M-01 ------------------------------------------------------------------------------------- */

static void write_somewhere(void *memory, size_t bytes)
{
	uint32_t *words = memory;

	*(volatile uint32_t *)&words[draw() % (bytes / sizeof(*words))] = draw() >> draw() % 32;
}

static void *scribble_on(void *unused)
{
	for (;;) {
		write_somewhere(link_region, sizeof(*link_region));
		if (region)
			write_somewhere(region, sizeof(*region));
	}
	return unused;
}

void scribble(void)
{
	beside_calls(scribble_on);
}

/* --- M-02 ------------------------------------------------------------------------------------- */

/* Echo or Bytes, one size or another, with and without handles and an arena. */
static void change(struct kx_slot *slot)
{
	static const uint32_t sizes[] = {KX_EX(ECHO_SIZE, 0, 0), KX_EX(ECHO_SIZE + 8, 0, 0),
					 KX_EX(KX_MESSAGE_MIN, 0, 0)};
	volatile struct kx_slot *raw = slot;
	uint32_t n = draw();

	raw->mid = n % 2 ? 0 : 2;
	raw->ex = sizes[n / 2 % 3];
	raw->arena = n / 8 % 2 ? 0 : 4096;
	*(volatile uint32_t *)&slot->bytes[0] = n / 16 % 2 ? 8 : 0x7fffffff;
}

static void *flip_on(void *unused)
{
	for (uint32_t n = 0;; n++) {
		struct kx_up_tag *tag = (struct kx_up_tag *)(void *)link_region->up[n % 32].tag;

		change(&link_region->up[n % 32]);
		*(volatile uint32_t *)&tag->handle ^= 1;
		if (region)
			change(&region->slots[n % KX_CHANNEL_SLOTS]);
	}
	return unused;
}

void flip(void)
{
	beside_calls(flip_on);
}

/* --- S-05 ------------------------------------------------------------------------------------- */

void wakes(void)
{
	unsigned long count = 0;

	while (!time_is_up()) {
		for (uint32_t i = 0; i < KX_LISTENERS; i++)
			wake(&link_region->kbell[i].value);
		for (uint32_t i = 0; i < 16; i++)
			wake(&link_region->up[i].w);
		for (uint32_t i = 0; region && i < KX_CHANNEL_SLOTS; i++)
			wake(&region->slots[i].w);
		if (region)
			wake(&region->bell);
		count += KX_LISTENERS + 16 + KX_CHANNEL_SLOTS + 1;
	}
	fprintf(stderr, "WAKES %lu\n", count);
}

/* --- M-10 ------------------------------------------------------------------------------------- */

void junk(void)
{
	static char bytes[70000];
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(253 * sizeof(int))];
	} control;

	memset(bytes, 0x77, sizeof(bytes));
	for (int n = 0; !time_is_up(); n++) {
		struct iovec part = {bytes, (size_t)(n * 37 % 66000)};
		struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
		int *fds = (int *)(void *)CMSG_DATA(&control.align);

		memset(&control, 0, sizeof(control));
		if (n % 2) {
			message.msg_control = &control;
			message.msg_controllen = sizeof(control);
			control.align.cmsg_level = SOL_SOCKET;
			control.align.cmsg_type = SCM_RIGHTS;
			control.align.cmsg_len = CMSG_LEN(253 * sizeof(int));
			for (int i = 0; i < 253; i++)
				fds[i] = n % 4 == 1 ? 2 : KX_FD_CONTROL;
		}
		(void)sendmsg(KX_FD_CONTROL, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
		(void)!write(KX_FD_CONTROL, bytes, (size_t)(n % 64));
		(void)!write(KX_FD_BELL, bytes, (size_t)(n % 16));
	}
}

/* --- M-11 ------------------------------------------------------------------------------------- */

void loris(void)
{
	static const uint32_t makers[] = {KX_CALL_HANDLE_CREATE_USER, KX_CALL_NOTICE_CREATE,
					  KX_CALL_HANDLE_CONNECT, KX_CALL_MEMORY_CREATE,
					  KX_CALL_AUDIT_OPEN};
	const uint32_t args[KX_CALL_ARGS] = {0x10000, 0xffff, 1, 1, 1, 1, 1, 1};
	uint32_t handle = 0;

	(void)my_channel(&handle);
	/* As many of everything as it gets. */
	for (uint32_t i = 0; i < 40 * sizeof(makers) / sizeof(*makers) && !time_is_up(); i++) {
		write_head(&link_region->up[200], KX_EX(KX_MESSAGE_MIN, 0, 0), 0);
		(void)ask(200, makers[i % (sizeof(makers) / sizeof(*makers))], args, handle);
	}
	/* Requests whose answers nobody takes, in every slot. */
	for (uint32_t i = 0; i < KX_UP_SLOTS; i++) {
		post(i, i % 2 ? KX_CALL_RELAY : KX_CALL_NOTICE_GET, handle, 1);
		post_direct(i, 1 + i / KX_CHANNEL_SLOTS, 0);
	}
	ring();
	while (!time_is_up())
		wait_a_moment(10000);
}

/* --- M-15 ------------------------------------------------------------------------------------- */

/* Sixteen bytes in a row of what freed or fresh memory is filled with. */
static unsigned long leaks_in(const void *memory, size_t bytes)
{
	const volatile uint8_t *at = memory;
	unsigned long found = 0;
	unsigned run = 0;

	for (size_t i = 0; i < bytes; i++) {
		run = at[i] == FRESH || at[i] == FREED ? run + 1 : 0;
		if (run == 16)
			fprintf(stderr, "LEAK at byte %zu\n", i);
		found += run == 16;
	}
	return found;
}

/* Kernel calls of every kind first, so that there is something to be careless with. */
void scan(void)
{
	unsigned long found = 0;
	uint32_t handle = 0;

	(void)my_channel(&handle);
	for (uint32_t n = 0; !time_is_up(); n++) {
		for (uint32_t op = KX_CALL_HANDLE_CLOSE; op <= KX_CALL_BOARD_GET; op++) {
			if (op >= KX_CALL_TASK_CREATE && op <= KX_CALL_CM_DROP)
				continue;
			write_head(&link_region->up[op % 32], KX_EX(ECHO_SIZE, 0, 0), 0);
			post(op % 32, op, handle, 1);
			ring();
			wait_a_moment(200);
		}
		post_direct(n, n + 1, 0);
		found += leaks_in(page, sizeof(*page));
		found += leaks_in(link_region, sizeof(*link_region));
		/* What does not fit a slot's line stands here, of the slots used above. */
		for (uint32_t i = 0; i < 32; i++)
			found += leaks_in((const uint8_t *)link_region + KX_LINK_PAYLOAD +
						  (size_t)i * page->message_max,
					  4096);
		if (region)
			found += leaks_in(region, sizeof(*region));
	}
	fprintf(stderr, found ? "FAIL %lu leaks\n" : "SCANNED %lu leaks\n", found);
}

/* --- floods ------------------------------------------------------------------------ */

static void post_all(uint32_t handle)
{
	static uint32_t generation;

	for (uint32_t i = 0; i < KX_UP_SLOTS; i++) {
		struct kx_up_tag *tag = (struct kx_up_tag *)(void *)link_region->up[i].tag;

		tag->op = i % 2 ? KX_CALL_RELAY : KX_CALL_HANDLE_CREATE_USER;
		tag->handle = handle;
		tag->timeout_ms = 1;
		tag->args[0] = 0x10000;
		write_head(&link_region->up[i], KX_EX(32, 0, 0), 0);
		link_region->up[i].mid = 1;
		kx_store(&link_region->up[i].w,
			 KX_SLOT_WORD(++generation & 0xfffffff, KX_SLOT_POSTED));
		(void)kx_add(&link_region->kbell[i % KX_LISTENERS].value, 1);
	}
	ring();
}

void flood(void)
{
	uint32_t handle = 0;

	(void)my_channel(&handle);
	while (!time_is_up())
		post_all(handle);
}

void in_turn(void)
{
	enum { NOTHING, COMPUTES };
	struct timespec now;
	uint32_t handle = 0;

	(void)my_channel(&handle);
	while (!time_is_up()) {
		(void)clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec % 3 == NOTHING)
			wait_a_moment(10000);
		else if (now.tv_sec % 3 != COMPUTES)
			post_all(handle);
	}
}
