/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_IPC_PRESS_H
#define KX_IPC_PRESS_H

/*
 * A flood keeps the IPC thread at work without end, and where all processors are taken Linux
 * then treats it like those that compute: whoever else asks waits for its time slices. So when
 * it had work without a pause and got less than half of a processor, an entity is for a while
 * served a few requests in each window of time only (peer.c), and the thread sleeps in between:
 * Linux wakes one that sleeps sooner. That goes on while somebody is held back so and the thread
 * waits for a processor longer than it runs: a flood let loose again and again costs the others
 * most. IPC thread only.
 */

#include <stdbool.h>
#include <stdint.h>

#define KX_WINDOW_NS 1000000u

bool kx_pressed(void);

/* After a round that found work. */
void kx_press_weigh(void);

/*
 * After a round without work: it may yield or sleep now, and what others then get of the
 * processor is not taken from it. What it asks for is weighed anew.
 */
void kx_press_idle(void);

/* Begins the next window if it is time; true: it did. */
bool kx_press_window(void);

/* When to wake up for what is held back, or for @deadline (0: none). */
uint64_t kx_press_deadline(uint64_t deadline);

#endif /* KX_IPC_PRESS_H */
