/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RTL_ASSERT_H
#define RTL_ASSERT_H

/* rtl_assert: says where, on stderr, and ends the process. Nothing with NDEBUG. */

#include <rtl/compiler.h>

__RTL_BEGIN_DECLS

/* Prints the failed expression with its place and aborts. Never returns. */
__rtl_noreturn void rtl_assert_failed(const char *expr, const char *file, int line,
				      const char *func);

__RTL_END_DECLS

#ifdef NDEBUG
#define rtl_assert(expr) ((void)sizeof((expr) ? 1 : 0))
#else
#define rtl_assert(expr) ((expr) ? (void)0 : rtl_assert_failed(#expr, __FILE__, __LINE__, __func__))
#endif

#ifdef __cplusplus
#define rtl_static_assert(expr, text) static_assert(expr, text)
#else
#define rtl_static_assert(expr, text) _Static_assert(expr, text)
#endif

#endif /* RTL_ASSERT_H */
