/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The CMake modules, with projects written as public ones are (tests/projects): they
 * configure, build, run, and build nothing the second time; wrong arguments are
 * refused with an error that says what to do. Needs the SDK installed in TEST_SDK.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "run.h"

static struct run r;

#define TOOLCHAIN TEST_SDK "/toolchain/share/toolchain-aarch64-kos"
#define CMAKE     TEST_SDK "/toolchain/bin/cmake"

/* Configures as public scripts do: an unset prefix gives a find root that is not there. */
#define CONFIGURE(generator, suffix)                                                               \
	"'" CMAKE "' -G '" generator "' -B build -D CMAKE_BUILD_TYPE:STRING=Debug "                \
	"-D CMAKE_INSTALL_PREFIX:STRING=$PWD/install "                                             \
	"-D CMAKE_FIND_ROOT_PATH=/sysroot-aarch64-kos "                                            \
	"-D CMAKE_TOOLCHAIN_FILE='" TOOLCHAIN suffix ".cmake' ."

static void must(const char *what)
{
	if (r.status != 0)
		fail_msg("%s ended with %d:\n%s", what, r.status, r.text);
}

static void must_say(const char *text)
{
	if (!strstr(r.text, text))
		fail_msg("expected \"%s\" in:\n%s", text, r.text);
}

static void copy_project(const char *name)
{
	run_in(TEST_WORK);
	run(&r, "cp -r '%s/%s/.' .", TEST_PROJECTS, name);
	must("cp");
}

/*
 * Runs an image until it has said every one of @texts, a list of words for the shell;
 * entities that serve for ever are then ended. What is not among them may be missing:
 * entities run beside each other, and none waits for another that it does not call.
 */
static void run_image(const char *image, const char *texts)
{
	run(&r, "'%s' '%s' '%s' %s", TEST_RUN_IMAGE, TEST_SDK "/toolchain/bin/kosix", image, texts);
	must("the solution");
}

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
	yaml = get_file("build/einit/EinitQemu-kss/init.yaml");
	assert_non_null(strstr(yaml, "COLOUR: red\n"));
	assert_non_null(strstr(yaml, "    args:\n    - one\n    - two\n"));
	assert_non_null(strstr(yaml, "    - target: kl.VfsRamFs\n      id: generated\n"));
	assert_non_null(strstr(yaml, "- name: kl.VfsRamFs\n  path: VfsRamFs\n  args:\n  - -l\n  "
				     "- devfs /dev devfs 0\n  env:\n    ROOTFS: ramdisk0\n"));
	assert_null(strstr(yaml, "@"));
	psl = get_file("build/einit/EinitQemu-kss/security.psl");
	assert_non_null(strstr(psl, "\nuse kl.VfsRamFs._\n"));
	free(psl);
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

/* Until no entity can go on; what they print is compared as sorted lines. */
static void run_to_idle(const char *image)
{
	run(&r,
	    "'%s/toolchain/bin/kosix' run --prefix=off --until-idle --timeout=30 %s 2>&1 | sort",
	    TEST_SDK, image);
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

static void packages_have_their_sdk_names(void **state)
{
	(void)state;
	run_in(TEST_WORK);
	put_file("CMakeLists.txt", "cmake_minimum_required(VERSION 3.12)\nproject(p C)\n"
				   "foreach(p vfs precompiled_vfs rump bsp gpio uart i2c dnet "
				   "dnet_brcmfmac wpa entropy tls\n"
				   "    blob_container ns klog klog_storage kss logger "
				   "logrr_server camera blkdev sdcard env LWEXT4 VFAT)\n"
				   "  find_package(${p} REQUIRED)\n"
				   "endforeach()\n"
				   "foreach(v vfs_CLIENT_LIB vfs_ENTITY precompiled_vfsVfsNet "
				   "precompiled_vfsVfsSdCardFs\n"
				   "    rump_DHCPCD_ENTITY bsp_CLIENT_LIB gpio_CLIENT_LIB "
				   "uart_CLIENT_LIB i2c_CLIENT_LIB\n"
				   "    dnet_ENTITY dnet_IMPLEMENTATION_LIB wpa_CLIENT_LIB "
				   "wpa_SUPPLICANT_ENTITY blkdev_ENTITY\n"
				   "    klog_SYSTEM_AUDIT_LIB klog_storage_SERVER_LIB "
				   "env_SERVER_LIB logger_LIB ns_ENTITY)\n"
				   "  if(NOT TARGET ${${v}})\n    message(FATAL_ERROR \"${v} is no "
				   "target\")\n  endif()\n"
				   "endforeach()\n"
				   "add_executable(x x.c)\n"
				   "target_link_libraries(x ${gpio_CLIENT_LIB} ${bsp_CLIENT_LIB} "
				   "${vfs_CLIENT_LIB} kssaudit)\n"
				   "find_package(kosipc)\n");
	put_file("x.c",
		 "#include <stddef.h>\n#include <bsp/bsp.h>\n#include <gpio/gpio.h>\n"
		 "int main(void) { return BspInit(NULL) == BSP_EOK && GpioInit() == rcOk; }\n");
	run(&r, CONFIGURE("Ninja", "") " && '" CMAKE "' --build build");
	must("build");
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
	    "build/kos-qemu-image 2>&1 | grep -v denied | sort",
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
	    "build/kos-qemu-image 2>&1 | grep -v -e inet -e mac -e ^Name | sort",
	    TEST_SDK);
	assert_string_equal(r.text, "bare: done\nbare: heard\nbare: printed\nfiles: done\n"
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

#define HEAD "cmake_minimum_required(VERSION 3.12)\nproject(p C)\n"
#define WITH "include(platform)\ninitialize_platform()\ninclude(platform/image)\n"

static void expect_configure_error(const char *list, const char *message)
{
	run_in(TEST_WORK);
	put_file("a.edl", "entity a.A\n");
	put_file("init.yaml", "entities: []\n");
	put_file("security.psl", "use EDL Einit\n");
	put_file("main.c", "int main(void) { return 0; }\n");
	put_file("CMakeLists.txt", list);
	run(&r, CONFIGURE("Ninja", ""));
	assert_int_not_equal(r.status, 0);
	must_say(message);
}

static void wrong_arguments_are_refused_with_advice(void **state)
{
	(void)state;
	run_in(TEST_WORK);
	put_file("b/a.edl", "entity a.B\n");
	run(&r, "cp -r b %s.b", TEST_WORK);
	expect_configure_error(HEAD WITH
			       "nk_build_edl_files(x NK_MODULE a EDL a.edl ../projects.b/a.edl)\n",
			       "two files would both be");
	expect_configure_error(HEAD WITH "nk_build_edl_files(x NK_MODULE a)\n",
			       "no EDL files given");
	expect_configure_error(HEAD WITH "nk_build_edl_files(x MODULE a EDL a.edl)\n",
			       "unexpected argument(s)");
	expect_configure_error(HEAD WITH "nk_build_edl_files(x NK_MODULE a EDL main.c)\n",
			       "is no .idl,");
	expect_configure_error(HEAD WITH
			       "add_executable(x main.c)\nnk_build_edl_files(x EDL a.edl)\n",
			       "already a target of another kind");
	expect_configure_error(HEAD WITH "build_kos_qemu_image(i CONNECTIONS_CFG init.yaml)\n",
			       "EINIT_ENTITY is not given");
	expect_configure_error(HEAD WITH
			       "build_kos_qemu_image(i EINIT_ENTITY E CONNECTIONS_CFG no.yaml "
			       "SECURITY_PSL security.psl)\n",
			       "no.yaml does not exist");
	expect_configure_error(HEAD WITH
			       "build_kos_qemu_image(i EINIT_ENTITY E CONNECTIONS_CFG init.yaml "
			       "SECURITY_PSL security.psl IMAGE_FILES Cliemt)\n",
			       "IMAGE_FILES names \"Cliemt\"");
	expect_configure_error(HEAD WITH "project_header_default(STANDARD_GNU_11)\n",
			       "is not FEATURE:VALUE");
	expect_configure_error(HEAD WITH "bind_nk_targets(a b)\n", "there is no target a");
}

static void missing_things_are_named(void **state)
{
	(void)state;
	expect_configure_error("cmake_minimum_required(VERSION 99.1)\nproject(p C)\n",
			       "asks for CMake 99.1, and this machine has");
	expect_configure_error(HEAD
			       "set(CMAKE_IGNORE_PATH /usr/include /usr/include/x86_64-linux-gnu)\n"
			       "find_package(mosquitto REQUIRED)\n",
			       "apt-get install libmosquittopp-dev");
	expect_configure_error(HEAD "set(CMAKE_IGNORE_PREFIX_PATH / /usr /usr/local)\n"
				    "find_package(OpenCV CONFIG REQUIRED)\n",
			       "libopencv-dev");
}

static void links_are_made_and_removed(void **state)
{
	(void)state;
	run_in(TEST_WORK);
	run(&r, "'%s/toolchain/bin/sdk-links' --dir opt --version 9.8.7.6 '%s' && ls opt/*-9.8.7.6",
	    TEST_SDK, TEST_SDK);
	must("sdk-links");
	run(&r,
	    "mkdir -p opt && rm opt/KasperskyOS-Local-Edition && mkdir "
	    "opt/KasperskyOS-Local-Edition; "
	    "'%s/toolchain/bin/sdk-links' --dir opt '%s'; ls opt | wc -l",
	    TEST_SDK, TEST_SDK);
	must_say("KasperskyOS-Local-Edition is not a link");
	must_say("\n19\n");
	assert_true(file_exists("opt/KasperskyOS-Community-Edition-1.1.1.13/toolchain/bin/einit"));
	put_file("CMakeLists.txt",
		 HEAD "message(STATUS \"version ${CMAKE_SYSTEM_VERSION}\")\n"
		      "include(platform)\ninitialize_platform()\n"
		      "if(PLATFORM_SUPPORTS_DYNAMIC_LINKING)\n  message(FATAL_ERROR static)\n"
		      "endif()\n");
	run(&r,
	    "cmake -B b -D CMAKE_TOOLCHAIN_FILE=$PWD/opt/KasperskyOS-Community-Edition-1.1.1.13/"
	    "toolchain/share/toolchain-aarch64-kos.cmake");
	must("configure");
	must_say("version 1.1.1.13");
	run(&r, "'%s/toolchain/bin/sdk-links' --remove --version 9.8.7.6 --dir opt '%s' && ls opt",
	    TEST_SDK, TEST_SDK);
	assert_string_equal(r.text, "KasperskyOS-Local-Edition\n");
	run(&r, "'%s/toolchain/bin/sdk-links' --dir opt /nowhere", TEST_SDK);
	assert_int_equal(r.status, 1);
}

static void a_makefile_project_gets_an_image(void **state)
{
	(void)state;
	run_in(TEST_WORK);
	put_file("hello.c", "#include <stdio.h>\nint main(int n, char **a) {\n"
			    "fprintf(stderr, \"hello %s\\n\", n > 1 ? a[1] : \"\"); return 7; }\n");
	put_file("init.c",
		 "#include <stdio.h>\n#include <stdlib.h>\n#include <coresrv/entity/entity_api.h>\n"
		 "static const EntityInfo info = { .eiid = \"Hello\", .endpoints = NK_NULL };\n"
		 "int main(void) {\n"
		 "const char *args[] = { \"Hello\", \"world\", RTL_NULL };\n"
		 "Entity *e = EntityInitEx(&info, \"Hello\", \"Hello\");\n"
		 "Entity *late = EntityInitEx(&info, \"Late\", \"Hello\");\n"
		 "rtl_uint32_t code = 0;\n"
		 "if (!e || !late || EntitySetArgs(e, args) != rcOk) return EXIT_FAILURE;\n"
		 "if (EntitySetArgs(RTL_NULL, args) != rcInvalidArgument) return EXIT_FAILURE;\n"
		 "if (EntityInitEx(&info, \"Hello\", \"Hello\")) return EXIT_FAILURE;\n"
		 "if (EntityConnect(e, late) != rcOk) return EXIT_FAILURE;\n"
		 "if (EntityRun(e) != rcOk || EntityWait(e, 20000, &code) != rcOk) return "
		 "EXIT_FAILURE;\n"
		 "if (EntityStop(late) != rcOk) return EXIT_FAILURE;\n"
		 "fprintf(stderr, \"init: exit code %u\\n\", code); return EXIT_SUCCESS; }\n");
	run(&r,
	    "b='%s/toolchain/bin'; $b/aarch64-kos-clang hello.c -o Hello && "
	    "$b/aarch64-kos-clang --target=aarch64-kos -static -no-pie init.c -o Init && "
	    "$b/kos_make_kimg --target=aarch64-kos --with-extra-ldflags=-no-pie --sys-root=x "
	    "--with-toolchain=x --with-compiler=clang --ldscript=x --img-src=x "
	    "--img-dst=kos-qemu-image "
	    "--max-filesize= --with-init=Init Hello && $b/kosix-image check kos-qemu-image",
	    TEST_SDK);
	must("kos_make_kimg");
	run_image("kos-qemu-image", "'init: exit code 7' 'hello world'");
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
		cmocka_unit_test(a_project_of_ce_1_0_builds),
		cmocka_unit_test(a_project_of_many_shapes_builds_and_runs),
		cmocka_unit_test(packages_have_their_sdk_names),
		cmocka_unit_test(files_and_sockets_are_those_of_the_vfs_program),
		cmocka_unit_test(trees_of_files_do_not_stay),
		cmocka_unit_test(posix_programs_find_what_they_may_use),
		cmocka_unit_test(disks_have_the_files_they_were_made_of),
		cmocka_unit_test(a_disk_leads_nowhere_else),
		cmocka_unit_test(a_path_with_a_blank_is_no_matter),
		cmocka_unit_test(wrong_arguments_are_refused_with_advice),
		cmocka_unit_test(missing_things_are_named),
		cmocka_unit_test(links_are_made_and_removed),
		cmocka_unit_test(a_makefile_project_gets_an_image),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
