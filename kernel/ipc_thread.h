/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_IPC_THREAD_H
#define KX_IPC_THREAD_H

/*
 * The IPC thread: every decision and every relayed message. It spins, yields and
 * sleeps by the rules of kernel/ipc/wait.h, and while it sleeps only a bell, a
 * job or a deadline wakes it.
 */

/* Fills kx_hooks. Before the control thread creates anything. */
void kx_ipc_install_hooks(void);

/*
 * Starts the thread, and the one of liburcu that frees; 0 or a negative errno. kx_ipc_mailbox
 * is ready afterwards.
 */
int kx_ipc_start(void);

/* Ends it and waits for it; every task must have been removed before. */
void kx_ipc_stop(void);

/*
 * Waits until what call_rcu() was given so far is freed. Unlike liburcu's own barrier it needs no
 * memory, for want of which that ends the process. One thread at a time, in no read section.
 */
void kx_ipc_settle(void);

#endif /* KX_IPC_THREAD_H */
