/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NK_COMPILER_H
#define NK_COMPILER_H

/*
 * What the nk headers and the headers made by nk-gen-c need from the compiler.
 * C11 and C++17; gcc and clang. Part of the nk run time, which stands alone:
 * nothing here includes anything outside nk/.
 */

#define __nk_packed __attribute__((packed))

#ifdef __cplusplus
#define __nk_alignas(n)             alignas(n)
#define nk_alignof(type)            alignof(type)
#define nk_static_assert(expr, msg) static_assert((expr), #msg)
#define __nk_cast(type, value)      (static_cast<type>(value))
#define __nk_address(pointer)       (reinterpret_cast<__UINTPTR_TYPE__>(pointer))
#else
#define __nk_alignas(n)             _Alignas(n)
#define nk_alignof(type)            _Alignof(type)
#define nk_static_assert(expr, msg) _Static_assert((expr), #msg)
#define __nk_cast(type, value)      ((type)(value))
#define __nk_address(pointer)       ((__UINTPTR_TYPE__)(pointer))
#endif

#define nk_unused(x)    ((void)(x))
#define nk_likely(x)    __builtin_expect(!!(x), 1)
#define nk_unlikely(x)  __builtin_expect(!!(x), 0)
#define __nk_noreturn   __attribute__((noreturn))
#define __nk_may_unused __attribute__((unused))

#endif /* NK_COMPILER_H */
