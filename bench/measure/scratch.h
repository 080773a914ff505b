/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_SCRATCH_H
#define KX_BENCH_SCRATCH_H

/*
 * A folder for the files of one measurement, in $TMPDIR or /tmp.
 */

#include <limits.h>
#include <stdbool.h>

struct kx_scratch {
	char path[PATH_MAX];
};

/* Makes the folder. False after a complaint. */
bool kx_scratch_make(struct kx_scratch *scratch);

/* Removes it with all that is in it. */
void kx_scratch_remove(const struct kx_scratch *scratch);

#endif /* KX_BENCH_SCRATCH_H */
