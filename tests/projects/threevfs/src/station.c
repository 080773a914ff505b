/* SPDX-License-Identifier: Apache-2.0 */

/* Takes one line over the network, writes it to the card, and answers with what the card holds. */

#include <kos_net.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <netinet/in.h>
#include <sys/socket.h>

#define PORT 5551

static int wait_for_probe(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(PORT)};
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int one = 1;

	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) != 0 ||
	    listen(listener, 1) != 0) {
		perror("station");
		exit(EXIT_FAILURE);
	}
	return accept(listener, NULL, NULL);
}

int main(void)
{
	char line[64] = "";
	char name[64] = "";
	FILE *file;
	int probe;

	if (!wait_for_network())
		return EXIT_FAILURE;
	probe = wait_for_probe();
	if (read(probe, line, sizeof(line) - 1) <= 0)
		return EXIT_FAILURE;
	file = fopen("/log", "a");
	if (!file || fputs(line, file) < 0 || fclose(file) != 0)
		perror("station: /log");
	file = fopen("/name", "r");
	if (!file || !fgets(name, sizeof(name), file))
		perror("station: /name");
	fprintf(stderr, "station: %s", line);
	if (access("/reading", F_OK) == 0)
		fprintf(stderr, "station: the RAM disk is here\n");
	(void)!write(probe, name, strlen(name));
	close(probe);
	return EXIT_SUCCESS;
}
