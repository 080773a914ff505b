/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/nk/transport-kos-dispatch.h>
#include <stdlib.h>
#include <string.h>

#include "rt_transport.h"

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

static nk_err_t recv(struct nk_transport *base, struct nk_message *req, struct nk_arena *req_arena)
{
	return KosRetcodeToNkError(kx_transport_recv(kx_transport_of(base), req, req_arena));
}

void NkKosTransportSync_Init(NkKosTransport *transport, Handle handle, Handle callSyncHandle,
			     Handle recvSyncHandle)
{
	static const struct nk_transport_ops ops = {
		.call = kx_transport_call, .recv = recv, .reply = kx_transport_reply};

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

/* Both halves of one round; between them is the receiving. */
static void clear(const NkKosDispatchInfo *info, struct nk_message *req, struct nk_arena *req_arena,
		  struct nk_message *res, struct nk_arena *res_arena)
{
	memset(req, 0, sizeof(*req));
	req->ex.size_ex = (nk_uint32_t)info->reqSize & 0x0fffffffu;
	memset(res, 0, info->resSize);
	nk_arena_reset(req_arena);
	nk_arena_reset(res_arena);
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
	nk_err_t err;

	clear(info, req, req_arena, res, res_arena);
	err = nk_transport_recv(&transport->base, req, req_arena);
	if (err != NK_EOK)
		return err;
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
	for (;;) {
		clear(info, req, &req_arena, res, &res_arena);
		rc = kx_transport_recv(&transport, req, &req_arena);
		if (rc != rcOk)
			break;
		/* A failed reply is its client's matter. */
		(void)answer(&transport, info, req, &req_arena, res, &res_arena);
	}
	free(memory);
	return rc;
}
