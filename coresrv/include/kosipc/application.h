/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOSIPC_APPLICATION_H
#define KOSIPC_APPLICATION_H

/*
 * The application object of a program that uses kosipc: makes proxies and event
 * loops, and knows how codes and exceptions become each other. Copies are one
 * application.
 */

#include <memory>
#include <utility>
#include <vector>

#include <coresrv/sl/sl_api.h>
#include <kosipc/detail/connection.h>
#include <kosipc/detail/generated.h>
#include <kosipc/event_loop.h>
#include <kosipc/retcode_exception_converter.h>
#include <kosipc/unique_ptr.h>

namespace kosipc
{

class ApplicationSettings
{
      public:
	ApplicationSettings &
	SetRetcodeExceptionConverter(std::shared_ptr<IRetcodeExceptionConverter> converter)
	{
		converter_ = std::move(converter);
		return *this;
	}

	/* This one stays the caller's and must live as long as the application. */
	ApplicationSettings &SetRetcodeExceptionConverter(IRetcodeExceptionConverter &converter)
	{
		converter_ = std::shared_ptr<IRetcodeExceptionConverter>(std::shared_ptr<void>(),
									 &converter);
		return *this;
	}

	const std::shared_ptr<IRetcodeExceptionConverter> &GetRetcodeExceptionConverter() const
	{
		return converter_;
	}

      private:
	std::shared_ptr<IRetcodeExceptionConverter> converter_ =
		std::make_shared<IRetcodeExceptionConverter>();
};

class Application
{
      public:
	explicit Application(ApplicationSettings settings = {}) : settings_(std::move(settings))
	{
	}

	/* A proxy over what a Connect... function returned. Throws if there is no way. */
	template <class Interface> unique_ptr<Interface> MakeProxy(detail::Connection connection)
	{
		::Handle handle = INVALID_HANDLE;
		nk_iid_t riid = INVALID_RIID;
		const Retcode rc =
			connection.connect(detail::InterfaceTraits<Interface>::name, handle, riid);

		if (rc != rcOk) {
			settings_.GetRetcodeExceptionConverter()->ThrowException(rc);
			throw RetcodeException(rc, connection.what);
		}
		return MakeProxy<Interface>(handle, riid);
	}

	/* A proxy over a handle: a callable one has its endpoint in itself. */
	template <class Interface>
	unique_ptr<Interface> MakeProxy(::Handle handle, nk_iid_t riid = INVALID_RIID)
	{
		using Proxy = typename detail::InterfaceTraits<Interface>::Proxy;

		return unique_ptr<Interface>(new Proxy(
			detail::Client(handle, riid, settings_.GetRetcodeExceptionConverter())));
	}

	/* A loop over what Serve... functions returned. */
	template <class... Servers> EventLoop MakeEventLoop(Servers &&...servers)
	{
		return EventLoop(std::vector<std::shared_ptr<detail::Server>>{std::forward<Servers>(
					 servers)...},
				 settings_.GetRetcodeExceptionConverter());
	}

      private:
	ApplicationSettings settings_;
};

} // namespace kosipc

#endif /* KOSIPC_APPLICATION_H */
