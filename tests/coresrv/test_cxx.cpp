/* SPDX-License-Identifier: Apache-2.0 */

/*
 * libkos under C++: ending a thread unwinds C++ frames, and std::thread's
 * threads are libkos's too. Prints what is wrong and exits with 1.
 */

#include <atomic>
#include <cstdio>
#include <thread>

#include <kos/event.h>
#include <kos/mutex.h>
#include <kos/thread.h>
#include <rtl/retcode_hr.h>

namespace
{

int failures;

void check(bool ok, const char *what)
{
	std::fprintf(stderr, "%s %s\n", ok ? "ok  " : "FAIL", what);
	failures += !ok;
}

std::atomic<int> destroyed;

struct witness {
	~witness()
	{
		++destroyed;
	}
};

int exit_through_frames(void *)
{
	witness here;

	KosThreadExit(5);
}

int wait_for_ever(void *event)
{
	witness here;

	KosEventWait(static_cast<KosEvent *>(event));
	return 0;
}

void exit_and_terminate_run_destructors()
{
	KosEvent event = KosInitializedEvent;
	Tid tid = INVALID_TID;

	check(KosThreadCreate(&tid, 0, 0, exit_through_frames, nullptr, 0) == rcOk, "create");
	check(KosThreadWait(tid, INFINITE_TIMEOUT) == 5, "exit code of KosThreadExit");
	check(destroyed == 1, "KosThreadExit runs destructors");

	/* Only a thread that has begun has anything to destroy. */
	check(KosThreadCreate(&tid, 0, 0, wait_for_ever, &event, 0) == rcOk, "create");
	check(KosThreadWait(tid, 50) == -1, "it waits");
	check(KosThreadTerminate(tid, 6) == rcOk, "terminate");
	check(KosThreadWait(tid, INFINITE_TIMEOUT) == 6, "exit code of KosThreadTerminate");
	check(destroyed == 2, "KosThreadTerminate runs destructors");
}

void std_threads_lock_kos_mutexes()
{
	KosMutex mutex = KosInitializedMutex;
	long counter = 0;
	auto count = [&] {
		for (int i = 0; i < 10000; i++) {
			KosMutexLock(&mutex);
			++counter;
			KosMutexUnlock(&mutex);
		}
	};
	std::thread first(count);
	std::thread second(count);

	first.join();
	second.join();
	check(counter == 20000, "std::thread and KosMutex");
}

} // namespace

int main()
{
	char text[128];

	exit_and_terminate_run_destructors();
	std_threads_lock_kos_mutexes();
	std::snprintf(text, sizeof(text), RETCODE_HR_FMT, RETCODE_HR_PARAMS(rcBusy));
	check(text[0] == 'R', "RETCODE_HR_FMT in C++");
	return failures ? 1 : 0;
}
