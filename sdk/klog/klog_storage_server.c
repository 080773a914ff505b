/* SPDX-License-Identifier: Apache-2.0 */

/*
 * klog_storage/server.h: kl.KlogStorage's methods in front of three plain
 * functions. Messages come from another process: counts and texts are checked
 * or cut before the functions see them.
 */

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <kl/KlogStorage.cdl.h>
#include <klog_storage/server.h>

/* One a process, as the interface of this library has it. */
static struct {
	struct kl_KlogStorage base; /* first: the dispatcher hands it back to us */
	void *ctx;
	kl_KlogStorage_write_func write;
	kl_KlogStorage_read_func read;
	kl_KlogStorage_read_range_func read_range;
} storage;

static struct kl_KlogStorage_component component;

static nk_err_t write_entry(struct kl_KlogStorage *self, const struct kl_KlogStorage_write_req *req,
			    const struct nk_arena *req_arena, struct kl_KlogStorage_write_res *res,
			    struct nk_arena *res_arena)
{
	struct kl_KlogStorage_Entry copy;
	const struct kl_KlogStorage_Entry *entry;
	nk_uint32_t count = 0;

	(void)self;
	(void)res;
	(void)res_arena;
	entry = nk_arena_get(struct kl_KlogStorage_Entry, req_arena, &req->entry, &count);
	if (!entry || count != 1)
		return NK_EINVAL;
	copy = *entry;
	copy.msg[sizeof(copy.msg) - 1] = '\0';
	return storage.write(storage.ctx, &copy) == 0 ? NK_EOK : NK_EBADMSG;
}

/* Room for @wanted entries in the response; NULL if there is none. */
static struct kl_KlogStorage_Entry *make_room(struct nk_arena *arena, nk_ptr_t *place,
					      nk_uint64_t wanted)
{
	struct kl_KlogStorage_Entry *entries;

	entries = nk_arena_alloc(struct kl_KlogStorage_Entry, arena, place, (nk_uint32_t)wanted);
	if (entries)
		memset(entries, 0, wanted * sizeof(*entries));
	return entries;
}

/* Leaves @place with the @count entries that were filled, of @wanted. */
static nk_err_t keep(nk_ptr_t *place, int count, nk_uint64_t wanted)
{
	if (count < 0 || (nk_uint64_t)count > wanted)
		return NK_EBADMSG;
	place->size = (nk_uint32_t)((size_t)count * sizeof(struct kl_KlogStorage_Entry));
	return NK_EOK;
}

static nk_err_t read_last(struct kl_KlogStorage *self, const struct kl_KlogStorage_read_req *req,
			  const struct nk_arena *req_arena, struct kl_KlogStorage_read_res *res,
			  struct nk_arena *res_arena)
{
	nk_uint32_t wanted = req->numEntries;
	struct kl_KlogStorage_Entry *entries;
	nk_ptr_t place;

	(void)self;
	(void)req_arena;
	if (wanted > kl_KlogStorage_EntriesMax)
		wanted = kl_KlogStorage_EntriesMax;
	entries = make_room(res_arena, &place, wanted);
	if (!entries)
		return NK_ENOMEM;
	if (keep(&place, storage.read(storage.ctx, wanted, entries), wanted) != NK_EOK)
		return NK_EBADMSG;
	res->entries = place;
	return NK_EOK;
}

static nk_err_t read_range(struct kl_KlogStorage *self,
			   const struct kl_KlogStorage_readRange_req *req,
			   const struct nk_arena *req_arena,
			   struct kl_KlogStorage_readRange_res *res, struct nk_arena *res_arena)
{
	nk_uint64_t wanted = req->lastId - req->firstId;
	nk_uint64_t last = req->lastId;
	struct kl_KlogStorage_Entry *entries;
	nk_ptr_t place;

	(void)self;
	(void)req_arena;
	if (req->lastId < req->firstId)
		return NK_EINVAL;
	if (wanted >= kl_KlogStorage_EntriesMax) {
		wanted = kl_KlogStorage_EntriesMax - 1;
		last = req->firstId + wanted;
	}
	wanted++;
	entries = make_room(res_arena, &place, wanted);
	if (!entries)
		return NK_ENOMEM;
	if (keep(&place, storage.read_range(storage.ctx, req->firstId, last, entries), wanted) !=
	    NK_EOK)
		return NK_EBADMSG;
	res->entries = place;
	return NK_EOK;
}

struct kl_KlogStorage *klog_storage_IKlog_storage_dispatcher(void *ctx,
							     kl_KlogStorage_write_func write,
							     kl_KlogStorage_read_func read,
							     kl_KlogStorage_read_range_func range)
{
	static const struct kl_KlogStorage_ops ops = {
		.write = write_entry,
		.read = read_last,
		.readRange = read_range,
	};

	storage.base.ops = &ops;
	storage.ctx = ctx;
	storage.write = write;
	storage.read = read;
	storage.read_range = range;
	return &storage.base;
}

struct kl_KlogStorage_component *klog_storage_storage_component(struct kl_KlogStorage *iface)
{
	kl_KlogStorage_component_init(&component, iface);
	return &component;
}

/* Serves one request. False if the channel is broken. */
static bool serve(NkKosTransport *transport, struct kl_KlogStorage_component *served,
		  nk_iid_t iid_offset)
{
	static char req_bytes[kl_KlogStorage_component_req_arena_size];
	static char res_bytes[kl_KlogStorage_component_res_arena_size];
	struct nk_arena req_arena = NK_ARENA_INITIALIZER(req_bytes, req_bytes + sizeof(req_bytes));
	struct nk_arena res_arena = NK_ARENA_INITIALIZER(res_bytes, res_bytes + sizeof(res_bytes));
	kl_KlogStorage_component_req req;
	kl_KlogStorage_component_res res;

	nk_req_reset(&req);
	nk_req_reset(&res);
	if (nk_transport_recv(&transport->base, &req.base_, &req_arena) != NK_EOK)
		return false;
	(void)kl_KlogStorage_component_dispatch(served, iid_offset, &req.base_, &req_arena,
						&res.base_, &res_arena);
	/* A reply that fails concerns its client only. */
	(void)nk_transport_reply(&transport->base, &res.base_, &res_arena);
	return true;
}

int klog_storage_run(const char *connection, nk_iid_t iid_offset, nk_iid_t iid,
		     struct kl_KlogStorage_component *served)
{
	NkKosTransport transport;
	ServiceId id;
	Handle listener = ServiceLocatorRegister(connection, NULL, 0, &id);

	(void)iid;
	if (listener == INVALID_HANDLE) {
		(void)fprintf(stderr, "klog_storage: no channel %s leads here; see init.yaml\n",
			      connection);
		return 1;
	}
	NkKosTransport_Init(&transport, listener, NK_NULL, 0);
	while (serve(&transport, served, iid_offset))
		;
	(void)fprintf(stderr, "klog_storage: channel %s is broken\n", connection);
	return 1;
}
