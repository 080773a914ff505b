/* SPDX-License-Identifier: Apache-2.0 */
#include "bench_program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/wait.h>

#include <cmocka.h>

char bench_output[65536];

int bench(const char *arguments)
{
	char command[1024];
	FILE *pipe;
	size_t length;
	int status;

	(void)snprintf(command, sizeof(command), "'%s' %s 2>&1", KX_BENCH_PROGRAM, arguments);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	length = fread(bench_output, 1, sizeof(bench_output) - 1, pipe);
	bench_output[length] = '\0';
	status = pclose(pipe);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}
