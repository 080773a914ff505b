/* SPDX-License-Identifier: Apache-2.0 */
#include "verdict.h"

int32_t kx_verdict_await(struct kx_slot *slot, uint32_t gen, struct kx_waiter *waiter)
{
	struct kx_down_tag *tag = (struct kx_down_tag *)(void *)slot->tag;
	uint32_t replied = KX_SLOT_WORD(gen, KX_SLOT_REPLIED);
	uint32_t judged = KX_SLOT_WORD(gen, KX_SLOT_JUDGED);
	struct kx_wait wait;
	bool slept = false;
	int32_t rc;
	uint32_t w;

	kx_wait_begin(&wait, waiter, kx_wait_relayed(kx_hint_load(&slot->cpu_client)), false);
	while ((w = kx_load(&slot->w)) == replied && kx_wait_step(&wait))
		;
	while ((w & ~KX_SLOT_SLEEP) == replied) {
		slept = true;
		if (kx_slot_mark_sleep(slot, &w))
			(void)kx_futex_wait(&slot->w, w, NULL);
		w = kx_load(&slot->w);
	}
	kx_wait_end(&wait, slept);
	rc = (int32_t)kx_fetch32((const uint32_t *)&tag->rc);
	(void)kx_cas(&slot->w, &judged, KX_SLOT_WORD(gen, KX_SLOT_FREE));
	return rc;
}
