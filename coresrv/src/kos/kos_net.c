/* SPDX-License-Identifier: Apache-2.0 */

/* kos_net.h over getifaddrs(). */

#include <kos_net.h>

#include <kos/thread.h>

#include "kx_local.h"
#include "net_ifaces.h"

#define MTU_MIN       68 /* RFC 791: every internet module forwards so much */
#define LOOK_EVERY_MS 100

bool wait_for_network(void)
{
	return true;
}

bool get_ifaces_addrs(struct ifaddrs **pif)
{
	return getifaddrs(pif) == 0;
}

/* Names that stand for "the machine's network", whatever Linux calls it. */
static bool is_stand_in(const char *ifname)
{
	return strcmp(ifname, DEFAULT_INTERFACE) == 0 || strcmp(ifname, WLAN_INTERFACE) == 0;
}

static bool iface_is(const char *ifname, int what)
{
	struct ifaddrs *list = NULL;
	bool found = false;

	if (!get_ifaces_addrs(&list))
		return false;
	for (struct ifaddrs *i = list; i && !found; i = i->ifa_next)
		found = strcmp(i->ifa_name, ifname) == 0 &&
			(!(what & IWF_IP4) || (i->ifa_addr && i->ifa_addr->sa_family == AF_INET));
	freeifaddrs(list);
	return found;
}

bool wait_for_iface(const char *ifname, int what, int timeout)
{
	rtl_size_t looks = 1 + (timeout > 0 ? (rtl_size_t)timeout : 0) * 1000 / LOOK_EVERY_MS;

	if (!ifname)
		return false;
	if (is_stand_in(ifname))
		return true;
	while (!iface_is(ifname, what)) {
		if (--looks == 0)
			return false;
		(void)KnSleep(LOOK_EVERY_MS);
	}
	return true;
}

static bool read_address(const char *text, uint32_t *address)
{
	struct in_addr addr;

	if (!text || inet_pton(AF_INET, text, &addr) != 1)
		return false;
	*address = ntohl(addr.s_addr);
	return true;
}

bool configure_net_iface(const char *ifname, const char *addr, const char *mask,
			 const char *gateway, int mtu)
{
	const char *wrong = NULL;
	uint32_t own = 0;
	uint32_t bits = 0;
	uint32_t way = 0;

	if (!ifname || !ifname[0])
		wrong = "the interface has no name";
	else if (!read_address(addr, &own))
		wrong = "the address is not one like 10.0.2.10";
	else if (!read_address(mask, &bits))
		wrong = "the mask is not one like 255.255.255.0";
	else if (gateway && !read_address(gateway, &way))
		wrong = "the gateway is not an address like 10.0.2.2";
	else if (mtu < MTU_MIN)
		wrong = "the MTU is below 68";
	if (wrong)
		(void)fprintf(stderr, "configure_net_iface(%s): %s\n", ifname ? ifname : "NULL",
			      wrong);
	else
		kx_net_configure(ifname, own, bits, mtu);
	return !wrong;
}

static void format_inet(const struct sockaddr *addr, char *text, socklen_t size)
{
	const void *bytes = NULL;

	text[0] = '\0';
	if (addr && addr->sa_family == AF_INET)
		bytes = &((const struct sockaddr_in *)(const void *)addr)->sin_addr;
	else if (addr && addr->sa_family == AF_INET6)
		bytes = &((const struct sockaddr_in6 *)(const void *)addr)->sin6_addr;
	if (bytes)
		(void)inet_ntop(addr->sa_family, bytes, text, size);
}

static void format_mac(const struct sockaddr_dl *sdl, char *text, size_t size)
{
	size_t at = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < sdl->sdl_alen && i < sizeof(sdl->sdl_data) && at < size; i++)
		at += (size_t)snprintf(text + at, size - at, "%s%02x", i ? ":" : "",
				       (unsigned char)sdl->sdl_data[i]);
}

static void list_iface(const struct ifaddrs *iface)
{
	const char *running = iface->ifa_flags & IFF_RUNNING ? "Yes" : "No";
	char addr[INET6_ADDRSTRLEN];
	char mask[INET6_ADDRSTRLEN];

	if (!iface->ifa_addr)
		return;
	if (iface->ifa_addr->sa_family == AF_LINK) {
		format_mac(satocsdl(iface->ifa_addr), addr, sizeof(addr));
		(void)fprintf(stdout, "%-8s mac  %-7s %s\n", iface->ifa_name, running, addr);
		return;
	}
	format_inet(iface->ifa_addr, addr, sizeof(addr));
	format_inet(iface->ifa_netmask, mask, sizeof(mask));
	(void)fprintf(stdout, "%-8s inet %-7s %s/%s\n", iface->ifa_name, running, addr, mask);
}

bool list_network_ifaces(void)
{
	struct ifaddrs *list = NULL;

	if (!get_ifaces_addrs(&list)) {
		(void)fprintf(stderr, "list_network_ifaces: Linux does not tell (%m)\n");
		return false;
	}
	(void)fprintf(stdout, "%-8s %-4s %-7s %s\n", "Name", "Type", "Running", "Address/mask");
	for (struct ifaddrs *i = list; i; i = i->ifa_next)
		list_iface(i);
	freeifaddrs(list);
	return true;
}
