/* SPDX-License-Identifier: Apache-2.0 */
#include "record_read.h"

#include <string.h>

static const void *take(struct kx_record_reader *r, size_t size)
{
	const uint8_t *found = r->at;

	if (size > r->left)
		return NULL;
	r->at += size;
	r->left -= size;
	return found;
}

static const char *take_text(struct kx_record_reader *r)
{
	const char *zero = memchr(r->at, '\0', r->left);

	return zero ? take(r, (size_t)(zero - (const char *)r->at) + 1) : NULL;
}

static bool take_handles(struct kx_record_reader *r, uint32_t count,
			 struct kx_event_handle *handles)
{
	struct kx_record_handle handle;

	if (count > KX_RECORD_HANDLES)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		const void *from = take(r, sizeof(handle));

		if (!from)
			return false;
		memcpy(&handle, from, sizeof(handle));
		handles[i] = (struct kx_event_handle){handle.sid, handle.offset, handle.rights};
	}
	return true;
}

static bool take_event(struct kx_record_reader *r, const struct kx_record_entry *head,
		       struct kx_event *event, struct kx_event_handle *handles)
{
	const char *texts[KX_RECORD_TEXTS];

	for (unsigned i = 0; i < KX_RECORD_TEXTS; i++)
		if (!(texts[i] = take_text(r)))
			return false;
	if (!take_handles(r, head->handle_count, handles))
		return false;
	*event = (struct kx_event){
		.kind = (enum kx_event_kind)head->kind,
		.src = {head->src_sid, texts[0], texts[1]},
		.dst = {head->dst_sid, texts[2], texts[3]},
		.endpoint = texts[4],
		.qualified = texts[5],
		.interface_name = texts[6],
		.method = texts[7],
		.riid = head->riid,
		.mid = head->mid,
		.fixed_size = head->fixed_size,
		.arena_size = head->arena_size,
		.handles = handles,
		.handle_count = head->handle_count,
		.number = head->number,
	};
	event->fixed = take(r, head->fixed_size);
	event->arena = take(r, head->arena_size);
	if (!event->fixed || !event->arena)
		return false;
	if (!head->has_fixed)
		event->fixed = NULL;
	return true;
}

bool kx_record_begin(struct kx_record_reader *reader, const void *bytes, size_t size)
{
	struct kx_record_file head;
	const void *from;

	*reader = (struct kx_record_reader){bytes, size};
	from = take(reader, sizeof(head));
	if (!from)
		return false;
	memcpy(&head, from, sizeof(head));
	return head.magic == KX_RECORD_MAGIC && head.version == KX_RECORD_VERSION;
}

bool kx_record_next(struct kx_record_reader *reader, struct kx_record_entry *head,
		    struct kx_event *event, struct kx_event_handle *handles)
{
	struct kx_record_reader before = *reader;
	const void *from = take(reader, sizeof(*head));

	if (from) {
		memcpy(head, from, sizeof(*head));
		if (head->kind == KX_RECORD_FORGET || head->kind == KX_RECORD_LOST)
			return true;
		if (head->kind >= KX_EVENT_EXECUTE && head->kind <= KX_EVENT_SECURITY &&
		    take_event(reader, head, event, handles))
			return true;
	}
	*reader = before;
	return false;
}
