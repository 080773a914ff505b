/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The network interfaces of the emulated machine. An entity may not ask Linux for
 * its interfaces, and those are not what the program expects; so where Linux does not
 * tell, getifaddrs() and the ioctl()s that read interfaces answer with a loopback
 * and en0, as QEMU's user network has them. BSD programs make an AF_ROUTE socket and
 * read SIOCGIFCONF as records of a name and an address: such a socket is a datagram
 * socket with a mark that the kernel keeps for us, so that copies have it, too.
 */

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <dlfcn.h>

#include "net_ifaces.h"

#define ROUTE_MARK     5 /* SO_PRIORITY of a socket that stands for an AF_ROUTE one */
#define BSD_RECORD     (IFNAMSIZ + sizeof(struct sockaddr))
#define MAC_BYTES      6
#define LOOPBACK_MTU   65536
#define ETHERNET_MTU   1500
#define HOST_10_0_2    0x0a000200u /* QEMU's user network */
#define HOST_10_0_MASK 0xffffff00u

struct iface {
	const char *name;
	unsigned int flags;
	uint32_t address; /* host order */
	uint32_t mask;
	int mtu;
	unsigned short kind; /* of hardware */
	unsigned char mac[MAC_BYTES];
};

#define LOOPBACK_FLAGS (IFF_UP | IFF_LOOPBACK | IFF_RUNNING)
#define ETHERNET_FLAGS (IFF_UP | IFF_BROADCAST | IFF_RUNNING | IFF_MULTICAST)

/* configure_net_iface() changes en0, before a program's threads look: as on the real system. */
static struct iface ifaces[] = {
	{"lo0", LOOPBACK_FLAGS, INADDR_LOOPBACK, 0xff000000u, LOOPBACK_MTU, ARPHRD_LOOPBACK, {0}},
	{"en0",
	 ETHERNET_FLAGS,
	 HOST_10_0_2 + 15,
	 HOST_10_0_MASK,
	 ETHERNET_MTU,
	 ARPHRD_ETHER,
	 {0x52, 0x54, 0x00, 0x12, 0x34, 0x56}},
};

#define IFACES (sizeof(ifaces) / sizeof(ifaces[0]))

void kx_net_configure(const char *name, uint32_t address, uint32_t mask, int mtu)
{
	for (size_t i = 0; i < IFACES; i++) {
		if (strcmp(ifaces[i].name, name) != 0)
			continue;
		ifaces[i].address = address;
		ifaces[i].mask = mask;
		ifaces[i].mtu = mtu;
	}
}

static int find(const char *name)
{
	for (size_t i = 0; i < IFACES; i++)
		if (strncmp(ifaces[i].name, name, IFNAMSIZ) == 0)
			return (int)i;
	return -1;
}

/* Whether this process may use a network at all: asked as a program would. */
static bool has_network(void)
{
	long fd = syscall(SYS_socket, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd >= 0)
		(void)close((int)fd);
	return fd >= 0;
}

static void set_inet(void *place, uint32_t address)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr = {htonl(address)}};

	memcpy(place, &in, sizeof(in));
}

/* One block, so that freeifaddrs() of the C library frees it. */
struct listed {
	struct ifaddrs entries[2 * IFACES];
	struct sockaddr_in addresses[3 * IFACES];
	struct sockaddr_ll links[IFACES];
};

static void list_link(struct ifaddrs *entry, struct sockaddr_ll *link, unsigned int i)
{
	*link = (struct sockaddr_ll){
		.sll_family = AF_PACKET,
		.sll_ifindex = (int)i + 1,
		.sll_hatype = ifaces[i].kind,
		.sll_halen = MAC_BYTES,
	};
	memcpy(link->sll_addr, ifaces[i].mac, MAC_BYTES);
	entry->ifa_addr = (struct sockaddr *)(void *)link;
}

static void list_inet(struct ifaddrs *entry, struct sockaddr_in *places, unsigned int i)
{
	set_inet(&places[0], ifaces[i].address);
	set_inet(&places[1], ifaces[i].mask);
	set_inet(&places[2], ifaces[i].address | ~ifaces[i].mask);
	entry->ifa_addr = (struct sockaddr *)(void *)&places[0];
	entry->ifa_netmask = (struct sockaddr *)(void *)&places[1];
	if (ifaces[i].flags & IFF_BROADCAST)
		entry->ifa_broadaddr = (struct sockaddr *)(void *)&places[2];
}

static int list_ours(struct ifaddrs **list)
{
	struct listed *all = calloc(1, sizeof(*all));

	if (!all)
		return -1;
	for (unsigned int i = 0; i < IFACES; i++) {
		struct ifaddrs *pair = &all->entries[2 * i];

		list_link(&pair[0], &all->links[i], i);
		list_inet(&pair[1], &all->addresses[3 * i], i);
		for (int k = 0; k < 2; k++) {
			pair[k].ifa_name = (char *)(uintptr_t)ifaces[i].name;
			pair[k].ifa_flags = ifaces[i].flags;
			pair[k].ifa_next = &pair[k] + 1;
		}
	}
	all->entries[2 * IFACES - 1].ifa_next = NULL;
	*list = all->entries;
	return 0;
}

int getifaddrs(struct ifaddrs **list)
{
	typedef int real_function(struct ifaddrs **);
	real_function *real = (real_function *)(uintptr_t)dlsym(RTLD_NEXT, "getifaddrs");

	if (real && real(list) == 0)
		return 0;
	return has_network() ? list_ours(list) : -1;
}

unsigned int if_nametoindex(const char *name)
{
	typedef unsigned int real_function(const char *);
	real_function *real = (real_function *)(uintptr_t)dlsym(RTLD_NEXT, "if_nametoindex");
	unsigned int index = real ? real(name) : 0;

	return index ? index : (unsigned int)(find(name) + 1);
}

int socket(int domain, int type, int protocol)
{
	int mark = ROUTE_MARK;
	long fd;

	if (domain != AF_ROUTE)
		return (int)syscall(SYS_socket, domain, type, protocol);
	type = SOCK_DGRAM | (type & (SOCK_NONBLOCK | SOCK_CLOEXEC));
	fd = syscall(SYS_socket, AF_INET, type, 0);
	if (fd >= 0)
		(void)setsockopt((int)fd, SOL_SOCKET, SO_PRIORITY, &mark, sizeof(mark));
	return (int)fd;
}

static bool is_route_socket(int fd)
{
	socklen_t size = sizeof(int);
	int mark = 0;

	return getsockopt(fd, SOL_SOCKET, SO_PRIORITY, &mark, &size) == 0 && mark == ROUTE_MARK;
}

/* As many records as fit; @bsd: without the padding that Linux has behind an address. */
static int get_list(struct ifconf *list, bool bsd)
{
	size_t step = bsd ? BSD_RECORD : sizeof(struct ifreq);
	size_t room = list->ifc_len > 0 ? (size_t)list->ifc_len : 0;
	size_t used = 0;

	if (!list->ifc_buf) {
		list->ifc_len = (int)(IFACES * step);
		return 0;
	}
	for (size_t i = 0; i < IFACES && used + step <= room; i++, used += step) {
		char *record = list->ifc_buf + used;

		memset(record, 0, step);
		memcpy(record, ifaces[i].name, strlen(ifaces[i].name));
		set_inet(record + IFNAMSIZ, ifaces[i].address);
		record[BSD_RECORD - 1] =
			sizeof(struct sockaddr); /* sa_len: bits/socket.h of the SDK */
	}
	list->ifc_len = (int)used;
	return 0;
}

static int get_one(const struct iface *iface, int index, unsigned long request, struct ifreq *out)
{
	switch (request) {
	case SIOCGIFADDR:
		set_inet(&out->ifr_addr, iface->address);
		return 0;
	case SIOCGIFNETMASK:
		set_inet(&out->ifr_netmask, iface->mask);
		return 0;
	case SIOCGIFBRDADDR:
		set_inet(&out->ifr_broadaddr, iface->address | ~iface->mask);
		return 0;
	case SIOCGIFFLAGS:
		out->ifr_flags = (short)iface->flags;
		return 0;
	case SIOCGIFMTU:
		out->ifr_mtu = iface->mtu;
		return 0;
	case SIOCGIFINDEX:
		out->ifr_ifindex = index + 1;
		return 0;
	default: /* SIOCGIFHWADDR */
		memset(&out->ifr_hwaddr, 0, sizeof(out->ifr_hwaddr));
		out->ifr_hwaddr.sa_family = iface->kind;
		memcpy(out->ifr_hwaddr.sa_data, iface->mac, MAC_BYTES);
		return 0;
	}
}

static bool asks_for_one(unsigned long request)
{
	return request == SIOCGIFADDR || request == SIOCGIFNETMASK || request == SIOCGIFBRDADDR ||
	       request == SIOCGIFFLAGS || request == SIOCGIFMTU || request == SIOCGIFINDEX ||
	       request == SIOCGIFHWADDR;
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list args;
	void *argument;
	int index;
	int rc;

	va_start(args, request);
	argument = va_arg(args, void *);
	va_end(args);
	if (request == SIOCGIFCONF && is_route_socket(fd))
		return get_list(argument, true);
	rc = (int)syscall(SYS_ioctl, fd, request, argument);
	if (rc != -1 || errno == EBADF || errno == ENOTSOCK)
		return rc;
	if (request == SIOCGIFCONF)
		return get_list(argument, false);
	if (!asks_for_one(request))
		return rc;
	index = find(((struct ifreq *)argument)->ifr_name);
	if (index < 0) {
		errno = ENODEV;
		return -1;
	}
	return get_one(&ifaces[index], index, request, argument);
}

/* @address for Linux: QEMU's network means this host. */
static const struct sockaddr *for_linux(const struct sockaddr *address, socklen_t size,
					struct sockaddr_in *changed)
{
	if (!address || size < sizeof(*changed) || address->sa_family != AF_INET)
		return address;
	memcpy(changed, address, sizeof(*changed));
	if ((ntohl(changed->sin_addr.s_addr) & HOST_10_0_MASK) != HOST_10_0_2)
		return address;
	changed->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return (const struct sockaddr *)changed;
}

/*
 * A datagram with an address of its own goes past the kernel process, so what that
 * does for connect() and bind() is done here. Nothing depends on it but the address.
 */
ssize_t sendto(int fd, const void *bytes, size_t size, int flags, const struct sockaddr *address,
	       socklen_t length)
{
	struct sockaddr_in changed;

	return syscall(SYS_sendto, fd, bytes, size, flags, for_linux(address, length, &changed),
		       length);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	struct msghdr copy = *message;
	struct sockaddr_in changed;

	copy.msg_name =
		(void *)(uintptr_t)for_linux(message->msg_name, message->msg_namelen, &changed);
	return syscall(SYS_sendmsg, fd, &copy, flags);
}
