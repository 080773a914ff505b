/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Interrupt objects (coresrv/ipc/ipc_api.h): a word of this process that every
 * blocked direct CallEx and RecvEx naming it sleeps on as well; relayed calls are
 * cancelled through the kernel process. Their handles have index 0, which the kernel
 * process never gives out, and a generation above those of threads (kn_thread_handle.c).
 *
 * A handle is its word: there is one for each value, and those closed are used again only when
 * all others have been. So a closed handle names no later object, and whoever waits with it finds
 * in the word that it is closed, however late it looks.
 */

#include <coresrv/ipc/ipc_api.h>

#include "rt.h"

#define FIRST   KX_SYNC_FIRST_GEN
#define OBJECTS (KX_HANDLE_GEN(UINT32_MAX) + 1 - FIRST)

enum { CLEAR, SET, CLOSED }; /* only CLEAR lets anybody wait */

static _Atomic uint64_t made; /* so many words were an object at some time, or are */
/* Common: 2 MiB that lie behind all other variables, not between those that every start uses. */
__attribute__((common, visibility("hidden"))) kx_word kx_sync_words[OBJECTS];

/* The word of @handle; NULL: that never was an object. */
static kx_word *word_of(uint32_t handle)
{
	uint32_t number = KX_HANDLE_GEN(handle) - FIRST;

	return KX_HANDLE_INDEX(handle) == 0 && number < OBJECTS && number < atomic_load(&made)
		       ? &kx_sync_words[number]
		       : NULL;
}

kx_word *kx_sync_find(uint32_t handle, Retcode *rc)
{
	kx_word *word = word_of(handle);

	if (word && kx_load(word) != CLOSED)
		return word;
	*rc = rcInvalidArgument;
	return NULL;
}

bool kx_sync_enter(struct kx_rt_thread *thread, kx_word *word, uint32_t gen)
{
	atomic_store(&thread->relayed_gen, gen);
	/* Stored before the word is read; KnIpcSetInterrupt() does it the other way round. */
	atomic_store(&thread->relayed_sync, word);
	if (kx_load(word) == 0)
		return true;
	kx_sync_leave(thread);
	return false;
}

void kx_sync_leave(struct kx_rt_thread *thread)
{
	atomic_store(&thread->relayed_sync, NULL);
}

/*
 * A relayed call cannot be taken back from here: the kernel process has it. It is
 * told which; a call it has not seen yet it will refuse when it comes.
 */
static Retcode cancel_relayed(kx_word *word)
{
	Retcode rc = rcOk;

	for (uint32_t i = 0; i < KX_UP_SLOTS; i++) {
		struct kx_rt_thread *thread = kx_rt_thread_at(i);
		uint32_t args[KX_CALL_ARGS] = {i, atomic_load(&thread->relayed_gen)};

		if (atomic_load(&thread->relayed_sync) == word &&
		    kx_rt_kcall(KX_CALL_CANCEL, args, NULL, 0, NULL, NULL) == rcInvalidThreadState)
			rc = rcInvalidThreadState; /* not even told */
	}
	return rc;
}

/* Whoever waits with @word shall see what it is now. */
static Retcode interrupt(kx_word *word)
{
	kx_futex_wake(word);
	return cancel_relayed(word);
}

bool kx_sync_close(uint32_t handle)
{
	kx_word *word = word_of(handle);

	if (!word || kx_exchange(word, CLOSED) == CLOSED)
		return false;
	(void)interrupt(word);
	return true;
}

/* Number @number of all that were ever made: is its word free? */
static bool take(uint64_t number)
{
	uint32_t closed = CLOSED;

	return number < OBJECTS || kx_cas(&kx_sync_words[number % OBJECTS], &closed, CLEAR);
}

Retcode KnIpcCreateSyncObject(Handle *syncHandle)
{
	if (!syncHandle)
		return rcInvalidArgument;
	for (uint32_t i = 0; i < OBJECTS; i++) {
		uint64_t number = atomic_fetch_add(&made, 1);

		if (!take(number))
			continue;
		*syncHandle = KX_HANDLE_VALUE(0, FIRST + number % OBJECTS);
		return rcOk;
	}
	return rcQuotaExceeded;
}

/* Makes @to of an object that is @from, or is @to already; NULL: there is none. */
static kx_word *change(Handle handle, uint32_t from, uint32_t to)
{
	kx_word *word = word_of(handle);

	if (!word)
		return NULL;
	return kx_cas(word, &from, to) || from == to ? word : NULL;
}

Retcode KnIpcSetInterrupt(Handle syncHandle)
{
	kx_word *word = change(syncHandle, CLEAR, SET);

	if (!word)
		return rcInvalidArgument;
	return interrupt(word);
}

Retcode KnIpcClearInterrupt(Handle syncHandle)
{
	return change(syncHandle, SET, CLEAR) ? rcOk : rcInvalidArgument;
}
