/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_COUNTERS_H
#define KX_COUNTERS_H

#include <jansson.h>

#include "task.h"

/*
 * What `kosix ps` and the end of a run show, {"calls":...,...}; NULL when out of memory.
 * Control thread.
 */
json_t *kx_counters_json(struct kx_task *task);

#endif /* KX_COUNTERS_H */
