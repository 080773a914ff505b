/* SPDX-License-Identifier: Apache-2.0 */

/* Writing requests, with the stamp in the style of ctime: "Nov 21 18:38:33". */

#include "kx_kav_wire.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HEADER_BYTES 19 /* "<0>", 15 characters, ":" */
#define SHMEM_BYTES  64

static void put_header(char *at, char flag)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t now = time(NULL);
	struct tm tm = {0};
	char text[64];

	(void)localtime_r(&now, &tm);
	(void)snprintf(text, sizeof(text), "<%c>%.3s %2d %02d:%02d:%02d:", flag,
		       months + 3 * (size_t)tm.tm_mon, tm.tm_mday, tm.tm_hour, tm.tm_min,
		       tm.tm_sec);
	memcpy(at, text, HEADER_BYTES);
}

static char *fail(int error)
{
	errno = error;
	return NULL;
}

char *kx_kav_request_path(const char *path, size_t *len)
{
	size_t n = strlen(path);
	char *bytes;

	if (n == 0 || (unsigned char)path[0] == KX_KAV_SEPARATOR)
		return fail(EINVAL);
	bytes = malloc(HEADER_BYTES + n + 1);
	if (!bytes)
		return fail(ENOMEM);
	put_header(bytes, KX_KAV_PATHS);
	memcpy(bytes + HEADER_BYTES, path, n + 1);
	*len = HEADER_BYTES + n + 1;
	return bytes;
}

/* Whether the complex form can carry @path. */
static bool fits_list(const char *path)
{
	static const char forbidden[] = {';', '|', '}', (char)KX_KAV_SEPARATOR, '\0'};

	return path[0] != '\0' && !strpbrk(path, forbidden);
}

/* Adds the bytes of the complex form behind @at; returns the new end. */
static char *put_list(char *at, const char *const *paths, size_t count, const char *switches)
{
	*at++ = (char)KX_KAV_SEPARATOR;
	at = stpcpy(at, switches);
	if (switches[0] != '\0')
		*at++ = '|';
	*at++ = (char)KX_KAV_SEPARATOR;
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			*at++ = ';';
		at = stpcpy(at, paths[i]);
	}
	*at++ = '\0';
	return at;
}

char *kx_kav_request_paths(const char *const *paths, size_t count, const char *switches,
			   size_t *len)
{
	size_t room = HEADER_BYTES + 4 + strlen(switches);
	char *bytes;

	if (count == 0 || strchr(switches, (char)KX_KAV_SEPARATOR))
		return fail(EINVAL);
	for (size_t i = 0; i < count; i++) {
		if (!fits_list(paths[i]))
			return fail(EINVAL);
		room += strlen(paths[i]) + 1;
	}
	bytes = malloc(room);
	if (!bytes)
		return fail(ENOMEM);
	put_header(bytes, KX_KAV_PATHS);
	*len = (size_t)(put_list(bytes + HEADER_BYTES, paths, count, switches) - bytes);
	return bytes;
}

char *kx_kav_request_shmem(uint32_t key, uint64_t size, size_t *len)
{
	char *bytes = malloc(SHMEM_BYTES);

	if (!bytes)
		return fail(ENOMEM);
	put_header(bytes, KX_KAV_SHMEM);
	*len = HEADER_BYTES + 1 +
	       (size_t)snprintf(bytes + HEADER_BYTES, SHMEM_BYTES - HEADER_BYTES,
				"<%" PRIx32 "|%" PRIx64 "|>", key, size);
	return bytes;
}
