/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "folder.h"

char folder[128];

void in_folder(char *path, size_t size, const char *name)
{
	(void)snprintf(path, size, "%s/%s", folder, name);
}

void put(const char *name, const char *text, size_t length, mode_t mode)
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

int folder_make(void **state)
{
	char command[600];

	(void)state;
	(void)snprintf(folder, sizeof(folder), RIG_SCRATCH "/XXXXXX");
	if (!mkdtemp(folder) || chmod(folder, 0755) != 0)
		return -1;
	(void)snprintf(command, sizeof(command), "cp '%s' '%s/part'", RIG_PART, folder);
	return system(command);
}

int folder_remove(void **state)
{
	char command[200];

	(void)state;
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return system(command);
}

void run_file(struct rig *rig, const char *file, const char *const options[])
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

void expect_refused(struct rig *rig, const char *what, const char *place, const char *text)
{
	if (!WIFEXITED(rig->status) || WEXITSTATUS(rig->status) != NOT_STARTED)
		fail_msg("%s: status 0x%x; it said: %s", what, (unsigned)rig->status, rig->text);
	if (!strstr(rig->text, place) || !strstr(rig->text, text))
		fail_msg("%s: expected \"%s\" and \"%s\"; it said: %s", what, place, text,
			 rig->text);
}
