/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOSIPC_SERVE_DYNAMIC_CHANNEL_H
#define KOSIPC_SERVE_DYNAMIC_CHANNEL_H

/* Serving clients whose channels are accepted while the solution runs. */

#include <memory>
#include <string>
#include <vector>

#include <coresrv/handle/handle_api.h>
#include <kosipc/detail/server.h>

namespace kosipc
{

namespace detail
{

/* One endpoint that clients can ask for, and the listener that serves it. */
struct Service {
	std::string interface_name;
	std::string name;
	unsigned int riid;
	::Handle listener;
};

class DynamicServer : public Server
{
      public:
	std::vector<Service> services;
};

/* A listener without clients yet. */
inline ::Handle NewListener()
{
	::Handle listener = INVALID_HANDLE;
	::Handle server = INVALID_HANDLE;
	::Handle client = INVALID_HANDLE;
	const Retcode rc = KnHandleConnect(INVALID_HANDLE, &listener, &server, &client);

	if (rc != rcOk)
		throw RetcodeException(rc, "no listener for dynamic channels");
	static_cast<void>(KnHandleClose(client));
	return listener;
}

template <class Component, unsigned int First>
class DynamicComponentServer final : public DynamicServer
{
      public:
	DynamicComponentServer(Component &component, ::Handle listener)
	    : server_(component, listener)
	{
		for (const Endpoint *e = ComponentTraits<Component>::Endpoints(); e->path; e++)
			services.push_back(
				{e->interface_name, e->qualified, First + e->id, listener});
	}

	void Run(::Handle stop, const std::function<bool()> &stopped,
		 IRetcodeExceptionConverter *converter, std::mutex &turn) override
	{
		server_.Run(stop, stopped, converter, turn);
	}

      private:
	ComponentServer<Component, First> server_;
};

} // namespace detail

/* @component: Root or a component of it. Which clients come, the acceptor decides. */
template <class Component>
std::shared_ptr<detail::DynamicServer> ServeDynamicChannel(Component &component)
{
	return std::make_shared<detail::DynamicComponentServer<Component, 0>>(
		component, detail::NewListener());
}

template <class Component, unsigned int First>
std::shared_ptr<detail::DynamicServer>
ServeDynamicChannel(detail::Nested<Component, First> &component)
{
	return std::make_shared<detail::DynamicComponentServer<Component, First>>(
		component.Get(), detail::NewListener());
}

} // namespace kosipc

#endif /* KOSIPC_SERVE_DYNAMIC_CHANNEL_H */
