/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOS_QUEUE_H
#define KOS_QUEUE_H

/*
 * A queue of objects of one size between threads of this process. The queue owns the
 * memory of a fixed number of objects:
 *
 *   producer                          consumer
 *   obj = KosQueueAlloc(queue)        obj = KosQueuePop(queue, timeout)
 *   fills it                          reads it
 *   KosQueuePush(queue, obj)  ----->  KosQueueFree(queue, obj)
 *
 * Any thread may call any of these; only KosQueueDestroy() must come last.
 */

#include <rtl/compiler.h>
#include <rtl/if_time.h>
#include <rtl/retcode.h>
#include <rtl/stddef.h>
#include <rtl/stdint.h>

struct KosQueue;
typedef struct KosQueue *KosQueueHandle;

__RTL_BEGIN_DECLS

/*
 * Makes a queue of @objCount objects, each of @objSize bytes at a multiple of @objAlign
 * (a power of two; 0 for that of any type). @buffer, if not RTL_NULL, has room for them
 * at that alignment and must live as long as the queue. RTL_NULL: a size is 0 or too
 * large, the alignment is wrong, or there is no memory.
 */
KosQueueHandle KosQueueCreate(rtl_size_t objCount, rtl_size_t objSize, rtl_size_t objAlign,
			      void *buffer);

/* Ends a queue that no thread uses or waits for any more; RTL_NULL is allowed. */
void KosQueueDestroy(KosQueueHandle queue);

/* Memory for an object, its content undefined; RTL_NULL if all are in use. Does not block. */
void *KosQueueAlloc(KosQueueHandle queue);

/* Gives an object back that KosQueueAlloc() or KosQueuePop() gave; one that is back
 * already, or is in the queue, stays where it is. Does not block. */
void KosQueueFree(KosQueueHandle queue, void *obj);

/* Appends an object that KosQueueAlloc() or KosQueuePop() gave, and wakes a waiter; one that
 * was given back, or is in the queue already, stays where it is. Does not block. */
void KosQueuePush(KosQueueHandle queue, void *obj);

/* Appends copies of @count objects that lie one behind the other at @objs. rcOk, or, with
 * nothing appended: rcInvalidArgument, rcOutOfMemory (not so many are free). */
Retcode KosQueuePushArray(KosQueueHandle queue, const void *objs, rtl_size_t count);

/*
 * Takes the oldest object out; waits for one, at most @mdelay milliseconds. RTL_NULL:
 * none came in time.
 */
void *KosQueuePop(KosQueueHandle queue, rtl_uint32_t mdelay);

/* Gives all objects back that were appended and not taken out. */
void KosQueueFlush(KosQueueHandle queue);

__RTL_END_DECLS

#endif /* KOS_QUEUE_H */
