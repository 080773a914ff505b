/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Descriptors from the kernel process. They come when a channel gets its region
 * or a memory object is mapped; each is taken by whoever looks first and kept
 * until the one it is for claims it.
 */

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rt.h"
#include "rt_packet.h"

#define WAITING_FDS 64u

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static _Atomic uint32_t seen = 2; /* the two packets of the start */

/* Regions not claimed yet; lock. */
static struct {
	struct kx_channel_region *region;
	uint32_t generation; /* of its channel */
	bool unmapped;       /* there was no memory for it when it came: fd is kept */
	int fd;
} regions[KX_CHANNELS];
static struct {
	uint32_t number;
	int fd;
} waiting[WAITING_FDS];
static unsigned waiting_count;

int kx_rt_receive(struct kx_packet *packet)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec part = {packet, sizeof(*packet)};
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	struct cmsghdr *header;
	ssize_t got;
	int fd = -1;

	do {
		got = recvmsg(KX_FD_CONTROL, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	} while (got < 0 && errno == EINTR);
	if (got <= 0)
		return -1;
	header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	if (got != (ssize_t)sizeof(*packet) && fd >= 0) {
		(void)close(fd);
		fd = -1;
	}
	return fd;
}

static void drop_region(uint32_t channel)
{
	if (regions[channel].region)
		(void)munmap(regions[channel].region, KX_CHANNEL_BYTES(kx_rt.message_max));
	if (regions[channel].unmapped)
		(void)close(regions[channel].fd);
	regions[channel].region = NULL;
	regions[channel].unmapped = false;
}

static void *map_region(int fd)
{
	return kx_rt_map(fd, KX_REGION_CHANNEL, KX_CHANNEL_BYTES(kx_rt.message_max),
			 PROT_READ | PROT_WRITE);
}

/* True if the descriptor is kept: without the region the other end would call a deaf server. */
static bool keep_region(const struct kx_packet *packet, int fd)
{
	uint32_t index = packet->index;

	if (index >= KX_CHANNELS || packet->bytes != KX_CHANNEL_BYTES(kx_rt.message_max))
		return false;
	/* One that nobody has claimed is of a channel that is gone: the index is used again. */
	drop_region(index);
	regions[index].region = map_region(fd);
	regions[index].generation = packet->generation;
	regions[index].unmapped = !regions[index].region && errno != EINVAL;
	regions[index].fd = fd;
	return regions[index].unmapped;
}

/* There may be memory by now. */
static void map_kept(uint32_t channel)
{
	if (!regions[channel].unmapped)
		return;
	regions[channel].region = map_region(regions[channel].fd);
	if (!regions[channel].region)
		return;
	(void)close(regions[channel].fd);
	regions[channel].unmapped = false;
}

/* True if the descriptor is kept. */
static bool keep_fd(const struct kx_packet *packet, int fd)
{
	if (waiting_count == WAITING_FDS)
		return false;
	waiting[waiting_count].number = packet->index;
	waiting[waiting_count].fd = fd;
	waiting_count++;
	return true;
}

static void receive_packets(void)
{
	struct kx_packet packet;
	int state;
	int fd;

	/* recvmsg() and close() are cancellation points: not with the lock held. */
	(void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	(void)pthread_mutex_lock(&lock);
	while ((fd = kx_rt_receive(&packet)) >= 0) {
		bool kept = false;

		atomic_fetch_add(&seen, 1);
		if (packet.kind == KX_PACKET_CHANNEL)
			kept = keep_region(&packet, fd);
		else
			kept = keep_fd(&packet, fd);
		if (!kept)
			(void)close(fd);
	}
	(void)pthread_mutex_unlock(&lock);
	(void)pthread_setcancelstate(state, NULL);
}

void kx_rt_packets(void)
{
	if (kx_load(&kx_rt.page->packets) != atomic_load_explicit(&seen, memory_order_acquire))
		receive_packets();
}

struct kx_channel_region *kx_rt_claim_region(uint32_t channel, uint32_t *generation)
{
	struct kx_channel_region *region;
	int state;

	(void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	(void)pthread_mutex_lock(&lock);
	/* Of an earlier channel with this index; the packet of the present one is on its way. */
	if (regions[channel].generation != kx_rt.page->channels[channel].generation)
		drop_region(channel);
	map_kept(channel);
	region = regions[channel].region;
	regions[channel].region = NULL;
	*generation = regions[channel].generation;
	(void)pthread_mutex_unlock(&lock);
	(void)pthread_setcancelstate(state, NULL);
	return region;
}

int kx_rt_packet_fd(uint32_t number)
{
	int fd = -1;

	kx_rt_packets();
	(void)pthread_mutex_lock(&lock);
	for (unsigned i = 0; i < waiting_count; i++) {
		if (waiting[i].number != number)
			continue;
		fd = waiting[i].fd;
		waiting[i] = waiting[--waiting_count];
		break;
	}
	(void)pthread_mutex_unlock(&lock);
	return fd;
}
