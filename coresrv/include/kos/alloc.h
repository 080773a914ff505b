/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOS_ALLOC_H
#define KOS_ALLOC_H

/*
 * Memory of this process, readable and writable. Thread-safe; does not block.
 * What these give is freed by KosMemFree, and nothing else is.
 */

#include <rtl/compiler.h>
#include <rtl/stddef.h>

__RTL_BEGIN_DECLS

/*
 * At least @size bytes, or RTL_NULL. Size 0 gives a pointer, too, that can only
 * be freed. Zalloc fills with zeros.
 */
void *KosMemAlloc(rtl_size_t size);
void *KosMemZalloc(rtl_size_t size);

/*
 * At an address that is a multiple of @align, a power of two; @zeroed not 0
 * fills with zeros. RTL_NULL also if @align is no power of two.
 */
void *KosMemAllocEx(rtl_size_t size, rtl_size_t align, int zeroed);

/* Frees; RTL_NULL is allowed. */
void KosMemFree(void *ptr);

/* Bytes that may be used at @ptr, at least what was asked for; 0 for RTL_NULL. */
rtl_size_t KosMemGetSize(void *ptr);
rtl_size_t KosMemGetOrigSize(void *ptr); /* the same: what was asked for is not kept */

__RTL_END_DECLS

#endif /* KOS_ALLOC_H */
