/* SPDX-License-Identifier: Apache-2.0 */

/* A record of a run, as `kosix policy what-if` reads it. */

#include "fuzz.h"
#include "record_read.h"

static volatile unsigned seen; /* so that every byte is read */

static void read_all(const void *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		seen = ((const uint8_t *)bytes)[i];
}

/* All of it can be read, as a policy may. */
static void read_event(const struct kx_event *event)
{
	const char *const texts[] = {event->src.class_name, event->src.task_name,
				     event->dst.class_name, event->dst.task_name,
				     event->endpoint,       event->qualified,
				     event->interface_name, event->method};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		read_all(texts[i], strlen(texts[i]));
	for (uint32_t i = 0; i < event->handle_count; i++)
		seen = event->handles[i].sid;
	if (event->fixed)
		read_all(event->fixed, event->fixed_size);
	read_all(event->arena, event->arena_size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
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
			read_event(&event);
	}
	return 0;
}
