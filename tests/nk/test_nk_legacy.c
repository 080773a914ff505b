/* SPDX-License-Identifier: Apache-2.0 */

/* Code made with --deprecated-no-extended-errors: the status is the method's result. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <legacy/All.idl.h>

#include "loopback.h"

static nk_err_t fails(struct kxt_All *self, const struct kxt_All_Fails_req *req,
		      const struct nk_arena *in, struct kxt_All_Fails_res *res,
		      struct nk_arena *out)
{
	nk_unused(self);
	nk_unused(in);
	nk_unused(out);
	res->twice = 2 * req->n;
	return req->n > 100 ? NK_ELOGIC(req->n) : NK_EOK;
}

static nk_err_t dispatch(void *server, const struct nk_message *req,
			 const struct nk_arena *req_arena, struct nk_message *res,
			 struct nk_arena *res_arena)
{
	return kxt_All_interface_dispatch(server, 5, req, req_arena, res, res_arena);
}

static void the_status_is_the_result_of_the_call(void **state)
{
	struct kxt_All_ops ops = {.Fails = fails};
	struct kxt_All server = {&ops};
	struct loopback loopback;
	struct kxt_All_proxy proxy;
	struct kxt_All_Fails_req req;
	struct kxt_All_Fails_res res;
	nk_err_t rc;

	(void)state;
	loopback_init(&loopback, &server, dispatch);
	kxt_All_proxy_init(&proxy, &loopback.base, 5);
	req.n = 21;
	assert_int_equal(kxt_All_Fails(&proxy.base, &req, NULL, &res, NULL), NK_EOK);
	assert_int_equal(res.twice, 42);
	req.n = 404;
	rc = kxt_All_Fails(&proxy.base, &req, NULL, &res, NULL);
	assert_true(NK_ELOGIC_CHECK(rc));
	assert_int_equal(NK_ELOGIC_GET(rc), 404);
	assert_int_equal(loopback.dispatched, NK_EOK);
	loopback_free(&loopback);
}

static void a_method_without_handler_is_unknown(void **state)
{
	struct kxt_All_ops ops = {0};
	struct kxt_All server = {&ops};
	struct kxt_All_Nothing_req req;
	struct nk_message res;

	(void)state;
	nk_req_reset(&req);
	nk_msg_set_method_id(&req, 5, kxt_All_Nothing_mid);
	assert_int_equal(dispatch(&server, &req.base_, NULL, &res, NULL), NK_ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_status_is_the_result_of_the_call),
		cmocka_unit_test(a_method_without_handler_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
