/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

struct kx_config kx_config_default(void)
{
	return (struct kx_config){
		.place = kx_place_default(),
		.size = KX_SIZE_MIN,
		.clients = 1,
		.pairs = 1,
		.threads = 1,
		.turns = 5,
		.starts = 1,
		.rounds = 100000,
		.turn_ns = 1000000000,
		.grace_ns = 10000000000,
		.drop_ns = 150,
	};
}
