/* SPDX-License-Identifier: Apache-2.0 */

#include "counters.h"

#include "channel.h"
#include "channel_region.h"

static const char *counter_name(enum kx_counter counter)
{
	static const char *const names[KX_COUNTERS] = {
		[KX_COUNT_CALLS] = "calls",
		[KX_COUNT_DIRECT] = "direct_calls",
		[KX_COUNT_RECEIVED] = "received",
		[KX_COUNT_REPLIES] = "replies",
		[KX_COUNT_KERNEL_CALLS] = "kernel_calls",
		[KX_COUNT_DENIED] = "denied",
		[KX_COUNT_DROPPED] = "dropped",
	};

	return names[counter];
}

/* With the direct calls of channels that are still open. */
static uint64_t read_counter(struct kx_task *task, enum kx_counter counter)
{
	uint64_t value = atomic_load_explicit(&task->counters[counter], memory_order_relaxed);
	uint32_t index;

	for (index = 0; counter == KX_COUNT_DIRECT && index < task->channel_top; index++) {
		if (task->channels[index] && task->channels[index]->client == task)
			value += kx_channel_region_calls(task->channels[index]);
	}
	return value;
}

json_t *kx_counters_json(struct kx_task *task)
{
	json_t *object = json_object();
	int counter;

	for (counter = 0; object && counter < KX_COUNTERS; counter++)
		json_object_set_new(
			object, counter_name((enum kx_counter)counter),
			json_integer((json_int_t)read_counter(task, (enum kx_counter)counter)));
	return object;
}
