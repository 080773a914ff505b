/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What a person can get wrong before a solution starts: init files, programs,
 * modules, names; and every call with garbage. Each must end at once with exit status
 * 3 and a line that names the place, and leave nothing behind.
 */

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "folder.h"

/* --- init files ---------------------------------------------------------------------------- */

#define LONG                                                                                       \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
	"aaaaaaaa"                                                                                 \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
	"aaaaaaaa"

static const struct {
	const char *text;
	size_t length;
	const char *place; /* in the message */
	const char *says;
} init_files[] = {
	{TEXT(""), "init.yaml:1:1: ", "error"},
	{TEXT("\n\n# nothing\n"), "init.yaml:", "error"},
	{TEXT("entities"), "init.yaml:1:1: ", "not an init file"},
	{TEXT("[]"), "init.yaml:1:1: ", "not an init file"},
	{TEXT("entities:\n"), "init.yaml:1:", "error"},
	{TEXT("entities: {}\n"), "init.yaml:1:11: ", "error"},
	{TEXT("entities: 7\n"), "init.yaml:1:11: ", "error"},
	{TEXT("entities:\n- 7\n"), "init.yaml:2:3: ", "error"},
	{TEXT("entities:\n- []\n"), "init.yaml:2:3: ", "error"},
	{TEXT("entities:\n-\n"), "init.yaml:2:", "error"},
	{TEXT("entities:\n\t- name: A\n"), "init.yaml:2:1: ", "not valid YAML"},
	{TEXT("entities:\n- name: \"A\n"), "init.yaml:", "not valid YAML"},
	{TEXT("entities:\n- name: A\n name: B\n"), "init.yaml:3:", "not valid YAML"},
	{TEXT("entities:\n- name: *nothing\n"), "init.yaml:2:9: ", "not valid YAML"},
	{TEXT("entities:\n- name: A\0B\n"), "init.yaml:", "not valid YAML"},
	{TEXT("\x7f\x45LF\x02\x01\x01\0\0\0\0"), "init.yaml:", "not valid YAML"},
	{TEXT("entities:\n- name: \xff\xfe\xfd\n"), "init.yaml:", "not valid YAML"},
	{TEXT("\xff\xfe"
	      "e\0n\0t\0i\0t\0i\0e\0s\0"),
	 "init.yaml:", "error"},
	{TEXT("entities:\n- name: {a: b}\n"), "init.yaml:2:9: ", "\"name\" must be a name"},
	{TEXT("entities:\n- name: \"\"\n"), "init.yaml:2:9: ", "\"name\" must be a name"},
	{TEXT("entities:\n- {name: A, task: []}\n"), "init.yaml:2:19: ", "\"task\" must be"},
	{TEXT("entities:\n- {name: A, path: ''}\n"), "init.yaml:2:19: ", "\"path\" must be"},
	{TEXT("entities:\n- name: " LONG "\n"), "init.yaml:2:9: ", "longer than 127"},
	{TEXT("entities:\n- {name: A, args: x}\n"), "init.yaml:2:19: ", "must be a list"},
	{TEXT("entities:\n- {name: A, args: [[x]]}\n"), "init.yaml:2:20: ", "text or a number"},
	{TEXT("entities:\n- {name: A, args: [\"a\\0b\"]}\n"),
	 "init.yaml:2:20: ", "text or a number"},
	{TEXT("entities:\n- {name: A, env: [x]}\n"), "init.yaml:2:18: ", "must be a map"},
	{TEXT("entities:\n- {name: A, env: {\"X=Y\": z}}\n"), "init.yaml:2:19: ", "NAME: VALUE"},
	{TEXT("entities:\n- {name: A, env: {\"\": z}}\n"), "init.yaml:2:19: ", "NAME: VALUE"},
	{TEXT("entities:\n- {name: A, env: {X: [z]}}\n"), "init.yaml:2:19: ", "NAME: VALUE"},
	{TEXT("entities:\n- {name: A, connections: x}\n"), "init.yaml:2:26: ", "error"},
	{TEXT("entities:\n- {name: A, connections: [x]}\n"), "init.yaml:2:27: ", "error"},
	{TEXT("entities:\n- {name: A, connections: [{target: A}]}\n"),
	 "init.yaml:2:27: ", "\"id\""},
	{TEXT("entities:\n- {name: A, connections: [{id: A}]}\n"),
	 "init.yaml:2:27: ", "\"target\""},
	{TEXT("entities:\n- {name: A, connections: [{target: A, id: " LONG "}]}\n"),
	 "init.yaml:2:43: ", "longer than 127"},
	{TEXT("entities:\n- {name: A, path: ../part}\n"), "init.yaml:2:19: ", "outside"},
	{TEXT("entities:\n- {name: A, path: /bin/sh}\n"), "init.yaml:2:19: ", "outside"},
	{TEXT("entities: [{name: A}]\nentities: [{name: B}]\n"), "init.yaml:2:1: ", "twice"},
	{TEXT("--- {entities: [{name: A}]}\n--- {entities: [{name: B}]}\n"),
	 "init.yaml:2:", "error"},
};

static void broken_init_files_are_refused_with_their_place(void **state)
{
	static struct rig rig;

	(void)state;
	for (size_t i = 0; i < sizeof(init_files) / sizeof(*init_files); i++) {
		put("init.yaml", init_files[i].text, init_files[i].length, 0644);
		run_file(&rig, "init.yaml", NULL);
		expect_refused(&rig, init_files[i].text, init_files[i].place, init_files[i].says);
	}
}

/* Lists in lists, aliases of aliases: time and memory stay bounded. */
static void init_files_that_explode_are_refused(void **state)
{
	static struct rig rig;
	static char text[200000];
	size_t used;

	(void)state;
	memset(text, '[', sizeof(text) - 1);
	put("init.yaml", text, sizeof(text) - 1, 0644);
	run_file(&rig, "init.yaml", NULL);
	expect_refused(&rig, "200,000 brackets", "init.yaml:1:", "brackets");
	used = (size_t)snprintf(text, sizeof(text), "a0: &a0 [x]\n");
	for (int i = 1; i < 60; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "a%d: &a%d [*a%d, *a%d, *a%d]\n", i, i, i - 1, i - 1,
					 i - 1);
	used += (size_t)snprintf(text + used, sizeof(text) - used,
				 "entities:\n- {name: A, args: *a59}\n");
	put("init.yaml", text, used, 0644);
	run_file(&rig, "init.yaml", NULL);
	expect_refused(&rig, "aliases", "init.yaml:", "text or a number");
}

static void files_that_are_no_init_files_are_refused(void **state)
{
	static struct rig rig;
	char path[256];

	(void)state;
	run_file(&rig, "absent.yaml", NULL);
	expect_refused(&rig, "absent", "absent.yaml", "No such file");
	in_folder(path, sizeof(path), "folder.yaml");
	assert_int_equal(mkdir(path, 0755), 0);
	run_file(&rig, "folder.yaml", NULL);
	expect_refused(&rig, "a folder", "folder.yaml", "directory");
	in_folder(path, sizeof(path), "pipe.yaml");
	assert_int_equal(mkfifo(path, 0644), 0);
	run_file(&rig, "pipe.yaml", NULL);
	expect_refused(&rig, "a pipe", "pipe.yaml", "not a file");
	put("image", TEXT("{\"kosix-image\":1"), 0644);
	run_file(&rig, "image", NULL);
	expect_refused(&rig, "half an image", "image:", "");
	put("image", TEXT("{\"kosix-image\":99,\"name\":\"x\"}"), 0644);
	run_file(&rig, "image", NULL);
	expect_refused(&rig, "a newer image", "image", "");
}

/* --- programs ------------------------------------------------------------------------------- */

static void programs_that_cannot_run_are_named(void **state)
{
	static struct rig rig;
	char path[256];

	(void)state;
	put("init.yaml", PROGRAM("absent"), 0644);
	run_file(&rig, "init.yaml", NULL);
	expect_refused(&rig, "absent", "absent", "No such file");
	put("text", TEXT("just text\n"), 0755);
	put("init.yaml", PROGRAM("text"), 0644);
	run_file(&rig, "init.yaml", NULL);
	expect_refused(&rig, "text", "text", "not a 64-bit ELF program");
	put("locked",
	    TEXT("\x7f"
		 "ELF"),
	    0644);
	put("init.yaml", PROGRAM("locked"), 0644);
	run_file(&rig, "init.yaml", NULL);
	expect_refused(&rig, "not executable", "locked", "not an executable file");
	in_folder(path, sizeof(path), "dir");
	assert_int_equal(mkdir(path, 0755), 0);
	put("init.yaml", PROGRAM("dir"), 0644);
	run_file(&rig, "init.yaml", NULL);
	expect_refused(&rig, "a folder", "dir", "");
	put("empty", TEXT(""), 0755);
	put("init.yaml", PROGRAM("empty"), 0644);
	run_file(&rig, "init.yaml", NULL);
	expect_refused(&rig, "empty", "empty", "");
}

/* The second of three cannot start: the first, which could, is ended. */
static void one_program_missing_starts_nothing(void **state)
{
	static struct rig rig;

	(void)state;
	put("init.yaml",
	    TEXT("entities:\n- {name: A, path: part, args: [alone, x]}\n"
		 "- {name: B, path: gone}\n- {name: C, path: part, args: [alone, x]}\n"),
	    0644);
	run_file(&rig, "init.yaml", NULL);
	expect_refused(&rig, "one of three", "gone", "No such file");
	assert_int_equal(rig_count(&rig, "IDLE"), 0);
}

/* --- security modules ------------------------------------------------------------------------- */

static void modules_that_must_not_decide_are_refused(void **state)
{
	static const struct {
		const char *module;
		const char *says;
	} modules[] = {
		{"/nowhere/security.so", "No such file"},
		{"no-such-builtin", ""},
		{RIG_KERNEL, ""},
		{BAD_TEXT, "file too short"},
		{BAD_MODULES "/libbad_module_1.so", "it was built for module interface"},
		{BAD_MODULES "/libbad_module_2.so", "init function failed"},
		{BAD_MODULES "/libbad_module_3.so", "no module"},
		{BAD_MODULES "/libbad_module_4.so", "no decide function"},
		{BAD_MODULES "/libbad_module_5.so", "built for"},
		{BAD_LIBRARY, "no function kx_security_module"},
	};
	static struct rig rig;
	char option[512];
	const char *const options[] = {option, NULL};

	(void)state;
	put("init.yaml", PROGRAM("part"), 0644);
	for (size_t i = 0; i < sizeof(modules) / sizeof(*modules); i++) {
		(void)snprintf(option, sizeof(option), "--policy=%s", modules[i].module);
		run_file(&rig, "init.yaml", options);
		expect_refused(&rig, modules[i].module, modules[i].module, modules[i].says);
		assert_int_equal(rig_count(&rig, "IDLE"), 0);
	}
}

/* --- K-06: two kernel processes of one name -------------------------------------------------- */

static void of_two_kernels_of_one_name_one_starts(void **state)
{
	static const char *const options[] = {"--name=twin", NULL};
	static struct rig rigs[2];
	static struct rig late;
	unsigned running = 0;

	(void)state;
	put("init.yaml", PROGRAM("part"), 0644);
	/* At the same moment: one wins, whichever. */
	for (int i = 0; i < 2; i++) {
		memset(&rigs[i], 0, sizeof(rigs[i]));
		in_folder(rigs[i].image, sizeof(rigs[i].image), "init.yaml");
		rig_start(&rigs[i], options);
	}
	for (int i = 0; i < 2; i++) {
		if (rig_wait(&rigs[i], "IDLE", 1)) {
			running++;
			continue;
		}
		assert_true(rig_wait_end(&rigs[i]));
		expect_refused(&rigs[i], "the twin", "\"twin\" is running already", "--name");
	}
	assert_int_equal(running, 1);
	/* And later: the first one does not notice. */
	for (int i = 0; i < 5; i++) {
		memset(&late, 0, sizeof(late));
		in_folder(late.image, sizeof(late.image), "init.yaml");
		rig_start(&late, options);
		assert_true(rig_wait_end(&late));
		expect_refused(&late, "a later twin", "\"twin\" is running already", "--name");
		(void)close(late.output);
	}
	assert_int_equal(rig_processes(folder), 1);
	for (int i = 0; i < 2; i++) {
		if (rigs[i].kernel) {
			assert_int_equal(kill(rigs[i].kernel, SIGTERM), 0);
			assert_true(rig_wait_end(&rigs[i]));
		}
		(void)close(rigs[i].output);
	}
	assert_int_equal(rig_processes(folder), 0);
}

/* --- garbage handles
 * ------------------------------------------------------------------------------------- */

static void every_call_refuses_garbage_handles(void **state)
{
	static const char *const ways[][2] = {{NULL, NULL}, {"--mediate=all", NULL}};
	static const char *const entities[] = {"server t.Server garbage server",
					       "client t.Client garbage client", NULL};
	static struct rig rig;

	(void)state;
	for (int i = 0; i < 2; i++) {
		rig_image(&rig, entities, NULL, "security.so");
		rig_start(&rig, ways[i]);
		if (!rig_wait(&rig, "PASS ", 1))
			fail_msg("%s", rig.text);
		rig_end(&rig);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(broken_init_files_are_refused_with_their_place),
		cmocka_unit_test(init_files_that_explode_are_refused),
		cmocka_unit_test(files_that_are_no_init_files_are_refused),
		cmocka_unit_test(programs_that_cannot_run_are_named),
		cmocka_unit_test(one_program_missing_starts_nothing),
		cmocka_unit_test(modules_that_must_not_decide_are_refused),
		cmocka_unit_test(of_two_kernels_of_one_name_one_starts),
		cmocka_unit_test(every_call_refuses_garbage_handles),
	};

	if (getenv("ONLY"))
		cmocka_set_test_filter(getenv("ONLY"));
	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
