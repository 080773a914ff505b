/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_MACHINE_H
#define KX_MACHINE_H

/* What Linux must offer, asked once before anything else. Layers of isolation are not asked
 * here: kx_isolation_check() does. */

#include <stddef.h>

/*
 * 0 when everything needed is there; @text (@size bytes) then says what slower way
 * is taken, or is empty. -1: @text names what is missing.
 */
int kx_machine_check(char *text, size_t size);

#endif /* KX_MACHINE_H */
