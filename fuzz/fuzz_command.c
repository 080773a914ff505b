/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The command socket: what clients of `kosix ps` send, in pieces, several at a time,
 * hanging up at any moment. Each client that asked in full gets one JSON text.
 */

#include "command.h"
#include "fuzz.h"
#include "kernel_rig.h"

#include <jansson.h>
#include <poll.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define CLIENTS 4u

static struct sockaddr_un address = {.sun_family = AF_UNIX};
static socklen_t address_size;
static int clients[CLIENTS] = {-1, -1, -1, -1};

static void listen_once(void)
{
	char name[32];

	if (address_size)
		return;
	(void)snprintf(name, sizeof(name), "fuzz-%d", (int)getpid());
	fuzz_require(kx_command_init(name) == 0);
	address_size =
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
			    (size_t)snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1,
					     "kosix/%u/%s", (unsigned)getuid(), name));
}

static void hang_up(unsigned which)
{
	if (clients[which] >= 0)
		(void)close(clients[which]);
	clients[which] = -1;
}

static void speak(unsigned which, struct fuzz_input *in, size_t most)
{
	static const char *const words[] = {"ps", "ps\n", "end", "end\n", "\n", "p", "s\n"};
	uint8_t text[64];
	size_t length = most % 16;

	if (clients[which] < 0) {
		clients[which] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		/* Too many wait to be accepted: not this time. */
		if (connect(clients[which], (struct sockaddr *)&address, address_size) != 0) {
			hang_up(which);
			return;
		}
	}
	if (length < 7) {
		length = strlen(words[length]);
		memcpy(text, words[most % 16], length);
	} else {
		fuzz_bytes(in, text, length * 4 - 4);
		length = length * 4 - 4;
	}
	(void)send(clients[which], text, length, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* What came back is whole JSON, or nothing. */
static void listen_to(unsigned which)
{
	char text[4096];
	ssize_t got = clients[which] < 0 ? -1 : recv(clients[which], text, sizeof(text), 0);
	json_t *json;

	if (got <= 0 || got == (ssize_t)sizeof(text))
		return;
	json = json_loadb(text, (size_t)got, 0, NULL);
	fuzz_require(json);
	json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = {data, size};

	rig_open();
	listen_once();
	for (unsigned i = 0; i < 32 && in.left; i++) {
		uint8_t what = fuzz_u8(&in);

		switch (what >> 6) {
		case 0:
			hang_up(what % CLIENTS);
			break;
		case 1:
			rig_pump();
			listen_to(what % CLIENTS);
			break;
		default:
			speak(what % CLIENTS, &in, what >> 2 & 15u);
		}
	}
	for (unsigned i = 0; i < CLIENTS; i++)
		hang_up(i);
	rig_pump();
	return 0;
}
