/* SPDX-License-Identifier: Apache-2.0 */

/* --record where the disk is slow or full: what is missing is counted, and the log says so. */

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "kx_record.h"
#include "log_pipe.h"
#include "record.h"
#include "temp_file.h"

#define MESSAGE (1u << 20)
#define EVENTS  (KX_RECORD_QUEUE / MESSAGE + 20)

static uint8_t message[MESSAGE];

static void record_event(uint32_t bytes)
{
	struct kx_event event = {.kind = KX_EVENT_REQUEST,
				 .src = {1, "Source", "source"},
				 .dst = {2, "Target", "target"},
				 .method = "Put",
				 .fixed = message,
				 .fixed_size = bytes};

	kx_record_event(&event, KX_GRANT);
}

/* What came out of the pipe, and is whole. */
struct contents {
	int from;
	unsigned events;
	uint64_t lost;
	bool wrong;
};

static bool read_all(int from, void *to, size_t size)
{
	size_t got = 0;

	while (got < size) {
		ssize_t n = read(from, (uint8_t *)to + got, size - got);

		if (n <= 0)
			return false;
		got += (size_t)n;
	}
	return true;
}

static void *take_in(void *context)
{
	static uint8_t behind[MESSAGE + 4096];
	struct contents *contents = context;
	struct kx_record_entry entry;
	struct kx_record_file head;

	contents->wrong =
		!read_all(contents->from, &head, sizeof(head)) || head.magic != KX_RECORD_MAGIC;
	while (!contents->wrong && read_all(contents->from, &entry, sizeof(entry))) {
		if (entry.kind == KX_RECORD_LOST)
			contents->lost += entry.number;
		else
			contents->events++;
		contents->wrong = entry.bytes > sizeof(behind) ||
				  !read_all(contents->from, behind, entry.bytes);
	}
	return NULL;
}

static void events_that_the_disk_is_too_slow_for_are_counted(void **state)
{
	struct contents contents = {0};
	const char *path = temp_path("pipe");
	pthread_t reader;
	char text[64];

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	contents.from = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_true(contents.from >= 0);
	assert_int_equal(kx_record_open(path), 0);
	/* Nobody reads: the writing thread has one list in hand, the queue takes 64 MiB. */
	for (unsigned i = 0; i < 2 * EVENTS; i++)
		record_event(MESSAGE);
	assert_int_equal(fcntl(contents.from, F_SETFL, 0), 0);
	assert_int_equal(pthread_create(&reader, NULL, take_in, &contents), 0);
	kx_record_close();
	assert_int_equal(pthread_join(reader, NULL), 0);
	(void)close(contents.from);
	assert_false(contents.wrong);
	assert_true(contents.lost >= 20);
	assert_int_equal(contents.events + contents.lost, 2 * EVENTS);
	(void)snprintf(text, sizeof(text), "lacks %llu events", (unsigned long long)contents.lost);
	assert_true(log_pipe_has(text));
}

/* Each is whole, also if its thread runs before the first event, and lacks only its own. */
static void records_may_follow_each_other(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 200; i++) {
		struct contents contents = {0};
		const char *path = temp_path("next");

		assert_int_equal(kx_record_open(path), 0);
		record_event(10);
		kx_record_close();
		contents.from = open(path, O_RDONLY | O_CLOEXEC);
		assert_true(contents.from >= 0);
		(void)take_in(&contents);
		(void)close(contents.from);
		assert_false(contents.wrong);
		assert_int_equal(contents.events, 1);
	}
	assert_false(log_pipe_has("lacks"));
}

static void a_full_disk_is_told(void **state)
{
	struct rlimit before;
	struct rlimit small;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = (struct rlimit){4096, before.rlim_max};
	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(kx_record_open(temp_path("record")), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	record_event(MESSAGE);
	assert_int_equal(kx_record_close(), -1);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_true(log_pipe_has("is not complete: it could not be written"));
}

static void a_file_that_cannot_be_made_is_an_error(void **state)
{
	(void)state;
	assert_int_equal(kx_record_open(temp_path("no such folder/record")), -ENOENT);
	record_event(10);
	kx_record_forget(1);
	kx_record_close();
}

/* pthread_create() of the code under test, by the linker's --wrap. */
int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
			  void *(*run)(void *context), void *context);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
			  void *(*run)(void *context), void *context);
static bool no_thread;

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
			  void *(*run)(void *context), void *context)
{
	return no_thread ? EAGAIN : __real_pthread_create(thread, attributes, run, context);
}

/* The lowest descriptor that is free. */
static int next_descriptor(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)close(fd);
	return fd;
}

static void without_a_thread_nothing_is_left_open(void **state)
{
	int before = next_descriptor();

	(void)state;
	no_thread = true;
	assert_int_equal(kx_record_open(temp_path("record")), -EAGAIN);
	no_thread = false;
	assert_int_equal(next_descriptor(), before);
	record_event(10);
	kx_record_close();
}

static int begin(void **state)
{
	temp_create();
	return log_pipe_open(state);
}

static int end(void **state)
{
	(void)state;
	temp_remove();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_that_the_disk_is_too_slow_for_are_counted),
		cmocka_unit_test(records_may_follow_each_other),
		cmocka_unit_test(a_full_disk_is_told),
		cmocka_unit_test(a_file_that_cannot_be_made_is_an_error),
		cmocka_unit_test(without_a_thread_nothing_is_left_open),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
