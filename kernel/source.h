/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_SOURCE_H
#define KX_SOURCE_H

/*
 * A descriptor in the control thread's epoll set and what to do when it is
 * ready. The structure lives inside its owner; kx_source_remove() before the
 * owner goes, after which `ready` is not called any more (not even for events
 * already fetched).
 */

#include <stdint.h>

struct kx_source {
	int fd;
	void (*ready)(struct kx_source *source, uint32_t events);
};

/*
 * Control thread. @events as for epoll_ctl(). Returns 0 or a negative errno (not
 * watched then). The descriptor stays the caller's.
 */
int kx_source_add(struct kx_source *source, int fd, uint32_t events,
		  void (*ready)(struct kx_source *source, uint32_t events_seen));
int kx_source_change(struct kx_source *source, uint32_t events);
void kx_source_remove(struct kx_source *source);

#endif /* KX_SOURCE_H */
