/* SPDX-License-Identifier: Apache-2.0 */
/* Without a VFS program files and sockets fail, nothing hangs, and both outputs work. */
#define NAME "bare"
#include "check.h"

#include <fcntl.h>
#include <kos_net.h>
#include <netdb.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	struct addrinfo *found = NULL;
	char text[4];

	CHECK(socket(AF_INET, SOCK_STREAM, 0) == -1 && errno == EIO);
	CHECK(socket(AF_INET, SOCK_DGRAM, 0) == -1 && errno == EIO);
	CHECK(open("/x", O_CREAT | O_WRONLY, 0600) == -1 && errno == EIO);
	CHECK(fopen("/x", "w") == NULL && errno == EIO && mkdir("/x", 0700) == -1 && errno == EIO &&
	      unlink("/x") == -1 && errno == EIO);
	CHECK(getaddrinfo("kaspersky.example", "80", NULL, &found) != 0);
	CHECK(write(STDERR_FILENO, "bare: heard\n", 12) == 12);
	CHECK(printf("bare: printed\n") > 0 && fflush(stdout) == 0);
	CHECK(read(STDIN_FILENO, text, 1) <= 0);
	fprintf(stderr, "bare: done\n");
	return 0;
}
