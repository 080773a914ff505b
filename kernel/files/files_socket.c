/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Socket calls that name a kind or an address: internet families only. The
 * addresses of the emulated machine mean this host. A connection that may take
 * its time is made by a thread of its own.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "files_internal.h"

#define QEMU_NETWORK  0x0a000200u /* 10.0.2.0/24: host, emulated machine, its configured address */
#define HOME_NETWORKS 0xc0a80000u /* 192.168.0.0/16 */
#define NET_24        0xffffff00u
#define NET_16        0xffff0000u

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	char bytes[sizeof(struct sockaddr_in6)];
};

static long make_socket(struct kx_files_call *call)
{
	int family = (int)call->data;
	int type = call->flags & 0xf;

	if (family != AF_INET && family != AF_INET6)
		return -EAFNOSUPPORT;
	if (type != SOCK_STREAM && type != SOCK_DGRAM)
		return -EPROTONOSUPPORT;
	call->close_on_exec = call->flags & SOCK_CLOEXEC;
	call->fd = socket(family, call->flags | SOCK_CLOEXEC, (int)call->size);
	return call->fd < 0 ? -errno : KX_FILES_HAND_OVER;
}

/* The entity's socket as a descriptor of ours, if it is one we made. */
static int borrow_socket(const struct kx_files_call *call)
{
	long fd = syscall(SYS_pidfd_getfd, call->client->pidfd, call->socket, 0);
	socklen_t size = sizeof(int);
	int family = AF_UNSPEC;
	int rc = 0;

	if (fd < 0)
		return -errno;
	if (getsockopt((int)fd, SOL_SOCKET, SO_DOMAIN, &family, &size) != 0)
		rc = -errno;
	else if (family != AF_INET && family != AF_INET6)
		rc = -EACCES;
	if (rc == 0)
		return (int)fd;
	(void)close((int)fd);
	return rc;
}

/* Whether an interface of this machine is in the /24 of @address. */
static bool is_near(uint32_t address)
{
	struct ifaddrs *list = NULL;
	bool near = false;

	if (getifaddrs(&list) != 0)
		return true; /* cannot tell: as written */
	for (const struct ifaddrs *i = list; i && !near; i = i->ifa_next)
		near = i->ifa_addr && i->ifa_addr->sa_family == AF_INET &&
		       ((ntohl(((const struct sockaddr_in *)(const void *)i->ifa_addr)
				       ->sin_addr.s_addr) ^
			 address) &
			NET_24) == 0;
	freeifaddrs(list);
	return near;
}

/*
 * What programs written for an emulated machine call the one around it: QEMU's network,
 * and home networks that this machine is not in.
 */
static bool means_this_host(uint32_t address)
{
	if ((address & NET_24) == QEMU_NETWORK)
		return true;
	return (address & NET_16) == HOME_NETWORKS && !is_near(address);
}

static int get_address(const struct kx_files_call *call, union address *address)
{
	int rc;

	if (call->size < sizeof(sa_family_t) || call->size > sizeof(*address))
		return -EINVAL;
	memset(address, 0, sizeof(*address));
	rc = kx_files_get(&call->memory, call->data, address, (size_t)call->size);
	if (rc != 0 || address->any.sa_family != AF_INET)
		return rc;
	if (means_this_host(ntohl(address->in.sin_addr.s_addr)))
		address->in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return 0;
}

struct connection {
	int notify;
	int fd;
	uint64_t id;
	union address address;
	socklen_t size;
};

static void *make_connection(void *argument)
{
	struct connection *connection = argument;
	int rc = connect(connection->fd, &connection->address.any, connection->size);

	kx_files_answer(connection->notify, connection->id, rc == 0 ? 0 : -errno);
	(void)close(connection->fd);
	(void)close(connection->notify);
	free(connection);
	return NULL;
}

static int start(struct connection *connection)
{
	pthread_attr_t attributes;
	pthread_t thread;
	sigset_t all;
	sigset_t old;
	int rc;

	(void)pthread_attr_init(&attributes);
	(void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &old);
	rc = -pthread_create(&thread, &attributes, make_connection, connection);
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	(void)pthread_attr_destroy(&attributes);
	return rc;
}

/* Takes @fd. */
static long connect_later(const struct kx_files_call *call, int fd, const union address *address)
{
	struct connection *connection = malloc(sizeof(*connection));
	int rc = -ENOMEM;

	if (connection) {
		*connection = (struct connection){
			.notify = fcntl(call->client->notify, F_DUPFD_CLOEXEC, 0),
			.fd = fd,
			.id = call->id,
			.address = *address,
			.size = (socklen_t)call->size,
		};
		rc = connection->notify < 0 ? -errno : start(connection);
		if (rc == 0)
			return KX_FILES_LATER;
		if (connection->notify >= 0)
			(void)close(connection->notify);
	}
	free(connection);
	(void)close(fd);
	return rc;
}

/* Takes @fd. */
static long use(const struct kx_files_call *call, int fd)
{
	union address address;
	int rc = 0;

	if (call->op == KX_FILES_LISTEN) {
		rc = listen(fd, (int)call->size) == 0 ? 0 : -errno;
	} else {
		rc = get_address(call, &address);
		if (rc == 0 && call->op == KX_FILES_CONNECT)
			return connect_later(call, fd, &address);
		if (rc == 0)
			rc = bind(fd, &address.any, (socklen_t)call->size) == 0 ? 0 : -errno;
	}
	(void)close(fd);
	return rc;
}

long kx_files_on_socket(struct kx_files_call *call)
{
	int fd;

	/* What a program without a VFS finds on KasperskyOS, too. */
	if (!call->client->net.given)
		return -EIO;
	if (call->op == KX_FILES_SOCKET)
		return make_socket(call);
	fd = borrow_socket(call);
	return fd < 0 ? fd : use(call, fd);
}
