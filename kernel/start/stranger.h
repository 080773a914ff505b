/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_STRANGER_H
#define KX_STRANGER_H

/* Options for an entity that the solution does not have: a misspelt name. */

#include <stddef.h>

#include "init.h"

/*
 * 0, or -1 with the reason in @text: a tool or an exception names an entity that @init lacks,
 * and no program in @programs has such a name. That may be started later, by another entity;
 * and if the solution has no init file, everything is.
 */
int kx_stranger_check(const struct kx_init *init, const char *programs, char *text, size_t size);

#endif /* KX_STRANGER_H */
