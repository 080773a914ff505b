/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KSM_INSIDE_H
#define KX_KSM_INSIDE_H

/* Shared by the models; generated modules do not see it. */

#include "kosix/ksm.h"

/* Cells of a SID table: a power of two, at most half used. */
#define KX_KSM_CELLS (2u * KX_KSM_CONTEXTS)

/* Empties @sids, allocating it the first time. */
bool kx_ksm_sids_start(struct kx_ksm_sids *sids);
void kx_ksm_sids_stop(struct kx_ksm_sids *sids);

/* The cell of @sid, or NULL. */
struct kx_ksm_sid *kx_ksm_sids_find(const struct kx_ksm_sids *sids, uint64_t sid);

/* A new cell for @sid, which has none, with @value; NULL and a failure when full. */
struct kx_ksm_sid *kx_ksm_sids_add(struct kx_ksm_event *e, struct kx_ksm_sids *sids, uint64_t sid,
				   uint32_t value);
bool kx_ksm_sids_remove(struct kx_ksm_event *e, struct kx_ksm_sids *sids, struct kx_ksm_sid *cell);

/* Outside of a decision: removes @sid; false if it was not there. @value gets its number. */
bool kx_ksm_sids_forget(struct kx_ksm_sids *sids, uint32_t sid, uint32_t *value);

/* Between decisions: makes cells that were used free again when many are. */
void kx_ksm_sids_settle(struct kx_ksm_sids *sids);

/* Notes the plain parameters @rule reads; the message must be there. */
void kx_ksm_note_fields(struct kx_ksm_event *e, const struct kx_ksm_rule *rule);

bool kx_ksm_regex_start(struct kx_ksm_regex *regex);
void kx_ksm_regex_stop(struct kx_ksm_regex *regex);

#endif /* KX_KSM_INSIDE_H */
