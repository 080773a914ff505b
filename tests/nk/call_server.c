/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The server of test_nk_call.c: each handler reads what came through the arena
 * and builds its answer anew.
 */

#include "call_server.h"

#include <string.h>

/* ---- deep copies from one arena to another; 0 when all of it was readable ---- */

static int copy_bytes(const nk_arena *from, const nk_ptr_t *src, nk_arena *to, nk_ptr_t *dst)
{
	nk_uint32_t count;
	const nk_uint8_t *bytes = nk_arena_get(nk_uint8_t, from, src, &count);

	return bytes ? nk_arena_store(nk_uint8_t, to, dst, bytes, count) : NK_EBADMSG;
}

static int copy_points(const nk_arena *from, const nk_ptr_t *src, nk_arena *to, nk_ptr_t *dst)
{
	nk_size_t count;
	const kxt_Types_Point *points = nk_arena_get(kxt_Types_Point, from, src, &count);
	kxt_Types_Point *copy = points ? nk_arena_alloc(kxt_Types_Point, to, dst, count) : NULL;

	if (!copy)
		return NK_EBADMSG;
	for (nk_size_t i = 0; i < count; i++) {
		copy[i].x = points[i].x;
		copy[i].y = points[i].y;
	}
	return 0;
}

static int copy_inner(const nk_arena *from, const kxt_All_Inner *src, nk_arena *to,
		      kxt_All_Inner *dst)
{
	dst->a = src->a;
	dst->where = src->where;
	return copy_bytes(from, &src->label, to, &dst->label) |
	       copy_points(from, &src->path, to, &dst->path);
}

static int copy_outer(const nk_arena *from, const kxt_All_Outer *src, nk_arena *to,
		      kxt_All_Outer *dst)
{
	dst->tail = src->tail;
	return copy_inner(from, &src->first, to, &dst->first) |
	       copy_inner(from, &src->rest[0], to, &dst->rest[0]) |
	       copy_inner(from, &src->rest[1], to, &dst->rest[1]) |
	       copy_bytes(from, &src->raw, to, &dst->raw);
}

static int copy_choice(const nk_arena *from, const kxt_All_Choice *src, nk_arena *to,
		       kxt_All_Choice *dst)
{
	dst->tag_ = src->tag_;
	if (src->tag_ == kxt_All_Choice_small_tag)
		dst->value_.small = src->value_.small;
	else if (src->tag_ == kxt_All_Choice_large_tag)
		dst->value_.large = src->value_.large;
	else
		return copy_points(from, &src->value_.points, to, &dst->value_.points);
	return 0;
}

#define HANDLER(name)                                                                              \
	static nk_err_t name##_handler(                                                            \
		struct kxt_All *self, const struct kxt_All_##name##_req *req,                      \
		const struct nk_arena *in, struct kxt_All_##name##_res *res, struct nk_arena *out)

HANDLER(Nothing)
{
	nk_unused(self);
	nk_unused(req);
	nk_unused(in);
	nk_unused(res);
	nk_unused(out);
	return NK_EOK;
}

HANDLER(Scalars)
{
	nk_unused(self);
	nk_unused(in);
	nk_unused(out);
	res->ru8 = req->u8;
	res->ru16 = req->u16;
	res->ru32 = req->u32;
	res->ru64 = req->u64 ^ req->size ^ req->ptr;
	res->rs8 = req->s8;
	res->rs16 = req->s16;
	res->rs32 = req->s32;
	res->rs64 = req->s64;
	return NK_EOK;
}

HANDLER(Texts)
{
	nk_uint32_t count;
	const nk_char_t *first = nk_arena_get(nk_char_t, in, &req->first, &count);

	nk_unused(self);
	if (!first || !count || first[count - 1] != '\0')
		return NK_EBADMSG;
	if (count > kxt_All_Texts_res_back_size)
		count = kxt_All_Texts_res_back_size;
	return nk_arena_store(nk_char_t, out, &res->back, first, count) |
	       copy_bytes(in, &req->second, out, &res->again);
}

HANDLER(Nested)
{
	nk_uint32_t count;
	const nk_ptr_t *pages = nk_arena_get(nk_ptr_t, in, &req->pages, &count);
	nk_ptr_t *copy = pages ? nk_arena_alloc(nk_ptr_t, out, &res->copy, count) : NULL;
	int rc = copy ? 0 : NK_EBADMSG;

	nk_unused(self);
	for (nk_uint32_t i = 0; !rc && i < count; i++)
		rc = copy_bytes(in, &pages[i], out, &copy[i]);
	return rc;
}

HANDLER(Entries)
{
	const kxt_Types_Entry *entry = nk_arena_get(kxt_Types_Entry, in, &req->entry, &res->count);

	nk_unused(self);
	nk_unused(out);
	return entry ? NK_EOK : NK_EBADMSG;
}

HANDLER(Records)
{
	int rc = copy_outer(in, &req->outer, out, &res->result);

	nk_unused(self);
	for (int i = 0; i < 3; i++) {
		nk_uint32_t value[2] = {req->triple[i], (nk_uint32_t)i};

		rc |= nk_arena_store(nk_uint32_t, out, &res->rows[i], value, 2);
	}
	return rc;
}

HANDLER(Choose)
{
	kxt_All_Choice *choices = nk_arena_alloc(kxt_All_Choice, out, &res->choices, 3);

	nk_unused(self);
	if (!choices)
		return NK_ENOMEM;
	return copy_choice(in, &req->choice, out, &choices[0]) |
	       copy_choice(in, &req->more[0], out, &choices[1]) |
	       copy_choice(in, &req->more[1], out, &choices[2]);
}

HANDLER(Handles)
{
	nk_unused(self);
	nk_unused(in);
	nk_unused(out);
	res->back = nk_handle_desc(nk_get_handle(&req->first) + nk_get_handle(&req->more[1]), 3);
	return req->base_.ex.ncaps == kxt_All_Handles_req_handles ? NK_EOK : NK_EBADMSG;
}

HANDLER(Mixed)
{
	nk_uint32_t count;
	const nk_uint64_t *wide = nk_arena_get(nk_uint64_t, in, &req->wide, &count);

	nk_unused(self);
	nk_unused(out);
	if (!wide)
		return NK_EBADMSG;
	res->code = (nk_uint8_t)count;
	res->last = count ? (nk_uint8_t)wide[count - 1] : 0;
	return NK_EOK;
}

HANDLER(Grids)
{
	nk_uint16_t(*triples)[3] = NULL;
	void *memory = nk_arena_alloc(nk_uint16_t, out, &res->triples, 6);

	nk_unused(self);
	nk_unused(in);
	if (!memory)
		return NK_ENOMEM;
	triples = memory;
	memcpy(triples, req->grid, sizeof(req->grid));
	return NK_EOK;
}

HANDLER(Fails)
{
	nk_unused(self);
	nk_unused(in);
	nk_unused(out);
	if (req->n == 13)
		return NK_EINVAL;
	if (req->n % 2) {
		nk_err_reset(res);
		res->err_.status = (nk_uint16_t)req->n;
		return NK_EOK;
	}
	res->twice = 2 * req->n;
	return NK_EOK;
}

HANDLER(main)
{
	nk_unused(self);
	nk_unused(in);
	return nk_arena_store(nk_uint8_t, out, &res->blob, &req->mode, sizeof(req->mode));
}

const struct kxt_All_ops kx_test_all_ops = {
	Nothing_handler, Scalars_handler, Texts_handler,  Nested_handler,
	Entries_handler, Records_handler, Choose_handler, Handles_handler,
	Mixed_handler,   Grids_handler,   Fails_handler,  main_handler,
};

static nk_err_t Try_handler(struct kxt_Rich *self, const struct kxt_Rich_Try_req *req,
			    const struct nk_arena *in, struct kxt_Rich_Try_res *res,
			    struct nk_arena *out)
{
	nk_unused(self);
	nk_unused(in);
	res->r = (nk_uint8_t)req->n;
	if (req->n < 256)
		return NK_EOK;
	nk_err_reset(res);
	res->err_.code = req->n;
	return nk_arena_store(nk_char_t, out, &res->err_.reason, "too big", 8);
}

const struct kxt_Rich_ops kx_test_rich_ops = {Try_handler};

static nk_err_t Send_handler(struct kxt_Ping *self, const struct kxt_Ping_Send_req *req,
			     const struct nk_arena *in, struct kxt_Ping_Send_res *res,
			     struct nk_arena *out)
{
	nk_unused(self);
	nk_unused(in);
	nk_unused(out);
	res->result = req->value + 3;
	return NK_EOK;
}

const struct kxt_Ping_ops kx_test_ping_ops = {Send_handler};
