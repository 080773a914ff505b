/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/handle/handle_api.h>

#include "kx_thread.h"
#include "rt.h"

Retcode KnHandleClose(Handle handle)
{
	uint32_t args[KX_CALL_ARGS] = {handle};

	if (kx_sync_close(handle) || kx_thread_handle_close(handle))
		return rcOk;
	return kx_rt_kcall(KX_CALL_HANDLE_CLOSE, args, NULL, 0, NULL, NULL);
}

Retcode KnHandleCopy(Handle inHandle, rtl_uint32_t newRights, Handle copyBadge, Handle *outHandle)
{
	uint32_t args[KX_CALL_ARGS] = {inHandle, newRights, copyBadge};
	Retcode rc;

	if (!outHandle)
		return rcInvalidArgument;
	rc = kx_rt_kcall(KX_CALL_HANDLE_COPY, args, NULL, 0, NULL, NULL);
	if (rc == rcOk)
		*outHandle = args[0];
	return rc;
}

Retcode KnHandleRevoke(Handle handle)
{
	return KnHandleRevokeEx(handle, rtl_true);
}

Retcode KnHandleRevokeEx(Handle handle, rtl_bool close)
{
	uint32_t args[KX_CALL_ARGS] = {handle, !close};

	return kx_rt_kcall(KX_CALL_HANDLE_REVOKE, args, NULL, 0, NULL, NULL);
}

Retcode KnHandleRevokeSubtree(Handle handle, Handle badge)
{
	uint32_t args[KX_CALL_ARGS] = {handle, badge};

	return kx_rt_kcall(KX_CALL_HANDLE_REVOKE_SUBTREE, args, NULL, 0, NULL, NULL);
}

static Retcode create_user(uint32_t op, uint32_t args[KX_CALL_ARGS], Handle *handle)
{
	Retcode rc;

	if (!handle || args[0] < HANDLE_TYPE_USER_FIRST || args[0] > HANDLE_TYPE_USER_LAST)
		return rcInvalidArgument;
	rc = kx_rt_kcall(op, args, NULL, 0, NULL, NULL);
	if (rc == rcOk)
		*handle = args[0];
	return rc;
}

Retcode KnHandleCreateUserObject(rtl_uint32_t type, rtl_uint32_t rights, void *context,
				 Handle *handle)
{
	uint64_t value = (uintptr_t)context;
	uint32_t args[KX_CALL_ARGS] = {type, rights, (uint32_t)value, (uint32_t)(value >> 32)};

	return create_user(KX_CALL_HANDLE_CREATE_USER, args, handle);
}

Retcode KnHandleCreateUserObjectEx(rtl_uint32_t type, rtl_uint32_t rights, void *context,
				   Handle ipcChannel, rtl_uint32_t riid, Handle *handle)
{
	uint64_t value = (uintptr_t)context;
	uint32_t args[KX_CALL_ARGS] = {type,       rights, (uint32_t)value, (uint32_t)(value >> 32),
				       ipcChannel, riid};

	return create_user(KX_CALL_HANDLE_CREATE_USER_EX, args, handle);
}

Retcode KnHandleGetSidByHandle(Handle handle, rtl_uint32_t *sid)
{
	uint32_t args[KX_CALL_ARGS] = {handle};
	Retcode rc;

	if (!sid)
		return rcInvalidArgument;
	rc = kx_rt_kcall(KX_CALL_HANDLE_GET_SID, args, NULL, 0, NULL, NULL);
	if (rc == rcOk)
		*sid = args[0];
	return rc;
}

static Retcode connect_ends(uint32_t op, uint32_t args[KX_CALL_ARGS], Handle *outListener,
			    Handle *outServer, Handle *outClient)
{
	Retcode rc = kx_rt_kcall(op, args, NULL, 0, NULL, NULL);

	if (rc != rcOk)
		return rc;
	if (outListener)
		*outListener = args[0];
	if (outServer)
		*outServer = args[1];
	if (outClient)
		*outClient = args[2];
	return rcOk;
}

Retcode KnHandleConnect(Handle listener, Handle *outListener, Handle *outServer, Handle *outClient)
{
	uint32_t args[KX_CALL_ARGS] = {listener};

	return connect_ends(KX_CALL_HANDLE_CONNECT, args, outListener, outServer, outClient);
}

Retcode KnHandleConnectEx(Handle serverTask, Handle listener, Handle clientTask,
			  Handle *outListener, Handle *outServer, Handle *outClient)
{
	uint32_t args[KX_CALL_ARGS] = {listener, clientTask, serverTask};

	return connect_ends(KX_CALL_HANDLE_CONNECT_EX, args, outListener, outServer, outClient);
}
