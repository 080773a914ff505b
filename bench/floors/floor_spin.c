/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Floors without a sleep: both sides look at a word until it changes.
 *
 * one-line: request and reply share one line, so a round trip moves one line
 * forth and back; this is the hardware's limit. The word is exchanged, not
 * stored: it measured faster, because the line comes over before the payload
 * is written. two-line: a line each way, plain stores; the steadiest of all, so
 * the bars are set against it. two-line-x: the same with exchanges, which has a
 * lower median for small payloads and a longer tail.
 * relay-spin: two-line twice, with a broker that copies between.
 * yield: two-line, but the core is offered to others between two looks.
 */

#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "floor.h"

#define MOMENT_NS 5000000u

/* Writes the payload and then the word. */
static inline void send_on(struct kx_party *party, enum kx_hop_name name, const uint8_t *from)
{
	memcpy(party->hop[name].payload, from, party->size);
	atomic_store_explicit(party->hop[name].word, party->round, memory_order_release);
}

static inline void receive_on(struct kx_party *party, enum kx_hop_name name)
{
	kx_hop_await(&party->hop[name], party->round, party->looks);
	memcpy(party->in, party->hop[name].payload, party->size);
}

static bool two_line_call(struct kx_party *party)
{
	party->round++;
	send_on(party, KX_HOP_REQUEST, party->out);
	receive_on(party, KX_HOP_REPLY);
	return true;
}

static bool two_line_serve(struct kx_party *party)
{
	party->round++;
	receive_on(party, KX_HOP_REQUEST);
	send_on(party, KX_HOP_REPLY, party->in);
	return true;
}

static inline void exchange_on(struct kx_party *party, enum kx_hop_name name, const uint8_t *from)
{
	memcpy(party->hop[name].payload, from, party->size);
	atomic_exchange_explicit(party->hop[name].word, party->round, memory_order_acq_rel);
}

static bool two_line_x_call(struct kx_party *party)
{
	party->round++;
	exchange_on(party, KX_HOP_REQUEST, party->out);
	receive_on(party, KX_HOP_REPLY);
	return true;
}

static bool two_line_x_serve(struct kx_party *party)
{
	party->round++;
	receive_on(party, KX_HOP_REQUEST);
	exchange_on(party, KX_HOP_REPLY, party->in);
	return true;
}

/* Odd values of the one word are requests, even ones replies. */
static bool one_line_call(struct kx_party *party)
{
	struct kx_hop *hop = &party->hop[KX_HOP_REQUEST];

	memcpy(hop->payload, party->out, party->size);
	atomic_exchange_explicit(hop->word, ++party->round, memory_order_acq_rel);
	kx_hop_await(hop, ++party->round, party->looks);
	memcpy(party->in, hop->payload, party->size);
	return true;
}

static bool one_line_serve(struct kx_party *party)
{
	struct kx_hop *hop = &party->hop[KX_HOP_REQUEST];

	kx_hop_await(hop, ++party->round, party->looks);
	memcpy(party->in, hop->payload, party->size);
	memcpy(hop->payload, party->in, party->size);
	atomic_exchange_explicit(hop->word, ++party->round, memory_order_acq_rel);
	return true;
}

static bool relay_broker(struct kx_party *party)
{
	party->round++;
	receive_on(party, KX_HOP_REQUEST);
	send_on(party, KX_HOP_REQUEST_ON, party->in);
	receive_on(party, KX_HOP_REPLY_ON);
	send_on(party, KX_HOP_REPLY, party->in);
	return true;
}

static bool relay_serve(struct kx_party *party)
{
	party->round++;
	receive_on(party, KX_HOP_REQUEST_ON);
	send_on(party, KX_HOP_REPLY_ON, party->in);
	return true;
}

static void receive_yielding(struct kx_party *party, enum kx_hop_name name)
{
	while (atomic_load_explicit(party->hop[name].word, memory_order_acquire) != party->round)
		(void)sched_yield();
	memcpy(party->in, party->hop[name].payload, party->size);
}

static bool yield_call(struct kx_party *party)
{
	party->round++;
	send_on(party, KX_HOP_REQUEST, party->out);
	receive_yielding(party, KX_HOP_REPLY);
	return true;
}

static bool yield_serve(struct kx_party *party)
{
	party->round++;
	receive_yielding(party, KX_HOP_REQUEST);
	send_on(party, KX_HOP_REPLY, party->in);
	return true;
}

static const struct kx_floor one_line = {
	.parties = 2,
	.spins = true,
	.call = one_line_call,
	.serve = one_line_serve,
};

static const struct kx_floor two_line = {
	.parties = 2,
	.spins = true,
	.call = two_line_call,
	.serve = two_line_serve,
};

static const struct kx_floor two_line_x = {
	.parties = 2,
	.spins = true,
	.call = two_line_x_call,
	.serve = two_line_x_serve,
};

static const struct kx_floor relay_spin = {
	.parties = 3,
	.spins = true,
	.call = two_line_call,
	.serve = relay_serve,
	.relay = relay_broker,
};

static const struct kx_floor yield = {
	.parties = 2,
	.call = yield_call,
	.serve = yield_serve,
};

#define FLOOR(NAME, WHAT, SELF)                                                                    \
	{                                                                                          \
		.name = (NAME), .what = (WHAT), .floor = true, .fits = kx_floor_fits,              \
		.prepare = kx_floor_prepare, .run_turn = kx_floor_run_turn,                        \
		.finish = kx_floor_finish, .self = &(SELF),                                        \
	}

const struct kx_subject kx_floor_one_line =
	FLOOR("one-line", "spin, request and reply in one cache line", one_line);
const struct kx_subject kx_floor_two_line =
	FLOOR("two-line", "spin, a line each way, plain stores", two_line);
const struct kx_subject kx_floor_two_line_x =
	FLOOR("two-line-x", "the same, published with exchanges", two_line_x);
/* The same for every configuration of these two cores, so that one limit suits all. */
static struct kx_config cores_config(const struct kx_config *config)
{
	struct kx_config moment = *config;

	moment.size = KX_SIZE_MIN;
	moment.clients = 1;
	moment.pairs = 1;
	moment.gap_ns = 0;
	moment.turn_ns = MOMENT_NS;
	return moment;
}

static bool cores_fit(const struct kx_subject *self, const struct kx_config *config, char *why,
		      size_t size)
{
	struct kx_config moment = cores_config(config);

	if (config->load == 0)
		return kx_floor_fits(self, &moment, why, size);
	(void)snprintf(why, size, "skipped: busy loops");
	return false;
}

static bool cores_prepare(const struct kx_subject *self, const struct kx_config *config,
			  void **state)
{
	struct kx_config moment = cores_config(config);

	return kx_floor_prepare(self, &moment, state);
}

const struct kx_subject kx_floor_cores = {
	.name = "cores",
	.what = "two-line of 8 bytes for a moment",
	.floor = true,
	.fits = cores_fit,
	.prepare = cores_prepare,
	.run_turn = kx_floor_run_turn,
	.finish = kx_floor_finish,
	.self = &two_line,
};

const struct kx_subject kx_floor_relay_spin =
	FLOOR("relay-spin", "spin through a broker and back", relay_spin);
const struct kx_subject kx_floor_yield = FLOOR("yield", "sched_yield between two looks", yield);
