/* SPDX-License-Identifier: Apache-2.0 */

/* Declared exceptions; see exception.h. */

#include "exception.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"

struct exception {
	char *text;        /* as declared, cut into the name and what follows the colon */
	const char *what;  /* behind the name */
	const char *value; /* behind the kind; NULL: none */
	bool used;
	struct exception *next;
};

struct kind {
	const char *name;
	int (*add)(struct kx_isolation_profile *profile, const char *value);
	bool (*is_value)(const char *value);
};

static struct exception *exceptions;

static bool is_path(const char *value)
{
	return value && *value == '/';
}

static bool is_port(const char *value)
{
	char *end;
	unsigned long port = value ? strtoul(value, &end, 10) : 0;

	return port > 0 && port <= UINT16_MAX && !*end;
}

static bool is_nothing(const char *value)
{
	return !value;
}

static int add_connect(struct kx_isolation_profile *profile, const char *value)
{
	return kx_isolation_allow_tcp_connect(profile, (uint16_t)strtoul(value, NULL, 10));
}

static int add_listen(struct kx_isolation_profile *profile, const char *value)
{
	return kx_isolation_allow_tcp_bind(profile, (uint16_t)strtoul(value, NULL, 10));
}

static int add_unix(struct kx_isolation_profile *profile, const char *value)
{
	(void)value;
	profile->allow |= KX_ALLOW_UNIX;
	return 0;
}

static int add_sysv(struct kx_isolation_profile *profile, const char *value)
{
	(void)value;
	profile->allow |= KX_ALLOW_SYSV;
	return 0;
}

static const struct kind kinds[] = {
	{"read", kx_isolation_allow_read, is_path},
	{"write", kx_isolation_allow_write, is_path},
	{"connect", add_connect, is_port},
	{"listen", add_listen, is_port},
	{"unix", add_unix, is_nothing},
	{"sysv", add_sysv, is_nothing},
};

static const struct kind *find_kind(const struct exception *exception)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!strcmp(exception->what, kinds[i].name))
			return &kinds[i];
	}
	return NULL;
}

/* Cuts "ENTITY:WHAT[:VALUE]" in place. */
static bool cut(struct exception *exception)
{
	char *what = strchr(exception->text, ':');
	char *value;
	const struct kind *kind;

	if (!what || what == exception->text)
		return false;
	*what++ = '\0';
	value = strchr(what, ':');
	if (value)
		*value++ = '\0';
	exception->what = what;
	exception->value = value;
	kind = find_kind(exception);
	return kind && kind->is_value(value);
}

static void free_exception(struct exception *exception)
{
	free(exception->text);
	free(exception);
}

int kx_exception_declare(const char *text)
{
	struct exception *exception = calloc(1, sizeof(*exception));

	if (!exception)
		return -ENOMEM;
	exception->text = strdup(text);
	if (!exception->text || !cut(exception)) {
		int rc = exception->text ? -EINVAL : -ENOMEM;

		free_exception(exception);
		return rc;
	}
	exception->next = exceptions;
	exceptions = exception;
	return 0;
}

bool kx_exception_is_declared(const char *name)
{
	const struct exception *exception;

	for (exception = exceptions; exception; exception = exception->next) {
		if (!strcmp(exception->text, name))
			return true;
	}
	return false;
}

const char *kx_exception_name(size_t index)
{
	const struct exception *exception = exceptions;

	while (exception && index--)
		exception = exception->next;
	return exception ? exception->text : NULL;
}

int kx_exception_loosen(const char *name, struct kx_isolation_profile *profile)
{
	struct exception *exception;
	int rc = 0;

	for (exception = exceptions; rc == 0 && exception; exception = exception->next) {
		if (strcmp(exception->text, name) != 0)
			continue;
		exception->used = true;
		rc = find_kind(exception)->add(profile, exception->value);
	}
	return rc;
}

void kx_exception_fini(void)
{
	struct exception *exception;

	while (exceptions) {
		exception = exceptions;
		exceptions = exception->next;
		if (!exception->used)
			kx_log("--allow=%s:%s: no entity %s was started", exception->text,
			       exception->what, exception->text);
		free_exception(exception);
	}
}
