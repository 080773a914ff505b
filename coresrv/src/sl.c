/* SPDX-License-Identifier: Apache-2.0 */

/* Static channels by name: look-ups on the task page. */

#include <coresrv/sl/sl_api.h>
#include <string.h>

#include "rt.h"

static Handle find(const char *name, bool server, int *number)
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

Handle ServiceLocatorConnect(const char *channelName)
{
	int number;

	return find(channelName, false, &number);
}

Handle ServiceLocatorRegister(const char *channelName, void *attr, rtl_size_t count, ServiceId *id)
{
	int number = -1;
	Handle handle = find(channelName, true, &number);

	(void)attr;
	(void)count;
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

nk_iid_t ServiceLocatorGetRiid(Handle channel, const char *endpoint)
{
	const struct kx_class *blob = class_of(channel);
	const struct kx_endpoint *endpoints;

	if (!blob || !endpoint)
		return INVALID_RIID;
	endpoints =
		(const struct kx_endpoint *)(const void *)((const uint8_t *)blob + blob->endpoints);
	for (uint32_t i = 0; i < blob->endpoint_count; i++)
		if (is_named(blob, endpoints[i].name, endpoint) ||
		    is_named(blob, endpoints[i].qualified, endpoint))
			return (nk_iid_t)i;
	return INVALID_RIID;
}
