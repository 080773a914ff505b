/* SPDX-License-Identifier: Apache-2.0 */

/* coresrv/nk/transport-kos-security.h: a message that only the security module sees. */

#include <coresrv/nk/transport-kos-security.h>

#include "rt.h"
#include "rt_message.h"

static Retcode ask(const SMsgHdr *message)
{
	struct kx_rt_thread *thread = kx_rt_thread();
	struct kx_outgoing out;
	enum kx_result result;
	Retcode rc;

	if (!thread)
		return kx_rt_thread_rc();
	rc = kx_rt_outgoing(message, &out);
	if (rc != rcOk)
		return rc;
	kx_rt_up_tag(thread)->op = KX_CALL_SECURITY;
	if (kx_message_write(kx_rt_up(thread), kx_rt_up_payload(thread), kx_rt.message_max, &out) !=
	    KX_OK)
		return rcBufferTooLarge;
	result = kx_rt_ask(thread);
	return result == KX_OK ? kx_rt_up_tag(thread)->rc : kx_rt_code(result);
}

static nk_err_t call(struct nk_transport *base, const struct nk_message *req,
		     const struct nk_arena *req_arena, struct nk_message *res,
		     struct nk_arena *res_arena)
{
	SMsgHdr out;
	nk_err_t err = PackOutMsg(&out, req, req_arena);

	(void)base;
	(void)res;
	(void)res_arena;
	return err == NK_EOK ? KosRetcodeToNkError(ask(&out)) : err;
}

static nk_err_t recv(struct nk_transport *base, struct nk_message *req, struct nk_arena *req_arena)
{
	(void)base;
	(void)req;
	(void)req_arena;
	return NK_EINVAL;
}

static nk_err_t reply(struct nk_transport *base, const struct nk_message *res,
		      const struct nk_arena *res_arena)
{
	(void)base;
	(void)res;
	(void)res_arena;
	return NK_EINVAL;
}

nk_err_t NkKosSecurityTransport_Init(NkKosSecurityTransport *transport, ...)
{
	static const struct nk_transport_ops ops = {.call = call, .recv = recv, .reply = reply};

	transport->base.ops = &ops;
	return NK_EOK;
}

void NkKosSecurityTransport_Deinit(NkKosSecurityTransport *transport)
{
	transport->base.ops = RTL_NULL;
}
