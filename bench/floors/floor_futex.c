/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Floors that always sleep: write, wake the other side, sleep until it has
 * answered. One word each way, so nobody sleeps on a word it has just written.
 * The words are shared between processes: no FUTEX_PRIVATE_FLAG.
 */

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "floor.h"
#include "measure/complain.h"

static bool futex_send(struct kx_party *party, enum kx_hop_name name, const uint8_t *from)
{
	memcpy(party->hop[name].payload, from, party->size);
	atomic_store_explicit(party->hop[name].word, party->round, memory_order_release);
	if (syscall(SYS_futex, party->hop[name].word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0) >= 0)
		return true;
	return kx_complain("futex: wake: %m");
}

/* Sleeps while the word still holds the round before. */
static bool futex_receive(struct kx_party *party, enum kx_hop_name name)
{
	const struct kx_hop *hop = &party->hop[name];
	const uint32_t before = party->round - 1;

	do {
		if (syscall(SYS_futex, hop->word, FUTEX_WAIT, before, NULL, NULL, 0) != 0 &&
		    errno != EAGAIN && errno != EINTR)
			return kx_complain("futex: wait: %m");
	} while (atomic_load_explicit(hop->word, memory_order_acquire) != party->round);
	memcpy(party->in, hop->payload, party->size);
	return true;
}

static bool futex_call(struct kx_party *party)
{
	party->round++;
	return futex_send(party, KX_HOP_REQUEST, party->out) && futex_receive(party, KX_HOP_REPLY);
}

static bool futex_serve(struct kx_party *party)
{
	party->round++;
	return futex_receive(party, KX_HOP_REQUEST) && futex_send(party, KX_HOP_REPLY, party->in);
}

static bool futex_broker(struct kx_party *party)
{
	party->round++;
	return futex_receive(party, KX_HOP_REQUEST) &&
	       futex_send(party, KX_HOP_REQUEST_ON, party->in) &&
	       futex_receive(party, KX_HOP_REPLY_ON) && futex_send(party, KX_HOP_REPLY, party->in);
}

static bool futex_relay_serve(struct kx_party *party)
{
	party->round++;
	return futex_receive(party, KX_HOP_REQUEST_ON) &&
	       futex_send(party, KX_HOP_REPLY_ON, party->in);
}

static const struct kx_floor futex = {
	.parties = 2,
	.call = futex_call,
	.serve = futex_serve,
};

static const struct kx_floor relay_futex = {
	.parties = 3,
	.call = futex_call,
	.serve = futex_relay_serve,
	.relay = futex_broker,
};

const struct kx_subject kx_floor_futex = {
	.name = "futex",
	.what = "futex ping-pong, both always asleep",
	.floor = true,
	.fits = kx_floor_fits,
	.prepare = kx_floor_prepare,
	.run_turn = kx_floor_run_turn,
	.finish = kx_floor_finish,
	.self = &futex,
};

const struct kx_subject kx_floor_relay_futex = {
	.name = "relay-futex",
	.what = "futex through a broker and back",
	.floor = true,
	.fits = kx_floor_fits,
	.prepare = kx_floor_prepare,
	.run_turn = kx_floor_run_turn,
	.finish = kx_floor_finish,
	.self = &relay_futex,
};
