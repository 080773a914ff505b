/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_COUNTERS_H
#define KX_COUNTERS_H

#include <jansson.h>
#include <stdint.h>

#include "task.h"

/* What `kosix ps` and the end of a run show; control thread. */
const char *kx_counter_name(enum kx_counter counter);

/* With the direct calls of channels that are still open. */
uint64_t kx_counter_read(struct kx_task *task, enum kx_counter counter);

/* {"calls":...,...}; NULL when out of memory. */
json_t *kx_counters_json(struct kx_task *task);

#endif /* KX_COUNTERS_H */
