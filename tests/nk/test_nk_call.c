/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Generated proxies against generated dispatch, over a loop-back transport,
 * with random values for every type and nesting. The server (call_server.c)
 * answers from what it read; the client compares the answer with what it sent.
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

#include "call_server.h"
#include "loopback.h"

#define ROUNDS 200

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
	s->all.ops = &kx_test_all_ops;
	s->rich.ops = &kx_test_rich_ops;
	s->ping.ops = &kx_test_ping_ops;
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
	return (int)((unsigned)rand() ^ (unsigned)rand() << 8);
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
