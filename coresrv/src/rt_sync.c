/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Interrupt objects (coresrv/ipc/ipc_api.h): a word of this process that every
 * blocked direct CallEx and RecvEx naming it sleeps on as well; relayed calls are
 * cancelled through the kernel process. Their handles have
 * index 0, which the kernel process never gives out.
 */

#include <coresrv/ipc/ipc_api.h>

#include "rt.h"

#define OBJECTS 64u

static _Atomic bool used[OBJECTS];
static kx_word words[OBJECTS];

static bool is_ours(uint32_t handle, uint32_t *number)
{
	*number = KX_HANDLE_GEN(handle) - 1;
	return handle != INVALID_HANDLE && KX_HANDLE_INDEX(handle) == 0 && *number < OBJECTS &&
	       atomic_load(&used[*number]);
}

kx_word *kx_sync_find(uint32_t handle, Retcode *rc)
{
	uint32_t number;

	if (is_ours(handle, &number))
		return &words[number];
	*rc = rcInvalidArgument;
	return NULL;
}

bool kx_sync_close(uint32_t handle)
{
	uint32_t number;

	if (!is_ours(handle, &number))
		return false;
	(void)KnIpcSetInterrupt(handle); /* whoever still waits with it */
	atomic_store(&used[number], false);
	return true;
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
static void cancel_relayed(kx_word *word)
{
	for (uint32_t i = 0; i < KX_UP_SLOTS; i++) {
		struct kx_rt_thread *thread = kx_rt_thread_at(i);
		uint32_t args[KX_CALL_ARGS] = {i, atomic_load(&thread->relayed_gen)};

		if (atomic_load(&thread->relayed_sync) == word)
			(void)kx_rt_kcall(KX_CALL_CANCEL, args, NULL, 0, NULL, NULL);
	}
}

Retcode KnIpcCreateSyncObject(Handle *syncHandle)
{
	if (!syncHandle)
		return rcInvalidArgument;
	for (uint32_t i = 0; i < OBJECTS; i++) {
		if (atomic_exchange(&used[i], true))
			continue;
		kx_store(&words[i], 0);
		*syncHandle = KX_HANDLE_VALUE(0, i + 1);
		return rcOk;
	}
	return rcQuotaExceeded;
}

Retcode KnIpcSetInterrupt(Handle syncHandle)
{
	uint32_t number;

	if (!is_ours(syncHandle, &number))
		return rcInvalidArgument;
	kx_store(&words[number], 1);
	kx_futex_wake(&words[number]);
	cancel_relayed(&words[number]);
	return rcOk;
}

Retcode KnIpcClearInterrupt(Handle syncHandle)
{
	uint32_t number;

	if (!is_ours(syncHandle, &number))
		return rcInvalidArgument;
	kx_store(&words[number], 0);
	return rcOk;
}
