/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The machine's <bits/socket.h> with a struct sockaddr that also has BSD's sa_len, at
 * its end: filled in only where the system lists interfaces (SIOCGIFCONF on an
 * AF_ROUTE socket). Size and the other fields are Linux's.
 */

#ifdef KOSIX_BITS_SOCKET_H
#include_next <bits/socket.h>
#else
#define KOSIX_BITS_SOCKET_H
#define sockaddr kosix_linux_sockaddr
#include_next <bits/socket.h>
#undef sockaddr

struct sockaddr {
	sa_family_t sa_family;
	__extension__ union {
		char sa_data[14];
		__extension__ struct {
			char sa_kosix_data[13];
			unsigned char sa_len;
		};
	};
};
#endif
