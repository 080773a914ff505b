/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORESRV_SYNC_SYNC_H
#define CORESRV_SYNC_SYNC_H

/*
 * Futexes: sleep while a number is what it is. For threads of one process; the
 * primitives of kos/ are made of them. Use those unless you build your own.
 */

#include <rtl/atomic.h>
#include <rtl/compiler.h>
#include <rtl/if_time.h>
#include <rtl/retcode.h>
#include <rtl/stddef.h>
#include <rtl/stdint.h>

__RTL_BEGIN_DECLS

/*
 * Sleeps while *@ftx is @val, at most @mdelay milliseconds, until woken.
 * @outDelay, if not RTL_NULL, gets the milliseconds that were left.
 *
 * Returns rcOk (woken, perhaps for no reason: look again), rcTimeout,
 * rcFutexWouldBlock (*@ftx was not @val; did not sleep), rcInvalidArgument.
 */
Retcode KnFutexWait(RtlAtomicInt *ftx, int val, rtl_uint32_t mdelay, rtl_uint32_t *outDelay);

/*
 * Wakes up to @nThreads of the threads that sleep on @ftx. @wokenCnt, if not
 * RTL_NULL, gets how many. Returns rcOk, or rcInvalidArgument. Does not block.
 */
Retcode KnFutexWake(RtlAtomicInt *ftx, int nThreads, int *wokenCnt);

__RTL_END_DECLS

#endif /* CORESRV_SYNC_SYNC_H */
