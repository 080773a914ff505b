/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_NS_MESSAGE_H
#define KX_NS_MESSAGE_H

/*
 * Messages of kl.core.NS (sdk/sysroot/include/kl/core/NS.idl) as libkos sends
 * them. libkos is built before the IDL compiler, so they are written by hand;
 * tests/ns compares them with what the compiler makes of the IDL.
 */

#include <nk/types.h>

#define KX_NS_NAME_SIZE 128u /* with the zero */
#define KX_NS_RIID      0    /* the only endpoint of kl.core.NameServer */

enum {
	KX_NS_PUBLISH,
	KX_NS_UNPUBLISH,
	KX_NS_ENUM,
};

struct kx_ns_names_req {
	struct nk_message base_;
	nk_ptr_t type;
	nk_ptr_t server;
	nk_ptr_t service;
};

struct kx_ns_rc_res {
	struct nk_message base_;
	nk_uint32_t rc;
	nk_uint32_t pad;
};

struct kx_ns_enum_req {
	struct nk_message base_;
	nk_ptr_t type;
	nk_uint32_t index;
	nk_uint32_t pad;
};

struct kx_ns_enum_res {
	struct nk_message base_;
	nk_uint32_t rc;
	nk_ptr_t server;
	nk_ptr_t service;
	nk_uint32_t pad;
};

#endif /* KX_NS_MESSAGE_H */
