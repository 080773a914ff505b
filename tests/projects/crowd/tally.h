/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TALLY_H
#define TALLY_H

/* The sum of the numbers from 1 to @n. */
unsigned long tally_up_to(unsigned long n);

#endif
