/* SPDX-License-Identifier: Apache-2.0 */

/* Requests that the kernel process hands down, beside direct ones. */

#include "../scenarios.h"

const struct kx_scenario kx_relay[] = {
	{
		.name = "relay",
		.about = "2 relayed requests, 1 server thread",
		.ci = true,
		.bounds = {.buffer = 1, .watched = 2},
		.plot = &(const struct kx_plot){.relayed = 2, .threads = 1},
	},
	{
		.name = "relay-direct",
		.about = "2 relayed requests, 1 client, 1 server thread",
		.ci = true,
		.bounds = {.buffer = 1, .watched = 2},
		.plot =
			&(const struct kx_plot){
				.clients = 1, .rounds = 1, .relayed = 2, .threads = 1},
	},
	{
		.name = "relay-threads",
		.about = "1 relayed request, 1 client, 2 server threads",
		.bounds = {.buffer = 1, .watched = 2, .private_steps = true},
		.plot =
			&(const struct kx_plot){
				.clients = 1, .rounds = 1, .relayed = 1, .threads = 2},
	},
	{
		.name = "judged",
		.about = "2 relayed requests whose replies are judged, 1 server thread",
		.ci = true,
		.bounds = {.buffer = 1, .watched = 2, .looks = 1},
		.plot = &(const struct kx_plot){.relayed = 2, .judged = true, .threads = 1},
	},
	{
		.name = "withdrawn",
		.about = "2 relayed requests whose callers may give up or die at any moment",
		.ci = true,
		.bounds = {.buffer = 1, .watched = 2},
		.plot = &(const struct kx_plot){.relayed = 2, .withdraws = true, .threads = 1},
	},
	{
		.name = "withdrawn-judged",
		.about = "the same with replies that are judged",
		.ci = true,
		.bounds = {.buffer = 1, .watched = 2},
		.plot =
			&(const struct kx_plot){
				.relayed = 2, .withdraws = true, .judged = true, .threads = 1},
	},
	{0},
};
