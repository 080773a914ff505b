/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_SOLUTION_H
#define KX_SOLUTION_H

/*
 * The run of one solution: from an image to running entities and to the end.
 * In KasperskyOS's order: all entities are created (servers before clients),
 * then all channels, then all are started; or an Einit entity does the same by
 * kernel calls. Control thread.
 */

#include "image.h"
#include "init.h"

/* Starts it as @name. Failures end the run (kx_solution_failed()). */
void kx_solution_start(const char *name, const struct kx_image *image, const struct kx_init *init);

/* Ends it: no new starts, SIGKILL to every entity, then kx_control_stop(). Idempotent. */
void kx_solution_end(void);

/* Drops what it holds of the tasks; after kx_control_run() has returned. */
void kx_solution_clear(void);

/* Whether it could not be started; the reason was reported. */
bool kx_solution_failed(void);

#endif /* KX_SOLUTION_H */
