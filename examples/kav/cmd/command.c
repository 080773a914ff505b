/* SPDX-License-Identifier: Apache-2.0 */

/* Shared by AvpDaemonClient and kavdaemon in its client role. */

#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "front/paths.h"
#include "wire/kx_kav_wire.h"

/* A check may take long; a front end that has less patience ends us. */
#define SECONDS 120

void kx_kav_command_complain(const char *program, const char *socket, kav_ctx ctx, int error)
{
	int code = kav_get_error(ctx);
	const char *hint = "";

	if (code == KAV_ERROR_CONNECT)
		hint = "; is kavdaemon running for that folder?";
	if (code >= KAV_ERROR_BAD_KEYFILE && code <= KAV_ERROR_INTEGRITY_VIOLATED)
		(void)fprintf(stderr, "%s: %s: %s; the daemon says why on its stderr\n", program,
			      socket, kav_strerror(code));
	else
		(void)fprintf(stderr, "%s: %s: %s (%s)%s\n", program, socket, kav_strerror(code),
			      strerrordesc_np(error), hint);
}

static int status_of_error(int code)
{
	switch (code) {
	case KAV_ERROR_BAD_KEYFILE:
		return KX_KAV_NO_KEY;
	case KAV_ERROR_BASES_NOT_FOUND:
		return KX_KAV_NO_BASES;
	case KAV_ERROR_INTEGRITY_VIOLATED:
		return KX_KAV_BAD_BASES;
	default:
		return KX_KAV_NOT_COMPLETE;
	}
}

int kx_kav_command_check(const char *program, const char *folder, const char *const *paths,
			 int count)
{
	char socket[KX_KAV_SOCKET_PATH];
	kav_ctx ctx = kav_new();
	int status = KX_KAV_NOT_COMPLETE;

	if (!ctx || !kx_kav_path_in(socket, folder, KX_KAV_SOCKET_NAME) ||
	    kav_set_socketpath(ctx, socket) != 0 || kav_set_timeout(ctx, SECONDS) != 0) {
		(void)fprintf(stderr, "%s: %s: no memory, or a name too long\n", program, folder);
	} else if (kav_check_files(ctx, paths, count, NULL) != 0) {
		kx_kav_command_complain(program, socket, ctx, errno);
		status = status_of_error(kav_get_error(ctx));
	} else {
		(void)fputs(kav_result_get_report(ctx), stdout);
		status = kav_result_get_status(ctx);
	}
	kav_free(ctx);
	return status;
}
