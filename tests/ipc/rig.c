/* SPDX-License-Identifier: Apache-2.0 */
#include "rig.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kx_task_page.h"
#include "message.h"
#include "rcu.h"

#define REGION_BYTES    KX_CHANNEL_BYTES(RIG_MESSAGE_MAX)
#define REGIONS_AT      ((sizeof(struct rig_shared) + 4095u) & ~4095u)
#define REQUEST_IID     3u
#define NUMBER(c, s, g) ((uint64_t)(c) << 40 | (uint64_t)(s) << 32 | (g))

/* Constant part of every message. */
struct body {
	uint64_t number;
	uint64_t sum;
};

void rig_error(struct rig *rig, uint32_t line)
{
	atomic_fetch_add(&rig->shared->errors, 1);
	atomic_store(&rig->shared->error_line, line);
}

struct kx_channel_region *rig_region(struct rig *rig, unsigned channel)
{
	return (struct kx_channel_region *)(void *)(rig->regions + channel * REGION_BYTES);
}

static enum kx_result on_refresh(void *context)
{
	(void)context;
	return KX_OK;
}

static void on_hostile(void *context, struct kx_end *end)
{
	struct rig *rig = context;

	atomic_fetch_or(&rig->shared->complaints, 1u << end->channel % 32);
}

static void *take_memory(struct rig *rig)
{
	void *memory;
	int fd;

	if (rig->transport != RIG_PROCESSES) {
		memory = aligned_alloc(4096, rig->bytes);
		return memory ? memset(memory, 0, rig->bytes) : NULL;
	}
	fd = memfd_create("kx-rig", MFD_CLOEXEC);
	if (fd < 0)
		return NULL;
	memory = ftruncate(fd, (off_t)rig->bytes) == 0
			 ? mmap(NULL, rig->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
			 : MAP_FAILED;
	(void)close(fd);
	return memory == MAP_FAILED ? NULL : memory;
}

static void open_channel(struct rig *rig, unsigned i)
{
	struct kx_channel_region *region = rig_region(rig, i);
	struct kx_end *end = &rig->ends[i];

	kx_store(&region->arm, KX_ARM_KERNEL);
	kx_store(&rig->shared->client_state[i], KX_CHANNEL_DIRECT);
	end->region = region;
	end->payload = (uint8_t *)region + KX_CHANNEL_PAYLOAD;
	end->message_max = RIG_MESSAGE_MAX;
	end->channel = i;
	(void)kx_inbox_add(&rig->inbox, end);
}

bool rig_open(struct rig *rig, enum rig_transport transport, unsigned channels)
{
	memset(rig, 0, sizeof(*rig));
	rig->transport = transport;
	rig->channels = channels;
	rig->bytes = (REGIONS_AT + channels * REGION_BYTES + 4095u) & ~(size_t)4095u;
	rig->shared = take_memory(rig);
	if (!rig->shared)
		return false;
	rig->regions = (uint8_t *)rig->shared + REGIONS_AT;
	rig->inbox.handle = 1;
	rig->inbox.kbell = &rig->shared->kbell.value;
	rig->inbox.karm = &rig->shared->karm.value;
	rig->inbox.down = rig->shared->down;
	rig->inbox.refresh = on_refresh;
	rig->inbox.hostile = on_hostile;
	rig->inbox.context = rig;
	if (kx_inbox_init(&rig->inbox) != KX_OK)
		return false;
	for (unsigned i = 0; i < channels; i++)
		open_channel(rig, i);
	return true;
}

void rig_close(struct rig *rig)
{
	kx_inbox_fini(&rig->inbox);
	if (rig->transport == RIG_PROCESSES)
		(void)munmap(rig->shared, rig->bytes);
	else
		free(rig->shared);
}

pid_t rig_fork(void)
{
	pid_t child = fork();

	if (child == 0)
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	return child;
}

/* --- messages ---------------------------------------------------------------- */

static uint64_t fill(uint8_t *arena, uint32_t bytes, uint64_t seed)
{
	uint64_t sum = seed;

	for (uint32_t i = 0; i < bytes; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		arena[i] = (uint8_t)(seed >> 56);
		sum = sum * 31 + arena[i];
	}
	return sum;
}

static uint64_t sum_of(const uint8_t *arena, uint32_t bytes, uint64_t seed)
{
	uint64_t sum = seed;

	for (uint32_t i = 0; i < bytes; i++)
		sum = sum * 31 + arena[i];
	return sum;
}

static enum kx_result write_message(struct kx_slot *slot, void *payload, uint64_t number,
				    uint32_t bytes, uint8_t *arena)
{
	struct body body = {number, fill(arena, bytes, number)};
	struct kx_outgoing out = {
		.head = {.iid = REQUEST_IID,
			 .ex = KX_EX(KX_MESSAGE_MIN + sizeof(body), 0, 0),
			 .arena = bytes},
		.body = &body,
		.arena = arena,
	};

	return kx_message_write(slot, payload, RIG_MESSAGE_MAX, &out);
}

static bool read_message(struct kx_slot *slot, const void *payload, struct body *body,
			 uint32_t *bytes, uint8_t *arena)
{
	struct kx_head head;

	kx_message_head(slot, &head);
	if (!kx_head_fits(&head, RIG_MESSAGE_MAX) || head.iid != REQUEST_IID ||
	    kx_head_body(&head) != sizeof(*body))
		return false;
	kx_message_read(slot, payload, &head, body, arena);
	*bytes = head.arena;
	return sum_of(arena, head.arena, body->number) == body->sum;
}

/* --- server ------------------------------------------------------------------- */

/* The request's number says which it must be: each one comes once, in order of its slot. */
static void serve(struct rig *rig, struct kx_taken *taken, uint8_t *arena)
{
	struct body body;
	uint32_t bytes = 0;
	bool wake = false;

	if (read_message(taken->slot, taken->payload, &body, &bytes, arena)) {
		uint32_t before = atomic_fetch_add(
			&rig->shared->served[taken->end->channel][taken->index], 1);

		RIG_CHECK(rig,
			  body.number == NUMBER(taken->end->channel, taken->index, taken->gen));
		RIG_CHECK(rig, before + 1 == taken->gen);
		(void)write_message(taken->slot, taken->payload, ~body.number, bytes, arena);
	}
	kx_inbox_release(taken);
	if (kx_slot_reply(taken->slot, taken->gen, &wake) == KX_OK && wake)
		kx_futex_wake(&taken->slot->w);
}

static void *serve_thread(void *context)
{
	struct rig *rig = context;
	const struct kx_receive_patience patience = {.interrupt = &rig->shared->stop};
	uint8_t *arena = malloc(RIG_MESSAGE_MAX);
	struct kx_taken taken;
	enum kx_result rc;

	rcu_register_thread();
	RIG_CHECK(rig, arena);
	(void)kx_add(&rig->shared->ready, 1);
	while (arena && (rc = kx_inbox_receive(&rig->inbox, &patience, &taken)) != KX_EINTERRUPT) {
		RIG_CHECK(rig, rc == KX_OK);
		if (rc == KX_OK)
			serve(rig, &taken, arena);
	}
	free(arena);
	rcu_unregister_thread();
	return NULL;
}

void rig_serve_here(struct rig *rig, unsigned threads)
{
	for (unsigned i = 0; i < threads; i++)
		RIG_CHECK(rig, pthread_create(&rig->threads[i], NULL, serve_thread, rig) == 0);
	for (unsigned i = 0; i < threads; i++)
		(void)pthread_join(rig->threads[i], NULL);
}

bool rig_serve(struct rig *rig, unsigned threads)
{
	if (rig->transport == RIG_ONE_THREAD)
		return true;
	if (rig->transport == RIG_PROCESSES) {
		rig->server = rig_fork();
		if (rig->server == 0) {
			rig_serve_here(rig, threads);
			_exit(0);
		}
		return rig->server > 0;
	}
	for (; rig->thread_count < threads; rig->thread_count++)
		if (pthread_create(&rig->threads[rig->thread_count], NULL, serve_thread, rig) != 0)
			return false;
	return true;
}

int rig_stop(struct rig *rig)
{
	int status = 0;

	kx_store(&rig->shared->stop, 1);
	kx_futex_wake(&rig->shared->stop);
	if (rig->server > 0)
		(void)waitpid(rig->server, &status, 0);
	while (rig->thread_count)
		(void)pthread_join(rig->threads[--rig->thread_count], NULL);
	rig->server = 0;
	return status;
}

/* --- client ------------------------------------------------------------------- */

/* The kernel process's part in a ring. */
static void ring_server(struct rig *rig)
{
	(void)kx_add(&rig->shared->kbell.value, 1);
	if (kx_load(&rig->shared->karm.value))
		kx_futex_wake(&rig->shared->kbell.value);
}

/* One thread is both sides: a ring serves what was posted, then arms again. */
static void serve_inline(struct rig *rig)
{
	static const struct timespec past = {0};
	const struct kx_receive_patience patience = {.deadline = &past};
	uint8_t *arena = malloc(RIG_MESSAGE_MAX);
	struct kx_taken taken;

	RIG_CHECK(rig, arena);
	while (arena && kx_inbox_receive(&rig->inbox, &patience, &taken) == KX_OK)
		serve(rig, &taken, arena);
	free(arena);
}

static void on_ring(void *context)
{
	struct rig *rig = context;

	if (rig->transport == RIG_ONE_THREAD)
		serve_inline(rig);
	else
		ring_server(rig);
}

enum kx_result rig_call(struct rig *rig, unsigned channel, unsigned slot, uint32_t gen,
			uint32_t arena)
{
	struct kx_channel_region *region = rig_region(rig, channel);
	struct kx_slot *s = &region->slots[slot];
	uint8_t *payload = (uint8_t *)region + KX_CHANNEL_PAYLOAD + slot * RIG_MESSAGE_MAX;
	const struct kx_port port = {
		.arm = &region->arm,
		.bell = rig->transport == RIG_ONE_THREAD ? NULL : &region->bell,
		.state = &rig->shared->client_state[channel],
		.alive = KX_CHANNEL_DIRECT,
		.ring = on_ring,
		.context = rig,
	};
	struct kx_waiter waiter;
	struct kx_patience patience = {.waiter = &waiter};
	uint64_t number = NUMBER(channel, slot, gen);
	uint8_t bytes[RIG_MESSAGE_MAX]; /* no allocation: this may be a light process
					   (prove/death/light.h) */
	struct body body = {0};
	uint32_t came = 0;
	enum kx_result rc;

	kx_waiter_init(&waiter);
	if (write_message(s, payload, number, arena, bytes) != KX_OK)
		return KX_EINVAL;
	rc = kx_client_exchange(s, gen, &port, &patience);
	if (rc == KX_OK) {
		RIG_CHECK(rig, read_message(s, payload, &body, &came, bytes));
		RIG_CHECK(rig, body.number == ~number && came == arena);
		atomic_fetch_add(&rig->shared->calls, 1);
	}
	return rc;
}

/* --- deaths ------------------------------------------------------------------- */

void rig_bury_server(struct rig *rig)
{
	for (unsigned i = 0; i < rig->channels; i++) {
		struct kx_channel_region *region = rig_region(rig, i);

		kx_store(&rig->shared->client_state[i], KX_CHANNEL_DEAD);
		kx_fence();
		for (unsigned s = 0; s < KX_CHANNEL_SLOTS; s++) {
			kx_slot_poison(&region->slots[s]);
			kx_futex_wake(&region->slots[s].w);
		}
	}
}

void rig_bury_client(struct rig *rig, unsigned channel)
{
	kx_store(&rig->shared->client_state[channel], KX_CHANNEL_DEAD);
	ring_server(rig);
}
