/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NK_ASSERT_H
#define NK_ASSERT_H

/*
 * nk_assert: a broken promise of the caller ends the process with a line that
 * names the place. NDEBUG removes the check. Freestanding code (no stderr)
 * traps instead.
 */

#include <nk/compiler.h>

#if __STDC_HOSTED__
#include <stdio.h>
#include <stdlib.h>
#endif

__nk_noreturn static inline void __nk_assert_fail(const char *expr, const char *file, int line,
						  const char *func)
{
#if __STDC_HOSTED__
	fprintf(stderr, "%s:%d: %s: nk_assert(%s) failed\n", file, line, func, expr);
	abort();
#else
	nk_unused(expr);
	nk_unused(file);
	nk_unused(line);
	nk_unused(func);
	__builtin_trap();
#endif
}

#define __nk_assert_wrap(expr, file, line, func)                                                   \
	(nk_likely(expr) ? (void)0 : __nk_assert_fail(#expr, file, line, func))

#ifdef NDEBUG
#define nk_assert(expr) ((void)sizeof(!(expr)))
#else
#define nk_assert(expr) __nk_assert_wrap(expr, __FILE__, __LINE__, __func__)
#endif

#endif /* NK_ASSERT_H */
