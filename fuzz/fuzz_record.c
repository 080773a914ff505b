/* SPDX-License-Identifier: Apache-2.0 */

/* A record of a run, as `kosix policy what-if` reads it. */

#include "fuzz.h"
#include "record_read.h"

static unsigned sum(const void *bytes, size_t size)
{
	unsigned all = 0;

	for (size_t i = 0; i < size; i++)
		all += ((const uint8_t *)bytes)[i];
	return all;
}

/* All of it can be read, as a policy may. */
static unsigned read_event(const struct kx_event *event)
{
	const char *const texts[] = {event->src.class_name, event->src.task_name,
				     event->dst.class_name, event->dst.task_name,
				     event->endpoint,       event->qualified,
				     event->interface_name, event->method};
	unsigned all = 0;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		all += sum(texts[i], strlen(texts[i]));
	for (uint32_t i = 0; i < event->handle_count; i++)
		all += event->handles[i].sid;
	if (event->fixed)
		all += sum(event->fixed, event->fixed_size);
	return all + sum(event->arena, event->arena_size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static volatile unsigned all;
	struct kx_event_handle handles[KX_RECORD_HANDLES];
	struct kx_record_reader reader;
	struct kx_record_entry head;
	struct kx_event event;
	size_t left;

	if (!kx_record_begin(&reader, data, size))
		return 0;
	left = reader.left;
	while (kx_record_next(&reader, &head, &event, handles)) {
		fuzz_require(reader.left < left);
		left = reader.left;
		if (head.kind < KX_RECORD_FORGET)
			all += read_event(&event);
	}
	return 0;
}
