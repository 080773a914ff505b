/* SPDX-License-Identifier: Apache-2.0 */

/* coresrv/vlog/vlog_api.h: the kernel's log of audit records. */

#include <string.h>

#include <coresrv/vlog/vlog_api.h>

#include "rt.h"

/* There is one log and it needs no state here; no table gives out this number. */
#define LOG_HANDLE ((Handle)0xA0D17u)

#define RECORD_MAX 2048u /* what the kernel process sends at most */

Retcode KnAuOpen(const char *name, Handle *outHandle)
{
	uint32_t args[KX_CALL_ARGS] = {0};
	Retcode rc;

	if (!name || !outHandle || strlen(name) > 1023)
		return rcInvalidArgument;
	if (!kx_rt_attached())
		return rcNotReady;
	rc = kx_rt_kcall(KX_CALL_AUDIT_OPEN, args, name, (uint32_t)strlen(name) + 1, NULL, NULL);
	if (rc == rcOk)
		*outHandle = LOG_HANDLE;
	return rc;
}

Retcode KnAuClose(Handle handle)
{
	uint32_t args[KX_CALL_ARGS] = {0};

	if (handle != LOG_HANDLE)
		return rcInvalidArgument;
	return kx_rt_kcall(KX_CALL_AUDIT_CLOSE, args, NULL, 0, NULL, NULL);
}

Retcode KnAuRead(Handle handle, void *msg, rtl_size_t *size, rtl_uint32_t *outDropMsgs)
{
	uint32_t args[KX_CALL_ARGS] = {KX_TIMEOUT_NONE};
	char record[RECORD_MAX];
	uint32_t length = sizeof(record);
	Retcode rc;

	if (handle != LOG_HANDLE || !msg || !size)
		return rcInvalidArgument;
	rc = kx_rt_kcall(KX_CALL_AUDIT_READ, args, NULL, 0, record, &length);
	if (rc != rcOk)
		return rc;
	if (length > AUDIT_MESSAGE_SIZE - 1)
		length = AUDIT_MESSAGE_SIZE - 1;
	memcpy(msg, record, length);
	((char *)msg)[length] = '\0';
	*size = length;
	if (outDropMsgs)
		*outDropMsgs = args[1];
	return rcOk;
}
