/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NK_STDDEF_H
#define NK_STDDEF_H

/* Sizes, offsets, the null pointer and the truth values of the nk run time. */

#include <stddef.h>

#include <nk/compiler.h>

typedef unsigned long nk_size_t;
typedef long nk_ssize_t;

typedef unsigned char nk_bool_t;
#define NK_TRUE  __nk_cast(nk_bool_t, 1)
#define NK_FALSE __nk_cast(nk_bool_t, 0)

#ifdef __cplusplus
#define NK_NULL nullptr
#else
#define NK_NULL ((void *)0)
#endif

#define nk_offsetof(type, member) offsetof(type, member)
#define nk_array_size(array)      (sizeof(array) / sizeof((array)[0]))

nk_static_assert(sizeof(nk_size_t) == sizeof(size_t), bad_nk_size_t_size);

#endif /* NK_STDDEF_H */
