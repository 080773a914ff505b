/* SPDX-License-Identifier: Apache-2.0 */
#include "standard.h"

#include <stdio.h>
#include <string.h>

#include "floors/floor.h"
#include "peers/peers.h"

#define LOWER(FLOOR, MEASURE, MUST, AIM)                                                           \
	{                                                                                          \
		.floor = &(FLOOR), .measure = (MEASURE), .must = (MUST), .aim = (AIM)              \
	}
#define HIGHER(FLOOR, MEASURE, MUST, AIM)                                                          \
	{                                                                                          \
		.floor = &(FLOOR), .measure = (MEASURE), .must = (MUST), .aim = (AIM),             \
		.more = true                                                                       \
	}

#define OWN(MEASURE, MUST, AIM)                                                                    \
	{                                                                                          \
		.measure = (MEASURE), .must = (MUST), .aim = (AIM), .own = true                    \
	}

#define TIMES(PEER, MUST, AIM)                                                                     \
	{                                                                                          \
		.floor = &(PEER), .measure = KX_M_P50, .must = (MUST), .aim = (AIM), .more = true, \
		.times = true                                                                      \
	}

/*
 * Two forms of one call differ by less than their lines' places in memory make: of so
 * many starts in a turn the best is taken, which is one with a good place.
 */
#define ALIKE_STARTS 5

/* One case, one paragraph. */
const struct kx_case kx_standard[] = {
	{.number = "1,2",
	 .title = "null call, two cores",
	 .cores = 2,
	 .place = KX_PLACE_PIN,
	 .check = {LOWER(kx_floor_two_line, KX_M_P50, 1.0, 0.70),
		   LOWER(kx_floor_two_line, KX_M_P99, 1.25, 1.0)}},
	{.number = "nk",
	 .title = "generated proxy and dispatch (floor: raw)",
	 .cores = 2,
	 .place = KX_PLACE_PIN,
	 .config = {.nk = true, .starts = ALIKE_STARTS},
	 .check = {LOWER(kx_subject_kosix_raw, KX_M_P50, 1.15, 1.0),
		   LOWER(kx_floor_two_line, KX_M_P50, 0.0, 0.0)}},
	{.number = "granted",
	 .title = "granted by a policy (floor: allow-all)",
	 .cores = 2,
	 .place = KX_PLACE_PIN,
	 .config = {.policy = "kosix-bench-calls.so", .starts = ALIKE_STARTS},
	 .check = {LOWER(kx_subject_kosix_open, KX_M_P50, 1.03, 1.0),
		   LOWER(kx_floor_two_line, KX_M_P50, 0.0, 0.0)}},
	{.number = "3",
	 .title = "null call, unpinned",
	 .cores = 2,
	 .place = KX_PLACE_FREE,
	 .check = {LOWER(kx_floor_two_line, KX_M_P50, 1.25, 0.8)}},
	{.number = "4",
	 .title = "null call, one core",
	 .cores = 1,
	 .place = KX_PLACE_SAME,
	 .check = {LOWER(kx_floor_futex, KX_M_P50, 0.80, 0.70)}},
	{.number = "5",
	 .title = "one core, a stranger on it",
	 .cores = 1,
	 .place = KX_PLACE_SAME,
	 .longer = 3, /* how the pair learns of the stranger is not the subject */
	 .config.load = 1,
	 .check = {LOWER(kx_floor_futex, KX_M_MEAN, 1.15, 1.0)}},
	{.number = "5a",
	 .title = "two cores, 4 busy loops on each",
	 .cores = 2,
	 .place = KX_PLACE_PIN,
	 .config.load = 4,
	 .check = {HIGHER(kx_floor_futex, KX_M_OPS, 0.8, 1.0)}},
	{.number = "6",
	 .title = "always asleep, two cores",
	 .cores = 2,
	 .place = KX_PLACE_PIN,
	 .config.always_sleep = true,
	 .check = {LOWER(kx_floor_futex, KX_M_P50, 1.1, 1.0)}},
	{.number = "7a",
	 .title = "1 KiB, two cores",
	 .cores = 2,
	 .place = KX_PLACE_PIN,
	 .config.size = 1024,
	 .check = {LOWER(kx_floor_two_line, KX_M_P50, 1.0, 0.74)}},
	{.number = "7",
	 .title = "4 KiB, two cores",
	 .cores = 2,
	 .place = KX_PLACE_PIN,
	 .config.size = 4096,
	 .check = {LOWER(kx_floor_two_line, KX_M_P50, 0.80, 0.68)}},
	{.number = "8",
	 .title = "64 KiB, two cores",
	 .cores = 2,
	 .place = KX_PLACE_PIN,
	 .config.size = 65536,
	 .check = {LOWER(kx_floor_two_line, KX_M_P50, 1.0, 0.70)}},
	{.number = "9",
	 .title = "a call each millisecond",
	 .cores = 2,
	 .place = KX_PLACE_PIN,
	 .config.gap_ns = 1000000,
	 .check = {LOWER(kx_floor_futex, KX_M_P50, 0.80, 0.65)}},
	{.number = "10",
	 .title = "16 pairs, unpinned",
	 .cores = 4,
	 .place = KX_PLACE_FREE,
	 .config.pairs = 16,
	 .check = {HIGHER(kx_floor_futex, KX_M_OPS, 2.0, 6.0),
		   LOWER(kx_floor_futex, KX_M_P999, 1.0, 0.3)}},
	{.number = "11",
	 .title = "4 pairs, unpinned",
	 .cores = 4,
	 .place = KX_PLACE_FREE,
	 .config.pairs = 4,
	 .check = {HIGHER(kx_floor_futex, KX_M_OPS, 3.0, 8.0)}},
	{.number = "12",
	 .title = "8 clients, one server (floor: 8 pairs)",
	 .cores = 2,
	 .place = KX_PLACE_FREE,
	 .config.clients = 8,
	 .check = {HIGHER(kx_floor_futex, KX_M_OPS, 0.0, 0.0)}},
	{.number = "13",
	 .title = "no call for a second: server",
	 .cores = 2,
	 .place = KX_PLACE_PIN,
	 .config.quiet_ns = 1000000000,
	 .check = {OWN(KX_M_QUIET_CPU, 0.1, 0.01), OWN(KX_M_QUIET_WAKES, 0.0, 0.0)}},
	{.number = "14",
	 .title = "relayed, three cores",
	 .cores = 3,
	 .place = KX_PLACE_PIN,
	 .config.relay = true,
	 .check = {LOWER(kx_floor_relay_spin, KX_M_P50, 1.5, 0.75)}},
	{.number = "15",
	 .title = "relayed, all on two cores",
	 .cores = 2,
	 .place = KX_PLACE_DUO,
	 .config.relay = true,
	 .check = {LOWER(kx_floor_relay_futex, KX_M_P50, 0.6, 0.5)}},
	{.number = "rule3",
	 .title = "a rule on the content, three cores",
	 .cores = 3,
	 .place = KX_PLACE_PIN,
	 .config = {.relay = true, .policy = "kosix-bench-content.so"},
	 .check = {LOWER(kx_floor_relay_spin, KX_M_P50, 1.5, 1.0)}},
	{.number = "rule",
	 .title = "a rule on the content, all on two cores",
	 .cores = 2,
	 .place = KX_PLACE_DUO,
	 .config = {.relay = true, .policy = "kosix-bench-content.so"},
	 .check = {LOWER(kx_floor_relay_futex, KX_M_P50, 0.0, 0.0)}},
	{.number = "16",
	 .title = "999 idle clients beside one (floor: 0)",
	 .cores = 2,
	 .place = KX_PLACE_PIN,
	 .config.idle_clients = 999,
	 .check = {LOWER(kx_subject_kosix_alone, KX_M_P50, 1.5, 1.1)}},
	{.number = "17",
	 .title = "peers, two cores: times faster",
	 .cores = 2,
	 .place = KX_PLACE_PIN,
	 .check = {TIMES(kx_peer_aeron, 1.3, 1.8), TIMES(kx_peer_cpp_ipc, 7.0, 10.0),
		   TIMES(kx_peer_iceoryx, 12.0, 18.0)}},
	{.number = "18",
	 .title = "peers, one core: times faster",
	 .cores = 1,
	 .place = KX_PLACE_SAME,
	 .check = {TIMES(kx_peer_libqb, 2.0, 2.5), TIMES(kx_peer_sdbus, 4.0, 5.0),
		   TIMES(kx_peer_zeromq, 10.0, 12.0), TIMES(kx_peer_grpc, 15.0, 20.0)}},
	{.number = NULL},
};

/* Does @list, a text with commas between, hold the @length bytes at @word? */
static bool holds(const char *list, const char *word, size_t length)
{
	for (;; list++) {
		size_t here = strcspn(list, ",");

		if (here == length && strncmp(list, word, length) == 0)
			return true;
		list += here;
		if (*list == '\0')
			return false;
	}
}

/* A case has several numbers if it has several bars. */
bool kx_standard_wanted(const struct kx_case *one, const char *list)
{
	for (const char *number = one->number; list; number++) {
		size_t length = strcspn(number, ",");

		if (holds(list, number, length))
			return true;
		number += length;
		if (*number == '\0')
			return false;
	}
	return true;
}

unsigned kx_standard_starts(const char *list)
{
	unsigned most = 1;

	for (const struct kx_case *one = kx_standard; one->number; one++)
		if (kx_standard_wanted(one, list) && one->config.starts > most)
			most = one->config.starts;
	return most;
}

bool kx_standard_known(const char *list, char *why, size_t size)
{
	for (;; list++) {
		size_t length = strcspn(list, ",");
		bool known = false;

		for (const struct kx_case *one = kx_standard; one->number && !known; one++)
			known = holds(one->number, list, length);
		if (!known) {
			(void)snprintf(why, size, "'%.*s' is no row of the standard set",
				       (int)length, list);
			return false;
		}
		list += length;
		if (*list == '\0')
			return true;
	}
}

/* Turns the two default cores into the placement asked for. */
static struct kx_place place_of(enum kx_place_kind kind)
{
	struct kx_place place = kx_place_default();

	place.kind = kind;
	if (kind == KX_PLACE_SAME)
		place.server = place.client;
	if (kind == KX_PLACE_SAME || kind == KX_PLACE_DUO)
		place.broker = KX_PLACE_NONE;
	if (kind == KX_PLACE_FREE)
		place = (struct kx_place){KX_PLACE_FREE, KX_PLACE_NONE, KX_PLACE_NONE,
					  KX_PLACE_NONE};
	return place;
}

struct kx_config kx_standard_config(const struct kx_case *one, const struct kx_config *options)
{
	struct kx_config config = *options;

	config.place = place_of(one->place);
	config.size = one->config.size != 0 ? one->config.size : KX_SIZE_MIN;
	config.clients = one->config.clients != 0 ? one->config.clients : 1;
	config.pairs = one->config.pairs != 0 ? one->config.pairs : 1;
	config.idle_clients = one->config.idle_clients;
	config.load = one->config.load;
	if (one->longer != 0)
		config.turn_ns *= one->longer;
	config.gap_ns = one->config.gap_ns;
	config.quiet_ns = one->config.quiet_ns;
	config.relay = one->config.relay;
	config.nk = one->config.nk;
	config.starts = one->config.starts != 0 ? one->config.starts : 1;
	config.always_sleep = one->config.always_sleep;
	return config;
}

const char *kx_verdict_name(enum kx_verdict verdict)
{
	static const char *const names[KX_VERDICTS] = {"-", "aim", "must", "missed", "disturbed"};

	return names[verdict];
}

enum kx_verdict kx_standard_verdict(const struct kx_check *check, double ratio)
{
	if (check->must == 0.0 && !check->own)
		return KX_VERDICT_NONE;
	if (check->more ? ratio >= check->aim : ratio <= check->aim)
		return KX_VERDICT_AIM;
	if (check->more ? ratio >= check->must : ratio <= check->must)
		return KX_VERDICT_MUST;
	return KX_VERDICT_MISSED;
}
