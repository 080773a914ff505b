/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_RT_PACKET_H
#define KX_RT_PACKET_H

#include "kx_control.h"

/* Receives one packet: its descriptor, or -1 when none is there. Does not block. */
int kx_rt_receive(struct kx_packet *packet);

/*
 * Maps a region after comparing its header and size with what is expected; NULL with
 * EINVAL if anything differs, with another errno if there is no memory. The descriptor stays open.
 */
void *kx_rt_map(int fd, uint32_t kind, uint64_t bytes, int protection);

#endif /* KX_RT_PACKET_H */
