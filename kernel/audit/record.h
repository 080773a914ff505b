/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_RECORD_H
#define KX_RECORD_H

/*
 * --record: every decided event with its message, to a file (abi/kx_record.h). A
 * thread of its own writes; the IPC thread only copies into a queue. When the disk
 * is slower than the solution the queue fills, and what does not fit is counted in
 * the file and told at the end.
 */

#include "kosix/security_module.h"

#define KX_RECORD_QUEUE (64u << 20) /* bytes that wait for the disk */

/* Before the threads start. Returns 0 or a negative errno. */
int kx_record_open(const char *path);
/* After the IPC thread has ended. -1, after a message: not all of it could be written. */
int kx_record_close(void);

/* IPC thread; without an open file they do nothing. */
void kx_record_event(const struct kx_event *event, enum kx_verdict verdict);
void kx_record_forget(uint32_t sid);

#endif /* KX_RECORD_H */
