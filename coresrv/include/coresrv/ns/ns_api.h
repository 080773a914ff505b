/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORESRV_NS_NS_API_H
#define CORESRV_NS_NS_API_H

/*
 * The name server: servers tell it which process provides which interface under
 * which service name; clients look that up and go on with KnCmConnect
 * (coresrv/cm/cm_api.h). The solution has a process kl.core.NameServer for it.
 * Names are at most 127 bytes. Every function is one call to that process and
 * blocks as long as it takes to answer.
 */

#include <handle/handletype.h>
#include <rtl/compiler.h>
#include <rtl/if_time.h>
#include <rtl/retcode.h>
#include <rtl/stddef.h>
#include <rtl/stdint.h>

typedef Handle NsHandle;

#define NS_INVALID_HANDLE INVALID_HANDLE

/* Channel and process of the name server where none is named. */
#define NS_SERVER_NAME "kl.core.NameServer"

__RTL_BEGIN_DECLS

/*
 * Connects to name server @name (RTL_NULL: NS_SERVER_NAME): over the static
 * channel of that name, or, without one, over a channel asked of the process of
 * that name, waiting at most @msecs milliseconds. rcOk, or as KnCmConnect.
 */
Retcode NsCreate(const char *name, rtl_uint32_t msecs, NsHandle *ns);

/*
 * Publishes that process @server provides interface @type under @service. rcOk,
 * rcInvalidArgument, rcAlreadyExists, rcQuotaExceeded, or as Call.
 */
Retcode NsPublishService(NsHandle ns, const char *type, const char *server, const char *service);

/* Takes that back. rcOk, rcInvalidArgument, rcResourceNotFound, or as Call. */
Retcode NsUnPublishService(NsHandle ns, const char *type, const char *server, const char *service);

/*
 * Copies the names of provider number @index, from 0, of interface @type. rcOk, or,
 * with nothing copied: rcResourceNotFound (there are no more), rcBufferTooSmall,
 * rcInvalidArgument, or as Call.
 */
Retcode NsEnumServices(NsHandle ns, const char *type, unsigned index, char *server,
		       rtl_size_t serverSize, char *service, rtl_size_t serviceSize);

__RTL_END_DECLS

#endif /* CORESRV_NS_NS_API_H */
