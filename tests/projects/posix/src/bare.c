/* SPDX-License-Identifier: Apache-2.0 */
/* Without a VFS program files and sockets fail, nothing hangs, and both outputs work. */
#define NAME "bare"
#include "check.h"

#include <fcntl.h>
#include <kos_net.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* EIO where the image has files or a VFS program serves something, else EPERM. */
static bool is_refused(int error)
{
	return error == EIO || error == EPERM;
}

int main(void)
{
	struct addrinfo *found = NULL;
	char text[4];

	CHECK(socket(AF_INET, SOCK_STREAM, 0) == -1 && is_refused(errno));
	CHECK(socket(AF_INET, SOCK_DGRAM, 0) == -1 && is_refused(errno));
	CHECK(open("/x", O_CREAT | O_WRONLY, 0600) == -1 && is_refused(errno));
	CHECK(fopen("/x", "w") == NULL && mkdir("/x", 0700) == -1 && is_refused(errno));
	CHECK(getaddrinfo("kaspersky.example", "80", NULL, &found) != 0);
	CHECK(write(STDERR_FILENO, "bare: heard\n", 12) == 12);
	CHECK(printf("bare: printed\n") > 0 && fflush(stdout) == 0);
	CHECK(read(STDIN_FILENO, text, 1) <= 0);
	fprintf(stderr, "bare: done\n");
	return 0;
}
