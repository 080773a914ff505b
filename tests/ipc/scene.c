/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rcu.h"

static enum kx_result on_refresh(void *context)
{
	struct scene *scene = context;

	scene->refreshed++;
	if (scene->leaves)
		kx_inbox_remove(&scene->inbox, scene->leaves);
	scene->leaves = NULL;
	if (scene->ends_at && scene->refreshed >= scene->ends_at)
		return KX_EPEER;
	return scene->refresh_says;
}

static void on_hostile(void *context, struct kx_end *end)
{
	struct scene *scene = context;

	scene->complaints++;
	scene->complained = end;
}

struct scene *open_scene(unsigned channels)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	assert_non_null(scene);
	scene->regions = aligned_alloc(128, CHANNELS * sizeof(struct kx_channel_region));
	scene->down = aligned_alloc(128, KX_DOWN_SLOTS * sizeof(struct kx_slot));
	assert_true(scene->regions && scene->down);
	memset(scene->regions, 0, CHANNELS * sizeof(struct kx_channel_region));
	memset(scene->down, 0, KX_DOWN_SLOTS * sizeof(struct kx_slot));
	scene->inbox.handle = HANDLE;
	scene->inbox.kbell = &scene->kbell;
	scene->inbox.karm = &scene->karm;
	scene->inbox.down = scene->down;
	scene->inbox.refresh = on_refresh;
	scene->inbox.hostile = on_hostile;
	scene->inbox.context = scene;
	assert_int_equal(kx_inbox_init(&scene->inbox), KX_OK);
	for (unsigned i = 0; i < channels; i++) {
		scene->ends[i].region = &scene->regions[i];
		scene->ends[i].state = &scene->states[i];
		atomic_init(&scene->regions[i].arm, KX_ARM_KERNEL);
		assert_int_equal(kx_inbox_add(&scene->inbox, &scene->ends[i]), KX_OK);
	}
	return scene;
}

void close_scene(struct scene *scene)
{
	kx_inbox_fini(&scene->inbox);
	free(scene->regions);
	free(scene->down);
	free(scene);
}

void post(struct scene *scene, unsigned channel, unsigned slot)
{
	(void)kx_slot_post(&scene->regions[channel].slots[slot], ++scene->gen[channel][slot],
			   false);
}

void post_down(struct scene *scene, unsigned slot, uint32_t handle)
{
	struct kx_down_tag *tag = (struct kx_down_tag *)scene->down[slot].tag;

	tag->listener = handle;
	(void)kx_slot_post(&scene->down[slot], 1, true);
	(void)kx_add(&scene->kbell, 1);
}

void answer(struct kx_taken *taken)
{
	bool wake;

	kx_inbox_release(taken);
	assert_int_equal(kx_slot_reply(taken->slot, taken->gen, &wake), KX_OK);
}

unsigned channel_of(struct scene *scene, const struct kx_taken *taken)
{
	return (unsigned)(taken->end - scene->ends);
}

enum kx_result receive_now(struct scene *scene, struct kx_taken *taken)
{
	static const struct timespec past = {0};
	const struct kx_receive_patience patience = {.deadline = &past};

	return kx_inbox_receive(&scene->inbox, &patience, taken);
}

int join_rcu(void **state)
{
	(void)state;
	rcu_register_thread();
	return 0;
}

int leave_rcu(void **state)
{
	(void)state;
	rcu_unregister_thread();
	return 0;
}
