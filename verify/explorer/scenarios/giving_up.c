/* SPDX-License-Identifier: Apache-2.0 */

/* Deadlines, abandoned requests, interrupts. */

#include "../scenarios.h"

const struct kx_scenario kx_giving_up[] = {
	{
		.name = "deadline",
		.about = "1 client with a deadline on each of 2 calls",
		.ci = true,
		.bounds = {.buffer = 1, .watched = 2},
		.plot =
			&(const struct kx_plot){
				.clients = 1, .rounds = 2, .threads = 1, .deadline = true},
	},
	{
		.name = "abandon",
		.about = "1 client that leaves taken requests behind, 3 calls",
		.ci = true,
		.bounds = {.buffer = 1, .watched = 2},
		.plot = &(const struct kx_plot){.clients = 1,
						.rounds = 3,
						.threads = 1,
						.deadline = true,
						.may_abandon = true},
	},
	{
		.name = "abandon-two",
		.about = "2 clients, one leaves taken requests behind",
		.bounds = {.buffer = 1, .watched = 2},
		.plot = &(const struct kx_plot){.clients = 2,
						.rounds = 2,
						.threads = 1,
						.deadline = true,
						.may_abandon = true},
	},
	{
		.name = "abandon-death",
		.about = "a client abandons, the server may die",
		.bounds = {.buffer = 1, .watched = 2, .kills = 1},
		.plot = &(const struct kx_plot){.clients = 1,
						.rounds = 2,
						.threads = 1,
						.deadline = true,
						.may_abandon = true,
						.kernel = true,
						.kill_server = true},
	},
	{
		.name = "interrupt",
		.about = "a client is interrupted at any moment; the server never comes",
		.ci = true,
		.bounds = {.buffer = 1, .watched = 2},
		.plot = &(const struct kx_plot){.clients = 1, .rounds = 1, .interrupt = true},
	},
	{
		.name = "interrupt-served",
		.about = "the same with a server",
		.ci = true,
		.bounds = {.buffer = 1, .watched = 2},
		.plot =
			&(const struct kx_plot){
				.clients = 1, .rounds = 2, .threads = 1, .interrupt = true},
	},
	{
		.name = "interrupt-receive",
		.about = "a server thread is interrupted",
		.ci = true,
		.bounds = {.buffer = 1, .watched = 2},
		.plot = &(const struct kx_plot){.threads = 1, .interrupt_server = true},
	},
	{
		.name = "interrupt-follower",
		.about = "one of two server threads is interrupted",
		.ci = true,
		.bounds = {.buffer = 1, .watched = 2, .private_steps = true},
		.plot = &(const struct kx_plot){.threads = 2, .interrupt_server = true},
	},
	{
		.name = "interrupt-busy",
		.about = "one of two server threads is interrupted, the other serves",
		.bounds = {.buffer = 0, .watched = 2},
		.plot =
			&(const struct kx_plot){
				.clients = 1, .rounds = 1, .threads = 2, .interrupt_server = true},
	},
	{0},
};
