/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOSIPC_THREAD_POOL_H
#define KOSIPC_THREAD_POOL_H

/* Threads that run one event loop together. */

#include <cstddef>
#include <thread>
#include <vector>

#include <kosipc/event_loop.h>

namespace kosipc
{

class ThreadPool
{
      public:
	ThreadPool(EventLoop &loop, std::size_t threads)
	    : loop_(loop), count_(threads ? threads : 1)
	{
	}

	/* Returns after the loop's RequestStop(). */
	void Run()
	{
		std::vector<std::thread> others;

		for (std::size_t i = 1; i < count_; i++)
			others.emplace_back([this] { loop_.Run(); });
		loop_.Run();
		for (std::thread &other : others)
			other.join();
	}

	void RequestStop()
	{
		loop_.RequestStop();
	}

      private:
	EventLoop &loop_;
	std::size_t count_;
};

using thread_pool = ThreadPool;

} // namespace kosipc

#endif /* KOSIPC_THREAD_POOL_H */
