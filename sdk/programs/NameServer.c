/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The name server, class kl.core.NameServer: a list of who provides what, served
 * to static channels and to dynamic ones, which it accepts from anybody (whether
 * somebody may ask is the policy's business).
 */

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <coresrv/cm/cm_api.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/ns/ns_api.h>
#include <coresrv/sl/sl_api.h>
#include <kl/core/NameServer.edl.h>
#include <kos/thread.h>

#ifndef CHANNEL_NAME /* dcm.c is this program under another name */
#define CHANNEL_NAME NS_SERVER_NAME
#endif

#define ENTRIES_MAX 1024
#define NAME_BYTES  (kl_core_NS_NameSize + 1)

struct names {
	char type[NAME_BYTES];
	char server[NAME_BYTES];
	char service[NAME_BYTES];
};

/* In order of publication; used by the serving thread only. */
static struct names entries[ENTRIES_MAX];
static unsigned count;

static bool read_name(const struct nk_arena *arena, const nk_ptr_t *place, char *name)
{
	nk_uint32_t length = 0;
	const nk_char_t *text = nk_arena_get(nk_char_t, arena, place, &length);

	if (!text || length < 2 || length > NAME_BYTES || text[length - 1] != '\0')
		return false;
	memcpy(name, text, length);
	return true;
}

static unsigned find(const struct names *names)
{
	unsigned i = 0;

	while (i < count && (strcmp(entries[i].type, names->type) != 0 ||
			     strcmp(entries[i].server, names->server) != 0 ||
			     strcmp(entries[i].service, names->service) != 0))
		i++;
	return i;
}

static Retcode add(const struct names *names)
{
	if (find(names) < count)
		return rcAlreadyExists;
	if (count == ENTRIES_MAX)
		return rcQuotaExceeded;
	entries[count++] = *names;
	return rcOk;
}

static Retcode drop(const struct names *names)
{
	unsigned at = find(names);

	if (at == count)
		return rcResourceNotFound;
	count--;
	memmove(&entries[at], &entries[at + 1], (count - at) * sizeof(entries[0]));
	return rcOk;
}

static nk_err_t publish(struct kl_core_NS *self, const struct kl_core_NS_Publish_req *req,
			const struct nk_arena *req_arena, struct kl_core_NS_Publish_res *res,
			struct nk_arena *res_arena)
{
	struct names names;
	bool good = read_name(req_arena, &req->type, names.type) &&
		    read_name(req_arena, &req->server, names.server) &&
		    read_name(req_arena, &req->service, names.service);

	(void)self;
	(void)res_arena;
	res->rc = (nk_uint32_t)(good ? add(&names) : rcInvalidArgument);
	return NK_EOK;
}

static nk_err_t unpublish(struct kl_core_NS *self, const struct kl_core_NS_UnPublish_req *req,
			  const struct nk_arena *req_arena, struct kl_core_NS_UnPublish_res *res,
			  struct nk_arena *res_arena)
{
	struct names names;
	bool good = read_name(req_arena, &req->type, names.type) &&
		    read_name(req_arena, &req->server, names.server) &&
		    read_name(req_arena, &req->service, names.service);

	(void)self;
	(void)res_arena;
	res->rc = (nk_uint32_t)(good ? drop(&names) : rcInvalidArgument);
	return NK_EOK;
}

/* Provider number @index of @type, or NULL. */
static const struct names *provider(const char *type, unsigned index)
{
	for (unsigned i = 0; i < count; i++)
		if (strcmp(entries[i].type, type) == 0 && index-- == 0)
			return &entries[i];
	return NULL;
}

static nk_err_t enumerate(struct kl_core_NS *self, const struct kl_core_NS_Enum_req *req,
			  const struct nk_arena *req_arena, struct kl_core_NS_Enum_res *res,
			  struct nk_arena *res_arena)
{
	const struct names *found = NULL;
	char type[NAME_BYTES];
	nk_ptr_t server;
	nk_ptr_t service;

	(void)self;
	res->rc = (nk_uint32_t)rcInvalidArgument;
	if (read_name(req_arena, &req->type, type)) {
		found = provider(type, req->index);
		res->rc = (nk_uint32_t)(found ? rcOk : rcResourceNotFound);
	}
	if (NkKosCopyStringToArena(res_arena, &server, found ? found->server : "") != NK_EOK ||
	    NkKosCopyStringToArena(res_arena, &service, found ? found->service : "") != NK_EOK)
		return NK_ENOMEM;
	res->server = server;
	res->service = service;
	return NK_EOK;
}

static Retcode accept_next(Handle listener, Handle *out)
{
	char client[kl_core_Types_UCoreStringSize];
	char service[kl_core_Types_UCoreStringSize];
	Retcode rc = KnCmListen(RTL_NULL, INFINITE_TIMEOUT, client, service);

	/* The client may have given up meanwhile: that is its own business. */
	if (rc == rcOk)
		rc = KnCmAccept(client, service, 0, listener, out);
	return rc == rcResourceNotFound ? rcOk : rc;
}

static int accept_for_ever(void *context)
{
	Handle listener = *(const Handle *)context;
	Handle out;

	while (accept_next(listener, &out) == rcOk)
		;
	return 0;
}

static void serve_one(NkKosTransport *transport, struct kl_core_NameServer_entity *entity)
{
	static char req_bytes[kl_core_NameServer_entity_req_arena_size];
	static char res_bytes[kl_core_NameServer_entity_res_arena_size];
	struct nk_arena req_arena = NK_ARENA_INITIALIZER(req_bytes, req_bytes + sizeof(req_bytes));
	struct nk_arena res_arena = NK_ARENA_INITIALIZER(res_bytes, res_bytes + sizeof(res_bytes));
	union kl_core_NameServer_entity_req req;
	union kl_core_NameServer_entity_res res;

	nk_req_reset(&req);
	nk_req_reset(&res);
	if (nk_transport_recv(&transport->base, &req.base_, &req_arena) != NK_EOK)
		return;
	(void)kl_core_NameServer_entity_dispatch(entity, &req.base_, &req_arena, &res.base_,
						 &res_arena);
	(void)nk_transport_reply(&transport->base, &res.base_, &res_arena);
}

int main(void)
{
	static const struct kl_core_NS_ops ops = {
		.Publish = publish,
		.UnPublish = unpublish,
		.Enum = enumerate,
	};
	static struct kl_core_NS service = {.ops = &ops};
	static struct kl_core_NS_component component;
	static struct kl_core_NameServer_entity entity;
	static Handle listener;
	NkKosTransport transport;
	ServiceId id;

	listener = ServiceLocatorRegister(CHANNEL_NAME, NULL, 0, &id);
	while (listener == INVALID_HANDLE)
		if (accept_next(INVALID_HANDLE, &listener) != rcOk)
			return 1;
	kl_core_NS_component_init(&component, &service);
	kl_core_NameServer_entity_init(&entity, &component);
	if (KosThreadCreateDetached(RTL_NULL, ThreadPriorityNormal, 0, accept_for_ever, &listener,
				    0) != rcOk)
		(void)fprintf(stderr, CHANNEL_NAME ": no thread; static channels only\n");
	NkKosTransport_Init(&transport, listener, NK_NULL, 0);
	for (;;)
		serve_one(&transport, &entity);
}
