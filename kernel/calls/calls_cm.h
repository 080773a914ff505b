/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_CALLS_CM_H
#define KX_CALLS_CM_H

struct kx_task;

/* Control thread: @task died; clients that wait for its Accept get KX_RC_NOT_CONNECTED. */
void kx_cm_task_dead(struct kx_task *task);

#endif /* KX_CALLS_CM_H */
