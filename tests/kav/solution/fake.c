/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A scanner that misbehaves. Arguments: how, and the channels it serves.
 *
 *   good     everything is clean
 *   silent   never answers
 *   dies     answers once, dies of the next request
 *   refuse   knows nothing that is named
 *   code     a code that no scanner has
 *   text     a name without its zero
 */

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NK_USE_UNQUALIFIED_NAMES
#include <solution/Fake.edl.h>

static const char *how;
static unsigned served;
static struct Fake_entity entity;

static bool is(const char *word)
{
	return strcmp(how, word) == 0;
}

/* Common to all methods: what happens before an answer. False: it refuses. */
static bool misbehave(void)
{
	if (is("silent"))
		for (;;)
			(void)pause();
	if (is("dies") && served++ > 0)
		(void)raise(SIGKILL);
	return !is("refuse");
}

static nk_err_t name_of(Scan_Name *name, struct nk_arena *arena)
{
	if (is("text"))
		return nk_arena_store(nk_char_t, arena, name, "abc", 3);
	return NkKosCopyStringToArena(arena, name, "");
}

static nk_uint32_t code_of(void)
{
	return is("code") ? 0x1000 : 0;
}

static nk_err_t scan_state(struct Scan *self, const struct Scan_State_req *req,
			   const struct nk_arena *req_arena, struct Scan_State_res *res,
			   struct nk_arena *res_arena)
{
	(void)self;
	(void)req;
	(void)req_arena;
	if (!misbehave()) {
		nk_err_reset(res);
		return NK_EOK;
	}
	res->code = 0;
	return name_of(&res->why, res_arena);
}

static nk_err_t scan_buffer(struct Scan *self, const struct Scan_Buffer_req *req,
			    const struct nk_arena *req_arena, struct Scan_Buffer_res *res,
			    struct nk_arena *res_arena)
{
	(void)self;
	(void)req;
	(void)req_arena;
	if (!misbehave()) {
		nk_err_reset(res);
		return NK_EOK;
	}
	res->code = code_of();
	res->token = 0;
	return name_of(&res->name, res_arena);
}

static nk_err_t scan_attach(struct Scan *self, const struct Scan_Attach_req *req,
			    const struct nk_arena *req_arena, struct Scan_Attach_res *res,
			    struct nk_arena *res_arena)
{
	(void)self;
	(void)req;
	(void)req_arena;
	(void)res_arena;
	if (!misbehave()) {
		nk_err_reset(res);
		return NK_EOK;
	}
	res->id = 1;
	return NK_EOK;
}

static nk_err_t scan_detach(struct Scan *self, const struct Scan_Detach_req *req,
			    const struct nk_arena *req_arena, struct Scan_Detach_res *res,
			    struct nk_arena *res_arena)
{
	(void)self;
	(void)req;
	(void)req_arena;
	(void)res;
	(void)res_arena;
	return NK_EOK;
}

static nk_err_t scan_shared(struct Scan *self, const struct Scan_Shared_req *req,
			    const struct nk_arena *req_arena, struct Scan_Shared_res *res,
			    struct nk_arena *res_arena)
{
	(void)self;
	(void)req;
	(void)req_arena;
	if (!misbehave()) {
		nk_err_reset(res);
		return NK_EOK;
	}
	res->code = code_of();
	res->token = 0;
	return name_of(&res->name, res_arena);
}

/* One channel, in a thread of its own. */
static void *serve(void *channel)
{
	static const struct Scan_ops ops = {
		.State = scan_state,
		.Buffer = scan_buffer,
		.Attach = scan_attach,
		.Detach = scan_detach,
		.Shared = scan_shared,
	};
	static struct Scan scan = {&ops};
	char *request_bytes = malloc(Fake_entity_req_arena_size);
	char answer_bytes[Fake_entity_res_arena_size];
	struct nk_arena request_arena =
		NK_ARENA_INITIALIZER(request_bytes, request_bytes + Fake_entity_req_arena_size);
	struct nk_arena answer_arena =
		NK_ARENA_INITIALIZER(answer_bytes, answer_bytes + sizeof(answer_bytes));
	NkKosTransport transport;
	Fake_entity_req req;
	Fake_entity_res res;
	ServiceId id;
	Handle listener = ServiceLocatorRegister(channel, NULL, 0, &id);

	Fake_entity_init(&entity, &scan);
	NkKosTransport_Init(&transport, listener, NK_NULL, 0);
	for (;;) {
		nk_req_reset(&req);
		nk_arena_reset(&request_arena);
		nk_arena_reset(&answer_arena);
		if (nk_transport_recv(&transport.base, &req.base_, &request_arena) != NK_EOK)
			return NULL;
		Fake_entity_dispatch(&entity, &req.base_, &request_arena, &res.base_,
				     &answer_arena);
		(void)nk_transport_reply(&transport.base, &res.base_, &answer_arena);
	}
}

int main(int argc, char *argv[])
{
	if (argc < 3)
		return EXIT_FAILURE;
	how = argv[1];
	for (int i = 3; i < argc; i++) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, serve, argv[i]) != 0)
			return EXIT_FAILURE;
	}
	(void)serve(argv[2]);
	return EXIT_FAILURE;
}
