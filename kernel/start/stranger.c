/* SPDX-License-Identifier: Apache-2.0 */

/* Options for nobody; see stranger.h. */

#include "stranger.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "exception.h"
#include "tool.h"

static bool has_program(const char *programs, const char *name)
{
	const char *dot = strrchr(name, '.');
	char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), "%s/%s", programs, dot ? dot + 1 : name);
	return access(path, X_OK) == 0;
}

static bool is_known(const struct kx_init *init, const char *programs, const char *name)
{
	for (size_t i = 0; i < init->count; i++)
		if (!strcmp(init->entities[i].task, name))
			return true;
	return has_program(programs, name);
}

/* As many names as there is room for. */
static void tell(const struct kx_init *init, const char *stranger, char *text, size_t size)
{
	int used = snprintf(text, size, "no entity is named \"%.128s\"; there %s", stranger,
			    init->count == 1 ? "is" : "are");

	for (size_t i = 0; i < init->count && used > 0 && (size_t)used < size; i++)
		used += snprintf(text + used, size - (size_t)used, "%s %s", i ? "," : "",
				 init->entities[i].task);
}

int kx_stranger_check(const struct kx_init *init, const char *programs, char *text, size_t size)
{
	const char *name = NULL;

	if (!init->count)
		return 0;
	for (size_t i = 0; (name = kx_tool_name(i)) && is_known(init, programs, name); i++)
		;
	for (size_t i = 0; !name && kx_exception_name(i); i++)
		if (!is_known(init, programs, kx_exception_name(i)))
			name = kx_exception_name(i);
	if (!name)
		return 0;
	tell(init, name, text, size);
	return -1;
}
