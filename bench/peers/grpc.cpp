/* SPDX-License-Identifier: Apache-2.0 */

/*
 * gRPC over a unix socket: a unary call of generated stubs; the server is
 * synchronous, which the library serves with threads of its own, and moves the
 * bytes of the request into the reply.
 */

#include <cstring>
#include <grpcpp/grpcpp.h>
#include <memory>
#include <string>

#include "echo.grpc.pb.h"
#include "measure/complain.h"
#include "peer.h"

namespace
{

std::string endpoint(const kx_peer_job *job)
{
	return "unix:" + std::string(job->folder) + "/grpc";
}

class service final : public bench::Echo::Service
{
	grpc::Status Call(grpc::ServerContext *, const bench::Bytes *request,
			  bench::Bytes *reply) override
	{
		reply->set_data(request->data());
		return grpc::Status::OK;
	}
};

struct client {
	explicit client(const kx_peer_job *job)
	    : size(job->size), stub(bench::Echo::NewStub(grpc::CreateChannel(
				       endpoint(job), grpc::InsecureChannelCredentials())))
	{
		request.mutable_data()->resize(size);
	}

	std::size_t size;
	std::unique_ptr<bench::Echo::Stub> stub;
	bench::Bytes request;
	bench::Bytes reply;
};

bool serve(const kx_peer_job *job, void (*ready)(void *arg), void *arg)
{
	service echo;
	grpc::ServerBuilder builder;

	builder.AddListeningPort(endpoint(job), grpc::InsecureServerCredentials());
	builder.RegisterService(&echo);
	std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
	if (!server)
		return kx_complain("grpc: can't listen");
	ready(arg);
	server->Wait();
	return kx_complain("grpc: the server ended");
}

void *connect_to(const kx_peer_job *job)
{
	return new client(job);
}

bool call(void *arg, const void *out, void *in)
{
	auto *self = static_cast<client *>(arg);
	grpc::ClientContext context;

	std::memcpy(&(*self->request.mutable_data())[0], out, self->size);
	context.set_wait_for_ready(true);
	grpc::Status status = self->stub->Call(&context, self->request, &self->reply);
	if (!status.ok() || self->reply.data().size() != self->size)
		return kx_complain("grpc: call: %s", status.error_message().c_str());
	std::memcpy(in, self->reply.data().data(), self->size);
	return true;
}

const kx_peer_module module = {
	KX_PEER_INTERFACE, "gRPC " KX_PEER_VERSION, nullptr, serve, connect_to, call, nullptr};

} // namespace

const struct kx_peer_module *kx_peer_entry(void)
{
	return &module;
}
