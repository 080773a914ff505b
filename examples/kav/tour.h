/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KAV_TOUR_H
#define KX_KAV_TOUR_H

/* Parts of the example's client: all errors of libkavclient on purpose, and what checks cost. */

#include <stdbool.h>

/* The standard test pattern behind @prefix, in a static buffer. */
const char *kx_kav_tour_pattern(const char *prefix);

/* Until the front answers on @socket; false if it does not within ten seconds. */
bool kx_kav_tour_wait(const char *socket);

/* Provokes each KAV_ERROR_ code and prints it; returns how many did not come as they should. */
unsigned kx_kav_tour_errors(const char *folder);

/*
 * Names to the scanner what is not there: tokens and memory of nobody, more than was lent. Each
 * must be refused and the scanner go on; returns how many were not.
 */
unsigned kx_kav_tour_nonsense(const char *connection);

/* Prints the cost of checks of 4 KiB over both ways. */
void kx_kav_tour_measure(const char *socket, const char *connection);

#endif /* KX_KAV_TOUR_H */
