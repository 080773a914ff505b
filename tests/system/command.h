/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_SYSTEM_COMMAND_H
#define KX_SYSTEM_COMMAND_H

/* What the command kosix says of the rig's solutions. */

#include "rig.h"

/* What `kosix ps` with @options says about the running solution; the text is overwritten. */
const char *command_ps(const char *options);

/* Asks until @wanted is said; a solution needs a moment to come there. */
const char *command_ps_must_say(const struct rig *rig, const char *options, const char *wanted);

/*
 * `kosix run` with @options of a solution of @entities, to its end: its status, and in @text
 * what it wrote; @options may send stderr elsewhere. POST is checked.
 */
int command_run(const char *const entities[], const char *env, const char *options, char *text,
		size_t size);

#endif /* KX_SYSTEM_COMMAND_H */
