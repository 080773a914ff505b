/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_SCENARIO_H
#define KX_SCENARIO_H

/*
 * Scenarios that run inside entities. One program plays every part:
 *
 *     Part SCENARIO server|client|other
 *
 * A part that ends well prints "PASS SCENARIO part" on stderr and exits 0; a
 * check that fails prints "FAIL file:line expression" and exits 1. Only the public
 * API is used.
 */

#include <coresrv/handle/handle_api.h>
#include <coresrv/ipc/ipc_api.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <coresrv/syscalls.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <t/Calls.idl.h>
#include <t/Server.edl.h>

#define CHECK(expression)                                                                          \
	do {                                                                                       \
		if (!(expression)) {                                                               \
			fprintf(stderr, "FAIL %s:%d %s\n", __FILE__, __LINE__, #expression);       \
			_exit(1);                                                                  \
		}                                                                                  \
	} while (0)

#define CHECK_RC(call, expected)                                                                   \
	do {                                                                                       \
		Retcode rc_ = (call);                                                              \
		if (rc_ != (expected)) {                                                           \
			fprintf(stderr, "FAIL %s:%d %s: 0x%08x, not %s\n", __FILE__, __LINE__,     \
				#call, (unsigned)rc_, #expected);                                  \
			_exit(1);                                                                  \
		}                                                                                  \
	} while (0)

struct scenario {
	const char *name;
	void (*server)(void);
	void (*client)(void);
};

/* The tables of the scenario files, each ended by a NULL name. */
extern const struct scenario scenarios_calls[];
extern const struct scenario scenarios_ends[];
extern const struct scenario scenarios_edges[];
extern const struct scenario scenarios_handles[];
extern const struct scenario scenarios_garbage[];
extern const struct scenario scenarios_hard[];
extern const struct scenario scenarios_limits[];
extern const struct scenario scenarios_storm[];
extern const struct scenario scenarios_step[];
extern const struct scenario scenarios_races[];
extern const struct scenario scenarios_files[];
extern const struct scenario scenarios_misuse[];
extern const struct scenario scenarios_chain[];
extern const struct scenario scenarios_disturbed[];
extern const struct scenario scenarios_swap[];
extern const struct scenario scenarios_many[];

enum method { ECHO, ASKED, BYTES, GIVE, TAKE, REFUSE, WHOLE, LEAST, SWAP };

/* The channel "t" from either end; the endpoint's number. */
Handle client_handle(void);
Handle server_handle(void);

/* 0 if the environment has none of that name. */
nk_uint64_t number_of_environment(const char *name);

/* Echo or Asked by CallEx; after rcOk *@number is what was answered. */
Retcode exchange_number(Handle handle, enum method method, nk_uint64_t *number, rtl_uint32_t mdelay,
			Handle sync);
/* The same, where the answer must be the number. */
Retcode call_number(Handle handle, enum method method, nk_uint64_t number, rtl_uint32_t mdelay,
		    Handle sync);

/* One call of Bytes with @size bytes, of Give with a new handle, of Take; what comes is checked. */
Retcode call_bytes(Handle handle, nk_uint32_t size);
Retcode call_give(Handle handle);
/* The same, CallEx with @mdelay. */
Retcode call_give_in(Handle handle, rtl_uint32_t mdelay);
Retcode call_take(Handle handle);
/* Take alone: *@object is the caller's to close. */
Retcode take_object(Handle channel, nk_handle_desc_t *object);

/* How many handles more the table takes. */
unsigned free_handles(void);

/* A request in the server's hands. */
#define REQUEST_BYTES 70000u
struct request {
	union t_Server_component_req message;
	SMsgHdr header;
	char arena_bytes[REQUEST_BYTES];
	struct nk_arena arena;
};

/* Receives one request; RecvEx with @mdelay. */
Retcode receive(Handle handle, struct request *request, rtl_uint32_t mdelay);
/* Answers Echo or Asked with the request's number. */
Retcode answer(Handle handle, struct request *request);
/* Serves @count requests; 0: until Recv fails. */
void serve(Handle handle, unsigned count);

/* Serves every method, with handles as well, until told that somebody it calls is dead. */
void serve_everything(Handle handle);

/* Milliseconds, microseconds of CLOCK_MONOTONIC. */
rtl_uint64_t now_ms(void);
rtl_uint64_t now_us(void);

#endif /* KX_SCENARIO_H */
