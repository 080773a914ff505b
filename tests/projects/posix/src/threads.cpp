/* SPDX-License-Identifier: Apache-2.0 */
/* The threads and streams of C and C++. */
#define NAME "threads"
#include "check.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <iostream>
#include <mutex>
#include <pthread.h>
#include <queue>
#include <random>
#include <semaphore.h>
#include <shared_mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

static thread_local int mine = 1;

static void posix_threads()
{
	static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
	static pthread_key_t key;
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	static sem_t semaphore;
	static bool set;
	pthread_attr_t attributes;
	pthread_t thread;
	pthread_rwlock_t lock;
	pthread_barrier_t barrier;
	void *value = nullptr;

	CHECK(pthread_attr_init(&attributes) == 0);
	CHECK(pthread_attr_setstacksize(&attributes, 65536) == 0);
	CHECK(pthread_key_create(&key, nullptr) == 0 && sem_init(&semaphore, 0, 0) == 0);
	CHECK(pthread_create(
		      &thread, &attributes,
		      [](void *context) -> void * {
			      pthread_once(&once, [] { set = false; });
			      pthread_setspecific(key, context);
			      sem_wait(&semaphore);
			      pthread_mutex_lock(&mutex);
			      set = true;
			      pthread_cond_signal(&cond);
			      pthread_mutex_unlock(&mutex);
			      return pthread_getspecific(key);
		      },
		      &mutex) == 0);
	CHECK(sem_post(&semaphore) == 0);
	pthread_mutex_lock(&mutex);
	while (!set)
		pthread_cond_wait(&cond, &mutex);
	pthread_mutex_unlock(&mutex);
	CHECK(pthread_join(thread, &value) == 0 && value == &mutex);
	CHECK(pthread_rwlock_init(&lock, nullptr) == 0 && pthread_rwlock_rdlock(&lock) == 0);
	CHECK(pthread_rwlock_unlock(&lock) == 0 && pthread_rwlock_destroy(&lock) == 0);
	CHECK(pthread_barrier_init(&barrier, nullptr, 1) == 0);
	CHECK(pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD);
	CHECK(pthread_setname_np(pthread_self(), "posix") == 0);
}

static void cxx_threads()
{
	std::atomic<int> sum{0};
	std::mutex mutex;
	std::shared_mutex shared;
	std::condition_variable ready;
	std::queue<int> queue;
	std::vector<std::thread> threads;
	auto answer = std::async(std::launch::async, [] { return 42; });
	std::promise<std::string> promise;
	auto future = promise.get_future();

	for (int i = 0; i < 4; i++)
		threads.emplace_back([&, i] {
			std::shared_lock<std::shared_mutex> reading(shared);
			std::lock_guard<std::mutex> guard(mutex);

			sum += i;
			mine += i;
			queue.push(i);
			ready.notify_one();
		});
	std::unique_lock<std::mutex> lock(mutex);
	CHECK(ready.wait_for(lock, std::chrono::seconds(10), [&] { return queue.size() == 4; }));
	lock.unlock();
	for (std::thread &thread : threads)
		thread.join();
	std::thread([&] { promise.set_value("kept"); }).detach();
	CHECK(sum == 6 && mine == 1 && answer.get() == 42 && future.get() == "kept");
	CHECK(std::thread::hardware_concurrency() > 0);
	std::this_thread::sleep_for(std::chrono::milliseconds(1)); /* the call is the test */
}

static void streams()
{
	namespace fs = std::filesystem;
	std::ostringstream text;
	std::string line;
	std::random_device device;
	std::mt19937 random(device());
	std::error_code error;

	text << "n=" << 5 << ' ' << std::boolalpha << true;
	CHECK(text.str() == "n=5 true" && random() != random());
	{
		std::ofstream out("/cxx.txt");

		out << "first\n" << 2 << std::endl;
		CHECK(out.good());
	}
	std::ifstream in("/cxx.txt");
	CHECK(std::getline(in, line) && line == "first" && std::getline(in, line) && line == "2");
	CHECK(fs::exists("/cxx.txt", error) && fs::file_size("/cxx.txt", error) == 8);
	CHECK(fs::create_directories("/x/y/z", error) && fs::is_directory("/x/y", error));
	fs::copy("/cxx.txt", "/x/y/copy", error);
	CHECK(!error && fs::file_size("/x/y/copy", error) == 8);
	CHECK(fs::remove_all("/x", error) == 4 && fs::remove("/cxx.txt", error));
	CHECK(fs::directory_iterator("/", error) != fs::directory_iterator());
	std::cerr << "threads: on standard error" << std::endl;
	std::cout << "threads: on standard output" << std::endl;
}

int main()
{
	posix_threads();
	cxx_threads();
	streams();
	std::fprintf(stderr, "threads: done\n");
	return 0;
}
