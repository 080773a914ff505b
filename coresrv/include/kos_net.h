/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOS_NET_H
#define KOS_NET_H

/*
 * Network interfaces. On Linux the network is there before a program starts and
 * is not a program's to configure: the functions check their arguments and report
 * what is; what an entity sees is a loopback (lo0) and QEMU's network (en0). Programs rely on this
 * header to bring in what network programs need, hence the long list.
 */

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/if_dl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include <rtl/compiler.h>

/* Literals: programs put them together with other literals. */
#define DEFAULT_INTERFACE "en0"
#define WLAN_INTERFACE    "wl0"
#define DEFAULT_ADDR      "10.0.2.10"
#define DEFAULT_MASK      "255.255.255.0"
#define DEFAULT_GATEWAY   "10.0.2.2"
#define DEFAULT_MTU       1500

#define DEFAULT_TIMEOUT 60 /* seconds, for wait_for_iface() */

/* What wait_for_iface() waits for. */
#define IWF_EXISTS 0x01
#define IWF_IP4    0x02

__RTL_BEGIN_DECLS

/* Waits until the network can be used: it can. Returns true at once. */
bool wait_for_network(void);

/*
 * Waits until an interface is there (IWF_EXISTS) or has an address (IWF_IP4).
 * DEFAULT_INTERFACE and WLAN_INTERFACE stand for whatever the machine has and
 * are there; any other name must be one of Linux's. Looks once if @timeout is 0,
 * else for @timeout seconds. Returns whether it is so.
 */
bool wait_for_iface(const char *ifname, int what, int timeout);

/*
 * Accepts a configuration. @gateway may be NULL. Returns false, after a line on
 * standard error, if an address is not one or @mtu is below 68. What this process
 * is told about en0 from then on is this; nothing else changes.
 */
bool configure_net_iface(const char *ifname, const char *addr, const char *mask,
			 const char *gateway, int mtu);

/*
 * Prints a table of interfaces on standard output: name, type, whether running,
 * address/mask. Returns false, after a line on standard error, if Linux does not
 * tell.
 */
bool list_network_ifaces(void);

/* The list getifaddrs() gives; freeifaddrs() frees it. False as getifaddrs() fails. */
bool get_ifaces_addrs(struct ifaddrs **pif);

__RTL_END_DECLS

#endif /* KOS_NET_H */
