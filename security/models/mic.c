/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Mic: mandatory integrity control. A subject has a level and a floor, the
 * lowest level it may receive data from. The number in the SID table is the
 * context; a context belongs to the cell of its SID (same index), so nothing
 * else needs to be allocated.
 */

#include <stdio.h>
#include <stdlib.h>

#include "ksm_inside.h"

static struct kx_ksm_mic *mic_of(struct kx_ksm_object *object)
{
	return (struct kx_ksm_mic *)(void *)object;
}

static bool start(struct kx_ksm_object *object)
{
	struct kx_ksm_mic *mic = mic_of(object);

	if (!mic->contexts)
		mic->contexts = calloc(KX_KSM_CONTEXTS + 1u, sizeof(*mic->contexts));
	if (!mic->contexts || !kx_ksm_sids_start(&mic->sids))
		return false;
	for (uint32_t i = 0; i <= KX_KSM_CONTEXTS; i++)
		mic->contexts[i].level.given = false;
	return true;
}

static void stop(struct kx_ksm_object *object)
{
	struct kx_ksm_mic *mic = mic_of(object);

	kx_ksm_sids_stop(&mic->sids);
	free(mic->contexts);
	mic->contexts = NULL;
}

static void forget(struct kx_ksm_object *object, uint32_t sid)
{
	struct kx_ksm_mic *mic = mic_of(object);
	uint32_t at;

	if (kx_ksm_sids_forget(&mic->sids, sid, &at))
		mic->contexts[at].level.given = false;
}

static void settle(struct kx_ksm_object *object)
{
	kx_ksm_sids_settle(&mic_of(object)->sids);
}

const struct kx_ksm_object kx_ksm_mic_model = {
	.start = start, .stop = stop, .forget = forget, .settle = settle};

static struct kx_ksm_mic_context *context(struct kx_ksm_event *e, struct kx_ksm_mic *mic,
					  uint64_t sid)
{
	struct kx_ksm_sid *cell = kx_ksm_sids_find(&mic->sids, sid);

	if (!cell) {
		kx_ksm_fail_context(e, &mic->object, sid, "the sid has no integrity level");
		return NULL;
	}
	return &mic->contexts[cell->value];
}

bool kx_ksm_mic_level(const struct kx_ksm_mic *mic, uint64_t sid, char *text, size_t size)
{
	const struct kx_ksm_sid *cell = kx_ksm_sids_find(&mic->sids, sid);
	const struct kx_ksm_level *level = cell ? &mic->contexts[cell->value].level : NULL;
	const char *comma = "";
	size_t used;

	if (!level)
		return false;
	if (!level->categories) {
		(void)snprintf(text, size, "\"%s\"", mic->degrees[level->degree]);
		return true;
	}
	used = (size_t)snprintf(text, size, "{degree : \"%s\", categories : [",
				mic->degrees[level->degree]);
	for (uint32_t i = 0; i < mic->category_count && used < size; i++) {
		if (!(level->categories >> i & 1))
			continue;
		used += (size_t)snprintf(text + used, size - used, "%s\"%s\"", comma,
					 mic->categories[i]);
		comma = ", ";
	}
	if (used < size)
		(void)snprintf(text + used, size - used, "]}");
	return true;
}

static bool at_least(struct kx_ksm_level a, struct kx_ksm_level b)
{
	return a.degree >= b.degree && (a.categories & b.categories) == b.categories;
}

bool kx_ksm_level_equal(struct kx_ksm_level a, struct kx_ksm_level b)
{
	return a.given && b.given && a.degree == b.degree && a.categories == b.categories;
}

/* A free context, a search that starts where the last one ended is not worth its state. */
static struct kx_ksm_mic_context *new_context(struct kx_ksm_event *e, struct kx_ksm_mic *mic,
					      uint64_t sid)
{
	uint32_t at = 0;

	while (at < KX_KSM_CONTEXTS && mic->contexts[at].level.given)
		at++;
	if (!kx_ksm_save(e, &mic->contexts[at], sizeof(mic->contexts[at])) ||
	    !kx_ksm_sids_add(e, &mic->sids, sid, at))
		return NULL;
	return &mic->contexts[at];
}

static bool assign(struct kx_ksm_event *e, struct kx_ksm_mic *mic, uint64_t sid,
		   struct kx_ksm_level level, struct kx_ksm_level floor)
{
	struct kx_ksm_sid *cell = kx_ksm_sids_find(&mic->sids, sid);
	struct kx_ksm_mic_context *at;

	if (cell) {
		at = &mic->contexts[cell->value];
		if (!kx_ksm_save(e, at, sizeof(*at)))
			return false;
	} else {
		at = new_context(e, mic, sid);
		if (!at)
			return false;
	}
	at->level = level;
	at->floor = floor;
	return true;
}

static bool container_allows(struct kx_ksm_event *e, struct kx_ksm_mic *mic,
			     struct kx_ksm_sid_or_none container, struct kx_ksm_level level)
{
	struct kx_ksm_mic_context *at;

	if (!container.given)
		return true;
	at = context(e, mic, container.sid);
	return at && at_least(at->level, level);
}

bool kx_ksm_mic_create(struct kx_ksm_event *e, struct kx_ksm_mic *mic, uint64_t source,
		       uint64_t target, struct kx_ksm_sid_or_none container, uint64_t driver,
		       struct kx_ksm_level level)
{
	struct kx_ksm_mic_context *creator = context(e, mic, source);
	struct kx_ksm_mic_context *through = context(e, mic, driver);

	if (!creator || !through)
		return false;
	if (!level.given)
		level = creator->level;
	if (!at_least(creator->level, level) || !at_least(through->level, level) ||
	    !container_allows(e, mic, container, level))
		return false;
	return assign(e, mic, target, level, level);
}

bool kx_ksm_mic_delete(struct kx_ksm_event *e, struct kx_ksm_mic *mic, uint64_t source,
		       uint64_t target, struct kx_ksm_sid_or_none container, uint64_t driver)
{
	struct kx_ksm_mic_context *from = context(e, mic, source);
	struct kx_ksm_mic_context *through = context(e, mic, driver);
	struct kx_ksm_mic_context *at = context(e, mic, target);

	if (!from || !through || !at)
		return false;
	if (container.given && !context(e, mic, container.sid))
		return false;
	if (!at_least(from->level, at->level) || !at_least(through->level, at->level))
		return false;
	if (!kx_ksm_save(e, at, sizeof(*at)))
		return false;
	at->level.given = false;
	return kx_ksm_sids_remove(e, &mic->sids, kx_ksm_sids_find(&mic->sids, target));
}

bool kx_ksm_mic_execute(struct kx_ksm_event *e, struct kx_ksm_mic *mic,
			struct kx_ksm_sid_or_none image, uint64_t target, struct kx_ksm_level level,
			struct kx_ksm_level floor)
{
	if (image.given) {
		struct kx_ksm_mic_context *of_image = context(e, mic, image.sid);

		if (!of_image)
			return false;
		if (!level.given)
			level = of_image->level;
		if (!at_least(of_image->level, level))
			return false;
	}
	if (!level.given)
		return kx_ksm_refuse(e, "neither an image nor a level is given");
	if (!floor.given)
		floor = level;
	return at_least(level, floor) && assign(e, mic, target, level, floor);
}

bool kx_ksm_mic_upgrade(struct kx_ksm_event *e, struct kx_ksm_mic *mic, uint64_t source,
			uint64_t target, struct kx_ksm_sid_or_none container, uint64_t driver,
			struct kx_ksm_level level)
{
	struct kx_ksm_mic_context *from = context(e, mic, source);
	struct kx_ksm_mic_context *through = context(e, mic, driver);
	struct kx_ksm_mic_context *at = context(e, mic, target);

	if (!from || !through || !at || !level.given)
		return false;
	if (!at_least(level, at->level) || kx_ksm_level_equal(level, at->level) ||
	    !at_least(from->level, level) || !at_least(through->level, level) ||
	    !at_least(from->level, at->level) || !container_allows(e, mic, container, level))
		return false;
	if (!kx_ksm_save(e, at, sizeof(*at)))
		return false;
	at->level = level;
	return true;
}

bool kx_ksm_mic_read(struct kx_ksm_event *e, struct kx_ksm_mic *mic, uint64_t source,
		     uint64_t target)
{
	struct kx_ksm_mic_context *to = context(e, mic, source);
	struct kx_ksm_mic_context *from = context(e, mic, target);

	return to && from && (at_least(from->level, to->level) || at_least(from->level, to->floor));
}

bool kx_ksm_mic_write(struct kx_ksm_event *e, struct kx_ksm_mic *mic, uint64_t source,
		      uint64_t target)
{
	struct kx_ksm_mic_context *from = context(e, mic, source);
	struct kx_ksm_mic_context *to = context(e, mic, target);

	return to && from && at_least(from->level, to->level);
}

struct kx_ksm_level kx_ksm_mic_query(struct kx_ksm_event *e, struct kx_ksm_mic *mic, uint64_t sid)
{
	struct kx_ksm_mic_context *at = context(e, mic, sid);

	return at ? at->level : (struct kx_ksm_level){.given = false};
}
