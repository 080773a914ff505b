/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One body of calls over three transports: one thread that is both sides, threads
 * of one process, processes over a memfd. Each call carries a pattern both ways,
 * each request is served once, in order of its slot.
 *
 *   test_transport [one|threads|processes [no-waitv]]    default: all three
 *
 * no-waitv: on a machine whose kernel does not have FUTEX_WAITV.
 */

#include <errno.h>
#include <seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "rcu.h"
#include "rig.h"

#define CROWD 20u

static enum rig_transport transport;

static const uint32_t sizes[] = {0, 1, 8, 28, 29, 44, 45, 100, 4096, 16384, 65536};

#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

struct caller {
	struct rig *rig;
	unsigned channel;
	unsigned slot;
	unsigned calls;
	pthread_t thread;
	pid_t process;
};

static void call_often(const struct caller *caller)
{
	for (uint32_t n = 1; n <= caller->calls; n++)
		RIG_CHECK(caller->rig,
			  rig_call(caller->rig, caller->channel, caller->slot, n,
				   sizes[(n + caller->slot) % (caller->calls > 100 ? 8 : SIZES)]) ==
				  KX_OK);
}

static void *call_thread(void *context)
{
	call_often(context);
	return NULL;
}

/* Starts a caller the way the transport says; one thread calls at once. */
static void start(struct caller *caller)
{
	if (transport == RIG_ONE_THREAD) {
		call_often(caller);
	} else if (transport == RIG_THREADED) {
		assert_int_equal(pthread_create(&caller->thread, NULL, call_thread, caller), 0);
	} else {
		caller->process = rig_fork();
		assert_true(caller->process >= 0);
		if (caller->process == 0) {
			call_often(caller);
			_exit(0);
		}
	}
}

static void finish(struct caller *caller)
{
	int status = 0;

	if (transport == RIG_THREADED)
		(void)pthread_join(caller->thread, NULL);
	else if (transport == RIG_PROCESSES)
		(void)waitpid(caller->process, &status, 0);
	assert_int_equal(status, 0);
}

/* @channels clients with @slots callers each, @threads server threads. */
static void everybody_calls(unsigned channels, unsigned slots, unsigned threads, unsigned calls)
{
	struct caller callers[CROWD * 4];
	unsigned count = 0;
	struct rig rig;

	assert_true(rig_open(&rig, transport, channels));
	assert_true(rig_serve(&rig, threads));
	for (unsigned c = 0; c < channels; c++) {
		for (unsigned s = 0; s < slots; s++) {
			callers[count] = (struct caller){&rig, c, s, calls, 0, 0};
			start(&callers[count++]);
		}
	}
	for (unsigned i = 0; i < count; i++)
		finish(&callers[i]);
	assert_int_equal(rig_stop(&rig), 0);
	if (rig.shared->errors)
		print_error("first wrong in rig.c or here, line %u\n", rig.shared->error_line);
	assert_int_equal(rig.shared->errors, 0);
	assert_int_equal(rig.shared->complaints, 0);
	assert_int_equal(rig.shared->calls, count * calls);
	for (unsigned i = 0; i < count; i++)
		assert_int_equal(rig.shared->served[callers[i].channel][callers[i].slot], calls);
	rig_close(&rig);
}

static void one_client_and_every_size(void **state)
{
	(void)state;
	everybody_calls(1, 1, 1, 3 * SIZES);
}

static void one_client_and_many_calls(void **state)
{
	(void)state;
	everybody_calls(1, 1, 1, 3000);
}

static void many_clients_of_one_server_thread(void **state)
{
	(void)state;
	everybody_calls(8, 1, 1, 200);
}

/* */
static void many_clients_of_many_server_threads(void **state)
{
	(void)state;
	everybody_calls(6, 2, 4, 200);
}

static void more_channels_than_watched_bells(void **state)
{
	(void)state;
	everybody_calls(CROWD, 1, 2, 60);
}

static void always_asleep(void **state)
{
	(void)state;
	kx_wait_setup(0, false, false);
	everybody_calls(3, 1, 1, 150);
	everybody_calls(3, 2, 3, 150);
	kx_wait_setup(0, true, false);
}

/* False: no filter can be had here. */
static bool forbid_waitv(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	bool done = filter &&
		    seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SYS_futex_waitv, 0) == 0 &&
		    seccomp_load(filter) == 0;

	seccomp_release(filter);
	return done;
}

int main(int argc, char **argv)
{
	static const char *const names[] = {"one", "threads", "processes"};
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_client_and_every_size),
		cmocka_unit_test(one_client_and_many_calls),
		cmocka_unit_test(many_clients_of_one_server_thread),
		cmocka_unit_test(many_clients_of_many_server_threads),
		cmocka_unit_test(more_channels_than_watched_bells),
		cmocka_unit_test(always_asleep),
	};
	int failed = 0;

	if (argc > 2 && !forbid_waitv())
		return 77;
	kx_wait_setup(0, true, false);
	rcu_register_thread();
	for (unsigned i = 0; i < 3; i++) {
		if (argc > 1 && strcmp(argv[1], names[i]) != 0)
			continue;
		transport = (enum rig_transport)i;
		print_message("over %s\n", names[i]);
		failed += cmocka_run_group_tests(tests, NULL, NULL);
	}
	rcu_unregister_thread();
	return failed;
}
