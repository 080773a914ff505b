/* SPDX-License-Identifier: Apache-2.0 */

#include "run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

void run(struct run *result, const char *format, ...)
{
	char command[8192];
	char line[8300];
	va_list args;
	FILE *out;
	size_t n;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	/* Under `make test` the makes of a project would take ours for their parent, and say so. */
	(void)unsetenv("MAKEFLAGS");
	(void)unsetenv("MAKELEVEL");
	(void)unsetenv("MFLAGS");
	snprintf(line, sizeof(line), "{ %s\n} 2>&1", command);
	out = popen(line, "r");
	assert_non_null(out);
	n = fread(result->text, 1, sizeof(result->text) - 1, out);
	result->text[n] = '\0';
	while (fgetc(out) != EOF)
		;
	result->status = pclose(out);
	if (WIFEXITED(result->status))
		result->status = WEXITSTATUS(result->status);
	else
		result->status = 128 + WTERMSIG(result->status);
}

void run_in(const char *path)
{
	char command[4096];

	snprintf(command, sizeof(command), "rm -rf '%s' && mkdir -p '%s'", path, path);
	assert_int_equal(system(command), 0);
	assert_int_equal(chdir(path), 0);
}

void put_file(const char *path, const char *text)
{
	const char *slash = strrchr(path, '/');
	char command[4096];
	FILE *out;

	if (slash) {
		snprintf(command, sizeof(command), "mkdir -p '%.*s'", (int)(slash - path), path);
		assert_int_equal(system(command), 0);
	}
	out = fopen(path, "w");
	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

char *get_file(const char *path)
{
	char *text = calloc(1, RUN_TEXT_MAX);
	FILE *in = fopen(path, "r");

	assert_non_null(text);
	if (!in)
		fail_msg("%s is not there", path);
	assert_true(fread(text, 1, RUN_TEXT_MAX - 1, in) < RUN_TEXT_MAX - 1);
	fclose(in);
	return text;
}

bool file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

bool in_order(const char *text, const char *first, const char *then)
{
	const char *begin = strstr(text, first);

	return begin && strstr(begin, then);
}
