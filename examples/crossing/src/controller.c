/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Serves the button, and calls the lamps while it does. At every second press it is in a hurry
 * and wants to let people walk at once: a bug, which the policy holds back.
 */

#include <stdio.h>
#include <stdlib.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <kos/thread.h>

#define NK_USE_UNQUALIFIED_NAMES
#include <crossing/Controller.edl.h>
#include <crossing/ILamps.idl.h>

#define PHASE_MS     100 /* a crossing for people in a hurry: so long is each phase */
#define WALK_SECONDS 8

static ILamps_proxy lamps;
static unsigned presses;

static nk_err_t warn(void)
{
	ILamps_Warn_req req = {};
	ILamps_Warn_res res;

	return ILamps_Warn(&lamps.base, &req, NK_NULL, &res, NK_NULL);
}

static nk_err_t stop(void)
{
	ILamps_Stop_req req = {};
	ILamps_Stop_res res;

	return ILamps_Stop(&lamps.base, &req, NK_NULL, &res, NK_NULL);
}

static nk_err_t walk(void)
{
	ILamps_Walk_req req = {.seconds = WALK_SECONDS};
	ILamps_Walk_res res;

	return ILamps_Walk(&lamps.base, &req, NK_NULL, &res, NK_NULL);
}

static nk_err_t drive(void)
{
	ILamps_Drive_req req = {};
	ILamps_Drive_res res;

	return ILamps_Drive(&lamps.base, &req, NK_NULL, &res, NK_NULL);
}

/* Each phase lasts; the first that is refused ends the round. */
static nk_err_t let_walk(void)
{
	static nk_err_t (*const round[])(void) = {warn, stop, walk, stop, drive};
	nk_err_t err = NK_EOK;

	for (unsigned i = 0; i < sizeof(round) / sizeof(round[0]) && err == NK_EOK; i++) {
		err = round[i]();
		KosThreadSleep(PHASE_MS);
	}
	return err;
}

static nk_err_t press(struct IButton *self, const IButton_Press_req *req, const struct nk_arena *in,
		      IButton_Press_res *res, struct nk_arena *out)
{
	(void)self, (void)req, (void)in, (void)res, (void)out;
	if (++presses % 2 == 0 && walk() != NK_EOK)
		fprintf(stderr, "controller: not at once, then; the long way\n");
	return let_walk();
}

static void serve(Handle listener)
{
	static const IButton_ops ops = {.Press = press};
	IButton button = {&ops};
	Controller_entity entity;
	Controller_entity_req req;
	Controller_entity_res res;
	NkKosTransport transport;

	Controller_entity_init(&entity, &button);
	NkKosTransport_Init(&transport, listener, NK_NULL, 0);
	for (;;) {
		nk_req_reset(&req);
		if (nk_transport_recv(&transport.base, &req.base_, NK_NULL) != NK_EOK)
			return;
		(void)Controller_entity_dispatch(&entity, &req.base_, NK_NULL, &res.base_, NK_NULL);
		(void)nk_transport_reply(&transport.base, &res.base_, NK_NULL);
	}
}

int main(void)
{
	NkKosTransport transport;
	ServiceId id;
	Handle listener = ServiceLocatorRegister("controller", NULL, 0, &id);
	Handle lights = ServiceLocatorConnect("lights");

	if (listener == INVALID_HANDLE || lights == INVALID_HANDLE) {
		fprintf(stderr, "controller: a channel is missing in init.yaml\n");
		return EXIT_FAILURE;
	}
	NkKosTransport_Init(&transport, lights, NK_NULL, 0);
	ILamps_proxy_init(&lamps, &transport.base, ServiceLocatorGetRiid(lights, "lamps"));
	serve(listener);
	return EXIT_FAILURE;
}
