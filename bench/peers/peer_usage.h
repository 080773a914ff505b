/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_PEER_USAGE_H
#define KX_BENCH_PEER_USAGE_H

/*
 * What another process has used so far, all its threads taken together, from /proc.
 */

#include <stdint.h>

struct kx_peer_usage {
	uint64_t cpu_ns;
	uint64_t wakes;   /* voluntary context switches: each ended with a waking up */
	unsigned running; /* threads on a processor or waiting for one */
};

/* Zeros if the process is gone. */
struct kx_peer_usage kx_peer_usage_of(int pid);

#endif /* KX_BENCH_PEER_USAGE_H */
