/* SPDX-License-Identifier: Apache-2.0 */

/* More channels than the sentinel watches: the rest goes by the kernel process. */

#include "../scenarios.h"

const struct kx_scenario kx_unwatched[] = {
	{
		.name = "unwatched",
		.about = "1 client and an idle channel, 1 bell watched, 1 server thread, 2 calls",
		.ci = true,
		.bounds = {.buffer = 1, .watched = 1},
		.plot =
			&(const struct kx_plot){
				.clients = 1, .idle = 1, .rounds = 2, .threads = 1, .kernel = true},
	},
	{
		.name = "unwatched-two",
		.about = "2 clients, 1 bell watched, 1 server thread",
		.bounds = {.buffer = 1, .watched = 1},
		.plot =
			&(const struct kx_plot){
				.clients = 2, .rounds = 1, .threads = 1, .kernel = true},
	},
	{
		.name = "unwatched-threads",
		.about = "1 client and an idle channel, 1 bell watched, 2 server threads, 2 calls; "
			 "up to 2 turns",
		.ci = true,
		.bounds = {.buffer = 1, .watched = 1, .switches = 2, .private_steps = true},
		.plot = &(const struct kx_plot){.clients = 1,
						.idle = 1,
						.rounds = 2,
						.threads = 2,
						.kernel = true,
						.settled = true},
	},
	{
		.name = "unwatched-turns",
		.about = "1 client and an idle channel, 1 bell watched, 2 server threads; up to 4 "
			 "turns",
		.bounds = {.buffer = 1, .watched = 1, .switches = 4, .private_steps = true},
		.plot = &(const struct kx_plot){.clients = 1,
						.idle = 1,
						.rounds = 2,
						.threads = 2,
						.kernel = true,
						.settled = true},
	},
	{
		.name = "unwatched-busy",
		.about = "2 clients, 1 bell watched, 2 server threads, one request is long",
		.bounds = {.buffer = 0, .watched = 1},
		.plot = &(const struct kx_plot){.clients = 2,
						.rounds = 1,
						.threads = 2,
						.kernel = true,
						.busy = true,
						.settled = true},
	},
	{0},
};
