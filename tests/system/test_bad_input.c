/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What a person or a machine can get wrong before and while a solution starts:
 * init files, programs, modules, names, poor machines, small limits. Each must
 * end at once with exit status 3 and a line that names the place, or run; and in
 * both cases leave nothing behind.
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

#include "rig.h"

#define NOT_STARTED 3

/* --- a folder with an init file and programs beside it --------------------------------- */

static char folder[128];

static void in_folder(char *path, size_t size, const char *name)
{
	(void)snprintf(path, size, "%s/%s", folder, name);
}

static void put(const char *name, const char *text, size_t length, mode_t mode)
{
	char path[256];
	FILE *file;

	in_folder(path, sizeof(path), name);
	(void)unlink(path);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, length, file), length);
	(void)fclose(file);
	assert_int_equal(chmod(path, mode), 0);
}

static int setup(void **state)
{
	char command[600];

	(void)state;
	(void)snprintf(folder, sizeof(folder), RIG_SCRATCH "/XXXXXX");
	if (!mkdtemp(folder) || chmod(folder, 0755) != 0)
		return -1;
	(void)snprintf(command, sizeof(command), "cp '%s' '%s/part'", RIG_PART, folder);
	return system(command);
}

static int teardown(void **state)
{
	char command[200];

	(void)state;
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return system(command);
}

/* Runs the kernel process on @file of the folder and waits for its end. */
static void run_file(struct rig *rig, const char *file, const char *const options[])
{
	memset(rig, 0, sizeof(*rig));
	in_folder(rig->image, sizeof(rig->image), file);
	rig_start(rig, options);
	if (!rig_wait_end(rig)) {
		(void)kill(rig->kernel, SIGKILL);
		(void)waitpid(rig->kernel, NULL, 0);
		fail_msg("%s: the kernel process hangs; it said: %s", file, rig->text);
	}
	(void)close(rig->output);
	assert_int_equal(rig_processes(folder), 0);
}

static void expect_refused(struct rig *rig, const char *what, const char *place, const char *text)
{
	if (!WIFEXITED(rig->status) || WEXITSTATUS(rig->status) != NOT_STARTED)
		fail_msg("%s: status 0x%x; it said: %s", what, (unsigned)rig->status, rig->text);
	if (!strstr(rig->text, place) || !strstr(rig->text, text))
		fail_msg("%s: expected \"%s\" and \"%s\"; it said: %s", what, place, text,
			 rig->text);
}

/* --- init files ---------------------------------------------------------------------------- */

#define LONG                                                                                       \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
	"aaaaaaaa"                                                                                 \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
	"aaaaaaaa"

#define TEXT(literal) literal, sizeof(literal) - 1

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

#define PROGRAM(path) TEXT("entities:\n- {name: A, path: " path ", args: [alone, x]}\n")

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
		{BAD_MODULES "/libbad_module_1.so", "module interface 1, this is 2"},
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

/* --- K-06: two kernel processes of one name ------------------------------------------------------
 */

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

/* --- poorer machines ----------------------------------------------------------------------------
 */

static int absent_call;

/* A machine without one system call, for the kernel process and all it starts. */
static void without_call(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	if (!filter || seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), absent_call, 0) != 0 ||
	    seccomp_load(filter) != 0)
		_exit(99);
	seccomp_release(filter);
}

/* Runs scenario @name on a machine without @call; @says must stand in the output. */
static void run_without(int call, const char *name, unsigned passes, const char *says)
{
	static const char *const none[] = {NULL};
	static struct rig rig;
	char server[64];
	char client[64];
	const char *entities[] = {server, client, NULL};

	(void)snprintf(server, sizeof(server), "server t.Server %s server", name);
	(void)snprintf(client, sizeof(client), "client t.Client %s client", name);
	absent_call = call;
	rig_child = without_call;
	rig_image(&rig, entities, NULL, "security.so");
	rig_start(&rig, none);
	rig_child = NULL;
	if (!rig_wait(&rig, "PASS ", passes) || !strstr(rig.text, says))
		fail_msg("%s without call %d: %s", name, call, rig.text);
	rig_end(&rig);
}

static void without_landlock_it_runs_and_says_so(void **state)
{
	(void)state;
	run_without(SCMP_SYS(landlock_create_ruleset), "exchange", 1, "Landlock");
}

static void without_futex_waitv_everything_still_wakes(void **state)
{
	static const char *const names[] = {"exchange", "timeouts",    "interrupts",
					    "threads",  "client_ends", "dies_received"};
	static const unsigned passes[] = {1, 2, 2, 1, 2, 2};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		run_without(SCMP_SYS(futex_waitv), names[i], passes[i], "FUTEX_WAITV");
}

/* What nothing works without: refused, and named. */
static void too_old_a_machine_is_told_what_is_missing(void **state)
{
	static const struct {
		int call;
		const char *name;
	} needed[] = {
		{SCMP_SYS(memfd_create), "memfd_create"},
		{SCMP_SYS(pidfd_send_signal), "pidfd"},
		{SCMP_SYS(pidfd_open), "pidfd"},
	};
	static struct rig rig;

	(void)state;
	put("init.yaml", PROGRAM("part"), 0644);
	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++) {
		absent_call = needed[i].call;
		rig_child = without_call;
		run_file(&rig, "init.yaml", NULL);
		rig_child = NULL;
		expect_refused(&rig, needed[i].name, needed[i].name, "Linux");
	}
}

/* --- limits
 * ------------------------------------------------------------------------------------------ */

static int limit_resource;
static rlim_t limit_value;

static void with_limit(void)
{
	struct rlimit limit = {limit_value, limit_value};

	if (setrlimit(limit_resource, &limit) != 0)
		_exit(98);
}

/*
 * Every number of descriptors from too few for anything to enough: it starts and
 * runs, or says what there was not enough of. Never half.
 */
static void few_descriptors_start_all_or_nothing(void **state)
{
	static struct rig rig;
	unsigned started = 0;

	(void)state;
	put("init.yaml",
	    TEXT("entities:\n- {name: A, path: part, args: [none, x]}\n"
		 "- {name: B, path: part, args: [none, x]}\n"
		 "- {name: C, path: part, args: [none, x], connections: [{target: A, id: t}]}\n"),
	    0644);
	limit_resource = RLIMIT_NOFILE;
	for (limit_value = 4; limit_value <= 64; limit_value += 2) {
		unsigned ran;

		rig_child = with_limit;
		run_file(&rig, "init.yaml", NULL);
		rig_child = NULL;
		ran = rig_count(&rig, "FAIL no scenario");
		if (WIFEXITED(rig.status) && WEXITSTATUS(rig.status) == 0 && ran == 3) {
			started++;
			continue;
		}
		if (!WIFEXITED(rig.status) || WEXITSTATUS(rig.status) == 0 ||
		    (limit_value > 6 && rig.length == 0))
			fail_msg("%u descriptors: status 0x%x, %u ran: %s", (unsigned)limit_value,
				 (unsigned)rig.status, ran, rig.text);
	}
	assert_true(started > 0);
}

/* Files of no size: memory is made of files here, so nothing can start. */
static void no_file_size_ends_with_a_reason(void **state)
{
	static struct rig rig;

	(void)state;
	put("init.yaml", PROGRAM("part"), 0644);
	limit_resource = RLIMIT_FSIZE;
	limit_value = 0;
	rig_child = with_limit;
	run_file(&rig, "init.yaml", NULL);
	rig_child = NULL;
	expect_refused(&rig, "RLIMIT_FSIZE", "cannot create", "ulimit");
}

static void little_address_space_ends_with_a_reason(void **state)
{
	static const rlim_t sizes[] = {32u << 20, 128u << 20, 1u << 30};
	static struct rig rig;

	(void)state;
	put("init.yaml", PROGRAM("part"), 0644);
	limit_resource = RLIMIT_AS;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		limit_value = sizes[i];
		rig_child = with_limit;
		run_file(&rig, "init.yaml", NULL);
		rig_child = NULL;
		expect_refused(&rig, "RLIMIT_AS", "", "emory");
	}
}

/* One entity uses up its share of memory objects: it is told, nobody else notices. */
static void memory_objects_have_a_quota(void **state)
{
	static const char *const none[] = {NULL};
	static const char *const entities[] = {"server t.Server hoard server",
					       "hoarder t.Client hoard client",
					       "other t.Client after client", NULL};
	static struct rig rig;

	(void)state;
	limit_resource = RLIMIT_NOFILE;
	limit_value = 512;
	rig_child = with_limit;
	rig_image(&rig, entities, NULL, "security.so");
	rig_start(&rig, none);
	rig_child = NULL;
	if (!rig_wait(&rig, "PASS ", 2))
		fail_msg("%s", rig.text);
	rig_end(&rig);
}

static void what_has_no_handle_has_a_quota_too(void **state)
{
	static const char *const none[] = {NULL};
	static const char *const entities[] = {"server t.Server quotas server",
					       "client t.Client quotas client", NULL};
	static struct rig rig;

	(void)state;
	rig_image(&rig, entities, NULL, "security.so");
	rig_start(&rig, none);
	if (!rig_wait(&rig, "PASS ", 1))
		fail_msg("%s", rig.text);
	rig_end(&rig);
}

/* --- what stands in /dev/shm, /tmp and the environment does not matter
 * ------------------------------ */

static void private_mounts(void)
{
	if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		_exit(97);
}

static void tiny_shm(void)
{
	private_mounts();
	if (mount("tmpfs", "/dev/shm", "tmpfs", 0, "size=64k") != 0)
		_exit(97);
}

static void no_shm(void)
{
	private_mounts();
	if (mount("tmpfs", "/dev/shm", "tmpfs", MS_RDONLY, "size=4k,mode=0") != 0)
		_exit(97);
}

static void read_only_tmp(void)
{
	private_mounts();
	if (mount("tmpfs", "/tmp", "tmpfs", MS_RDONLY, "size=64k") != 0)
		_exit(97);
}

static void full_tmp(void)
{
	char block[4096] = {0};
	int fd;

	private_mounts();
	if (mount("tmpfs", "/tmp", "tmpfs", 0, "size=64k") != 0)
		_exit(97);
	fd = open("/tmp/full", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	while (write(fd, block, sizeof(block)) > 0)
		;
	(void)close(fd);
}

static void empty_environment(void)
{
	(void)clearenv();
}

static void no_writable_folder(void)
{
	(void)clearenv();
	if (chdir("/proc") != 0)
		_exit(96);
}

static void exchange_under(void (*child)(void))
{
	static const char *const none[] = {NULL};
	static const char *const entities[] = {"server t.Server exchange server",
					       "client t.Client exchange client", NULL};
	static struct rig rig;

	rig_image(&rig, entities, NULL, "security.so");
	rig_child = child;
	rig_start(&rig, none);
	rig_child = NULL;
	if (!rig_wait(&rig, "PASS ", 1))
		fail_msg("%s", rig.text);
	rig_end(&rig);
}

static void odd_folders_and_environment_do_not_matter(void **state)
{
	(void)state;
	exchange_under(empty_environment);
	exchange_under(no_writable_folder);
}

static void shared_memory_and_temporary_folders_do_not_matter(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip(); /* mounting needs root */
	exchange_under(tiny_shm);
	exchange_under(no_shm);
	/* The scratch folder may lie below /tmp; then it would be covered. */
	if (strncmp(RIG_SCRATCH, "/tmp/", 5) == 0)
		return;
	exchange_under(read_only_tmp);
	exchange_under(full_tmp);
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
		cmocka_unit_test(without_landlock_it_runs_and_says_so),
		cmocka_unit_test(without_futex_waitv_everything_still_wakes),
		cmocka_unit_test(too_old_a_machine_is_told_what_is_missing),
		cmocka_unit_test(few_descriptors_start_all_or_nothing),
		cmocka_unit_test(no_file_size_ends_with_a_reason),
		cmocka_unit_test(little_address_space_ends_with_a_reason),
		cmocka_unit_test(memory_objects_have_a_quota),
		cmocka_unit_test(what_has_no_handle_has_a_quota_too),
		cmocka_unit_test(odd_folders_and_environment_do_not_matter),
		cmocka_unit_test(shared_memory_and_temporary_folders_do_not_matter),
		cmocka_unit_test(every_call_refuses_garbage_handles),
	};

	if (getenv("ONLY"))
		cmocka_set_test_filter(getenv("ONLY"));
	return cmocka_run_group_tests(tests, setup, teardown);
}
