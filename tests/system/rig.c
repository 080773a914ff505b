/* SPDX-License-Identifier: Apache-2.0 */
#include "rig.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* Nothing takes so long but a hang, not even beside twenty busy processes. */
#define LIMIT_MS 60000

#define LEFT "kosix: left behind: "

const char *const rig_direct[] = {NULL};
const char *const rig_relayed[] = {"--mediate=all", NULL};
const char *const rig_sleeping[] = {"--spin=off", NULL};
const char *const *const rig_ways[RIG_WAYS] = {rig_direct, rig_relayed, rig_sleeping};
void (*rig_child)(void);

int64_t rig_now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* @path, or what stands for a program of that name: KX_RIG_INSTEAD, of prove/check-campaigns. */
static const char *program(const char *path)
{
	const char *instead = getenv("KX_RIG_INSTEAD");

	return instead && strcmp(strrchr(instead, '/'), strrchr(path, '/')) == 0 ? instead : path;
}

/* --- what is left behind ----------------------------------------------------------- */

/* Names in /dev/shm, each between two slashes; to be freed. */
static char *list_memory(void)
{
	DIR *folder = opendir("/dev/shm");
	struct dirent *entry;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	fputc('/', out);
	while (folder && (entry = readdir(folder)))
		fprintf(out, "%s/", entry->d_name);
	if (folder)
		(void)closedir(folder);
	assert_int_equal(fclose(out), 0);
	return text;
}

/* Has anybody alive mapped it? Then it is not what a run that is over has left. */
static bool is_in_use(const char *name)
{
	char command[800];

	(void)snprintf(
		command, sizeof(command),
		"grep -qsF '/dev/shm/%s' /proc/[0-9]*/maps 2>/dev/null || ! test -e '/dev/shm/%s'",
		name, name);
	return system(command) == 0;
}

/*
 * A file in /dev/shm that was not there before and that nobody uses, in @name. All of the
 * machine writes there: other tests, and other people's programs.
 */
static bool memory_is_left(const struct rig *rig, char name[256])
{
	DIR *folder = opendir("/dev/shm");
	struct dirent *entry;
	bool found = false;
	char known[260];

	while (folder && !found && (entry = readdir(folder))) {
		(void)snprintf(name, 256, "%s", entry->d_name);
		(void)snprintf(known, sizeof(known), "/%s/", name);
		found = entry->d_type == DT_REG && !strstr(rig->before, known) &&
			strncmp(name, "kx-victim", 9) != 0 && !is_in_use(name);
	}
	if (folder)
		(void)closedir(folder);
	return found;
}

/* "kind number/" of each of System V's objects of a kind. */
static void print_objects(FILE *out, const char *kind)
{
	char line[512];
	FILE *file;
	int id;

	(void)snprintf(line, sizeof(line), "/proc/sysvipc/%s", kind);
	file = fopen(line, "re");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "%*d %d", &id) == 1)
			fprintf(out, "%s %d/", kind, id);
	if (file)
		(void)fclose(file);
}

/* System V objects and message queues, each between two slashes; to be freed. */
static char *list_objects(void)
{
	DIR *queues = opendir("/dev/mqueue");
	struct dirent *entry;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	fputc('/', out);
	print_objects(out, "shm");
	print_objects(out, "sem");
	print_objects(out, "msg");
	while (queues && (entry = readdir(queues)))
		if (entry->d_name[0] != '.')
			fprintf(out, "queue %s/", entry->d_name);
	if (queues)
		(void)closedir(queues);
	assert_int_equal(fclose(out), 0);
	return text;
}

/* One that was not there before, in @name. */
static bool object_is_left(const struct rig *rig, char name[256])
{
	char *now = list_objects();
	bool found = false;
	char known[260];

	for (char *one = strtok(now, "/"); one && !found; one = strtok(NULL, "/")) {
		(void)snprintf(name, 256, "%s", one);
		(void)snprintf(known, sizeof(known), "/%s/", name);
		found = !strstr(rig->objects, known);
	}
	free(now);
	return found;
}

/* The control socket, which has a name but no file. */
static bool socket_is_left(void)
{
	FILE *sockets = fopen("/proc/net/unix", "r");
	bool found = false;
	char name[64];
	char line[512];

	(void)snprintf(name, sizeof(name), "@kosix/%d/rig%d\n", (int)geteuid(), (int)getpid());
	while (sockets && !found && fgets(line, sizeof(line), sockets))
		found = strstr(line, name) != NULL;
	if (sockets)
		(void)fclose(sockets);
	return found;
}

/* Processes whose command line names our image. */
unsigned rig_processes(const char *folder)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	unsigned found = 0;

	while (proc && (entry = readdir(proc))) {
		char path[300];
		char link[300];
		ssize_t length;

		(void)snprintf(path, sizeof(path), "/proc/%s/exe", entry->d_name);
		length = readlink(path, link, sizeof(link) - 1);
		if (length <= 0)
			continue;
		link[length] = '\0';
		found += strncmp(link, folder, strlen(folder)) == 0;
	}
	if (proc)
		(void)closedir(proc);
	return found;
}

unsigned long rig_memory_kb(const struct rig *rig, const char *key)
{
	unsigned long kb = 0;
	char path[64];
	char line[200];
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%d/status", (int)rig->kernel);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, key, strlen(key)) == 0)
			kb = strtoul(line + strlen(key), NULL, 10);
	if (file)
		(void)fclose(file);
	return kb;
}

/* --- the image ------------------------------------------------------------------------ */

static FILE *create(const char *folder, const char *name)
{
	char path[512];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	return file;
}

static bool is_setting(const char *word)
{
	return word && *word >= 'A' && *word <= 'Z' && strchr(word, '=');
}

/* One line of "env". */
static void write_setting(FILE *file, const char *setting)
{
	fprintf(file, "    %.*s: \"%s\"\n", (int)(strchr(setting, '=') - setting), setting,
		strchr(setting, '=') + 1);
}

static void write_entity(FILE *file, const char *entity, const char *env)
{
	char line[256];
	const char *program = "part";
	const char *target = NULL;
	char *task;
	char *class_name;
	char *word;

	(void)snprintf(line, sizeof(line), "%s", entity);
	task = strtok(line, " ");
	class_name = strtok(NULL, " ");
	word = strtok(NULL, " ");
	if (word && *word == '@') {
		program = word + 1;
		word = strtok(NULL, " ");
	}
	if (word && *word == '>') {
		target = word + 1;
		word = strtok(NULL, " ");
	}
	fprintf(file, "- name: %s\n  task: %s\n  path: %s\n", class_name, task, program);
	if (env || is_setting(word))
		fprintf(file, "  env:\n");
	if (env)
		write_setting(file, env);
	for (; is_setting(word); word = strtok(NULL, " "))
		write_setting(file, word);
	fprintf(file, "  args:\n");
	for (; word; word = strtok(NULL, " "))
		fprintf(file, "  - %s\n", word);
	if (!target && strcmp(class_name, "t.Client") == 0)
		target = "server";
	if (target)
		fprintf(file, "  connections:\n  - target: %s\n    id: t\n", target);
}

static void write_init(struct rig *rig, const char *const entities[], const char *env)
{
	FILE *file = create(rig->folder, "image.d/init.yaml");

	fprintf(file, "entities:\n");
	for (unsigned i = 0; entities[i]; i++)
		write_entity(file, entities[i], env);
	(void)fclose(file);
}

static void link_in(const struct rig *rig, const char *from, const char *name)
{
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/image.d/%s", rig->folder, name);
	if (link(from, path) != 0) {
		char command[1200];

		(void)snprintf(command, sizeof(command), "cp '%s' '%s'", from, path);
		assert_int_equal(system(command), 0);
	}
}

void rig_image(struct rig *rig, const char *const entities[], const char *env, const char *policy)
{
	char path[512];
	FILE *file;

	memset(rig, 0, sizeof(*rig));
	rig->before = list_memory();
	rig->objects = list_objects();
	(void)snprintf(rig->folder, sizeof(rig->folder), RIG_SCRATCH "/XXXXXX");
	assert_non_null(mkdtemp(rig->folder));
	/* Entities of a root-owned run are nobody and must reach their program. */
	assert_int_equal(chmod(rig->folder, 0755), 0);
	(void)snprintf(rig->image, sizeof(rig->image), "%s/image", rig->folder);
	(void)snprintf(rig->temp, sizeof(rig->temp), "%s/tmp", rig->folder);
	assert_int_equal(mkdir(rig->temp, 0755), 0);
	(void)snprintf(path, sizeof(path), "%s/image.d", rig->folder);
	assert_int_equal(mkdir(path, 0755), 0);
	(void)snprintf(path, sizeof(path), "%s/image.d/bin", rig->folder);
	assert_int_equal(mkdir(path, 0755), 0);
	link_in(rig, program(RIG_PART), "bin/part");
#ifdef RIG_OTHER
	link_in(rig, program(RIG_OTHER), "bin/other");
#endif
	link_in(rig, program(RIG_POLICY), "security.so");
	write_init(rig, entities, env);
	file = create(rig->folder, "image");
	fprintf(file,
		"{\"kosix-image\":1,\"name\":\"rig%d\",\"version\":\"1\",\"start\":{\"init\":"
		"\"init.yaml\"},\"policy\":\"%s\",\"classes\":{\"t.Server\":",
		(int)getpid(), policy);
	{
		FILE *classes = fopen(RIG_CLASS, "r");
		int c;

		assert_non_null(classes);
		while ((c = fgetc(classes)) != EOF)
			fputc(c, file);
		(void)fclose(classes);
	}
	fprintf(file, "},\"files\":{}}\n");
	(void)fclose(file);
}

/* --- running ----------------------------------------------------------------------------- */

void rig_start(struct rig *rig, const char *const options[])
{
	const char *arguments[16] = {program(RIG_KERNEL)};
	int output[2];
	unsigned count = 1;

	for (unsigned i = 0; options && options[i]; i++)
		arguments[count++] = options[i];
	arguments[count++] = rig->image;
	assert_int_equal(pipe(output), 0);
	rig->kernel = fork();
	assert_true(rig->kernel >= 0);
	if (rig->kernel == 0) {
		/* A test that is killed leaves no solution behind. */
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)dup2(output[1], 1);
		(void)dup2(output[1], 2);
		(void)close(output[0]);
		(void)close(output[1]);
		(void)setenv("TMPDIR", rig->temp, 1);
		(void)setenv("KOSIX_FOOTPRINT", "1", 1);
		/* malloc counts what a thread keeps for itself as in use. */
		(void)setenv("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0", 1);
		if (rig_child)
			rig_child();
		(void)execv(arguments[0], (char *const *)(uintptr_t)arguments);
		_exit(127);
	}
	(void)close(output[1]);
	rig->output = output[0];
}

bool rig_full(const struct rig *rig)
{
	return rig->length + 1 >= sizeof(rig->text);
}

/* Makes room: what Kosix itself says, thousands of denials and of servers that have ended. */
static void forget_told(struct rig *rig)
{
	char *to = rig->text;
	char *line = rig->text;
	char *end;

	for (; (end = strchr(line, '\n')); line = end + 1) {
		if (strncmp(line, "kosix: ", 7) == 0)
			continue;
		memmove(to, line, (size_t)(end + 1 - line));
		to += end + 1 - line;
	}
	rig->length = (size_t)(to - rig->text) + strlen(line);
	memmove(to, line, strlen(line) + 1);
}

/* One piece of output; false at its end or at the deadline. */
static bool read_more(struct rig *rig, int64_t deadline)
{
	struct pollfd ready = {.fd = rig->output, .events = POLLIN};
	int64_t left = deadline - rig_now_ms();
	ssize_t got;

	if (rig->length > sizeof(rig->text) / 2)
		forget_told(rig);
	if (rig_full(rig))
		return false;
	if (left <= 0 || poll(&ready, 1, (int)left) <= 0)
		return false;
	got = read(rig->output, rig->text + rig->length, sizeof(rig->text) - rig->length - 1);
	if (got <= 0)
		return false;
	rig->length += (size_t)got;
	rig->text[rig->length] = '\0';
	return true;
}

unsigned rig_count(const struct rig *rig, const char *text)
{
	unsigned count = 0;

	for (const char *at = rig->text; (at = strstr(at, text)); at++)
		count++;
	return count;
}

bool rig_wait_ms(struct rig *rig, const char *text, unsigned count, unsigned milliseconds)
{
	int64_t deadline = rig_now_ms() + milliseconds;

	while (rig_count(rig, text) < count)
		if (rig_count(rig, "FAIL ") || !read_more(rig, deadline))
			return rig_count(rig, text) >= count;
	return true;
}

bool rig_wait(struct rig *rig, const char *text, unsigned count)
{
	return rig_wait_ms(rig, text, count, LIMIT_MS);
}

bool rig_wait_end(struct rig *rig)
{
	int64_t deadline = rig_now_ms() + LIMIT_MS;

	while (read_more(rig, deadline))
		;
	if (waitpid(rig->kernel, &rig->status, rig_now_ms() < deadline ? 0 : WNOHANG) !=
	    rig->kernel)
		return false;
	rig->kernel = 0;
	return true;
}

void rig_end(struct rig *rig)
{
	char command[256];
	char name[256];
	int64_t deadline = rig_now_ms() + 20000; /* for what others are busy with */

	if (rig->kernel) {
		(void)kill(rig->kernel, SIGTERM);
		if (!rig_wait_end(rig)) {
			(void)kill(rig->kernel, SIGKILL);
			(void)waitpid(rig->kernel, NULL, 0);
			fail_msg("the kernel process did not end on SIGTERM:\n%s", rig->text);
		}
	}
	(void)close(rig->output);
	while (rig_processes(rig->folder) && rig_now_ms() < deadline)
		(void)usleep(1000); /* being torn down; no parent of ours to wait as */
	assert_int_equal(rig_processes(rig->folder), 0);
	if (rig_count(rig, LEFT))
		fail_msg("%s", strstr(rig->text, LEFT)); /* a message has no room for all */
	assert_false(socket_is_left());
	if (rmdir(rig->temp) != 0)
		fail_msg("something is left in %s", rig->temp);
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", rig->folder);
	assert_int_equal(system(command), 0);
	/* What another program makes is not mapped at once. */
	while (memory_is_left(rig, name))
		if (rig_now_ms() > deadline)
			fail_msg("/dev/shm/%s is left", name);
	/* Other tests make such, too, and remove them. */
	while (object_is_left(rig, name))
		if (rig_now_ms() > deadline)
			fail_msg("%s is left", name);
	free(rig->before);
	free(rig->objects);
}
