/* SPDX-License-Identifier: Apache-2.0 */

/* What an ordinary C++ program does: streams, threads, exceptions, futures, random numbers. */

#include <chrono>
#include <condition_variable>
#include <future>
#include <iostream>
#include <memory>
#include <mutex>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace
{

int thrown_across(int depth)
{
	if (depth == 0)
		throw std::runtime_error("deep");
	return thrown_across(depth - 1) + 1;
}

bool exceptions_work()
{
	try {
		return thrown_across(10) < 0;
	} catch (const std::exception &error) {
		return std::string(error.what()) == "deep";
	}
}

int sum_of_threads()
{
	std::vector<std::thread> threads;
	std::mutex mutex;
	int sum = 0;

	using namespace std::chrono_literals;
	for (int i = 1; i <= 8; i++)
		threads.emplace_back([&, i] {
			std::this_thread::sleep_for(1ms); /* the call is the test */
			std::lock_guard<std::mutex> guard(mutex);
			sum += i;
		});
	for (auto &thread : threads)
		thread.join();
	return sum;
}

} // namespace

int main()
{
	std::random_device device;
	auto future = std::async(std::launch::async, [] { return std::string("future"); });

	std::cout << "threads " << sum_of_threads() << '\n'
		  << "exceptions " << exceptions_work() << '\n'
		  << future.get() << ' ' << (std::thread::hardware_concurrency() > 0) << '\n';
	std::cerr << "random " << (device.max() > 0) << std::endl;
	return device() == device() && device() == device();
}
