/* SPDX-License-Identifier: Apache-2.0 */
#include "entity_rig.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kx_control.h"
#include "kx_version.h"
#include "rt_packet.h"

#define TEXTS (KX_TASK_PAGE_BYTES / 2)

struct kx_channel_region *rig_regions[2];

static int control; /* the kernel process's end of the control socket */
static uint32_t handles[2];

static void *memory(size_t size)
{
	void *made = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	fuzz_require(made != MAP_FAILED);
	return made;
}

/* Endpoint 0, method 0: plain; 1: 8 bytes and a chunk of 64; both direct. Method 2 is not. */
static uint32_t put_class(uint8_t *page, uint32_t at)
{
	struct kx_class *blob = (struct kx_class *)(page + at);
	struct kx_endpoint *endpoint = (struct kx_endpoint *)(blob + 1);
	struct kx_method *methods = (struct kx_method *)(endpoint + 1);
	struct kx_field *field = (struct kx_field *)(methods + 3);
	struct kx_message_desc text = {.size = 32, .arena = 64, .field_count = 1};
	struct kx_message_desc plain = {.size = 24};

	text.fields = (uint32_t)((uint8_t *)field - (uint8_t *)blob);
	*field = (struct kx_field){.kind = KX_FIELD_ARENA,
				   .offset = 24,
				   .repeat = 1,
				   .element = 1,
				   .align = 1,
				   .max = 64};
	methods[0] = (struct kx_method){.request = plain, .response = plain, .error = plain};
	methods[1] = (struct kx_method){.request = text, .response = text};
	methods[2] = methods[0];
	*endpoint = (struct kx_endpoint){.method_count = 3};
	*blob = (struct kx_class){
		.bytes = text.fields + (uint32_t)sizeof(*field),
		.endpoint_count = 1,
		.endpoints = (uint32_t)((uint8_t *)endpoint - (uint8_t *)blob),
		.method_count = 3,
		.methods = (uint32_t)((uint8_t *)methods - (uint8_t *)blob),
	};
	return at;
}

static void put_descriptors(void)
{
	int pair[2];

	fuzz_require(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0);
	control = fcntl(pair[0], F_DUPFD_CLOEXEC, 100);
	fuzz_require(dup2(pair[1], KX_FD_CONTROL) == KX_FD_CONTROL);
	fuzz_require(dup2(eventfd(0, EFD_NONBLOCK), KX_FD_BELL) == KX_FD_BELL);
	fuzz_require(control >= 0);
}

void rig_entity_open(void)
{
	uint8_t *page;

	if (kx_rt.page)
		return;
	put_descriptors();
	page = memory(KX_TASK_PAGE_BYTES);
	kx_rt.link = memory(KX_LINK_BYTES(RIG_MESSAGE_MAX));
	kx_rt.link_payload = (uint8_t *)kx_rt.link + KX_LINK_PAYLOAD;
	kx_rt.message_max = RIG_MESSAGE_MAX;
	kx_rt.page = (struct kx_task_page *)(void *)page;
	kx_rt.page->message_max = RIG_MESSAGE_MAX;
	kx_rt.page->packets = 2;
	kx_rt.page->own_class = put_class(page, TEXTS);
	page[TEXTS + 4096] = 0x03; /* DIRECT bits */
	kx_wait_setup(1, false, false);
}

void rig_send(const void *packet, size_t size, int fd)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} ancillary = {.bytes = {0}};
	struct iovec part = {(void *)(uintptr_t)packet, size};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = ancillary.bytes,
				 .msg_controllen = sizeof(ancillary.bytes)};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	fuzz_require(sendmsg(control, &message, 0) == (ssize_t)size);
	(void)kx_add(&kx_rt.page->packets, 1);
}

static void send_region(unsigned which)
{
	size_t bytes = KX_CHANNEL_BYTES(RIG_MESSAGE_MAX);
	struct kx_packet packet = {.kind = KX_PACKET_CHANNEL, .index = which, .bytes = bytes};
	int fd = memfd_create("region", MFD_CLOEXEC);

	fuzz_require(fd >= 0 && ftruncate(fd, (off_t)bytes) == 0);
	rig_regions[which] = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	fuzz_require(rig_regions[which] != MAP_FAILED);
	rig_regions[which]->header = (struct kx_region_header){.magic = KX_ABI_MAGIC,
							       .abi_version = KX_ABI_VERSION,
							       .region_kind = KX_REGION_CHANNEL,
							       .region_bytes = bytes};
	rig_regions[which]->message_max = RIG_MESSAGE_MAX;
	atomic_store(&rig_regions[which]->arm, KX_ARM_KERNEL);
	rig_send(&packet, sizeof(packet), fd);
	(void)close(fd);
}

static void fresh_handle(unsigned which)
{
	static uint32_t generation;
	struct kx_handle_entry *entry = &kx_rt.page->handles[which + 1];

	generation = generation % 0xfffffu + 1;
	entry->role = which == RIG_CLIENT ? KX_ROLE_CLIENT : KX_ROLE_LISTENER;
	handles[which] = KX_HANDLE_VALUE(which + 1, generation);
	entry->channel = which == RIG_CLIENT ? which : handles[which];
	entry->may = KX_HANDLE_MAY(KX_RIGHT_IPC_RECV | KX_RIGHT_IPC_REPLY);
	kx_store(&entry->state, generation << 2 | KX_HANDLE_OPEN);
}

static void fresh_channel(unsigned which)
{
	struct kx_channel_entry *entry = &kx_rt.page->channels[which];

	entry->peer = 7 + which;
	entry->server = which == RIG_SERVER;
	entry->class_blob = TEXTS;
	entry->direct = TEXTS + 4096;
	entry->region_bytes = KX_CHANNEL_BYTES(RIG_MESSAGE_MAX);
	send_region(which);
	kx_store(&entry->state, KX_CHANNEL_DIRECT);
}

static void kill_channel(unsigned which)
{
	kx_store(&kx_rt.page->channels[which].state, KX_CHANNEL_DEAD);
	for (unsigned i = 0; rig_regions[which] && i < KX_CHANNEL_SLOTS; i++)
		kx_slot_poison(&rig_regions[which]->slots[i]);
	(void)kx_add(&kx_rt.page->epoch, 1);
}

/* Nothing is owed over the channel that is served, and nobody broke it: it can go on. */
static bool is_clean(void)
{
	struct kx_rt_inbox *own = kx_rt_inbox_at(0);
	struct kx_end *end;

	if (!own || own->inbox.ends->count != 1)
		return false;
	end = own->inbox.ends->end[0];
	for (unsigned i = 0; i < KX_CHANNEL_SLOTS; i++)
		if (atomic_load(&end->owned[i]))
			return false;
	if (atomic_load(&end->broken))
		return false;
	memset(rig_regions[RIG_SERVER]->slots, 0, sizeof(rig_regions[RIG_SERVER]->slots));
	atomic_store(&rig_regions[RIG_SERVER]->arm, end->armed);
	return true;
}

static void end_channel(unsigned which)
{
	kill_channel(which);
	if (rig_regions[which])
		(void)munmap(rig_regions[which], KX_CHANNEL_BYTES(RIG_MESSAGE_MAX));
}

void rig_entity_begin(void)
{
	bool clean = is_clean();
	Retcode rc;

	end_channel(RIG_CLIENT);
	if (!clean)
		end_channel(RIG_SERVER);
	/* One listener for ever: an inbox is made once for each handle, and kept. */
	if (!handles[RIG_SERVER])
		fresh_handle(RIG_SERVER);
	fresh_handle(RIG_CLIENT);
	/* What is dead is let go before what follows it comes. */
	if (kx_rt_thread() && kx_rt_inbox(kx_rt_thread(), handles[RIG_SERVER], KX_HANDLE_INVALID,
					  KX_RIGHT_IPC_RECV, &rc))
		(void)kx_rt_inbox_at(0)->inbox.refresh(kx_rt_inbox_at(0));
	fresh_channel(RIG_CLIENT);
	if (!clean)
		fresh_channel(RIG_SERVER);
	(void)kx_add(&kx_rt.page->epoch, 1);
}

uint32_t rig_handle(unsigned which)
{
	return handles[which];
}

void rig_post_down(uint32_t arena, bool judged)
{
	static uint32_t gen;
	struct kx_slot *slot = &kx_rt.link->down[0];
	struct kx_down_tag *tag = (struct kx_down_tag *)(void *)slot->tag;

	if (KX_SLOT_STATE(atomic_load(&slot->w)) != KX_SLOT_FREE &&
	    KX_SLOT_STATE(atomic_load(&slot->w)) != KX_SLOT_REPLIED)
		return;
	*tag = (struct kx_down_tag){.listener = handles[RIG_SERVER],
				    .sender = 9,
				    .flags = judged ? KX_DOWN_JUDGED : 0,
				    .self_handle = KX_HANDLE_INVALID};
	slot->iid = 0;
	slot->mid = 2;
	slot->ex = KX_EX(KX_MESSAGE_MIN, 0, 0);
	slot->arena = arena;
	gen = KX_SLOT_NEXT_GEN(gen);
	(void)kx_slot_post(slot, gen, false);
	(void)kx_add(&kx_rt.link->kbell[0].value, 1);
}

/* --- the kernel process, and sleeping ---------------------------------------- */

enum kx_slept __wrap_kx_futex_wait(kx_word *word, uint32_t seen, const struct timespec *deadline);
enum kx_slept __wrap_kx_futex_waitv(const struct kx_watch *watches, unsigned count,
				    const struct timespec *deadline);

static bool is_in(const void *at, const void *base, size_t size)
{
	return (const uint8_t *)at >= (const uint8_t *)base &&
	       (const uint8_t *)at < (const uint8_t *)base + size;
}

/* This entity maps the region elsewhere: is @word the one at the same place of ours? */
static bool is_of(const kx_word *word, unsigned which)
{
	uint8_t *base = (uint8_t *)rig_regions[which];
	size_t offset = (uintptr_t)word % KX_CHANNEL_PAYLOAD;
	kx_word *ours = (kx_word *)(void *)(base + offset);
	uint32_t old;
	bool same;

	if (offset < offsetof(struct kx_channel_region, slots) ||
	    offset >= sizeof(struct kx_channel_region))
		return false;
	old = atomic_load(ours);
	atomic_store(ours, ~old);
	same = atomic_load(word) == ~old;
	atomic_store(ours, old);
	return same && atomic_load(word) == old;
}

static void answer_up(struct kx_slot *slot)
{
	struct kx_up_tag *tag = (struct kx_up_tag *)(void *)slot->tag;
	bool wake;

	tag->rc = rcOk;
	slot->ex = KX_EX(KX_MESSAGE_MIN, 0, 0);
	slot->arena = 0;
	fuzz_require(kx_slot_reply(slot, KX_SLOT_GEN(atomic_load(&slot->w)), &wake) == KX_OK);
}

static void judge_down(struct kx_slot *slot)
{
	struct kx_down_tag *tag = (struct kx_down_tag *)(void *)slot->tag;

	tag->rc = rcOk;
	atomic_store(&slot->w, KX_SLOT_WORD(KX_SLOT_GEN(atomic_load(&slot->w)), KX_SLOT_JUDGED));
}

/* The server gives back what its clients abandoned, or dies. */
static void free_abandoned(void)
{
	for (unsigned i = 0; i < KX_CHANNEL_SLOTS; i++) {
		kx_word *w = &rig_regions[RIG_CLIENT]->slots[i].w;

		if (KX_SLOT_STATE(atomic_load(w)) == KX_SLOT_ABANDONED)
			atomic_store(w, KX_SLOT_WORD(KX_SLOT_GEN(atomic_load(w)), KX_SLOT_FREE));
	}
}

enum kx_slept __wrap_kx_futex_wait(kx_word *word, uint32_t seen, const struct timespec *deadline)
{
	if (atomic_load(word) != seen)
		return KX_SLEPT;
	if (is_in(word, kx_rt.link->up, sizeof(kx_rt.link->up)))
		answer_up((struct kx_slot *)(void *)word);
	else if (is_in(word, kx_rt.link->down, sizeof(kx_rt.link->down)))
		judge_down((struct kx_slot *)(void *)word);
	else if (is_of(word, RIG_CLIENT)) {
		if (deadline && rig_time_passes())
			return KX_SLEPT_TOO_LONG;
		if (rig_act(RIG_CLIENT, word))
			return KX_SLEPT;
		if (deadline)
			return KX_SLEPT_TOO_LONG;
		kill_channel(RIG_CLIENT);
		/* Only the kernel process can still move it, and it moves what it knows. */
		fuzz_require(atomic_load(word) != seen);
	} else {
		fuzz_require(!"this entity sleeps on a word that nobody else will change");
	}
	return KX_SLEPT;
}

/* A thread that wants a slot sleeps on those that the server still has. */
static bool waits_for_slot(const struct kx_watch *watches, unsigned count)
{
	for (unsigned i = 1; i < count; i++)
		if (is_of(watches[i].word, RIG_CLIENT))
			return true;
	return false;
}

enum kx_slept __wrap_kx_futex_waitv(const struct kx_watch *watches, unsigned count,
				    const struct timespec *deadline)
{
	for (unsigned i = 0; i < count; i++)
		if (atomic_load(watches[i].word) != watches[i].seen)
			return KX_SLEPT;
	if (waits_for_slot(watches, count)) {
		if (deadline)
			return KX_SLEPT_TOO_LONG;
		free_abandoned();
		return KX_SLEPT;
	}
	if (!is_in(watches[0].word, kx_rt.link->kbell, sizeof(kx_rt.link->kbell)))
		return __wrap_kx_futex_wait(watches[0].word, watches[0].seen, deadline);
	return rig_act(RIG_SERVER, watches[0].word) ? KX_SLEPT : KX_SLEPT_TOO_LONG;
}
