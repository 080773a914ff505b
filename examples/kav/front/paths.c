/* SPDX-License-Identifier: Apache-2.0 */

#include "paths.h"

#include <stdio.h>

bool kx_kav_path_in(char path[KX_KAV_SOCKET_PATH], const char *folder, const char *name)
{
	int n = snprintf(path, KX_KAV_SOCKET_PATH, "%s/%s", folder, name);

	return n > 0 && n < KX_KAV_SOCKET_PATH;
}
