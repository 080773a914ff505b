/* SPDX-License-Identifier: Apache-2.0 */

/*
 * iceoryx request/response. Variant "poll": both sides take without waiting, the
 * fastest way its documents show; variant "wait": both sleep in a WaitSet. Requests
 * and replies are built in the memory that the other side reads. Its daemon,
 * iox-roudi, runs beside with pools that hold the largest payload.
 */

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include <iceoryx_hoofs/log/logmanager.hpp>
#include <iceoryx_posh/popo/untyped_client.hpp>
#include <iceoryx_posh/popo/untyped_server.hpp>
#include <iceoryx_posh/popo/wait_set.hpp>
#include <iceoryx_posh/runtime/posh_runtime.hpp>

#include "measure/complain.h"
#include "peer.h"

namespace
{

const iox::capro::ServiceDescription service{"bench", "echo", "call"};

bool waits(const kx_peer_job *job)
{
	return std::strcmp(job->variant, "wait") == 0;
}

void set_name(const kx_peer_job *job, const std::string &party)
{
	const std::string name = std::string(job->name) + "-" + party;

	iox::log::LogManager::GetLogManager().SetDefaultLogLevel(
		iox::log::LogLevel::kOff, iox::log::LogLevelOutput::kHideLogLevel);
	iox::runtime::PoshRuntime::initRuntime(
		iox::RuntimeName_t(iox::cxx::TruncateToCapacity, name.c_str()));
}

const char *const *daemon_of(const kx_peer_job *job)
{
	static const char *argv[] = {"iox-roudi", "-c", nullptr, "-l", "off", "-k", "0", nullptr};
	static char path[256];

	(void)std::snprintf(path, sizeof(path), "%s/roudi.toml", job->folder);
	std::FILE *file = std::fopen(path, "we");
	if (!file)
		return nullptr;
	std::fprintf(file, "[general]\nversion = 1\n[[segment]]\n"
			   "[[segment.mempool]]\nsize = 128\ncount = 1000\n"
			   "[[segment.mempool]]\nsize = 8192\ncount = 500\n"
			   "[[segment.mempool]]\nsize = 66000\ncount = 200\n");
	std::fclose(file);
	argv[2] = path;
	return argv;
}

/* Sockets and locks that killed parties, and the daemon if it had to be, leave in /tmp. */
void remove_socket(const std::string &name)
{
	(void)std::remove(("/tmp/" + name).c_str());
	(void)std::remove(("/tmp/" + name + ".lock").c_str());
}

void clean(const kx_peer_job *job)
{
	remove_socket(std::string(job->name) + "-server");
	for (unsigned i = 0; i < job->clients; i++)
		remove_socket(std::string(job->name) + "-client-" + std::to_string(i));
}

struct echo_server {
	bool serve_one()
	{
		bool done = false;

		server.take().and_then([&](const void *request) {
			const auto *header = iox::popo::RequestHeader::fromPayload(request);
			const auto size = header->getChunkHeader()->userPayloadSize();

			server.loan(header, size, 8U).and_then([&](void *reply) {
				std::memcpy(reply, request, size);
				server.send(reply).or_else([](auto &) {});
			});
			server.releaseRequest(request);
			done = true;
		});
		return done;
	}

	iox::popo::UntypedServer server{service};
};

bool serve(const kx_peer_job *job, void (*ready)(void *arg), void *arg)
{
	set_name(job, "server");
	echo_server echo;

	if (!waits(job)) {
		ready(arg);
		for (;;)
			(void)echo.serve_one();
	}
	iox::popo::WaitSet<> waitset;
	waitset.attachState(echo.server, iox::popo::ServerState::HAS_REQUEST).or_else([](auto &) {
		std::abort();
	});
	ready(arg);
	for (;;) {
		(void)waitset.wait();
		while (echo.serve_one())
			;
	}
}

struct client {
	explicit client(const kx_peer_job *job) : size(job->size), sleeps(waits(job))
	{
		if (sleeps)
			waitset.attachState(port, iox::popo::ClientState::HAS_RESPONSE)
				.or_else([](auto &) { std::abort(); });
		while (port.getConnectionState() != iox::ConnectionState::CONNECTED)
			;
	}

	bool send(const void *out)
	{
		bool sent = false;

		port.loan(size, 8U).and_then([&](void *request) {
			iox::popo::RequestHeader::fromPayload(request)->setSequenceId(++sequence);
			std::memcpy(request, out, size);
			sent = !port.send(request).has_error();
		});
		return sent;
	}

	bool take(void *in)
	{
		bool taken = false;

		port.take().and_then([&](const void *reply) {
			std::memcpy(in, reply, size);
			port.releaseResponse(reply);
			taken = true;
		});
		return taken;
	}

	std::size_t size;
	bool sleeps;
	std::int64_t sequence{0};
	iox::popo::UntypedClient port{service};
	iox::popo::WaitSet<> waitset;
};

void *connect_to(const kx_peer_job *job)
{
	set_name(job, "client-" + std::to_string(job->number));
	return new client(job);
}

bool call(void *arg, const void *out, void *in)
{
	auto *self = static_cast<client *>(arg);

	if (!self->send(out))
		return kx_complain("iceoryx: can't send");
	while (!self->take(in))
		if (self->sleeps)
			(void)self->waitset.wait();
	return true;
}

const kx_peer_module module = {
	KX_PEER_INTERFACE, "iceoryx " KX_PEER_VERSION, daemon_of, serve, connect_to, call, clean};

} // namespace

const struct kx_peer_module *kx_peer_entry(void)
{
	return &module;
}
