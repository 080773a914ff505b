/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KERNEL_CONTROL_H
#define KX_KERNEL_CONTROL_H

/*
 * The control thread: one epoll set over pidfds, control sockets, timers,
 * signals, the command socket and its mailbox. It is the only writer of tasks,
 * handles and channels, and it never waits for anything but that set.
 */

/* Makes the epoll set and the control mailbox. Before any other call of this half. Returns 0
 * or a negative errno. */
int kx_control_init(void);

/* Runs until kx_control_stop(). The calling thread becomes the control thread; it must be
 * registered with liburcu. */
void kx_control_run(void);

/* Control thread: kx_control_run() returns after the current event. */
void kx_control_stop(void);

/* Runs what is ready and returns, without sleeping; for unit tests. */
void kx_control_step(void);

void kx_control_fini(void);

#endif /* KX_KERNEL_CONTROL_H */
