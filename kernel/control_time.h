/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_CONTROL_TIME_H
#define KX_CONTROL_TIME_H

#include <stdint.h>

/* CLOCK_MONOTONIC in nanoseconds. Any thread. */
uint64_t kx_now_ns(void);

/* Timer of the waiting kernel calls; after kx_control_init(). 0, or negative when descriptors
 * are used up. */
int kx_calls_init(void);
void kx_calls_fini(void);

#endif /* KX_CONTROL_TIME_H */
