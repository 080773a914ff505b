/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Shared words and futexes of the modelled machine: the functions that
 * abi/kx_atomic.h declares for KX_ATOMICS_EXPLORER. A store waits in its thread's
 * buffer until it drains; everything that is a locked instruction or a system
 * call on a real machine drains the buffer first.
 */

#include "machine.h"

#include <string.h>

/*
 * A word is common if two threads use it, one changes it and one reads it. Operations on
 * other words commute with everything, so they are no steps of their own. Which
 * words are common is found out while searching: the search begins anew with each
 * that turns out to be. That is sound: the first conflicting access of any full
 * run can be reached in the reduced search too, where it is noticed.
 */
static struct {
	uint8_t readers; /* one bit a thread */
	uint8_t writers;
	bool common;
} uses[KX_SIM_MEMORY];

bool kx_words_news;

void kx_words_forget(void)
{
	memset(uses, 0, sizeof(uses));
}

void kx_words_use(const void *word, enum kx_words_access access)
{
	size_t at = (size_t)((const uint8_t *)word - kx_memory);
	unsigned users;

	if (access & KX_READS)
		uses[at].readers |= (uint8_t)(1u << kx_current);
	if (access & KX_CHANGES)
		uses[at].writers |= (uint8_t)(1u << kx_current);
	users = uses[at].readers | uses[at].writers;
	if (uses[at].readers && uses[at].writers && (users & (users - 1u))) {
		kx_words_news |= !uses[at].common;
		uses[at].common = true;
	}
}

void kx_words_point(const void *word, enum kx_words_access access)
{
	size_t at = (size_t)((const uint8_t *)word - kx_memory);

	kx_words_use(word, access);
	if (uses[at].common)
		kx_machine_point();
}

static uint16_t offset_of(const kx_word *word)
{
	return (uint16_t)((const uint8_t *)(const void *)word - kx_memory);
}

static uint32_t *memory_of(const kx_word *word)
{
	return (uint32_t *)(void *)(kx_memory + offset_of(word));
}

void kx_words_drain_one(struct kx_sim_thread *thread)
{
	*(uint32_t *)(void *)(kx_memory + thread->buffer[0].word) = thread->buffer[0].value;
	thread->buffered--;
	memmove(thread->buffer, thread->buffer + 1,
		sizeof(thread->buffer) - sizeof(thread->buffer[0]));
	memset(&thread->buffer[KX_SIM_BUFFER - 1], 0, sizeof(thread->buffer[0]));
}

/* Goes on when the stores of this thread have arrived: each of them is a step. */
static void drain(void)
{
	if (!kx_self()->buffered)
		return;
	kx_self()->draining = 1;
	kx_machine_point();
	kx_self()->draining = 0;
}

/* In front of a locked instruction or a system call that uses @word. */
static void locked_point(const kx_word *word)
{
	drain();
	kx_words_point(word, KX_READS | KX_CHANGES);
}

uint32_t kx_load(kx_word *word)
{
	uint32_t value;

	kx_words_point(word, KX_READS);
	value = *memory_of(word);
	for (unsigned i = 0; i < kx_self()->buffered; i++)
		if (kx_self()->buffer[i].word == offset_of(word))
			value = kx_self()->buffer[i].value;
	kx_trace(TRACE_LOAD, word, value, value);
	return value;
}

void kx_words_put(void *word, uint32_t value)
{
	struct kx_sim_thread *self = kx_self();
	uint16_t at = (uint16_t)((uint8_t *)word - kx_memory);

	if (kx_sim_bounds.buffer == 0) {
		*(uint32_t *)word = value;
		return;
	}
	if (self->buffered == kx_sim_bounds.buffer)
		kx_words_drain_one(self);
	self->buffer[self->buffered++] = (struct kx_sim_store){value, at, 0};
}

void kx_store(kx_word *word, uint32_t value)
{
	kx_words_point(word, KX_CHANGES);
	kx_trace(TRACE_STORE, word, *memory_of(word), value);
	kx_words_put(word, value);
}

uint32_t kx_exchange(kx_word *word, uint32_t value)
{
	uint32_t old;

	locked_point(word);
	old = *memory_of(word);
	*memory_of(word) = value;
	kx_trace(TRACE_EXCHANGE, word, old, value);
	if (kx_on_change)
		kx_on_change(word, old, value, true);
	return old;
}

bool kx_cas(kx_word *word, uint32_t *expected, uint32_t value)
{
	uint32_t old;

	locked_point(word);
	old = *memory_of(word);
	if (kx_on_change)
		kx_on_change(word, old, value, old == *expected);
	if (old != *expected) {
		kx_trace(TRACE_CAS_FAILED, word, old, value);
		*expected = old;
		return false;
	}
	*memory_of(word) = value;
	kx_trace(TRACE_CAS, word, old, value);
	return true;
}

uint32_t kx_add(kx_word *word, uint32_t value)
{
	uint32_t old;

	locked_point(word);
	old = *memory_of(word);
	*memory_of(word) = old + value;
	kx_trace(TRACE_ADD, word, old, old + value);
	return old;
}

void kx_fence(void)
{
	drain();
	kx_trace(TRACE_FENCE, NULL, 0, 0);
}

/* Sleeps on the words put into watches; true unless the deadline passed. */
static bool sleep_on_watches(unsigned count, const struct timespec *deadline)
{
	struct kx_sim_thread *self = kx_self();
	bool late;

	self->watching = (uint8_t)count;
	self->timed = deadline != NULL;
	self->status = SIM_ASLEEP;
	kx_machine_point();
	late = self->late;
	self->late = 0;
	self->timed = 0;
	self->watching = 0;
	memset(self->watches, 0, sizeof(self->watches));
	kx_trace(TRACE_WOKEN, NULL, late, 0);
	return !late;
}

enum kx_slept kx_futex_waitv(const struct kx_watch *watches, unsigned count,
			     const struct timespec *deadline)
{
	drain();
	for (unsigned i = 0; i < count; i++)
		kx_words_use(watches[i].word, KX_READS);
	kx_machine_point();
	for (unsigned i = 0; i < count; i++) {
		if (*memory_of(watches[i].word) != watches[i].seen) {
			kx_trace(TRACE_NO_SLEEP, watches[i].word, *memory_of(watches[i].word),
				 watches[i].seen);
			return KX_SLEPT_NOT;
		}
	}
	for (unsigned i = 0; i < count; i++) {
		kx_self()->watches[i] = offset_of(watches[i].word);
		kx_trace(TRACE_SLEEP, watches[i].word, watches[i].seen, 0);
	}
	return sleep_on_watches(count, deadline) ? KX_SLEPT : KX_SLEPT_TOO_LONG;
}

bool kx_futex_many(void)
{
	return true;
}

enum kx_slept kx_futex_wait(kx_word *word, uint32_t seen, const struct timespec *deadline)
{
	struct kx_watch watch = {word, seen};

	return kx_futex_waitv(&watch, 1, deadline);
}

static bool watches_word(const struct kx_sim_thread *thread, uint16_t word)
{
	for (unsigned i = 0; i < thread->watching; i++)
		if (thread->watches[i] == word)
			return true;
	return false;
}

void kx_futex_wake(kx_word *word)
{
	uint32_t woken = 0;

	locked_point(word);
	for (unsigned i = 0; i < kx_threads; i++) {
		struct kx_sim_thread *thread = &kx_machine.threads[i];

		if (thread->status == SIM_ASLEEP && watches_word(thread, offset_of(word))) {
			thread->status = SIM_READY;
			woken++;
		}
	}
	kx_trace(TRACE_WAKE, word, woken, 0);
}
