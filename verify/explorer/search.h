/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_SEARCH_H
#define KX_SEARCH_H

/* Visiting every state of a scenario. */

#include "machine.h"

struct kx_plot;

struct kx_scenario {
	const char *name;
	const char *about;
	bool ci; /* part of the set that runs with every `make test` */
	struct kx_sim_bounds bounds;
	const struct kx_plot *plot;
};

struct kx_search_result {
	const char *failure; /* NULL: every state is fine */
	bool unfinished;     /* more states than allowed */
	uint64_t states;
	uint64_t moves;
	uint64_t ends;
	size_t depth;
	double seconds;
};

struct kx_search_options {
	uint64_t most_states;
	int turns;     /* in place of the scenario's bound on switches; negative: keep that */
	bool shortest; /* breadth first: the shortest failing path, for more memory */
	bool quiet;    /* no path */
};

struct kx_search_result kx_search(const struct kx_scenario *scenario,
				  const struct kx_search_options *options);

#endif /* KX_SEARCH_H */
