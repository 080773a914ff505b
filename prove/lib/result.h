/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_PROVE_RESULT_H
#define KX_PROVE_RESULT_H

/* What every campaign in C begins and ends with; see README.md. */

#include <stdbool.h>
#include <stdint.h>

enum kx_tier { KX_TIER_TEST, KX_TIER_PULL, KX_TIER_NIGHT };

struct kx_campaign {
	enum kx_tier tier;
	uint64_t seed;
	uint64_t state;   /* of kx_random() */
	const char *only; /* --only: the result that is wanted, or NULL */
	uint64_t start_ns;
	unsigned failures; /* of all results so far */
};

/*
 * Reads --seed, --tier and --only; ends the program with status 2 on anything else. If the program
 * ends from here on with another status than 0 or 77 and without kx_campaign_end(), the result
 * that was due, the one kx_wants() was asked for last, is one with a failure.
 */
void kx_campaign_begin(struct kx_campaign *campaign, int argc, char **argv);

/* Whether the result @name is wanted: all are without --only (prove/check-campaigns). */
bool kx_wants(const struct kx_campaign *campaign, const char *name);

/* @few, @some or @many, as the tier wants. */
uint64_t kx_by_tier(const struct kx_campaign *campaign, uint64_t few, uint64_t some, uint64_t many);

/* The next number below @limit; limit 0: all 64 bits. */
uint64_t kx_random(struct kx_campaign *campaign, uint64_t limit);

uint64_t kx_prove_now_ns(void);

/*
 * Prints one result line. Its time runs from the last line, or from the begin.
 * @note is printf's and may be "".
 */
void kx_result(struct kx_campaign *campaign, const char *name, const char *promises, uint64_t count,
	       const char *unit, uint64_t failures, const char *note, ...)
	__attribute__((format(printf, 7, 8)));

/* Exit status of the campaign. */
int kx_campaign_end(const struct kx_campaign *campaign);

#endif /* KX_PROVE_RESULT_H */
