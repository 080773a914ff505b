/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Kernel calls as messages (kernel/calls/kcall_message.h) are laid out as the interfaces say
 * that the SDK installs: by the headers that nk-gen-c makes of those.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <kl/core/Audit.idl.h>
#include <kl/core/CM.idl.h>
#include <kl/core/Handle.idl.h>
#include <kl/core/Notice.idl.h>
#include <kl/core/Task.idl.h>
#include <kl/core/Thread.idl.h>
#include <kl/core/VMM.idl.h>
#include <nk/arena.h>

#include "kcall_message.h"
#include "kernel_fixture.h"
#include "listener.h"

#define ROW(op, method)                                                                            \
	{                                                                                          \
		KX_CALL_##op, sizeof(kl_core_##method##_req)                                       \
	}

static const struct {
	uint32_t op;
	size_t size;
} rows[] = {
	ROW(HANDLE_CLOSE, Handle_Close),
	ROW(HANDLE_COPY, Handle_Copy),
	ROW(HANDLE_REVOKE, Handle_Revoke),
	ROW(HANDLE_REVOKE_SUBTREE, Handle_RevokeSubtree),
	ROW(HANDLE_CREATE_USER, Handle_CreateUserObject),
	ROW(HANDLE_CREATE_USER_EX, Handle_CreateUserObject),
	ROW(HANDLE_CREATE_BADGE, Handle_CreateBadge),
	ROW(HANDLE_GET_SID, Handle_GetSidByHandle),
	ROW(HANDLE_CONNECT, Handle_Connect),
	ROW(HANDLE_CONNECT_EX, Handle_Connect),
	ROW(TASK_CREATE, Task_Create),
	ROW(TASK_ENV, Task_SetEnv),
	ROW(TASK_CONNECT, Handle_Connect),
	ROW(TASK_RUN, Task_Resume),
	ROW(TASK_WAIT, Task_GetExitInfo),
	ROW(TASK_STOP, Task_Terminate),
	ROW(TASK_ID, Task_GetPid),
	ROW(CM_CONNECT, CM_Connect),
	ROW(CM_LISTEN, CM_Listen),
	ROW(CM_ACCEPT, CM_Accept),
	ROW(CM_DROP, CM_Drop),
	ROW(NOTICE_CREATE, Notice_Create),
	ROW(NOTICE_SUBSCRIBE, Notice_SubscribeToObject),
	ROW(NOTICE_UNSUBSCRIBE, Notice_UnsubscribeFromObject),
	ROW(NOTICE_SET, Notice_SetObjectEvent),
	ROW(NOTICE_GET, Notice_GetEvent),
	ROW(NOTICE_DROP, Notice_DropAndWake),
	ROW(MEMORY_CREATE, VMM_MdlCreate),
	ROW(MEMORY_MAP, VMM_MdlMap),
	ROW(MEMORY_SIZE, VMM_MdlGetSize),
	ROW(THREAD, Thread_Create),
	ROW(AUDIT_READ, Audit_Read),
	ROW(AUDIT_OPEN, Audit_Open),
	ROW(AUDIT_CLOSE, Audit_Close),
};

static const uint32_t args[KX_CALL_ARGS] = {10, 11, 12, 13, 14, 15, 16, 17};
static const char text[] = "one\0three\0";

static struct kx_kcall_message message;
static struct kx_event event;

static void describe(uint32_t op, const char *bytes, size_t len)
{
	struct kx_task *task = make_task("a");

	kx_kcall_describe(task, kx_kcall_name(op), args, bytes, len, &message, &event);
	end_task(task);
}

static const char *string(nk_ptr_t ptr)
{
	struct nk_arena arena;
	nk_uint32_t count;

	nk_arena_init(&arena, (void *)(uintptr_t)event.arena,
		      (char *)(uintptr_t)event.arena + event.arena_size);
	return nk_arena_get(nk_char_t, &arena, &ptr, &count);
}

static void every_call_is_as_long_as_declared(void **state)
{
	size_t asked = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		describe(rows[i].op, text, sizeof(text) - 1);
		assert_int_equal(event.fixed_size, rows[i].size);
		assert_true(event.fixed_size <= sizeof(message.fixed));
		assert_true(event.handle_count <= KX_KCALL_HANDLES);
	}
	for (uint32_t op = 0; op < 256; op++)
		asked += kx_kcall_name(op) != NULL;
	assert_int_equal(asked, sizeof(rows) / sizeof(*rows));
}

static void arguments_stand_where_they_are_declared(void **state)
{
	const kl_core_Handle_CreateUserObject_req *create = (const void *)message.fixed;
	const kl_core_Notice_SubscribeToObject_req *subscribe = (const void *)message.fixed;
	const kl_core_CM_Accept_req *accept = (const void *)message.fixed;

	(void)state;
	describe(KX_CALL_HANDLE_CREATE_USER_EX, NULL, 0);
	assert_true(create->type == 10 && create->rights == 11 && create->riid == 15);
	assert_int_equal(event.handles[0].offset,
			 offsetof(kl_core_Handle_CreateUserObject_req, channel));
	describe(KX_CALL_NOTICE_SUBSCRIBE, NULL, 0);
	assert_true(subscribe->mask == 12 && subscribe->id == (14ull << 32 | 13));
	assert_int_equal(event.handle_count, 2);
	assert_int_equal(event.handles[1].offset,
			 offsetof(kl_core_Notice_SubscribeToObject_req, object));
	describe(KX_CALL_CM_ACCEPT, text, sizeof(text) - 1);
	assert_string_equal(string(accept->client), "one");
	assert_string_equal(string(accept->service), "three");
	assert_int_equal(accept->rsid, 10);
}

static uint32_t handle_of(struct kx_task *owner, struct kx_object *object)
{
	struct kx_handle_spec spec = {.object = object, .rights = KX_RIGHT_ALL};
	struct kx_handle *handle;

	assert_int_equal(kx_handle_create(owner, &spec, &handle), KX_RC_OK);
	return handle->value;
}

/* Two tables may have the same number, of different resources. */
static void the_listener_of_a_connection_is_the_servers(void **state)
{
	struct kx_task *caller = make_task("caller");
	struct kx_task *server = make_task("server");
	uint32_t call_args[KX_CALL_ARGS] = {0};
	struct kx_listener *own;
	struct kx_listener *listener;

	(void)state;
	assert_int_equal(kx_listener_create(caller, "", &own), KX_RC_OK);
	assert_int_equal(kx_listener_create(server, "", &listener), KX_RC_OK);
	assert_int_equal(own->handle, listener->handle);
	call_args[0] = listener->handle;
	call_args[2] = handle_of(caller, &server->object);
	kx_kcall_describe(caller, kx_kcall_name(KX_CALL_HANDLE_CONNECT_EX), call_args, NULL, 0,
			  &message, &event);
	assert_int_equal(event.handles[0].sid, listener->object.sid);
	assert_int_equal(event.handles[2].sid, server->object.sid);
	call_args[2] = KX_HANDLE_INVALID; /* the caller itself */
	kx_kcall_describe(caller, kx_kcall_name(KX_CALL_HANDLE_CONNECT_EX), call_args, NULL, 0,
			  &message, &event);
	assert_int_equal(event.handles[0].sid, own->object.sid);
	call_args[2] = own->handle; /* no task */
	kx_kcall_describe(caller, kx_kcall_name(KX_CALL_HANDLE_CONNECT_EX), call_args, NULL, 0,
			  &message, &event);
	assert_int_equal(event.handles[0].sid, 0);
}

static void strings_that_did_not_come_are_empty(void **state)
{
	const kl_core_Task_Create_req *create = (const void *)message.fixed;
	const kl_core_Handle_Connect_req *connect = (const void *)message.fixed;

	(void)state;
	describe(KX_CALL_TASK_CREATE, text, sizeof(text) - 1);
	assert_string_equal(string(create->name), "three");
	assert_string_equal(string(create->path), "");
	describe(KX_CALL_TASK_CREATE, "on", 2); /* not even one: it has no end */
	assert_string_equal(string(create->eiid), "");
	describe(KX_CALL_TASK_CREATE, NULL, 0);
	assert_string_equal(string(create->eiid), "");
	describe(KX_CALL_HANDLE_CONNECT, NULL, 0);
	assert_string_equal(string(connect->name), "");
}

/* What policy was asked about is what is made. */
static void a_task_has_the_names_that_were_sent(void **state)
{
	static const char *const texts[] = {"x.C\0\0C", "x.C\0n\0", "\0n\0C"};
	static const size_t sizes[] = {7, 7, 5};
	struct kx_task *caller = make_task("caller");
	uint32_t none[KX_CALL_ARGS] = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_int_equal(call(caller, KX_CALL_TASK_CREATE, none, texts[i], sizes[i]),
				 KX_RC_INVALID_ARGUMENT);
	assert_int_equal(call(caller, KX_CALL_TASK_CREATE, none, "x.C\0n\0C", 8), KX_RC_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, kernel_setup, kernel_teardown)
		TEST(every_call_is_as_long_as_declared),
		TEST(arguments_stand_where_they_are_declared),
		TEST(the_listener_of_a_connection_is_the_servers),
		TEST(strings_that_did_not_come_are_empty),
		TEST(a_task_has_the_names_that_were_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
