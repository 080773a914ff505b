/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/nk/transport-kos-dispatch.h>
#include <stdlib.h>
#include <string.h>

nk_err_t KosRetcodeToNkError(Retcode rc)
{
	switch (rc) {
	case rcOk:
		return NK_EOK;
	case rcSecurityDisallow:
		return NK_EPERM;
	case rcNotConnected:
		return NK_ENOTCONN;
	case rcOutOfMemory:
		return NK_ENOMEM;
	case rcInvalidArgument:
		return NK_EINVAL;
	case rcResourceNotFound:
		return NK_ENOENT;
	case rcBusy:
	case rcTimeout:
	case rcIpcInterrupt:
		return NK_EAGAIN;
	default:
		return NK_EBADMSG;
	}
}

static NkKosTransport *of(struct nk_transport *base)
{
	return (NkKosTransport *)(void *)base; /* base is the first member */
}

/* What came into the arena is in use now. */
static void set_used(struct nk_arena *arena, const SMsgHdr *hdr)
{
	if (arena)
		arena->current = (char *)arena->start +
				 (hdr->indirDescs[1].buf ? hdr->indirDescs[1].size : 0);
}

static nk_err_t call(struct nk_transport *base, const struct nk_message *req,
		     const struct nk_arena *req_arena, struct nk_message *res,
		     struct nk_arena *res_arena)
{
	NkKosTransport *self = of(base);
	nk_uint16_t iid = req->iid;
	SMsgHdr out;
	SMsgHdr in;
	nk_err_t err;
	Retcode rc;

	err = PackOutMsg(&out, req, req_arena);
	if (err == NK_EOK)
		err = PackInMsg(&in, res, res_arena);
	if (err != NK_EOK)
		return err;
	rc = CallEx(self->handle, &out, &in, self->callTimeout, self->callSyncHandle);
	if (rc != rcOk)
		return KosRetcodeToNkError(rc);
	res->iid = iid; /* a callable handle carries its own endpoint; proxies compare theirs */
	set_used(res_arena, &in);
	return NK_EOK;
}

static Retcode receive(NkKosTransport *self, struct nk_message *req, struct nk_arena *req_arena)
{
	SMsgHdr in;
	Retcode rc;

	self->thread = 0;
	self->reply_handle = INVALID_HANDLE;
	if (PackInMsg(&in, req, req_arena) != NK_EOK)
		return rcInvalidArgument;
	rc = RecvEx(self->handle, &in, self->recvTimeout, self->recvSyncHandle);
	if (rc != rcOk)
		return rc;
	self->thread = in.threadId;
	self->reply_handle = in.replyHandle;
	set_used(req_arena, &in);
	return rcOk;
}

static nk_err_t recv(struct nk_transport *base, struct nk_message *req, struct nk_arena *req_arena)
{
	return KosRetcodeToNkError(receive(of(base), req, req_arena));
}

/*
 * Whatever stands in @res (handlers may fail and leave nonsense), the client gets
 * an answer: an impossible header is sent as one that its Call refuses.
 */
static nk_err_t reply(struct nk_transport *base, const struct nk_message *res,
		      const struct nk_arena *res_arena)
{
	NkKosTransport *self = of(base);
	struct nk_message nothing;
	SMsgHdr out;
	nk_err_t err;
	Retcode rc;

	if (!self->thread)
		return NK_EINVAL;
	memset(&nothing, 0, sizeof(nothing));
	nothing.ex.size_ex = sizeof(nothing);
	err = PackOutMsg(&out, res, res_arena);
	if (err != NK_EOK)
		(void)PackOutMsg(&out, &nothing, NK_NULL);
	out.threadId = self->thread;
	self->thread = 0;
	rc = Reply(self->reply_handle, &out);
	return err != NK_EOK ? err : KosRetcodeToNkError(rc);
}

void NkKosTransportSync_Init(NkKosTransport *transport, Handle handle, Handle callSyncHandle,
			     Handle recvSyncHandle)
{
	static const struct nk_transport_ops ops = {.call = call, .recv = recv, .reply = reply};

	*transport = (NkKosTransport){
		.base = {&ops},
		.handle = handle,
		.reply_handle = INVALID_HANDLE,
		.recvTimeout = INFINITE_TIMEOUT,
		.callTimeout = INFINITE_TIMEOUT,
		.callSyncHandle = callSyncHandle,
		.recvSyncHandle = recvSyncHandle,
	};
}

void NkKosTransport_Init(NkKosTransport *transport, Handle handle, void *buffer, nk_size_t size)
{
	(void)buffer;
	(void)size;
	NkKosTransportSync_Init(transport, handle, INVALID_HANDLE, INVALID_HANDLE);
}

void NkKosSetTransportTimeouts(NkKosTransport *transport, rtl_uint32_t callTimeout,
			       rtl_uint32_t recvTimeout)
{
	transport->callTimeout = callTimeout;
	transport->recvTimeout = recvTimeout;
}

nk_err_t NkKosCopyStringToArena(struct nk_arena *arena, nk_ptr_t *field, const char *string)
{
	if (!string)
		return NK_EINVAL;
	return nk_arena_store(nk_char_t, arena, field, string, strlen(string) + 1);
}

/* Both halves of one round. */
static Retcode take(NkKosTransport *transport, const NkKosDispatchInfo *info,
		    struct nk_message *req, struct nk_arena *req_arena, struct nk_message *res,
		    struct nk_arena *res_arena)
{
	memset(req, 0, sizeof(*req));
	req->ex.size_ex = (nk_uint32_t)info->reqSize & 0x0fffffffu;
	memset(res, 0, info->resSize);
	nk_arena_reset(req_arena);
	nk_arena_reset(res_arena);
	return receive(transport, req, req_arena);
}

static nk_err_t answer(NkKosTransport *transport, const NkKosDispatchInfo *info,
		       const struct nk_message *req, const struct nk_arena *req_arena,
		       struct nk_message *res, struct nk_arena *res_arena)
{
	(void)info->dispatch(info->self, req, req_arena, res, res_arena);
	return nk_transport_reply(&transport->base, res, res_arena);
}

nk_err_t NkKosTransport_Dispatch(NkKosTransport *transport, NkKosDispatchInfo *info,
				 struct nk_message *req, struct nk_arena *req_arena,
				 struct nk_message *res, struct nk_arena *res_arena)
{
	Retcode rc = take(transport, info, req, req_arena, res, res_arena);

	if (rc != rcOk)
		return KosRetcodeToNkError(rc);
	return answer(transport, info, req, req_arena, res, res_arena);
}

Retcode NkKosDoDispatch(Handle handle, NkKosDispatchInfo *info)
{
	NkKosTransport transport;
	char *memory = malloc(info->reqSize + info->resSize + info->reqArenaSize +
			      info->resArenaSize + 32);
	struct nk_arena req_arena;
	struct nk_arena res_arena;
	struct nk_message *req = (struct nk_message *)(void *)memory;
	struct nk_message *res;
	char *arenas;
	Retcode rc;

	if (!memory)
		return rcOutOfMemory;
	res = (struct nk_message *)(void *)(memory + ((info->reqSize + 15) & ~(rtl_size_t)15));
	arenas = (char *)res + ((info->resSize + 15) & ~(rtl_size_t)15);
	nk_arena_init(&req_arena, arenas, arenas + info->reqArenaSize);
	nk_arena_init(&res_arena, arenas + info->reqArenaSize,
		      arenas + info->reqArenaSize + info->resArenaSize);
	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	/* A failed reply is its client's matter. */
	while ((rc = take(&transport, info, req, &req_arena, res, &res_arena)) == rcOk)
		(void)answer(&transport, info, req, &req_arena, res, &res_arena);
	free(memory);
	return rc;
}
