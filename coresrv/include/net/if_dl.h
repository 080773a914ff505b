/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_IF_DL_H
#define NET_IF_DL_H

/*
 * Link-level addresses under their BSD names, which programs for KasperskyOS
 * use with getifaddrs(). Laid out as Linux's sockaddr_ll, so that what Linux
 * returns can be read through them; only the fields below are there.
 */

#include <netinet/in.h>
#include <sys/socket.h>

#ifndef AF_LINK
#define AF_LINK AF_PACKET
#endif

struct sockaddr_dl {
	unsigned short sdl_family; /* AF_LINK */
	unsigned short sdl_protocol;
	int sdl_index;           /* number of the interface */
	unsigned short sdl_type; /* kind of hardware */
	unsigned char sdl_pkttype;
	unsigned char sdl_alen; /* bytes of the address */
	char sdl_data[8];       /* the address */
};

#define LLADDR(sdl)  ((sdl)->sdl_data)
#define satosdl(sa)  ((struct sockaddr_dl *)(void *)(sa))
#define satocsdl(sa) ((const struct sockaddr_dl *)(const void *)(sa))

#endif /* NET_IF_DL_H */
