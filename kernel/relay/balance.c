/* SPDX-License-Identifier: Apache-2.0 */
#include "balance.h"

#include <inttypes.h>
#include <stdlib.h>

#include "log.h"

struct kx_balance kx_balance;

bool kx_balance_agrees(const struct kx_balance *balance)
{
	return balance->begun == balance->replied + balance->failed + balance->gone &&
	       balance->begun == balance->closed &&
	       balance->granted == balance->delivered + balance->undelivered &&
	       balance->approved == balance->passed + balance->lost;
}

void kx_balance_check(void)
{
	const struct kx_balance *b = &kx_balance;

	if (!getenv("KOSIX_FOOTPRINT") || kx_balance_agrees(b))
		return;
	kx_log("left behind: calls: %" PRIu64 " begun, %" PRIu64 " replied, %" PRIu64
	       " failed, %" PRIu64 " of the dead, %" PRIu64 " closed; requests: %" PRIu64
	       " granted, %" PRIu64 " delivered, %" PRIu64 " not; replies: %" PRIu64
	       " granted, %" PRIu64 " delivered, %" PRIu64 " not",
	       b->begun, b->replied, b->failed, b->gone, b->closed, b->granted, b->delivered,
	       b->undelivered, b->approved, b->passed, b->lost);
}
