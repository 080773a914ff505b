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

#endif /* KX_RCU_H */
