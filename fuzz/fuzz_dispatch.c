/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Requests of any content, not validated before, against generated dispatch and
 * handlers that read all of it (tests/nk/call_server.c); then the answer, as bytes
 * of any content, against what a client reads.
 */

#include <stdbool.h>

#include <kxt/All.idl.h>
#include <kxt/Ping.idl.h>
#include <kxt/Rich.idl.h>
#include <kxt/Server.edl.h>

#include "call_server.h"
#include "fuzz.h"

#define ARENA_MAX ((size_t)512 * 1024)

static struct kxt_Server_entity server;

static void init_once(void)
{
	static bool done;
	static struct kxt_All all;
	static struct kxt_Rich rich;
	static struct kxt_Ping ping;
	static struct kxt_Ping_component inner;
	static struct kxt_Ping_component outer;
	static struct kxt_Part_component part;

	if (done)
		return;
	done = true;
	all.ops = &kx_test_all_ops;
	rich.ops = &kx_test_rich_ops;
	ping.ops = &kx_test_ping_ops;
	kxt_Ping_component_init(&inner, &ping);
	kxt_Ping_component_init(&outer, &ping);
	kxt_Part_component_init(&part, &inner, &all, &rich);
	kxt_Server_entity_init(&server, &part, &outer, &rich);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = {data, size};
	union kxt_Server_entity_req request;
	union kxt_Server_entity_res response;
	struct nk_arena req_arena;
	struct nk_arena res_arena;
	static char answers[ARENA_MAX];
	uint8_t method = fuzz_u8(&in);
	uint32_t fixed = fuzz_u8(&in);
	char *arena;

	init_once();
	memset(&request, 0, sizeof(request));
	memset(&response, 0, sizeof(response));
	fuzz_bytes(&in, &request, fixed < sizeof(request) ? fixed : sizeof(request));
	request.base_.mid = method & 0x80 ? request.base_.mid : method & 15u;
	request.base_.iid = method & 0x80 ? request.base_.iid : method >> 4;
	/* 8-byte aligned and not a byte longer than it says. */
	arena = malloc(in.left + 1);
	memcpy(arena, in.at, in.left);
	nk_arena_init(&req_arena, arena, arena + in.left);
	req_arena.current = arena + in.left;
	nk_arena_init(&res_arena, answers, answers + sizeof(answers));
	(void)kxt_Server_entity_dispatch(&server, &request.base_, &req_arena, &response.base_,
					 &res_arena);
	fuzz_require(nk_arena_allocated_size(&res_arena) <= sizeof(answers));
	free(arena);
	return 0;
}
