/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RTL_COMPILER_H
#define RTL_COMPILER_H

/* Words for the compiler. Public; C11 and C++17; needs nothing else. */

#ifdef __cplusplus
#define __RTL_BEGIN_DECLS extern "C" {
#define __RTL_END_DECLS   }
#define RTL_EXTERN_C      extern "C"
#else
#define __RTL_BEGIN_DECLS
#define __RTL_END_DECLS
#define RTL_EXTERN_C extern
#endif

/* Stands in front of a parameter, variable or static function. */
#define __rtl_unused        __attribute__((__unused__))
#define __rtl_used          __attribute__((__used__))
#define __rtl_noreturn      __attribute__((__noreturn__))
#define __rtl_packed        __attribute__((__packed__))
#define __rtl_aligned(n)    __attribute__((__aligned__(n)))
#define __rtl_always_inline __inline__ __attribute__((__always_inline__))
#define __rtl_noinline      __attribute__((__noinline__))
#define __rtl_must_check    __attribute__((__warn_unused_result__))

/* @f and @a are the positions, from 1, of the format and of its first argument. */
#define __rtl_format_printf(f, a) __attribute__((__format__(__printf__, f, a)))

#define rtl_likely(x)   __builtin_expect(!!(x), 1)
#define rtl_unlikely(x) __builtin_expect(!!(x), 0)

#endif /* RTL_COMPILER_H */
