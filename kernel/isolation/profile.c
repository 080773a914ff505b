/* SPDX-License-Identifier: Apache-2.0 */

/* Profiles: the level, the declared exceptions, and whether a machine can have them. */

#include "profile.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

#define KX_NOBODY 65534u

static const char *const level_names[] = {"off", "default", "strict"};

void kx_isolation_error(char *error, const char *format, ...)
{
	va_list arguments;

	if (!error)
		return;
	va_start(arguments, format);
	(void)vsnprintf(error, KX_ISOLATION_ERROR_MAX, format, arguments);
	va_end(arguments);
}

void kx_isolation_profile_init(struct kx_isolation_profile *profile, enum kx_isolation_level level)
{
	struct rlimit own;

	memset(profile, 0, sizeof(*profile));
	profile->level = level;
	profile->layers = level == KX_ISOLATION_OFF ? 0 : KX_LAYER_ALL;
	profile->uid = KX_NOBODY;
	profile->gid = KX_NOBODY;
	profile->limits[KX_LIMIT_CORE].set = true;
	profile->limits[KX_LIMIT_NOFILE].set = true;
	profile->limits[KX_LIMIT_NOFILE].value = 1024;
	/* Nobody can give more than he has. */
	if (getrlimit(RLIMIT_NOFILE, &own) == 0 && own.rlim_max < 1024)
		profile->limits[KX_LIMIT_NOFILE].value = own.rlim_max;
}

static void free_paths(char **paths, size_t *count)
{
	while (*count > 0)
		free(paths[--*count]);
}

void kx_isolation_profile_fini(struct kx_isolation_profile *profile)
{
	free_paths(profile->read_paths, &profile->read_count);
	free_paths(profile->write_paths, &profile->write_count);
	free_paths(profile->exec_paths, &profile->exec_count);
}

bool kx_isolation_level_parse(const char *text, enum kx_isolation_level *level)
{
	for (size_t i = 0; i < sizeof(level_names) / sizeof(level_names[0]); i++) {
		if (strcmp(text, level_names[i]) == 0) {
			*level = (enum kx_isolation_level)i;
			return true;
		}
	}
	return false;
}

static int add_path(char **paths, size_t *count, const char *path)
{
	if (*count == KX_ISOLATION_PATHS_MAX)
		return -E2BIG;
	paths[*count] = strdup(path);
	if (!paths[*count])
		return -ENOMEM;
	(*count)++;
	return 0;
}

static int add_port(uint16_t *ports, size_t *count, uint16_t port)
{
	if (*count == KX_ISOLATION_PORTS_MAX)
		return -E2BIG;
	ports[(*count)++] = port;
	return 0;
}

int kx_isolation_allow_read(struct kx_isolation_profile *profile, const char *path)
{
	return add_path(profile->read_paths, &profile->read_count, path);
}

int kx_isolation_allow_write(struct kx_isolation_profile *profile, const char *path)
{
	int rc = add_path(profile->write_paths, &profile->write_count, path);

	if (rc == 0)
		profile->allow |= KX_ALLOW_WRITE;
	return rc;
}

int kx_isolation_allow_exec(struct kx_isolation_profile *profile, const char *path)
{
	int rc = add_path(profile->exec_paths, &profile->exec_count, path);

	if (rc == 0)
		profile->allow |= KX_ALLOW_EXEC;
	return rc;
}

int kx_isolation_allow_tcp_connect(struct kx_isolation_profile *profile, uint16_t port)
{
	int rc = add_port(profile->connect_ports, &profile->connect_count, port);

	if (rc == 0)
		profile->allow |= KX_ALLOW_TCP;
	return rc;
}

int kx_isolation_allow_tcp_bind(struct kx_isolation_profile *profile, uint16_t port)
{
	int rc = add_port(profile->bind_ports, &profile->bind_count, port);

	if (rc == 0)
		profile->allow |= KX_ALLOW_TCP;
	return rc;
}

int kx_isolation_allow_debugger(struct kx_isolation_profile *profile)
{
	profile->allow |= KX_ALLOW_DEBUGGER | KX_ALLOW_CORE;
	profile->limits[KX_LIMIT_CORE].set = false;
	return 0;
}

/* Reports of clang's sanitizers get their names and lines from a program of its own. */
int kx_isolation_allow_sanitizer(struct kx_isolation_profile *profile)
{
	static const char *const symbolizers[] = {
		"/usr/bin/llvm-symbolizer",
		"/usr/bin/llvm-symbolizer-14",
		"/usr/bin/addr2line",
	};
	int rc;

	profile->allow |=
		KX_ALLOW_DEBUGGER | KX_ALLOW_PTRACE | KX_ALLOW_FORK | KX_ALLOW_PERSONALITY;
	profile->limits[KX_LIMIT_AS].set = false;
	rc = kx_isolation_allow_read(profile, "/proc");
	if (rc == 0)
		rc = kx_isolation_allow_read(profile, "/usr/lib");
	for (size_t i = 0; rc == 0 && i < sizeof(symbolizers) / sizeof(symbolizers[0]); i++) {
		if (access(symbolizers[i], X_OK) == 0)
			rc = kx_isolation_allow_exec(profile, symbolizers[i]);
	}
	return rc;
}

int kx_isolation_allow_valgrind(struct kx_isolation_profile *profile, const char *program,
				const char *scratch)
{
	static const char *const reads[] = {"/proc", "/usr", "/etc/ld.so.cache"};
	int rc = kx_isolation_allow_read(profile, program);

	for (size_t i = 0; rc == 0 && i < sizeof(reads) / sizeof(reads[0]); i++)
		rc = kx_isolation_allow_read(profile, reads[i]);
	if (rc == 0)
		rc = kx_isolation_allow_exec(profile, "/usr");
	if (rc == 0)
		rc = kx_isolation_allow_write(profile, scratch);
	profile->allow |= KX_ALLOW_DEBUGGER;
	profile->limits[KX_LIMIT_AS].set = false;
	return rc;
}

bool kx_layer_on(const struct kx_isolation *isolation, const struct kx_isolation_profile *profile,
		 enum kx_isolation_layer layer)
{
	const struct kx_isolation_machine *machine = &isolation->machine;

	if (!(profile->layers & layer))
		return false;
	switch (layer) {
	case KX_LAYER_SECCOMP:
		return machine->seccomp_filter;
	case KX_LAYER_LANDLOCK:
		return machine->landlock_abi > 0;
	case KX_LAYER_UID:
		return machine->root;
	default:
		return false;
	}
}

/* A user without root has no other uid to give: that layer is extra, never missing. */
int kx_isolation_check(const struct kx_isolation *isolation,
		       const struct kx_isolation_profile *profile, char *error)
{
	const struct kx_isolation_machine *machine = &isolation->machine;
	bool seccomp = machine->seccomp_filter;
	bool landlock = machine->landlock_abi > 0;
	bool notify = !(profile->allow & KX_ALLOW_NOTIFY) || machine->seccomp_notify;
	bool tcp = !(profile->allow & KX_ALLOW_TCP) || machine->landlock_abi >= 4;

	kx_isolation_error(error, "%s", "");
	if (profile->level == KX_ISOLATION_OFF || (seccomp && landlock && notify && tcp))
		return 0;
	kx_isolation_error(error, "isolation: this machine lacks:%s%s%s%s%s",
			   seccomp ? "" : " seccomp filters (CONFIG_SECCOMP_FILTER);",
			   landlock ? "" : " Landlock (CONFIG_SECURITY_LANDLOCK, lsm=landlock);",
			   notify ? "" : " seccomp user notification;",
			   tcp ? "" : " Landlock TCP rules (ABI 4), so ports are not limited;",
			   profile->level == KX_ISOLATION_STRICT
				   ? " strict does not start without them"
				   : " the other layers are on");
	return profile->level == KX_ISOLATION_STRICT ? -ENOTSUP : 0;
}
