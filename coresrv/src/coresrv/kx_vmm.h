/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_VMM_H
#define KX_VMM_H

/* What the two halves of coresrv/vmm/vmm_api.h share: own pages and MDL buffers. */

#include <stdbool.h>
#include <stdint.h>

#include <rtl/retcode.h>
#include <rtl/stddef.h>

/* VMM_FLAG_READ ... as PROT_READ ... */
int kx_vmm_prot(int flags);

/* Whether the protection in @flags is one of those KnVmProtect allows, or none. */
bool kx_vmm_access_ok(int flags);

/* Whole pages, not empty, not past the end of the address space. */
bool kx_vmm_range_ok(uintptr_t start, rtl_size_t size);

/*
 * Makes a mapping of shared memory known to KnVmProtect and KnVmUnmap. False if
 * there is no memory to remember it.
 */
bool kx_vmm_adopt(void *addr, rtl_size_t size, int flags);

/*
 * Puts the pages of @fd, a buffer of @size bytes, in the place of those of one allocation,
 * which are copied there and keep their protection. rcOk, or, with the pages as they were:
 * rcOutOfMemory; rcInvalidArgument: not committed, not of one protection, of an allocation
 * that is or was executable, or near what is shared already.
 */
Retcode kx_vmm_share(void *addr, rtl_size_t size, int fd);

#endif /* KX_VMM_H */
