/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Tries what a declared exception allows, one attempt an argument:
 *   read=PATH write=PATH make=PATH connect=PORT bind=PORT unix=PATH sysv fork exec=PATH
 *   stat=PATH
 * Prints "ATTEMPT ok" or "ATTEMPT ERRNO".
 */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int opened(const char *path, int flags)
{
	int fd = open(path, flags, 0600);

	if (fd < 0)
		return errno;
	(void)close(fd);
	return 0;
}

static int socket_call(const char *port, int (*call)(int, const struct sockaddr *, socklen_t))
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons((uint16_t)atoi(port))};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int one = 1;
	int error = 0;

	if (fd < 0)
		return errno;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (call(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
		error = errno;
	(void)close(fd);
	return error;
}

/* A name in the file system for a socket; it is removed again. */
static int unix_bound(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	int error;

	if (fd < 0)
		return errno;
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	error = bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 ? 0 : errno;
	if (error == 0 && listen(fd, 1) != 0)
		error = errno;
	(void)close(fd);
	if (error == 0)
		(void)unlink(path);
	return error;
}

static int shared(void)
{
	int id = shmget(IPC_PRIVATE, 4096, 0600);

	if (id < 0)
		return errno;
	return shmctl(id, IPC_RMID, NULL) == 0 ? 0 : errno;
}

static int forked(void)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0)
		_exit(9);
	if (child < 0)
		return errno;
	return waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 9 ? 0 : ECHILD;
}

static int attempt(const char *name, const char *value)
{
	struct stat status;

	if (strcmp(name, "read") == 0)
		return opened(value, O_RDONLY);
	if (strcmp(name, "write") == 0)
		return opened(value, O_WRONLY);
	if (strcmp(name, "make") == 0)
		return opened(value, O_WRONLY | O_CREAT | O_EXCL);
	if (strcmp(name, "connect") == 0)
		return socket_call(value, connect);
	if (strcmp(name, "bind") == 0)
		return socket_call(value, bind);
	if (strcmp(name, "unix") == 0)
		return unix_bound(value);
	if (strcmp(name, "sysv") == 0)
		return shared();
	if (strcmp(name, "fork") == 0)
		return forked();
	if (strcmp(name, "stat") == 0)
		return stat(value, &status) == 0 ? 0 : errno;
	(void)execl(value, value, (char *)NULL);
	return errno;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		char *value = strchr(argv[i], '=');
		int error;

		if (value)
			*value++ = 0;
		error = attempt(argv[i], value ? value : "");
		printf("%s %s\n", argv[i], error ? strerrorname_np(error) : "ok");
		(void)fflush(stdout);
	}
	return 0;
}
