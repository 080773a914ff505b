/* SPDX-License-Identifier: Apache-2.0 */
#include "ask.h"

#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void log_line(void *context, const char *text)
{
	(void)context;
	print_message("module: %s\n", text);
}

static const struct kx_module_host host = {.abi_version = KX_SECURITY_MODULE_ABI, .log = log_line};

void kx_ask_open(struct kx_asker *asker, const char *path)
{
	const struct kx_security_module *(*entry)(void);

	memset(asker, 0, sizeof(*asker));
	asker->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!asker->library)
		fail_msg("%s", dlerror());
	*(void **)&entry = dlsym(asker->library, "kx_security_module");
	assert_non_null(entry);
	asker->module = entry();
	assert_int_equal(asker->module->abi_version, KX_SECURITY_MODULE_ABI);
	assert_int_equal(asker->module->init(&host, &asker->state), 0);
}

void kx_ask_close(struct kx_asker *asker)
{
	asker->module->fini(asker->state);
	(void)dlclose(asker->library);
}

bool kx_ask(struct kx_asker *asker, const struct kx_question *question)
{
	struct kx_event event = {
		.kind = question->kind,
		.src = {question->src.sid, question->src.class_name, "source"},
		.dst = {question->dst.sid, question->dst.class_name, "destination"},
		.endpoint = question->endpoint ? question->endpoint : "",
		.qualified = "",
		.interface_name = "",
		.method = question->method ? question->method : "",
		.fixed = question->fixed,
		.fixed_size = question->fixed_size,
		.arena = question->arena,
		.arena_size = question->arena_size,
		.handles = question->handles,
		.handle_count = question->handle_count,
		.number = ++asker->number,
	};

	memset(&asker->trail, 0, sizeof(asker->trail));
	return asker->module->decide(asker->state, &event, &asker->trail) == KX_GRANT;
}

bool kx_ask_direct(struct kx_asker *asker, const char *src, const char *dst, const char *endpoint,
		   const char *method)
{
	struct kx_method_question question = {
		.src_class = src,
		.src_task = src,
		.dst_class = dst,
		.dst_task = dst,
		.endpoint = endpoint,
		.qualified = "",
		.interface_name = "",
		.method = method,
	};

	return asker->module->classify(asker->state, &question) == KX_DIRECT;
}
