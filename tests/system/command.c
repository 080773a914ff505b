/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static int read_all(const char *command, char *text, size_t size)
{
	FILE *pipe = popen(command, "r");
	size_t used;

	assert_non_null(pipe);
	used = fread(text, 1, size - 1, pipe);
	text[used] = '\0';
	return pclose(pipe);
}

const char *command_ps(const char *options)
{
	static char text[1 << 14];
	char command[600];

	(void)snprintf(command, sizeof(command), "'%s' ps %s rig%d 2>&1", RIG_KOSIX, options,
		       (int)getpid());
	(void)read_all(command, text, sizeof(text));
	return text;
}

const char *command_ps_must_say(const struct rig *rig, const char *options, const char *wanted)
{
	const char *text = "";

	for (int i = 0; i < 500; i++) {
		text = command_ps(options);
		if (strstr(text, wanted))
			return text;
		(void)usleep(10000); /* the next question */
	}
	fail_msg("ps never said \"%s\"; it says: %s\n%s", wanted, text, rig->text);
	return text;
}

int command_run(const char *const entities[], const char *env, const char *options, char *text,
		size_t size)
{
	static struct rig rig;
	char command[900];
	int status;

	rig_image(&rig, entities, env, "security.so");
	(void)snprintf(command, sizeof(command), "'%s' run '%s' 2>&1 %s", RIG_KOSIX, rig.image,
		       options);
	status = read_all(command, text, size);
	rig.output = -1;
	rig_end(&rig);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}
