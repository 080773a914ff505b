/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NK_TRANSPORT_H
#define NK_TRANSPORT_H

/*
 * The transport: how proxies and servers move messages, as a table of
 * functions. A concrete transport (NkKosTransport in
 * coresrv/nk/transport-kos.h) has struct nk_transport as its first member
 * `base`. A null arena means there is none.
 */

#include <nk/arena.h>
#include <nk/assert.h>
#include <nk/compiler.h>
#include <nk/errno.h>
#include <nk/types.h>

struct nk_transport;

typedef struct nk_transport_ops {
	nk_err_t (*call)(struct nk_transport *self, const struct nk_message *req,
			 const struct nk_arena *req_arena, struct nk_message *res,
			 struct nk_arena *res_arena);
	nk_err_t (*recv)(struct nk_transport *self, struct nk_message *req,
			 struct nk_arena *req_arena);
	nk_err_t (*reply)(struct nk_transport *self, const struct nk_message *res,
			  const struct nk_arena *res_arena);
	nk_err_t (*send)(struct nk_transport *self, const struct nk_message *msg,
			 const struct nk_arena *arena);
	nk_err_t (*wait)(struct nk_transport *self, struct nk_message *msg, struct nk_arena *arena);
} nk_transport_ops;

typedef struct nk_transport {
	const struct nk_transport_ops *ops;
} nk_transport;

/*
 * Sends a request and waits for its response. Blocks. On entry *@res is a
 * header that says how large a response the caller expects. Any result but
 * NK_EOK means that *@res holds no response.
 */
static inline nk_err_t nk_transport_call(struct nk_transport *self, const struct nk_message *req,
					 const struct nk_arena *req_arena, struct nk_message *res,
					 struct nk_arena *res_arena)
{
	nk_assert(self && self->ops && "NkKosTransport_Init comes before this");
	if (!self->ops->call)
		return NK_EINVAL;
	return self->ops->call(self, req, req_arena, res, res_arena);
}

/* Waits for a request. Blocks. Any result but NK_EOK means that none was taken. */
static inline nk_err_t nk_transport_recv(struct nk_transport *self, struct nk_message *req,
					 struct nk_arena *req_arena)
{
	nk_assert(self && self->ops && "NkKosTransport_Init comes before this");
	if (!self->ops->recv)
		return NK_EINVAL;
	return self->ops->recv(self, req, req_arena);
}

/*
 * Answers the request this transport received last. Does not block. Without
 * such a request the result is an error, and nothing has been sent.
 */
static inline nk_err_t nk_transport_reply(struct nk_transport *self, const struct nk_message *res,
					  const struct nk_arena *res_arena)
{
	nk_assert(self && self->ops && "NkKosTransport_Init comes before this");
	if (!self->ops->reply)
		return NK_EINVAL;
	return self->ops->reply(self, res, res_arena);
}

#endif /* NK_TRANSPORT_H */
