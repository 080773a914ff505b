/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_STAMP_LOG_H
#define KX_STAMP_LOG_H

/*
 * The log of stamps in one process. Sampled: in two of every sixteen
 * milliseconds, by the time-stamp counter, so that all processes sample the same
 * calls; then the first calls only. All other calls pass at the price of one
 * look at the counter for each party.
 *
 * A line of text for each stamp: "KXSTAMP point cpu key ticks", in hexadecimal.
 *
 * ASSUMES: one thread of the process stamps. The entities of the bench have one,
 * the kernel process has its IPC thread.
 */

#include <stdbool.h>
#include <stdio.h>

#include "stamp.h"

#define KX_STAMP_LINE "KXSTAMP"

#ifdef KX_STAMPS
/* Forgets all stamps and begins to keep them. Before it, none is kept. */
void kx_stamps_start(void);

/* Writes what was kept since and stops. False if writing failed. */
bool kx_stamps_print(FILE *out);

/* What one kept stamp costs, in hundredths of a tick; takes some 50 us. Not between start and
 * print. */
uint64_t kx_stamps_cost(void);
#else
static inline void kx_stamps_start(void)
{
}

static inline bool kx_stamps_print(FILE *out)
{
	(void)out;
	return true;
}

static inline uint64_t kx_stamps_cost(void)
{
	return 0;
}
#endif

#endif /* KX_STAMP_LOG_H */
