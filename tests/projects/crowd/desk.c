/* SPDX-License-Identifier: Apache-2.0 */

/* Three clerks serve one listener, each with a transport of its own. */

#include <stdio.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <kos/condvar.h>
#include <kos/mutex.h>
#include <kos/rwlock.h>
#include <kos/thread.h>
#include <rtl/countof.h>

#include <crowd/Desk.edl.h>

#include "tally.h"

#define CLERKS 3

static KosMutex mutex = KosInitializedMutex;
static KosCondvar opened = KosInitializedCondvar;
static KosRWLock book = KosInitializedRWLock;
static int is_open;
static nk_uint64_t sum;
static unsigned stamps[CLERKS];

static nk_err_t stamp(struct crowd_IDesk *self, const struct crowd_IDesk_Stamp_req *req,
		      const struct nk_arena *req_arena, struct crowd_IDesk_Stamp_res *res,
		      struct nk_arena *res_arena)
{
	const unsigned *clerk = KosThreadTlsGet();

	(void)self;
	(void)req_arena;
	(void)res_arena;
	KosMutexLock(&mutex);
	while (!is_open)
		(void)KosCondvarWait(&opened, &mutex);
	KosMutexUnlock(&mutex);
	KosRWLockWrite(&book);
	sum += req->number;
	stamps[*clerk]++;
	KosRWLockUnlock(&book);
	KosRWLockRead(&book);
	res->sum = sum;
	KosRWLockUnlock(&book);
	res->clerk = *clerk;
	return NK_EOK;
}

static nk_err_t go(struct crowd_IDesk *self, const struct crowd_IDesk_Go_req *req,
		   const struct nk_arena *req_arena, struct crowd_IDesk_Go_res *res,
		   struct nk_arena *res_arena)
{
	(void)self;
	(void)req;
	(void)req_arena;
	(void)res;
	(void)res_arena;
	KosMutexLock(&mutex);
	is_open = 1;
	KosMutexUnlock(&mutex);
	KosCondvarBroadcast(&opened);
	return NK_EOK;
}

static Handle listener;

static int clerk(void *context)
{
	static const struct crowd_IDesk_ops ops = {.Stamp = stamp, .Go = go};
	struct crowd_IDesk desk = {&ops};
	crowd_Desk_entity entity;
	crowd_Desk_entity_req req;
	crowd_Desk_entity_res res;
	NkKosTransport transport;

	(void)KosThreadTlsSet(context);
	crowd_Desk_entity_init(&entity, &desk);
	NkKosTransport_Init(&transport, listener, NK_NULL, 0);
	for (;;) {
		nk_req_reset(&req);
		if (nk_transport_recv(&transport.base, &req.base_, NULL) != NK_EOK)
			continue;
		(void)crowd_Desk_entity_dispatch(&entity, &req.base_, NULL, &res.base_, NULL);
		(void)nk_transport_reply(&transport.base, &res.base_, NULL);
	}
	return 0;
}

int main(void)
{
	static unsigned numbers[CLERKS];
	ServiceId id;

	listener = ServiceLocatorRegister("desk", NULL, 0, &id);
	for (unsigned i = 1; i < rtl_countof(numbers); i++) {
		numbers[i] = i;
		if (KosThreadCreate(RTL_NULL, ThreadPriorityNormal, 0, clerk, &numbers[i], 0) !=
		    rcOk)
			return 1;
	}
	return clerk(&numbers[0]);
}
