/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Profiles: poorer machines (I-03), what strict refuses, what is told of exceptions,
 * and that each declared exception opens what it names and no more.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fixture.h"

static struct fixture_run run;
static char error[KX_ISOLATION_ERROR_MAX];

/* Six machines, each poorer in one way. */
static struct kx_isolation_machine machine_without(const char *what)
{
	struct kx_isolation_machine machine;

	kx_isolation_probe(&machine);
	machine.landlock_abi = 7;
	machine.seccomp_filter = machine.seccomp_notify = true;
	if (strcmp(what, "landlock") == 0)
		machine.landlock_abi = 0;
	if (strcmp(what, "landlock-tcp") == 0)
		machine.landlock_abi = 3;
	if (strcmp(what, "seccomp") == 0)
		machine.seccomp_filter = machine.seccomp_notify = false;
	if (strcmp(what, "both") == 0) {
		machine.seccomp_filter = machine.seccomp_notify = false;
		machine.landlock_abi = 0;
	}
	if (strcmp(what, "notify") == 0)
		machine.seccomp_notify = false;
	if (strcmp(what, "root") == 0)
		machine.root = false;
	return machine;
}

static int check_level(const char *missing, enum kx_isolation_level level, unsigned int allow)
{
	struct kx_isolation_machine machine = machine_without(missing);
	struct kx_isolation *isolation = kx_isolation_create(&machine);
	struct kx_isolation_profile profile;
	int rc;

	kx_isolation_profile_init(&profile, level);
	profile.allow |= allow;
	rc = kx_isolation_check(isolation, &profile, error);
	kx_isolation_destroy(isolation);
	return rc;
}

static void strict_refuses_a_machine_that_lacks_a_layer(void **state)
{
	(void)state;
	assert_int_equal(check_level("landlock", KX_ISOLATION_STRICT, 0), -ENOTSUP);
	assert_non_null(strstr(error, "Landlock"));
	assert_int_equal(check_level("seccomp", KX_ISOLATION_STRICT, 0), -ENOTSUP);
	assert_non_null(strstr(error, "seccomp"));
	assert_int_equal(check_level("both", KX_ISOLATION_STRICT, 0), -ENOTSUP);
	assert_int_equal(check_level("landlock-tcp", KX_ISOLATION_STRICT, KX_ALLOW_TCP), -ENOTSUP);
	assert_int_equal(check_level("notify", KX_ISOLATION_STRICT, KX_ALLOW_NOTIFY), -ENOTSUP);
}

static void strict_takes_a_machine_that_lacks_only_extras(void **state)
{
	(void)state;
	assert_int_equal(check_level("landlock-tcp", KX_ISOLATION_STRICT, 0), 0);
	assert_int_equal(check_level("notify", KX_ISOLATION_STRICT, 0), 0);
	assert_int_equal(check_level("root", KX_ISOLATION_STRICT, 0), 0);
	assert_string_equal(error, "");
}

static void default_warns_and_goes_on(void **state)
{
	(void)state;
	assert_int_equal(check_level("landlock", KX_ISOLATION_DEFAULT, 0), 0);
	assert_non_null(strstr(error, "Landlock"));
	assert_int_equal(check_level("both", KX_ISOLATION_OFF, 0), 0);
	assert_string_equal(error, "");
}

static void strict_sandbox_is_not_made_on_a_poor_machine(void **state)
{
	struct kx_isolation_machine machine = machine_without("landlock");
	struct kx_isolation *isolation = kx_isolation_create(&machine);
	struct kx_isolation_profile profile;
	struct kx_sandbox *sandbox = NULL;

	(void)state;
	kx_isolation_profile_init(&profile, KX_ISOLATION_STRICT);
	assert_int_equal(kx_sandbox_create(&sandbox, isolation, &profile,
					   fixture_program("entity_report"), error),
			 -ENOTSUP);
	assert_null(sandbox);
	kx_isolation_destroy(isolation);
}

/* The start must work with whatever layers are left. */
static void programs_run_on_every_poor_machine(void **state)
{
	static const char *const missing[] = {"landlock", "seccomp", "both", "landlock-tcp"};
	const char *argv[] = {fixture_program("ordinary_c"), NULL};
	struct kx_isolation_profile profile;

	(void)state;
	for (size_t i = 0; i < sizeof(missing) / sizeof(missing[0]); i++) {
		struct kx_isolation_machine machine = machine_without(missing[i]);
		struct kx_isolation *isolation = kx_isolation_create(&machine);

		kx_isolation_profile_init(&profile, KX_ISOLATION_DEFAULT);
		assert_int_equal(
			fixture_start_and_wait(isolation, &profile, argv, NULL, NULL, 0, &run), 0);
		assert_int_equal(run.status, 0);
		kx_isolation_destroy(isolation);
	}
}

static void exceptions_are_told_in_one_line(void **state)
{
	struct kx_isolation_profile profile;
	char *text;

	(void)state;
	kx_isolation_profile_init(&profile, KX_ISOLATION_DEFAULT);
	text = kx_isolation_describe_exceptions(&profile);
	assert_string_equal(text, "");
	free(text);
	profile.allow |= KX_ALLOW_UNIX;
	assert_int_equal(kx_isolation_allow_read(&profile, "/usr/share"), 0);
	assert_int_equal(kx_isolation_allow_tcp_bind(&profile, 8080), 0);
	text = kx_isolation_describe_exceptions(&profile);
	assert_string_equal(text, "may listen on and connect to UNIX sockets, "
				  "may read /usr/share, may listen on TCP port 8080");
	free(text);
	kx_isolation_profile_fini(&profile);
}

static void levels_have_names(void **state)
{
	enum kx_isolation_level level;

	(void)state;
	assert_true(kx_isolation_level_parse("strict", &level));
	assert_int_equal(level, KX_ISOLATION_STRICT);
	assert_true(kx_isolation_level_parse("off", &level));
	assert_int_equal(level, KX_ISOLATION_OFF);
	assert_false(kx_isolation_level_parse("Strict", &level));
	assert_false(kx_isolation_level_parse("", &level));
}

static void try_inside(struct kx_isolation_profile *profile, const char *first, const char *second)
{
	const char *argv[] = {fixture_program("entity_exceptions"), first, second, NULL};

	if (fixture_run_simple(profile, argv, &run) != 0)
		fail_msg("%s", run.output);
}

static void declared_read_path_opens_that_path_only(void **state)
{
	struct kx_isolation_profile profile;

	(void)state;
	kx_isolation_profile_init(&profile, KX_ISOLATION_DEFAULT);
	assert_int_equal(kx_isolation_allow_read(&profile, "/etc/passwd"), 0);
	try_inside(&profile, "read=/etc/passwd", "read=/etc/group");
	assert_string_equal(run.output, "read ok\nread EACCES\n");
	try_inside(&profile, "write=/etc/passwd", NULL);
	assert_string_equal(run.output, "write EPERM\n");
	kx_isolation_profile_fini(&profile);
}

static void declared_write_path_opens_that_folder_only(void **state)
{
	struct kx_isolation_profile profile;
	char folder[] = "/tmp/kx-test-XXXXXX";
	char inside[64];

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chmod(folder, 0777), 0);
	(void)snprintf(inside, sizeof(inside), "make=%s/file", folder);
	kx_isolation_profile_init(&profile, KX_ISOLATION_DEFAULT);
	assert_int_equal(kx_isolation_allow_write(&profile, folder), 0);
	try_inside(&profile, inside, "make=/tmp/kx-test-outside");
	assert_string_equal(run.output, "make ok\nmake EACCES\n");
	kx_isolation_profile_fini(&profile);
	assert_int_equal(unlink(inside + strlen("make=")), 0);
	assert_int_equal(rmdir(folder), 0);
}

static uint16_t listen_somewhere(int *fd)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t size = sizeof(address);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	*fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(*fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(*fd, 4), 0);
	assert_int_equal(getsockname(*fd, (struct sockaddr *)&address, &size), 0);
	return ntohs(address.sin_port);
}

static void declared_tcp_port_opens_that_port_only(void **state)
{
	struct kx_isolation_profile profile;
	struct kx_isolation_machine machine;
	char allowed[32];
	char other[32];
	int fd[2];
	uint16_t port;

	(void)state;
	kx_isolation_probe(&machine);
	port = listen_somewhere(&fd[0]);
	(void)snprintf(allowed, sizeof(allowed), "connect=%u", port);
	(void)snprintf(other, sizeof(other), "connect=%u", listen_somewhere(&fd[1]));
	kx_isolation_profile_init(&profile, KX_ISOLATION_DEFAULT);
	assert_int_equal(kx_isolation_allow_tcp_connect(&profile, port), 0);
	try_inside(&profile, allowed, other);
	assert_string_equal(run.output, machine.landlock_abi >= 4 ? "connect ok\nconnect EACCES\n"
								  : "connect ok\nconnect ok\n");
	kx_isolation_profile_fini(&profile);
	(void)close(fd[0]);
	(void)close(fd[1]);
}

/* A socket's name is a file: it needs the folder as well. */
static void declared_unix_sockets_stay_in_the_written_folder(void **state)
{
	struct kx_isolation_profile profile;
	char folder[] = "/tmp/kx-test-XXXXXX";
	char inside[64];

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chmod(folder, 0777), 0);
	(void)snprintf(inside, sizeof(inside), "unix=%s/socket", folder);
	kx_isolation_profile_init(&profile, KX_ISOLATION_DEFAULT);
	assert_int_equal(kx_isolation_allow_write(&profile, folder), 0);
	try_inside(&profile, inside, "sysv");
	assert_string_equal(run.output, "unix EPERM\nsysv EPERM\n");
	profile.allow |= KX_ALLOW_UNIX;
	try_inside(&profile, inside, "unix=/tmp/kx-test-outside");
	assert_string_equal(run.output, "unix ok\nunix EACCES\n");
	profile.allow |= KX_ALLOW_SYSV;
	try_inside(&profile, "sysv", "connect=80");
	assert_string_equal(run.output, "sysv ok\nconnect EPERM\n");
	kx_isolation_profile_fini(&profile);
	assert_int_equal(rmdir(folder), 0);
}

static void declared_fork_opens_fork_and_not_exec(void **state)
{
	struct kx_isolation_profile profile;

	(void)state;
	kx_isolation_profile_init(&profile, KX_ISOLATION_DEFAULT);
	try_inside(&profile, "fork", NULL);
	assert_string_equal(run.output, "fork EPERM\n");
	profile.allow |= KX_ALLOW_FORK;
	try_inside(&profile, "fork", "exec=/bin/true");
	assert_string_equal(run.output, "fork ok\nexec EPERM\n");
}

static void declared_program_may_be_executed_and_no_other(void **state)
{
	struct kx_isolation_profile profile;

	(void)state;
	kx_isolation_profile_init(&profile, KX_ISOLATION_DEFAULT);
	assert_int_equal(kx_isolation_allow_exec(&profile, "/bin/true"), 0);
	try_inside(&profile, "exec=/bin/false", "exec=/bin/true");
	assert_string_equal(run.output, "exec EACCES\n");
	assert_int_equal(run.status, 0);
	kx_isolation_profile_fini(&profile);
}

static void exception_that_does_not_exist_is_named(void **state)
{
	struct kx_isolation_profile profile;
	struct kx_isolation *isolation = kx_isolation_create(NULL);
	struct kx_sandbox *sandbox;
	size_t descriptors = fixture_count_fds();

	(void)state;
	kx_isolation_profile_init(&profile, KX_ISOLATION_DEFAULT);
	assert_int_equal(kx_isolation_allow_read(&profile, "/nowhere/at/all"), 0);
	assert_int_equal(kx_sandbox_create(&sandbox, isolation, &profile,
					   fixture_program("entity_report"), error),
			 -ENOENT);
	assert_non_null(strstr(error, "/nowhere/at/all"));
	assert_int_equal(fixture_count_fds(), descriptors);
	kx_isolation_profile_fini(&profile);
	kx_isolation_destroy(isolation);
}

static void program_that_cannot_be_is_named(void **state)
{
	struct kx_isolation_profile profile;
	struct kx_isolation *isolation = kx_isolation_create(NULL);
	struct kx_sandbox *sandbox;
	size_t descriptors = fixture_count_fds();

	(void)state;
	kx_isolation_profile_init(&profile, KX_ISOLATION_DEFAULT);
	assert_int_equal(kx_sandbox_create(&sandbox, isolation, &profile, "/no/program", error),
			 -ENOENT);
	assert_non_null(strstr(error, "/no/program"));
	assert_int_equal(kx_sandbox_create(&sandbox, isolation, &profile, "/etc/passwd", error),
			 -EACCES);
	assert_int_equal(kx_sandbox_create(&sandbox, isolation, &profile, "/usr/bin/ldd", error),
			 -ENOEXEC);
	assert_int_equal(kx_sandbox_create(&sandbox, isolation, &profile, "/", error), -EACCES);
	assert_int_equal(fixture_count_fds(), descriptors);
	kx_isolation_destroy(isolation);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strict_refuses_a_machine_that_lacks_a_layer),
		cmocka_unit_test(strict_takes_a_machine_that_lacks_only_extras),
		cmocka_unit_test(default_warns_and_goes_on),
		cmocka_unit_test(strict_sandbox_is_not_made_on_a_poor_machine),
		cmocka_unit_test(programs_run_on_every_poor_machine),
		cmocka_unit_test(exceptions_are_told_in_one_line),
		cmocka_unit_test(levels_have_names),
		cmocka_unit_test(declared_read_path_opens_that_path_only),
		cmocka_unit_test(declared_write_path_opens_that_folder_only),
		cmocka_unit_test(declared_tcp_port_opens_that_port_only),
		cmocka_unit_test(declared_unix_sockets_stay_in_the_written_folder),
		cmocka_unit_test(declared_fork_opens_fork_and_not_exec),
		cmocka_unit_test(declared_program_may_be_executed_and_no_other),
		cmocka_unit_test(exception_that_does_not_exist_is_named),
		cmocka_unit_test(program_that_cannot_be_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
