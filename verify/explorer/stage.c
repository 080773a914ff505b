/* SPDX-License-Identifier: Apache-2.0 */
#include "stage.h"

#include <string.h>

#include "kx_task_page.h"

struct kx_stage *kx_stage;
struct kx_plot kx_plot;
unsigned kx_stage_waiters;

static enum kx_result on_refresh(void *context)
{
	(void)context;
	return KX_OK;
}

static void on_hostile(void *context, struct kx_end *end)
{
	(void)context;
	kx_situation(KX_SEEN_HOSTILE_FOUND);
	if (!kx_plot.hostile || end->channel != 0)
		kx_sim_fail("an honest client is taken for a hostile one");
}

/* The cold counter only chooses where to look next. */
static void normalise(void)
{
	uint32_t places = kx_stage->inbox.ends->count * KX_CHANNEL_SLOTS;

	if (places)
		kx_stage->inbox.cold %= places;
}

static void look_at_arm(uint32_t arm)
{
	static const enum kx_situation of[] = {[KX_ARM_RING] = KX_SEEN_ARM_RING,
					       [KX_ARM_LATER] = KX_SEEN_ARM_LATER,
					       [KX_ARM_KERNEL] = KX_SEEN_ARM_KERNEL,
					       [KX_ARM_KERNEL_LATER] = KX_SEEN_ARM_KERNEL_LATER};

	if (arm >= KX_ARM_RING && arm <= KX_ARM_KERNEL_LATER)
		kx_situation(of[arm]);
}

/* What can be seen in a state. */
static void on_state(void)
{
	unsigned hostile = kx_plot.hostile ? 1 : 0;

	for (unsigned i = hostile; i < kx_plot.clients + kx_plot.idle; i++)
		look_at_arm(kx_stage->regions[i]->arm);
	if (kx_stage->inbox.polling && kx_stage->inbox.sentinel)
		kx_situation(KX_SEEN_POLLER_AND_SENTINEL);
	if (kx_stage->inbox.followers)
		kx_situation(KX_SEEN_FOLLOWER);
	for (unsigned i = 0; i < kx_plot.clients; i++)
		if (kx_sim_dead(i) && !kx_sim_dead(KERNEL_PROCESS))
			kx_situation(KX_SEEN_CLIENT_DIES);
	if (kx_sim_dead(SERVER_PROCESS) && !kx_sim_dead(KERNEL_PROCESS))
		kx_situation(KX_SEEN_SERVER_DIES);
	if (kx_sim_dead(KERNEL_PROCESS))
		kx_situation(KX_SEEN_KERNEL_DIES);
}

static bool is_honest_slot(const kx_word *word)
{
	if (word == &kx_stage->down->w)
		return true;
	for (unsigned i = kx_plot.hostile ? 1 : 0; i < kx_plot.clients; i++)
		for (unsigned s = 0; s < KX_CHANNEL_SLOTS; s++)
			if (word == &kx_stage->regions[i]->slots[s].w)
				return true;
	return false;
}

/* What only a change of a slot's word shows. */
static void on_change(const kx_word *word, uint32_t from, uint32_t to, bool done)
{
	uint32_t before = KX_SLOT_STATE(from);

	if (!is_honest_slot(word))
		return;
	switch (KX_SLOT_STATE(to)) {
	case KX_SLOT_REPLIED:
		if (before == KX_SLOT_TAKEN || !done)
			kx_situation(done ? KX_SEEN_REPLY : KX_SEEN_REPLY_AGAIN);
		break;
	case KX_SLOT_FREE:
		if (done && before == KX_SLOT_TIMED)
			kx_situation(KX_SEEN_TAKEN_BACK);
		if (done && before == KX_SLOT_ABANDONED)
			kx_situation(KX_SEEN_LATE_REPLY);
		if (done && before == KX_SLOT_JUDGED)
			kx_situation(KX_SEEN_JUDGED);
		break;
	case KX_SLOT_TIMED:
		if (done)
			kx_situation(KX_SEEN_TIMED);
		break;
	case KX_SLOT_ABANDONED:
		if (done)
			kx_situation(KX_SEEN_ABANDONED);
		break;
	case KX_SLOT_POISON:
		if (done)
			kx_situation(KX_SEEN_POISON);
		break;
	default:
		break;
	}
}

static void open_channel(unsigned i)
{
	struct kx_end *end = &kx_stage->ends[i];

	kx_stage->regions[i] = kx_sim_alloc(sizeof(struct kx_channel_region), KX_CACHE_PAIR);
	kx_stage->regions[i]->arm = kx_plot.kernel ? KX_ARM_KERNEL : KX_ARM_AWAKE;
	kx_stage->client_state[i] = KX_CHANNEL_DIRECT;
	kx_stage->server_state[i] = KX_CHANNEL_DIRECT;
	end->region = kx_stage->regions[i];
	end->state = &kx_stage->server_state[i];
	end->channel = i;
	kx_sim_name(&end->region->arm, "c%u.arm", i);
	kx_sim_name(&end->region->bell, "c%u.bell", i);
	for (unsigned s = 0; s < KX_CHANNEL_SLOTS; s++)
		kx_sim_name(&end->region->slots[s].w, "c%u.slot%u", i, s);
	kx_sim_name(&kx_stage->client_state[i], "c%u.state", i);
	kx_sim_name(&kx_stage->server_state[i], "c%u.state(server)", i);
}

static void open_inbox(unsigned channels)
{
	struct kx_inbox *inbox = &kx_stage->inbox;

	inbox->handle = 1;
	inbox->kbell = &kx_stage->kbell;
	inbox->karm = &kx_stage->karm;
	inbox->down = kx_stage->down;
	inbox->refresh = on_refresh;
	inbox->hostile = on_hostile;
	(void)kx_inbox_init(inbox);
	/* kx_inbox_add() would take the modelled lock, which only threads can. */
	inbox->ends =
		kx_sim_alloc(sizeof(*inbox->ends) + channels * sizeof(inbox->ends->end[0]), 16);
	inbox->ends->count = channels;
	for (unsigned i = 0; i < channels; i++) {
		inbox->ends->end[i] = &kx_stage->ends[i];
		kx_stage->ends[i].armed = (uint8_t)kx_stage->regions[i]->arm;
		if (i >= kx_plot.clients)
			kx_stage->ends[i].stamp = ++inbox->clock;
	}
	kx_sim_name(&inbox->follower_word, "followers");
	kx_sim_name(&inbox->roles, "roles");
	kx_sim_name(&kx_stage->kbell, "kbell");
	kx_sim_name(&kx_stage->karm, "karm");
	kx_sim_name(&kx_stage->kick, "kick");
	kx_sim_name(&kx_stage->interrupt, "interrupt");
	kx_sim_name(&kx_stage->interrupt_server, "interrupt(server)");
	kx_sim_name(&kx_stage->down->w, "down.slot0");
}

static void must_end(unsigned thread)
{
	kx_stage_waiters |= 1u << thread;
}

static void enter_clients(void)
{
	static const char *const names[] = {"client 0", "client 1", "client 2", "client 3"};

	for (unsigned i = 0; i < kx_plot.clients; i++)
		must_end(kx_sim_spawn(names[i], i,
				      i == 0 && kx_plot.hostile ? kx_hostile_body : kx_client_body,
				      (void *)(uintptr_t)i));
	if (kx_plot.kill_client)
		kx_sim_killable(0);
	if (kx_plot.interrupt || kx_plot.interrupt_server)
		must_end(kx_sim_spawn("interrupter", KERNEL_PROCESS, kx_interrupter_body, NULL));
}

/* What a server thread asks of itself: only it is there to take requests. */
bool kx_alone(void)
{
	return kx_plot.grows ? !kx_stage->grown : kx_plot.threads == 1;
}

void kx_stage_open(const struct kx_plot *plot)
{
	static const char *const names[] = {"server 0", "server 1", "server 2"};

	kx_plot = *plot;
	kx_stage_waiters = 0;
	kx_stage = kx_sim_alloc(sizeof(*kx_stage), KX_CACHE_PAIR);
	kx_stage->down = kx_sim_alloc(sizeof(*kx_stage->down), KX_CACHE_PAIR);
	for (unsigned i = 0; i < kx_plot.clients + kx_plot.idle; i++)
		open_channel(i);
	open_inbox(kx_plot.clients + kx_plot.idle);
	kx_sim_canonical(normalise);
	kx_sim_watch(on_state, on_change);
	enter_clients();
	for (unsigned i = 0; i < kx_plot.threads; i++) {
		unsigned thread = kx_sim_spawn(names[i], SERVER_PROCESS, kx_server_body,
					       (void *)(uintptr_t)i);

		if (i == 0 && kx_plot.interrupt_server)
			must_end(thread);
	}
	if (kx_plot.kill_server)
		kx_sim_killable(SERVER_PROCESS);
	if (kx_plot.kill_kernel) {
		kx_sim_killable(KERNEL_PROCESS);
		kx_sim_parent(KERNEL_PROCESS);
	}
	if (kx_plot.relayed)
		must_end(kx_sim_spawn("relay", KERNEL_PROCESS, kx_relay_body, NULL));
	if (kx_plot.kernel)
		(void)kx_sim_spawn("kernel", KERNEL_PROCESS, kx_kernel_body, NULL);
}

static bool is_settled(void *context)
{
	(void)context;
	return kx_stage->settled || kx_sim_asleep(SERVER_PROCESS) || kx_sim_dead(SERVER_PROCESS);
}

void kx_stage_begin(void)
{
	if (kx_plot.settled)
		kx_sim_until(is_settled, NULL);
	kx_stage->settled = 1;
}

const char *kx_stage_end(void)
{
	for (unsigned i = 0; i < KX_SIM_THREADS; i++)
		if ((kx_stage_waiters >> i & 1u) && !kx_sim_finished(i))
			return "somebody waits for ever";
	return NULL;
}
