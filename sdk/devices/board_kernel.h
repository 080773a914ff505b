/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BOARD_KERNEL_H
#define KX_BOARD_KERNEL_H

/*
 * The pins that the entities of a solution share, kept by the kernel process
 * (kernel/calls/board.h). Threads may call these at the same time.
 */

#include <stdbool.h>
#include <stdint.h>

/* Whether this process is an entity. If not, nothing below may be called. */
bool kx_board_is_shared(void);

/* The board file's text, to be freed; NULL if there is none. */
char *kx_board_text(void);

/* Says what pin @pin is (KX_BOARD_PIN_...). */
void kx_board_set(unsigned pin, uint8_t bits);

/* All pins as they are, KX_BOARD_PINS bytes; returns their generation. Left alone on failure. */
uint32_t kx_board_fetch(uint8_t *pins);

/* Waits until the pins are of another generation than @seen. False: that will not happen. */
bool kx_board_wait(uint32_t seen);

#endif /* KX_BOARD_KERNEL_H */
