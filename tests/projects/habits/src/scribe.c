/* SPDX-License-Identifier: Apache-2.0 */

/* Each call is a method that the policy names; what these use comes with kos_net.h alone. */

#include <kos_net.h>

#include <errno.h>
#include <fcntl.h>

int main(void)
{
	char text[8] = "";
	int fd = open("/tmp/note", O_CREAT | O_RDWR, 0600);
	int link = socket(AF_INET, SOCK_STREAM, 0);

	fprintf(stderr, "scribe: %zd written\n", write(fd, "ink", 3));
	lseek(fd, 0, SEEK_SET);
	fprintf(stderr, "scribe: %zd read, %s\n", read(fd, text, sizeof(text) - 1), text);
	fprintf(stderr, "scribe: chdir %d, close %d\n", chdir("/tmp"), close(fd));
	fprintf(stderr, "scribe: unlink %s\n", unlink("/tmp/note") ? strerror(errno) : "done");
	fprintf(stderr, "scribe: listen %s\n", listen(link, 1) ? strerror(errno) : "done");
	return link < 0;
}
