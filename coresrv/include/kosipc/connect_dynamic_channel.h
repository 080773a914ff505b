/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOSIPC_CONNECT_DYNAMIC_CHANNEL_H
#define KOSIPC_CONNECT_DYNAMIC_CHANNEL_H

/* A proxy's way over a channel that is made while the solution runs. */

#include <string>

#include <coresrv/cm/cm_api.h>
#include <kosipc/detail/connection.h>

namespace kosipc
{

/* @server is a process, @service what it published; waits at most @msecs for it to accept. */
inline detail::Connection ConnectDynamicChannel(const std::string &server,
						const std::string &service,
						rtl_uint32_t msecs = INFINITE_TIMEOUT)
{
	return {"server '" + server + "', service '" + service + "'",
		[=](const char *, ::Handle &handle, nk_iid_t &riid) -> Retcode {
			rtl_uint32_t id = 0;
			const Retcode rc =
				KnCmConnect(server.c_str(), service.c_str(), msecs, &handle, &id);

			riid = static_cast<nk_iid_t>(id);
			return rc == rcOk && id > NK_IID_MAX ? rcInternalError : rc;
		}};
}

} // namespace kosipc

#endif /* KOSIPC_CONNECT_DYNAMIC_CHANNEL_H */
