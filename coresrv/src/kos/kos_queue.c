/* SPDX-License-Identifier: Apache-2.0 */

/*
 * kos/queue.h: a ring of the objects that were pushed and a stack of those that are
 * free, both of object numbers. The semaphore counts the ring; who got one from it takes
 * an object without waiting, unless a flush was faster.
 */

#include <kos/queue.h>

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <kos/mutex.h>
#include <kos/semaphore.h>

#include "kx_local.h"

/* Where an object is. What is pushed or given back from anywhere but a program stays. */
enum place {
	UNUSED,
	OUT, /* a producer or a consumer has it */
	PUSHED,
};

struct KosQueue {
	/* Constant. */
	char *objects;
	rtl_size_t stride;
	rtl_size_t size;
	uint32_t count;
	bool own_objects;
	uint32_t *ring;
	uint32_t *unused;
	unsigned char *states; /* lock: an enum place for each object */

	KosSemaphore pushed;
	KosMutex lock; /* guards what is below */
	uint32_t first;
	uint32_t length;
	uint32_t unused_count;
};

static void *object_at(const struct KosQueue *queue, uint32_t number)
{
	return queue->objects + number * queue->stride;
}

/* Moves @obj to @to and sets *@number. False: it is no object, or no program has it. */
static bool take_from_program(struct KosQueue *queue, const void *obj, enum place to,
			      uint32_t *number)
{
	uintptr_t offset = (uintptr_t)obj - (uintptr_t)queue->objects;

	if (offset % queue->stride != 0 || offset / queue->stride >= queue->count)
		return false;
	*number = (uint32_t)(offset / queue->stride);
	if (queue->states[*number] != OUT)
		return false;
	queue->states[*number] = to;
	return true;
}

static bool get_room(struct KosQueue *queue, rtl_size_t align, void *buffer)
{
	queue->ring = calloc(queue->count, sizeof(*queue->ring));
	queue->unused = calloc(queue->count, sizeof(*queue->unused));
	queue->states = calloc(queue->count, sizeof(*queue->states));
	queue->objects = buffer;
	queue->own_objects = !buffer;
	if (!buffer)
		queue->objects = aligned_alloc(align, queue->count * queue->stride);
	return queue->ring && queue->unused && queue->states && queue->objects;
}

KosQueueHandle KosQueueCreate(rtl_size_t objCount, rtl_size_t objSize, rtl_size_t objAlign,
			      void *buffer)
{
	rtl_size_t align = objAlign ? objAlign : alignof(max_align_t);
	struct KosQueue *queue;
	rtl_size_t stride;

	if (objCount == 0 || objCount > INT32_MAX || objSize == 0 || (align & (align - 1)) != 0 ||
	    align > INT32_MAX || objSize > SIZE_MAX - align || (uintptr_t)buffer & (align - 1))
		return RTL_NULL;
	stride = (objSize + align - 1) & ~(align - 1);
	if (stride > (rtl_size_t)PTRDIFF_MAX / objCount)
		return RTL_NULL;
	queue = calloc(1, sizeof(*queue));
	if (!queue)
		return RTL_NULL;
	queue->stride = stride;
	queue->size = objSize;
	queue->count = (uint32_t)objCount;
	if (!get_room(queue, align, buffer)) {
		KosQueueDestroy(queue);
		return RTL_NULL;
	}
	while (queue->unused_count < queue->count) {
		queue->unused[queue->unused_count] = queue->count - 1 - queue->unused_count;
		queue->unused_count++;
	}
	KosMutexInit(&queue->lock);
	(void)KosSemaphoreInit(&queue->pushed, 0);
	return queue;
}

void KosQueueDestroy(KosQueueHandle queue)
{
	if (!queue)
		return;
	if (queue->own_objects)
		free(queue->objects);
	free(queue->ring);
	free(queue->unused);
	free(queue->states);
	free(queue);
}

static void *alloc_locked(struct KosQueue *queue)
{
	uint32_t number;

	if (queue->unused_count == 0)
		return RTL_NULL;
	number = queue->unused[--queue->unused_count];
	queue->states[number] = OUT;
	return object_at(queue, number);
}

/* The stack has room for all objects, and each is on it once. So has the ring, below. */
static void free_locked(struct KosQueue *queue, const void *obj)
{
	uint32_t number;

	if (take_from_program(queue, obj, UNUSED, &number))
		queue->unused[queue->unused_count++] = number;
}

/* False: nothing was pushed. */
static bool push_locked(struct KosQueue *queue, const void *obj)
{
	uint32_t number;

	if (!take_from_program(queue, obj, PUSHED, &number))
		return false;
	queue->ring[(queue->first + queue->length) % queue->count] = number;
	queue->length++;
	return true;
}

static void *pop_locked(struct KosQueue *queue)
{
	uint32_t number;

	if (queue->length == 0)
		return RTL_NULL;
	number = queue->ring[queue->first];
	queue->first = (queue->first + 1) % queue->count;
	queue->length--;
	queue->states[number] = OUT;
	return object_at(queue, number);
}

void *KosQueueAlloc(KosQueueHandle queue)
{
	void *obj;

	KosMutexLock(&queue->lock);
	obj = alloc_locked(queue);
	KosMutexUnlock(&queue->lock);
	return obj;
}

void KosQueueFree(KosQueueHandle queue, void *obj)
{
	if (!obj)
		return;
	KosMutexLock(&queue->lock);
	free_locked(queue, obj);
	KosMutexUnlock(&queue->lock);
}

void KosQueuePush(KosQueueHandle queue, void *obj)
{
	bool pushed;

	if (!obj)
		return;
	KosMutexLock(&queue->lock);
	pushed = push_locked(queue, obj);
	KosMutexUnlock(&queue->lock);
	if (pushed)
		(void)KosSemaphoreSignal(&queue->pushed);
}

Retcode KosQueuePushArray(KosQueueHandle queue, const void *objs, rtl_size_t count)
{
	if (!queue || !objs || count == 0)
		return rcInvalidArgument;
	KosMutexLock(&queue->lock);
	if (count > queue->unused_count) {
		KosMutexUnlock(&queue->lock);
		return rcOutOfMemory;
	}
	for (rtl_size_t i = 0; i < count; i++) {
		void *obj = alloc_locked(queue);

		memcpy(obj, (const char *)objs + i * queue->size, queue->size);
		(void)push_locked(queue, obj);
	}
	KosMutexUnlock(&queue->lock);
	(void)KosSemaphoreSignalN(&queue->pushed, (int)count);
	return rcOk;
}

static rtl_uint32_t rest_of(const struct timespec *deadline)
{
	struct timespec now;
	int64_t ms;

	if (!deadline)
		return INFINITE_TIMEOUT;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	ms = (int64_t)(deadline->tv_sec - now.tv_sec) * RTL_MSEC_PER_SEC +
	     (deadline->tv_nsec - now.tv_nsec + RTL_NSEC_PER_MSEC - 1) / RTL_NSEC_PER_MSEC;
	return ms > 0 ? (rtl_uint32_t)ms : 0;
}

void *KosQueuePop(KosQueueHandle queue, rtl_uint32_t mdelay)
{
	struct timespec end;
	const struct timespec *deadline = kx_local_deadline(mdelay, &end);
	void *obj = RTL_NULL;

	while (!obj && KosSemaphoreWaitTimeout(&queue->pushed, rest_of(deadline)) == rcOk) {
		KosMutexLock(&queue->lock);
		obj = pop_locked(queue);
		KosMutexUnlock(&queue->lock);
	}
	return obj;
}

void KosQueueFlush(KosQueueHandle queue)
{
	void *obj;

	KosMutexLock(&queue->lock);
	while ((obj = pop_locked(queue))) {
		(void)KosSemaphoreTryWait(&queue->pushed);
		free_locked(queue, obj);
	}
	KosMutexUnlock(&queue->lock);
}
