/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_CHILDREN_H
#define KX_CHILDREN_H

#include <sys/types.h>

/* Processes that @parent's first thread started and has not waited for; at most @room. */
unsigned children(pid_t parent, pid_t *pids, unsigned room);

#endif /* KX_CHILDREN_H */
