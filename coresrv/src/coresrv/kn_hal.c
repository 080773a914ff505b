/* SPDX-License-Identifier: Apache-2.0 */

/* coresrv/hal/hal_api.h. */

#include <coresrv/hal/hal_api.h>

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <kos/random/random_api.h>

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

Retcode KnHalDebugWrite(const char *str)
{
	size_t left = str ? strlen(str) : 0;

	if (!str)
		return rcInvalidArgument;
	while (left > 0) {
		ssize_t n = write(STDERR_FILENO, str, left);

		if (n < 0 && errno != EINTR)
			return rcFail;
		str += n > 0 ? n : 0;
		left -= n > 0 ? (size_t)n : 0;
	}
	return rcOk;
}

Retcode KnHalGetCpuCount(rtl_uint32_t *count)
{
	cpu_set_t set;

	if (!count)
		return rcInvalidArgument;
	*count = sched_getaffinity(0, sizeof(set), &set) == 0 ? (rtl_uint32_t)CPU_COUNT(&set) : 1;
	return rcOk;
}

Retcode KnHalGetEntropy(void *buffer, rtl_size_t size)
{
	return KosRandomGenerate(size, buffer);
}

Retcode KnHalFlushCache(void *addr, rtl_size_t size)
{
	(void)addr;
	(void)size;
	return rcOk;
}
