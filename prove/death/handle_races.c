/* SPDX-License-Identifier: Apache-2.0 */

/*
 * H-08: handles closed, revoked and copied while they are called over and while they travel, and
 * while those who have them die. Both halves of the kernel process run in this one thread, and a
 * seed says whose turn it is: all that they tell each other goes by mailboxes, so each order of
 * their steps can come, and comes again with the seed. The entities are ours (handle_parts.h).
 *
 * The model: who was given which handle, and what became of each call. At times all calls are
 * brought to their ends; then every table holds what its entity knows of and nothing else, every
 * object counts the handles that name it, and every call was answered. When all have died
 * nothing is left. P-02: what was decided was delivered, refused, or lost with who died.
 */

#include <inttypes.h>
#include <stdlib.h>

#include "balance.h"
#include "death.h"
#include "handle_parts.h"
#include "handle_pool.h"
#include "notice.h"
#include "registry.h"
#include "result.h"
#include "user.h"

#define STEPS 20000u /* of a round */

static struct kx_campaign campaign;

unsigned draw(unsigned below)
{
	return (unsigned)kx_random(&campaign, below);
}

/* --- what entities ask of the control thread ------------------------------------------------ */

static void make_object(struct part *part)
{
	uint32_t listener = draw(8) && part->serves ? part->listener : KX_HANDLE_INVALID;
	uint32_t rights = draw(8) ? KX_RIGHT_ALL : KX_RIGHT_TRANSFER | KX_RIGHT_IPC_CALL;
	uint32_t value;

	if (kx_user_create(part->task, 0x8000, rights, 1 + draw(100), listener, 0, &value) ==
	    KX_RC_OK)
		know(part, value);
}

static void make_badge(struct part *part)
{

	if (part->notice == KX_HANDLE_INVALID &&
	    kx_notice_create(part->task, &part->notice) == KX_RC_OK)
		know(part, part->notice);
	if (kx_badge_create(part->task, part->notice, 1, 1, &part->badge) == KX_RC_OK)
		know(part, part->badge);
}

static void copy(struct part *part)
{
	uint32_t badge = draw(4) ? KX_HANDLE_INVALID : part->badge;
	uint32_t value;

	if (kx_handle_copy(part->task, any_handle(part), draw(8) ? ~0u : draw(64), badge, &value) ==
	    KX_RC_OK)
		know(part, value);
}

static bool is_no_end(const struct kx_handle *handle)
{
	return handle->role != KX_ROLE_CLIENT && handle->role != KX_ROLE_LISTENER;
}

/* Ends of channels seldom: who has none calls nobody, and nobody calls it. */
static uint32_t one_to_end(struct part *part)
{
	return draw(16) ? one_with(part, is_no_end) : any_handle(part);
}

static void close_one(struct part *part)
{
	uint32_t value = one_to_end(part);

	if (kx_handle_close(part->task, value) == KX_RC_OK)
		forget(part, value);
}

static void revoke_one(struct part *part)
{
	uint32_t value = one_to_end(part);

	switch (draw(3)) {
	case 0:
		if (kx_handle_revoke(part->task, value) == KX_RC_OK)
			forget(part, value);
		break;
	case 1:
		(void)kx_handle_revoke_below(part->task, value);
		break;
	default:
		(void)kx_handle_revoke_subtree(part->task, value, part->badge);
	}
}

/* --- steps ---------------------------------------------------------------------------------- */

static void ask_control(struct part *part)
{
	unsigned what = draw(20);

	if (part->task->handle_count > 100 && what < 12)
		what = 12 + what % 8;
	if (what < 5)
		make_object(part);
	else if (what < 11)
		copy(part);
	else if (what < 12)
		make_badge(part);
	else if (what < 18)
		close_one(part);
	else
		revoke_one(part);
}

static void step(unsigned long number)
{
	struct part *part = &parts[draw(PARTS)];
	unsigned what = draw(100);

	if (number % 4000 == 3999)
		die(part);
	else if (number % 4000 == 200)
		replace_dead();
	else if (number % 200 == 199)
		connect_all();
	else if (number % 500 == 499)
		(void)kx_relay_expire(UINT64_MAX);
	else if (what < 20)
		(void)kx_peers_look();
	else if (what < 35)
		(void)kx_mailbox_run(&kx_ipc_mailbox, 1);
	else if (what < 50)
		(void)kx_mailbox_run(&kx_control_mailbox, 1);
	else if (!part->task)
		return;
	else if (what < 65)
		ask_control(part);
	else if (what < 80)
		post_call(part);
	else if (what < 90)
		take_request(part);
	else
		answer_request(part);
}

/* --- at rest -------------------------------------------------------------------------------- */

static unsigned wrong(const char *what, const struct part *part, unsigned long a, unsigned long b)
{
	fprintf(stderr, "%s: part %d, %lu, not %lu\n", what, part ? (int)(part - parts) : -1, a, b);
	return 1;
}

/* Every call comes to its end: servers answer all they can get. */
static void settle(void)
{
	bool more = true;

	while (more) {
		all_rounds();
		more = false;
		for (unsigned i = 0; i < PARTS; i++)
			while (parts[i].task &&
			       (answer_request(&parts[i]) || take_request(&parts[i])))
				more = true;
	}
}

static unsigned check_calls(struct part *part)
{
	collect(part);
	for (unsigned i = 0; i < UPS; i++)
		if (part->up[i].number)
			return wrong("a call has no answer, in slot", part, i, 0);
	return 0;
}

/* The table is what the entity was told of. */
static unsigned check_table(const struct part *part)
{
	for (uint32_t i = 1; i < KX_HANDLES; i++) {
		const struct kx_handle *handle =
			i < part->task->handle_top ? part->task->handles[i] : NULL;
		uint32_t value = handle ? handle->value : 0;

		if (value != part->known[i])
			return wrong("a handle", part, value, part->known[i]);
	}
	return 0;
}

struct named {
	const struct kx_object *object;
	uint32_t handles;
};

static int by_object(const void *a, const void *b)
{
	const struct named *x = a;
	const struct named *y = b;

	return (x->object > y->object) - (x->object < y->object);
}

/* Each object counts the handles that name it, whoever has them. */
static unsigned check_counts(void)
{
	static struct named all[PARTS * KX_HANDLES];
	unsigned long count = 0;
	unsigned failures = 0;

	for (unsigned p = 0; p < PARTS; p++)
		for (uint32_t i = 0; parts[p].task && i < parts[p].task->handle_top; i++)
			if (parts[p].task->handles[i] && parts[p].task->handles[i]->object)
				all[count++].object = parts[p].task->handles[i]->object;
	qsort(all, count, sizeof(all[0]), by_object);
	for (unsigned long i = 0, first = 0; i < count; i++) {
		if (i + 1 < count && all[i + 1].object == all[i].object)
			continue;
		if (all[i].object->handles != i + 1 - first)
			failures += wrong("handles of an object", NULL, all[i].object->handles,
					  i + 1 - first);
		first = i + 1;
	}
	return failures;
}

static unsigned check_rest(void)
{
	unsigned failures = check_counts();

	for (unsigned p = 0; p < PARTS; p++)
		if (parts[p].task)
			failures += check_calls(&parts[p]) + check_table(&parts[p]);
	return failures;
}

/* --- a round --------------------------------------------------------------------------------- */

static struct kx_balance since; /* of the round */

static uint64_t of_round(uint64_t now, uint64_t before)
{
	return now - before;
}

/* P-02: the module's own count beside the kernel process's. */
static unsigned check_balance(void)
{
	const struct kx_balance *b = &kx_balance;
	uint64_t requests = of_round(b->granted, since.granted);
	uint64_t replies = of_round(b->approved, since.approved);

	if (!kx_balance_agrees(b))
		return wrong("calls begun, and ended", NULL, b->begun, b->closed);
	if (requests != decisions.granted)
		return wrong("requests granted", NULL, requests, decisions.granted);
	if (replies != decisions.approved)
		return wrong("replies granted", NULL, replies, decisions.approved);
	if (of_round(b->delivered, since.delivered) + of_round(b->undelivered, since.undelivered) !=
	    decisions.granted)
		return wrong("requests delivered or lost", NULL, b->delivered, decisions.granted);
	return 0;
}

struct found {
	unsigned long steps, deaths;
	unsigned handles;   /* what was wrong with them, */
	unsigned decisions; /* and with decisions */
};

static void run_round(struct found *found)
{
	long objects = kx_objects_in_use();
	void *none = NULL;

	since = kx_balance;
	begin_parts();
	for (unsigned long i = 0; i < STEPS && !found->handles && !wrong_deliveries; i++) {
		step(i);
		if (i % 5000 == 4999) {
			settle();
			found->handles += check_rest();
		}
	}
	found->steps += STEPS;
	found->deaths += deaths_of_round;
	for (unsigned i = 0; i < PARTS; i++)
		die(&parts[i]);
	(void)relay_teardown(&none);
	found->decisions += check_balance() + wrong_deliveries;
	if (kx_handles_in_use())
		found->handles +=
			wrong("handles left", NULL, (unsigned long)kx_handles_in_use(), 0);
	if (kx_objects_in_use() != objects)
		found->handles += wrong("objects left", NULL, (unsigned long)kx_objects_in_use(),
					(unsigned long)objects);
}

static void print(const struct found *found)
{
	const struct kx_balance *b = &kx_balance;

	if (kx_wants(&campaign, "H-08"))
		kx_result(&campaign, "H-08", "P4,P3", found->steps, "steps", found->handles,
			  "of %d entities and both halves of the kernel process, in any order; %lu "
			  "deaths, %" PRIu64 " calls",
			  PARTS, found->deaths, b->begun);
	if (kx_wants(&campaign, "P-02"))
		kx_result(&campaign, "P-02", "P6", b->granted + b->approved + denied_in_all,
			  "decisions", found->decisions,
			  "of the same run: %" PRIu64 " requests and %" PRIu64
			  " replies delivered, %" PRIu64 " denied, %" PRIu64
			  " lost with a death, a handle or their time",
			  b->delivered, b->passed, denied_in_all, b->undelivered + b->lost);
}

int main(int argc, char **argv)
{
	struct found found = {0};
	unsigned long wanted;

	kx_campaign_begin(&campaign, argc, argv);
	wanted = kx_by_tier(&campaign, 40000, 2000000, 10000000);
	while (found.steps < wanted && !found.handles && !found.decisions) {
		uint64_t seed = campaign.state;

		run_round(&found);
		if (found.handles || found.decisions)
			fprintf(stderr, "--seed %" PRIu64 " repeats it\n", seed);
	}
	print(&found);
	return kx_campaign_end(&campaign);
}
