/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_NET_IFACES_H
#define KX_NET_IFACES_H

#include <stdint.h>

/* What programs of this process see from now on of interface @name; unknown names are ignored. */
void kx_net_configure(const char *name, uint32_t address, uint32_t mask, int mtu);

#endif /* KX_NET_IFACES_H */
