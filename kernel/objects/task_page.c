/* SPDX-License-Identifier: Apache-2.0 */

/* Writer of task pages; see task_page.h and abi/kx_task_page.h. */

#include "task_page.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "channel.h"
#include "hooks.h"
#include "listener.h"
#include "region.h"
#include "task.h"
#include "tool.h"

#define PAGE_SHIFT_BITS 12
#define SYSTEM_PAGES    (KX_TASK_PAGE_BYTES >> PAGE_SHIFT_BITS)

/* A class that stands on the page already. */
struct placed_class {
	const struct kx_class *class_table;
	uint32_t offset;
	struct placed_class *next;
};

/* What of a page is used and backed by memory; private to the kernel process. */
struct kx_page_space {
	uint32_t used;                       /* first free byte of the text area */
	uint8_t committed[SYSTEM_PAGES / 8]; /* one bit per system page */
	struct placed_class *classes;
};

static bool is_committed(const struct kx_page_space *space, uint32_t page)
{
	return space->committed[page >> 3] >> (page & 7) & 1;
}

/* After this, writing those bytes cannot fail. */
static bool commit(struct kx_task *task, uint32_t offset, uint32_t length)
{
	uint32_t last = (offset + length - 1) >> PAGE_SHIFT_BITS;
	uint32_t page;

	for (page = offset >> PAGE_SHIFT_BITS; page <= last; page++) {
		if (is_committed(task->space, page))
			continue;
		if (kx_region_commit(task->page, (uint64_t)page << PAGE_SHIFT_BITS, 1) < 0)
			return false;
		task->space->committed[page >> 3] |= (uint8_t)(1u << (page & 7));
	}
	return true;
}

static bool commit_entry(struct kx_task *task, const void *entry, size_t length)
{
	uint32_t offset = (uint32_t)((const char *)entry - (const char *)task->page);

	return commit(task, offset, (uint32_t)length);
}

/* Room for @length bytes in the text area; 0 if there is none. */
static uint32_t reserve(struct kx_task *task, size_t length)
{
	uint32_t offset = (task->space->used + 7) & ~7u;

	if (length > KX_TASK_PAGE_BYTES - offset || !length)
		return 0;
	if (!commit(task, offset, (uint32_t)length))
		return 0;
	task->space->used = offset + (uint32_t)length;
	return offset;
}

static void *at(struct kx_task *task, uint32_t offset)
{
	return (char *)task->page + offset;
}

static uint32_t put(struct kx_task *task, const void *bytes, size_t length)
{
	uint32_t offset = reserve(task, length);

	if (offset)
		memcpy(at(task, offset), bytes, length);
	return offset;
}

static uint32_t put_text(struct kx_task *task, const char *text)
{
	return put(task, text, strlen(text) + 1);
}

/* A class stands on a page once. 0: no class, or no room for it. */
static uint32_t put_class(struct kx_task *task, const struct kx_class *class_table)
{
	struct placed_class *placed;

	for (placed = task->space->classes; placed; placed = placed->next) {
		if (placed->class_table == class_table)
			return placed->offset;
	}
	placed = calloc(1, sizeof(*placed));
	if (!placed)
		return 0;
	placed->offset = put(task, class_table, class_table->bytes);
	if (!placed->offset) {
		free(placed);
		return 0;
	}
	placed->class_table = class_table;
	placed->next = task->space->classes;
	task->space->classes = placed;
	return placed->offset;
}

static uint32_t page_flags(const struct kx_task *task)
{
	return (kx_settings.spin_off ? KX_TASK_SPIN_OFF : 0u) |
	       (kx_settings.crowded ? KX_TASK_CROWDED : 0u) |
	       (kx_settings.mediate_all ? KX_TASK_MEDIATE_ALL : 0u) |
	       (task->flags & KX_TASK_CREATE_DUMPABLE || kx_tool_of(task->name) != KX_TOOL_NONE
			? KX_TASK_DUMPABLE
			: 0u);
}

static bool fill(struct kx_task *task)
{
	struct kx_task_page *page = task->page;

	task->space->used = sizeof(*page);
	page->task = task->number;
	page->message_max = kx_settings.message_max;
	page->pause_ps = kx_settings.pause_ps;
	page->start_ns = kx_settings.start_ns;
	page->flags = page_flags(task);
	page->name = put_text(task, task->name);
	page->class_name = put_text(task, task->class_name);
	page->own_class = task->class_table ? put_class(task, task->class_table) : 0;
	return page->name && page->class_name && (page->own_class || !task->class_table);
}

enum kx_rc kx_task_page_create(struct kx_task *task)
{
	struct kx_region region;

	task->space = calloc(1, sizeof(*task->space));
	if (!task->space)
		return KX_RC_OUT_OF_MEMORY;
	if (kx_region_create(KX_REGION_TASK_PAGE, KX_REGION_READ_ONLY, KX_TASK_PAGE_BYTES,
			     sizeof(struct kx_region_header), &region) < 0)
		goto undo_space;
	task->page = region.base;
	task->page_bytes = region.bytes;
	task->child_fds[0] = region.fd;
	/* The words that change without a table entry are always backed. */
	if (!commit(task, 0, offsetof(struct kx_task_page, handles) + 4096) || !fill(task))
		goto undo_page;
	return KX_RC_OK;
undo_page:
	kx_region_close(&region);
	task->page = NULL;
	task->child_fds[0] = -1;
undo_space:
	free(task->space);
	task->space = NULL;
	return KX_RC_OUT_OF_MEMORY;
}

void kx_task_page_destroy(struct kx_task *task)
{
	struct placed_class *placed;

	if (task->page)
		munmap(task->page, task->page_bytes);
	task->page = NULL;
	while (task->space && task->space->classes) {
		placed = task->space->classes;
		task->space->classes = placed->next;
		free(placed);
	}
	free(task->space);
	task->space = NULL;
}

static void next_epoch(struct kx_task *task)
{
	kx_add(&task->page->epoch, 1);
}

/*
 * What names a listener among those that have its index one after the other: the value of
 * the handle that it was made with, which no handle of the task has again.
 */
static uint32_t listener_name(const struct kx_handle *handle)
{
	const struct kx_listener *listener =
		kx_container(handle->object, struct kx_listener, object);

	return listener->handle ? listener->handle : handle->value;
}

void kx_task_page_handle(struct kx_task *task, const struct kx_handle *handle,
			 enum kx_handle_state state)
{
	struct kx_handle_entry *entry;

	if (!task->page)
		return;
	entry = &task->page->handles[KX_HANDLE_INDEX(handle->value)];
	/* Without memory the entity does not see it; its calls are judged by our own table. */
	if (!commit_entry(task, entry, sizeof(*entry)))
		return;
	/* FREE and REVOKED say it first: whoever reads the state then knows what the rest is. */
	if (state == KX_HANDLE_OPEN) {
		entry->role = handle->role;
		entry->may = KX_HANDLE_MAY(handle->rights);
		entry->listener = handle->listener;
		entry->channel = handle->role == KX_ROLE_LISTENER ? listener_name(handle)
								  : kx_handle_channel(handle);
		entry->riid = kx_handle_riid(handle);
	}
	/* T1 (pairs with T2 in libkos): the entry is written before its state. */
	kx_store(&entry->state, KX_HANDLE_GEN(handle->value) << 2 | (uint32_t)state);
	next_epoch(task);
}

static uint32_t channel_class(struct kx_task *task, const struct kx_channel *channel)
{
	const struct kx_class *class_table = channel->server->class_table;

	return class_table ? put_class(task, class_table) : 0;
}

enum kx_rc kx_task_page_channel(struct kx_task *task, const struct kx_channel *channel,
				uint32_t index, bool server)
{
	struct kx_channel_entry *entry;

	if (!task->page)
		return KX_RC_OK;
	entry = &task->page->channels[index];
	if (!commit_entry(task, entry, sizeof(*entry)))
		return KX_RC_OUT_OF_MEMORY;
	/* An index used before: DEAD until now, and NONE while it is rewritten. */
	kx_store(&entry->state, KX_CHANNEL_NONE);
	entry->peer = server ? channel->client->number : channel->server->number;
	entry->handle = server ? channel->listener->handle : channel->client_handle;
	entry->listener = channel->listener->index;
	entry->server = server;
	entry->class_blob = channel_class(task, channel);
	if (!entry->class_blob && channel->server->class_table)
		return KX_RC_OUT_OF_MEMORY;
	entry->direct = 0;
	entry->generation = channel->generation;
	entry->region_bytes = 0;
	/* T1: entry before state. */
	kx_store(&entry->state, KX_CHANNEL_RELAY);
	next_epoch(task);
	return KX_RC_OK;
}

enum kx_rc kx_task_page_direct(struct kx_task *task, const struct kx_channel *channel,
			       uint32_t index)
{
	uint32_t offset;

	if (!task->page)
		return KX_RC_OK;
	offset = put(task, channel->direct, 2 * channel->direct_bytes);
	if (!offset)
		return KX_RC_OUT_OF_MEMORY;
	task->page->channels[index].direct = offset;
	return KX_RC_OK;
}

void kx_task_page_channel_state(struct kx_task *task, uint32_t index, enum kx_channel_state state)
{
	if (!task->page)
		return;
	/* D1, T1: the entry and, for DEAD, nothing else is written before. */
	kx_store(&task->page->channels[index].state, (uint32_t)state);
	next_epoch(task);
}

void kx_task_page_region(struct kx_task *task, uint32_t index, uint64_t bytes)
{
	if (task->page)
		task->page->channels[index].region_bytes = bytes;
}

static uint32_t count_services(const struct kx_task *task)
{
	uint32_t count = 0;
	uint32_t index;

	for (index = 0; index < task->channel_top; index++) {
		if (task->channels[index] && task->channels[index]->client == task)
			count++;
	}
	for (index = 0; index < KX_LISTENERS; index++)
		count += task->listeners[index] != NULL;
	return count;
}

static bool put_service(struct kx_task *task, struct kx_service_entry *entry, const char *name,
			bool server, uint32_t handle)
{
	entry->name = put_text(task, name);
	entry->server = server;
	entry->handle = handle;
	return entry->name != 0;
}

static bool put_services(struct kx_task *task, struct kx_service_entry *entry)
{
	bool done = true;
	uint32_t index;

	for (index = 0; index < task->channel_top; index++) {
		const struct kx_channel *channel = task->channels[index];

		if (channel && channel->client == task)
			done = put_service(task, entry++, channel->name, false,
					   channel->client_handle) &&
			       done;
	}
	for (index = 0; index < KX_LISTENERS; index++) {
		const struct kx_listener *listener = task->listeners[index];

		if (listener)
			done = put_service(task, entry++, listener->name, true, listener->handle) &&
			       done;
	}
	return done;
}

enum kx_rc kx_task_page_services(struct kx_task *task)
{
	uint32_t count;
	uint32_t offset;

	if (!task->page)
		return KX_RC_OK;
	count = count_services(task);
	if (!count)
		return KX_RC_OK;
	offset = reserve(task, count * sizeof(struct kx_service_entry));
	if (!offset || !put_services(task, at(task, offset)))
		return KX_RC_OUT_OF_MEMORY;
	task->page->services = offset;
	task->page->service_count = count;
	next_epoch(task);
	return KX_RC_OK;
}

void kx_task_page_ending(struct kx_task *task)
{
	if (!task->page)
		return;
	kx_store(&task->page->ending, 1);
	next_epoch(task);
}

bool kx_task_can_send(const struct kx_task *task)
{
	struct pollfd socket = {.fd = task->control, .events = POLLOUT};

	return task->control >= 0 && poll(&socket, 1, 0) == 1 && (socket.revents & POLLOUT);
}

enum kx_rc kx_task_send(struct kx_task *task, const struct kx_packet *packet, int fd)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control = {.room = {0}};
	struct iovec part = {.iov_base = (void *)(uintptr_t)packet, .iov_len = sizeof(*packet)};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control.room)};

	if (task->control < 0)
		return KX_RC_NOT_CONNECTED;
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	if (sendmsg(task->control, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		return errno == EPIPE || errno == ECONNRESET ? KX_RC_NOT_CONNECTED : KX_RC_BUSY;
	if (task->page)
		kx_add(&task->page->packets, 1);
	return KX_RC_OK;
}
