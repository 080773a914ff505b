/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KAV_COMMAND_H
#define KX_KAV_COMMAND_H

/* What the commands share: checking paths over a socket and turning the outcome into an exit
 * status. */

#include "client/kavclient.h"

/*
 * Checks @paths over the daemon's socket in @folder, prints its report on stdout and what failed
 * on stderr (with @program in front). Returns the exit status: the code of the check (kavdaemon
 * --help lists them), or 1 when no daemon could be asked.
 */
int kx_kav_command_check(const char *program, const char *folder, const char *const *paths,
			 int count);

/* "PROGRAM: text of the error: cause" on stderr. */
void kx_kav_command_complain(const char *program, const char *socket, kav_ctx ctx, int error);

#endif /* KX_KAV_COMMAND_H */
