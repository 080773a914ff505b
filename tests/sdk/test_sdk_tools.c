/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The SDK without a project of our own: packages are found under their names, wrong
 * arguments are refused with an error that says what to do, links and images are made.
 * Needs the SDK installed in TEST_SDK.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "project.h"

static void packages_have_their_sdk_names(void **state)
{
	(void)state;
	run_in(TEST_WORK);
	put_file("CMakeLists.txt", "cmake_minimum_required(VERSION 3.12)\nproject(p C)\n"
				   "foreach(p vfs precompiled_vfs rump bsp gpio uart i2c dnet "
				   "dnet_brcmfmac wpa entropy tls\n"
				   "    blob_container ns klog klog_storage kss logger "
				   "logrr_server camera ntpd blkdev sdcard env LWEXT4 VFAT)\n"
				   "  find_package(${p} REQUIRED)\n"
				   "endforeach()\n"
				   "foreach(v vfs_CLIENT_LIB vfs_ENTITY precompiled_vfsVfsNet "
				   "precompiled_vfsVfsSdCardFs\n"
				   "    rump_DHCPCD_ENTITY bsp_CLIENT_LIB gpio_CLIENT_LIB "
				   "uart_CLIENT_LIB i2c_CLIENT_LIB\n"
				   "    dnet_ENTITY dnet_IMPLEMENTATION_LIB wpa_CLIENT_LIB "
				   "wpa_SUPPLICANT_ENTITY blkdev_ENTITY\n"
				   "    klog_SYSTEM_AUDIT_LIB klog_storage_SERVER_LIB "
				   "env_SERVER_LIB logger_LIB ns_ENTITY ntpd_ENTITY)\n"
				   "  if(NOT TARGET ${${v}})\n    message(FATAL_ERROR \"${v} is no "
				   "target\")\n  endif()\n"
				   "endforeach()\n"
				   "get_target_property(c logrr_server::default_entity "
				   "KOSIX_CLASS)\n"
				   "if(NOT c STREQUAL logrr.LogrrServer)\n"
				   "  message(FATAL_ERROR \"class ${c}\")\nendif()\n"
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
	cmake_must_say(message);
}

static void wrong_arguments_are_refused_with_advice(void **state)
{
	(void)state;
	run_in(TEST_WORK);
	put_file("b/a.edl", "entity a.B\n");
	run(&r, "cp -r b %s.b", TEST_WORK);
	expect_configure_error(HEAD WITH
			       "nk_build_edl_files(x NK_MODULE a EDL a.edl ../sdk_tools.b/a.edl)\n",
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
			       "SECURITY_PSL security.psl IMAGE_FILLS main.c)\n"
			       "message(FATAL_ERROR end)\n",
			       "argument IMAGE_FILLS is not known here");
	expect_configure_error(HEAD WITH
			       "build_kos_qemu_image(i EINIT_ENTITY E CONNECTIONS_CFG init.yaml "
			       "SECURITY_PSL security.psl OTHER_SDK 7)\n"
			       "message(FATAL_ERROR end)\n",
			       "\"7\" is taken for the value of OTHER_SDK");
	expect_configure_error(HEAD WITH
			       "build_kos_qemu_image(i EINIT_ENTITY E CONNECTIONS_CFG init.yaml "
			       "SECURITY_PSL security.psl IMAGE_FILLS x)\n"
			       "add_executable(x main.c)\n",
			       "and the program x");
	expect_configure_error(HEAD WITH
			       "build_kos_qemu_image(i EINIT_ENTITY E CONNECTIONS_CFG init.yaml "
			       "SECURITY_PSL security.psl OTHER_SDK TRUE Cliemt)\n",
			       "IMAGE_FILES names \"Cliemt\"");
	expect_configure_error(HEAD WITH "include(vfs_server/custom_vfs_server)\n"
					 "create_custom_vfs_server(SOURCES main.c)\n",
			       "no name given");
	expect_configure_error(HEAD WITH "project_header_default(STANDARD_GNU_11)\n",
			       "is not FEATURE:VALUE");
	expect_configure_error(HEAD WITH "bind_nk_targets(a b)\n", "there is no target a");
}

#define IMAGE                                                                                      \
	"build_kos_qemu_image(i EINIT_ENTITY E CONNECTIONS_CFG init.yaml SECURITY_PSL "            \
	"security.psl)\n"

static void what_is_nothing_is_answered_with_what_there_is(void **state)
{
	(void)state;
	expect_configure_error(HEAD WITH
			       "add_executable(Client main.c)\n"
			       "build_kos_qemu_image(i EINIT_ENTITY E CONNECTIONS_CFG init.yaml "
			       "SECURITY_PSL security.psl IMAGE_FILES Cliemt)\n",
			       "IMAGE_FILES names \"Cliemt\"");
	cmake_must_say("Programs so far: Client.");
	expect_configure_error(HEAD WITH
			       "find_package(dcm)\n"
			       "build_kos_qemu_image(i EINIT_ENTITY E CONNECTIONS_CFG init.yaml "
			       "SECURITY_PSL security.psl IMAGE_FILES dcm::dcm)\n",
			       "Of dcm:: there is so far: dcm::entity");
}

static void names_that_are_taken_are_said(void **state)
{
	(void)state;
	expect_configure_error(HEAD WITH "add_executable(E main.c)\n" IMAGE,
			       "there is already a target E, maybe of another image");
	expect_configure_error(HEAD WITH IMAGE
			       "build_kos_hw_image(j EINIT_ENTITY E CONNECTIONS_CFG init.yaml "
			       "SECURITY_PSL security.psl)\n",
			       "Give each image an EINIT_ENTITY of its own");
	expect_configure_error(HEAD WITH "add_executable(i main.c)\n" IMAGE,
			       "there is already a target of this name");
}

static void words_that_mean_nothing_are_said(void **state)
{
	(void)state;
	expect_configure_error(HEAD WITH "build_kos_qemu_image(i EINIT_ENTITY E)\n",
			       "SECURITY_PSL is not given (as in SECURITY_PSL security.psl.in)");
	expect_configure_error(HEAD WITH "generate_edl_file(Foo PREFIX a EDL_COMPONENTS kl.Env)\n",
			       "\"kl.Env\" is no \"instance: Component\"");
	expect_configure_error(HEAD WITH "file(MAKE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/D.edl)\n"
					 "nk_build_edl_files(x EDL D.edl)\n",
			       "D.edl is a folder");
	expect_configure_error(HEAD "find_package(gpio REQUIRED COMPONENTS CLIENT_LIB ENTITY)\n"
				    "find_package(rump REQUIRED COMPONENTS DHCP_ENTITY)\n"
				    "message(FATAL_ERROR end)\n",
			       "package rump has no component DHCP_ENTITY here, and "
			       "rump_DHCP_ENTITY is not set; it has: DHCPCD_CLIENT_LIB, "
			       "DHCPCD_ENTITY");
	assert_null(strstr(r.text, "gpio"));
}

/* Build folders stay usable only with the SDK where it was; a moved one makes new ones. */
static void an_sdk_may_be_moved_and_its_toolchain_file_not(void **state)
{
	(void)state;
	run_in(TEST_WORK);
	put_file("CMakeLists.txt", HEAD);
	run(&r, "cp '%s.cmake' t.cmake && cmake -B b -D CMAKE_TOOLCHAIN_FILE=t.cmake", TOOLCHAIN);
	assert_int_not_equal(r.status, 0);
	cmake_must_say("t.cmake is not in an SDK");
	run(&r,
	    "cp -r '%s' sdk && mv sdk moved && cmake -B c -D CMAKE_TOOLCHAIN_FILE="
	    "moved/toolchain/share/toolchain-aarch64-kos.cmake && cmake --build c",
	    TEST_SDK);
	must("a moved SDK");
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

/* What policies and init.yaml of public projects name, and the package and target of each. */
static const struct {
	const char *class_name, *package, *target;
} system_programs[] = {
	{"kl.VfsEntity", "vfs", "vfs::entity"},
	{"kl.VfsNet", "precompiled_vfs", "precompiled_vfs::VfsNet"},
	{"kl.VfsRamFs", "precompiled_vfs", "precompiled_vfs::VfsRamFs"},
	{"kl.VfsSdCardFs", "precompiled_vfs", "precompiled_vfs::VfsSdCardFs"},
	{"kl.rump.Dhcpcd", "rump", "rump::dhcpcd_entity"},
	{"kl.Ntpd", "ntpd", "ntpd::entity"},
	{"kl.EntropyEntity", "entropy", "entropy::entity"},
	{"kl.TlsEntity", "tls", "tls::entity"},
	{"kl.bc.BlobContainer", "blob_container", "blob_container::entity"},
	{"kl.core.NameServer", "ns", "ns::entity"},
	{"kl.core.DCM", "dcm", "dcm::entity"},
	{"kl.drivers.BSP", "bsp", "bsp::entity"},
	{"kl.drivers.GPIO", "gpio", "gpio::entity"},
	{"kl.drivers.UART", "uart", "uart::entity"},
	{"kl.drivers.I2C", "i2c", "i2c::entity"},
	{"kl.drivers.SDCard", "sdcard", "sdcard::entity"},
	{"kl.drivers.RAMDisk", "blkdev", "blkdev::entity"},
	{"kl.drivers.ATA", "ata", "ata::entity"},
	{"kl.drivers.USB", "usb", "usb::entity"},
	{"kl.drivers.PCIE", "pcie", "pcie::entity"},
	{"kl.drivers.PinCtrl", "pinctrl", "pinctrl::entity"},
	{"kl.drivers.Bcm2711MboxArmToVc", "bcm2711_mbox", "bcm2711_mbox::entity"},
	{"kl.drivers.DNetSrv", "dnet", "dnet::entity"},
	{"kl.drivers.DNetSrvMbim", "dnet_mbim", "dnet_mbim::server"},
	{"kl.drivers.DNetBrcmfmacSrv", "dnet_brcmfmac", "dnet_brcmfmac::server"},
	{"wpa.WpaSupplicant", "wpa", "wpa::supplicant_entity"},
	{"logrr.LogrrServer", "logrr_server", "logrr_server::LogrrServer"},
	{"logrr.LogrrFsOutputChannel", "logrr_fs_output_channel",
	 "logrr_fs_output_channel::LogrrFsOutputChannel"},
	{"logrr.Server", "logrr_server", "logrr_server::Server"},
	{"logrr.FsOutputChannel", "logrr_fs_output_channel",
	 "logrr_fs_output_channel::FsOutputChannel"},
	{"package_manager.PkgMgrEntity", "package_manager", "package_manager::entity"},
	{"execution_manager.ExecMgrEntity", "execution_manager", "execution_manager::entity"},
};
#define SYSTEM_PROGRAMS (sizeof(system_programs) / sizeof(system_programs[0]))

/* Whether the policy compiler accepts a policy that knows @class_name by @use. */
static void must_compile(const char *use, const char *class_name)
{
	char policy[512];

	(void)snprintf(policy, sizeof(policy),
		       "use nk.base._\nuse EDL kl.core.Core\n%s\nexecute { grant () }\n"
		       "request { grant () }\nrequest dst=%s { grant () }\nresponse { grant () }\n",
		       use, class_name);
	put_file("p.psl", policy);
	run(&r,
	    "'%s/toolchain/bin/nk-psl-gen-c' -I '%s/toolchain/include' "
	    "-I '%s/sysroot-aarch64-kos/include' -o p.c p.psl",
	    TEST_SDK, TEST_SDK, TEST_SDK);
	must(use);
	assert_null(strstr(r.text, "warning"));
}

static void policies_know_every_system_program(void **state)
{
	char use[256];

	(void)state;
	run_in(TEST_WORK);
	for (size_t i = 0; i < SYSTEM_PROGRAMS; i++) {
		const char *name = system_programs[i].class_name;

		(void)snprintf(use, sizeof(use), "use EDL %s", name);
		must_compile(use, name);
		(void)snprintf(use, sizeof(use), "use %s._", name);
		must_compile(use, name);
	}
	must_compile("use logrr.Server._", "logrr.LogrrServer");
	must_compile("use logrr.FsOutputChannel._", "logrr.LogrrFsOutputChannel");
}

/* Each is in the list of the image; init.yaml names it, and the policy by the SDK's doing. */
static void an_image_takes_every_system_program(void **state)
{
	FILE *list;

	(void)state;
	run_in(TEST_WORK);
	put_file("security.psl.in", "use nonsecurity._\nuse EDL Einit\nuse EDL kl.core.Core\n"
				    "@INIT_EXTERNAL_ENTITIES@\n");
	put_file("CMakeLists.txt", HEAD WITH "set(init ${CMAKE_BINARY_DIR}/init.yaml)\n"
					     "file(WRITE ${init} \"entities:\\n\")\n");
	list = fopen("CMakeLists.txt", "a");
	assert_non_null(list);
	for (size_t i = 0; i < SYSTEM_PROGRAMS; i++)
		(void)fprintf(list,
			      "find_package(%s REQUIRED)\nlist(APPEND all %s)\n"
			      "get_target_property(path %s KOSIX_PROGRAM)\n"
			      "file(APPEND ${init} \"- name: %s\\n  path: ${path}\\n\")\n",
			      system_programs[i].package, system_programs[i].target,
			      system_programs[i].target, system_programs[i].class_name);
	(void)fprintf(list, "build_kos_qemu_image(kos-qemu-image EINIT_ENTITY EinitQemu "
			    "CONNECTIONS_CFG ${init} SECURITY_PSL security.psl.in "
			    "IMAGE_FILES ${all})\n");
	assert_int_equal(fclose(list), 0);
	run(&r, CONFIGURE("Ninja", "") " && '" CMAKE "' --build build --target kos-qemu-image");
	must("build");
	run(&r, "ls build/kos-qemu-image.d/bin");
	must_say("PkgMgrEntity");
}

static void makekss(const char *arguments, int status, const char *says)
{
	run(&r, "'%s/toolchain/bin/makekss' --with-nk=echo --with-cc=true %s", TEST_SDK, arguments);
	assert_int_equal(r.status, status);
	must_say(says);
}

static void makekss_takes_its_arguments_as_they_are_meant(void **state)
{
	(void)state;
	run_in(TEST_WORK);
	makekss("--ginger-enable s.psl", 0, "--enable-preprocessor");
	makekss("--ginger-enable=FALSE s.psl", 0, "s.psl");
	assert_null(strstr(r.text, "--enable-preprocessor"));
	makekss("--ginger-enable=maybe s.psl", 2, "neither TRUE nor FALSE");
	makekss("-I dir --target aarch64-kos s.psl", 0, "-Idir");
	makekss("--module=-lksm_kss-qemu s.psl", 0, "s.psl");
	makekss("--module=-lother s.psl", 2, "the models are in -lksm_kss");
	makekss("other s.psl", 2, "other is no .psl file");
	makekss("--with-cc=./none s.psl", 1, "./none");
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
		cmocka_unit_test(packages_have_their_sdk_names),
		cmocka_unit_test(wrong_arguments_are_refused_with_advice),
		cmocka_unit_test(what_is_nothing_is_answered_with_what_there_is),
		cmocka_unit_test(names_that_are_taken_are_said),
		cmocka_unit_test(words_that_mean_nothing_are_said),
		cmocka_unit_test(an_sdk_may_be_moved_and_its_toolchain_file_not),
		cmocka_unit_test(missing_things_are_named),
		cmocka_unit_test(policies_know_every_system_program),
		cmocka_unit_test(an_image_takes_every_system_program),
		cmocka_unit_test(makekss_takes_its_arguments_as_they_are_meant),
		cmocka_unit_test(links_are_made_and_removed),
		cmocka_unit_test(a_makefile_project_gets_an_image),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
