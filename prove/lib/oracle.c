/* SPDX-License-Identifier: Apache-2.0 */
#include "oracle.h"

#include <dirent.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST_ENTITIES 512u

struct entity {
	char name[128];
	int pid;
	bool running;
	uint64_t switches; /* of all its threads, so far */
};

struct picture {
	json_t *ps;
	struct entity entities[MOST_ENTITIES];
	unsigned count;
};

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static uint64_t switches_of_thread(int pid, const char *thread)
{
	uint64_t sum = 0;
	char path[300];
	char line[200];
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%d/task/%s/status", pid, thread);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		unsigned long long value;

		if (sscanf(line, "voluntary_ctxt_switches: %llu", &value) == 1 ||
		    sscanf(line, "nonvoluntary_ctxt_switches: %llu", &value) == 1)
			sum += value;
		/* Running without ever being put aside is running. */
		if (strncmp(line, "State:\tR", 8) == 0)
			sum += (uint64_t)rand();
	}
	if (file)
		(void)fclose(file);
	return sum;
}

static uint64_t switches_of(int pid)
{
	uint64_t sum = 0;
	struct dirent *entry;
	char path[64];
	DIR *folder;

	(void)snprintf(path, sizeof(path), "/proc/%d/task", pid);
	folder = opendir(path);
	while (folder && (entry = readdir(folder)))
		if (entry->d_name[0] != '.')
			sum += switches_of_thread(pid, entry->d_name);
	if (folder)
		(void)closedir(folder);
	return sum;
}

static json_t *ask(const char *name)
{
	char command[600];
	json_t *ps;
	FILE *pipe;

	(void)snprintf(command, sizeof(command), "'%s' ps --json '%s' 2>/dev/null", KX_PROVE_KOSIX,
		       name);
	pipe = popen(command, "r");
	if (!pipe)
		return NULL;
	ps = json_loadf(pipe, JSON_DISABLE_EOF_CHECK, NULL);
	(void)pclose(pipe);
	return ps;
}

static bool look(const char *name, struct picture *picture)
{
	size_t index;
	json_t *entity;

	picture->count = 0;
	picture->ps = ask(name);
	if (!picture->ps)
		return false;
	json_array_foreach(json_object_get(picture->ps, "entities"), index, entity)
	{
		struct entity *e = &picture->entities[picture->count];

		if (picture->count == MOST_ENTITIES)
			break;
		(void)snprintf(e->name, sizeof(e->name), "%s", text_of(entity, "name"));
		e->pid = (int)json_integer_value(json_object_get(entity, "pid"));
		e->running = strcmp(text_of(entity, "state"), "dead") != 0;
		e->switches = e->pid ? switches_of(e->pid) : 0;
		picture->count++;
	}
	return true;
}

static const struct entity *find(const struct picture *picture, const char *name)
{
	for (unsigned i = 0; i < picture->count; i++)
		if (strcmp(picture->entities[i].name, name) == 0)
			return &picture->entities[i];
	return NULL;
}

/* A wait of the same two in the same way. */
static bool has_wait(const struct picture *picture, const json_t *wait)
{
	size_t index;
	json_t *other;

	json_array_foreach(json_object_get(picture->ps, "waits"), index, other)
	{
		if (json_equal(wait, other))
			return true;
	}
	return false;
}

static bool waits_itself(const struct picture *picture, const char *name)
{
	size_t index;
	json_t *wait;

	json_array_foreach(json_object_get(picture->ps, "waits"), index, wait)
	{
		if (strcmp(text_of(wait, "client"), name) == 0)
			return true;
	}
	return false;
}

/* Why nobody will ever end this wait, or NULL. */
static const char *stuck(const struct picture *first, const struct picture *second,
			 const json_t *wait, bool idle_servers)
{
	const char *server = text_of(wait, "server");
	const struct entity *before = find(first, server);
	const struct entity *after = find(second, server);
	const struct entity *client_before = find(first, text_of(wait, "client"));
	const struct entity *client_after = find(second, text_of(wait, "client"));

	if (!client_before || !client_after || client_before->switches != client_after->switches)
		return NULL; /* gone itself, or going on */
	if (!after || !after->running)
		return "which is dead";
	if (idle_servers || strcmp(text_of(wait, "kind"), "posted") != 0 ||
	    waits_itself(second, server))
		return NULL;
	if (before && after->pid && before->switches == after->switches)
		return "which sleeps and has not taken it";
	return NULL;
}

static int judge(const struct picture *first, const struct picture *second, bool idle_servers)
{
	size_t index;
	json_t *wait;
	int found = 0;

	json_array_foreach(json_object_get(first->ps, "waits"), index, wait)
	{
		const char *why;

		if (!has_wait(second, wait))
			continue;
		why = stuck(first, second, wait, idle_servers);
		if (!why)
			continue;
		fprintf(stderr, "HANG %s waits for %s (%s, %s), %s\n", text_of(wait, "client"),
			text_of(wait, "server"), text_of(wait, "kind"), text_of(wait, "path"), why);
		found++;
	}
	return found;
}

int kx_oracle_look(const char *name, bool idle_servers)
{
	static struct picture first;
	static struct picture second;
	int found = -1;

	if (!look(name, &first))
		return -1;
	(void)usleep(50000); /* somebody is to have had the time to run */
	if (look(name, &second)) {
		found = judge(&first, &second, idle_servers);
		json_decref(second.ps);
	}
	json_decref(first.ps);
	return found;
}

static int number_of(const char *name, const char *entity, const char *key)
{
	json_t *ps = ask(name);
	size_t index;
	json_t *each;
	int number = -1;

	json_array_foreach(json_object_get(ps, "entities"), index, each)
	{
		if (strcmp(text_of(each, "name"), entity) == 0)
			number = (int)json_integer_value(json_object_get(each, key));
	}
	json_decref(ps);
	return number;
}

int kx_oracle_handles(const char *name, const char *entity)
{
	return number_of(name, entity, "handles");
}

int kx_oracle_pid(const char *name, const char *entity)
{
	return number_of(name, entity, "pid");
}
