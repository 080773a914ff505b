/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Cap'n Proto RPC over a unix socket: the two-party system of the library, one
 * thread each side.
 */

#include <capnp/ez-rpc.h>
#include <cstring>
#include <string>
#include <unistd.h>

#include "echo.capnp.h"
#include "measure/complain.h"
#include "peer.h"

namespace
{

class server final : public Echo::Server
{
	kj::Promise<void> echo(EchoContext context) override
	{
		context.getResults().setData(context.getParams().getData());
		return kj::READY_NOW;
	}
};

struct client {
	explicit client(const kx_peer_job *job)
	    : size(job->size), rpc("unix:" + std::string(job->folder) + "/capnp"),
	      echo(rpc.getMain<Echo>())
	{
	}

	std::size_t size;
	capnp::EzRpcClient rpc;
	Echo::Client echo;
};

bool serve(const kx_peer_job *job, void (*ready)(void *arg), void *arg)
try {
	/* Of the turn before. */
	(void)unlink((std::string(job->folder) + "/capnp").c_str());
	capnp::EzRpcServer rpc(kj::heap<server>(), "unix:" + std::string(job->folder) + "/capnp");

	/* The port is there when the socket is bound. */
	(void)rpc.getPort().wait(rpc.getWaitScope());
	ready(arg);
	kj::NEVER_DONE.wait(rpc.getWaitScope());
} catch (const kj::Exception &error) {
	return kx_complain("capnp: serving: %s", error.getDescription().cStr());
}

void *connect_to(const kx_peer_job *job)
try {
	return new client(job);
} catch (const kj::Exception &error) {
	(void)kx_complain("capnp: connect: %s", error.getDescription().cStr());
	return nullptr;
}

bool call(void *arg, const void *out, void *in)
try {
	auto *self = static_cast<client *>(arg);
	auto request = self->echo.echoRequest();

	request.setData(kj::arrayPtr(static_cast<const kj::byte *>(out), self->size));
	auto response = request.send().wait(self->rpc.getWaitScope());
	auto data = response.getData();
	if (data.size() != self->size)
		return false;
	std::memcpy(in, data.begin(), data.size());
	return true;
} catch (const kj::Exception &error) {
	return kx_complain("capnp: call: %s", error.getDescription().cStr());
}

const kx_peer_module module = {KX_PEER_INTERFACE,
			       "Cap'n Proto " KX_PEER_VERSION,
			       nullptr,
			       serve,
			       connect_to,
			       call,
			       nullptr};

} // namespace

const struct kx_peer_module *kx_peer_entry(void)
{
	return &module;
}
