/* SPDX-License-Identifier: Apache-2.0 */

/* Flow: an automaton per SID; the number in the SID table is its state. */

#include <string.h>

#include "ksm_inside.h"

static bool start(struct kx_ksm_object *object)
{
	return kx_ksm_sids_start(&((struct kx_ksm_flow *)(void *)object)->sids);
}

static void stop(struct kx_ksm_object *object)
{
	kx_ksm_sids_stop(&((struct kx_ksm_flow *)(void *)object)->sids);
}

static void forget(struct kx_ksm_object *object, uint32_t sid)
{
	uint32_t state;

	(void)kx_ksm_sids_forget(&((struct kx_ksm_flow *)(void *)object)->sids, sid, &state);
}

static void settle(struct kx_ksm_object *object)
{
	kx_ksm_sids_settle(&((struct kx_ksm_flow *)(void *)object)->sids);
}

const struct kx_ksm_object kx_ksm_flow_model = {
	.start = start, .stop = stop, .forget = forget, .settle = settle};

static struct kx_ksm_sid *context(struct kx_ksm_event *e, struct kx_ksm_flow *flow, uint64_t sid)
{
	struct kx_ksm_sid *cell = kx_ksm_sids_find(&flow->sids, sid);

	if (!cell)
		kx_ksm_fail_context(e, &flow->object, sid,
				    "the sid has no automaton; init was not granted for it");
	else
		e->automaton = 1ull << cell->value;
	return cell;
}

bool kx_ksm_flow_init(struct kx_ksm_event *e, struct kx_ksm_flow *flow, uint64_t sid)
{
	if (kx_ksm_sids_find(&flow->sids, sid))
		return kx_ksm_refuse(e, "the sid has an automaton already");
	e->automaton = 1ull << flow->initial;
	return kx_ksm_sids_add(e, &flow->sids, sid, flow->initial) != NULL;
}

bool kx_ksm_flow_fini(struct kx_ksm_event *e, struct kx_ksm_flow *flow, uint64_t sid)
{
	struct kx_ksm_sid *cell = context(e, flow, sid);

	return cell && kx_ksm_sids_remove(e, &flow->sids, cell);
}

bool kx_ksm_flow_enter(struct kx_ksm_event *e, struct kx_ksm_flow *flow, uint64_t sid,
		       uint32_t state)
{
	struct kx_ksm_sid *cell = context(e, flow, sid);

	if (!cell)
		return false;
	if (!(flow->transitions[cell->value] >> state & 1))
		return false;
	if (!kx_ksm_save(e, &cell->value, sizeof(cell->value)))
		return false;
	cell->value = state;
	e->automaton = 1ull << state;
	return true;
}

bool kx_ksm_flow_allow(struct kx_ksm_event *e, struct kx_ksm_flow *flow, uint64_t sid,
		       uint64_t states)
{
	struct kx_ksm_sid *cell = context(e, flow, sid);

	return cell && (states >> cell->value & 1);
}

uint32_t kx_ksm_flow_query(struct kx_ksm_event *e, struct kx_ksm_flow *flow, uint64_t sid)
{
	struct kx_ksm_sid *cell = context(e, flow, sid);

	return cell ? cell->value : UINT32_MAX;
}

struct kx_ksm_text kx_ksm_flow_name(struct kx_ksm_event *e, struct kx_ksm_flow *flow, uint64_t sid)
{
	struct kx_ksm_sid *cell = context(e, flow, sid);
	const char *name = cell ? flow->states[cell->value] : "";

	return (struct kx_ksm_text){name, (uint32_t)strlen(name)};
}
