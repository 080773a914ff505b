/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_CONFIG_H
#define KX_BENCH_CONFIG_H

/*
 * What is measured, the same for every mechanism of one run. Filled by
 * options.c from the command line or by standard.c from its table.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "place.h"

#define KX_SIZE_MIN 8u
#define KX_SIZE_MAX 65536u

struct kx_config {
	struct kx_place place;
	size_t size;           /* payload bytes each way, KX_SIZE_MIN..KX_SIZE_MAX */
	unsigned clients;      /* clients of one server; a floor runs that many pairs */
	unsigned pairs;        /* independent pairs at the same time */
	unsigned idle_clients; /* connected, never calling; Kosix only */
	unsigned threads;      /* server threads in Recv; Kosix only */
	unsigned load;         /* busy loops per core, beside the measurement */
	unsigned turns;
	unsigned starts;    /* in each turn: the one with the lowest median counts */
	uint64_t rounds;    /* calls of each client in one turn, at most */
	uint64_t turn_ns;   /* a turn ends after this time even if calls are left */
	uint64_t gap_ns;    /* pause before each call */
	uint64_t quiet_ns;  /* after the calls, watch the server that long; Kosix only */
	uint64_t grace_ns;  /* a turn this much over its time is given up */
	uint64_t drop_ns;   /* drop turns whose two-line spin is faster; 0: never */
	bool relay;         /* through the kernel process */
	bool always_sleep;  /* --spin off */
	bool nk;            /* calls through generated proxy and dispatch, not by hand */
	const char *policy; /* security module of the solution; NULL: everything is granted */
	bool stamped;       /* the programs that stamp their calls; anatomy only */
	/* scale only: the idle clients stand in that many groups, one server and gate each, */
	unsigned groups;
	unsigned victims; /* servers that end when asked to, */
	unsigned handles; /* and handles that each idle client makes */
};

/* Two cores, 8 bytes, one client, direct, adaptive, 5 turns of 100,000 calls. */
struct kx_config kx_config_default(void);

/* Clients that call at the same time, in all. */
static inline unsigned kx_config_callers(const struct kx_config *config)
{
	return config->clients * config->pairs;
}

#endif /* KX_BENCH_CONFIG_H */
