/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_RCU_H
#define KX_RCU_H

/*
 * liburcu in the form Kosix uses it: the membarrier flavour, read side inlined.
 * A thread that reads calls rcu_register_thread() first. The explorer, which has
 * one thread, defines KX_ATOMICS_EXPLORER and needs none of it.
 */

#ifdef KX_ATOMICS_EXPLORER
#define rcu_read_lock()          ((void)0)
#define rcu_read_unlock()        ((void)0)
#define rcu_dereference(p)       (p)
#define rcu_assign_pointer(p, v) ((p) = (v))
#define synchronize_rcu()        ((void)0)
#else
#ifndef RCU_MEMBARRIER
#define RCU_MEMBARRIER
#endif
#ifndef _LGPL_SOURCE
#define _LGPL_SOURCE /* inline functions; its licence permits that in any program */
#endif
#include <stdint.h>
#include <stdlib.h>
struct timespec;
/* For a Linux without futex. liburcu's own is in another library, which no entity shall load. */
static inline int kx_rcu_no_futex(int32_t *word, int op, int32_t value,
				  const struct timespec *timeout, int32_t *word2, int32_t value2)
{
	(void)word, (void)op, (void)value, (void)timeout, (void)word2, (void)value2;
	abort();
}
#define compat_futex_async kx_rcu_no_futex
#include <urcu.h>
#undef compat_futex_async
#endif

/*
 * A grace period is nothing that ThreadSanitizer sees: readers tell it that they leave, and
 * who puts a thing to a new use after call_rcu() says KX_RCU_PASSED() that all have left.
 */
#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
static inline void kx_rcu_leave(void)
{
	__tsan_release(&urcu_memb_gp);
	urcu_memb_read_unlock();
}
#undef rcu_read_unlock
#define rcu_read_unlock() kx_rcu_leave()
#define KX_RCU_PASSED()   __tsan_acquire(&urcu_memb_gp)
#else
#define KX_RCU_PASSED() ((void)0)
#endif

#endif /* KX_RCU_H */
