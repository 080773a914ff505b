/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_READ_H
#define KX_READ_H

/*
 * A read section on the path of every request. While the process has one thread it is
 * nothing: only that thread could take away what it reads, and within the section it does
 * not. What the beginning returns is for the end: a section ends as it began.
 */

#include "kx_atomic.h"
#include "rcu.h"

static inline bool kx_read_begin(void)
{
	bool alone = kx_alone();

	if (!alone)
		rcu_read_lock();
	return alone;
}

static inline void kx_read_end(bool alone)
{
	if (!alone)
		rcu_read_unlock();
}

#endif /* KX_READ_H */
