/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RT_TRANSPORT_H
#define RT_TRANSPORT_H

/*
 * Call, Recv and Reply as NkKosTransport makes them: messages and arenas of generated code
 * instead of an SMsgHdr. What they do and return is what nk/transport.h says; each stands
 * beside the call that it is a form of (rt_call.c, rt_recv.c).
 */

#include <coresrv/nk/transport-kos.h>

/* What generated code holds: the first member of ours. */
static inline NkKosTransport *kx_transport_of(struct nk_transport *base)
{
	return (NkKosTransport *)(void *)base;
}

nk_err_t kx_transport_call(struct nk_transport *base, const struct nk_message *req,
			   const struct nk_arena *req_arena, struct nk_message *res,
			   struct nk_arena *res_arena);

nk_err_t kx_transport_reply(struct nk_transport *base, const struct nk_message *res,
			    const struct nk_arena *res_arena);

/* Receives for @transport, which then knows whom to answer. */
Retcode kx_transport_recv(NkKosTransport *transport, struct nk_message *req,
			  struct nk_arena *req_arena);

#endif /* RT_TRANSPORT_H */
