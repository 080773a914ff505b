/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOSIX_PAL_H
#define KOSIX_PAL_H

/*
 * Policy assertions (PAL), as nk-psl-gen-c --tests writes them: tables of
 * events with the verdict that is expected, and the program that runs them
 * against the module it is linked with. No processes exist; SIDs are made up.
 */

#include "kosix/security_module.h"

enum kx_pal_expect {
	KX_PAL_GRANT,
	KX_PAL_DENY,
	KX_PAL_ANY, /* any verdict, but the rules must be able to give one */
};

#define KX_PAL_NONE (-1)

/* A handle in a message: the SID of a variable, or a number. */
struct kx_pal_handle {
	uint32_t offset;
	int variable;
	uint32_t sid;
};

struct kx_pal_case {
	const char *file, *text, *title;
	uint32_t line;
	enum kx_event_kind kind;
	enum kx_pal_expect expect;
	int binds; /* variable that gets the SID of the started process, or KX_PAL_NONE */
	int src_variable, dst_variable;
	uint32_t src_sid, dst_sid; /* where there is no variable */
	const char *src_class, *dst_class;
	const char *endpoint, *interface_name, *method;
	uint16_t riid, mid;
	const void *fixed, *arena;
	uint32_t fixed_size, arena_size;
	const struct kx_pal_handle *handles;
	uint32_t handle_count;
};

struct kx_pal_block {
	const char *title;
	const struct kx_pal_case *cases;
	uint32_t count;
};

struct kx_pal_assert {
	const char *title;
	struct kx_pal_block setup, finally;
	const struct kx_pal_block *sequences;
	uint32_t count;
	uint32_t variables;
};

/* Runs all; the exit status: 0 all as expected, 1 not. */
int kx_pal_main(const struct kx_pal_assert *asserts, uint32_t count);

#endif /* KOSIX_PAL_H */
