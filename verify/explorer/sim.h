/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_SIM_H
#define KX_SIM_H

/*
 * The modelled machine: threads of several processes as coroutines, memory with
 * store buffers as on x86 (TSO), futexes, a mutex, deaths. All of it is one
 * state that can be saved, compared and put back, so that search.c can visit
 * every state that any order of steps leads to.
 *
 * A thread's step: what it stopped in front of (one operation on a shared word),
 * and everything up to the next such operation.
 *
 *   step       of a thread that can go on; one for each value where it chooses
 *   drain      the oldest store of a thread reaches memory
 *   time       the deadline of a sleeping thread passes
 *   kill       a process dies: all its threads at once; stores on their way still arrive
 *   spurious   a sleeping thread wakes for no reason
 *
 * A scenario may bound how often a thread that could go on is left for another:
 * not every order then, but all with few such turns, which is where bugs are.
 *
 * What the model leaves out: FUTEX_WAITV compares all its words in one step;
 * plain data (messages) is written at once, which TSO allows the reader to see
 * only after the store that publishes it; RCU; time as such (a deadline may pass
 * at any moment).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kx_atomic.h"

#define KX_SIM_THREADS 8u
#define KX_SIM_MEMORY  16384u
#define KX_SIM_STACK   2048u
#define KX_SIM_BUFFER  4u /* most stores on their way of one thread */
#define KX_SIM_WATCHES 6u

/* What a scenario allows to happen, and how often. */
struct kx_sim_bounds {
	uint8_t kills;
	uint8_t spurious;
	uint8_t buffer;     /* stores on their way: 0 is sequential consistency */
	uint8_t looks;      /* of the waiting policy before it says "sleep" */
	uint8_t watched;    /* KX_WATCHED_BELLS of this scenario */
	bool weak_unlock;   /* unlocking does not wait for stores to arrive */
	uint8_t switches;   /* most turns away from a thread that could go on; 0: no bound */
	bool private_steps; /* operations on the server's private atomics are steps too */
};

extern struct kx_sim_bounds kx_sim_bounds;

typedef bool (*kx_sim_condition)(void *context);

/* Before the search: memory of the modelled machine (zeroed), its threads, names for the trace. */
void *kx_sim_alloc(size_t bytes, size_t align);
unsigned kx_sim_spawn(const char *name, unsigned process, void (*body)(void *), void *context);
void kx_sim_name(const void *word, const char *format, ...) __attribute__((format(printf, 2, 3)));
void kx_sim_killable(unsigned process);
/* When @process is dead, each of the others dies of that at some time (its parent-death signal). */
void kx_sim_parent(unsigned process);
/* Called before a state is compared: may bring counters that only count to a canonical value. */
void kx_sim_canonical(void (*normalise)(void));

/*
 * Who wants to know what happens: @state is called in each new state, @change after each
 * exchange and CAS; both only look.
 */
void kx_sim_watch(void (*state)(void),
		  void (*change)(const kx_word *word, uint32_t from, uint32_t to, bool done));

/* In a modelled thread. */
unsigned kx_sim_choose(unsigned count);
void kx_sim_until(kx_sim_condition condition, void *context);
/* A place to leave this thread that counts as no turn. */
void kx_sim_rest(void);
void kx_sim_lock(void *lock);
void kx_sim_unlock(void *lock);
void kx_sim_private(const volatile void *word, bool changes);
void kx_sim_note(const char *text, uint32_t number);
void kx_sim_fail(const char *what);

bool kx_sim_dead(unsigned process);
/* A dead process whose stores have all arrived and that was not handed out before, or -1. */
int kx_sim_next_death(bool take);
bool kx_sim_finished(unsigned thread);
/* Every thread of the process sleeps on a futex. */
bool kx_sim_asleep(unsigned process);

#endif /* KX_SIM_H */
