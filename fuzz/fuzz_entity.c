/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What a hostile server can do to a client, and a hostile client to a server, by way
 * of the region they share: slot words, heads and bytes, changed whenever this entity
 * has looked and is about to sleep. Calls, Recv and Reply must end, and what they
 * return must be a message as declared.
 */

#include <coresrv/syscalls.h>

#include "entity_rig.h"

static struct fuzz_input input;

static void scribble_message(struct kx_slot *slot, uint8_t *payload)
{
	static const uint8_t sizes[] = {24, 32, 0, 40};
	uint8_t kind = fuzz_u8(&input);

	slot->iid = 0;
	slot->mid = kind & 3;
	slot->ex = KX_EX(sizes[kind >> 2 & 3], 0, kind >> 7);
	slot->arena = kind & 0x10 ? fuzz_u32(&input) : kind >> 5 & 3;
	if (kind & 0x40) {
		slot->iid = fuzz_u8(&input);
		slot->ex = fuzz_u32(&input);
	}
	fuzz_bytes(&input, slot->bytes, sizeof(slot->bytes));
	memcpy(payload, slot->bytes, sizeof(slot->bytes));
}

/* A word that a party could write, or any. */
static uint32_t some_word(uint32_t gen)
{
	uint8_t kind = fuzz_u8(&input);

	if (kind == 0xff)
		return fuzz_u32(&input);
	return KX_SLOT_WORD((gen + (kind >> 5 & 1)) & KX_SLOT_GEN_LAST, kind & 15u);
}

static void act_on_slot(unsigned which, unsigned number)
{
	struct kx_channel_region *region = rig_regions[which];
	struct kx_slot *slot = &region->slots[number];
	uint8_t *payload =
		(uint8_t *)region + KX_CHANNEL_PAYLOAD + (size_t)number * RIG_MESSAGE_MAX;
	uint32_t gen = KX_SLOT_GEN(atomic_load(&slot->w));
	uint8_t what = fuzz_u8(&input);
	bool wake;

	if (what & 1)
		scribble_message(slot, payload);
	switch (what >> 1 & 7) {
	case 0:
		atomic_store(&slot->w, some_word(gen));
		break;
	case 1:
	case 2:
		(void)kx_slot_post(slot, KX_SLOT_NEXT_GEN(gen), what & 0x10);
		break;
	case 3:
		(void)kx_slot_take(slot, &gen);
		break;
	case 4:
		atomic_store(&region->arm, what >> 4);
		break;
	case 5:
		(void)kx_slot_cancel(slot, gen);
		(void)kx_slot_abandon(slot, gen);
		break;
	default:
		(void)kx_slot_reply(slot, gen, &wake);
	}
}

bool rig_time_passes(void)
{
	bool passes = input.left && *input.at == 0xff;

	if (passes)
		(void)fuzz_u8(&input);
	return passes;
}

bool rig_act(unsigned which, kx_word *word)
{
	unsigned number = (unsigned)((uintptr_t)word % KX_CHANNEL_PAYLOAD -
				     offsetof(struct kx_channel_region, slots)) /
			  (unsigned)sizeof(struct kx_slot);
	uint8_t what;

	if (!input.left)
		return false;
	what = fuzz_u8(&input);
	if (which == RIG_SERVER)
		number = what & 3;
	if (which == RIG_SERVER && what & 0x80)
		return false;
	if (which == RIG_SERVER && what & 0x40) {
		rig_post_down(what & 15u, what & 0x20);
		return true;
	}
	act_on_slot(which, number);
	if (which == RIG_SERVER)
		(void)kx_add(&rig_regions[which]->bell, 1);
	return true;
}

struct buffers {
	uint64_t fixed[8];
	uint8_t arena[128];
};

static SMsgHdr header(struct buffers *buffers, uint32_t size, uint32_t arena)
{
	SMsgHdr msg = {0};

	memset(buffers, 0, sizeof(*buffers));
	msg.indirDescs[0].buf = buffers->fixed;
	msg.indirDescs[0].size = size;
	msg.indirDescs[1].buf = buffers->arena;
	msg.indirDescs[1].size = arena;
	return msg;
}

/* A message that was let through is one of the declared ones, whole. */
static void check_received(const SMsgHdr *msg, uint32_t room, uint32_t arena_room, bool relayed)
{
	uint32_t fixed = (uint32_t)msg->indirDescs[0].size;
	uint32_t arena = (uint32_t)msg->indirDescs[1].size;
	uint32_t chunk[2];

	fuzz_require(fixed >= 24 && fixed <= room && arena <= arena_room);
	if (fixed == 24 || relayed)
		return;
	fuzz_require(fixed == 32);
	memcpy(chunk, (const uint8_t *)msg->indirDescs[0].buf + 24, sizeof(chunk));
	fuzz_require(!chunk[1] ||
		     (chunk[0] <= arena && chunk[1] <= arena - chunk[0] && chunk[1] <= 64));
}

static void call(uint8_t what)
{
	bool text = what & 0x10;
	struct buffers out;
	struct buffers in;
	uint32_t room = what & 0x20 ? 64 : 24;
	SMsgHdr msg_out = header(&out, text ? 32 : 24, text ? 8 : 0);
	SMsgHdr msg_in = header(&in, room, what & 0x40 ? 128 : 0);
	uint16_t mid = text;

	memcpy((uint8_t *)out.fixed + 2, &mid, sizeof(mid));
	if (CallEx(rig_handle(RIG_CLIENT), &msg_out, &msg_in, what & 0x80 ? 0 : INFINITE_TIMEOUT,
		   INVALID_HANDLE) == rcOk)
		check_received(&msg_in, room, what & 0x40 ? 128 : 0, false);
}

static void reply(uint32_t token, uint8_t what)
{
	struct buffers out;
	SMsgHdr msg = header(&out, what & 0x10 ? 32 : 24, 0);

	msg.threadId = what & 0x20 ? token : fuzz_u8(&input);
	(void)Reply(rig_handle(RIG_SERVER), &msg);
}

static uint32_t receive(uint8_t what)
{
	struct buffers in;
	uint32_t room = what & 0x20 ? 64 : 24;
	uint32_t arena = what & 0x40 ? 128 : 0;
	SMsgHdr msg = header(&in, room, arena);

	if (RecvEx(rig_handle(RIG_SERVER), &msg, 0, INVALID_HANDLE) != rcOk)
		return 0;
	check_received(&msg, room, arena, msg.sender == 9);
	fuzz_require(msg.sender == 8 || msg.sender == 9);
	return msg.threadId;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t token = 0;

	input = (struct fuzz_input){data, size};
	rig_entity_open();
	rig_entity_begin();
	for (unsigned i = 0; i < 40 && input.left; i++) {
		uint8_t what = fuzz_u8(&input);

		switch (what & 3) {
		case 0:
			call(what);
			break;
		case 1:
			token = receive(what);
			break;
		case 2:
			reply(token, what);
			break;
		default:
			act_on_slot(what >> 2 & 1, what >> 3 & 3);
		}
	}
	/* What is still owed is answered, so that the next run begins with nothing. */
	for (SMsgHdr none = {0}; Reply(rig_handle(RIG_SERVER), &none) != rcInvalidOperation;)
		;
	return 0;
}
