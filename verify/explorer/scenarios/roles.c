/* SPDX-License-Identifier: Apache-2.0 */

/* Several server threads: poller, sentinel, followers. */

#include "../scenarios.h"

const struct kx_scenario kx_roles[] = {
	{
		.name = "start",
		.about = "2 server threads begin: every way to share the roles",
		.ci = true,
		.bounds = {.buffer = 1, .watched = 2, .private_steps = true},
		.plot = &(const struct kx_plot){.idle = 1, .threads = 2},
	},
	{
		.name = "start-3",
		.about = "3 server threads begin",
		.bounds = {.buffer = 1, .watched = 2, .private_steps = true},
		.plot = &(const struct kx_plot){.idle = 1, .threads = 3},
	},
	{
		.name = "two-threads",
		.about = "1 client calls 2 server threads that sleep, twice; up to 2 turns",
		.ci = true,
		.bounds = {.buffer = 1, .watched = 2, .switches = 2, .private_steps = true},
		.plot =
			&(const struct kx_plot){
				.clients = 1, .rounds = 2, .threads = 2, .settled = true},
	},
	{
		.name = "two-threads-roles",
		.about = "the same, store buffers and role changes at any step",
		.bounds = {.buffer = 1, .watched = 2, .private_steps = true},
		.plot =
			&(const struct kx_plot){
				.clients = 1, .rounds = 2, .threads = 2, .settled = true},
	},
	{
		.name = "two-threads-start",
		.about = "1 client calls while 2 server threads begin",
		.bounds = {.buffer = 1, .watched = 2},
		.plot = &(const struct kx_plot){.clients = 1, .rounds = 1, .threads = 2},
	},
	{
		.name = "grows",
		.about = "1 client, a server that begins a second thread while it serves the first "
			 "of 2 calls; up to 2 turns",
		.ci = true,
		.bounds = {.buffer = 1, .watched = 2, .switches = 2},
		.plot =
			&(const struct kx_plot){
				.clients = 1, .rounds = 2, .threads = 2, .grows = true},
	},
	{
		.name = "two-threads-all",
		.about = "the same without store buffers, every order",
		.bounds = {.watched = 2},
		.plot =
			&(const struct kx_plot){
				.clients = 1, .rounds = 2, .threads = 2, .settled = true},
	},
	{
		.name = "three-threads",
		.about = "2 clients, 3 server threads that sleep, one request is long; 1 turn",
		.bounds = {.watched = 2, .switches = 1, .private_steps = true},
		.plot = &(const struct kx_plot){.clients = 2,
						.rounds = 1,
						.threads = 3,
						.settled = true,
						.busy = true},
	},
	{
		.name = "busy",
		.about = "2 clients, 2 server threads that sleep; one takes until the other is "
			 "served; 1 turn",
		.ci = true,
		.bounds = {.buffer = 1, .watched = 2, .switches = 1, .private_steps = true},
		.plot = &(const struct kx_plot){.clients = 2,
						.rounds = 1,
						.threads = 2,
						.busy = true,
						.settled = true},
	},
	{
		.name = "busy-again",
		.about = "2 clients that call 2 server threads twice; one request is long; 1 turn",
		.bounds = {.watched = 2, .switches = 1},
		.plot = &(const struct kx_plot){.clients = 2,
						.rounds = 2,
						.threads = 2,
						.busy = true,
						.settled = true},
	},
	{
		.name = "busy-turns",
		.about = "the same, up to 3 turns",
		.bounds = {.buffer = 1, .watched = 2, .switches = 3, .private_steps = true},
		.plot = &(const struct kx_plot){.clients = 2,
						.rounds = 1,
						.threads = 2,
						.busy = true,
						.settled = true},
	},
	{
		.name = "two-threads-turns",
		.about = "1 client calls 2 server threads that sleep, twice; up to 4 turns",
		.bounds = {.buffer = 1, .watched = 2, .switches = 4, .private_steps = true},
		.plot =
			&(const struct kx_plot){
				.clients = 1, .rounds = 2, .threads = 2, .settled = true},
	},
	{
		.name = "busy-buffers",
		.about = "the same with store buffers and a look before sleeping",
		.bounds = {.buffer = 1, .watched = 2, .looks = 1},
		.plot = &(const struct kx_plot){.clients = 2,
						.rounds = 1,
						.threads = 2,
						.busy = true,
						.settled = true},
	},
	{
		.name = "busy-start",
		.about = "2 clients call while 2 server threads begin; one request is long",
		.bounds = {.buffer = 0, .watched = 2},
		.plot =
			&(const struct kx_plot){
				.clients = 2, .rounds = 1, .threads = 2, .busy = true},
	},
	{0},
};
