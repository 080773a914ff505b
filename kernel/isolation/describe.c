/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Which layers are on, for people and for programs. There is one description,
 * built as JSON; the text is written from it, so the two cannot differ.
 */

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static json_t *describe_seccomp(const struct kx_isolation *isolation,
				const struct kx_isolation_profile *profile)
{
	bool on = kx_layer_on(isolation, profile, KX_LAYER_SECCOMP);

	return json_pack("{s:s, s:b, s:s}", "name", "seccomp", "on", on, "detail",
			 on ? "allow list of system calls, futex and open rules"
			    : (profile->layers & KX_LAYER_SECCOMP ? "missing on this machine"
								  : "not asked for"));
}

static const char *landlock_detail(int abi)
{
	if (abi >= 6)
		return "files, exec, TCP ports, device ioctl, signals and abstract sockets";
	if (abi >= 5)
		return "files, exec, TCP ports, device ioctl";
	if (abi >= 4)
		return "files, exec, TCP ports";
	return abi >= 3 ? "files, exec" : "files, exec (not truncate)";
}

static json_t *describe_landlock(const struct kx_isolation *isolation,
				 const struct kx_isolation_profile *profile)
{
	bool on = kx_layer_on(isolation, profile, KX_LAYER_LANDLOCK);
	int abi = isolation->machine.landlock_abi;

	return json_pack("{s:s, s:b, s:i, s:s}", "name", "landlock", "on", on, "abi", abi, "detail",
			 on ? landlock_detail(abi)
			    : (profile->layers & KX_LAYER_LANDLOCK ? "missing on this machine"
								   : "not asked for"));
}

static json_t *describe_uid(const struct kx_isolation *isolation,
			    const struct kx_isolation_profile *profile)
{
	bool on = kx_layer_on(isolation, profile, KX_LAYER_UID);

	if (on)
		return json_pack("{s:s, s:b, s:I, s:I, s:s}", "name", "uid", "on", on, "uid",
				 (json_int_t)profile->uid, "gid", (json_int_t)profile->gid,
				 "detail", "another user, no capabilities");
	return json_pack("{s:s, s:b, s:s}", "name", "uid", "on", on, "detail",
			 profile->layers & KX_LAYER_UID ? "needs root" : "not asked for");
}

static json_t *describe_limits(const struct kx_isolation_profile *profile)
{
	static const char *const names[KX_LIMIT_COUNT] = {"core", "nofile", "nproc", "as"};
	json_t *limits = json_object();

	for (int i = 0; i < KX_LIMIT_COUNT; i++) {
		if (profile->limits[i].set)
			(void)json_object_set_new(
				limits, names[i],
				json_integer((json_int_t)profile->limits[i].value));
	}
	return limits;
}

static void add_flags(json_t *list, unsigned int allow)
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
			(void)json_array_append_new(list, json_string(flags[i].text));
	}
}

static void add_paths(json_t *list, const char *verb, char *const *paths, size_t count)
{
	for (size_t i = 0; i < count; i++)
		(void)json_array_append_new(list, json_sprintf("may %s %s", verb, paths[i]));
}

static void add_ports(json_t *list, const char *verb, const uint16_t *ports, size_t count)
{
	for (size_t i = 0; i < count; i++)
		(void)json_array_append_new(
			list, json_sprintf("may %s TCP port %d", verb, (int)ports[i]));
}

static json_t *describe_exceptions(const struct kx_isolation_profile *profile)
{
	json_t *list = json_array();

	add_flags(list, profile->allow);
	add_paths(list, "read", profile->read_paths, profile->read_count);
	add_paths(list, "write", profile->write_paths, profile->write_count);
	add_paths(list, "execute", profile->exec_paths, profile->exec_count);
	add_ports(list, "connect to", profile->connect_ports, profile->connect_count);
	add_ports(list, "listen on", profile->bind_ports, profile->bind_count);
	return list;
}

static json_t *describe(const struct kx_isolation *isolation,
			const struct kx_isolation_profile *profile)
{
	return json_pack(
		"{s:s, s:[o, o, o], s:o, s:o}", "level", kx_isolation_level_name(profile->level),
		"layers", describe_seccomp(isolation, profile),
		describe_landlock(isolation, profile), describe_uid(isolation, profile), "limits",
		describe_limits(profile), "exceptions", describe_exceptions(profile));
}

char *kx_isolation_describe_json(const struct kx_isolation *isolation,
				 const struct kx_isolation_profile *profile)
{
	json_t *root = describe(isolation, profile);
	char *text = root ? json_dumps(root, JSON_COMPACT | JSON_PRESERVE_ORDER) : NULL;

	json_decref(root);
	return text;
}

static void write_layers(FILE *out, const json_t *layers)
{
	json_t *layer;
	size_t i;

	json_array_foreach((json_t *)layers, i, layer)
	{
		(void)fprintf(out, "  %-8s %-3s  %s\n",
			      json_string_value(json_object_get(layer, "name")),
			      json_is_true(json_object_get(layer, "on")) ? "on" : "off",
			      json_string_value(json_object_get(layer, "detail")));
	}
}

static void write_text(FILE *out, json_t *root)
{
	json_t *exceptions = json_object_get(root, "exceptions");
	json_t *value;
	const char *name;
	size_t i;

	(void)fprintf(out, "isolation: %s\n", json_string_value(json_object_get(root, "level")));
	write_layers(out, json_object_get(root, "layers"));
	json_object_foreach(json_object_get(root, "limits"), name, value)(void)
		fprintf(out, "  limit    %s %lld\n", name, (long long)json_integer_value(value));
	json_array_foreach(exceptions, i, value)(void)
		fprintf(out, "  exception: %s\n", json_string_value(value));
}

char *kx_isolation_describe_text(const struct kx_isolation *isolation,
				 const struct kx_isolation_profile *profile)
{
	json_t *root = describe(isolation, profile);
	char *text = NULL;
	size_t size = 0;
	FILE *out = root ? open_memstream(&text, &size) : NULL;

	if (out) {
		write_text(out, root);
		(void)fclose(out);
	}
	json_decref(root);
	return text;
}

char *kx_isolation_describe_exceptions(const struct kx_isolation_profile *profile)
{
	json_t *list = describe_exceptions(profile);
	char *text = NULL;
	size_t size = 0;
	FILE *out = list ? open_memstream(&text, &size) : NULL;
	json_t *value;
	size_t i;

	if (out) {
		json_array_foreach(list, i, value)(void)
			fprintf(out, "%s%s", i ? ", " : "", json_string_value(value));
		(void)fclose(out);
	}
	json_decref(list);
	return text;
}
