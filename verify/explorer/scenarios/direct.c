/* SPDX-License-Identifier: Apache-2.0 */

/* Direct calls to a server with one thread. */

#include "../scenarios.h"

const struct kx_scenario kx_direct[] = {
	{
		.name = "direct",
		.about = "2 clients, 1 server thread, 1 call each",
		.ci = true,
		.bounds = {.buffer = 1, .watched = 2},
		.plot = &(const struct kx_plot){.clients = 2, .rounds = 1, .threads = 1},
	},
	{
		.name = "direct-again",
		.about = "1 client, 1 server thread, 3 calls, looks before sleeping, a spurious "
			 "wake",
		.ci = true,
		.bounds = {.buffer = 2, .watched = 2, .looks = 1, .spurious = 1},
		.plot = &(const struct kx_plot){.clients = 1, .rounds = 3, .threads = 1},
	},
	{
		.name = "direct-buffers",
		.about = "1 client, 1 server thread, 2 calls, 4 stores on their way",
		.ci = true,
		.bounds = {.buffer = 4, .watched = 2, .weak_unlock = true},
		.plot = &(const struct kx_plot){.clients = 1, .rounds = 2, .threads = 1},
	},
	{
		.name = "direct-spurious",
		.about = "2 clients, 1 server thread, 1 call each, a spurious wake",
		.bounds = {.buffer = 1, .watched = 2, .spurious = 1},
		.plot = &(const struct kx_plot){.clients = 2, .rounds = 1, .threads = 1},
	},
	{
		.name = "direct-twice",
		.about = "2 clients, 1 server thread, 2 calls each",
		.bounds = {.buffer = 1, .watched = 2},
		.plot = &(const struct kx_plot){.clients = 2, .rounds = 2, .threads = 1},
	},
	{0},
};
