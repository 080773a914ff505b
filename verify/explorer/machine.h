/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_MACHINE_H
#define KX_MACHINE_H

/* The inside of the modelled machine, between machine.c, words.c, state.c, search.c, trace.c. */

#include "sim.h"

enum kx_sim_status {
	SIM_NONE,
	SIM_READY,
	SIM_ASLEEP, /* on a futex */
	SIM_DONE,
	SIM_DEAD,
};

/* Words are known by their offset in the modelled memory. */
struct kx_sim_store {
	uint32_t value;
	uint16_t word;
	uint16_t reserved0;
};

struct kx_sim_thread {
	kx_sim_condition condition;
	void *context;
	struct kx_sim_store buffer[KX_SIM_BUFFER];
	uint16_t watches[KX_SIM_WATCHES];
	uint16_t lock; /* waits for it; 0: none */
	uint16_t sp;   /* offset in its stack */
	uint8_t status;
	uint8_t buffered;
	uint8_t watching;
	uint8_t timed; /* sleeps with a deadline */
	uint8_t late;  /* the deadline passed */
	uint8_t choices;
	uint8_t chosen;
	uint8_t draining; /* goes on when its stores have arrived */
	uint8_t resting;
	uint8_t reserved0[7];
};

struct kx_sim_machine {
	struct kx_sim_thread threads[KX_SIM_THREADS];
	uint8_t kills;
	uint8_t spurious;
	uint8_t dead; /* one bit a process */
	uint8_t told;
	uint8_t last; /* thread stepped last, and turns left, where they are bounded */
	uint8_t switches;
	uint8_t reserved0[2];
	const char *failure;
};

enum kx_sim_kind { SIM_STEP, SIM_DRAIN, SIM_TIME, SIM_KILL, SIM_ORPHAN, SIM_SPURIOUS };

struct kx_sim_move {
	uint8_t kind;
	uint8_t thread; /* SIM_KILL, SIM_ORPHAN: process */
	uint8_t choice;
	uint8_t reserved0;
};

#define KX_SIM_MOVES 64u

/* What does not change while searching. */
struct kx_sim_cast {
	const char *name;
	unsigned process;
	void (*body)(void *context);
	void *context;
};

extern struct kx_sim_machine kx_machine;
extern uint8_t kx_memory[KX_SIM_MEMORY];
extern uint8_t kx_stacks[KX_SIM_THREADS][KX_SIM_STACK];
extern struct kx_sim_cast kx_cast[KX_SIM_THREADS];
extern unsigned kx_threads;
extern size_t kx_memory_used;
extern unsigned kx_current;
extern void (*kx_normalise)(void);
extern void (*kx_on_state)(void);
extern void (*kx_on_change)(const kx_word *word, uint32_t from, uint32_t to, bool done);

static inline struct kx_sim_thread *kx_self(void)
{
	return &kx_machine.threads[kx_current];
}

/* Back to the search; returns when this thread is stepped again. */
void kx_machine_point(void);

void kx_machine_reset(void);
void kx_machine_start(void);
unsigned kx_machine_moves(struct kx_sim_move moves[KX_SIM_MOVES]);
void kx_machine_apply(struct kx_sim_move move);
/* NULL, or what is wrong with a state in which nothing can move. */
const char *kx_machine_stuck(void);

/* state.c: a state in as few bytes as it takes, the same bytes for the same state. */
#define KX_STATE_MAX (KX_SIM_MEMORY + KX_SIM_THREADS * (KX_SIM_STACK + 64u) + 1024u)
void kx_state_base(void);
size_t kx_state_save(uint8_t *to);
void kx_state_load(const uint8_t *from);
struct kx_state_hash {
	uint64_t a;
	uint64_t b;
};
struct kx_state_hash kx_state_hash(const uint8_t *state, size_t bytes);

/* words.c */
/* A plain store: into the buffer. */
void kx_words_put(void *word, uint32_t value);
void kx_words_drain_one(struct kx_sim_thread *thread);
void kx_words_forget(void);
/* This thread uses a word; _point: a step of its own if the word is common. */
enum kx_words_access { KX_READS = 1, KX_CHANGES = 2 };
void kx_words_use(const void *word, enum kx_words_access access);
void kx_words_point(const void *word, enum kx_words_access access);
extern bool kx_words_news; /* a common word was found: begin anew */

/* trace.c */
enum kx_trace_op {
	TRACE_LOAD,
	TRACE_STORE,
	TRACE_EXCHANGE,
	TRACE_CAS,
	TRACE_CAS_FAILED,
	TRACE_ADD,
	TRACE_FENCE,
	TRACE_SLEEP,
	TRACE_NO_SLEEP,
	TRACE_WOKEN,
	TRACE_WAKE,
	TRACE_LOCK,
	TRACE_UNLOCK,
	TRACE_NOTE,
};
extern bool kx_tracing;
void kx_trace(enum kx_trace_op op, const void *word, uint32_t old, uint32_t value);
void kx_trace_note(const char *text, uint32_t number);
void kx_trace_path(const struct kx_sim_move *moves, size_t count, const char *failure);

#endif /* KX_MACHINE_H */
