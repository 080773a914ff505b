/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOSIPC_DCM_SERVICE_PUBLISHER_H
#define KOSIPC_DCM_SERVICE_PUBLISHER_H

/* Publishing services in the program kl.core.DCM, which knows who offers what. */

#include <utility>
#include <vector>

#include <coresrv/ns/ns_api.h>
#include <coresrv/task/task_api.h>
#include <kosipc/simple_connection_acceptor.h>

namespace kosipc
{

namespace detail
{

/* The register of services: a name server under the name of DCM. */
inline Retcode OpenRegister(NsHandle &ns, rtl_uint32_t msecs)
{
	return NsCreate("kl.core.DCM", msecs, &ns);
}

} // namespace detail

class DcmServicePublisher : public IServicePublisher
{
      public:
	DcmServicePublisher(Application &, ServiceList services) : services_(std::move(services))
	{
	}

	void Publish() override
	{
		std::vector<char> own(kl_core_Types_UCoreStringSize);
		NsHandle ns = NS_INVALID_HANDLE;
		Retcode rc = detail::OpenRegister(ns, INFINITE_TIMEOUT);

		if (rc == rcOk)
			rc = KnTaskGetName(own.data(), own.size());
		for (const detail::Service &service : services_.GetServices())
			if (rc == rcOk || rc == rcAlreadyExists)
				rc = NsPublishService(ns, service.interface_name.c_str(),
						      own.data(), service.name.c_str());
		if (rc != rcOk && rc != rcAlreadyExists)
			throw RetcodeException(rc, "services could not be published");
	}

      private:
	ServiceList services_;
};

} // namespace kosipc

#endif /* KOSIPC_DCM_SERVICE_PUBLISHER_H */
