/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Depth first, or breadth first for the shortest path. Either way a node is a
 * saved state, the number of its parent and the move that led from there; depth
 * first forgets a node when all its moves are done.
 */

#include "search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "seen.h"
#include "stage.h"

#define NOBODY UINT32_MAX

struct node {
	uint8_t *state; /* NULL: expanded, breadth first */
	uint32_t bytes;
	uint32_t number;
	uint32_t parent; /* index of a node */
	uint32_t next;   /* move to try next */
	struct kx_sim_move move;
};

struct search {
	const struct kx_scenario *scenario;
	const struct kx_search_options *options;
	struct kx_seen *seen;
	struct node *nodes;
	size_t count;
	size_t room;
	struct kx_search_result result;
	bool is_loaded; /* the machine is in the newest node's state */
	uint32_t trap;  /* state number to walk to, when looking for a trap's path */
};

static uint8_t scratch[KX_STATE_MAX];

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void *need(void *memory)
{
	if (!memory) {
		(void)fprintf(stderr, "explorer: out of memory\n");
		exit(2);
	}
	return memory;
}

static void begin(const struct kx_scenario *scenario, int turns)
{
	kx_sim_bounds = scenario->bounds;
	if (turns >= 0)
		kx_sim_bounds.switches = (uint8_t)turns;
	kx_machine_reset();
	kx_stage_open(scenario->plot);
	kx_state_base();
	kx_machine_start();
}

/* Remembers the machine's present state as a node if it is new. */
static uint32_t visit(struct search *search, uint32_t parent, struct kx_sim_move move, bool *is_new)
{
	size_t bytes = kx_state_save(scratch);
	uint32_t number = kx_seen_add(search->seen, kx_state_hash(scratch, bytes), is_new);
	struct node *node;

	if (!*is_new)
		return number;
	if (kx_on_state)
		kx_on_state();
	if (search->count == search->room) {
		search->room = search->room ? search->room * 2 : 1024;
		search->nodes = need(realloc(search->nodes, search->room * sizeof(*node)));
	}
	node = &search->nodes[search->count++];
	*node = (struct node){need(malloc(bytes)), (uint32_t)bytes, number, parent, 0, move};
	memcpy(node->state, scratch, bytes);
	if (search->count > search->result.depth)
		search->result.depth = search->count;
	return number;
}

static void print_path(struct search *search, uint32_t node, struct kx_sim_move last, bool has_last)
{
	struct kx_sim_move *moves;
	size_t count = has_last;
	size_t at;

	for (uint32_t n = node; search->nodes[n].parent != NOBODY; n = search->nodes[n].parent)
		count++;
	moves = need(calloc(count ? count : 1, sizeof(*moves)));
	at = count;
	if (has_last)
		moves[--at] = last;
	for (uint32_t n = node; search->nodes[n].parent != NOBODY; n = search->nodes[n].parent)
		moves[--at] = search->nodes[n].move;
	begin(search->scenario, search->options->turns);
	kx_trace_path(moves, count, search->result.failure);
	free(moves);
}

static bool fails(struct search *search, const char *why, uint32_t node, struct kx_sim_move last,
		  bool has_last)
{
	if (!why)
		return false;
	search->result.failure = why;
	if (!search->options->quiet)
		print_path(search, node, last, has_last);
	return true;
}

static bool is_progress(struct kx_sim_move move)
{
	return move.kind == SIM_STEP || move.kind == SIM_DRAIN || move.kind == SIM_TIME ||
	       move.kind == SIM_ORPHAN;
}

/* Nothing can move by itself any more. True: that is wrong. */
static bool judge_end(struct search *search, uint32_t node)
{
	const char *why = kx_machine_stuck();

	search->result.ends++;
	if (!why)
		why = kx_stage_end();
	if (fails(search, why, node, (struct kx_sim_move){0}, false))
		return true;
	kx_seen_good(search->seen, search->nodes[node].number);
	return false;
}

/* Tries one move of a node. True: the search is over. */
static bool try_move(struct search *search, uint32_t node, struct kx_sim_move move)
{
	uint32_t from = search->nodes[node].number;
	uint32_t to;
	bool is_new;

	search->result.moves++;
	kx_machine_apply(move);
	if (kx_words_news)
		return true;
	if (fails(search, kx_machine.failure, node, move, true))
		return true;
	to = visit(search, node, move, &is_new);
	search->is_loaded = is_new;
	if (is_progress(move))
		kx_seen_edge(search->seen, from, to);
	if (to == search->trap)
		return fails(search,
			     "from here on no order of steps ends well (it goes on for ever)", node,
			     move, true);
	if (kx_seen_count(search->seen) > search->options->most_states) {
		search->result.unfinished = true;
		return true;
	}
	return false;
}

/* What can happen in the machine's present state; *ends: nothing by itself. */
static unsigned moves_here(struct kx_sim_move moves[KX_SIM_MOVES], bool *ends)
{
	unsigned count = kx_machine_moves(moves);

	*ends = true;
	for (unsigned i = 0; i < count; i++)
		*ends &= !is_progress(moves[i]);
	return count;
}

static void depth_first(struct search *search)
{
	while (search->count) {
		uint32_t at = (uint32_t)search->count - 1;
		struct kx_sim_move moves[KX_SIM_MOVES];
		unsigned count;
		bool ends;

		if (!search->is_loaded)
			kx_state_load(search->nodes[at].state);
		count = moves_here(moves, &ends);
		if (search->nodes[at].next == 0 && ends && judge_end(search, at))
			return;
		if (search->nodes[at].next == count) {
			free(search->nodes[at].state);
			search->count--;
			search->is_loaded = false;
			continue;
		}
		if (try_move(search, at, moves[search->nodes[at].next++]))
			return;
	}
}

static void breadth_first(struct search *search)
{
	for (uint32_t at = 0; at < search->count; at++) {
		struct kx_sim_move moves[KX_SIM_MOVES];
		unsigned count;
		bool ends;

		kx_state_load(search->nodes[at].state);
		count = moves_here(moves, &ends);
		if (ends && judge_end(search, at))
			return;
		for (unsigned i = 0; i < count; i++) {
			kx_state_load(search->nodes[at].state);
			if (try_move(search, at, moves[i]))
				return;
		}
		free(search->nodes[at].state);
		search->nodes[at].state = NULL;
	}
}

static void run(struct search *search, bool shortest)
{
	bool is_new;

	begin(search->scenario, search->options->turns);
	search->is_loaded = true;
	if (kx_words_news)
		return;
	if (kx_machine.failure) {
		search->result.failure = kx_machine.failure;
		return;
	}
	search->seen = kx_seen_open();
	(void)visit(search, NOBODY, (struct kx_sim_move){0}, &is_new);
	if (shortest)
		breadth_first(search);
	else
		depth_first(search);
	if (!search->result.failure && !search->result.unfinished && !kx_words_news &&
	    search->trap == NOBODY)
		search->trap = kx_seen_trap(search->seen);
	search->result.states = kx_seen_count(search->seen);
	kx_seen_close(search->seen);
	while (search->count)
		free(search->nodes[--search->count].state);
	free(search->nodes);
	search->nodes = NULL;
	search->room = 0;
}

struct kx_search_result kx_search(const struct kx_scenario *scenario,
				  const struct kx_search_options *options)
{
	struct search search = {.scenario = scenario, .options = options, .trap = NOBODY};
	double start = now();

	kx_words_forget();
	do {
		kx_words_news = false;
		search.result = (struct kx_search_result){0};
		run(&search, options->shortest);
	} while (kx_words_news);
	/* The same order again reaches the same state under the same number. */
	if (!search.result.failure && !search.result.unfinished && search.trap != NOBODY)
		run(&search, options->shortest);
	search.result.seconds = now() - start;
	return search.result;
}
