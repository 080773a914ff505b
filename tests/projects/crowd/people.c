/* SPDX-License-Identifier: Apache-2.0 */

/* Two clients block until a third opens the desk; then all of them work through a queue. */

#include <pthread.h>
#include <stdio.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <kos/event.h>
#include <kos/queue.h>
#include <kos/semaphore.h>
#include <kos/thread.h>

#include <crowd/IDesk.idl.h>

#include "tally.h"

#define CLIENTS 6
#define EACH    200

static KosEvent start = KosInitializedEvent;
static KosSemaphore waiting = KosInitializedSemaphore;
static KosThreadOnceState once = KOS_THREAD_ONCE_INIT;
static KosQueueHandle numbers;
static NkKosTransport transport;
static struct crowd_IDesk_proxy desk;
static int failed;

static void connect_once(void)
{
	Handle handle = ServiceLocatorConnect("desk");

	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	crowd_IDesk_proxy_init(&desk, &transport.base, ServiceLocatorGetRiid(handle, "desk"));
}

/* One proxy for all threads: a client transport has no state of a call. */
static int client(void *context)
{
	const nk_uint32_t *number;

	(void)KosThreadOnce(&once, connect_once);
	(void)KosSemaphoreSignal(&waiting);
	if (context)
		KosEventWait(&start);
	while ((number = KosQueuePop(numbers, 0))) {
		crowd_IDesk_Stamp_req req = {.number = *number};
		crowd_IDesk_Stamp_res res;

		if (crowd_IDesk_Stamp(&desk.base, &req, NULL, &res, NULL) != NK_EOK ||
		    res.clerk > 2)
			failed = 1;
		KosQueueFree(numbers, (void *)(size_t)number);
	}
	return 7;
}

static void *pthread_client(void *context)
{
	return client(context) == 7 ? context : NULL;
}

int main(void)
{
	Tid tids[CLIENTS - 1];
	pthread_t posix;
	void *kept = NULL;
	crowd_IDesk_Go_req go_req;
	crowd_IDesk_Go_res go_res;
	crowd_IDesk_Stamp_req req = {.number = 0};
	crowd_IDesk_Stamp_res res;

	numbers = KosQueueCreate(CLIENTS * EACH, sizeof(nk_uint32_t), 0, RTL_NULL);
	for (nk_uint32_t i = 1; i <= CLIENTS * EACH; i++)
		if (KosQueuePushArray(numbers, &i, 1) != rcOk)
			return 1;
	for (int i = 0; i < CLIENTS - 1; i++)
		if (KosThreadCreate(&tids[i], ThreadPriorityNormal, 0, client,
				    i < 2 ? RTL_NULL : tids, 0) != rcOk)
			return 1;
	if (pthread_create(&posix, NULL, pthread_client, &kept) != 0)
		return 1;
	for (int i = 0; i < CLIENTS; i++)
		(void)KosSemaphoreWait(&waiting);
	/* Two calls hold two clerks until the third is told this. */
	if (crowd_IDesk_Go(&desk.base, &go_req, NULL, &go_res, NULL) != NK_EOK)
		failed = 1;
	KosEventSet(&start);
	for (int i = 0; i < CLIENTS - 1; i++)
		if (KosThreadWait(tids[i], INFINITE_TIMEOUT) != 7)
			failed = 1;
	(void)pthread_join(posix, &kept);
	(void)crowd_IDesk_Stamp(&desk.base, &req, NULL, &res, NULL);
	fprintf(stderr, "people: %s, sum %lu of %lu\n", failed || !kept ? "failed" : "done",
		(unsigned long)res.sum, tally_up_to(CLIENTS * EACH));
	return 0;
}
