/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The other side changes the word before each operation on it, so that no CAS ever
 * succeeds and no sleep ever begins: every loop ends all the same, after a number of
 * steps that has a name, and says that the other side is hostile. Deterministic: the
 * adversary is kx_point(), which this build calls before each operation.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "client.h"
#include "inbox.h"
#include "kx_index.h"
#include "rcu.h"

#define GEN 7u

/* Handles of two listeners. */
#define OWN   1u
#define OTHER 2u

/* A load, the tries, an exchange, and what stands round them. */
#define STEPS (KX_SLOT_TRIES + 4u)

static struct {
	kx_word *word; /* NULL: nobody is hostile */
	uint32_t values[3];
	unsigned count;
	unsigned steps;
} adversary;

/* A down slot whose request is taken back at this step, and posted again for another listener. */
static struct {
	struct kx_slot *slot; /* NULL: none */
	unsigned at;
	unsigned steps;
} reposted;

static void repost(void)
{
	struct kx_down_tag *tag = (struct kx_down_tag *)(void *)reposted.slot->tag;
	uint32_t posted = KX_SLOT_WORD(GEN, KX_SLOT_TIMED);

	if (++reposted.steps != reposted.at)
		return;
	if (!atomic_compare_exchange_strong(&reposted.slot->w, &posted,
					    KX_SLOT_WORD(GEN, KX_SLOT_FREE)))
		return;
	tag->listener = OTHER;
	atomic_store(&reposted.slot->w, KX_SLOT_WORD(GEN + 1, KX_SLOT_TIMED));
}

/* A slot whose request another thread of the server takes at this step. */
static struct {
	struct kx_slot *slot; /* NULL: none */
	unsigned at;
	unsigned steps;
} faster;

static void be_faster(void)
{
	uint32_t posted = KX_SLOT_WORD(GEN, KX_SLOT_TIMED);

	if (++faster.steps == faster.at)
		(void)atomic_compare_exchange_strong(&faster.slot->w, &posted,
						     KX_SLOT_WORD(GEN, KX_SLOT_TAKEN));
}

void kx_point(void)
{
	if (reposted.slot)
		repost();
	if (faster.slot)
		be_faster();
	if (!adversary.word)
		return;
	atomic_store(adversary.word, adversary.values[++adversary.steps % adversary.count]);
	/* Without a bound the test would never end; so it ends here. */
	if (adversary.steps > 100000)
		abort();
}

static struct kx_slot slot;

static void attack(kx_word *word, uint32_t state)
{
	adversary.steps = 0;
	adversary.count = 2;
	adversary.values[0] = KX_SLOT_WORD(GEN, state);
	adversary.values[1] = KX_SLOT_WORD(GEN, state) | KX_SLOT_SLEEP;
	adversary.word = word;
}

static unsigned end_attack(void)
{
	adversary.word = NULL;
	return adversary.steps;
}

static void a_request_that_never_holds_still_is_not_taken(void **state)
{
	uint32_t gen = 0;

	(void)state;
	attack(&slot.w, KX_SLOT_POSTED);
	assert_int_equal(kx_slot_take(&slot, &gen), KX_EPROTO);
	assert_in_range(end_attack(), KX_SLOT_TRIES, STEPS);
	assert_int_equal(gen, 0);
	attack(&slot.w, KX_SLOT_POSTED);
	kx_slot_mark_taken(&slot, GEN);
	assert_in_range(end_attack(), KX_SLOT_TRIES, STEPS);
	assert_int_not_equal(KX_SLOT_STATE(kx_load(&slot.w)), KX_SLOT_TAKEN);
}

static void a_reply_to_such_a_client_is_dropped(void **state)
{
	static const uint32_t states[] = {KX_SLOT_POSTED, KX_SLOT_TAKEN, KX_SLOT_ABANDONED};
	bool wake = false;

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		attack(&slot.w, states[i]);
		assert_int_equal(kx_slot_reply(&slot, GEN, &wake), KX_EPROTO);
		assert_in_range(end_attack(), KX_SLOT_TRIES, STEPS);
	}
}

static void a_request_is_not_taken_back_from_such_a_server(void **state)
{
	(void)state;
	attack(&slot.w, KX_SLOT_TIMED);
	assert_false(kx_slot_cancel(&slot, GEN));
	assert_in_range(end_attack(), KX_SLOT_TRIES, STEPS);
	attack(&slot.w, KX_SLOT_TAKEN);
	assert_false(kx_slot_abandon(&slot, GEN));
	assert_in_range(end_attack(), KX_SLOT_TRIES, STEPS);
}

static void the_kernel_process_breaks_and_judges_in_bounded_time(void **state)
{
	(void)state;
	attack(&slot.w, KX_SLOT_TAKEN);
	kx_slot_poison(&slot);
	assert_in_range(end_attack(), KX_SLOT_TRIES, STEPS);
	assert_int_equal(kx_load(&slot.w), KX_SLOT_WORD(GEN, KX_SLOT_POISON));
	attack(&slot.w, KX_SLOT_REPLIED);
	assert_false(kx_slot_judge(&slot, GEN));
	assert_in_range(end_attack(), KX_SLOT_TRIES, STEPS);
}

static void call_a_server_that_writes(uint32_t first, uint32_t second, uint32_t third)
{
	struct kx_waiter waiter;
	kx_word arm = KX_ARM_AWAKE;
	struct kx_port port = {.arm = &arm};
	struct kx_patience patience = {.waiter = &waiter};

	kx_waiter_init(&waiter);
	attack(&slot.w, KX_SLOT_POSTED);
	adversary.values[0] = first;
	adversary.values[1] = second;
	adversary.values[2] = third;
	adversary.count = 3; /* between a look and the sleep there are two steps at most */
	assert_int_equal(kx_client_exchange(&slot, GEN, &port, &patience), KX_EPROTO);
	(void)end_attack();
}

static void a_client_does_not_wait_for_a_server_that_never_holds_still(void **state)
{
	uint32_t posted = KX_SLOT_WORD(GEN, KX_SLOT_POSTED);
	uint32_t taken = KX_SLOT_WORD(GEN, KX_SLOT_TAKEN);
	uint32_t timed = KX_SLOT_WORD(GEN, KX_SLOT_TIMED);

	(void)state;
	call_a_server_that_writes(posted, taken, timed);
	call_a_server_that_writes(posted, timed | KX_SLOT_SLEEP, taken);
	/* Asleep by its own account, and still no sleep can begin. */
	call_a_server_that_writes(posted | KX_SLOT_SLEEP, taken | KX_SLOT_SLEEP,
				  timed | KX_SLOT_SLEEP);
}

static enum kx_result no_news(void *context)
{
	(void)context;
	return KX_OK;
}

static void complain(void *context, struct kx_end *end)
{
	(void)end;
	++*(unsigned *)context;
}

static void an_inbox_breaks_the_channel_and_looks_at_it_no_more(void **state)
{
	static struct kx_channel_region region;
	static struct kx_slot down[KX_DOWN_SLOTS];
	static struct kx_inbox inbox;
	struct kx_end end = {.region = &region, .message_max = KX_MESSAGE_MIN};
	kx_word kbell = 0;
	kx_word karm = 0;
	unsigned complaints = 0;
	struct kx_taken taken;

	(void)state;
	inbox = (struct kx_inbox){.kbell = &kbell, .karm = &karm, .down = down};
	inbox.refresh = no_news;
	inbox.hostile = complain;
	inbox.context = &complaints;
	assert_int_equal(kx_inbox_init(&inbox), KX_OK);
	assert_int_equal(kx_inbox_add(&inbox, &end), KX_OK);
	attack(&region.slots[0].w, KX_SLOT_TIMED);
	assert_false(kx_inbox_look_all(&inbox, &taken));
	assert_true(atomic_load(&end.broken));
	assert_int_equal(complaints, 1);
	assert_false(kx_inbox_look_all(&inbox, &taken));
	assert_int_equal(complaints, 1);
	(void)end_attack();
	kx_inbox_remove(&inbox, &end);
	kx_inbox_fini(&inbox);
}

static void a_request_of_another_listener_is_never_taken(void **state)
{
	static struct kx_slot down[KX_DOWN_SLOTS];
	static struct kx_inbox inbox;
	struct kx_down_tag *tag = (struct kx_down_tag *)(void *)down[0].tag;
	kx_word kbell = 0;
	kx_word karm = 0;
	struct kx_taken taken;

	(void)state;
	inbox = (struct kx_inbox){.handle = OWN, .kbell = &kbell, .karm = &karm, .down = down};
	assert_int_equal(kx_inbox_init(&inbox), KX_OK);
	for (unsigned at = 1; at < 2 * KX_DOWN_SLOTS; at++) {
		tag->listener = OWN;
		atomic_store(&down[0].w, KX_SLOT_WORD(GEN, KX_SLOT_TIMED));
		reposted.steps = 0;
		reposted.at = at;
		reposted.slot = &down[0];
		if (kx_inbox_look_all(&inbox, &taken))
			assert_int_equal(taken.gen, GEN);
		else
			assert_int_equal(tag->listener, OTHER);
		reposted.slot = NULL;
	}
	kx_inbox_fini(&inbox);
}

/* Whichever step the other thread is faster at; the look begins with the slot it takes. */
static void a_look_goes_on_after_what_another_thread_took(void **state)
{
	static struct kx_channel_region region;
	static struct kx_slot down[KX_DOWN_SLOTS];
	static struct kx_inbox inbox;
	struct kx_end end = {.region = &region, .message_max = KX_MESSAGE_MIN};
	struct kx_slot *slots = region.slots;
	kx_word kbell = 0;
	kx_word karm = 0;
	unsigned lost = 0;
	struct kx_taken taken;

	(void)state;
	inbox = (struct kx_inbox){.kbell = &kbell, .karm = &karm, .down = down};
	inbox.refresh = no_news;
	assert_int_equal(kx_inbox_init(&inbox), KX_OK);
	assert_int_equal(kx_inbox_add(&inbox, &end), KX_OK);
	for (faster.at = 1; faster.at < 64; faster.at++) {
		atomic_store(&slots[0].w, KX_SLOT_WORD(GEN, KX_SLOT_TIMED));
		atomic_store(&slots[1].w, KX_SLOT_WORD(GEN, KX_SLOT_TIMED));
		atomic_store(&inbox.hot[0], 1); /* slot 1 of the first channel */
		atomic_store(&inbox.clock, 1);  /* no turn of the cold one */
		faster.steps = 0;
		faster.slot = &slots[1];
		assert_true(kx_inbox_look(&inbox, &taken));
		faster.slot = NULL;
		lost += taken.index == 0;
		kx_inbox_release(&taken);
	}
	assert_true(lost > 1); /* seen posted, then not taken */
	kx_inbox_remove(&inbox, &end);
	kx_inbox_fini(&inbox);
}

static void an_index_out_of_its_table_is_the_first(void **state)
{
	(void)state;
	for (uint32_t count = 0; count < 5; count++)
		for (uint32_t index = 0; index < 9; index++)
			assert_int_equal(kx_index(index, count), index < count ? index : 0);
	assert_int_equal(kx_index(UINT32_MAX, UINT32_MAX), 0);
	assert_int_equal(kx_index(UINT32_MAX - 1, UINT32_MAX), UINT32_MAX - 1);
	assert_int_equal(kx_index(UINT32_MAX, 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_index_out_of_its_table_is_the_first),
		cmocka_unit_test(a_request_that_never_holds_still_is_not_taken),
		cmocka_unit_test(a_reply_to_such_a_client_is_dropped),
		cmocka_unit_test(a_request_is_not_taken_back_from_such_a_server),
		cmocka_unit_test(the_kernel_process_breaks_and_judges_in_bounded_time),
		cmocka_unit_test(a_client_does_not_wait_for_a_server_that_never_holds_still),
		cmocka_unit_test(an_inbox_breaks_the_channel_and_looks_at_it_no_more),
		cmocka_unit_test(a_request_of_another_listener_is_never_taken),
		cmocka_unit_test(a_look_goes_on_after_what_another_thread_took),
	};

	kx_wait_setup(0, false, false);
	rcu_register_thread();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
