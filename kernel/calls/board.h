/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KERNEL_BOARD_H
#define KX_KERNEL_BOARD_H

/*
 * The board that the device stand-ins of all entities share: the pins as they were
 * set last, and the text of the board file, which entities read themselves (wires
 * and levels are their business). Control thread only.
 */

#include "calls.h"

/*
 * Reads the board file @path; NULL or "": no file. 0, or -1 and why not in @error.
 * Before the solution starts.
 */
int kx_board_load(const char *path, char *error, size_t size);
void kx_board_clear(void);

void kx_calls_board(struct kx_call_job *job);

/* For `kosix board`: one line of JSON, or NULL without memory; to be freed. */
char *kx_board_describe(void);

#endif /* KX_KERNEL_BOARD_H */
