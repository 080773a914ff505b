/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_ENTITY_RIG_H
#define KX_ENTITY_RIG_H

/*
 * This program as an entity: task page, link, control socket and bell are made here,
 * and this file is the kernel process behind them, an honest one. Channel 0 is one
 * that it calls on, channel 1 one that it serves; the other sides of both are the
 * target's. One rig for the life of the program.
 *
 * Sleeping is wrapped (-Wl,--wrap): instead, the target's rig_act() is called, so
 * that a run can be repeated.
 */

#include "fuzz.h"
#include "rt.h"

#define RIG_MESSAGE_MAX 4096u

enum { RIG_CLIENT = 0, RIG_SERVER = 1 };

/* The regions as the other side maps them. */
extern struct kx_channel_region *rig_regions[2];

void rig_entity_open(void);

/* Fresh handles and fresh regions on both channels; the old ones are DEAD. */
void rig_entity_begin(void);

/* Handle of the channel or the listener. */
uint32_t rig_handle(unsigned which);

/*
 * The target's: this entity is about to sleep on @word of channel @which. Changes
 * something, or says false: nothing more will come. Then the channel dies.
 */
bool rig_act(unsigned which, kx_word *word);

/* Asked before: does the deadline of a client pass while the other side does nothing? */
bool rig_time_passes(void);

/* Sends a packet of @size bytes with descriptor @fd, as the kernel process does. */
void rig_send(const void *packet, size_t size, int fd);

/* A relayed request from the kernel process, which judged it: @arena bytes of arena. */
void rig_post_down(uint32_t arena, bool judged);

#endif /* KX_ENTITY_RIG_H */
