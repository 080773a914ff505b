/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOSIPC_DETAIL_CONNECTION_H
#define KOSIPC_DETAIL_CONNECTION_H

/* What Connect... functions return: how MakeProxy gets a handle and a number. */

#include <functional>
#include <string>

#include <handle/handletype.h>
#include <nk/types.h>
#include <rtl/retcode.h>

namespace kosipc::detail
{

struct Connection {
	std::string what; /* for messages */
	/* Fills both and returns rcOk, or says why not; @interface_name is the proxy's. */
	std::function<Retcode(const char *interface_name, ::Handle &handle, nk_iid_t &riid)>
		connect;
};

} // namespace kosipc::detail

#endif /* KOSIPC_DETAIL_CONNECTION_H */
