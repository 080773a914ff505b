/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOSIPC_EVENT_LOOP_H
#define KOSIPC_EVENT_LOOP_H

/*
 * Runs servers. The calls of implementations in one loop take turns, unless
 * the loop runs in several threads at once (call Run in each, or ThreadPool):
 * then implementations must be safe for threads.
 */

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <coresrv/handle/handle_api.h>
#include <coresrv/ipc/ipc_api.h>
#include <kosipc/detail/server.h>
#include <kosipc/serve_dynamic_channel.h>

namespace kosipc
{

class EventLoop
{
      public:
	EventLoop(std::vector<std::shared_ptr<detail::Server>> servers,
		  std::shared_ptr<IRetcodeExceptionConverter> converter)
	    : state_(std::make_unique<State>())
	{
		state_->servers = std::move(servers);
		state_->converter = std::move(converter);
		if (KnIpcCreateSyncObject(&state_->stop) != rcOk)
			throw RetcodeException(rcOutOfMemory, "no interrupt object for a loop");
	}

	EventLoop(EventLoop &&) = default;
	EventLoop &operator=(EventLoop &&) = default;

	/* Returns after RequestStop(). */
	void Run()
	{
		State &state = *state_;
		std::vector<std::thread> others;
		std::mutex turn;
		auto run = [&state, &turn](detail::Server &server) {
			server.Run(
				state.stop, [&state] { return state.stopped.load(); },
				state.converter.get(), turn);
		};

		for (std::size_t i = 1; i < state.servers.size(); i++)
			others.emplace_back([&run, &state, i] { run(*state.servers[i]); });
		if (!state.servers.empty())
			run(*state.servers[0]);
		for (std::thread &other : others)
			other.join();
	}

	/* From any thread, also from an implementation: Run ends after what is being answered. */
	void RequestStop()
	{
		state_->stopped.store(true);
		static_cast<void>(KnIpcSetInterrupt(state_->stop));
	}

	/* Services that its dynamic servers offer. */
	std::vector<detail::Service> Services() const
	{
		std::vector<detail::Service> all;

		for (const auto &server : state_->servers)
			if (auto dynamic = dynamic_cast<detail::DynamicServer *>(server.get()))
				all.insert(all.end(), dynamic->services.begin(),
					   dynamic->services.end());
		return all;
	}

      private:
	struct State {
		std::vector<std::shared_ptr<detail::Server>> servers;
		std::shared_ptr<IRetcodeExceptionConverter> converter;
		std::atomic<bool> stopped{false};
		::Handle stop = INVALID_HANDLE;

		State() = default;
		State(const State &) = delete;
		State &operator=(const State &) = delete;
		~State()
		{
			if (stop != INVALID_HANDLE)
				static_cast<void>(KnHandleClose(stop));
		}
	};

	std::unique_ptr<State> state_;
};

} // namespace kosipc

#endif /* KOSIPC_EVENT_LOOP_H */
