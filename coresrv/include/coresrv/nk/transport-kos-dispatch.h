/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORESRV_NK_TRANSPORT_KOS_DISPATCH_H
#define CORESRV_NK_TRANSPORT_KOS_DISPATCH_H

/*
 * A ready-made server loop: receive, dispatch, reply.
 *
 *     static union pkg_Server_entity_req req; ... buffers and arenas ...
 *     NkKosDispatchInfo info = NK_ENTITY_DISPATCH_INFO_INITIALIZER(pkg_Server, entity);
 *     return NkKosDoDispatch(handle, &info);
 *
 * Source: public code of CE 1.0 (one project); the structure is not documented.
 */

#include <coresrv/nk/transport-kos.h>

typedef nk_err_t NkKosDispatchFn(void *self, const struct nk_message *req,
				 const struct nk_arena *req_arena, struct nk_message *res,
				 struct nk_arena *res_arena);

typedef struct NkKosDispatchInfo {
	void *self;
	NkKosDispatchFn *dispatch;
	rtl_size_t reqSize;
	rtl_size_t resSize;
	rtl_size_t reqArenaSize;
	rtl_size_t resArenaSize;
} NkKosDispatchInfo;

/* @prefix: generated name of the task; @entity: its initialised struct prefix_entity. */
#define NK_ENTITY_DISPATCH_INFO_INITIALIZER(prefix, entity)                                        \
	{                                                                                          \
		&(entity), (NkKosDispatchFn *)(void (*)(void))prefix##_entity_dispatch,            \
			sizeof(prefix##_entity_req), sizeof(prefix##_entity_res),                  \
			prefix##_entity_req_arena_size, prefix##_entity_res_arena_size             \
	}

__RTL_BEGIN_DECLS

/*
 * Serves @handle until receiving fails for good; returns why. rcOutOfMemory: no
 * room for the buffers, nothing was served. Blocks. @handle must be one to receive
 * and to reply with: over one to receive with alone requests are taken, their
 * handlers run, and no client gets an answer.
 */
Retcode NkKosDoDispatch(Handle handle, NkKosDispatchInfo *info);

/* One round of it on an initialised transport; the caller brings the buffers. */
nk_err_t NkKosTransport_Dispatch(NkKosTransport *transport, NkKosDispatchInfo *info,
				 struct nk_message *req, struct nk_arena *req_arena,
				 struct nk_message *res, struct nk_arena *res_arena);

__RTL_END_DECLS

#endif /* CORESRV_NK_TRANSPORT_KOS_DISPATCH_H */
