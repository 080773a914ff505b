/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_REPORT_H
#define KX_REPORT_H

/*
 * What `kosix run` is told: one JSON object per packet of a SOCK_SEQPACKET pair
 * that it made, with the read ends of an entity's output as descriptors. Without
 * such a pair entities write to the kernel process's own stdout and stderr, and
 * the rest is not reported.
 *
 *   {"event":"ready","name"}                   the solution is being started
 *   {"event":"started"}                        every start was asked for
 *   {"event":"start","task","name","class","pid"}   with two descriptors: stdout, stderr
 *   {"event":"end","task","name","code","signal","stopped","hung_up","counters":{...}}
 *   {"event":"failed","text"}                  could not start; the kernel process ends
 *   {"event":"done"}                           no entity is left
 *   {"event":"audit","decisions","granted","denied","malformed","records","lost"}
 *                                              at the very end
 *
 * Control thread. Never blocks: what the pair does not take is kept in a queue.
 */

#include <stdbool.h>

struct kx_task;

/* @fd -1: no reports. @gone is called when the other side hung up. */
int kx_report_init(int fd, void (*gone)(void));
/* Sends the rest of the queue, waiting for the reader; closes the pair. */
void kx_report_fini(void);

void kx_report_ready(const char *name);
void kx_report_started(void);
void kx_report_failed(const char *text);
void kx_report_done(void);
/* After the IPC thread has ended. */
void kx_report_audit(void);
void kx_report_ended(struct kx_task *task);

/*
 * Write ends for the stdout and stderr of @task's process. Returns 0, or -1 when
 * descriptors are used up. After the spawn kx_report_outputs_done() closes them,
 * and with @started sends the read ends.
 */
int kx_report_outputs(struct kx_task *task, int outputs[2]);
void kx_report_outputs_done(struct kx_task *task, int outputs[2], bool started);

#endif /* KX_REPORT_H */
