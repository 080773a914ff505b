/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_PSL_PAL_H
#define KX_PSL_PAL_H

/* PAL cases with their names resolved: between psl_pal.c and psl_pal_write.c. */

#include "psl_inside.h"

#define KX_PSL_PAL_HANDLES 16u

/* The bytes of one message. */
struct kx_psl_bytes {
	uint8_t *fixed, *arena;
	uint64_t fixed_size, arena_size, arena_room;
	struct {
		uint32_t offset;
		int variable;
		uint32_t sid;
	} handles[KX_PSL_PAL_HANDLES];
	uint32_t handle_count;
};

struct kx_psl_pal_case {
	struct kx_psl_pal_case *next;
	const struct kx_psl_case *source;
	int binds;
	int src_class, dst_class;       /* indices */
	int src_variable, dst_variable; /* or -1 */
	const struct kx_psl_method *method;
	struct kx_psl_bytes bytes;
};

struct kx_psl_pal_block {
	struct kx_psl_pal_block *next;
	const char *title;
	struct kx_psl_pal_case *cases;
	uint32_t count;
};

struct kx_psl_pal_assert {
	struct kx_psl_pal_assert *next;
	const char *title;
	struct kx_psl_pal_block setup, finally;
	struct kx_psl_pal_block *sequences;
	uint32_t count;
	uint32_t variables;
};

/* Variables of one assert in textual order; the class is that of the last start. */
struct kx_psl_variables {
	const char *names[256];
	int classes[256];
	uint32_t count;
};

int kx_psl_variable(const struct kx_psl_variables *variables, const char *name);

/* psl_pal_message.c: @dict as a message of @method in @direction; false after an error. */
bool kx_psl_encode(struct kx_psl *psl, const struct kx_psl_method *method,
		   enum kx_nk_direction direction, const struct kx_psl_expr *dict,
		   const struct kx_psl_variables *variables, struct kx_psl_bytes *bytes);

#endif /* KX_PSL_PAL_H */
