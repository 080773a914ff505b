/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_SHIPPED_H
#define KX_SHIPPED_H

/*
 * Put in front of every file of kernel/ipc that the explorer compiles: the same
 * source, with small tables, the modelled mutex, and memory that is part of the
 * state. Operations on the server's private atomics become steps where they are
 * written in the short form (roles); the long, relaxed form marks hints, which
 * may have any value anyway.
 */

#include <pthread.h>
#include <stdlib.h>

#include "kx_limits.h"
#include "sim.h"

#undef KX_CHANNEL_SLOTS
#define KX_CHANNEL_SLOTS 1u
#undef KX_DOWN_SLOTS
#define KX_DOWN_SLOTS 1u

#include "inbox.h"
#include "rcu.h"

#undef KX_WATCHED_BELLS
#define KX_WATCHED_BELLS ((unsigned)kx_sim_bounds.watched)

#define pthread_mutex_init(mutex, attributes) ((void)(mutex), 0)
#define pthread_mutex_destroy(mutex)          ((void)(mutex), 0)
#define pthread_mutex_lock(mutex)             (kx_sim_lock(mutex), 0)
#define pthread_mutex_unlock(mutex)           (kx_sim_unlock(mutex), 0)

#define malloc(bytes)        kx_sim_alloc((bytes), 16)
#define calloc(count, bytes) kx_sim_alloc((count) * (bytes), 16)
#define free(memory)         ((void)(memory))

#undef atomic_load
#undef atomic_store
#undef atomic_exchange
#define atomic_load(at)                                                                            \
	(kx_sim_private((at), false), atomic_load_explicit((at), memory_order_relaxed))
#define atomic_store(at, value)                                                                    \
	(kx_sim_private((at), true), atomic_store_explicit((at), (value), memory_order_relaxed))
#define atomic_exchange(at, value)                                                                 \
	(kx_sim_private((at), true), atomic_exchange_explicit((at), (value), memory_order_relaxed))

#endif /* KX_SHIPPED_H */
