/* SPDX-License-Identifier: Apache-2.0 */

/* Code made with --trace-client-ipc dump and --trace-server-ipc headers. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <trace/Ping.idl.h>

#include "loopback.h"

static nk_err_t twice(struct kxt_Ping *self, const struct kxt_Ping_Send_req *req,
		      const struct nk_arena *in, struct kxt_Ping_Send_res *res,
		      struct nk_arena *out)
{
	nk_unused(self);
	nk_unused(in);
	nk_unused(out);
	res->result = 2 * req->value;
	return NK_EOK;
}

static nk_err_t dispatch(void *server, const struct nk_message *req,
			 const struct nk_arena *req_arena, struct nk_message *res,
			 struct nk_arena *res_arena)
{
	return kxt_Ping_interface_dispatch(server, 4, req, req_arena, res, res_arena);
}

/* Lets @work write to a stderr of its own; returns what it wrote. The caller frees. */
static char *capture(void (*work)(void))
{
	FILE *file = tmpfile();
	FILE *before = stderr;
	char *text;
	long len;

	assert_non_null(file);
	stderr = file;
	work();
	stderr = before;
	len = ftell(file);
	text = calloc(1, (size_t)len + 1);
	rewind(file);
	assert_int_equal(fread(text, 1, (size_t)len, file), len);
	fclose(file);
	return text;
}

static void call_once(void)
{
	static const struct kxt_Ping_ops ops = {twice};
	struct kxt_Ping server = {&ops};
	struct kxt_Ping_Send_req req = {{0}, 0x21};
	struct kxt_Ping_Send_res res;
	struct kxt_Ping_proxy proxy;
	struct loopback loopback;

	loopback_init(&loopback, &server, dispatch);
	kxt_Ping_proxy_init(&proxy, &loopback.base, 4);
	assert_int_equal(kxt_Ping_Send(&proxy.base, &req, NULL, &res, NULL), NK_EOK);
	assert_int_equal(res.result, 0x42);
	loopback_free(&loopback);
}

static void both_sides_show_their_messages(void **state)
{
	char *text = capture(call_once);

	(void)state;
	assert_non_null(
		strstr(text, "nk: call kxt.Ping.Send iid=4 mid=0 size=32 handles=0 arena=0\n"));
	assert_non_null(strstr(text, "nk:   message 0010: 00 00 00 00 00 00 00 00 21 00 00 00"));
	assert_non_null(strstr(text, "nk: request kxt.Ping.Send iid=4 mid=0 size=32"));
	assert_non_null(strstr(text, "nk: response kxt.Ping.Send iid=4 mid=0 size=32"));
	assert_non_null(strstr(text, "nk: result kxt.Ping.Send iid=4 mid=0 size=32"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_sides_show_their_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
