/* SPDX-License-Identifier: Apache-2.0 */

/* Where audit records are left; see audit_path.h. */

#include "audit_path.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX ".audit"

static char *folder(void)
{
	const char *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");
	char *path = NULL;
	int length = -1;

	if (state && *state == '/')
		length = asprintf(&path, "%s/kosix", state);
	else if (home && *home == '/')
		length = asprintf(&path, "%s/.local/state/kosix", home);
	return length < 0 ? NULL : path;
}

/* Makes @path and what is above it. */
static bool make_folders(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(path, 0700);
		*slash = '/';
	}
	return mkdir(path, 0700) == 0 || errno == EEXIST;
}

char *kx_audit_path(const char *image)
{
	const char *chosen = getenv("KOSIX_AUDIT");
	const char *slash = strrchr(image, '/');
	char *place;
	char *path = NULL;

	if (chosen && *chosen)
		return strcmp(chosen, "off") == 0 ? NULL : strdup(chosen);
	place = folder();
	if (place && make_folders(place) && access(place, W_OK | X_OK) == 0 &&
	    asprintf(&path, "%s/%s" SUFFIX, place, slash ? slash + 1 : image) < 0)
		path = NULL;
	free(place);
	return path;
}

static bool is_audit(const char *name)
{
	size_t length = strlen(name);

	return length > strlen(SUFFIX) && strcmp(name + length - strlen(SUFFIX), SUFFIX) == 0;
}

/* The newest file in @place. */
static char *newest_in(const char *place)
{
	struct timespec best = {0};
	char *found = NULL;
	DIR *list = opendir(place);
	struct dirent *entry;

	while (list && (entry = readdir(list))) {
		struct stat status;
		char *path;

		if (!is_audit(entry->d_name) || asprintf(&path, "%s/%s", place, entry->d_name) < 0)
			continue;
		if (stat(path, &status) == 0 && (status.st_mtim.tv_sec > best.tv_sec ||
						 (status.st_mtim.tv_sec == best.tv_sec &&
						  status.st_mtim.tv_nsec >= best.tv_nsec))) {
			best = status.st_mtim;
			free(found);
			found = path;
		} else {
			free(path);
		}
	}
	if (list)
		(void)closedir(list);
	return found;
}

char *kx_audit_newest(void)
{
	const char *chosen = getenv("KOSIX_AUDIT");
	char *place;
	char *found;

	if (chosen && *chosen)
		return strcmp(chosen, "off") == 0 ? NULL : strdup(chosen);
	place = folder();
	found = place ? newest_in(place) : NULL;
	free(place);
	return found;
}
