/* SPDX-License-Identifier: Apache-2.0 */

/* Client 0 writes what it likes on every word of its own channel. */

#include "../scenarios.h"

const struct kx_scenario kx_hostile[] = {
	{
		.name = "hostile",
		.about = "a hostile client with 2 actions beside an honest one, the server sleeps",
		.ci = true,
		.bounds = {.buffer = 0, .watched = 2},
		.plot = &(const struct kx_plot){.clients = 2,
						.rounds = 1,
						.threads = 1,
						.hostile = 2,
						.settled = true},
	},
	{
		.name = "hostile-start",
		.about = "the same while the server begins",
		.bounds = {.buffer = 0, .watched = 2},
		.plot =
			&(const struct kx_plot){
				.clients = 2, .rounds = 1, .threads = 1, .hostile = 2},
	},
	{
		.name = "hostile-3",
		.about = "a hostile client with 3 actions beside an honest one",
		.bounds = {.buffer = 1, .watched = 2},
		.plot = &(const struct kx_plot){.clients = 2,
						.rounds = 1,
						.threads = 1,
						.hostile = 3,
						.settled = true},
	},
	{
		.name = "hostile-threads",
		.about = "a hostile client with 2 actions, 2 server threads",
		.bounds = {.buffer = 0, .watched = 2},
		.plot = &(const struct kx_plot){.clients = 2,
						.rounds = 1,
						.threads = 2,
						.hostile = 2,
						.settled = true},
	},
	{0},
};
