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
#include <urcu.h>
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
