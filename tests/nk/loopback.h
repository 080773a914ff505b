/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_TEST_LOOPBACK_H
#define KX_TEST_LOOPBACK_H

/*
 * A transport without a kernel: a call copies request and arena into buffers
 * of a "server", dispatches there, and copies the response back. What travels
 * is what a real transport carries: bytes, and nothing that points.
 */

#include <stdlib.h>
#include <string.h>

#include <nk/transport.h>

#define LOOPBACK_MESSAGE ((nk_size_t)64 * 1024)
#define LOOPBACK_ARENA   ((nk_size_t)256 * 1024)

struct loopback {
	struct nk_transport base;
	nk_err_t (*dispatch)(void *server, const struct nk_message *req,
			     const struct nk_arena *req_arena, struct nk_message *res,
			     struct nk_arena *res_arena);
	void *server;
	nk_bool_t shared_buffer; /* request and response in the same memory, as some servers do */
	nk_err_t dispatched;     /* what dispatch returned */
	char *req, *res, *req_bytes, *res_bytes;
};

static inline void loopback_copy_arena(const struct nk_arena *from, struct nk_arena *to)
{
	nk_size_t used = nk_arena_allocated_size(from);

	nk_memcpy(to->start, from ? from->start : NK_NULL, used);
	to->current = (char *)to->start + used;
}

static inline nk_err_t loopback_call(struct nk_transport *base, const struct nk_message *req,
				     const struct nk_arena *req_arena, struct nk_message *res,
				     struct nk_arena *res_arena)
{
	struct loopback *self = (struct loopback *)base;
	struct nk_arena server_req =
		NK_ARENA_INITIALIZER(self->req_bytes, self->req_bytes + LOOPBACK_ARENA);
	struct nk_arena server_res =
		NK_ARENA_INITIALIZER(self->res_bytes, self->res_bytes + LOOPBACK_ARENA);
	nk_size_t expected = res->ex.size_ex;
	struct nk_message *answer =
		(struct nk_message *)(self->shared_buffer ? self->req : self->res);

	if (req->ex.size_ex > LOOPBACK_MESSAGE)
		return NK_EBADMSG;
	memcpy(self->req, req, req->ex.size_ex);
	loopback_copy_arena(req_arena, &server_req);
	self->dispatched = self->dispatch(self->server, (struct nk_message *)self->req, &server_req,
					  answer, &server_res);
	if (answer->ex.size_ex < sizeof(*answer) || answer->ex.size_ex > expected ||
	    nk_arena_allocated_size(&server_res) > nk_arena_capacity(res_arena))
		return NK_EBADMSG;
	memcpy(res, answer, answer->ex.size_ex);
	if (res_arena)
		loopback_copy_arena(&server_res, res_arena);
	return NK_EOK;
}

static inline void loopback_init(struct loopback *self, void *server,
				 nk_err_t (*dispatch)(void *, const struct nk_message *,
						      const struct nk_arena *, struct nk_message *,
						      struct nk_arena *))
{
	static const struct nk_transport_ops ops = {&loopback_call, NULL, NULL, NULL, NULL};

	memset(self, 0, sizeof(*self));
	self->base.ops = &ops;
	self->server = server;
	self->dispatch = dispatch;
	self->req = (char *)calloc(1, LOOPBACK_MESSAGE);
	self->res = (char *)calloc(1, LOOPBACK_MESSAGE);
	self->req_bytes = (char *)calloc(1, LOOPBACK_ARENA);
	self->res_bytes = (char *)calloc(1, LOOPBACK_ARENA);
	if (!self->req || !self->res || !self->req_bytes || !self->res_bytes)
		abort();
}

static inline void loopback_free(struct loopback *self)
{
	free(self->req);
	free(self->res);
	free(self->req_bytes);
	free(self->res_bytes);
}

#endif /* KX_TEST_LOOPBACK_H */
