/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sees what another client of its VFS program wrote, and files of the image; talks to
 * itself by the address of the machine around the emulator; and finds that its
 * thread has begun. Waits by clock(), which is not processor time.
 */
#include <arpa/inet.h>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

static_assert(__cplusplus >= 201703L, "the project's own -std= was not heeded");

#define CHECK(what)                                                                                \
	do {                                                                                       \
		if (!(what))                                                                       \
			std::fprintf(stderr, "reader: line %d: %s (%m)\n", __LINE__, #what);       \
	} while (0)

static void talk()
{
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in address = {};
	socklen_t size = sizeof(address);
	char text[8] = "";
	int server;

	address.sin_family = AF_INET;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	CHECK(bind(listener, (struct sockaddr *)&address, size) == 0 && listen(listener, 1) == 0);
	CHECK(getsockname(listener, (struct sockaddr *)&address, &size) == 0);
	CHECK(inet_pton(AF_INET, "10.0.2.2", &address.sin_addr) == 1);
	CHECK(connect(client, (struct sockaddr *)&address, size) == 0);
	CHECK((server = accept(listener, NULL, NULL)) >= 0);
	CHECK(send(client, "hello", 5, 0) == 5 && recv(server, text, sizeof(text), 0) == 5);
	CHECK(std::strcmp(text, "hello") == 0);
	CHECK(socket(AF_UNIX, SOCK_STREAM, 0) == -1);
	CHECK(close(listener) == 0 && close(client) == 0 && close(server) == 0);
}

static volatile bool begun;

static void begin()
{
	begun = true;
}

int main()
{
	char text[32] = "";
	int fd = open("note.txt", O_RDWR);

	CHECK(read(fd, text, sizeof(text)) == 20 && !std::strcmp(text, "a file of the image\n"));
	CHECK(write(fd, "more", 4) == 4 && close(fd) == 0);
	while (access("/done", F_OK) != 0)
		usleep(1000); /* nothing tells a program that a file came */
	CHECK((fd = open("/data/link", O_RDONLY)) >= 0);
	talk();
	std::thread thread(begin);
	CHECK(begun);
	thread.join();
	clock_t started = clock();
	usleep(20000); /* time that passes is the test */
	CHECK(clock() - started >= 20000 * (CLOCKS_PER_SEC / 1000000));
	std::fprintf(stderr, "reader: done\n");
	return 0;
}
