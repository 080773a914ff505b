/* SPDX-License-Identifier: Apache-2.0 */
#include "path.h"

#include <string.h>

bool kx_path_is_inside(const char *path)
{
	const char *part = path;

	if (!*path || *path == '/')
		return false;
	while (part) {
		if (!strncmp(part, "..", 2) && (part[2] == '/' || part[2] == '\0'))
			return false;
		part = strchr(part, '/');
		part = part ? part + 1 : NULL;
	}
	return true;
}
