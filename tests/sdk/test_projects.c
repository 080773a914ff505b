/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Projects written as public ones are (tests/projects): they configure, build, run, and
 * build nothing the second time. Needs the SDK installed in TEST_SDK.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "project.h"

static void a_project_of_ce_1_1_builds_and_runs(void **state)
{
	char *yaml;
	char *psl;

	(void)state;
	copy_project("ce11");
	run(&r, CONFIGURE("Unix Makefiles", ""));
	must("configure");
	must_say("NotThere.edl does not exist");
	run(&r, "'" CMAKE "' --build build -j2");
	must("build");
	run(&r, "'" CMAKE "' --build build --target counter_idl --target counter_edl");
	must("nk targets by their names");
	yaml = get_file("build/einit/EinitQemu-kss/init.yaml");
	assert_non_null(strstr(yaml, "COLOUR: red\n"));
	assert_non_null(strstr(yaml, "    args:\n    - one\n    - two\n"));
	assert_non_null(strstr(yaml, "    - target: kl.VfsRamFs\n      id: generated\n"));
	assert_non_null(strstr(yaml, "- name: kl.VfsRamFs\n  path: VfsRamFs\n  args:\n  - -l\n  "
				     "- devfs /dev devfs 0\n  env:\n    ROOTFS: ramdisk0\n"));
	assert_null(strstr(yaml, "@"));
	psl = get_file("build/einit/EinitQemu-kss/security.psl");
	assert_non_null(strstr(psl, "use kl.VfsRamFs._"));
	free(psl);
	run(&r, "grep -c '/src/security.psl.in' build/einit/EinitQemu-kss/security.psl.c");
	must("the module names what was written");
	free(yaml);
	assert_true(file_exists("build/einit/kos-qemu-image.d/bin/ntpd"));
	assert_true(file_exists("build/einit/kos-qemu-image.d/rom/mmc0.img"));
	assert_true(file_exists("build/einit/kos-qemu-image.d/rom/Limits.idl"));
	assert_true(file_exists("build/einit/kos-image"));
	assert_true(file_exists("build/_headers_/counter/Server.edl.h"));
	assert_true(file_exists("build/Server.edl.h"));
}

static void its_second_build_runs_nothing_and_a_change_what_it_must(void **state)
{
	(void)state;
	run(&r, "'" CMAKE "' --build build 2>&1 | grep -v -e 'Built target' -e mmc0.img");
	assert_string_equal(r.text, "");
	run(&r, "sed -i 's/0x5/0x3/' resources/Limits.idl && '" CMAKE "' --build build");
	must("build");
	must_say("nk-gen-c counter.Limits.idl");
	must_say("nk-gen-c counter.ICount.idl");
	must_say("nk-gen-c counter.Server.edl");
	must_say("Making image kos-qemu-image");
	assert_null(strstr(r.text, "nk-gen-c Single.edl"));
	run(&r, "'" CMAKE "' --build build --target never_edl_gen_counter.NotThere.edl");
	assert_int_not_equal(r.status, 0);
	must_say("NotThere.edl does not exist");
}

static void it_runs(void **state)
{
	(void)state;
	run_image("build/einit/kos-qemu-image", "'client: total = 6' 'server: served 3' "
						"'client: Client first red' "
						"'single: C++17 one two'");
}

static void a_project_of_ce_1_4_builds_and_runs(void **state)
{
	(void)state;
	copy_project("ce14");
	run(&r, CONFIGURE("Ninja", "-clang"));
	must("configure");
	run(&r, "'" CMAKE "' --build build -j2");
	must("build");
	run(&r, "'" CMAKE "' --build build");
	must_say("no work to do");
	run_image("build/kos-qemu-image", "'client: HELLO'");
}

/* What the client of tests/projects/kosipc prints, in this order. */
static const char kosipc_output[] = "client: 2 books\n"
				    "client: Dune, 412 pages, 2 marks\n"
				    "client: Emma, 474 pages, 0 marks\n"
				    "client: stamp 4321\n"
				    "client: turned 201 of 3 at the window\n"
				    "client: sendable 1 and 0\n"
				    "client: no title: invalid argument\n"
				    "client: fire: busy\n"
				    "client: burn: denied\n"
				    "client: long: too big\n"
				    "client: channel: not connected\n"
				    "client: endpoint: not found\n"
				    "client: lamp was 7\n"
				    "client: done\n";

static void a_project_with_kosipc_builds_and_runs(void **state)
{
	(void)state;
	copy_project("kosipc");
	run(&r, CONFIGURE("Ninja", "") " && '" CMAKE "' --build build -j2");
	must("build");
	run(&r, "'" CMAKE "' --build build");
	must_say("no work to do");
	run_image("build/kos-qemu-image", "server: done");
	must_say("server: done\n");
	assert_null(strstr(r.text, "burnt"));
	run(&r,
	    "'%s/toolchain/bin/kosix' run --prefix=off --until-idle --timeout=30 "
	    "build/kos-qemu-image 2>&1 | grep ^client",
	    TEST_SDK);
	assert_string_equal(r.text, kosipc_output);
}

static void a_task_asks_the_security_module(void **state)
{
	(void)state;
	copy_project("security");
	run(&r, CONFIGURE("Ninja", "") " && '" CMAKE "' --build build -j2");
	must("build");
	run(&r,
	    "'%s/toolchain/bin/kosix' run --prefix=off --timeout=30 build/kos-qemu-image 2>&1 | "
	    "grep ^verifier",
	    TEST_SDK);
	assert_string_equal(r.text, "verifier: 81 granted, 80 denied\n"
				    "verifier: short granted, long refused\n"
				    "verifier: no such endpoint failed\n");
}

#define PAL_TESTS "'" CMAKE "' --build build --target kos-qemu-image-PortsPalTest0-sim"

static void a_policy_is_tested_without_an_image(void **state)
{
	(void)state;
	copy_project("security");
	run(&r, CONFIGURE("Ninja", "") " && " PAL_TESTS);
	must(PAL_TESTS);
	must_say("[  PASSED  ] 2 tests");
	/* A policy that is wrong: what was expected, what came, and why. */
	run(&r, "sed -i 's/message.port > 80/message.port > 79/' src/security.psl && " PAL_TESTS);
	assert_int_not_equal(r.status, 0);
	must_say("[  FAILED  ]");
	/* The file that was written, not the one CMake made of it. */
	must_say("/src/tests.psl:10: Failure");
	must_say("Case:     the first that is low: ");
	must_say("Expected: denied\n  Got:      granted\n  Why:      ");
	must_say("security.psl:12: assert (message.port > 79) grants");
	run(&r, "sed -i 's/message.port > 79/message.port > 90/' src/security.psl && " PAL_TESTS);
	assert_int_not_equal(r.status, 0);
	must_say("Case:     a high one: ");
	must_say("Expected: granted\n  Got:      denied\n  Why:      the asserted condition is "
		 "false");
	must_say("Read:     message.port = 81 (0x51)\n");
	must_say("Grants:   at ");
	must_say("assert ((message.port > 90) || message.port == 81)");
}

static void a_project_of_ce_1_0_builds(void **state)
{
	(void)state;
	copy_project("ce10");
	run(&r, "'" CMAKE "' -B build -D CMAKE_TOOLCHAIN_FILE='" TEST_SDK
		"/toolchain/share/toolchain-arm-kos.cmake' -D CMAKE_INSTALL_PREFIX=$PWD/inst .");
	must("configure");
	run(&r, "'" CMAKE "' --build build -j2 --target install");
	must("build");
	assert_true(file_exists("inst/bin/Old"));
	assert_true(file_exists("inst/include/old/Old.idl"));
	assert_true(file_exists("inst/include/old/Old.edl.h"));
	assert_true(file_exists("inst/lib/cmake/old/old-config.cmake"));
}

static void a_project_of_many_shapes_builds_and_runs(void **state)
{
	(void)state;
	copy_project("shapes");
	run(&r, CONFIGURE("Ninja", "") " && '" CMAKE "' --build build -j2");
	must("build");
	assert_true(file_exists("build/second/second"));
	run_to_idle("build/einit/kos-qemu-image");
	assert_string_equal(r.text, "client: argument 17\n"
				    "client: argument alpha\n"
				    "client: argument beta gamma\n"
				    "client: hello\n"
				    "client: red round one\n"
				    "client: sum 42\n"
				    "server: 3 arguments, the last is 2\n"
				    "server: at most 64 characters\n"
				    "server: ping 42\n"
				    "solo: done\n");
	run(&r, "'" CMAKE "' --build build -j2");
	must_say("no work to do");
	/* A newer library is in a security module that was built with the old one. */
	run(&r, "touch '" TEST_SDK "/sysroot-aarch64-kos/lib/libksm_kss.a' && '" CMAKE
		"' --build build -j2");
	must("build");
	must_say("Building the security module of EinitQemu");
	/* A part of a policy in a folder below it. */
	run(&r, "echo 'request src=Solo { deny () }' >> einit/src/rules/some.psl && '" CMAKE
		"' --build build -j2");
	must("build");
	must_say("nk-psl-gen-c EinitQemu");
	assert_null(strstr(r.text, "nk-psl-gen-c Einit2"));
	run(&r, "'" CMAKE "' --build build --target install");
	must("install");
	assert_true(file_exists("install/bin/B"));
	assert_true(file_exists("install/include/a/Server.edl.h"));
	assert_false(file_exists("install/include/m/sub/Sums.idl"));
}

static void libraries_bring_endpoints_and_a_policy_has_parts(void **state)
{
	(void)state;
	build_project("layers");
	run(&r, "'" CMAKE "' --build build");
	must_say("no work to do");
	run_to_idle("build/solution/layers-image");
	must_say("hub: hub 1.2.3, a;b\n");
	must_say("shell: more than 1000 is denied\nshell: right = 40\n"
		 "shell: sum 42, 1000 o'clock, refused for 77\n");
	must_say("calls.psl:4: assert (message.value.number <= 1000)");
}

static void every_kind_of_type_travels(void **state)
{
	(void)state;
	build_project("zoo");
	run_to_idle("build/kos-qemu-image");
	assert_string_equal(r.text, "keeper: closed\nvisitor: done\n");
}

static void an_audit_program_gets_what_the_policy_puts_on_record(void **state)
{
	(void)state;
	build_project("audit");
	run_image("build/kos-qemu-image", "'storage: four entries'");
	must_say("storage: denied: watched.Visitor -> watche\n");
	must_say("visitor: 3 does not fit\n");
	assert_null(strstr(r.text, "door: opened with 3"));
}

static void libraries_are_linked_and_loaded(void **state)
{
	(void)state;
	build_project("plugins");
	run_to_idle("build/kos-qemu-image");
	assert_string_equal(r.text, "linked: hello from First\nloading: hello from Second\n");
}

/* Also without the SDK, as unit tests on this machine. */
static void threads_on_both_sides_of_a_channel(void **state)
{
	(void)state;
	copy_project("crowd");
	run(&r,
	    "KOSIX_RUN_ARGS='--prefix=off --until-idle --timeout=60' ./cross-build.sh -s '%s' qemu",
	    TEST_SDK);
	must("cross-build.sh");
	must_say("people: done, sum 720600 of 720600\n");
	run(&r, "cmake -B host . && cmake --build host && cd host && ctest");
	must("on this machine");
	must_say("100% tests passed");
}

static void a_vfs_program_may_be_the_projects_own(void **state)
{
	(void)state;
	copy_project("ownvfs");
	/* Also with the roots that some scripts give. */
	run(&r,
	    CONFIGURE("Ninja", "") " -D CMAKE_SYSROOT='%s/sysroot-aarch64-kos' "
				   "-D CMAKE_FIND_ROOT_PATH_MODE_PROGRAM=NEVER "
				   "-D CMAKE_FIND_ROOT_PATH_MODE_LIBRARY=ONLY "
				   "-D CMAKE_FIND_ROOT_PATH_MODE_INCLUDE=ONLY "
				   "-D CMAKE_FIND_ROOT_PATH_MODE_PACKAGE=ONLY && '" CMAKE
				   "' --build build -j2",
	    TEST_SDK);
	must("build");
	run_image("build/kos-qemu-image", "'app: done' 'vfs: up'");
	assert_null(strstr(r.text, "app: line"));
}

/*
 * What the kernel process says of a denial may come before or after what the denied program
 * prints: it goes to the file `denied`.
 */
static void make_run(const char *arguments)
{
	run(&r,
	    "KOSIX_RUN_ARGS='--prefix=off --timeout=30' make run SDK='%s' %s >told 2>&1; "
	    "status=$?; grep '^kosix: denied' told >denied; grep -v '^kosix: denied' told; "
	    "exit $status",
	    TEST_SDK, arguments);
	must("make run");
}

static void a_project_without_cmake_builds_and_runs(void **state)
{
	(void)state;
	copy_project("makefile");
	make_run("");
	must_say("ask: 8, in words: 8 apples\n");
	must_say("ask: denied\nask: 40, in words: 40 apples\n"
		 "init: asker ended with 0, answer is another\ninit: done\n");
	/* The same with a security module that is no policy. */
	run(&r, "rm out/ksm.module");
	must("rm");
	make_run("POLICY=module.c");
	must_say("module: ready, text\nask: 8, in words: 8 apples\n"
		 "ask: 26, in words: 26 apples\nask: denied\n");
	run(&r, "cat denied");
	must_say("it decided so (a security module written by hand)\n");
	run(&r,
	    "'%s/toolchain/bin/makekss' --target=aarch64-kos --module=-lksm_kss --base=0x0 "
	    "--with-nktype=psl --with-nkflags='-I .' --psl-build-type=debug security.psl",
	    TEST_SDK);
	must("makekss");
	assert_true(file_exists("ksm.module"));
}

static void files_and_sockets_are_those_of_the_vfs_program(void **state)
{
	(void)state;
	copy_project("files");
	run(&r, CONFIGURE("Unix Makefiles", "") " && '" CMAKE "' --build build -j2");
	must("build");
	run_to_idle("build/kos-qemu-image");
	must_say("denied");
	must_say("files.Writer -> ram vfs.server.Unlink");
	run(&r,
	    "'%s/toolchain/bin/kosix' run --prefix=off --until-idle --timeout=30 "
	    "build/kos-qemu-image 2>&1 | grep -v -e '^kosix: denied #[0-9]* request files.Writer "
	    "-> "
	    "ram vfs.server.Unlink: explicit deny' -e '^kosix: 1 denied; ' | sort",
	    TEST_SDK);
	assert_string_equal(r.text, "lonely: done\nreader: done\nwriter: done\n");
}

/* The programs say which check failed, in which line. */
static void posix_programs_find_what_they_may_use(void **state)
{
	(void)state;
	copy_project("posix");
	run(&r, CONFIGURE("Ninja", "") " && '" CMAKE "' --build build -j2");
	must("build");
	run(&r,
	    "'%s/toolchain/bin/kosix' run --prefix=off --until-idle --timeout=60 "
	    "build/kos-qemu-image 2>&1 | LC_ALL=C sort",
	    TEST_SDK);
	assert_string_equal(r.text, "Name     Type Running Address/mask\n"
				    "bare: done\nbare: heard\nbare: printed\n"
				    "en0      inet Yes     10.0.2.10/255.255.255.0\n"
				    "en0      mac  Yes     52:54:00:12:34:56\n"
				    "files: done\n"
				    "lo0      inet Yes     127.0.0.1/255.0.0.0\n"
				    "lo0      mac  Yes     00:00:00:00:00:00\n"
				    "net: done\nthreads: done\nthreads: on standard error\n"
				    "threads: on standard output\n");
}

static void disks_have_the_files_they_were_made_of(void **state)
{
	static const char told[] = "/card/etc/hostname: cardhost\n"
				   "/deep/note: a note\n"
				   "/deep/note: changed\n"
				   "/deep/note: not there\n"
				   "/etc/hostname: cardhost\n"
				   "/etc/hostname: changed\n"
				   "/etc/hostname: not there\n"
				   "/etc/link: cardhost\n"
				   "/etc/rom/fstab: # device folder type options\n";

	(void)state;
	copy_project("disks");
	run(&r, CONFIGURE("Ninja", "") " && '" CMAKE "' --build build -j2 --target all sd-image");
	must("build");
	/* The card of build_sd_image, twice: what the first run wrote is not there. */
	run_to_idle("build/kos-image");
	assert_string_equal(r.text, told);
	run_to_idle("build/kos-image");
	assert_string_equal(r.text, told);
	run(&r, "KOSIX_RUN_ARGS='--prefix=off --until-idle --timeout=30' '" CMAKE
		"' --build build --target sim >out 2>err; sort err");
	assert_string_equal(r.text, told);
	run(&r, "grep -l changed card/etc/hostname ram/deep/note");
	assert_string_equal(r.text, "");
}

/* An image with a link that leads out of it, and something that is no image. */
static void a_disk_leads_nowhere_else(void **state)
{
	(void)state;
	run(&r, "mkdir -p p0 outside && ln -s $PWD/outside p0/etc && tar -cf evil.img p0 && "
		"rm p0/etc && mkdir p0/etc && echo in >p0/etc/hostname && "
		"tar -rf evil.img p0/etc/hostname");
	must("tar");
	run_to_idle("--disk=mmc0=evil.img build/kos-qemu-image");
	run(&r, "ls outside");
	assert_string_equal(r.text, "");
	run_to_idle("--disk=mmc0=CMakeLists.txt build/kos-qemu-image");
	must_say("disk mmc0: CMakeLists.txt is no image that prepare_hdd_img.sh of this SDK made");
	run_to_idle("--disk=mmc0=nowhere build/kos-qemu-image");
	must_say("disk mmc0: nowhere cannot be read: No such file or directory");
	run_to_idle("--disk=mmc0=card build/kos-qemu-image");
	must_say("/etc/hostname: cardhost\n");
}

/* A killed run cannot remove its tree; the next one does, but not that of a run that lives. */
static void trees_of_files_do_not_stay(void **state)
{
	(void)state;
	run(&r,
	    "mkdir -p tmp/kosix-files-old/1 tmp/kosix-files-busy/1 tmp/other && "
	    "exec 9<tmp/kosix-files-busy && flock 9 && "
	    "TMPDIR=$PWD/tmp '%s/toolchain/bin/kosix' run --prefix=off --until-idle --timeout=30 "
	    "build/kos-qemu-image >/dev/null 2>&1; ls tmp",
	    TEST_SDK);
	assert_string_equal(r.text, "kosix-files-busy\nother\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_project_of_ce_1_1_builds_and_runs),
		cmocka_unit_test(its_second_build_runs_nothing_and_a_change_what_it_must),
		cmocka_unit_test(it_runs),
		cmocka_unit_test(a_project_of_ce_1_4_builds_and_runs),
		cmocka_unit_test(a_project_with_kosipc_builds_and_runs),
		cmocka_unit_test(a_task_asks_the_security_module),
		cmocka_unit_test(a_policy_is_tested_without_an_image),
		cmocka_unit_test(a_project_of_ce_1_0_builds),
		cmocka_unit_test(a_project_of_many_shapes_builds_and_runs),
		cmocka_unit_test(libraries_bring_endpoints_and_a_policy_has_parts),
		cmocka_unit_test(every_kind_of_type_travels),
		cmocka_unit_test(an_audit_program_gets_what_the_policy_puts_on_record),
		cmocka_unit_test(libraries_are_linked_and_loaded),
		cmocka_unit_test(threads_on_both_sides_of_a_channel),
		cmocka_unit_test(a_vfs_program_may_be_the_projects_own),
		cmocka_unit_test(a_project_without_cmake_builds_and_runs),
		cmocka_unit_test(files_and_sockets_are_those_of_the_vfs_program),
		cmocka_unit_test(trees_of_files_do_not_stay),
		cmocka_unit_test(posix_programs_find_what_they_may_use),
		cmocka_unit_test(disks_have_the_files_they_were_made_of),
		cmocka_unit_test(a_disk_leads_nowhere_else),
	};

	/* TEST_FILTER='*layers*' runs some of them; all take minutes. */
	if (getenv("TEST_FILTER"))
		cmocka_set_test_filter(getenv("TEST_FILTER"));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
