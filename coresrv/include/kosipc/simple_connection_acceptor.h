/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOSIPC_SIMPLE_CONNECTION_ACCEPTOR_H
#define KOSIPC_SIMPLE_CONNECTION_ACCEPTOR_H

/* Accepting clients of dynamic channels: everybody who asks for a service of a list. */

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <coresrv/cm/cm_api.h>
#include <kosipc/application.h>
#include <kosipc/serve_dynamic_channel.h>

namespace kosipc
{

/* Services that clients can connect to. */
class ServiceList
{
      public:
	/* All services of dynamic servers, or of loops that run some. */
	template <class... Sources> ServiceList &AddServices(const Sources &...sources)
	{
		(Add(sources), ...);
		return *this;
	}

	const std::vector<detail::Service> &GetServices() const
	{
		return services_;
	}

      private:
	void Add(const EventLoop &loop)
	{
		Append(loop.Services());
	}

	void Add(const std::shared_ptr<detail::DynamicServer> &server)
	{
		Append(server->services);
	}

	void Append(const std::vector<detail::Service> &more)
	{
		services_.insert(services_.end(), more.begin(), more.end());
	}

	std::vector<detail::Service> services_;
};

/* Decides on a request for a channel. */
class IConnectionAcceptor
{
      public:
	IConnectionAcceptor() = default;
	IConnectionAcceptor(const IConnectionAcceptor &) = default;
	IConnectionAcceptor &operator=(const IConnectionAcceptor &) = default;
	virtual ~IConnectionAcceptor() = default;
	virtual void OnConnectionRequest(const std::string &client, const std::string &service) = 0;
};

class SimpleConnectionAcceptor : public IConnectionAcceptor
{
      public:
	SimpleConnectionAcceptor(Application &, ServiceList services)
	    : services_(std::move(services))
	{
	}

	explicit SimpleConnectionAcceptor(ServiceList services) : services_(std::move(services))
	{
	}

	void OnConnectionRequest(const std::string &client, const std::string &service) override
	{
		for (const detail::Service &known : services_.GetServices()) {
			::Handle handle = INVALID_HANDLE;

			if (known.name != service && known.interface_name != service)
				continue;
			static_cast<void>(KnCmAccept(client.c_str(), service.c_str(), known.riid,
						     known.listener, &handle));
			return;
		}
		static_cast<void>(KnCmDrop(client.c_str(), service.c_str()));
	}

	const ServiceList &GetServiceList() const
	{
		return services_;
	}

      private:
	ServiceList services_;
};

/* Makes services known to clients before the first request is awaited. */
class IServicePublisher
{
      public:
	IServicePublisher() = default;
	IServicePublisher(const IServicePublisher &) = default;
	IServicePublisher &operator=(const IServicePublisher &) = default;
	virtual ~IServicePublisher() = default;
	virtual void Publish() = 0;
};

namespace detail
{

class RequestServer final : public Server
{
      public:
	RequestServer(IConnectionAcceptor &acceptor, IServicePublisher *publisher)
	    : acceptor_(acceptor), publisher_(publisher)
	{
	}

	void Run(::Handle, const std::function<bool()> &stopped, IRetcodeExceptionConverter *,
		 std::mutex &) override
	{
		static constexpr rtl_uint32_t look_every_msec = 100; /* whether to stop */
		std::vector<char> client(kl_core_Types_UCoreStringSize);
		std::vector<char> service(kl_core_Types_UCoreStringSize);

		if (publisher_)
			publisher_->Publish();
		while (!stopped())
			if (KnCmListen(nullptr, look_every_msec, client.data(), service.data()) ==
			    rcOk)
				acceptor_.OnConnectionRequest(client.data(), service.data());
	}

      private:
	IConnectionAcceptor &acceptor_;
	IServicePublisher *publisher_;
};

} // namespace detail

/* Something a loop runs: publishes, then hands each request to @acceptor. */
inline std::shared_ptr<detail::Server>
ServeConnectionRequests(IConnectionAcceptor *acceptor, IServicePublisher *publisher = nullptr)
{
	return std::make_shared<detail::RequestServer>(*acceptor, publisher);
}

} // namespace kosipc

#endif /* KOSIPC_SIMPLE_CONNECTION_ACCEPTOR_H */
