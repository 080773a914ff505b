/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOSIPC_SERVE_STATIC_CHANNEL_H
#define KOSIPC_SERVE_STATIC_CHANNEL_H

/* Serving the clients of a channel of init.yaml. */

#include <memory>
#include <string>

#include <coresrv/sl/sl_api.h>
#include <kosipc/detail/server.h>

namespace kosipc
{

/*
 * @component is the program's kosipc::components::Root with its endpoints set;
 * it must live as long as the loop. Throws if there is no such channel.
 */
template <class Component>
std::shared_ptr<detail::Server> ServeStaticChannel(const std::string &channel, Component &component)
{
	ServiceId id = -1;
	const ::Handle listener = ServiceLocatorRegister(channel.c_str(), nullptr, 0, &id);

	if (listener == INVALID_HANDLE)
		throw RetcodeException(rcResourceNotFound,
				       "no channel '" + channel + "' leads to this process");
	return std::make_shared<detail::ComponentServer<Component>>(component, listener);
}

template <class Component>
std::shared_ptr<detail::Server> ServeStaticChannel(const std::string &channel, Component *component)
{
	return ServeStaticChannel(channel, *component);
}

} // namespace kosipc

#endif /* KOSIPC_SERVE_STATIC_CHANNEL_H */
