/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Interrupt objects (coresrv/ipc/ipc_api.h): a word of this process that every
 * blocked CallEx and RecvEx naming it sleeps on as well. Their handles have
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

kx_word *kx_sync_word(uint32_t handle, Retcode *rc)
{
	uint32_t number;

	*rc = rcOk;
	if (handle == INVALID_HANDLE)
		return NULL;
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
