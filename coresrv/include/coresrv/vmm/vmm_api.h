/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORESRV_VMM_VMM_API_H
#define CORESRV_VMM_VMM_API_H

/*
 * Pages of this process. Addresses and sizes are multiples of PAGE_SIZE. A page
 * is free, reserved (has an address, may not be touched) or committed.
 */

#include <hal/page.h>
#include <handle/handletype.h>
#include <rtl/compiler.h>
#include <rtl/retcode.h>
#include <rtl/stddef.h>
#include <rtl/stdint.h>
#include <vmm/flags.h>

__RTL_BEGIN_DECLS

/*
 * Reserves @size bytes at @addr (RTL_NULL: anywhere); with VMM_FLAG_COMMIT also
 * commits them, when first touched or, with VMM_FLAG_LOCKED, at once.
 * VMM_FLAG_RESERVE is required; protection as in KnVmProtect applies once
 * committed. Returns the address, or RTL_NULL: nothing was reserved.
 */
void *KnVmAllocate(void *addr, rtl_size_t size, int flags);

/*
 * Commits pages reserved before, with the protection they were reserved with.
 * @flags is not used. rcOk, rcInvalidArgument, or rcOutOfMemory.
 */
Retcode KnVmCommit(void *addr, rtl_size_t size, int flags);

/*
 * Turns pages back into reserved ones; what they held is lost. rcOk, or rcInvalidArgument,
 * also for pages that are shared or lie between shared ones.
 */
Retcode KnVmDecommit(void *addr, rtl_size_t size);

/*
 * Sets what may be done: VMM_FLAG_READ, READ|WRITE, READ|EXECUTE or RWX_MASK.
 * Reserved pages are committed by it, when first touched. rcOk, rcInvalidArgument.
 */
Retcode KnVmProtect(void *addr, rtl_size_t size, int newFlags);

/*
 * Frees pages of one allocation; with its first or last page goes the guard page
 * there. rcOk; rcInvalidArgument; rcOutOfMemory: nothing was freed.
 */
Retcode KnVmUnmap(void *addr, rtl_size_t size);

typedef struct KnVmInfo {
	void *addr;         /* first byte of the allocation that the address is in */
	rtl_size_t size;    /* of what is left of it */
	rtl_uint32_t flags; /* VMM_FLAG_READ ...: what it was allocated or last mapped with */
} KnVmInfo;

/* What the page at @addr belongs to. rcOk, rcInvalidArgument, rcResourceNotFound. */
Retcode KnVmQuery(const void *addr, KnVmInfo *info);

/*
 * Shared memory: an MDL buffer is made once, its handle sent to other processes,
 * and mapped by each; KnVmUnmap ends a mapping, KnHandleClose the last handle the
 * buffer. The policy sees the handle travel, not what is written. These are
 * requests to the kernel; outside of an entity they return rcNotReady.
 */

/*
 * Makes a buffer of @size bytes (rounded up to pages), zero at first. @flags are
 * not used: each mapping has its own. rcOk, or, with nothing made:
 * rcInvalidArgument (@size is 0 or over the limit), rcOutOfMemory, rcQuotaExceeded.
 */
Retcode KnPmmMdlCreate(rtl_size_t size, rtl_uint32_t flags, Handle *mdl);

/* The same, holding a copy of @size bytes at @buf. */
Retcode KnPmmMdlCreateFromBuf(const void *buf, rtl_size_t size, rtl_uint32_t flags, Handle *mdl);

/*
 * The same, of pages that KnVmAllocate() gave: they become the buffer's and keep what they
 * hold and their protection; no thread may write to them meanwhile. rcInvalidArgument also:
 * not all are committed, or of one protection; some are shared, or lie between shared ones
 * (see KnPmmMdlClone()); some of the allocation is, or was, executable.
 */
Retcode KnPmmMdlCreateFromVm(void *addr, rtl_size_t size, rtl_uint32_t flags, Handle *mdl);

/* Another handle of the same memory. rcOk, or as KnHandleCopy(). */
Retcode KnPmmMdlClone(Handle mdl, Handle *clone);

/*
 * Maps @size bytes from @offset on, both multiples of PAGE_SIZE, where @hint says or
 * (RTL_NULL) anywhere. @flags: VMM_FLAG_READ ... as in KnVmProtect. rcOk, or, with
 * nothing mapped: rcInvalidArgument (not a buffer, outside of it, address in use),
 * rcHandleRevoked, rcOutOfMemory.
 */
Retcode KnPmmMdlMap(Handle mdl, rtl_size_t offset, rtl_size_t size, void *hint, int flags,
		    void **ptr);

/* Bytes of the buffer. rcOk, rcInvalidArgument, rcHandleRevoked. */
Retcode KnPmmMdlGetSize(Handle mdl, rtl_size_t *size);

__RTL_END_DECLS

#endif /* CORESRV_VMM_VMM_API_H */
