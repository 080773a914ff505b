/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORESRV_CM_CM_API_H
#define CORESRV_CM_CM_API_H

/*
 * Channels made while the solution runs: a client asks for one, a server sees the
 * request and accepts or drops it. Names of processes are those of init.yaml;
 * names of services are whatever both sides agree on. Outside of an entity all
 * return rcNotReady.
 */

#include <handle/handletype.h>
#include <rtl/compiler.h>
#include <rtl/if_time.h>
#include <rtl/retcode.h>
#include <rtl/stdint.h>
#include <services/handle/if_connection.h>

/* Bytes of the buffers that KnCmListen fills, with the zero. */
#define kl_core_Types_UCoreStringSize 1024U

__RTL_BEGIN_DECLS

/*
 * Client: asks process @server for a channel to @service and waits, at most @msecs
 * milliseconds, until it has decided. @handle gets the client handle, @rsid the
 * endpoint's RIID as the server gave it.
 *
 * rcOk, or, with no channel made: rcTimeout, rcNotConnected (dropped, or the
 * server has ended), rcResourceNotFound (no such process), rcInvalidArgument,
 * rcSecurityDisallow, rcQuotaExceeded.
 */
Retcode KnCmConnect(const char *server, const char *service, rtl_uint32_t msecs, Handle *handle,
		    rtl_uint32_t *rsid);

/*
 * Server: waits at most @msecs milliseconds for a request and copies the names of
 * its sender and service to @client and @service, each of
 * kl_core_Types_UCoreStringSize bytes. The request stays until accepted or
 * dropped. @filter is not used. rcOk, rcTimeout, rcInvalidArgument.
 */
Retcode KnCmListen(const char *filter, rtl_uint32_t msecs, char *client, char *service);

/*
 * Server: accepts a request. @rsid is the RIID the client gets. With @listener
 * INVALID_HANDLE a new listener handle is made, else the channel is added to
 * @listener; @handle gets the listener.
 *
 * rcOk, or, with nothing made: rcResourceNotFound (no such request, perhaps its
 * client gave up), rcInvalidArgument, rcSecurityDisallow, rcQuotaExceeded.
 */
Retcode KnCmAccept(const char *client, const char *service, rtl_uint32_t rsid, Handle listener,
		   Handle *handle);

/* Server: refuses a request; its KnCmConnect returns rcNotConnected. rcOk, rcResourceNotFound. */
Retcode KnCmDrop(const char *client, const char *service);

__RTL_END_DECLS

#endif /* CORESRV_CM_CM_API_H */
