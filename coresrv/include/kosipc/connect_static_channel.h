/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOSIPC_CONNECT_STATIC_CHANNEL_H
#define KOSIPC_CONNECT_STATIC_CHANNEL_H

/* A proxy's way over a channel of init.yaml. */

#include <string>

#include <coresrv/sl/sl_api.h>
#include <kosipc/detail/connection.h>

namespace kosipc
{

/* @channel as in init.yaml; @endpoint by either of its names. */
inline detail::Connection ConnectStaticChannel(const std::string &channel,
					       const std::string &endpoint)
{
	return {"channel '" + channel + "', endpoint '" + endpoint + "'",
		[channel, endpoint](const char *, ::Handle &handle, nk_iid_t &riid) -> Retcode {
			handle = ServiceLocatorConnect(channel.c_str());
			if (handle == INVALID_HANDLE)
				return rcNotConnected;
			riid = ServiceLocatorGetRiid(handle, endpoint.c_str());
			return riid == INVALID_RIID ? rcResourceNotFound : rcOk;
		}};
}

} // namespace kosipc

#endif /* KOSIPC_CONNECT_STATIC_CHANNEL_H */
