/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RTL_STDDEF_H
#define RTL_STDDEF_H

/* Sizes and the null pointer. RTL_NULL converts to any pointer in C and C++. */

typedef __SIZE_TYPE__ rtl_size_t;
typedef __PTRDIFF_TYPE__ rtl_ssize_t;
typedef __PTRDIFF_TYPE__ rtl_ptrdiff_t;

#ifdef __cplusplus
#define RTL_NULL __null
#else
#define RTL_NULL ((void *)0)
#endif

#define rtl_offsetof(type, member) __builtin_offsetof(type, member)

#define RTL_SIZE_MAX __SIZE_MAX__

#endif /* RTL_STDDEF_H */
