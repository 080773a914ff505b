/* SPDX-License-Identifier: Apache-2.0 */

/* The lamps. Shows what it is told and judges nothing: that is the policy's work. */

#include <stdio.h>
#include <stdlib.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

#define NK_USE_UNQUALIFIED_NAMES
#include <crossing/Lights.edl.h>

static nk_uint32_t crossings; /* times that walkers had green */

static nk_err_t drive(struct ILamps *self, const ILamps_Drive_req *req, const struct nk_arena *in,
		      ILamps_Drive_res *res, struct nk_arena *out)
{
	(void)self, (void)req, (void)in, (void)res, (void)out;
	fprintf(stderr, "lights: cars green, walkers red\n");
	return NK_EOK;
}

static nk_err_t warn(struct ILamps *self, const ILamps_Warn_req *req, const struct nk_arena *in,
		     ILamps_Warn_res *res, struct nk_arena *out)
{
	(void)self, (void)req, (void)in, (void)res, (void)out;
	fprintf(stderr, "lights: cars amber, walkers red\n");
	return NK_EOK;
}

static nk_err_t stop(struct ILamps *self, const ILamps_Stop_req *req, const struct nk_arena *in,
		     ILamps_Stop_res *res, struct nk_arena *out)
{
	(void)self, (void)req, (void)in, (void)res, (void)out;
	fprintf(stderr, "lights: cars red, walkers red\n");
	return NK_EOK;
}

static nk_err_t walk(struct ILamps *self, const ILamps_Walk_req *req, const struct nk_arena *in,
		     ILamps_Walk_res *res, struct nk_arena *out)
{
	(void)self, (void)in, (void)res, (void)out;
	crossings++;
	fprintf(stderr, "lights: cars red, walkers green for %u s\n", (unsigned)req->seconds);
	return NK_EOK;
}

static nk_err_t look(struct IWatch *self, const IWatch_Look_req *req, const struct nk_arena *in,
		     IWatch_Look_res *res, struct nk_arena *out)
{
	(void)self, (void)req, (void)in, (void)out;
	res->crossings = crossings;
	return NK_EOK;
}

int main(void)
{
	static const ILamps_ops lamps_ops = {
		.Drive = drive, .Warn = warn, .Stop = stop, .Walk = walk};
	static const IWatch_ops watch_ops = {.Look = look};
	ILamps lamps = {&lamps_ops};
	IWatch watch = {&watch_ops};
	Lights_entity entity;
	Lights_entity_req req;
	Lights_entity_res res;
	NkKosTransport transport;
	ServiceId id;
	Handle listener = ServiceLocatorRegister("lights", NULL, 0, &id);

	if (listener == INVALID_HANDLE) {
		fprintf(stderr, "lights: no channel 'lights': is it in init.yaml?\n");
		return EXIT_FAILURE;
	}
	Lights_entity_init(&entity, &lamps, &watch);
	NkKosTransport_Init(&transport, listener, NK_NULL, 0);
	for (;;) {
		nk_req_reset(&req);
		if (nk_transport_recv(&transport.base, &req.base_, NK_NULL) != NK_EOK)
			return EXIT_FAILURE;
		(void)Lights_entity_dispatch(&entity, &req.base_, NK_NULL, &res.base_, NK_NULL);
		(void)nk_transport_reply(&transport.base, &res.base_, NK_NULL);
	}
}
