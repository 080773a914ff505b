/* SPDX-License-Identifier: Apache-2.0 */

/* Sends what its RAM disk holds to the station, whose address is that of QEMU's host. */

#include <kos_net.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#define PORT  5551
#define TRIES 1000

static int connect_to_station(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(PORT)};
	int fd;

	inet_pton(AF_INET, "10.0.2.2", &address.sin_addr);
	for (int i = 0; i < TRIES; i++) {
		fd = socket(AF_INET, SOCK_STREAM, 0);
		if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
			return fd;
		close(fd);
		usleep(10000); /* until the station listens: nothing tells */
	}
	perror("probe");
	exit(EXIT_FAILURE);
}

int main(void)
{
	char line[64] = "";
	FILE *file = fopen("/reading", "r");
	int station;

	if (!file || !fgets(line, sizeof(line), file) || !wait_for_network())
		return EXIT_FAILURE;
	station = connect_to_station();
	(void)!write(station, line, strlen(line));
	memset(line, 0, sizeof(line));
	if (read(station, line, sizeof(line) - 1) > 0)
		fprintf(stderr, "probe: %s", line);
	if (access("/name", F_OK) == 0)
		fprintf(stderr, "probe: the card is here\n");
	return EXIT_SUCCESS;
}
