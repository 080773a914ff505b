/* SPDX-License-Identifier: Apache-2.0 */

/* Regions of direct channels; see channel_region.h. */

#include "channel_region.h"

#include <sys/mman.h>
#include <unistd.h>

#include "channel.h"
#include "hooks.h"
#include "ipc/slot.h"
#include "region.h"
#include "task.h"
#include "task_page.h"
#include "task_start.h"

static bool send_to(struct kx_channel *channel, struct kx_task *task, uint32_t index, int fd)
{
	struct kx_packet packet = {.kind = KX_PACKET_CHANNEL,
				   .index = index,
				   .generation = channel->generation,
				   .bytes = channel->region_bytes};

	if (kx_task_introduce(task) != KX_RC_OK)
		return false;
	kx_task_page_region(task, index, channel->region_bytes);
	return kx_task_send(task, &packet, fd) == KX_RC_OK;
}

static bool share(struct kx_channel *channel, struct kx_region *region)
{
	struct kx_channel_region *shared = region->base;

	/* The header's generation is the channel's: both sides compare it with their entry. */
	shared->header.generation = channel->generation;
	shared->message_max = kx_settings.message_max;
	/* Until the server has it, only the kernel process can reach that server. */
	kx_store(&shared->arm, KX_ARM_KERNEL);
	channel->region_bytes = region->bytes;
	return send_to(channel, channel->server, channel->server_index, region->fd) &&
	       send_to(channel, channel->client, channel->client_index, region->fd);
}

bool kx_channel_region_make(struct kx_channel *channel)
{
	struct kx_region region;

	if (kx_region_create(KX_REGION_CHANNEL, KX_REGION_SHARED,
			     KX_CHANNEL_BYTES(kx_settings.message_max),
			     KX_CHANNEL_PAYLOAD + KX_COMMITTED_PAYLOAD, &region) < 0)
		return false;
	if (!share(channel, &region)) {
		kx_region_close(&region);
		return false;
	}
	close(region.fd);
	rcu_assign_pointer(channel->region, region.base);
	return true;
}

uint64_t kx_channel_region_calls(const struct kx_channel *channel)
{
	struct kx_channel_region *region = channel->region;
	uint64_t calls = 0;
	unsigned index;

	for (index = 0; region && index < KX_CHANNEL_SLOTS; index++)
		calls += KX_SLOT_GEN(kx_load(&region->slots[index].w));
	return calls;
}

void kx_channel_region_end(struct kx_channel *channel, bool poison)
{
	struct kx_channel_region *region = channel->region;
	unsigned index;

	if (!region)
		return;
	for (index = 0; poison && index < KX_CHANNEL_SLOTS; index++) {
		kx_slot_poison(&region->slots[index]);
		kx_futex_wake(&region->slots[index].w);
	}
	atomic_fetch_add_explicit(&channel->client->counters[KX_COUNT_DIRECT],
				  kx_channel_region_calls(channel), memory_order_relaxed);
	rcu_assign_pointer(channel->region, NULL);
	/* The IPC thread does not follow `region`; `kosix ps` reads it on this thread. */
	munmap(region, channel->region_bytes);
}
