/* SPDX-License-Identifier: Apache-2.0 */
#include "kcall_message.h"

#include <string.h>

#include "call_text.h"
#include "handle.h"
#include "kx_limits.h"
#include "object.h"
#include "task.h"

/* The message under construction. */
struct writer {
	struct kx_task *task;
	const uint32_t *args;
	const char *bytes; /* never NULL, and a zero at [len] */
	size_t len;
	struct kx_kcall_message *message;
	uint32_t at;
	uint32_t handle_count;
};

static void *place(struct writer *w, uint32_t size, uint32_t align)
{
	uint32_t at = (w->at + align - 1) & ~(align - 1);

	w->at = at + size;
	return w->message->fixed + at;
}

static uint32_t argument(const struct writer *w, unsigned index)
{
	return index < KX_CALL_ARGS ? w->args[index] : 0;
}

/* As in messages between entities: the resource is told, the number is not. NULL: no table. */
static void put_handle(struct writer *w, struct kx_task *owner, uint32_t value)
{
	uint8_t *to = place(w, 16, 8);
	struct kx_event_handle *told = &w->message->handles[w->handle_count++];
	struct kx_handle *handle;
	struct kx_object *object;

	*told = (struct kx_event_handle){.offset = (uint32_t)(to - w->message->fixed)};
	if (!owner || kx_handle_find(owner, value, &handle) != KX_RC_OK)
		return;
	object = kx_handle_target(handle);
	told->sid = object ? object->sid : 0;
	told->rights = handle->rights;
}

/* Of KX_CALL_HANDLE_CONNECT_EX, as it finds it: the caller, a task by its handle, or NULL. */
static struct kx_task *server(const struct writer *w)
{
	const uint32_t value = argument(w, 2);
	struct kx_object *object;

	if (value == KX_HANDLE_INVALID)
		return w->task;
	return kx_handle_object(w->task, value, KX_OBJECT_TASK, 0, NULL, &object) == KX_RC_OK
		       ? kx_container(object, struct kx_task, object)
		       : NULL;
}

/* String @number of those that came; "" if there is none. */
static void put_text(struct writer *w, unsigned number)
{
	struct kx_call_text text = kx_call_text(w->bytes, w->len);
	const char *found = NULL;
	uint32_t chunk[2] = {(uint32_t)w->len, 1};

	if (number < KX_CALL_ARGS)
		for (unsigned i = 0; i <= number; i++)
			found = kx_call_text_next(&text);
	if (found) {
		chunk[0] = (uint32_t)(found - w->bytes);
		chunk[1] = (uint32_t)strlen(found) + 1;
	}
	memcpy(place(w, sizeof(chunk), 4), chunk, sizeof(chunk));
}

static void put(struct writer *w, char kind, unsigned index)
{
	uint64_t wide = argument(w, index) | (uint64_t)argument(w, index + 1) << 32;

	if (kind == 'h')
		put_handle(w, w->task, (uint32_t)wide);
	else if (kind == 's')
		put_handle(w, server(w), (uint32_t)wide);
	else if (kind == 't')
		put_text(w, index);
	else if (kind == 'l')
		memcpy(place(w, 8, 8), &wide, 8);
	else
		memcpy(place(w, 4, 4), &wide, 4);
}

void kx_kcall_describe(struct kx_task *task, const struct kx_kcall_name *name,
		       const uint32_t args[KX_CALL_ARGS], const char *bytes, size_t len,
		       struct kx_kcall_message *message, struct kx_event *event)
{
	struct writer w = {.task = task,
			   .args = args,
			   .bytes = bytes ? bytes : "",
			   .len = bytes ? len : 0,
			   .message = message,
			   .at = KX_MESSAGE_MIN};

	memset(message, 0, sizeof(*message));
	for (const char *p = name->params; *p; p += 2)
		put(&w, p[0], (unsigned)(p[1] - '0'));
	(void)place(&w, 0, 8);
	event->fixed = message->fixed;
	event->fixed_size = (w.at + 7) & ~7u;
	event->arena = w.bytes;
	event->arena_size = (uint32_t)w.len + 1;
	event->handles = message->handles;
	event->handle_count = w.handle_count;
}

bool kx_kcall_has_text(const struct kx_kcall_name *name)
{
	for (const char *p = name->params; *p; p += 2)
		if (p[0] == 't' && p[1] != '8')
			return true;
	return false;
}
