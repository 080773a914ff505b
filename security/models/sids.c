/* SPDX-License-Identifier: Apache-2.0 */

/*
 * SID -> number, by open addressing. Cells that were used stay marked, because
 * undoing a removal must be one write; settling clears the marks when there
 * are many.
 */

#include <stdlib.h>
#include <string.h>

#include "ksm_inside.h"

enum { FREE, USED, DEAD };

static uint32_t first_cell(uint64_t sid)
{
	return (uint32_t)((sid * 0x9e3779b97f4a7c15ull) >> 32) & (KX_KSM_CELLS - 1);
}

bool kx_ksm_sids_start(struct kx_ksm_sids *sids)
{
	if (!sids->cells)
		sids->cells = malloc(KX_KSM_CELLS * sizeof(*sids->cells));
	if (!sids->cells)
		return false;
	memset(sids->cells, 0, KX_KSM_CELLS * sizeof(*sids->cells));
	sids->used = 0;
	sids->dead = 0;
	return true;
}

void kx_ksm_sids_stop(struct kx_ksm_sids *sids)
{
	free(sids->cells);
	sids->cells = NULL;
}

struct kx_ksm_sid *kx_ksm_sids_find(const struct kx_ksm_sids *sids, uint64_t sid)
{
	uint32_t at = first_cell(sid);

	for (uint32_t tried = 0; tried < KX_KSM_CELLS; tried++) {
		struct kx_ksm_sid *cell = &sids->cells[at];

		if (cell->state == FREE)
			return NULL;
		if (cell->state == USED && cell->sid == sid)
			return cell;
		at = (at + 1) & (KX_KSM_CELLS - 1);
	}
	return NULL;
}

static bool save_counts(struct kx_ksm_event *e, struct kx_ksm_sids *sids)
{
	return kx_ksm_save(e, &sids->used, sizeof(sids->used) + sizeof(sids->dead));
}

static struct kx_ksm_sid *place_for(const struct kx_ksm_sids *sids, uint64_t sid)
{
	uint32_t at = first_cell(sid);

	while (sids->cells[at].state == USED)
		at = (at + 1) & (KX_KSM_CELLS - 1);
	return &sids->cells[at];
}

struct kx_ksm_sid *kx_ksm_sids_add(struct kx_ksm_event *e, struct kx_ksm_sids *sids, uint64_t sid,
				   uint32_t value)
{
	struct kx_ksm_sid *cell;

	if (sid > UINT32_MAX || sids->used >= KX_KSM_CONTEXTS) {
		kx_ksm_fail(e, "sid out of permissible range");
		return NULL;
	}
	cell = place_for(sids, sid);
	if (!save_counts(e, sids) || !kx_ksm_save(e, cell, sizeof(*cell)))
		return NULL;
	sids->used++;
	if (cell->state == DEAD)
		sids->dead--;
	*cell = (struct kx_ksm_sid){(uint32_t)sid, USED, value};
	return cell;
}

bool kx_ksm_sids_remove(struct kx_ksm_event *e, struct kx_ksm_sids *sids, struct kx_ksm_sid *cell)
{
	if (!save_counts(e, sids) || !kx_ksm_save(e, cell, sizeof(*cell)))
		return false;
	cell->state = DEAD;
	sids->used--;
	sids->dead++;
	return true;
}

bool kx_ksm_sids_forget(struct kx_ksm_sids *sids, uint32_t sid, uint32_t *value)
{
	struct kx_ksm_sid *cell = kx_ksm_sids_find(sids, sid);

	if (!cell)
		return false;
	*value = cell->value;
	cell->state = DEAD;
	sids->used--;
	sids->dead++;
	kx_ksm_sids_settle(sids);
	return true;
}

static void rebuild(struct kx_ksm_sids *sids)
{
	static struct kx_ksm_sid spare[KX_KSM_CELLS];

	memcpy(spare, sids->cells, sizeof(spare));
	memset(sids->cells, 0, sizeof(spare));
	for (uint32_t i = 0; i < KX_KSM_CELLS; i++)
		if (spare[i].state == USED)
			*place_for(sids, spare[i].sid) = spare[i];
	sids->dead = 0;
}

void kx_ksm_sids_settle(struct kx_ksm_sids *sids)
{
	if (sids->dead > KX_KSM_CELLS / 4)
		rebuild(sids);
}
