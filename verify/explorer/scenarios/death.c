/* SPDX-License-Identifier: Apache-2.0 */

/* A party dies at any of its steps; the kernel process does what its death path does. */

#include "../scenarios.h"

const struct kx_scenario kx_death[] = {
	{
		.name = "server-death",
		.about = "1 client, 1 server thread that may die, 1 call",
		.ci = true,
		.bounds = {.buffer = 1, .watched = 2, .kills = 1},
		.open = kx_stage_open,
		.plot = &(const struct kx_plot){.clients = 1,
						.rounds = 1,
						.threads = 1,
						.kernel = true,
						.kill_server = true},
		.at_end = kx_stage_end,
	},
	{
		.name = "server-death-again",
		.about = "1 client, 1 server thread that may die, 2 calls",
		.bounds = {.buffer = 1, .watched = 2, .kills = 1},
		.open = kx_stage_open,
		.plot = &(const struct kx_plot){.clients = 1,
						.rounds = 2,
						.threads = 1,
						.kernel = true,
						.kill_server = true},
		.at_end = kx_stage_end,
	},
	{
		.name = "client-death",
		.about = "2 clients of which 0 may die, 1 server thread",
		.bounds = {.buffer = 1, .watched = 2, .kills = 1},
		.open = kx_stage_open,
		.plot = &(const struct kx_plot){.clients = 2,
						.rounds = 1,
						.threads = 1,
						.kernel = true,
						.kill_client = true},
		.at_end = kx_stage_end,
	},
	{
		.name = "server-death-two",
		.about = "2 clients, 1 server thread that may die",
		.bounds = {.buffer = 1, .watched = 2, .kills = 1},
		.open = kx_stage_open,
		.plot = &(const struct kx_plot){.clients = 2,
						.rounds = 1,
						.threads = 1,
						.kernel = true,
						.kill_server = true},
		.at_end = kx_stage_end,
	},
	{0},
};
