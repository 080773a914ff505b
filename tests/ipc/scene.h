/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_TEST_IPC_SCENE_H
#define KX_TEST_IPC_SCENE_H

/* One server thread with its inbox, and clients that post; all in one thread. */

#include <stdbool.h>
#include <stdint.h>

#include "inbox.h"

#define CHANNELS 20u /* more than a sentinel watches */
#define HANDLE   5u

struct scene {
	struct kx_inbox inbox;
	struct kx_channel_region *regions; /* CHANNELS */
	struct kx_end ends[CHANNELS];
	kx_word states[CHANNELS];
	kx_word kbell;
	kx_word karm;
	struct kx_slot *down;
	uint32_t gen[CHANNELS][KX_CHANNEL_SLOTS];
	unsigned refreshed;
	unsigned complaints;
	enum kx_result refresh_says;
	unsigned ends_at; /* the refresh from which on it says KX_EPEER; 0: none */
	struct kx_end *complained;
	struct kx_end *leaves; /* at the next refresh */
};

/* With @channels of CHANNELS in the inbox. */
struct scene *open_scene(unsigned channels);
void close_scene(struct scene *scene);

/* A direct request, and a relayed one to @handle. */
void post(struct scene *scene, unsigned channel, unsigned slot);
void post_down(struct scene *scene, unsigned slot, uint32_t handle);

void answer(struct kx_taken *taken);
unsigned channel_of(struct scene *scene, const struct kx_taken *taken);

/* A receive that gives up as soon as it would sleep. */
enum kx_result receive_now(struct scene *scene, struct kx_taken *taken);

/* Set-up and tear-down of a group: the thread reads under liburcu. */
int join_rcu(void **state);
int leave_rcu(void **state);

#endif /* KX_TEST_IPC_SCENE_H */
