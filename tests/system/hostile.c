/* SPDX-License-Identifier: Apache-2.0 */

/*
 * An entity without libkos: it attaches by raw system calls and writes what no honest
 * runtime would (M-03, M-08, M-09). Hostile client ARG, hostile server ARG:
 *
 *   words    every state of every slot word, with generations around the edges
 *   heads    every edge of the sizes in a message's head, in link and region
 *   calls    kernel calls with numbers and arguments from the edges
 *   flood    all up slots at once, for a while (or as many milliseconds as are given)
 *   inturn   nothing for a second, computes for one, floods for one, and so on
 *   claims   says it rang and did not, says it is awake and sleeps, clears and sets flags
 *   server   answers direct calls with words a server may not write
 *   smuggler answers them with errors that policy never grants, built as declared
 *   misbuilder  answers them with half of what is declared
 *   misasker  asks for Bytes with a chunk outside the arena, and then for Echo
 *   telltale    says of its client's messages that they must be refused, and got none
 *   regions  tries what a region's descriptor is not for (hostile_region.c, M-06)
 *   futexes, escape      system calls that must be refused (hostile_words.c, M-05, M-12)
 *   forge, pairs, guess  replies, messages and handles made up (hostile_forge.c, M-07, M-08, H-01)
 *   tell, hear  two that want to pass bits (hostile_pair.c, M-13)
 *   ...      and what hostile_fast.c has, for as many milliseconds as are given
 *
 * It begins by saying "BEGUN what" and ends by saying "DONE what": the judge is whoever runs beside
 * it.
 */

#include <linux/futex.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "hostile.h"
#include "kx_calls.h"
#include "kx_control.h"

struct kx_task_page *page;
struct kx_link_region *link_region;
struct kx_channel_region *region;

static const uint32_t edges[] = {
	0,          1,         2,          7,          23,         24,
	25,         43,        44,         45,         0xfff,      0x1000,
	0xffff,     0x10000,   0x3fffff,   0x400000,   0x400001,   0xffffff,
	0x1000000,  0xfffffff, 0x10000018, 0x70000018, 0x70000fff, 0x7fffffff,
	0x80000000, 0x8000001, 0x80000018, 0xfffffff0, 0xfffffffe, 0xffffffff,
};

#define EDGES (sizeof(edges) / sizeof(*edges))

static const uint32_t generations[] = {0, 1, 2, 0x7ffffff, 0x8000000, 0xffffffe, 0xfffffff};

#define GENERATIONS (sizeof(generations) / sizeof(*generations))

/* --- attaching ----------------------------------------------------------------------- */

static bool keeps_descriptors;

void *next_region(uint32_t kind, bool writable)
{
	int protection = writable ? PROT_READ | PROT_WRITE : PROT_READ;
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct kx_packet packet;
	struct iovec part = {&packet, sizeof(packet)};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = control.bytes,
				 .msg_controllen = sizeof(control.bytes)};
	struct cmsghdr *header;
	void *mapped;
	int fd = -1;

	if (recvmsg(KX_FD_CONTROL, &message, MSG_DONTWAIT) != (ssize_t)sizeof(packet) ||
	    packet.kind != kind)
		return NULL;
	header = CMSG_FIRSTHDR(&message);
	if (!header)
		return NULL;
	memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	mapped = mmap(NULL, packet.bytes, protection, MAP_SHARED | MAP_NORESERVE, fd, 0);
	if (keeps_descriptors)
		kept_regions[kind - KX_PACKET_TASK_PAGE] =
			(struct kept_region){fd, mapped, packet.bytes};
	else
		(void)close(fd);
	return mapped == MAP_FAILED ? NULL : mapped;
}

void ring(void)
{
	uint64_t one = 1;

	(void)!write(KX_FD_BELL, &one, sizeof(one));
}

void wake(kx_word *word)
{
	(void)syscall(SYS_futex, word, FUTEX_WAKE, 0x7fffffff, NULL, NULL, 0);
}

void wait_a_moment(long microseconds)
{
	struct timespec moment = {.tv_nsec = microseconds * 1000};

	(void)nanosleep(&moment, NULL); /* an attacker has its own pace */
}

/* --- kernel calls, by hand ------------------------------------------------------------- */

static uint32_t generation;

/* Waits up to 200 ms for an answer; nothing here depends on getting one. */
int32_t ask(uint32_t slot, uint32_t op, const uint32_t args[KX_CALL_ARGS], uint32_t handle)
{
	struct kx_slot *up = &link_region->up[slot];
	struct kx_up_tag *tag = (struct kx_up_tag *)(void *)up->tag;

	tag->op = op;
	tag->handle = handle;
	tag->timeout_ms = 20;
	tag->sync = UINT32_MAX;
	memcpy(tag->args, args, sizeof(tag->args));
	generation = (generation + 1) & 0xfffffff;
	kx_store(&up->w, KX_SLOT_WORD(generation, KX_SLOT_POSTED));
	ring();
	for (int i = 0; i < 2000; i++) {
		if (KX_SLOT_STATE(kx_load(&up->w)) == KX_SLOT_REPLIED)
			return tag->rc;
		wait_a_moment(100);
	}
	return -1;
}

/* A message that is right but for what the caller changes. */
void write_head(struct kx_slot *slot, uint32_t ex, uint32_t arena)
{
	slot->iid = 0;
	slot->mid = 0;
	slot->ex = ex;
	slot->arena = arena;
	memset(slot->bytes, 0x5a, sizeof(slot->bytes));
}

/* Our own first handle that is a client's, and its channel. */
uint32_t my_channel(uint32_t *handle)
{
	for (uint32_t i = 0; i < KX_CHANNELS; i++)
		if (page->channels[i].state && !page->channels[i].server) {
			*handle = page->channels[i].handle;
			return i;
		}
	return 0;
}

static bool open_region(void)
{
	uint32_t args[KX_CALL_ARGS] = {0};

	write_head(&link_region->up[0], KX_EX(KX_MESSAGE_MIN, 0, 0), 0);
	(void)my_channel(&args[0]);
	for (int i = 0; i < 100 && !region; i++) {
		(void)ask(0, KX_CALL_OPEN, args, 0);
		region = next_region(KX_PACKET_CHANNEL, true);
	}
	return region != NULL;
}

/* A server's comes when its client asks for it; some never do. */
static void await_region(void)
{
	for (int i = 0; i < 1000 && !region; i++) {
		region = next_region(KX_PACKET_CHANNEL, true);
		wait_a_moment(1000);
	}
}

/* --- attacks -------------------------------------------------------------------------------- */

static void disturb_server(void)
{
	if (!region)
		return;
	(void)kx_add(&region->bell, 1);
	wake(&region->bell);
	(void)ask(1, KX_CALL_KICK, (uint32_t[KX_CALL_ARGS]){my_channel(&(uint32_t){0})}, 0);
}

static void every_word(void)
{
	for (size_t g = 0; g < GENERATIONS; g++)
		for (uint32_t low = 0; low < 16; low++) {
			uint32_t word = generations[g] << 4 | low;

			for (uint32_t i = 0; i < KX_UP_SLOTS; i += 3)
				kx_store(&link_region->up[i].w, word);
			for (uint32_t i = 0; i < KX_DOWN_SLOTS; i++)
				kx_store(&link_region->down[i].w, word);
			for (uint32_t i = 0; region && i < KX_CHANNEL_SLOTS; i++) {
				write_head(&region->slots[i], edges[(g * 16 + low) % EDGES],
					   edges[low]);
				kx_store(&region->slots[i].w, word);
			}
			ring();
			disturb_server();
			wait_a_moment(500);
		}
}

static void every_head(void)
{
	uint32_t nothing[KX_CALL_ARGS] = {0};
	uint32_t handle = 0;

	(void)my_channel(&handle);
	for (size_t e = 0; e < EDGES; e++)
		for (size_t a = 0; a < EDGES; a += 3) {
			write_head(&link_region->up[2], edges[e], edges[a]);
			link_region->up[2].mid = (uint16_t)edges[a];
			(void)ask(2, KX_CALL_RELAY, nothing, handle);
			if (!region)
				continue;
			write_head(&region->slots[e % 16], edges[e], edges[a]);
			region->slots[e % 16].mid = (uint16_t)(a % 6);
			kx_store(&region->slots[e % 16].w, KX_SLOT_WORD(e, KX_SLOT_POSTED));
			(void)kx_add(&region->bell, 1);
			wake(&region->bell);
		}
}

static void every_call(void)
{
	uint32_t args[KX_CALL_ARGS];

	for (uint32_t op = 0; op < 120; op++)
		for (size_t e = 0; e < EDGES; e += 2) {
			/* Calls that may rightly wait or make an entity are no attack. */
			if ((op >= KX_CALL_TASK_CREATE && op <= KX_CALL_TASK_STOP) ||
			    op == KX_CALL_CM_CONNECT || op == KX_CALL_CM_LISTEN ||
			    op == KX_CALL_BOARD_WAIT || op == KX_CALL_AUDIT_READ)
				continue;
			for (unsigned i = 0; i < KX_CALL_ARGS; i++)
				args[i] = edges[(e + i * 7) % EDGES];
			write_head(&link_region->up[3], KX_EX(KX_MESSAGE_MIN, 0, 0), e % 45);
			(void)ask(3, op, args, edges[e]);
			/* The first argument alone is strange. */
			memset(args, 0, sizeof(args));
			args[0] = edges[e];
			(void)ask(4, op, args, edges[e]);
		}
}

static long time_ms = 700;

bool time_is_up(void)
{
	static struct timespec start;
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	if (!start.tv_sec)
		start = now;
	return (now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000 >=
	       time_ms;
}

static void claims(void)
{
	unsigned round = 0;

	for (; round < 300 || !time_is_up(); round++) {
		for (uint32_t i = 0; i < KX_LISTENERS; i++) {
			kx_store(&link_region->karm[i].value, edges[(round + i) % EDGES]);
			kx_store(&link_region->kbell[i].value, edges[(round * 7 + i) % EDGES]);
			wake(&link_region->kbell[i].value);
		}
		if (region) {
			/* arm is the server's word, but the memory is ours as well. */
			kx_store(&region->arm, edges[round % EDGES]);
			kx_store(&region->bell, edges[round * 3 % EDGES]);
			wake(&region->bell);
		}
		/* Later: a request that is none costs the channel, and nobody wakes by it then. */
		if (region && round >= 300) {
			write_head(&region->slots[round % 16], edges[round % EDGES],
				   edges[round * 5 % EDGES]);
			kx_store(&region->slots[round % 16].w,
				 KX_SLOT_WORD(round, KX_SLOT_POSTED) | KX_SLOT_SLEEP);
			wake(&region->bell);
			region->message_max = edges[round % EDGES];
			memset(&region->header, (int)round, sizeof(region->header));
		}
		link_region->message_max = edges[round % EDGES];
		ring();
		wait_a_moment(round < 300 ? 300 : 1);
	}
	fprintf(stderr, "CLAIMED %u\n", round * (2 * KX_LISTENERS + 4));
}

/* --- a server -------------------------------------------------------------------------------- */

/* Words a server may not write over a posted request of generation @gen. */
static uint32_t illegal_word(uint32_t gen, unsigned number)
{
	switch (number % 12) {
	case 0:
		return 0;
	case 1:
		return KX_SLOT_WORD(gen, KX_SLOT_FREE);
	case 2:
		return KX_SLOT_WORD(gen, KX_SLOT_ABANDONED);
	case 3:
		return KX_SLOT_WORD(gen, KX_SLOT_JUDGED);
	case 4:
		return KX_SLOT_WORD(gen, KX_SLOT_TIMED) ^ 0x10;
	case 5:
		return KX_SLOT_WORD(gen + 1, KX_SLOT_REPLIED);
	case 6:
		return KX_SLOT_WORD(gen - 1, KX_SLOT_REPLIED);
	case 7:
		return KX_SLOT_WORD(gen + 1, KX_SLOT_POSTED);
	case 8:
		return UINT32_MAX;
	case 9:
		return KX_SLOT_WORD(gen, KX_SLOT_REPLIED) | KX_SLOT_SLEEP;
	case 10:
		return KX_SLOT_WORD(gen, KX_SLOT_POISON);
	default:
		return KX_SLOT_WORD(gen ^ 0x8000000, KX_SLOT_TAKEN);
	}
}

/* Answers what it finds posted: first illegal words, then right words with wrong heads. */
static void answer_wrongly(struct kx_slot *slots, unsigned count, unsigned *number)
{
	for (unsigned i = 0; i < count; i++) {
		uint32_t w = kx_load(&slots[i].w);
		uint32_t gen = KX_SLOT_GEN(w);

		if (!KX_SLOT_IS_POSTED(w))
			continue;
		if (*number < 12) {
			kx_store(&slots[i].w, illegal_word(gen, *number));
		} else {
			write_head(&slots[i], edges[*number % EDGES], edges[*number * 7 % EDGES]);
			kx_store(&slots[i].w, KX_SLOT_WORD(gen, KX_SLOT_REPLIED));
		}
		++*number;
		wake(&slots[i].w);
		ring();
	}
}

static void bad_server(void)
{
	unsigned direct = 0;
	unsigned relayed = 12; /* the kernel process waits for a right word: only heads here */

	for (;;) {
		if (!region)
			region = next_region(KX_PACKET_CHANNEL, true);
		if (region)
			answer_wrongly(region->slots, KX_CHANNEL_SLOTS, &direct);
		answer_wrongly(link_region->down, KX_DOWN_SLOTS, &relayed);
		wait_a_moment(50);
	}
}

/* Answers every direct call with @ex, and bytes of 0x5a behind the header. */
static void answer_all(uint32_t ex)
{
	for (;;) {
		if (!region)
			region = next_region(KX_PACKET_CHANNEL, true);
		for (unsigned i = 0; region && i < KX_CHANNEL_SLOTS; i++) {
			struct kx_slot *slot = &region->slots[i];
			uint32_t w = kx_load(&slot->w);

			if (!KX_SLOT_IS_POSTED(w))
				continue;
			write_head(slot, ex, 0);
			memset(slot->bytes, 0x5a, sizeof(slot->bytes));
			kx_store(&slot->w, KX_SLOT_WORD(KX_SLOT_GEN(w), KX_SLOT_REPLIED));
			wake(&slot->w);
		}
		wait_a_moment(50);
	}
}

/* An error of t.Calls.Refuse: a header, and a number of eight bytes behind it. */
static void smuggler(void)
{
	answer_all(KX_EX(KX_MESSAGE_MIN + 8, 0, 1));
}

/* Half of its response. */
static void misbuilder(void)
{
	answer_all(KX_EX(KX_MESSAGE_MIN + 4, 0, 0));
}

/* Stays, so that its client is denied what it asks and not told that nobody is there. */
static void telltale(void)
{
	static const uint32_t args[KX_CALL_ARGS] = {0, KX_DROP_NOT_DIRECT};

	for (unsigned i = 0; i < 2000; i++)
		(void)ask(0, KX_CALL_DROPPED, args, 0);
	fprintf(stderr, "TOLD\n");
	for (;;)
		(void)pause();
}

/* A direct request with @mid, eight bytes behind the header and an arena; waits for the answer. */
static void ask_directly(uint32_t gen, uint16_t mid, uint32_t arena)
{
	struct kx_slot *slot = &region->slots[0];

	write_head(slot, KX_EX(KX_MESSAGE_MIN + 8, 0, 0), arena);
	slot->mid = mid;
	kx_store(&slot->w, KX_SLOT_WORD(gen, KX_SLOT_POSTED));
	while (kx_load(&slot->w) != KX_SLOT_WORD(gen, KX_SLOT_REPLIED)) {
		disturb_server();
		wait_a_moment(100);
	}
}

static void misasker(void)
{
	enum { ECHO, BYTES = 2 };

	ask_directly(1, BYTES, 32);
	ask_directly(2, ECHO, 0);
}

int main(int argc, char *argv[])
{
	static const struct {
		const char *name;
		void (*run)(void);
	} attacks[] = {
		{"words", every_word},  {"heads", every_head},  {"calls", every_call},
		{"flood", flood},       {"claims", claims},     {"inturn", in_turn},
		{"server", bad_server}, {"smuggler", smuggler}, {"misbuilder", misbuilder},
		{"scribble", scribble}, {"flip", flip},         {"wakes", wakes},
		{"junk", junk},         {"loris", loris},       {"scan", scan},
		{"tell", tell},         {"hear", hear},         {"telltale", telltale},
		{"misasker", misasker}, {"regions", regions},   {"futexes", futexes},
		{"escape", escape},     {"forge", forge},       {"pairs", pairs},
		{"guess", guess},
	};
	const char *what = argc > 1 ? argv[1] : "";

	if (argc > 2)
		time_ms = atol(argv[2]);
	keeps_descriptors = strcmp(what, "regions") == 0;
	page = next_region(KX_PACKET_TASK_PAGE, false);
	link_region = next_region(KX_PACKET_LINK, true);
	if (!page || !link_region) {
		fprintf(stderr, "FAIL hostile: not attached\n");
		return 1;
	}
	if (strcmp(what, "hear") == 0)
		await_region();
	else if (!page->channels[0].server && !(page->flags & KX_TASK_MEDIATE_ALL) &&
		 !open_region() && strcmp(what, "tell") != 0) {
		fprintf(stderr, "FAIL hostile: no region\n");
		return 1;
	}
	fprintf(stderr, "BEGUN %s\n", what);
	for (size_t i = 0; i < sizeof(attacks) / sizeof(*attacks); i++)
		if (strcmp(attacks[i].name, what) == 0)
			attacks[i].run();
	fprintf(stderr, "DONE %s\n", what);
	return 0;
}
