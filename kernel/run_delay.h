/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_RUN_DELAY_H
#define KX_RUN_DELAY_H

#include <stdbool.h>
#include <stdint.h>

/* Of a thread since its start. */
struct kx_run_delay {
	uint64_t run_ns;  /* on a processor */
	uint64_t wait_ns; /* ready to run, and others ran */
};

/* Of the thread that asks; false, and nothing written, if Linux does not say. */
bool kx_run_delay(struct kx_run_delay *delay);

#endif /* KX_RUN_DELAY_H */
