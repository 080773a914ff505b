/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RTL_RANDOM_H
#define RTL_RANDOM_H

/*
 * A small repeatable generator, one sequence per process, thread-safe. Not for
 * secrets: use kos/random/random_api.h.
 */

#include <rtl/compiler.h>
#include <rtl/stdint.h>

#define RTL_RAND_MAX RTL_INT32_MAX

__RTL_BEGIN_DECLS

/* Starts the sequence anew; the same @seed gives the same numbers. */
void rtl_srand(unsigned seed);

/* The next number, 0 to RTL_RAND_MAX. Without rtl_srand as if seeded with 1. */
int rtl_rand(void);

__RTL_END_DECLS

#endif /* RTL_RANDOM_H */
