/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Kernel calls that wait, for a server, a client, a record, a pin, are answered once: when it
 * comes, when the time is over, when either side has ended.
 */

#include "kernel_fixture.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "audit_log.h"
#include "board.h"
#include "temp_file.h"

/* A call that may wait. */
struct asked {
	struct kx_call_job job;
	bool done;
};

static void finish(struct kx_call_job *job)
{
	assert_false(((struct asked *)job->maker)->done);
	((struct asked *)job->maker)->done = true;
}

static void ask(struct asked *asked, struct kx_task *task, uint32_t op, uint32_t first,
		const char *bytes, size_t length)
{
	*asked = (struct asked){.job = {.task = task,
					.op = op,
					.args = {first},
					.bytes = bytes,
					.len = length,
					.maker = asked,
					.done = finish}};
	kx_call_submit(&asked->job);
	pump();
}

static void assert_answered(const struct asked *asked, int32_t rc)
{
	assert_true(asked->done);
	assert_int_equal(asked->job.rc, rc);
}

/* --- dynamic channels ------------------------------------------------------------------------ */

static void a_request_is_shown_and_accepted(void **state)
{
	struct kx_task *client = make_task("client");
	struct kx_task *server = make_task("server");
	uint32_t args[KX_CALL_ARGS] = {5, KX_HANDLE_INVALID};
	struct asked listen;
	struct asked connect;
	uint32_t listener;

	(void)state;
	ask(&listen, server, KX_CALL_CM_LISTEN, KX_TIMEOUT_NONE, NULL, 0);
	assert_false(listen.done);
	ask(&connect, client, KX_CALL_CM_CONNECT, KX_TIMEOUT_NONE, TEXT("server\0svc"));
	assert_answered(&listen, KX_RC_OK);
	assert_memory_equal(listen.job.out, "client\0svc", 11);
	free(listen.job.out);
	assert_false(connect.done);
	assert_int_equal(call(server, KX_CALL_CM_ACCEPT, args, TEXT("client\0other")),
			 KX_RC_RESOURCE_NOT_FOUND);
	assert_int_equal(call(server, KX_CALL_CM_ACCEPT, args, TEXT("nobody\0svc")),
			 KX_RC_RESOURCE_NOT_FOUND);
	assert_int_equal(call(server, KX_CALL_CM_ACCEPT, args, TEXT("client")),
			 KX_RC_INVALID_ARGUMENT);
	assert_int_equal(call(server, KX_CALL_CM_ACCEPT, args, TEXT("client\0svc")), KX_RC_OK);
	listener = args[0];
	assert_answered(&connect, KX_RC_OK);
	assert_int_equal(connect.job.args[1], 5);
	/* The next one over the same listener; no handle, or one that is none, changes nothing. */
	ask(&connect, client, KX_CALL_CM_CONNECT, KX_TIMEOUT_NONE, TEXT("server\0two"));
	args[1] = 77;
	assert_int_equal(call(server, KX_CALL_CM_ACCEPT, args, TEXT("client\0two")),
			 KX_RC_INVALID_ARGUMENT);
	assert_false(connect.done);
	args[0] = 0;
	args[1] = listener;
	assert_int_equal(call(server, KX_CALL_CM_ACCEPT, args, TEXT("client\0two")), KX_RC_OK);
	assert_answered(&connect, KX_RC_OK);
	assert_int_equal(args[0], listener);
}

static void a_request_is_dropped_or_ends_with_either_side(void **state)
{
	struct kx_task *client = make_task("client");
	struct kx_task *server = make_task("server");
	struct asked first;
	struct asked second;

	(void)state;
	assert_int_equal(call1(client, KX_CALL_CM_CONNECT, 1, TEXT("nobody\0svc")),
			 KX_RC_RESOURCE_NOT_FOUND);
	assert_int_equal(call1(client, KX_CALL_CM_CONNECT, 1, TEXT("server")),
			 KX_RC_INVALID_ARGUMENT);
	assert_int_equal(call1(client, KX_CALL_CM_CONNECT, 0, TEXT("server\0svc")), KX_RC_TIMEOUT);
	ask(&first, client, KX_CALL_CM_CONNECT, KX_TIMEOUT_NONE, TEXT("server\0one"));
	ask(&second, client, KX_CALL_CM_CONNECT, KX_TIMEOUT_NONE, TEXT("server\0two"));
	assert_int_equal(call1(server, KX_CALL_CM_DROP, 0, TEXT("client\0six")),
			 KX_RC_RESOURCE_NOT_FOUND);
	assert_int_equal(call1(server, KX_CALL_CM_DROP, 0, "client", 6), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(call1(server, KX_CALL_CM_DROP, 0, TEXT("client\0two")), KX_RC_OK);
	assert_answered(&second, KX_RC_NOT_CONNECTED);
	assert_false(first.done);
	end_task(server);
	assert_answered(&first, KX_RC_NOT_CONNECTED);
	server = make_task("server");
	ask(&first, client, KX_CALL_CM_CONNECT, KX_TIMEOUT_NONE, TEXT("server\0one"));
	end_task(client);
	assert_answered(&first, KX_RC_ABORT);
	assert_int_equal(call1(server, KX_CALL_CM_LISTEN, 0, NULL, 0), KX_RC_TIMEOUT);
}

static void names_of_a_request_fit_or_are_refused(void **state)
{
	struct kx_task *client = make_task("client");
	char bytes[2 * KX_NAME_MAX + 2];

	(void)state;
	make_task("server");
	memset(bytes, 'x', sizeof(bytes));
	bytes[KX_NAME_MAX] = '\0';
	bytes[KX_NAME_MAX + 2] = '\0';
	assert_int_equal(call1(client, KX_CALL_CM_CONNECT, 1, bytes, KX_NAME_MAX + 3),
			 KX_RC_INVALID_ARGUMENT);
	memcpy(bytes, "server", 7);
	bytes[KX_NAME_MAX] = 'x';
	bytes[KX_NAME_MAX + 2] = 'x';
	bytes[7 + KX_NAME_MAX] = '\0';
	assert_int_equal(call1(client, KX_CALL_CM_CONNECT, 1, bytes, 7 + KX_NAME_MAX + 1),
			 KX_RC_INVALID_ARGUMENT);
}

static void whoever_waits_shorter_is_answered_first(void **state)
{
	struct kx_task *task = make_task("a");
	struct asked waiting[3];
	int tries;

	(void)state;
	ask(&waiting[0], task, KX_CALL_CM_LISTEN, KX_TIMEOUT_NONE, NULL, 0);
	ask(&waiting[1], task, KX_CALL_CM_LISTEN, 60000, NULL, 0);
	ask(&waiting[2], task, KX_CALL_CM_LISTEN, 2, NULL, 0);
	for (tries = 0; !waiting[2].done && tries < 2000; tries++) {
		(void)poll(NULL, 0, 1);
		pump();
	}
	assert_answered(&waiting[2], KX_RC_TIMEOUT);
	assert_false(waiting[0].done || waiting[1].done);
	end_task(task);
	assert_answered(&waiting[0], KX_RC_ABORT);
	assert_answered(&waiting[1], KX_RC_ABORT);
}

/* --- the record, the board ------------------------------------------------------------------- */

static void a_reader_of_the_record_waits_for_the_next(void **state)
{
	struct kx_task *task = make_task("a");
	struct kx_audit_record record = {.event = 1, .denied = true};
	struct asked reader;

	(void)state;
	assert_int_equal(call1(task, KX_CALL_AUDIT_OPEN, 0, TEXT("kss")), KX_RC_OK);
	assert_int_equal(call1(task, KX_CALL_AUDIT_OPEN, 0, TEXT("core")),
			 KX_RC_RESOURCE_NOT_FOUND);
	assert_int_equal(call1(task, KX_CALL_AUDIT_OPEN, 0, NULL, 0), KX_RC_RESOURCE_NOT_FOUND);
	ask(&reader, task, KX_CALL_AUDIT_READ, KX_TIMEOUT_NONE, NULL, 0);
	assert_false(reader.done);
	record.line = strdup("denied");
	record.json = strdup("{}");
	kx_audit_log_add(&record);
	pump();
	assert_answered(&reader, KX_RC_OK);
	assert_memory_equal(reader.job.out, "denied", 6);
	assert_int_equal(reader.job.args[0], 2);
	free(reader.job.out);
	record = (struct kx_audit_record){
		.event = 2, .line = strdup("granted"), .json = strdup("{}")};
	kx_audit_log_add(&record);
	assert_int_equal(call1(task, KX_CALL_AUDIT_READ, 0, NULL, 0), KX_RC_OK);
	assert_int_equal(call1(task, KX_CALL_AUDIT_READ, 0, NULL, 0), KX_RC_TIMEOUT);
	kx_audit_log_clear();
}

static void load_board(void)
{
	char error[200] = "";
	char *large = malloc((1u << 20) + 2);

	assert_non_null(large);
	memset(large, ' ', (1u << 20) + 1);
	large[(1u << 20) + 1] = '\0';
	assert_int_equal(kx_board_load("/nowhere/board", error, sizeof(error)), -1);
	assert_int_not_equal(error[0], '\0');
	assert_int_equal(kx_board_load(temp_write("large", large), error, sizeof(error)), -1);
	assert_int_equal(kx_board_load(temp_write("board", "wire 1 2\n"), error, sizeof(error)), 0);
	free(large);
}

static void pins_are_watched_only_where_there_is_a_board(void **state)
{
	struct kx_task *task = make_task("a");
	struct asked watch;
	uint32_t args[KX_CALL_ARGS] = {0};
	char *shown;

	(void)state;
	temp_create();
	assert_int_equal(call1(task, KX_CALL_BOARD_GET, 0, NULL, 0), KX_RC_SECURITY_DISALLOW);
	assert_int_equal(call1(task, KX_CALL_BOARD_WAIT, 0, NULL, 0), KX_RC_SECURITY_DISALLOW);
	load_board();
	assert_int_equal(call(task, KX_CALL_BOARD_TEXT, args, NULL, 0), KX_RC_OK);
	assert_int_equal(args[0], 1);
	assert_int_equal(call(task, KX_CALL_BOARD_GET, args, NULL, 0), KX_RC_OK);
	watch = (struct asked){.job = {.task = task,
				       .op = KX_CALL_BOARD_WAIT,
				       .args = {args[0], KX_TIMEOUT_NONE},
				       .maker = &watch,
				       .done = finish}};
	kx_call_submit(&watch.job);
	pump();
	assert_false(watch.done);
	assert_int_equal(call3(task, KX_CALL_BOARD_SET, KX_BOARD_PINS, 1, 0),
			 KX_RC_INVALID_ARGUMENT);
	assert_int_equal(call3(task, KX_CALL_BOARD_SET, 3, ~0u, 0), KX_RC_INVALID_ARGUMENT);
	assert_false(watch.done);
	assert_int_equal(call3(task, KX_CALL_BOARD_SET, 3, 1, 0), KX_RC_OK);
	assert_answered(&watch, KX_RC_OK);
	assert_int_not_equal(watch.job.args[0], args[0]);
	assert_int_equal(call(task, KX_CALL_BOARD_WAIT, args, NULL, 0), KX_RC_OK);
	assert_int_equal(args[0], watch.job.args[0]);
	shown = kx_board_describe();
	assert_non_null(strstr(shown, "\"by\":\"a\""));
	free(shown);
	kx_board_clear();
	temp_remove();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, kernel_setup, kernel_teardown)
		TEST(a_request_is_shown_and_accepted),
		TEST(a_request_is_dropped_or_ends_with_either_side),
		TEST(names_of_a_request_fit_or_are_refused),
		TEST(whoever_waits_shorter_is_answered_first),
		TEST(a_reader_of_the_record_waits_for_the_next),
		TEST(pins_are_watched_only_where_there_is_a_board),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
