/* SPDX-License-Identifier: Apache-2.0 */

/* The real daemon: each object by each way to ask, each request style, curing and deleting. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/kavclient.h"
#include "daemon.h"
#include "engine/kx_kav_files.h"
#include "pattern.h"
#include "peer.h"
#include "wire/kx_kav_wire.h"

#define REPLY_ROOM (128u << 10)

static struct kx_daemon daemon_;

struct object {
	const char *prefix;
	int status;
	const char *words;
};

static const struct object objects[] = {
	{"", 4, "infected: EICAR-Test-File\n"},
	{"WARN-", 2, "infected: EICAR-Test-File.modified\n"},
	{"SUSP-", 3, "suspicion: EICAR-Test-File\n"},
	{"CURE-", 4, "infected: EICAR-Test-File\n"},
	{"DELE-", 4, "infected: EICAR-Test-File\n"},
	{"CORR-", 8, "corrupted\n"},
	{"ERRO-", 1, "I/O error\n"},
	{"OK-", 0, "ok.\n"},
};

static kav_ctx context(void)
{
	kav_ctx ctx = kav_new();

	assert_non_null(ctx);
	assert_int_equal(kav_set_socketpath(ctx, daemon_.socket), 0);
	assert_int_equal(kav_set_timeout(ctx, 30), 0);
	return ctx;
}

static int start(void **state)
{
	(void)state;
	kx_daemon_prepare(&daemon_);
	kx_daemon_start(&daemon_, NULL);
	for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "object%zu", i);
		kx_daemon_pattern(&daemon_, name, objects[i].prefix);
	}
	return 0;
}

static int stop(void **state)
{
	(void)state;
	kx_daemon_remove(&daemon_);
	return 0;
}

static const char *object_path(size_t i)
{
	char name[16];

	(void)snprintf(name, sizeof(name), "object%zu", i);
	return kx_daemon_data(&daemon_, name);
}

static void expect(kav_ctx ctx, int rc, const struct object *object)
{
	assert_int_equal(rc, 0);
	assert_int_equal(kav_result_get_status(ctx), object->status);
	assert_non_null(strstr(kav_result_get_report(ctx), object->words));
	assert_int_equal(kav_get_error(ctx), 0);
}

static void every_object_by_every_way(void **state)
{
	kav_ctx ctx = context();

	(void)state;
	for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++) {
		const char *const names[] = {object_path(i), object_path(i)};
		const char *text = kx_pattern(objects[i].prefix);
		size_t len = strlen(text);
		void *mem;

		expect(ctx, kav_check_file(ctx, names[0]), &objects[i]);
		expect(ctx, kav_check_files(ctx, names, 2, NULL), &objects[i]);
		expect(ctx, kav_check_files(ctx, names, 1, "I0|MP"), &objects[i]);
		expect(ctx, kav_check_mem(ctx, text, len), &objects[i]);
		assert_int_equal(kav_shmem_init(ctx, &mem, 4096, NULL), 0);
		memcpy(mem, text, len);
		expect(ctx, kav_shmem_check(ctx, len), &objects[i]);
		kav_shmem_cleanup(ctx);
	}
	kav_free(ctx);
}

static void a_folder_is_checked_with_everything_below(void **state)
{
	const char *report;
	kav_ctx ctx = context();

	(void)state;
	assert_int_equal(mkdir(kx_daemon_data(&daemon_, "a"), 0755), 0);
	assert_int_equal(mkdir(kx_daemon_data(&daemon_, "a/b"), 0755), 0);
	kx_write_file(kx_daemon_data(&daemon_, "a/clean"), "text", 4);
	assert_int_equal(kav_check_file(ctx, kx_daemon_data(&daemon_, "a")), 0);
	assert_int_equal(kav_result_get_status(ctx), 0);
	kx_daemon_pattern(&daemon_, "a/b/bad one", "");
	assert_int_equal(kav_check_file(ctx, kx_daemon_data(&daemon_, "a/")), 0);
	assert_int_equal(kav_result_get_status(ctx), 4);
	report = kav_result_get_report(ctx);
	/* What was found comes first, whatever the order of the folder. */
	assert_non_null(strstr(report, "/a/b/bad one\tinfected: EICAR-Test-File\n"));
	assert_true(strstr(report, "infected:") < strstr(report, "clean\tok."));
	kav_free(ctx);
}

static void a_missing_file_is_a_status_and_no_error(void **state)
{
	kav_ctx ctx = context();

	(void)state;
	assert_int_equal(kav_check_file(ctx, kx_daemon_data(&daemon_, "missing")), 0);
	assert_int_equal(kav_result_get_status(ctx), KAV_STATUS_SCAN_NOT_COMPLETE);
	assert_non_null(strstr(kav_result_get_report(ctx), "No such file"));
	assert_int_equal(kav_check_file(ctx, "/etc/passwd"), 0);
	assert_int_equal(kav_result_get_status(ctx), KAV_STATUS_SCAN_NOT_COMPLETE);
	assert_int_equal(kav_get_error(ctx), 0);
	kav_free(ctx);
}

/* One raw request of each known style for the same file; all get the same answer. */
static void every_request_style_is_answered(void **state)
{
	const char *path = object_path(0);
	uint8_t reply[REPLY_ROOM];
	char requests[7][512];
	int lengths[7];
	int fd;

	(void)state;
#define STYLE(i, ...) lengths[i] = snprintf(requests[i], sizeof(requests[i]), __VA_ARGS__)
	STYLE(0, "<0>21 Nov 18:38:33:%s", path);
	STYLE(1, "<0>21 Nov 18:38:33:%s", path);
	lengths[1]++; /* with its NUL */
	STYLE(2, "<0>Nov 21 18:38:33:%s", path);
	STYLE(3, "<0>Nov 21 18:38:33:\xfeI0|o{%s}\xfe", path);
	STYLE(4, "<0>Nov 21 18:38:33:\xfeMP|\xfe%s;%s", path, object_path(7));
	STYLE(5, "<0>Nov  1 18:38:33:\xfe\xfe%s", path);
	STYLE(6, "<0>27 Mar 13:40:11:%s", path);
#undef STYLE
	fd = kx_daemon_connect(&daemon_);
	for (int i = 0; i < 7; i++) {
		long len = kx_daemon_ask(fd, requests[i], (size_t)lengths[i], reply, sizeof(reply));

		assert_true(len > 6);
		assert_int_equal(reply[0], 0x34);
		assert_int_equal(reply[1], 0x01);
	}
	assert_true(kx_daemon_ask(fd, "<4>Nov 21 18:38:33:", 19, reply, sizeof(reply)) > 6);
	assert_int_equal(reply[0], 0);
	assert_int_equal(reply[1], 1);
	(void)close(fd);
}

static void requests_sent_together_are_answered_in_turn(void **state)
{
	uint8_t reply[REPLY_ROOM];
	char both[1024];
	int fd = kx_daemon_connect(&daemon_);
	int len = snprintf(both, sizeof(both), "<0>Nov 21 18:38:33:%s", object_path(0)) + 1;

	(void)state;
	len += snprintf(both + len, sizeof(both) - (size_t)len, "<0>Nov 21 18:38:33:%s",
			object_path(7)) +
	       1;
	assert_true(kx_daemon_ask(fd, both, (size_t)len, reply, sizeof(reply)) > 0);
	assert_int_equal(reply[0], 0x34);
	assert_true(kx_daemon_ask(fd, NULL, 0, reply, sizeof(reply)) > 0);
	assert_int_equal(reply[0], 0x30);
	(void)close(fd);
}

static void end_of_file_ends_a_request(void **state)
{
	uint8_t reply[REPLY_ROOM];
	char request[512];
	int fd = kx_daemon_connect(&daemon_);
	int len = snprintf(request, sizeof(request), "<0>Nov 21 18:38:33:%s", object_path(0));

	(void)state;
	assert_int_equal(send(fd, request, (size_t)len, MSG_NOSIGNAL), len);
	assert_int_equal(shutdown(fd, SHUT_WR), 0);
	assert_true(kx_daemon_ask(fd, NULL, 0, reply, sizeof(reply)) > 0);
	assert_int_equal(reply[0], 0x34);
	assert_int_equal(kx_daemon_ask(fd, NULL, 0, reply, sizeof(reply)), -1);
	(void)close(fd);
}

static void restart(const char *const *arguments)
{
	kx_daemon_end(&daemon_);
	kx_daemon_start(&daemon_, arguments);
}

static void one_shot_hangs_up_after_the_reply(void **state)
{
	static const char *const arguments[] = {"--one-shot", NULL};
	uint8_t reply[REPLY_ROOM];
	int fd;

	(void)state;
	restart(arguments);
	fd = kx_daemon_connect(&daemon_);
	assert_true(kx_daemon_ask(fd, "<4>Nov 21 18:38:33:", 19, reply, sizeof(reply)) > 0);
	assert_int_equal(recv(fd, reply, 1, 0), 0);
	(void)close(fd);
	restart(NULL);
}

static void a_second_socket_may_be_one_shot(void **state)
{
	struct kx_daemon second = daemon_;
	uint8_t reply[REPLY_ROOM];
	char argument[160];
	const char *const arguments[] = {argument, NULL};
	int fds[2];

	(void)state;
	(void)snprintf(second.socket, sizeof(second.socket), "%s/run/once", daemon_.folder);
	(void)snprintf(argument, sizeof(argument), "--one-shot-socket=%s", second.socket);
	restart(arguments);
	fds[0] = kx_daemon_connect(&daemon_);
	fds[1] = kx_daemon_connect(&second);
	for (int i = 0; i < 2; i++)
		assert_true(kx_daemon_ask(fds[i], "<4>Nov 21 18:38:33:", 19, reply, sizeof(reply)) >
			    0);
	assert_int_equal(recv(fds[1], reply, 1, 0), 0);
	assert_int_equal(recv(fds[0], reply, 1, MSG_DONTWAIT), -1);
	(void)close(fds[0]);
	(void)close(fds[1]);
	restart(NULL);
	assert_int_equal(access(second.socket, F_OK), -1);
}

static void cure_and_delete_are_separate_rights(void **state)
{
	static const char *const both[] = {"--cure", "--delete", NULL};
	static const char *const cure[] = {"--cure", NULL};
	char sick[256];
	const char *const names[] = {sick};
	kav_ctx ctx = context();
	char *text;
	size_t len;

	(void)state;
	restart(cure);
	(void)snprintf(sick, sizeof(sick), "%s", kx_daemon_data(&daemon_, "sick"));
	kx_daemon_pattern(&daemon_, "sick", "CURE-");
	kx_daemon_pattern(&daemon_, "gone", "DELE-");
	assert_int_equal(kav_check_files(ctx, names, 1, "I0"), 0);
	assert_int_equal(kav_result_get_status(ctx), 4);
	assert_int_equal(kav_check_files(ctx, names, 1, "I3"), 0);
	assert_int_equal(kav_result_get_status(ctx), 4);
	assert_int_equal(kav_check_file(ctx, names[0]), 0);
	assert_int_equal(kav_result_get_status(ctx), KAV_STATUS_CURED);
	text = kx_kav_file_read(kx_daemon_data(&daemon_, "sick"), &len);
	assert_int_equal(len, 4);
	assert_memory_equal(text, "CURE", 4);
	free(text);
	assert_int_equal(kav_check_file(ctx, kx_daemon_data(&daemon_, "gone")), 0);
	assert_int_equal(kav_result_get_status(ctx), 4);
	assert_int_equal(access(kx_daemon_data(&daemon_, "gone"), F_OK), 0);

	restart(both);
	assert_int_equal(kav_check_file(ctx, kx_daemon_data(&daemon_, "gone")), 0);
	assert_int_equal(kav_result_get_status(ctx), KAV_STATUS_INFECTED_DELETED);
	assert_int_equal(access(kx_daemon_data(&daemon_, "gone"), F_OK), -1);
	kav_free(ctx);
	restart(NULL);
}

static void memory_is_cured_in_place(void **state)
{
	static const char *const cure[] = {"--cure", NULL};
	kav_ctx ctx = context();
	char request[64];
	uint8_t reply[64];
	key_t key;
	void *mem;
	int id;
	int fd;
	int n;

	(void)state;
	restart(cure);
	assert_int_equal(kav_shmem_init(ctx, &mem, 4096, NULL), 0);
	strcpy(mem, kx_pattern("CURE-"));
	assert_int_equal(kav_shmem_check(ctx, strlen(mem)), 0);
	assert_int_equal(kav_result_get_status(ctx), KAV_STATUS_CURED);
	assert_string_equal(mem, "CURE");
	kav_free(ctx);

	/* The reply itself: the size of the cured object and no report. */
	key = ftok(daemon_.folder, 7);
	id = shmget(key, 4096, IPC_CREAT | IPC_EXCL | 0600);
	assert_true(id >= 0);
	mem = shmat(id, NULL, 0);
	strcpy(mem, kx_pattern("CURE-"));
	n = snprintf(request, sizeof(request), "<3>Nov 21 18:38:33:<%x|%zx|>", (unsigned)key,
		     strlen(mem));
	fd = kx_daemon_connect(&daemon_);
	assert_int_equal(kx_daemon_ask(fd, request, (size_t)n, reply, sizeof(reply)), 6);
	assert_memory_equal(reply, "\x35\x02\x04\0\0\0", 6);
	(void)close(fd);
	(void)shmdt(mem);
	(void)shmctl(id, IPC_RMID, NULL);
	restart(NULL);
}

/* Runs a command; its output goes to @out. Returns the exit status. */
static int run(char *out, size_t room, const char *form, ...)
{
	char command[1024];
	va_list arguments;
	size_t len;
	FILE *pipe;

	va_start(arguments, form);
	(void)vsnprintf(command, sizeof(command), form, arguments);
	va_end(arguments);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	len = fread(out, 1, room - 1, pipe);
	out[len] = '\0';
	return WEXITSTATUS(pclose(pipe));
}

static void the_commands_say_what_was_found(void **state)
{
	const char *bin = KX_TEST_PROGRAMS;
	char run_folder[96];
	char out[4096];

	(void)state;
	(void)snprintf(run_folder, sizeof(run_folder), "%s/run", daemon_.folder);
	assert_int_equal(run(out, sizeof(out), "'%s'/kavclient -p %s %s", bin, daemon_.socket,
			     object_path(0)),
			 0);
	assert_non_null(strstr(out, "Check result: 4\nReport:\n"));
	assert_non_null(strstr(out, "infected: EICAR-Test-File\n"));
	assert_int_equal(run(out, sizeof(out), "'%s'/kavclient -s -p %s %s", bin, daemon_.socket,
			     object_path(2)),
			 0);
	assert_non_null(strstr(out, "Check result: 3\n"));
	assert_int_equal(run(out, sizeof(out), "'%s'/kavclient -j -p %s %s", bin, daemon_.socket,
			     object_path(7)),
			 0);
	assert_non_null(strstr(out, "{\"result\": 0, \"report\": \""));
	for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++) {
		assert_int_equal(run(out, sizeof(out), "'%s'/AvpDaemonClient -f=%s %s", bin,
				     run_folder, object_path(i)),
				 objects[i].status);
		assert_non_null(strstr(out, objects[i].words));
		assert_int_equal(run(out, sizeof(out),
				     "'%s'/kavdaemon -f=%s '-o{%s}' -dl -Y -O- -K -I0", bin,
				     run_folder, object_path(i)),
				 objects[i].status);
	}
	assert_int_equal(run(out, sizeof(out), "'%s'/kavclient -p /nonexistent /x 2>&1", bin), 1);
	assert_non_null(strstr(out, "Failed to connect to kavdaemon (No such file or directory)"));
	assert_int_equal(run(out, sizeof(out), "'%s'/AvpDaemonClient -f=/nonexistent /x 2>&1", bin),
			 1);
	assert_int_equal(run(out, sizeof(out), "'%s'/kavclient 2>&1", bin), 64);
	assert_int_equal(run(out, sizeof(out), "'%s'/kavclient -s a b 2>&1", bin), 64);
	assert_int_equal(run(out, sizeof(out), "'%s'/kavdaemon --no-such 2>&1", bin), 64);
	assert_int_equal(run(out, sizeof(out), "'%s'/kavdaemon --max-files=x 2>&1", bin), 64);
	for (int i = 0; i < 3; i++) {
		static const char *const names[] = {"kavclient", "AvpDaemonClient", "kavdaemon"};

		assert_int_equal(run(out, sizeof(out), "'%s'/%s --help", bin, names[i]), 0);
		assert_non_null(strstr(out, "Exit status:"));
	}
}

static void without_a_daemon_it_checks_once(void **state)
{
	char out[4096];

	(void)state;
	assert_int_equal(run(out, sizeof(out),
			     "'%s'/kavdaemon -q -f=%s/none --bases=%s/bases --key=%s/kav.key "
			     "'-o{%s}' %s/data 2>/dev/null",
			     KX_TEST_PROGRAMS, daemon_.folder, daemon_.folder, daemon_.folder,
			     object_path(0), daemon_.folder),
			 4);
	assert_non_null(strstr(out, "infected: EICAR-Test-File\n"));
}

static void a_daemon_in_the_background_is_ended_with_k(void **state)
{
	const char *bin = KX_TEST_PROGRAMS;
	char folder[64];
	char out[4096];

	(void)state;
	kx_folder_make(folder);
	assert_int_equal(run(out, sizeof(out),
			     "'%s'/kavdaemon --background -f=%s --bases=%s/bases --key=%s/kav.key "
			     "%s/data >/dev/null 2>&1",
			     bin, folder, daemon_.folder, daemon_.folder, daemon_.folder),
			 0);
	assert_int_equal(
		run(out, sizeof(out), "'%s'/AvpDaemonClient -f=%s %s", bin, folder, object_path(0)),
		4);
	assert_int_equal(run(out, sizeof(out), "'%s'/kavdaemon -k -f=%s 2>&1", bin, folder), 0);
	assert_int_equal(access(kx_in(folder, "AvpCtl"), F_OK), -1);
	assert_int_equal(access(kx_in(folder, "AvpPid"), F_OK), -1);
	assert_int_equal(run(out, sizeof(out), "'%s'/kavdaemon -k -f=%s 2>&1", bin, folder), 1);
	kx_folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_object_by_every_way),
		cmocka_unit_test(a_folder_is_checked_with_everything_below),
		cmocka_unit_test(a_missing_file_is_a_status_and_no_error),
		cmocka_unit_test(every_request_style_is_answered),
		cmocka_unit_test(requests_sent_together_are_answered_in_turn),
		cmocka_unit_test(end_of_file_ends_a_request),
		cmocka_unit_test(one_shot_hangs_up_after_the_reply),
		cmocka_unit_test(a_second_socket_may_be_one_shot),
		cmocka_unit_test(cure_and_delete_are_separate_rights),
		cmocka_unit_test(memory_is_cured_in_place),
		cmocka_unit_test(the_commands_say_what_was_found),
		cmocka_unit_test(without_a_daemon_it_checks_once),
		cmocka_unit_test(a_daemon_in_the_background_is_ended_with_k),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
