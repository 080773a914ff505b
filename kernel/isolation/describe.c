/* SPDX-License-Identifier: Apache-2.0 */

/* Which exceptions are declared, for people. */

#include <inttypes.h>
#include <stdio.h>

#include "internal.h"

static void add(FILE *out, const char *may, const char *what)
{
	(void)fprintf(out, "%s%s%s", ftell(out) ? ", " : "", may, what);
}

static void add_flags(FILE *out, unsigned int allow)
{
	static const struct {
		unsigned int bit;
		const char *text;
	} flags[] = {
		{KX_ALLOW_FORK, "may fork"},
		{KX_ALLOW_EXEC, "may execute other programs"},
		{KX_ALLOW_CORE, "may dump core"},
		{KX_ALLOW_DEBUGGER, "may be attached to by a debugger"},
		{KX_ALLOW_PTRACE, "may trace its own processes"},
		{KX_ALLOW_PERSONALITY, "may change its personality"},
		{KX_ALLOW_UNIX, "may listen on and connect to UNIX sockets"},
		{KX_ALLOW_SYSV, "may use System V shared memory"},
		{KX_ALLOW_NOTIFY, "file and socket calls are answered by the kernel process"},
	};

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (allow & flags[i].bit)
			add(out, flags[i].text, "");
	}
}

static void add_paths(FILE *out, const char *may, char *const *paths, size_t count)
{
	for (size_t i = 0; i < count; i++)
		add(out, may, paths[i]);
}

static void add_ports(FILE *out, const char *may, const uint16_t *ports, size_t count)
{
	char number[8];

	for (size_t i = 0; i < count; i++) {
		(void)snprintf(number, sizeof(number), "%" PRIu16, ports[i]);
		add(out, may, number);
	}
}

char *kx_isolation_describe_exceptions(const struct kx_isolation_profile *profile)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	add_flags(out, profile->allow);
	add_paths(out, "may read ", profile->read_paths, profile->read_count);
	add_paths(out, "may write ", profile->write_paths, profile->write_count);
	add_paths(out, "may execute ", profile->exec_paths, profile->exec_count);
	add_ports(out, "may connect to TCP port ", profile->connect_ports, profile->connect_count);
	add_ports(out, "may listen on TCP port ", profile->bind_ports, profile->bind_count);
	(void)fclose(out);
	return text;
}
