/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KERNEL_FIXTURE_H
#define KX_KERNEL_FIXTURE_H

/*
 * The control half in one thread: mailboxes are run by hand with pump(), hooks
 * are whatever the test puts into kx_hooks.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "calls.h"
#include "task.h"

int kernel_setup(void **state);
int kernel_teardown(void **state);

/* Runs both mailboxes and what is ready until nothing is left to do. */
void pump(void);

/* A stopped task of class @name; its pin belongs to the registry alone. */
struct kx_task *make_task(const char *name);

/* Ends @task as if its process had died, and lets go of it. */
void end_task(struct kx_task *task);

/* Executes one kernel call of @task to its end; args in and out. Fails if it still waits. */
int32_t call(struct kx_task *task, uint32_t op, uint32_t args[KX_CALL_ARGS], const char *bytes,
	     size_t length);
/* The same with one argument and bytes, with three arguments and none. */
int32_t call1(struct kx_task *task, uint32_t op, uint32_t first, const char *bytes, size_t length);
int32_t call3(struct kx_task *task, uint32_t op, uint32_t a, uint32_t b, uint32_t c);

/* A string and its length with the zero, for the bytes of a call. */
#define TEXT(string) string, sizeof(string)

#endif /* KX_KERNEL_FIXTURE_H */
