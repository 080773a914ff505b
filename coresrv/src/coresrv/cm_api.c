/* SPDX-License-Identifier: Apache-2.0 */

/* coresrv/cm/cm_api.h: kernel calls. Two names travel as "first\0second\0". */

#include <coresrv/cm/cm_api.h>

#include <string.h>

#include "rt.h"

#define NAMES_MAX (2u * KX_NAME_MAX)

_Static_assert(KX_NAME_MAX <= kl_core_Types_UCoreStringSize, "a name fits KnCmListen's buffers");

/* Writes both names to @bytes of NAMES_MAX; their length, 0 if one is missing or too long. */
static uint32_t put_names(char *bytes, const char *first, const char *second)
{
	size_t first_size = first ? strnlen(first, KX_NAME_MAX) + 1 : 0;
	size_t second_size = second ? strnlen(second, KX_NAME_MAX) + 1 : 0;

	if (first_size < 2 || first_size > KX_NAME_MAX || second_size < 2 ||
	    second_size > KX_NAME_MAX)
		return 0;
	memcpy(bytes, first, first_size);
	memcpy(bytes + first_size, second, second_size);
	return (uint32_t)(first_size + second_size);
}

/* A kernel call that sends two names and gets numbers back. */
static Retcode ask(uint32_t op, uint32_t args[KX_CALL_ARGS], const char *first, const char *second)
{
	char bytes[NAMES_MAX];
	uint32_t size = put_names(bytes, first, second);

	return size ? kx_rt_kcall(op, args, bytes, size, NULL, NULL) : rcInvalidArgument;
}

Retcode KnCmConnect(const char *server, const char *service, rtl_uint32_t msecs, Handle *handle,
		    rtl_uint32_t *rsid)
{
	uint32_t args[KX_CALL_ARGS] = {msecs};
	Retcode rc;

	if (!handle || !rsid)
		return rcInvalidArgument;
	rc = ask(KX_CALL_CM_CONNECT, args, server, service);
	if (rc == rcOk) {
		*handle = args[0];
		*rsid = args[1];
	}
	return rc;
}

Retcode KnCmListen(const char *filter, rtl_uint32_t msecs, char *client, char *service)
{
	uint32_t args[KX_CALL_ARGS] = {msecs};
	char bytes[NAMES_MAX + 1] = "";
	uint32_t size = NAMES_MAX;
	size_t first;
	Retcode rc;

	(void)filter;
	if (!client || !service)
		return rcInvalidArgument;
	rc = kx_rt_kcall(KX_CALL_CM_LISTEN, args, NULL, 0, bytes, &size);
	if (rc != rcOk)
		return rc;
	bytes[size] = '\0';
	first = strlen(bytes) + 1;
	if (first >= size || first > KX_NAME_MAX || strlen(bytes + first) >= KX_NAME_MAX)
		return rcInternalError;
	memcpy(client, bytes, first);
	memcpy(service, bytes + first, strlen(bytes + first) + 1);
	return rcOk;
}

Retcode KnCmAccept(const char *client, const char *service, rtl_uint32_t rsid, Handle listener,
		   Handle *handle)
{
	uint32_t args[KX_CALL_ARGS] = {rsid, listener};
	Retcode rc;

	if (!handle)
		return rcInvalidArgument;
	rc = ask(KX_CALL_CM_ACCEPT, args, client, service);
	if (rc == rcOk)
		*handle = args[0];
	return rc;
}

Retcode KnCmDrop(const char *client, const char *service)
{
	uint32_t args[KX_CALL_ARGS] = {0};

	return ask(KX_CALL_CM_DROP, args, client, service);
}
