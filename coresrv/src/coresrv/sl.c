/* SPDX-License-Identifier: Apache-2.0 */

/* Static channels by name: look-ups on the task page. */

#include <coresrv/sl/sl_api.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "rt.h"
#include "rt_hint.h"

/* What a hint lists at most; longer lists say nothing that helps. */
#define HINT_SIZE 512

static atomic_bool has_registered;

uint32_t kx_rt_service(const char *name, bool server, int *number)
{
	const struct kx_service_entry *entries;

	if (!name || !kx_rt_attached())
		return INVALID_HANDLE;
	entries = kx_rt_at(kx_rt.page->services);
	for (uint32_t i = 0; i < kx_rt.page->service_count; i++) {
		if (!!entries[i].server != server || strcmp(kx_rt_at(entries[i].name), name) != 0)
			continue;
		*number = (int)i;
		return entries[i].handle;
	}
	return INVALID_HANDLE;
}

static void add(char *list, const char *name)
{
	size_t used = strlen(list);

	(void)snprintf(list + used, HINT_SIZE - used, "%s%s", used ? ", " : "", name);
}

/* A channel that is nowhere is most often a misspelt one, and nothing else would tell. */
static void hint_channel(const char *name, bool server)
{
	const struct kx_service_entry *entries;
	char list[HINT_SIZE] = "";

	if (!name || !kx_rt_attached())
		return;
	entries = kx_rt_at(kx_rt.page->services);
	for (uint32_t i = 0; i < kx_rt.page->service_count; i++)
		if (!!entries[i].server == server)
			add(list, kx_rt_at(entries[i].name));
	if (!server)
		kx_hint(KX_HINT_CONNECT, kx_hint_of_name(name),
			"ServiceLocatorConnect: this process is no client of a channel \"%s\"; the "
			"init description gives it: %s",
			name, *list ? list : "none");
	/* Without clients a server has no channel: that may be meant. */
	else if (*list && !has_registered && strcmp(kx_rt_at(kx_rt.page->class_name), name) != 0)
		kx_hint(KX_HINT_REGISTER, kx_hint_of_name(name),
			"ServiceLocatorRegister: this process serves no channel \"%s\"; the init "
			"description gives it: %s",
			name, list);
}

Handle ServiceLocatorConnect(const char *channelName)
{
	int number;
	Handle handle = kx_rt_service(channelName, false, &number);

	if (handle == INVALID_HANDLE)
		hint_channel(channelName, false);
	return handle;
}

Handle ServiceLocatorRegister(const char *channelName, void *attr, rtl_size_t count, ServiceId *id)
{
	int number = -1;
	Handle handle = kx_rt_service(channelName, true, &number);

	(void)attr;
	(void)count;
	if (handle == INVALID_HANDLE)
		hint_channel(channelName, true);
	else
		has_registered = true;
	if (id)
		*id = number;
	return handle;
}

Retcode ServiceLocatorInit(void)
{
	return rcOk;
}

Retcode ServiceLocatorUnregister(ServiceId id)
{
	if (!kx_rt_attached())
		return rcNotReady;
	return id >= 0 && (uint32_t)id < kx_rt.page->service_count ? rcOk : rcInvalidArgument;
}

static const struct kx_class *class_of(Handle channel)
{
	struct kx_handle_entry *entry;
	uint32_t blob = 0;

	if (!kx_rt_attached() || kx_rt_handle(channel, &entry) != rcOk)
		return NULL;
	if (entry->role == KX_ROLE_CLIENT)
		blob = kx_rt.page->channels[entry->channel].class_blob;
	else if (entry->role == KX_ROLE_LISTENER)
		blob = kx_rt.page->own_class;
	return blob ? kx_rt_at(blob) : NULL;
}

static bool is_named(const struct kx_class *blob, uint32_t offset, const char *name)
{
	return offset && strcmp((const char *)blob + offset, name) == 0;
}

static const struct kx_endpoint *endpoints_of(const struct kx_class *blob)
{
	return (const struct kx_endpoint *)(const void *)((const uint8_t *)blob + blob->endpoints);
}

static void hint_endpoint(const struct kx_class *blob, const char *endpoint)
{
	const struct kx_endpoint *endpoints = endpoints_of(blob);
	char list[HINT_SIZE] = "";

	for (uint32_t i = 0; i < blob->endpoint_count; i++)
		if (endpoints[i].name)
			add(list, (const char *)blob + endpoints[i].name);
	kx_hint(KX_HINT_ENDPOINT, kx_hint_of_name(endpoint),
		"ServiceLocatorGetRiid: the server has no endpoint \"%s\"; its EDL gives it: %s",
		endpoint, *list ? list : "none");
}

/* A channel whose other side has no class that we know. */
static void hint_no_class(Handle channel, const char *endpoint)
{
	struct kx_handle_entry *entry;

	if (!kx_rt_attached() || kx_rt_handle(channel, &entry) != rcOk ||
	    entry->role != KX_ROLE_CLIENT)
		return;
	kx_hint(KX_HINT_ENDPOINT, kx_hint_of_name(endpoint),
		"ServiceLocatorGetRiid: no endpoint \"%s\", nor any other: the server's EDL is not "
		"known. An init.yaml that is run alone has none; run the image that CMake or "
		"kosix-image makes of it",
		endpoint);
}

uint16_t kx_rt_riid(uint32_t channel, const char *endpoint)
{
	const struct kx_class *blob = class_of(channel);
	const struct kx_endpoint *endpoints;

	if (!blob || !endpoint)
		return INVALID_RIID;
	endpoints = endpoints_of(blob);
	for (uint32_t i = 0; i < blob->endpoint_count; i++)
		if (is_named(blob, endpoints[i].name, endpoint) ||
		    is_named(blob, endpoints[i].qualified, endpoint))
			return (nk_iid_t)i;
	return INVALID_RIID;
}

nk_iid_t ServiceLocatorGetRiid(Handle channel, const char *endpoint)
{
	const struct kx_class *blob = class_of(channel);
	nk_iid_t riid = kx_rt_riid(channel, endpoint);

	if (riid == INVALID_RIID && endpoint) {
		if (blob)
			hint_endpoint(blob, endpoint);
		else
			hint_no_class(channel, endpoint);
	}
	return riid;
}
