/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_PROVE_LIGHT_H
#define KX_PROVE_LIGHT_H

/*
 * Light processes: processes of their own, which signals end and waitpid() buries, but in
 * the memory of this one. No page tables are copied, which is most of what fork() costs
 * (on a virtual machine all but everything), so that far more of them die in a second.
 *
 * What runs in one may die at any instruction, and everybody else lives on: it must not
 * take a lock or allocate memory, and use no state of the C library but errno.
 */

#include <stdbool.h>
#include <sys/types.h>

#define KX_LIGHT_MOST 16u

/* Once, before the first one. False: no memory or threads. */
bool kx_light_open(void);

/*
 * Runs @run in a new light process on stack @place, below KX_LIGHT_MOST, where nobody
 * runs; it ends with the value returned. It dies with this process. -1: it could not be
 * made.
 */
pid_t kx_light_start(unsigned place, int (*run)(void *context), void *context);

#endif /* KX_PROVE_LIGHT_H */
