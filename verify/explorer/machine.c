/* SPDX-License-Identifier: Apache-2.0 */
#include "machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "switch.h"

__asm__(KX_SWITCH_CODE);

#define STACK_RESERVE 128u

struct kx_sim_bounds kx_sim_bounds;
struct kx_sim_machine kx_machine;
_Alignas(128) uint8_t kx_memory[KX_SIM_MEMORY];
_Alignas(16) uint8_t kx_stacks[KX_SIM_THREADS][KX_SIM_STACK];
struct kx_sim_cast kx_cast[KX_SIM_THREADS];
unsigned kx_threads;
size_t kx_memory_used;
unsigned kx_current;
void (*kx_normalise)(void);
void (*kx_on_state)(void);
void (*kx_on_change)(const kx_word *word, uint32_t from, uint32_t to, bool done);

static uint8_t killable;
static uint8_t parent;  /* one bit: the process whose end ends all */
static void *search_sp; /* the search's stack pointer while a thread runs */
static void *saved_sp;  /* the thread's, when it is back */

static void give_up(const char *why)
{
	(void)fprintf(stderr, "explorer: %s\n", why);
	exit(2);
}

void kx_machine_reset(void)
{
	memset(&kx_machine, 0, sizeof(kx_machine));
	memset(kx_memory, 0, sizeof(kx_memory));
	memset(kx_stacks, 0, sizeof(kx_stacks));
	memset(kx_cast, 0, sizeof(kx_cast));
	kx_threads = 0;
	kx_memory_used = 128; /* offset 0 is nobody's word */
	kx_normalise = NULL;
	kx_on_state = NULL;
	kx_on_change = NULL;
	killable = 0;
	parent = 0;
}

void *kx_sim_alloc(size_t bytes, size_t align)
{
	size_t at = (kx_memory_used + align - 1) / align * align;

	if (at + bytes > KX_SIM_MEMORY)
		give_up("the scenario needs more memory than KX_SIM_MEMORY");
	kx_memory_used = at + bytes;
	return kx_memory + at;
}

void kx_sim_killable(unsigned process)
{
	killable |= (uint8_t)(1u << process);
}

void kx_sim_parent(unsigned process)
{
	parent = (uint8_t)(1u << process);
}

void kx_sim_watch(void (*state)(void),
		  void (*change)(const kx_word *word, uint32_t from, uint32_t to, bool done))
{
	kx_on_state = state;
	kx_on_change = change;
}

void kx_sim_canonical(void (*normalise)(void))
{
	kx_normalise = normalise;
}

/* Where a thread begins, on its own stack. */
static void enter(void)
{
	kx_cast[kx_current].body(kx_cast[kx_current].context);
	kx_self()->status = SIM_DONE;
	for (;;)
		kx_machine_point();
}

unsigned kx_sim_spawn(const char *name, unsigned process, void (*body)(void *), void *context)
{
	unsigned number = kx_threads++;
	uint64_t *top = (uint64_t *)(void *)(kx_stacks[number] + KX_SIM_STACK - 16);

	if (number >= KX_SIM_THREADS)
		give_up("the scenario has more threads than KX_SIM_THREADS");
	kx_cast[number] = (struct kx_sim_cast){name, process, body, context};
	*--top = 0;
	*--top = (uint64_t)(uintptr_t)enter;
	top -= KX_SWITCH_REGISTERS;
	kx_machine.threads[number].status = SIM_READY;
	kx_machine.threads[number].sp = (uint16_t)((uint8_t *)top - kx_stacks[number]);
	return number;
}

void kx_machine_point(void)
{
	kx_switch(&saved_sp, search_sp);
}

/* Runs one thread up to its next point. What lies below its stack then is not part of the state. */
static void run(unsigned thread)
{
	uint8_t *stack = kx_stacks[thread];
	size_t sp;

	kx_current = thread;
	kx_switch(&search_sp, stack + kx_machine.threads[thread].sp);
	sp = (size_t)((uint8_t *)saved_sp - stack);
	if (sp < STACK_RESERVE || sp > KX_SIM_STACK)
		give_up("a modelled thread ran out of stack (KX_SIM_STACK)");
	for (unsigned i = 0; i < STACK_RESERVE; i++)
		if (stack[i])
			give_up("a modelled thread ran out of stack (KX_SIM_STACK)");
	kx_machine.threads[thread].sp = (uint16_t)sp;
	memset(stack, 0, sp);
}

/* Brings every thread to its first point. */
void kx_machine_start(void)
{
	kx_machine.kills = kx_sim_bounds.kills;
	kx_machine.spurious = kx_sim_bounds.spurious;
	kx_machine.switches = kx_sim_bounds.switches;
	for (unsigned i = 0; i < kx_threads; i++)
		run(i);
}

unsigned kx_sim_choose(unsigned count)
{
	kx_self()->choices = (uint8_t)count;
	kx_machine_point();
	kx_self()->choices = 0;
	return kx_self()->chosen;
}

void kx_sim_until(kx_sim_condition condition, void *context)
{
	kx_self()->condition = condition;
	kx_self()->context = context;
	kx_machine_point();
	kx_self()->condition = NULL;
	kx_self()->context = NULL;
}

void kx_sim_rest(void)
{
	if (!kx_sim_bounds.switches)
		return;
	kx_self()->resting = 1;
	kx_machine_point();
	kx_self()->resting = 0;
}

static void arrive(void)
{
	if (!kx_self()->buffered)
		return;
	kx_self()->draining = 1;
	kx_machine_point();
	kx_self()->draining = 0;
}

void kx_sim_lock(void *lock)
{
	arrive();
	kx_self()->lock = (uint16_t)((uint8_t *)lock - kx_memory);
	kx_words_point(lock, KX_READS | KX_CHANGES);
	kx_self()->lock = 0;
	*(uint32_t *)lock = kx_current + 1;
	kx_trace(TRACE_LOCK, lock, 0, 0);
}

/* glibc's mutex is a locked instruction on both ends; all that is promised is a release. */
void kx_sim_unlock(void *lock)
{
	if (!kx_sim_bounds.weak_unlock)
		arrive();
	if (*(uint32_t *)lock != kx_current + 1)
		kx_sim_fail("a thread unlocks what it has not locked");
	kx_trace(TRACE_UNLOCK, lock, 0, 0);
	if (kx_sim_bounds.weak_unlock)
		kx_words_put(lock, 0);
	else
		*(uint32_t *)lock = 0;
}

void kx_sim_private(const volatile void *word, bool changes)
{
	if (!kx_sim_bounds.private_steps)
		return;
	if (changes)
		arrive();
	kx_words_point((const void *)word, changes ? KX_READS | KX_CHANGES : KX_READS);
}

void kx_sim_note(const char *text, uint32_t number)
{
	kx_trace_note(text, number);
}

void kx_sim_fail(const char *what)
{
	if (!kx_machine.failure)
		kx_machine.failure = what;
}

bool kx_sim_dead(unsigned process)
{
	return kx_machine.dead >> process & 1u;
}

int kx_sim_next_death(bool take)
{
	unsigned waiting = kx_machine.dead & ~(unsigned)kx_machine.told;

	for (unsigned i = 0; i < kx_threads; i++)
		if (kx_machine.threads[i].buffered)
			waiting &= ~(1u << kx_cast[i].process);
	if (!waiting)
		return -1;
	if (take)
		kx_machine.told |= (uint8_t)(waiting & -waiting);
	return __builtin_ctz(waiting);
}

bool kx_sim_finished(unsigned thread)
{
	return kx_machine.threads[thread].status >= SIM_DONE;
}

bool kx_sim_asleep(unsigned process)
{
	for (unsigned i = 0; i < kx_threads; i++)
		if (kx_cast[i].process == process && kx_machine.threads[i].status != SIM_ASLEEP)
			return false;
	return true;
}

static bool can_step(const struct kx_sim_thread *thread)
{
	if (thread->status != SIM_READY)
		return false;
	if (thread->draining && thread->buffered)
		return false;
	if (thread->lock && *(uint32_t *)(void *)(kx_memory + thread->lock) != 0)
		return false;
	return !thread->condition || thread->condition(thread->context);
}

static bool may_die(unsigned process)
{
	return kx_machine.kills && (killable >> process & 1u) && !kx_sim_dead(process);
}

/* Its parent is dead, and the signal that says so is on its way. */
static bool must_die(unsigned process)
{
	return (kx_machine.dead & parent) && !kx_sim_dead(process);
}

/* To step @number is to leave a thread that could go on. */
static bool is_switch(unsigned number)
{
	const struct kx_sim_thread *last = &kx_machine.threads[kx_machine.last];

	return kx_sim_bounds.switches && number != kx_machine.last && !last->resting &&
	       can_step(last);
}

static unsigned thread_moves(unsigned number, struct kx_sim_move *moves)
{
	const struct kx_sim_thread *thread = &kx_machine.threads[number];
	unsigned choices = thread->choices ? thread->choices : 1;
	unsigned count = 0;

	if (can_step(thread) && (!is_switch(number) || kx_machine.switches))
		for (unsigned c = 0; c < choices; c++)
			moves[count++] =
				(struct kx_sim_move){SIM_STEP, (uint8_t)number, (uint8_t)c, 0};
	if (thread->buffered)
		moves[count++] = (struct kx_sim_move){SIM_DRAIN, (uint8_t)number, 0, 0};
	if (thread->status == SIM_ASLEEP && thread->timed)
		moves[count++] = (struct kx_sim_move){SIM_TIME, (uint8_t)number, 0, 0};
	if (thread->status == SIM_ASLEEP && kx_machine.spurious)
		moves[count++] = (struct kx_sim_move){SIM_SPURIOUS, (uint8_t)number, 0, 0};
	return count;
}

unsigned kx_machine_moves(struct kx_sim_move moves[KX_SIM_MOVES])
{
	unsigned processes = 0;
	unsigned count = 0;

	for (unsigned i = 0; i < kx_threads; i++)
		count += thread_moves(i, moves + count);
	for (unsigned i = 0; i < kx_threads; i++) {
		unsigned process = kx_cast[i].process;

		if (processes >> process & 1u)
			continue;
		processes |= 1u << process;
		if (must_die(process))
			moves[count++] = (struct kx_sim_move){SIM_ORPHAN, (uint8_t)process, 0, 0};
		else if (may_die(process))
			moves[count++] = (struct kx_sim_move){SIM_KILL, (uint8_t)process, 0, 0};
	}
	return count;
}

static void die(unsigned process)
{
	kx_machine.dead |= (uint8_t)(1u << process);
	for (unsigned i = 0; i < kx_threads; i++) {
		struct kx_sim_thread *thread = &kx_machine.threads[i];
		struct kx_sim_thread kept = *thread;

		if (kx_cast[i].process != process)
			continue;
		*thread = (struct kx_sim_thread){
			.status = SIM_DEAD, .sp = KX_SIM_STACK, .buffered = kept.buffered};
		memcpy(thread->buffer, kept.buffer, sizeof(kept.buffer));
	}
}

void kx_machine_apply(struct kx_sim_move move)
{
	struct kx_sim_thread *thread = &kx_machine.threads[move.thread];

	switch (move.kind) {
	case SIM_STEP:
		if (kx_sim_bounds.switches) {
			kx_machine.switches -= is_switch(move.thread);
			kx_machine.last = move.thread;
		}
		thread->chosen = move.choice;
		run(move.thread);
		break;
	case SIM_DRAIN:
		kx_words_drain_one(thread);
		break;
	case SIM_TIME:
		thread->late = 1;
		thread->status = SIM_READY;
		break;
	case SIM_KILL:
		kx_machine.kills--;
		die(move.thread);
		break;
	case SIM_ORPHAN:
		die(move.thread);
		break;
	default:
		kx_machine.spurious--;
		thread->status = SIM_READY;
		break;
	}
}

const char *kx_machine_stuck(void)
{
	for (unsigned i = 0; i < kx_threads; i++)
		if (kx_machine.threads[i].status == SIM_READY && kx_machine.threads[i].lock)
			return "a thread waits for a lock for ever";
	return NULL;
}
