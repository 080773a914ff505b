/* SPDX-License-Identifier: Apache-2.0 */
#include "place.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_CORES 3

static bool fail(char *why, size_t size, const char *text, const char *reason)
{
	(void)snprintf(why, size, "'%s' %s", text, reason);
	return false;
}

/* Reads "1", "1,2" or "1,2,3". Returns how many, or -1. */
static int read_cores(const char *text, int *cores)
{
	int count = 0;

	for (;;) {
		char *end;
		long core;

		errno = 0;
		core = strtol(text, &end, 10);
		if (end == text || *text == ' ' || *text == '+' || errno != 0 || core < 0 ||
		    core >= CPU_SETSIZE || count == MAX_CORES)
			return -1;
		cores[count++] = (int)core;
		if (*end == '\0')
			return count;
		if (*end != ',')
			return -1;
		text = end + 1;
	}
}

/* pin:, same: and duo: differ in how many cores they take. */
static bool take_cores(const char *text, const char *list, struct kx_place *place, char *why,
		       size_t size)
{
	int cores[MAX_CORES] = {KX_PLACE_NONE, KX_PLACE_NONE, KX_PLACE_NONE};
	int count = read_cores(list, cores);

	if (count < 0)
		return fail(why, size, text,
			    "needs core numbers separated by commas, such as pin:0,1");
	if (place->kind == KX_PLACE_PIN && count < 2)
		return fail(why, size, text,
			    "needs two or three cores: pin:CLIENT,SERVER[,KERNEL]");
	if (place->kind == KX_PLACE_SAME && count != 1)
		return fail(why, size, text, "needs one core: same:N");
	if (place->kind == KX_PLACE_DUO && (count != 2 || cores[0] == cores[1]))
		return fail(why, size, text, "needs two different cores: duo:A,B");
	place->client = cores[0];
	place->server = count > 1 ? cores[1] : cores[0];
	place->broker = place->kind == KX_PLACE_PIN ? cores[2] : KX_PLACE_NONE;
	return true;
}

bool kx_place_parse(const char *text, struct kx_place *place, char *why, size_t size)
{
	*place = (struct kx_place){KX_PLACE_FREE, KX_PLACE_NONE, KX_PLACE_NONE, KX_PLACE_NONE};
	if (strcmp(text, "free") == 0)
		return true;
	if (strncmp(text, "pin:", 4) == 0) {
		place->kind = KX_PLACE_PIN;
		return take_cores(text, text + 4, place, why, size);
	}
	if (strncmp(text, "same:", 5) == 0) {
		place->kind = KX_PLACE_SAME;
		return take_cores(text, text + 5, place, why, size);
	}
	if (strncmp(text, "duo:", 4) == 0) {
		place->kind = KX_PLACE_DUO;
		return take_cores(text, text + 4, place, why, size);
	}
	return fail(why, size, text, "is none of pin:C,S[,K], same:N, duo:A,B, free");
}

void kx_place_format(const struct kx_place *place, char *text)
{
	int used;

	switch (place->kind) {
	case KX_PLACE_PIN:
		used = snprintf(text, KX_PLACE_TEXT, "pin:%d,%d", place->client, place->server);
		if (place->broker != KX_PLACE_NONE)
			(void)snprintf(text + used, KX_PLACE_TEXT - (size_t)used, ",%d",
				       place->broker);
		break;
	case KX_PLACE_SAME:
		(void)snprintf(text, KX_PLACE_TEXT, "same:%d", place->client);
		break;
	case KX_PLACE_DUO:
		(void)snprintf(text, KX_PLACE_TEXT, "duo:%d,%d", place->client, place->server);
		break;
	default:
		(void)snprintf(text, KX_PLACE_TEXT, "free");
	}
}

static void allowed_set(cpu_set_t *set)
{
	CPU_ZERO(set);
	if (sched_getaffinity(0, sizeof(*set), set) != 0)
		CPU_SET(0, set);
}

unsigned kx_place_allowed(void)
{
	cpu_set_t set;

	allowed_set(&set);
	return (unsigned)CPU_COUNT(&set);
}

static void set_to_text(const cpu_set_t *set, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (int core = 0; core < CPU_SETSIZE && used + 8 < size; core++)
		if (CPU_ISSET(core, set))
			used += (size_t)snprintf(text + used, size - used, "%s%d",
						 used != 0 ? "," : "", core);
}

bool kx_place_check(const struct kx_place *place, char *why, size_t size)
{
	const int named[] = {place->client, place->server, place->broker};
	char list[256];
	cpu_set_t set;

	allowed_set(&set);
	for (unsigned i = 0; i < MAX_CORES; i++) {
		if (named[i] == KX_PLACE_NONE || CPU_ISSET(named[i], &set))
			continue;
		set_to_text(&set, list, sizeof(list));
		(void)snprintf(why, size, "core %d is not among those this program may use (%s)",
			       named[i], list);
		return false;
	}
	return true;
}

/* First hyperthread of the physical core that @core belongs to. */
static int physical_core(int core)
{
	char path[96];
	FILE *file;
	int first = core;

	(void)snprintf(path, sizeof(path),
		       "/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", core);
	file = fopen(path, "re");
	if (!file)
		return core;
	if (fscanf(file, "%d", &first) != 1)
		first = core;
	(void)fclose(file);
	return first;
}

bool kx_place_shares_core(const struct kx_place *place)
{
	return (place->kind == KX_PLACE_PIN || place->kind == KX_PLACE_DUO) &&
	       place->client != place->server &&
	       physical_core(place->client) == physical_core(place->server);
}

/* The next allowed core that is none of @taken[0..count); other physical ones first. */
static int next_core(const cpu_set_t *set, const int *taken, int count)
{
	int fallback = KX_PLACE_NONE;

	for (int core = 0; core < CPU_SETSIZE; core++) {
		bool same = false;
		bool sibling = false;

		if (!CPU_ISSET(core, set))
			continue;
		for (int i = 0; i < count; i++) {
			same |= taken[i] == core;
			sibling |= physical_core(taken[i]) == physical_core(core);
		}
		if (!same && !sibling)
			return core;
		if (!same && fallback == KX_PLACE_NONE)
			fallback = core;
	}
	return fallback;
}

struct kx_place kx_place_default(void)
{
	struct kx_place place = {KX_PLACE_PIN, KX_PLACE_NONE, KX_PLACE_NONE, KX_PLACE_NONE};
	cpu_set_t set;
	int taken[MAX_CORES];

	allowed_set(&set);
	for (int i = 0; i < MAX_CORES; i++)
		taken[i] = next_core(&set, taken, i);
	place.client = taken[0];
	place.server = taken[1];
	place.broker = taken[2];
	if (place.server == KX_PLACE_NONE) {
		place.kind = KX_PLACE_SAME;
		place.server = place.client;
	}
	return place;
}

/* The cores @role may use under @place; false: all of them. */
static bool role_set(const struct kx_place *place, enum kx_role role, cpu_set_t *set)
{
	cpu_set_t allowed;
	const int pair[2] = {place->client, place->server};
	int third;

	CPU_ZERO(set);
	if (place->kind == KX_PLACE_FREE)
		return false;
	if (place->kind == KX_PLACE_PIN && role != KX_ROLE_BROKER) {
		CPU_SET(role == KX_ROLE_CLIENT ? place->client : place->server, set);
		return true;
	}
	third = place->broker;
	if (place->kind == KX_PLACE_PIN && third == KX_PLACE_NONE) {
		allowed_set(&allowed);
		third = next_core(&allowed, pair, 2);
	}
	if (place->kind == KX_PLACE_PIN && third != KX_PLACE_NONE) {
		CPU_SET(third, set);
		return true;
	}
	CPU_SET(place->client, set);
	CPU_SET(place->server, set);
	return true;
}

bool kx_place_bind(const struct kx_place *place, enum kx_role role)
{
	cpu_set_t set;

	if (!role_set(place, role, &set))
		return true;
	return sched_setaffinity(0, sizeof(set), &set) == 0;
}

void kx_place_list(const struct kx_place *place, enum kx_role role, char *text, size_t size)
{
	cpu_set_t set;

	text[0] = '\0';
	if (role_set(place, role, &set))
		set_to_text(&set, text, size);
}

bool kx_place_bind_core(int core)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(core, &set);
	return sched_setaffinity(0, sizeof(set), &set) == 0;
}

/* Every core that one of the first @parties roles may use. */
static void used_set(const struct kx_place *place, unsigned parties, cpu_set_t *used)
{
	cpu_set_t set;

	allowed_set(used);
	if (place->kind == KX_PLACE_FREE)
		return;
	CPU_ZERO(used);
	for (unsigned role = KX_ROLE_CLIENT; role < parties; role++) {
		(void)role_set(place, (enum kx_role)role, &set);
		CPU_OR(used, used, &set);
	}
}

unsigned kx_place_cores(const struct kx_place *place, unsigned parties)
{
	cpu_set_t used;

	used_set(place, parties, &used);
	return (unsigned)CPU_COUNT(&used);
}

int kx_place_core(const struct kx_place *place, unsigned parties, unsigned index)
{
	cpu_set_t used;

	used_set(place, parties, &used);
	for (int core = 0; core < CPU_SETSIZE; core++)
		if (CPU_ISSET(core, &used) && index-- == 0)
			return core;
	return KX_PLACE_NONE;
}
