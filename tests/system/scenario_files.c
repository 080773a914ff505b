/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A client whose files and sockets are a VFS program's (VFS_FILESYSTEM_BACKEND,
 * VFS_NETWORK_BACKEND): each call that takes a path or an address stops and is answered by the
 * kernel process. What is refused there, for want of memory say, is tried again, and must then work
 * (K-04, K-05).
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "scenario.h"

#define TEXT "what was written"

static int close_with(int fd, bool well)
{
	int error = well ? 0 : errno;

	if (close(fd) != 0 && !error)
		error = errno;
	return error;
}

static int write_file(void)
{
	int fd = open("/notes", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0)
		return errno;
	return close_with(fd, write(fd, TEXT, sizeof(TEXT)) == (ssize_t)sizeof(TEXT));
}

static int read_file(void)
{
	char text[64] = "";
	struct stat status;
	int fd = open("/notes", O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		return errno;
	got = read(fd, text, sizeof(text));
	if (got < 0 || fstat(fd, &status) != 0)
		return close_with(fd, false);
	CHECK(got == (ssize_t)sizeof(TEXT) && strcmp(text, TEXT) == 0);
	CHECK(status.st_size == (off_t)sizeof(TEXT));
	return close_with(fd, true);
}

static int list_folder(void)
{
	unsigned found = 0;
	struct dirent *entry;
	DIR *folder;

	if (mkdir("/box", 0700) != 0 && errno != EEXIST)
		return errno;
	if (rename("/notes", "/box/notes") != 0 && errno != ENOENT)
		return errno;
	folder = opendir("/box");
	if (!folder)
		return errno;
	while ((entry = readdir(folder)))
		found += strcmp(entry->d_name, "notes") == 0;
	CHECK(found == 1);
	return closedir(folder) == 0 ? 0 : errno;
}

static int remove_all(void)
{
	struct stat status;

	if (unlink("/box/notes") != 0 && errno != ENOENT)
		return errno;
	if (rmdir("/box") != 0 && errno != ENOENT)
		return errno;
	CHECK(stat("/box", &status) != 0);
	return errno == ENOENT ? 0 : errno;
}

static int listen_somewhere(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return errno;
	return close_with(fd, bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
				      listen(fd, 1) == 0);
}

static void until_it_works(const char *what, int (*op)(void))
{
	int error = 0;

	for (int i = 0; i < 6; i++) {
		error = op();
		if (error == 0)
			return;
		fprintf(stderr, "REFUSED %s %s\n", what, strerror(error));
	}
	fprintf(stderr, "FAIL %s still %s\n", what, strerror(error));
	_exit(1);
}

static void clerk(void)
{
	for (int round = 0; round < 2; round++) {
		until_it_works("write", write_file);
		until_it_works("read", read_file);
		until_it_works("list", list_folder);
		until_it_works("remove", remove_all);
		until_it_works("listen", listen_somewhere);
	}
}

const struct scenario scenarios_files[] = {
	{"clerk", clerk, clerk},
	{NULL, NULL, NULL},
};
