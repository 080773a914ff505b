/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_PROVE_UNWIND_H
#define KX_PROVE_UNWIND_H

/*
 * Who called, in a traced process that stands still: by the tables (.eh_frame) that every program
 * and library carries for this, so that what earlier calls left on the stack is not taken for a
 * caller. x86-64 only. For one process at a time.
 */

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct kx_frame {
	uint64_t pc;
	uint64_t offset;  /* in the file, or 0 */
	const char *file; /* of the code; NULL: none that is known, and the end */
};

/* The innermost frames of @thread of @process, at most @room; returns how many. */
unsigned kx_unwind(pid_t process, pid_t thread, struct kx_frame *frames, unsigned room);

#endif /* KX_PROVE_UNWIND_H */
