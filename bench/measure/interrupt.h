/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_INTERRUPT_H
#define KX_BENCH_INTERRUPT_H

/*
 * Ctrl-C and its like, a reader that has gone among them, end a run as a failure
 * does: processes are ended (a compiler is waited for), the scratch folder is removed.
 * The signals are blocked except while the program waits, so none is missed between a
 * look and a sleep.
 */

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

/* From now on SIGINT, SIGTERM, SIGHUP and SIGPIPE interrupt kx_interrupt_poll() only. */
void kx_interrupt_catch(void);

/*
 * Lets the signals in at any time: in a child before it becomes another program, or where
 * only kx_interrupted() is looked at.
 */
void kx_interrupt_restore(void);

/* Has one of the signals come? */
bool kx_interrupted(void);

/*
 * ppoll() of @count descriptors for @ns nanoseconds, signals let in. Returns as
 * ppoll() does, -1 with EINTR if kx_interrupted().
 */
int kx_interrupt_poll(struct pollfd *fds, nfds_t count, uint64_t ns);

#endif /* KX_BENCH_INTERRUPT_H */
