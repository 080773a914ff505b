/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The control socket from the entity's side, and what attaching believes: packets of
 * any size and kind with memory of any content. Nothing is mapped but a region whose
 * header is right in every field; descriptors do not pile up.
 */

#include <sys/mman.h>
#include <unistd.h>

#include "entity_rig.h"
#include "kx_control.h"
#include "kx_version.h"
#include "rt_packet.h"

bool rig_time_passes(void)
{
	return false;
}

bool rig_act(unsigned which, kx_word *word)
{
	(void)which;
	(void)word;
	return false;
}

static void check_region(const struct kx_channel_region *region, size_t bytes)
{
	fuzz_require(region->header.magic == KX_ABI_MAGIC);
	fuzz_require(region->header.abi_version == KX_ABI_VERSION);
	fuzz_require(region->header.region_kind == KX_REGION_CHANNEL);
	fuzz_require(region->header.region_bytes == bytes && region->header.reserved0 == 0);
}

/* Marks of the regions sent last for the first channels, in the order of sending. */
static uint32_t last_mark[4];

static void fill_header(struct fuzz_input *in, struct kx_region_header *header)
{
	uint8_t kind = fuzz_u8(in);

	*header = (struct kx_region_header){.magic = KX_ABI_MAGIC,
					    .abi_version = KX_ABI_VERSION,
					    .region_kind = KX_REGION_CHANNEL,
					    .region_bytes = KX_CHANNEL_BYTES(RIG_MESSAGE_MAX)};
	if (kind & 0x80)
		fuzz_bytes(in, (uint8_t *)header + (kind & 31u), 1);
	if (kind & 0x40)
		fuzz_bytes(in, header, sizeof(*header));
}

static void send_one(struct fuzz_input *in)
{
	static uint32_t mark;
	struct kx_region_header header;
	struct kx_packet packet = {.kind = fuzz_u8(in) & 7u, .index = fuzz_u8(in) & 3u};
	uint8_t kind = fuzz_u8(in);
	size_t size = kind & 0x80 ? kind & 31u : sizeof(packet);
	size_t bytes = KX_CHANNEL_BYTES(RIG_MESSAGE_MAX);
	int fd = memfd_create("packet", MFD_CLOEXEC);

	if (kind & 0x40)
		packet.index = fuzz_u32(in);
	if (kind & 0x20)
		bytes = fuzz_u8(in);
	packet.bytes = kind & 0x10 ? fuzz_u32(in) : bytes;
	fill_header(in, &header);
	header.generation = ++mark;
	if (packet.kind == KX_PACKET_CHANNEL && packet.index < 4 && size == sizeof(packet) &&
	    packet.bytes == KX_CHANNEL_BYTES(RIG_MESSAGE_MAX))
		last_mark[packet.index] = mark;
	fuzz_require(fd >= 0 && ftruncate(fd, (off_t)bytes) == 0);
	fuzz_require(pwrite(fd, &header, bytes < sizeof(header) ? bytes : sizeof(header), 0) >= 0);
	if (size && size <= sizeof(packet))
		rig_send(&packet, size, fd);
	(void)close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int first = -1;
	struct fuzz_input in = {data, size};
	int last;

	rig_entity_open();
	if (first < 0)
		first = dup(STDIN_FILENO);
	for (unsigned i = 0; i < 16 && in.left; i++)
		send_one(&in);
	/* A packet that is cut short ends a round. */
	for (unsigned i = 0; i < 17; i++)
		kx_rt_packets();
	for (uint32_t i = 0; i < 4; i++) {
		uint32_t generation;
		struct kx_channel_region *region = kx_rt_claim_region(i, &generation);
		int fd = kx_rt_packet_fd(i);

		for (; fd >= 0; fd = kx_rt_packet_fd(i))
			(void)close(fd);
		if (!region)
			continue;
		check_region(region, KX_CHANNEL_BYTES(RIG_MESSAGE_MAX));
		/* An index used again: the region is the new channel's. */
		fuzz_require(region->header.generation == last_mark[i]);
		fuzz_require(generation == kx_rt.page->channels[i].generation);
		(void)munmap(region, KX_CHANNEL_BYTES(RIG_MESSAGE_MAX));
	}
	/* The lowest free number: 64 descriptors may wait for whoever asks for them. */
	last = dup(STDIN_FILENO);
	fuzz_require(last <= first + 66);
	(void)close(last);
	return 0;
}
