/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The checks of paths. Order of errors: a check is running; wrong arguments; what the transport
 * says; what the scanner says about itself. Only then is there a result.
 */

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "context.h"
#include "wire/kx_kav_wire.h"

/* The scanner has another working folder: names leave here absolute. NULL: errno. */
static char *absolute(const char *path)
{
	char folder[PATH_MAX] = "";
	size_t folder_len;
	size_t len = strlen(path);
	char *name;

	if (path[0] != '/' && !getcwd(folder, sizeof(folder)))
		return NULL;
	folder_len = strlen(folder);
	name = malloc(folder_len + len + 2);
	if (!name) {
		errno = ENOMEM;
		return NULL;
	}
	memcpy(name, folder, folder_len);
	if (folder_len > 0)
		name[folder_len++] = '/';
	memcpy(name + folder_len, path, len + 1);
	return name;
}

/* No name to send: without memory one error, for a name nobody can send the other. */
static int no_name(void)
{
	return errno == ENOMEM ? KAV_ERROR_MALLOC_FAILURE : KAV_ERROR_WRITE;
}

static int bad_argument(void)
{
	errno = EINVAL;
	return KAV_ERROR_WRITE;
}

static int check_one(struct kav_context *ctx, const char *path, struct kx_kav_answer *answer)
{
	struct kx_kav_target target = kx_kav_target_of(ctx);
	const struct kx_kav_transport *transport = kx_kav_transport_of(ctx);
	char *name;
	int code;
	int error;

	if (!path || path[0] == '\0')
		return bad_argument();
	if (!transport)
		return KAV_ERROR_CONNECT;
	name = absolute(path);
	if (!name)
		return no_name();
	code = transport->check_path(&target, name, answer);
	error = errno;
	free(name);
	errno = error;
	return code;
}

int kav_check_file(kav_ctx ctx, const char *filename)
{
	struct kx_kav_answer answer = {0};

	if (!kx_kav_begin(ctx))
		return -1;
	return kx_kav_end(ctx, check_one(ctx, filename, &answer), &answer);
}

static void free_names(char **names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(names);
}

/* Absolute copies of all names; 0 or an error with nothing left. */
static int make_names(const char *const *paths, size_t count, char ***out)
{
	char **names = malloc(count * sizeof(*names));

	if (!names) {
		errno = ENOMEM;
		return KAV_ERROR_MALLOC_FAILURE;
	}
	for (size_t i = 0; i < count; i++) {
		int code = paths[i] && paths[i][0] != '\0' ? 0 : bad_argument();

		names[i] = code == 0 ? absolute(paths[i]) : NULL;
		if (names[i])
			continue;
		code = code != 0 ? code : no_name();
		free_names(names, i);
		errno = code == KAV_ERROR_MALLOC_FAILURE ? ENOMEM : EINVAL;
		return code;
	}
	*out = names;
	return 0;
}

static int check_all(struct kav_context *ctx, const char *const *paths, size_t count,
		     const char *options, struct kx_kav_answer *answer)
{
	struct kx_kav_target target = kx_kav_target_of(ctx);
	const struct kx_kav_transport *transport = kx_kav_transport_of(ctx);
	char **names = NULL;
	int code;
	int error;

	if (!transport)
		return KAV_ERROR_CONNECT;
	code = make_names(paths, count, &names);
	if (code != 0)
		return code;
	code = transport->check_list(&target, (const char *const *)names, count, options, answer);
	error = errno;
	free_names(names, count);
	errno = error;
	return code;
}

int kav_check_files(kav_ctx ctx, const char *const *pathnames, int count, const char *options)
{
	struct kx_kav_answer answer = {0};
	const char *switches = options ? options : "";
	int code;

	if (!kx_kav_begin(ctx))
		return -1;
	if (!pathnames || count < 1)
		code = bad_argument();
	else if (count == 1 && switches[0] == '\0')
		code = check_one(ctx, pathnames[0], &answer);
	else
		code = check_all(ctx, pathnames, (size_t)count, switches, &answer);
	return kx_kav_end(ctx, code, &answer);
}
