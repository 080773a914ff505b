/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_SOURCE_H
#define KX_SOURCE_H

/*
 * A descriptor in the control thread's epoll set and what to do when it is
 * ready. The structure lives inside its owner; source_remove() before the owner
 * goes, after which `ready` is not called any more (not even for events already
 * fetched).
 */

#include <stdint.h>

struct kx_source {
	int fd;
	void (*ready)(struct kx_source *source, uint32_t events);
	uint32_t serial; /* control.c: tells a removed source from a live one */
	uint32_t slot;
};

#endif /* KX_SOURCE_H */
