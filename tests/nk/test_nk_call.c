/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Generated proxies against generated dispatch, over a loop-back transport,
 * with random values for every type and nesting. The handlers read what came
 * through the arena and build their answer anew; the client compares the
 * answer with what it sent.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <kxt/All.idl.h>
#include <kxt/Ping.idl.h>
#include <kxt/Rich.idl.h>
#include <kxt/Server.edl.h>

#include "loopback.h"

#define ROUNDS 200

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

/* ---- deep comparisons ---- */

static void same_bytes(const nk_arena *a, const nk_ptr_t *left, const nk_arena *b,
		       const nk_ptr_t *right)
{
	nk_uint32_t n, m;
	const void *first = nk_arena_get(nk_uint8_t, a, left, &n);
	const void *second = nk_arena_get(nk_uint8_t, b, right, &m);

	assert_non_null(first);
	assert_non_null(second);
	assert_int_equal(n, m);
	assert_memory_equal(first, second, n);
}

static void same_inner(const nk_arena *a, const kxt_All_Inner *left, const nk_arena *b,
		       const kxt_All_Inner *right)
{
	assert_int_equal(left->a, right->a);
	assert_memory_equal(&left->where, &right->where, sizeof(left->where));
	same_bytes(a, &left->label, b, &right->label);
	same_bytes(a, &left->path, b, &right->path);
}

static void same_choice(const nk_arena *a, const kxt_All_Choice *left, const nk_arena *b,
			const kxt_All_Choice *right)
{
	assert_int_equal(left->tag_, right->tag_);
	if (left->tag_ == kxt_All_Choice_small_tag)
		assert_int_equal(left->value_.small, right->value_.small);
	else if (left->tag_ == kxt_All_Choice_large_tag)
		assert_true(left->value_.large == right->value_.large);
	else
		same_bytes(a, &left->value_.points, b, &right->value_.points);
}

/* ---- the server ---- */

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
	if (!first || first[count - 1] != '\0')
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

static const struct kxt_All_ops all_ops = {
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

static const struct kxt_Rich_ops rich_ops = {Try_handler};

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

static const struct kxt_Ping_ops ping_ops = {Send_handler};

struct scene {
	struct kxt_All all;
	struct kxt_Rich rich;
	struct kxt_Ping ping;
	struct kxt_Ping_component inner, outer_ping;
	struct kxt_Part_component part;
	struct kxt_Server_entity server;
	struct loopback loopback;
	struct kxt_All_proxy client;
	char req_bytes[kxt_All_req_arena_size];
	char res_bytes[kxt_All_res_arena_size];
	struct nk_arena req_arena, res_arena;
};

static nk_err_t dispatch(void *server, const struct nk_message *req,
			 const struct nk_arena *req_arena, struct nk_message *res,
			 struct nk_arena *res_arena)
{
	return kxt_Server_entity_dispatch(server, req, req_arena, res, res_arena);
}

static int make_scene(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));

	if (!s)
		return -1;
	s->all.ops = &all_ops;
	s->rich.ops = &rich_ops;
	s->ping.ops = &ping_ops;
	kxt_Ping_component_init(&s->inner, &s->ping);
	kxt_Ping_component_init(&s->outer_ping, &s->ping);
	kxt_Part_component_init(&s->part, &s->inner, &s->all, &s->rich);
	kxt_Server_entity_init(&s->server, &s->part, &s->outer_ping, &s->rich);
	loopback_init(&s->loopback, &s->server, dispatch);
	kxt_All_proxy_init(&s->client, &s->loopback.base, kxt_Server_part_all_iid);
	nk_arena_init(&s->req_arena, s->req_bytes, s->req_bytes + sizeof(s->req_bytes));
	nk_arena_init(&s->res_arena, s->res_bytes, s->res_bytes + sizeof(s->res_bytes));
	srand(4711);
	*state = s;
	return 0;
}

static int end_scene(void **state)
{
	struct scene *s = *state;

	loopback_free(&s->loopback);
	free(s);
	return 0;
}

static int next_random(void)
{
	return rand() ^ rand() << 8;
}

/* A random request @req and a call of @name; both must succeed. */
#define CALL(s, name)                                                                              \
	do {                                                                                       \
		nk_bool_t failure;                                                                 \
                                                                                                   \
		nk_arena_reset(&(s)->req_arena);                                                   \
		nk_arena_reset(&(s)->res_arena);                                                   \
		assert_int_equal(                                                                  \
			kxt_All_##name##_test_req(&req, &(s)->req_arena, next_random, &failure),   \
			NK_EOK);                                                                   \
		assert_false(failure);                                                             \
		assert_int_equal(kxt_All_##name(&(s)->client.base, &req, &(s)->req_arena, &res,    \
						&(s)->res_arena),                                  \
				 NK_EOK);                                                          \
		assert_int_equal((s)->loopback.dispatched, NK_EOK);                                \
		assert_int_equal(res.base_.iid, kxt_Server_part_all_iid);                          \
		assert_int_equal(res.base_.mid, kxt_All_##name##_mid);                             \
		assert_int_equal(res.base_.ex.ncaps, kxt_All_##name##_res_handles);                \
		assert_int_equal(res.base_.ex.size_ex, sizeof(res.res_));                          \
		assert_false(nk_msg_check_err(&res));                                              \
	} while (0)

static void scalars_come_back(void **state)
{
	struct scene *s = *state;
	struct kxt_All_Scalars_req req;
	struct kxt_All_Scalars_res res;

	for (int round = 0; round < ROUNDS; round++) {
		CALL(s, Scalars);
		assert_int_equal(res.ru8, req.u8);
		assert_int_equal(res.ru16, req.u16);
		assert_int_equal(res.ru32, req.u32);
		assert_true(res.ru64 == (req.u64 ^ req.size ^ req.ptr));
		assert_int_equal(res.rs8, req.s8);
		assert_int_equal(res.rs16, req.s16);
		assert_int_equal(res.rs32, req.s32);
		assert_true(res.rs64 == req.s64);
		assert_int_equal(res.ru8, res.res_.ru8);
	}
}

static void methods_without_parameters_take_null_arenas(void **state)
{
	struct scene *s = *state;
	struct kxt_All_Nothing_req req;
	struct kxt_All_Nothing_res res;

	assert_int_equal(kxt_All_Nothing(&s->client.base, &req, NULL, &res, NULL), NK_EOK);
	assert_int_equal(req.base_.ex.size_ex, 24);
	assert_int_equal(res.base_.ex.size_ex, 24);
}

static void texts_come_back(void **state)
{
	struct scene *s = *state;
	struct kxt_All_Texts_req req;
	struct kxt_All_Texts_res res;
	nk_uint32_t count, sent;

	for (int round = 0; round < ROUNDS; round++) {
		CALL(s, Texts);
		same_bytes(&s->req_arena, &req.second, &s->res_arena, &res.again);
		nk_arena_get(nk_char_t, &s->req_arena, &req.first, &sent);
		assert_non_null(nk_arena_get(nk_char_t, &s->res_arena, &res.back, &count));
		assert_int_equal(count, sent < 33 ? sent : 33);
	}
}

static void nested_sequences_come_back(void **state)
{
	struct scene *s = *state;
	struct kxt_All_Nested_req req;
	struct kxt_All_Nested_res res;
	nk_uint32_t n, m;

	for (int round = 0; round < ROUNDS / 10; round++) {
		CALL(s, Nested);
		const nk_ptr_t *pages = nk_arena_get(nk_ptr_t, &s->req_arena, &req.pages, &n);
		const nk_ptr_t *copy = nk_arena_get(nk_ptr_t, &s->res_arena, &res.copy, &m);

		assert_int_equal(n, m);
		for (nk_uint32_t i = 0; i < n; i++)
			same_bytes(&s->req_arena, &pages[i], &s->res_arena, &copy[i]);
	}
}

static void records_come_back(void **state)
{
	struct scene *s = *state;
	struct kxt_All_Records_req req;
	struct kxt_All_Records_res res;
	nk_uint32_t count;

	for (int round = 0; round < ROUNDS; round++) {
		CALL(s, Records);
		same_inner(&s->req_arena, &req.outer.first, &s->res_arena, &res.result.first);
		same_inner(&s->req_arena, &req.outer.rest[0], &s->res_arena, &res.result.rest[0]);
		same_inner(&s->req_arena, &req.outer.rest[1], &s->res_arena, &res.result.rest[1]);
		same_bytes(&s->req_arena, &req.outer.raw, &s->res_arena, &res.result.raw);
		assert_int_equal(req.outer.tail, res.result.tail);
		for (int i = 0; i < 3; i++) {
			const nk_uint32_t *row =
				nk_arena_get(nk_uint32_t, &s->res_arena, &res.rows[i], &count);

			assert_int_equal(count, 2);
			assert_int_equal(row[0], req.triple[i]);
		}
	}
}

static void unions_come_back(void **state)
{
	struct scene *s = *state;
	struct kxt_All_Choose_req req;
	struct kxt_All_Choose_res res;
	nk_uint32_t count;

	for (int round = 0; round < ROUNDS; round++) {
		CALL(s, Choose);
		const kxt_All_Choice *choices =
			nk_arena_get(kxt_All_Choice, &s->res_arena, &res.choices, &count);

		assert_int_equal(count, 3);
		same_choice(&s->req_arena, &req.choice, &s->res_arena, &choices[0]);
		same_choice(&s->req_arena, &req.more[0], &s->res_arena, &choices[1]);
		same_choice(&s->req_arena, &req.more[1], &s->res_arena, &choices[2]);
	}
}

static void entries_grids_and_mixed_alignment_come_back(void **state)
{
	struct scene *s = *state;
	nk_uint32_t count;

	for (int round = 0; round < ROUNDS / 4; round++) {
		struct kxt_All_Entries_req req;
		struct kxt_All_Entries_res res;

		CALL(s, Entries);
		nk_arena_get(kxt_Types_Entry, &s->req_arena, &req.entry, &count);
		assert_int_equal(res.count, count);
	}
	for (int round = 0; round < ROUNDS; round++) {
		struct kxt_All_Grids_req req;
		struct kxt_All_Grids_res res;

		CALL(s, Grids);
		assert_memory_equal(nk_arena_get(nk_uint16_t, &s->res_arena, &res.triples, &count),
				    req.grid, sizeof(req.grid));
		assert_int_equal(count, 6);
	}
	for (int round = 0; round < ROUNDS; round++) {
		struct kxt_All_Mixed_req req;
		struct kxt_All_Mixed_res res;

		CALL(s, Mixed);
		assert_non_null(nk_arena_get(nk_uint64_t, &s->req_arena, &req.wide, &count));
		assert_int_equal(res.code, count);
	}
}

/* The arena constants suffice for the largest content in the worst order. */
static void full_size_content_fits_the_constants(void **state)
{
	char bytes[kxt_All_Mixed_req_arena_size];
	struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
	struct kxt_All_Mixed_req req;

	(void)state;
	assert_non_null(nk_arena_alloc(nk_char_t, &arena, &req.odd, kxt_All_Mixed_req_odd_size));
	assert_non_null(
		nk_arena_alloc(nk_uint64_t, &arena, &req.wide, kxt_All_Mixed_req_wide_size));
}

static void handles_are_counted_in_the_header(void **state)
{
	struct scene *s = *state;
	struct kxt_All_Handles_req req = {0};
	struct kxt_All_Handles_res res;

	req.first = nk_handle_desc(40);
	req.more[1] = nk_handle_desc(2);
	assert_int_equal(kxt_All_Handles(&s->client.base, &req, NULL, &res, NULL), NK_EOK);
	assert_int_equal(req.base_.ex.ncaps, 3);
	assert_int_equal(res.base_.ex.ncaps, 1);
	assert_int_equal(nk_get_handle(&res.back), 42);
	assert_int_equal(res.back.rights, 3);
}

static void error_parameters_travel_instead_of_the_response(void **state)
{
	struct scene *s = *state;
	struct kxt_All_Fails_req req;
	struct kxt_All_Fails_res res;

	req.n = 7;
	assert_int_equal(kxt_All_Fails(&s->client.base, &req, NULL, &res, NULL), NK_EOK);
	assert_true(nk_msg_check_err(&res));
	assert_int_equal(res.err_.status, 7);
	assert_int_equal(res.base_.ex.size_ex, sizeof(struct kxt_All_Fails_err));
	assert_int_equal(res.base_.mid, kxt_All_Fails_mid);
	req.n = 8;
	assert_int_equal(kxt_All_Fails(&s->client.base, &req, NULL, &res, NULL), NK_EOK);
	assert_false(nk_msg_check_err(&res));
	assert_int_equal(res.twice, 16);
}

static void error_parameters_can_have_any_type(void **state)
{
	struct scene *s = *state;
	struct kxt_Rich_proxy proxy;
	struct kxt_Rich_Try_req req;
	struct kxt_Rich_Try_res res;
	nk_uint32_t count;

	kxt_Rich_proxy_init(&proxy, &s->loopback.base, kxt_Server_direct_iid);
	for (nk_uint32_t n = 254; n < 258; n++) {
		nk_arena_reset(&s->res_arena);
		req.n = n;
		assert_int_equal(kxt_Rich_Try(&proxy.base, &req, NULL, &res, &s->res_arena),
				 NK_EOK);
		assert_int_equal(nk_msg_check_err(&res), n >= 256);
		if (n < 256) {
			assert_int_equal(res.r, n);
			continue;
		}
		assert_int_equal(res.err_.code, n);
		assert_string_equal(
			nk_arena_get(nk_char_t, &s->res_arena, &res.err_.reason, &count),
			"too big");
	}
}

/* An old answer in the server's buffer must never go out as this one's. */
static void a_failed_handler_leaves_no_valid_response(void **state)
{
	struct scene *s = *state;
	struct kxt_All_Fails_req req;
	struct kxt_All_Fails_res res;

	req.n = 8;
	assert_int_equal(kxt_All_Fails(&s->client.base, &req, NULL, &res, NULL), NK_EOK);
	req.n = 13;
	assert_int_equal(kxt_All_Fails(&s->client.base, &req, NULL, &res, NULL), NK_EBADMSG);
	assert_int_equal(s->loopback.dispatched, NK_EINVAL);
}

static void unknown_ids_are_refused(void **state)
{
	struct scene *s = *state;
	struct kxt_All_Nothing_req req;
	struct nk_message res;

	nk_req_reset(&req);
	nk_message_set_iid(&req.base_, kxt_Server_iidMax);
	assert_int_equal(dispatch(&s->server, &req.base_, NULL, &res, NULL), NK_ENOENT);
	nk_msg_set_method_id(&req, kxt_Server_part_all_iid, kxt_All_mid_max);
	assert_int_equal(dispatch(&s->server, &req.base_, NULL, &res, NULL), NK_ENOENT);
	assert_int_equal(res.ex.size_ex, 0);
	nk_msg_set_method_id(&req, NK_IID_MAX, 0);
	assert_int_equal(dispatch(&s->server, &req.base_, NULL, &res, NULL), NK_ENOENT);
}

static void request_and_response_may_share_memory(void **state)
{
	struct scene *s = *state;
	struct kxt_Ping_proxy proxy;
	struct kxt_Ping_Send_req req = {{0}, 39};
	struct kxt_Ping_Send_res res;

	s->loopback.shared_buffer = NK_TRUE;
	kxt_Ping_proxy_init(&proxy, &s->loopback.base, kxt_Server_ping_ping_iid);
	assert_int_equal(kxt_Ping_Send(&proxy.base, &req, NULL, &res, NULL), NK_EOK);
	assert_int_equal(res.result, 42);
	assert_int_equal(res.base_.iid, kxt_Server_ping_ping_iid);
}

static void every_endpoint_of_the_tree_is_reached(void **state)
{
	static const nk_iid_t iids[] = {kxt_Server_part_inner_ping_iid, kxt_Server_ping_ping_iid};
	struct scene *s = *state;
	struct kxt_Ping_proxy proxy;
	struct kxt_Ping_Send_req req;
	struct kxt_Ping_Send_res res;

	for (size_t i = 0; i < nk_array_size(iids); i++) {
		kxt_Ping_proxy_init(&proxy, &s->loopback.base, iids[i]);
		req.value = (nk_uint32_t)i;
		assert_int_equal(kxt_Ping_Send(&proxy.base, &req, NULL, &res, NULL), NK_EOK);
		assert_int_equal(res.result, i + 3);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_scene, end_scene)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(scalars_come_back),
		TEST(methods_without_parameters_take_null_arenas),
		TEST(texts_come_back),
		TEST(nested_sequences_come_back),
		TEST(records_come_back),
		TEST(unions_come_back),
		TEST(entries_grids_and_mixed_alignment_come_back),
		TEST(full_size_content_fits_the_constants),
		TEST(handles_are_counted_in_the_header),
		TEST(error_parameters_travel_instead_of_the_response),
		TEST(error_parameters_can_have_any_type),
		TEST(a_failed_handler_leaves_no_valid_response),
		TEST(unknown_ids_are_refused),
		TEST(request_and_response_may_share_memory),
		TEST(every_endpoint_of_the_tree_is_reached),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
