/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOSIPC_CONNECT_DCM_PUBLICATION_H
#define KOSIPC_CONNECT_DCM_PUBLICATION_H

/* A proxy's way to a service that somebody published in kl.core.DCM. */

#include <optional>
#include <string>

#include <coresrv/cm/cm_api.h>
#include <coresrv/ns/ns_api.h>
#include <coresrv/thread/thread_api.h>
#include <kosipc/dcm_service_publisher.h>
#include <kosipc/detail/connection.h>

namespace kosipc
{

namespace detail
{

/* The first publication of @type that fits; waits for one, looking every 50 ms. */
inline Retcode FindPublication(NsHandle ns, const char *type,
			       const std::optional<std::string> &wanted_server,
			       const std::optional<std::string> &wanted_service, rtl_uint32_t msecs,
			       std::string &server, std::string &service)
{
	static constexpr rtl_uint32_t look_every_msec = 50;
	char found_server[128];
	char found_service[128];

	for (rtl_uint32_t waited = 0;;) {
		for (unsigned int i = 0;
		     NsEnumServices(ns, type, i, found_server, sizeof(found_server), found_service,
				    sizeof(found_service)) == rcOk;
		     i++) {
			server = found_server;
			service = found_service;
			if ((!wanted_server || *wanted_server == server) &&
			    (!wanted_service || *wanted_service == service))
				return rcOk;
		}
		if (msecs != INFINITE_TIMEOUT && waited >= msecs)
			return rcTimeout;
		static_cast<void>(KnSleep(look_every_msec));
		waited += look_every_msec;
	}
}

} // namespace detail

/*
 * All arguments are optional: the interface (the proxy's own), the server, the
 * endpoint, and how long to wait for a publication and for the connection.
 */
inline detail::Connection
ConnectDcmPublication(std::optional<std::string> interface_name = std::nullopt,
		      std::optional<std::string> server = std::nullopt,
		      std::optional<std::string> endpoint = std::nullopt,
		      rtl_uint32_t publication_msecs = INFINITE_TIMEOUT,
		      rtl_uint32_t connection_msecs = INFINITE_TIMEOUT)
{
	return {"publication of " + endpoint.value_or("any endpoint"),
		[=](const char *own, ::Handle &handle, nk_iid_t &riid) -> Retcode {
			const std::string type = interface_name.value_or(own);
			NsHandle ns = NS_INVALID_HANDLE;
			std::string found_server;
			std::string found_service;
			rtl_uint32_t id = 0;
			Retcode rc = detail::OpenRegister(ns, publication_msecs);

			if (rc == rcOk)
				rc = detail::FindPublication(ns, type.c_str(), server, endpoint,
							     publication_msecs, found_server,
							     found_service);
			if (rc == rcOk)
				rc = KnCmConnect(found_server.c_str(), found_service.c_str(),
						 connection_msecs, &handle, &id);
			riid = static_cast<nk_iid_t>(id);
			return rc;
		}};
}

} // namespace kosipc

#endif /* KOSIPC_CONNECT_DCM_PUBLICATION_H */
