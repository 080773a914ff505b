/* SPDX-License-Identifier: Apache-2.0 */

/* kos/queue.h, in one thread and between several. */

#include <kos/queue.h>
#include <kos/thread.h>

#include "threads.h"

#define PRODUCERS 3
#define EACH      2000

static void objects_come_out_in_the_order_they_went_in(void **state)
{
	KosQueueHandle queue = KosQueueCreate(3, sizeof(int), 64, RTL_NULL);
	int three[] = {7, 8, 9};
	int *obj;

	(void)state;
	assert_non_null(queue);
	assert_null(KosQueuePop(queue, 0));
	assert_int_equal(KosQueuePushArray(queue, three, 3), rcOk);
	assert_null(KosQueueAlloc(queue));
	assert_int_equal(KosQueuePushArray(queue, three, 1), rcOutOfMemory);
	for (int i = 0; i < 7; i++) {
		obj = KosQueuePop(queue, INFINITE_TIMEOUT);
		assert_int_equal(*obj, 7 + i % 3);
		assert_int_equal((uintptr_t)obj % 64, 0);
		KosQueueFree(queue, obj);
		obj = KosQueueAlloc(queue);
		*obj = 7 + i % 3;
		KosQueuePush(queue, obj);
	}
	KosQueueFlush(queue);
	assert_null(KosQueuePop(queue, 1));
	for (int i = 0; i < 3; i++)
		assert_non_null(KosQueueAlloc(queue));
	KosQueueDestroy(queue);
}

static void memory_of_the_program_is_used_where_it_gives_some(void **state)
{
	static _Alignas(16) char room[4 * 16];
	KosQueueHandle queue = KosQueueCreate(4, 12, 16, room);

	(void)state;
	assert_non_null(queue);
	for (int i = 0; i < 4; i++)
		assert_in_range(KosQueueAlloc(queue), room, room + sizeof(room) - 16);
	assert_null(KosQueueAlloc(queue));
	KosQueueDestroy(queue);
	assert_null(KosQueueCreate(4, 12, 16, room + 1));
	assert_null(KosQueueCreate(4, 12, 12, RTL_NULL));
	assert_null(KosQueueCreate(0, 12, 0, RTL_NULL));
	assert_null(KosQueueCreate(4, 0, 0, RTL_NULL));
	assert_null(KosQueueCreate(4, RTL_SIZE_MAX / 2, 0, RTL_NULL));
	KosQueueDestroy(RTL_NULL);
}

/* Nobody shares an object with another who was given it too. */
static void an_object_is_in_one_place(void **state)
{
	KosQueueHandle queue = KosQueueCreate(2, sizeof(int), 0, RTL_NULL);
	int *first = KosQueueAlloc(queue);
	int elsewhere = 0;

	(void)state;
	KosQueuePush(queue, first);
	KosQueuePush(queue, first);
	KosQueueFree(queue, first);
	KosQueuePush(queue, &elsewhere);
	KosQueueFree(queue, &elsewhere);
	assert_ptr_equal(KosQueuePop(queue, 0), first);
	assert_null(KosQueuePop(queue, 0));
	KosQueueFree(queue, first);
	KosQueueFree(queue, first);
	KosQueuePush(queue, first);
	assert_null(KosQueuePop(queue, 0));
	assert_ptr_not_equal(KosQueueAlloc(queue), KosQueueAlloc(queue));
	assert_null(KosQueueAlloc(queue));
	KosQueueDestroy(queue);
}

struct producer {
	KosQueueHandle queue;
	int number;
};

/* Waits for room by trying: the consumer is what makes it. */
static void produce(void *context)
{
	const struct producer *self = context;

	for (int i = 0; i < EACH; i++) {
		int *obj = KosQueueAlloc(self->queue);

		for (; !obj; obj = KosQueueAlloc(self->queue))
			KosThreadYield();
		*obj = self->number * EACH + i;
		KosQueuePush(self->queue, obj);
	}
}

static void nothing_is_lost_between_threads(void **state)
{
	KosQueueHandle queue = KosQueueCreate(4, sizeof(int), 0, RTL_NULL);
	struct producer producers[PRODUCERS];
	struct subject threads[PRODUCERS];
	int next[PRODUCERS] = {0};

	(void)state;
	for (int i = 0; i < PRODUCERS; i++) {
		producers[i] = (struct producer){queue, i};
		subject_start(&threads[i], produce, &producers[i]);
	}
	for (int i = 0; i < PRODUCERS * EACH; i++) {
		int *obj = KosQueuePop(queue, 30000);
		int from;

		assert_non_null(obj);
		from = *obj / EACH;
		assert_int_equal(*obj % EACH, next[from]++);
		KosQueueFree(queue, obj);
	}
	for (int i = 0; i < PRODUCERS; i++)
		subject_join(&threads[i]);
	assert_null(KosQueuePop(queue, 0));
	KosQueueDestroy(queue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_come_out_in_the_order_they_went_in),
		cmocka_unit_test(memory_of_the_program_is_used_where_it_gives_some),
		cmocka_unit_test(an_object_is_in_one_place),
		cmocka_unit_test(nothing_is_lost_between_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
