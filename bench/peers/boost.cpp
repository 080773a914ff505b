/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Boost.Interprocess: one message queue for requests, one for the replies to each
 * client. A request begins with the number of its client.
 */

#include <algorithm>
#include <boost/interprocess/ipc/message_queue.hpp>
#include <boost/version.hpp>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "measure/complain.h"
#include "peer.h"

namespace
{

using boost::interprocess::message_queue;

constexpr std::size_t depth = 16;
constexpr std::size_t head = sizeof(std::uint64_t);

std::string request_name(const kx_peer_job *job)
{
	return std::string(job->name) + "-requests";
}

std::string reply_name(const kx_peer_job *job, unsigned client)
{
	return std::string(job->name) + "-replies-" + std::to_string(client);
}

struct client {
	explicit client(const kx_peer_job *job)
	    : size(job->size), buffer(head + job->size),
	      requests(boost::interprocess::open_only, request_name(job).c_str()),
	      replies(boost::interprocess::open_only, reply_name(job, job->number).c_str())
	{
		std::uint64_t number = job->number;

		std::memcpy(buffer.data(), &number, head);
	}

	std::size_t size;
	std::vector<std::uint8_t> buffer;
	message_queue requests;
	message_queue replies;
};

void clean(const kx_peer_job *job)
{
	message_queue::remove(request_name(job).c_str());
	for (unsigned i = 0; i < job->clients; i++)
		message_queue::remove(reply_name(job, i).c_str());
}

bool serve(const kx_peer_job *job, void (*ready)(void *arg), void *arg)
try {
	const boost::interprocess::create_only_t create;
	std::vector<std::unique_ptr<message_queue>> replies;
	std::vector<std::uint8_t> buffer(head + job->size);

	clean(job);
	message_queue requests(create, request_name(job).c_str(), depth, buffer.size());
	for (unsigned i = 0; i < job->clients; i++)
		replies.push_back(std::make_unique<message_queue>(
			create, reply_name(job, i).c_str(), depth, job->size));
	ready(arg);
	for (;;) {
		message_queue::size_type got;
		std::uint64_t number;
		unsigned priority;

		requests.receive(buffer.data(), buffer.size(), got, priority);
		std::memcpy(&number, buffer.data(), head);
		replies.at(number)->send(buffer.data() + head, got - head, 0);
	}
} catch (const std::exception &error) {
	return kx_complain("boost: serving: %s", error.what());
}

void *connect_to(const kx_peer_job *job)
try {
	return new client(job);
} catch (const std::exception &error) {
	(void)kx_complain("boost: open: %s", error.what());
	return nullptr;
}

bool call(void *arg, const void *out, void *in)
try {
	auto *self = static_cast<client *>(arg);
	message_queue::size_type got;
	unsigned priority;

	std::memcpy(self->buffer.data() + head, out, self->size);
	self->requests.send(self->buffer.data(), self->buffer.size(), 0);
	self->replies.receive(in, self->size, got, priority);
	return got == self->size;
} catch (const std::exception &error) {
	return kx_complain("boost: call: %s", error.what());
}

const kx_peer_module module = {
	KX_PEER_INTERFACE, "Boost " BOOST_LIB_VERSION, nullptr, serve, connect_to, call, clean};

} // namespace

const struct kx_peer_module *kx_peer_entry(void)
{
	return &module;
}
