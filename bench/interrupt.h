/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_INTERRUPT_H
#define KX_BENCH_INTERRUPT_H

/*
 * Ctrl-C and its like end a run as a failure does: processes are ended, the
 * scratch folder is removed. The signals are blocked except while the program
 * waits, so none is missed between a look and a sleep.
 */

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

/* From now on SIGINT, SIGTERM and SIGHUP interrupt kx_interrupt_poll() only. */
void kx_interrupt_catch(void);

/* In a child before it becomes another program: the signals as they were. */
void kx_interrupt_restore(void);

/* Has one of the signals come? */
bool kx_interrupted(void);

/*
 * ppoll() of @count descriptors for @ns nanoseconds, signals let in. Returns as
 * ppoll() does, -1 with EINTR if kx_interrupted().
 */
int kx_interrupt_poll(struct pollfd *fds, nfds_t count, uint64_t ns);

#endif /* KX_BENCH_INTERRUPT_H */
