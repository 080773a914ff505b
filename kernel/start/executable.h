/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_EXECUTABLE_H
#define KX_EXECUTABLE_H

/*
 * Programs of entities: where they are, and the sandbox each is started in.
 * One sandbox per program file, plus one for each kind of tool it runs under
 * (tool.h). Control thread.
 */

#include <stdbool.h>
#include <stddef.h>

#include "isolation/profile.h"

struct kx_task;

/*
 * Before the first start. Returns 0, or -1 with what is missing in @text
 * (@size bytes); @text may hold a warning when 0 is returned.
 */
int kx_executable_init(enum kx_isolation_level level, char *text, size_t size);
void kx_executable_fini(void);

/* Path of @task's program; valid as long as its sandbox. */
const char *kx_executable_path(const struct kx_task *task);

/* The sandbox of @task's program; NULL with the cause in @error. */
const struct kx_sandbox *kx_executable_sandbox(const struct kx_task *task, char *error,
					       size_t size);

#endif /* KX_EXECUTABLE_H */
