/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_VERDICT_H
#define KX_VERDICT_H

/* The server's half of a reply that the kernel process judges (KX_DOWN_JUDGED). */

#include "slot.h"
#include "wait.h"

/*
 * After kx_slot_reply() in the down slot of a judged request: waits until the kernel
 * process has judged reply @gen, frees the slot and returns the verdict, a Retcode. The
 * caller then rings the kernel process, which may have a request for the slot.
 *
 * Blocks, without a deadline: the kernel process judges every such reply, also one whose
 * caller is gone, and its own end is the server's. Only the thread that replied.
 */
int32_t kx_verdict_await(struct kx_slot *slot, uint32_t gen, struct kx_waiter *waiter);

#endif /* KX_VERDICT_H */
