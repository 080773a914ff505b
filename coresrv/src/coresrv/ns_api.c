/* SPDX-License-Identifier: Apache-2.0 */

/* coresrv/ns/ns_api.h: calls to kl.core.NameServer. */

#include <coresrv/ns/ns_api.h>

#include <stdbool.h>
#include <string.h>

#include <coresrv/cm/cm_api.h>
#include <coresrv/sl/sl_api.h>
#include <coresrv/syscalls.h>
#include <nk/arena.h>
#include <nk/transport.h>
#include <services/rtl/nk_msg.h>

#include "ns_message.h"

/* The service a name server accepts dynamic channels for. */
#define NS_SERVICE "kl.core.NS"

Retcode NsCreate(const char *name, rtl_uint32_t msecs, NsHandle *ns)
{
	rtl_uint32_t riid = 0;
	Handle handle;

	if (!ns)
		return rcInvalidArgument;
	if (!name)
		name = NS_SERVER_NAME;
	handle = ServiceLocatorConnect(name);
	if (handle == INVALID_HANDLE) {
		Retcode rc = KnCmConnect(name, NS_SERVICE, msecs, &handle, &riid);

		if (rc != rcOk)
			return rc;
	}
	*ns = handle;
	return rcOk;
}

/* Appends @text; false if it is missing, empty or too long. */
static bool put(struct nk_arena *arena, nk_ptr_t *place, const char *text)
{
	size_t size = text ? strnlen(text, KX_NS_NAME_SIZE) + 1 : 0;

	return size > 1 && size <= KX_NS_NAME_SIZE &&
	       nk_arena_store(nk_char_t, arena, place, text, (nk_uint32_t)size) == 0;
}

/* The text at @place if it ends with a zero and fits @size, else NULL. */
static const char *get(const struct nk_arena *arena, const nk_ptr_t *place, size_t size)
{
	nk_uint32_t length = 0;
	const char *text = nk_arena_get(nk_char_t, arena, place, &length);

	return text && length > 0 && length <= size && text[length - 1] == '\0' ? text : NULL;
}

static Retcode exchange(NsHandle ns, struct nk_message *req, struct nk_arena *req_arena,
			struct nk_message *res, struct nk_arena *res_arena)
{
	struct SSMsgHdr out;
	struct SSMsgHdr in;

	if (PackOutMsg(&out, req, req_arena) != NK_EOK || PackInMsg(&in, res, res_arena) != NK_EOK)
		return rcInternalError;
	return Call(ns, &out, &in);
}

static Retcode send_names(NsHandle ns, nk_mid_t method, const char *type, const char *server,
			  const char *service)
{
	char bytes[3 * KX_NS_NAME_SIZE];
	struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
	struct kx_ns_names_req req;
	struct kx_ns_rc_res res;
	Retcode rc;

	memset(&req, 0, sizeof(req));
	memset(&res, 0, sizeof(res));
	nk_req_reset(&req);
	nk_req_reset(&res);
	nk_msg_set_method_id(&req, KX_NS_RIID, method);
	if (!put(&arena, &req.type, type) || !put(&arena, &req.server, server) ||
	    !put(&arena, &req.service, service))
		return rcInvalidArgument;
	rc = exchange(ns, &req.base_, &arena, &res.base_, NULL);
	return rc == rcOk ? (Retcode)res.rc : rc;
}

Retcode NsPublishService(NsHandle ns, const char *type, const char *server, const char *service)
{
	return send_names(ns, KX_NS_PUBLISH, type, server, service);
}

Retcode NsUnPublishService(NsHandle ns, const char *type, const char *server, const char *service)
{
	return send_names(ns, KX_NS_UNPUBLISH, type, server, service);
}

static Retcode copy_names(const struct kx_ns_enum_res *res, const struct nk_arena *arena,
			  char *server, rtl_size_t server_size, char *service,
			  rtl_size_t service_size)
{
	const char *found_server = get(arena, &res->server, server_size);
	const char *found_service = get(arena, &res->service, service_size);

	if (!found_server || !found_service)
		return rcBufferTooSmall;
	strcpy(server, found_server);
	strcpy(service, found_service);
	return rcOk;
}

Retcode NsEnumServices(NsHandle ns, const char *type, unsigned index, char *server,
		       rtl_size_t serverSize, char *service, rtl_size_t serviceSize)
{
	char req_bytes[KX_NS_NAME_SIZE];
	char res_bytes[2 * KX_NS_NAME_SIZE];
	struct nk_arena req_arena = NK_ARENA_INITIALIZER(req_bytes, req_bytes + sizeof(req_bytes));
	struct nk_arena res_arena = NK_ARENA_INITIALIZER(res_bytes, res_bytes + sizeof(res_bytes));
	struct kx_ns_enum_req req;
	struct kx_ns_enum_res res;
	Retcode rc;

	if (!server || !service)
		return rcInvalidArgument;
	memset(&req, 0, sizeof(req));
	memset(&res, 0, sizeof(res));
	nk_req_reset(&req);
	nk_req_reset(&res);
	nk_msg_set_method_id(&req, KX_NS_RIID, KX_NS_ENUM);
	if (!put(&req_arena, &req.type, type))
		return rcInvalidArgument;
	req.index = index;
	rc = exchange(ns, &req.base_, &req_arena, &res.base_, &res_arena);
	if (rc == rcOk)
		rc = (Retcode)res.rc;
	return rc == rcOk ? copy_names(&res, &res_arena, server, serverSize, service, serviceSize)
			  : rc;
}
