/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORESRV_VLOG_API_H
#define CORESRV_VLOG_API_H

/*
 * Reading the kernel's log of security audit records. The log is bounded: who
 * reads too slowly loses the oldest records and is told how many.
 */

#include <handle/handletype.h>
#include <rtl/compiler.h>
#include <rtl/retcode.h>
#include <rtl/stddef.h>
#include <rtl/stdint.h>

#define AUDIT_MESSAGE_SIZE 512 /* bytes KnAuRead() writes at most */

__RTL_BEGIN_DECLS

/*
 * Opens the log @name; there is "kss". rcResourceNotFound for any other,
 * rcSecurityDisallow if policy forbids it. Does not block.
 */
Retcode KnAuOpen(const char *name, Handle *outHandle);
Retcode KnAuClose(Handle handle);

/*
 * Takes the oldest record out of the log: text, AUDIT_MESSAGE_SIZE bytes at most
 * with the final zero, into @msg; its length into *@size; in *@outDropMsgs (may be
 * NULL) how many records were lost since the last read. Waits until there is one.
 */
Retcode KnAuRead(Handle handle, void *msg, rtl_size_t *size, rtl_uint32_t *outDropMsgs);

__RTL_END_DECLS

#endif /* CORESRV_VLOG_API_H */
