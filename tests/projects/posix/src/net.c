/* SPDX-License-Identifier: Apache-2.0 */
/* Sockets: servers and clients, every way of waiting, every address of the emulated machine. */
#define _GNU_SOURCE
#define NAME "net"
#include "check.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <kos_net.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

static struct sockaddr_in at(const char *address, int port)
{
	struct sockaddr_in in;

	memset(&in, 0, sizeof(in));
	in.sin_family = AF_INET;
	in.sin_port = htons((uint16_t)port);
	CHECK(inet_pton(AF_INET, address, &in.sin_addr) == 1);
	return in;
}

static int port_of(int fd)
{
	struct sockaddr_in in;
	socklen_t size = sizeof(in);

	CHECK(getsockname(fd, (struct sockaddr *)&in, &size) == 0);
	return ntohs(in.sin_port);
}

static int make_listener(const char *address)
{
	struct sockaddr_in in = at(address, 0);
	int fd = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
	int on = 1;

	CHECK(fd >= 0);
	CHECK(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0);
	CHECK(bind(fd, (struct sockaddr *)&in, sizeof(in)) == 0);
	CHECK(listen(fd, SOMAXCONN) == 0);
	return fd;
}

static void *echo_once(void *context)
{
	int listener = *(int *)context;
	struct sockaddr_in peer;
	socklen_t size = sizeof(peer);
	char text[64];
	ssize_t got;
	int fd = accept(listener, (struct sockaddr *)&peer, &size);

	CHECK(fd >= 0);
	while ((got = recv(fd, text, sizeof(text), 0)) > 0)
		CHECK(send(fd, text, (size_t)got, MSG_NOSIGNAL) == got);
	CHECK(shutdown(fd, SHUT_WR) == 0);
	CHECK(close(fd) == 0);
	return NULL;
}

static void echo_over(const char *listen_at, const char *connect_to)
{
	int listener = make_listener(listen_at);
	struct sockaddr_in in = at(connect_to, port_of(listener));
	int client = socket(AF_INET, SOCK_STREAM, 0);
	struct timeval limit = {5, 0};
	pthread_t thread;
	char text[16] = "";
	int on = 1;

	CHECK(pthread_create(&thread, NULL, echo_once, &listener) == 0);
	CHECK(setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == 0);
	CHECK(setsockopt(client, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) == 0);
	CHECK(setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) == 0);
	CHECK(connect(client, (struct sockaddr *)&in, sizeof(in)) == 0);
	CHECK(write(client, "hello", 5) == 5 && read(client, text, 5) == 5);
	CHECK(memcmp(text, "hello", 5) == 0);
	CHECK(shutdown(client, SHUT_WR) == 0 && read(client, text, 5) == 0);
	CHECK(pthread_join(thread, NULL) == 0 && close(client) == 0 && close(listener) == 0);
}

/* Longer than it takes to be found idle (kosix run --until-idle); time that passes is the test. */
static void hears_nothing_for_a_second(void)
{
	struct sockaddr_in in = at("127.0.0.1", 0);
	struct timeval limit = {1, 0};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	char byte;

	CHECK(bind(fd, (struct sockaddr *)&in, sizeof(in)) == 0);
	CHECK(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) == 0);
	CHECK(recv(fd, &byte, 1, 0) == -1 && errno == EAGAIN && close(fd) == 0);
}

static void wait_for(int fd, short events)
{
	struct pollfd one = {.fd = fd, .events = events};
	struct epoll_event event = {.events = (uint32_t)events, .data = {.fd = fd}};
	struct epoll_event found;
	struct timeval limit = {5, 0};
	fd_set set;
	int epoll = epoll_create1(0);

	CHECK(poll(&one, 1, 5000) == 1 && (one.revents & events) != 0);
	CHECK(epoll >= 0 && epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0);
	CHECK(epoll_wait(epoll, &found, 1, 5000) == 1 && found.data.fd == fd);
	CHECK(close(epoll) == 0);
	FD_ZERO(&set);
	FD_SET(fd, &set);
	CHECK(select(fd + 1, events == POLLIN ? &set : NULL, events == POLLIN ? NULL : &set, NULL,
		     &limit) == 1);
}

static void without_blocking(void)
{
	int listener = make_listener("0.0.0.0");
	struct sockaddr_in in = at("10.0.2.15", port_of(listener));
	int client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	socklen_t size = sizeof(int);
	char text[8] = "";
	int server;
	int error = -1;
	int rc = 0;

	CHECK(fcntl(listener, F_SETFL, fcntl(listener, F_GETFL) | O_NONBLOCK) == 0);
	CHECK(connect(client, (struct sockaddr *)&in, sizeof(in)) == 0 || errno == EINPROGRESS);
	wait_for(client, POLLOUT);
	CHECK(getsockopt(client, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0);
	wait_for(listener, POLLIN);
	CHECK((server = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0);
	CHECK(accept(listener, NULL, NULL) == -1 && errno == EAGAIN);
	CHECK(recv(server, text, sizeof(text), 0) == -1 && errno == EAGAIN);
	CHECK(send(client, "abc", 3, 0) == 3);
	wait_for(server, POLLIN);
	CHECK(recv(server, text, sizeof(text), MSG_PEEK) == 3);
	CHECK(ioctl(server, FIONREAD, &rc) == 0 && rc == 3);
	CHECK(recv(server, text, sizeof(text), 0) == 3 && memcmp(text, "abc", 3) == 0);
	CHECK(close(server) == 0 && close(client) == 0 && close(listener) == 0);
}

static void datagrams(const char *address)
{
	struct sockaddr_in any = at("0.0.0.0", 0);
	struct sockaddr_in to;
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	struct iovec part = {(void *)(uintptr_t) "two", 3};
	struct msghdr message = {
		.msg_name = &to, .msg_namelen = sizeof(to), .msg_iov = &part, .msg_iovlen = 1};
	int server = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
	int client = socket(AF_INET, SOCK_DGRAM, 0);
	char text[8] = "";
	int on = 1;

	CHECK(bind(server, (struct sockaddr *)&any, sizeof(any)) == 0);
	CHECK(setsockopt(server, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)) == 0);
	to = at(address, port_of(server));
	CHECK(sendto(client, "one", 3, 0, (struct sockaddr *)&to, sizeof(to)) == 3);
	wait_for(server, POLLIN);
	CHECK(recvfrom(server, text, sizeof(text), 0, (struct sockaddr *)&from, &size) == 3);
	CHECK(memcmp(text, "one", 3) == 0 && from.sin_family == AF_INET);
	CHECK(sendmsg(client, &message, 0) == 3);
	CHECK(recv(server, text, sizeof(text), 0) == 3 && memcmp(text, "two", 3) == 0);
	CHECK(sendto(server, "three", 5, 0, (struct sockaddr *)&from, size) == 5);
	CHECK(recv(client, text, sizeof(text), 0) == 5);
	CHECK(connect(client, (struct sockaddr *)&to, sizeof(to)) == 0);
	CHECK(send(client, "four", 4, 0) == 4 && recv(server, text, sizeof(text), 0) == 4);
	CHECK(close(server) == 0 && close(client) == 0);
}

static void names(void)
{
	struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
	struct addrinfo *found = NULL;
	struct hostent *host;
	char text[64] = "";

	CHECK(getaddrinfo("10.0.2.2", "1883", &hints, &found) == 0 && found);
	if (found) {
		CHECK(getnameinfo(found->ai_addr, found->ai_addrlen, text, sizeof(text), NULL, 0,
				  NI_NUMERICHOST) == 0 &&
		      strcmp(text, "10.0.2.2") == 0);
		freeaddrinfo(found);
	}
	hints.ai_flags = AI_PASSIVE;
	CHECK(getaddrinfo(NULL, "8080", &hints, &found) == 0);
	freeaddrinfo(found);
	CHECK((host = gethostbyname("127.0.0.1")) && host->h_length == 4);
	/* The image has no /etc/hosts, and no name server is asked. */
	CHECK((host = gethostbyname("localhost")) && !strcmp(host->h_name, "localhost") &&
	      *(uint32_t *)(void *)host->h_addr_list[0] == htonl(INADDR_LOOPBACK));
	hints.ai_flags |= AI_CANONNAME;
	CHECK(getaddrinfo("LocalHost.", "80", &hints, &found) == 0 && found &&
	      !strcmp(found->ai_canonname, "localhost"));
	freeaddrinfo(found);
	hints.ai_flags |= AI_NUMERICHOST;
	CHECK(getaddrinfo("localhost", "80", &hints, &found) == EAI_NONAME);
	CHECK(gethostname(text, sizeof(text)) == 0 && text[0]);
}

static void interfaces(void)
{
	struct ifaddrs *list = NULL;
	bool inet = false;
	bool loopback = false;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct ifreq request;

	CHECK(wait_for_network());
	CHECK(configure_net_iface(DEFAULT_INTERFACE, DEFAULT_ADDR, DEFAULT_MASK, DEFAULT_GATEWAY,
				  DEFAULT_MTU));
	CHECK(list_network_ifaces());
	CHECK(getifaddrs(&list) == 0);
	for (struct ifaddrs *i = list; i; i = i->ifa_next) {
		if (!i->ifa_addr || i->ifa_addr->sa_family != AF_INET)
			continue;
		inet |= strcmp(i->ifa_name, DEFAULT_INTERFACE) == 0;
		loopback |= (i->ifa_flags & IFF_LOOPBACK) != 0;
	}
	freeifaddrs(list);
	CHECK(inet && loopback);
	CHECK(if_nametoindex(DEFAULT_INTERFACE) > 0);
	memset(&request, 0, sizeof(request));
	strcpy(request.ifr_name, DEFAULT_INTERFACE);
	CHECK(ioctl(fd, SIOCGIFADDR, &request) == 0);
	CHECK(ioctl(fd, SIOCGIFFLAGS, &request) == 0 && (request.ifr_flags & IFF_UP));
	CHECK(close(fd) == 0);
}

/* The list of interfaces as BSD programs read it: records of name and address. */
static void bsd_interfaces(void)
{
	struct ifconf list;
	char buffer[1024];
	int fd = socket(AF_ROUTE, SOCK_RAW, 0);
	bool found = false;

	CHECK(fd >= 0);
	list.ifc_len = sizeof(buffer);
	list.ifc_buf = buffer;
	CHECK(ioctl(fd, SIOCGIFCONF, &list) == 0 && list.ifc_len > 0);
	for (char *p = buffer; p < buffer + list.ifc_len;) {
		struct ifreq *one = (struct ifreq *)(void *)p;

		found |= strcmp(one->ifr_name, DEFAULT_INTERFACE) == 0;
		p += sizeof(one->ifr_name) + one->ifr_addr.sa_len;
	}
	CHECK(found);
	CHECK(close(fd) == 0);
}

int main(void)
{
	echo_over("127.0.0.1", "127.0.0.1");
	echo_over("0.0.0.0", "10.0.2.2");
	echo_over("0.0.0.0", "192.168.56.1");
	echo_over("10.0.2.15", "10.0.2.15");
	echo_over(DEFAULT_ADDR, DEFAULT_ADDR);
	without_blocking();
	datagrams("127.0.0.1");
	datagrams("10.0.2.2");
	names();
	interfaces();
	bsd_interfaces();
	hears_nothing_for_a_second();
	fprintf(stderr, "net: done\n");
	return 0;
}
