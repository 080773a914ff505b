/* SPDX-License-Identifier: Apache-2.0 */

/* What an ordinary C program does: threads, memory, stdio, time, polling, random numbers. */

#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define THREADS 8

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int arrived;
static volatile sig_atomic_t signalled;
static volatile int *volatile no_memory;
static int failures;

static void check(int good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "ordinary_c: %s: %s\n", what, strerror(errno));
	failures++;
}

static void *worker(void *argument)
{
	pthread_attr_t attributes;
	char *memory = malloc(1u << 20);

	check(memory != NULL, "malloc in a thread");
	memset(memory, 1, 1u << 20);
	free(memory);
	check(pthread_getattr_np(pthread_self(), &attributes) == 0, "pthread_getattr_np");
	pthread_attr_destroy(&attributes);
	pthread_mutex_lock(&mutex);
	arrived++;
	pthread_cond_broadcast(&condition);
	while (arrived < THREADS)
		pthread_cond_wait(&condition, &mutex);
	pthread_mutex_unlock(&mutex);
	return argument;
}

static void use_threads(void)
{
	pthread_t threads[THREADS];
	void *result;

	for (intptr_t i = 0; i < THREADS; i++)
		check(pthread_create(&threads[i], NULL, worker, (void *)i) == 0, "pthread_create");
	for (intptr_t i = 0; i < THREADS; i++)
		check(pthread_join(threads[i], &result) == 0 && result == (void *)i, "join");
}

static void *sleeper(void *argument)
{
	for (;;)
		pause();
	return argument;
}

static void use_cancellation(void)
{
	pthread_t thread;
	void *result;

	check(pthread_create(&thread, NULL, sleeper, NULL) == 0, "pthread_create");
	check(pthread_cancel(thread) == 0, "pthread_cancel");
	check(pthread_join(thread, &result) == 0 && result == PTHREAD_CANCELED, "join cancelled");
}

static void on_signal(int number)
{
	signalled = number;
}

static void use_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal};

	check(sigaction(SIGUSR1, &action, NULL) == 0, "sigaction");
	check(raise(SIGUSR1) == 0 && signalled == SIGUSR1, "raise");
	signalled = 0;
	check(kill(getpid(), SIGUSR1) == 0 && signalled == SIGUSR1, "kill itself");
}

static void use_memory(void)
{
	size_t size = 16u << 20;
	char *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	check(map != MAP_FAILED, "mmap");
	check(mprotect(map, size / 2, PROT_READ) == 0, "mprotect");
	check(madvise(map, size, MADV_DONTFORK) == 0, "madvise");
	check(munmap(map, size) == 0, "munmap");
}

static void use_descriptors(void)
{
	struct epoll_event event = {.events = EPOLLIN};
	struct itimerspec soon = {.it_value.tv_nsec = 1000000};
	uint64_t one = 1;
	int bell = eventfd(0, EFD_CLOEXEC);
	int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	int poller = epoll_create1(EPOLL_CLOEXEC);

	check(write(bell, &one, sizeof(one)) == sizeof(one), "eventfd");
	check(epoll_ctl(poller, EPOLL_CTL_ADD, timer, &event) == 0, "epoll_ctl");
	check(timerfd_settime(timer, 0, &soon, NULL) == 0, "timerfd");
	check(epoll_wait(poller, &event, 1, 5000) == 1, "epoll_wait");
}

static void use_time(void)
{
	struct timespec short_time = {.tv_nsec = 1000};
	struct timespec now;
	time_t second = time(NULL);
	struct tm broken;

	check(clock_gettime(CLOCK_MONOTONIC, &now) == 0, "clock_gettime");
	check(nanosleep(&short_time, NULL) == 0, "nanosleep"); /* the call under test */
	check(localtime_r(&second, &broken) != NULL, "localtime_r");
}

static void *nothing(void *argument)
{
	return argument;
}

/* Only with a filter: Linux refuses it to a user. It has no effect, but is remembered. */
static void use_classes(void)
{
	struct sched_param param = {.sched_priority = 10};
	pthread_attr_t attributes;
	pthread_t thread;
	int policy = -1;

	check(pthread_attr_init(&attributes) == 0, "attr_init");
	check(pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED) == 0, "explicit");
	check(pthread_attr_setschedpolicy(&attributes, SCHED_RR) == 0, "setschedpolicy");
	check(pthread_attr_setschedparam(&attributes, &param) == 0, "attr_setschedparam");
	check(pthread_create(&thread, &attributes, nothing, NULL) == 0, "real-time thread");
	check(pthread_join(thread, NULL) == 0, "real-time join");
	check(pthread_setschedparam(pthread_self(), SCHED_FIFO, &param) == 0, "setschedparam");
	check(pthread_setschedprio(pthread_self(), 12) == 0, "setschedprio");
	check(pthread_getschedparam(pthread_self(), &policy, &param) == 0, "getschedparam");
	check(policy == SCHED_FIFO && param.sched_priority == 12, "class is remembered");
	check(sched_getscheduler(0) == SCHED_OTHER, "class has no effect");
}

static void use_the_rest(void)
{
	cpu_set_t set;
	sem_t semaphore;
	char bytes[16];
	struct rlimit limit;

	check(sched_getaffinity(0, sizeof(set), &set) == 0, "sched_getaffinity");
	check(sched_setaffinity(0, sizeof(set), &set) == 0, "sched_setaffinity");
	check(pthread_setaffinity_np(pthread_self(), sizeof(set), &set) == 0, "setaffinity_np");
	check(sched_yield() == 0, "sched_yield");
	check(sem_init(&semaphore, 0, 1) == 0 && sem_wait(&semaphore) == 0, "semaphore");
	check(getrandom(bytes, sizeof(bytes), 0) == sizeof(bytes), "getrandom");
	check(getrlimit(RLIMIT_STACK, &limit) == 0, "getrlimit");
	check(setlocale(LC_ALL, "C.UTF-8") != NULL, "setlocale");
	check(sysconf(_SC_NPROCESSORS_ONLN) > 0, "sysconf");
	check(pthread_setname_np(pthread_self(), "ordinary") == 0, "setname");
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "abort") == 0)
		abort();
	if (argc > 1 && strcmp(argv[1], "segv") == 0)
		*no_memory = 1;
	use_threads();
	use_cancellation();
	use_signals();
	use_memory();
	use_descriptors();
	use_time();
	use_the_rest();
	if (argc > 1 && strcmp(argv[1], "classes") == 0)
		use_classes();
	if (failures == 0) {
		printf("all well\n");
		fprintf(stderr, "on stderr too\n");
	}
	return failures ? 1 : 0;
}
