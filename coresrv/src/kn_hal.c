/* SPDX-License-Identifier: Apache-2.0 */

/* coresrv/hal/hal_api.h. */

#include <coresrv/hal/hal_api.h>

#include <stdlib.h>
#include <string.h>

#define ENV_PREFIX    "KOSIX_HAL_"
#define DEFAULT_BOARD "RPI4_BCM2711"

static char env_char(char c)
{
	if (c >= 'a' && c <= 'z')
		return (char)(c - 'a' + 'A');
	if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
		return c;
	return '_';
}

/* The value of boot variable @name, or NULL. */
static const char *find_value(const char *name)
{
	char variable[128] = ENV_PREFIX;
	size_t at = strlen(ENV_PREFIX);
	const char *value;

	if (strlen(name) >= sizeof(variable) - at)
		return NULL;
	for (size_t i = 0; name[i]; i++)
		variable[at + i] = env_char(name[i]);
	value = getenv(variable);
	if (!value && strcmp(name, "board") == 0)
		value = DEFAULT_BOARD;
	return value;
}

Retcode KnHalGetEnv(const char *name, char *value, rtl_size_t size)
{
	const char *found;

	if (!name || !name[0] || !value || size == 0)
		return rcInvalidArgument;
	found = find_value(name);
	if (!found)
		return rcResourceNotFound;
	if (strlen(found) >= size)
		return rcBufferTooSmall;
	memcpy(value, found, strlen(found) + 1);
	return rcOk;
}
