/* SPDX-License-Identifier: Apache-2.0 */
/* Without a VFS: the files of the image can be read, and that is all. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	char text[32] = "";
	int fd = open("/note.txt", O_RDONLY);

	if (read(fd, text, sizeof(text)) != 20)
		fprintf(stderr, "lonely: no file of the image: %m\n");
	if (open("/note.txt", O_RDWR) != -1 || open("/new", O_CREAT | O_WRONLY, 0600) != -1 ||
	    mkdir("/new", 0700) != -1 || unlink("/note.txt") != -1)
		fprintf(stderr, "lonely: changed a file\n");
	if (socket(AF_INET, SOCK_STREAM, 0) != -1 || access("/done", F_OK) != -1)
		fprintf(stderr, "lonely: has what others have\n");
	fprintf(stderr, "lonely: done\n");
	return 0;
}
