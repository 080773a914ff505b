/* SPDX-License-Identifier: Apache-2.0 */

/*
 * More shapes of public solutions (tests/projects), as test_projects.c: what it takes beside
 * programs and an init description. Needs the SDK installed in TEST_SDK.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "project.h"

#define BUILD "'" CMAKE "' --build build -j2"

/* EINIT_ENTITY names a program of the project, and there is no CONNECTIONS_CFG. */
static void einit_may_be_a_program_of_the_project(void **state)
{
	(void)state;
	copy_project("tiny");
	run(&r, "sed -i '/CONNECTIONS_CFG/d; s/EinitQemu/Einit/' CMakeLists.txt && " CONFIGURE(
			"Unix Makefiles", ""));
	assert_int_not_equal(r.status, 0);
	cmake_must_say("EINIT_ENTITY names \"Einit\", which is no program made so far");
	run(&r, "sed -i 's,^add_executable (Server,add_executable (Einit \"src/einit.c\")\\n&,' "
		"CMakeLists.txt && " CONFIGURE("Unix Makefiles", "") " && " BUILD);
	must("build");
	run_to_idle("build/kos-qemu-image");
	assert_string_equal(r.text, "client: 42\neinit: done\n");
}

/* CE 1.0: arguments, mounts and which VFS program serves whom come from an Env program. */
static void an_env_program_configures_programs_and_vfs(void **state)
{
	(void)state;
	copy_project("envvfs");
	run(&r, CONFIGURE("Unix Makefiles", "") " && " BUILD);
	must("build");
	run_to_idle("build/kos-qemu-image");
	assert_string_equal(r.text, "first: /data/greeting: from the disk\n"
				    "first: /greeting: \n"
				    "first: /tmp is there\n"
				    "second: /data/greeting: \n"
				    "second: /greeting: from the disk\n"
				    "second: /tmp No such file or directory\n");
}

/* An init description names the files of the SDK's programs as the SDK it was written for does. */
static void a_system_program_runs_under_any_file_name(void **state)
{
	(void)state;
	copy_project("tiny");
	run(&r, "printf -- '- name: kl.drivers.GPIO\\n  path: gpio_rpi4\\n' >>init.yaml.in && "
		"echo 'use EDL kl.drivers.GPIO' >>security.psl.in && " CONFIGURE("Ninja",
										 "") " && " BUILD);
	must("build");
	assert_true(file_exists("build/kos-qemu-image.d/bin/gpio_rpi4"));
	run_to_idle("build/kos-qemu-image");
	assert_string_equal(r.text, "client: 42\n");
	run(&r, "sed -i 's/path: gpio_rpi4/path: gpio_other/' init.yaml.in && " BUILD " && " BUILD);
	must_say("no work to do");
	run(&r, "sed -i 's/name: tiny.Server$/&\\n  path: Srever/' init.yaml.in && " BUILD);
	assert_int_not_equal(r.status, 0);
	must_say("program Srever is not in the image");
}

/* A TCP port of the host that nobody has now: other tests may run beside this one. */
static unsigned int free_port(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
	close(fd);
	return ntohs(address.sin_port);
}

/* The card is a drive of QEMU's: by the target sim, that runs the image with its flags. */
static void sockets_and_files_of_three_vfs_programs(void **state)
{
	(void)state;
	copy_project("threevfs");
	run(&r,
	    "sed -i s/5551/%u/g src/*.c CMakeLists.txt && " CONFIGURE("Unix Makefiles",
								      "") " && " BUILD,
	    free_port());
	must("build");
	run(&r, "KOSIX_RUN_ARGS='--prefix=off --until-idle --timeout=30' '" CMAKE
		"' --build build --target sim >out 2>err; sort err");
	assert_string_equal(r.text, "probe: station 7\nstation: 4 degrees\n");
}

static void pins_and_ports_are_wired_by_the_board(void **state)
{
	(void)state;
	copy_project("lamps");
	run(&r, CONFIGURE("Unix Makefiles", "") " && " BUILD);
	must("build");
	assert_true(file_exists("build/kos-image"));
	run(&r, "KOSIX_BOARD=$PWD/board KOSIX_RUN_ARGS='--prefix=off --until-idle --timeout=30' "
		"'" CMAKE "' --build build --target sim >out 2>err; sort err");
	assert_string_equal(r.text, "eye: GO 90\neye: light\nlamps: on\n");
}

static void what_lists_take_for_granted_is_there(void **state)
{
	(void)state;
	copy_project("corners");
	run(&r, CONFIGURE("Ninja", "-clang") " && " BUILD);
	must("build");
	run_image("build/kos-qemu-image", "'host: hello world' 'guest: 6 bytes' "
					  "'locks: first done' 'locks: second done'");
	assert_null(strstr(r.text, "locks: line"));
}

/* By its lines in the file that was written, unless a variable of several lines moved them. */
static void a_policy_is_named_by_the_file_whose_lines_it_has(void **state)
{
	(void)state;
	copy_project("tiny");
	run(&r, "sed -i '1i@MORE@' security.psl.in && " CONFIGURE("Ninja", "") " && " BUILD);
	must("build");
	run(&r, "grep 'security.psl' build/EinitQemu-kss/security.psl.c");
	must_say("/security.psl.in");
	run(&r, "sed -i '1i set (MORE \"// one\\n// two\")' CMakeLists.txt && " BUILD);
	must("build");
	run(&r, "grep 'security.psl' build/EinitQemu-kss/security.psl.c");
	must_say("/EinitQemu-kss/security.psl");
	assert_null(strstr(r.text, "security.psl.in"));
}

/* CMake copies interfaces and init descriptions: who mends the copy mends nothing. */
static void mistakes_are_named_in_the_file_that_was_written(void **state)
{
	(void)state;
	copy_project("tiny");
	run(&r, "sed -i s/UInt32/UInt23/ res/IPing.idl && " CONFIGURE("Ninja", "") " && " BUILD);
	assert_int_not_equal(r.status, 0);
	must_say("/more_projects/res/IPing.idl:5:13: error: unknown type 'UInt23'");
	assert_null(strstr(r.text, "_headers_/tiny/IPing.idl:"));
	run(&r, "sed -i s/UInt23/UInt32/ res/IPing.idl && sed -i 's/target: tiny.Server/&s/' "
		"init.yaml.in && " BUILD);
	assert_int_not_equal(r.status, 0);
	must_say("/init.yaml.in:5:13: error: no process is called 'tiny.Servers'");
	/* A value of several lines moved them: only the copy has the line. */
	run(&r, "sed -i '1i# $<JOIN:1;2;3,\\n# >' init.yaml.in && " BUILD);
	assert_int_not_equal(r.status, 0);
	must_say("/EinitQemu-kss/init.yaml:8:13: error: no process is called 'tiny.Servers'");
	run(&r, "sed -i '1,2d; 3i@MORE@' init.yaml.in && "
		"sed -i '1i set (MORE \"# one\\n# two\")' CMakeLists.txt && " BUILD);
	assert_int_not_equal(r.status, 0);
	must_say("/EinitQemu-kss/init.yaml:7:13: error: no process is called 'tiny.Servers'");
}

static void a_path_with_a_blank_is_no_matter(void **state)
{
	(void)state;
	run_in(TEST_WORK);
	run(&r, "cp -r '%s/ce14' 'a b'", TEST_PROJECTS);
	run(&r,
	    "cd 'a b' && " CONFIGURE("Ninja", "-gcc") " && '" CMAKE "' --build build -j2 && '" CMAKE
						      "' --build build");
	must("build");
	must_say("no work to do");
}

/* Ninja before 1.13 cannot do with a quote what make can: it is said. */
static void with_a_quote_in_its_path_a_project_is_built_once_or_warned(void **state)
{
	int major;
	int minor;

	(void)state;
	run_in(TEST_WORK);
	run(&r, "cp -r '%s/tiny' \"a'b\" && ninja --version", TEST_PROJECTS);
	assert_int_equal(sscanf(r.text, "%d.%d", &major, &minor), 2);
	run(&r, "cd \"a'b\" && " CONFIGURE("Ninja", ""));
	must("cmake");
	assert_int_equal(!strstr(r.text, "cannot read ' in the names of"), major > 1 || minor > 12);
	run(&r, "cd \"a'b\" && rm -r build && " CONFIGURE("Unix Makefiles", "") " && " BUILD);
	must("build");
	assert_null(strstr(r.text, "in the names of files"));
	run(&r, "cd \"a'b\" && " BUILD);
	must("build");
	assert_null(strstr(r.text, "Building"));
}

/* What the target gdb says to do, done; without gdb it says so, too. */
static void gdb_attaches_to_a_program_of_gdbsim(void **state)
{
	(void)state;
	copy_project("tiny");
	run(&r,
	    CONFIGURE("Unix Makefiles", "") " -D GDB= && '" CMAKE "' --build build --target gdb");
	must_say("gdb is not installed here (apt install gdb). Run the target gdbsim with "
		 "KOSIX_RUN_ARGS=--debugger=ENTITY");
	run(&r, "command -v gdb");
	if (r.status != 0)
		return;
	run(&r, CONFIGURE("Unix Makefiles", "") " -U GDB && " BUILD " && '" CMAKE
						"' --build build --target gdb");
	must("build");
	assert_null(strstr(r.text, "gdb is not installed"));
	run(&r,
	    "name=gdbsim-$$; KOSIX_RUN_ARGS=\"--name=$name --debugger=tiny.Server "
	    "--until=gdb-says --timeout=60\" '" CMAKE "' --build build --target gdbsim >out 2>&1 & "
	    "until pid=$('%s/toolchain/bin/kosix' ps $name 2>&1 | awk '/tiny.Server/ {print $2}'; "
	    "grep -q client: out) && [ \"$pid\" ]; do kill -0 $! || exit 1; sleep 0.1; done; "
	    "gdb -nx -batch -p $pid -ex 'bt -1' -ex 'call (long)write(2, \"gdb-says\\n\", 9)'; "
	    "wait $!",
	    TEST_SDK);
	must("gdbsim, until its server is told by gdb to print");
	must_say(" main () at ");
	must_say("src/server.c:");
}

/* The habits stand in the comments of the project; each has a line here or a file that is built. */
static void habits_of_real_projects_do_no_harm(void **state)
{
	(void)state;
	build_project("habits");
	run_image("build/kos-qemu-image",
		  "'server: first had 0xffffffff' 'client: 7' 'client: refused' 'client: on qemu' "
		  "'server: second had 0xffffffff' 'klog: of QEMU' 'scribe: 3 written' "
		  "'scribe: 3 read, ink' 'scribe: chdir 0, close 0' "
		  "'scribe: unlink Operation not permitted' 'scribe: listen Operation not "
		  "permitted'");
	must_say("server: first\n");
	must_say("server: second\n");
}

/* Beside QEMU's: with its own audit program, and a template of the policy that grants less. */
static void the_image_for_the_board_is_built_by_its_name(void **state)
{
	(void)state;
	copy_project("habits");
	run(&r, CONFIGURE("Unix Makefiles", "-clang") " && " BUILD " --target kos-image");
	must("build");
	assert_false(file_exists("build/kos-qemu-image"));
	run_image("build/kos-image", "'klog: of the board' 'client: refused' "
				     "'scribe: chdir -1, close 0'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(einit_may_be_a_program_of_the_project),
		cmocka_unit_test(an_env_program_configures_programs_and_vfs),
		cmocka_unit_test(a_system_program_runs_under_any_file_name),
		cmocka_unit_test(sockets_and_files_of_three_vfs_programs),
		cmocka_unit_test(a_policy_is_named_by_the_file_whose_lines_it_has),
		cmocka_unit_test(mistakes_are_named_in_the_file_that_was_written),
		cmocka_unit_test(what_lists_take_for_granted_is_there),
		cmocka_unit_test(a_path_with_a_blank_is_no_matter),
		cmocka_unit_test(with_a_quote_in_its_path_a_project_is_built_once_or_warned),
		cmocka_unit_test(gdb_attaches_to_a_program_of_gdbsim),
		cmocka_unit_test(habits_of_real_projects_do_no_harm),
		cmocka_unit_test(the_image_for_the_board_is_built_by_its_name),
		cmocka_unit_test(pins_and_ports_are_wired_by_the_board),
	};

	if (getenv("TEST_FILTER"))
		cmocka_set_test_filter(getenv("TEST_FILTER"));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
