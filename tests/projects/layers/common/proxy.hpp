/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <string>

/* One channel, its transport, and the endpoints behind it by name. */
class Channel
{
      public:
	explicit Channel(const std::string &name) : handle_(ServiceLocatorConnect(name.c_str()))
	{
		NkKosTransport_Init(&transport_, handle_, NK_NULL, 0);
	}
	template <typename Proxy, typename Init> Proxy Endpoint(Init init, const std::string &path)
	{
		Proxy proxy;
		init(&proxy, &transport_.base, ServiceLocatorGetRiid(handle_, path.c_str()));
		return proxy;
	}

      private:
	Handle handle_;
	NkKosTransport transport_;
};
