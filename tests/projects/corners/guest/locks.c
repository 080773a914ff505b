/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Two programs lock a file of the VFS program that both use, and stop for each other; a file
 * that every program has, the C library's, cannot be locked.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <kos/thread.h>

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition))                                                                  \
			fprintf(stderr, "locks: line %d: %s: %m\n", __LINE__, #condition);         \
	} while (0)

static int lock(int fd, int command, short type)
{
	struct flock all = {.l_type = type, .l_whence = SEEK_SET};

	return fcntl(fd, command, &all);
}

static void wait_for(const char *name)
{
	while (access(name, F_OK) != 0)
		KosThreadSleep(1);
}

static void make(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT, 0600);

	CHECK(fd >= 0 && close(fd) == 0);
}

/* Holds the locks until the other has seen them. */
static void first(int fd)
{
	CHECK(lock(fd, F_SETLK, F_WRLCK) == 0 && flock(fd, LOCK_EX) == 0);
	make("/tmp/locked");
	wait_for("/tmp/seen");
	CHECK(write(fd, "first\n", 6) == 6);
	CHECK(lock(fd, F_SETLK, F_UNLCK) == 0 && flock(fd, LOCK_UN) == 0);
}

static void second(int fd)
{
	struct flock found = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	char text[8] = "";

	wait_for("/tmp/locked");
	CHECK(lock(fd, F_SETLK, F_RDLCK) == -1 && (errno == EAGAIN || errno == EACCES));
	CHECK(flock(fd, LOCK_SH | LOCK_NB) == -1 && errno == EWOULDBLOCK);
	CHECK(fcntl(fd, F_GETLK, &found) == 0 && found.l_type == F_WRLCK);
	make("/tmp/seen");
	CHECK(lock(fd, F_SETLKW, F_RDLCK) == 0 && flock(fd, LOCK_SH) == 0);
	CHECK(read(fd, text, sizeof(text) - 1) == 6 && strcmp(text, "first\n") == 0);
}

static void of_everybody(void)
{
	Dl_info library;
	int fd;

	CHECK(dladdr((void *)(size_t)fflush, &library) != 0);
	fd = open(library.dli_fname, O_RDONLY);
	CHECK(fd >= 0);
	CHECK(lock(fd, F_SETLK, F_RDLCK) == -1 && errno == EPERM);
	CHECK(flock(fd, LOCK_SH) == -1 && errno == EPERM);
	CHECK(lock(fd, F_OFD_SETLK, F_RDLCK) == -1 && errno == EPERM);
	close(fd);
}

int main(int argc, char **argv)
{
	int fd = open("/tmp/file", O_RDWR | O_CREAT, 0600);

	(void)argv;
	CHECK(fd >= 0);
	if (argc > 1)
		first(fd);
	else
		second(fd);
	of_everybody();
	fprintf(stderr, "locks: %s done\n", argc > 1 ? "first" : "second");
	return 0;
}
