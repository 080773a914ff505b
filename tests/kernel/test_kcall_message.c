/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Kernel calls as messages (kernel/calls/kcall_message.h) are laid out as the interfaces say
 * that the SDK installs: by the headers that nk-gen-c makes of those.
 */

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <env/env.h>
#include <kl/core/Audit.idl.h>
#include <kl/core/CM.idl.h>
#include <kl/core/Handle.idl.h>
#include <kl/core/Notice.idl.h>
#include <kl/core/Task.idl.h>
#include <kl/core/Thread.idl.h>
#include <kl/core/VMM.idl.h>
#include <nk/arena.h>
#include <rtl/retcode.h>

#include "kcall_message.h"
#include "kernel_fixture.h"
#include "kx_rc.h"
#include "listener.h"

/* Return codes are those of the public header. */
#define SAME(ours, public) _Static_assert((Retcode)(ours) == (public), #ours " is " #public)
SAME(KX_RC_OK, rcOk);
SAME(KX_RC_INVALID_ARGUMENT, rcInvalidArgument);
SAME(KX_RC_NOT_CONNECTED, rcNotConnected);
SAME(KX_RC_OUT_OF_MEMORY, rcOutOfMemory);
SAME(KX_RC_BUFFER_TOO_SMALL, rcBufferTooSmall);
SAME(KX_RC_INTERNAL_ERROR, rcInternalError);
SAME(KX_RC_TRANSFER_ERROR, rcTransferError);
SAME(KX_RC_IPC_INTERRUPT, rcIpcInterrupt);
SAME(KX_RC_FAIL, rcFail);
SAME(KX_RC_NO_CAPABILITY, rcNoCapability);
SAME(KX_RC_NOT_READY, rcNotReady);
SAME(KX_RC_UNIMPLEMENTED, rcUnimplemented);
SAME(KX_RC_BUFFER_TOO_LARGE, rcBufferTooLarge);
SAME(KX_RC_BUSY, rcBusy);
SAME(KX_RC_RESOURCE_NOT_FOUND, rcResourceNotFound);
SAME(KX_RC_TIMEOUT, rcTimeout);
SAME(KX_RC_SECURITY_DISALLOW, rcSecurityDisallow);
SAME(KX_RC_ABORT, rcAbort);
SAME(KX_RC_ALREADY_EXISTS, rcAlreadyExists);
SAME(KX_RC_INVALID_OPERATION, rcInvalidOperation);
SAME(KX_RC_HANDLE_REVOKED, rcHandleRevoked);
SAME(KX_RC_QUOTA_EXCEEDED, rcQuotaExceeded);

enum kind { END_OF_ROW, HANDLE, SERVERS_HANDLE, NUMBER, WIDE, TEXT };

#define NONE UINT_MAX

/* A parameter as the interface declares it, and which argument or string it is. */
struct field {
	size_t offset;
	enum kind kind;
	unsigned from;
};

#define FIELD(kind, method, member, from)                                                          \
	{                                                                                          \
		offsetof(kl_core_##method##_req, member), kind, from                               \
	}
#define H(...) FIELD(HANDLE, __VA_ARGS__)
#define S(...) FIELD(SERVERS_HANDLE, __VA_ARGS__)
#define U(...) FIELD(NUMBER, __VA_ARGS__)
#define L(...) FIELD(WIDE, __VA_ARGS__)
#define T(...) FIELD(TEXT, __VA_ARGS__)
#define END                                                                                        \
	{                                                                                          \
		0, END_OF_ROW, 0                                                                   \
	}
#define ROW(op, method, ...)                                                                       \
	{                                                                                          \
		KX_CALL_##op, sizeof(kl_core_##method##_req),                                      \
		{                                                                                  \
			__VA_ARGS__                                                                \
		}                                                                                  \
	}

/* By abi/kx_calls.h and sdk/sysroot/include/kl/core, not by the table that is tested. */
static const struct row {
	uint32_t op;
	size_t size;
	struct field fields[5]; /* and an END */
} rows[] = {
	ROW(HANDLE_CLOSE, Handle_Close, H(Handle_Close, handle, 0)),
	ROW(HANDLE_COPY, Handle_Copy, H(Handle_Copy, handle, 0), U(Handle_Copy, rights, 1),
	    H(Handle_Copy, badge, 2)),
	ROW(HANDLE_REVOKE, Handle_Revoke, H(Handle_Revoke, handle, 0)),
	ROW(HANDLE_REVOKE_SUBTREE, Handle_RevokeSubtree, H(Handle_RevokeSubtree, handle, 0),
	    H(Handle_RevokeSubtree, badge, 1)),
	ROW(HANDLE_CREATE_USER, Handle_CreateUserObject, U(Handle_CreateUserObject, type, 0),
	    U(Handle_CreateUserObject, rights, 1), H(Handle_CreateUserObject, channel, NONE),
	    U(Handle_CreateUserObject, riid, NONE)),
	ROW(HANDLE_CREATE_USER_EX, Handle_CreateUserObject, U(Handle_CreateUserObject, type, 0),
	    U(Handle_CreateUserObject, rights, 1), H(Handle_CreateUserObject, channel, 4),
	    U(Handle_CreateUserObject, riid, 5)),
	ROW(HANDLE_CREATE_BADGE, Handle_CreateBadge, H(Handle_CreateBadge, notice, 0),
	    L(Handle_CreateBadge, eventId, 1)),
	ROW(HANDLE_GET_SID, Handle_GetSidByHandle, H(Handle_GetSidByHandle, handle, 0)),
	ROW(HANDLE_CONNECT, Handle_Connect, H(Handle_Connect, listener, 0),
	    H(Handle_Connect, client, NONE), H(Handle_Connect, server, NONE),
	    T(Handle_Connect, name, NONE)),
	ROW(HANDLE_CONNECT_EX, Handle_Connect, S(Handle_Connect, listener, 0),
	    H(Handle_Connect, client, 1), H(Handle_Connect, server, 2),
	    T(Handle_Connect, name, NONE)),
	ROW(TASK_CREATE, Task_Create, T(Task_Create, eiid, 0), T(Task_Create, name, 1),
	    T(Task_Create, path, 2), U(Task_Create, flags, 0)),
	ROW(TASK_ENV, Task_SetEnv, H(Task_SetEnv, task, 0)),
	ROW(TASK_TOLD_ARGS, Task_SetEnv, H(Task_SetEnv, task, NONE)),
	ROW(TASK_TOLD_ENV, Task_SetEnv, H(Task_SetEnv, task, NONE)),
	ROW(TASK_CONNECT, Handle_Connect, H(Handle_Connect, listener, NONE),
	    H(Handle_Connect, client, 0), H(Handle_Connect, server, 1), T(Handle_Connect, name, 0)),
	ROW(TASK_RUN, Task_Resume, H(Task_Resume, task, 0)),
	ROW(TASK_WAIT, Task_GetExitInfo, H(Task_GetExitInfo, task, 0),
	    U(Task_GetExitInfo, msecs, 1)),
	ROW(TASK_STOP, Task_Terminate, H(Task_Terminate, task, 0), U(Task_Terminate, exitCode, 1)),
	ROW(TASK_ID, Task_GetPid, H(Task_GetPid, task, 0)),
	ROW(CM_CONNECT, CM_Connect, T(CM_Connect, server, 0), T(CM_Connect, service, 1),
	    U(CM_Connect, msecs, 0)),
	ROW(CM_LISTEN, CM_Listen, U(CM_Listen, msecs, 0)),
	ROW(CM_ACCEPT, CM_Accept, T(CM_Accept, client, 0), T(CM_Accept, service, 1),
	    U(CM_Accept, rsid, 0), H(CM_Accept, listener, 1)),
	ROW(CM_DROP, CM_Drop, T(CM_Drop, client, 0), T(CM_Drop, service, 1)),
	ROW(NOTICE_CREATE, Notice_Create, END),
	ROW(NOTICE_SUBSCRIBE, Notice_SubscribeToObject, H(Notice_SubscribeToObject, notice, 0),
	    H(Notice_SubscribeToObject, object, 1), U(Notice_SubscribeToObject, mask, 2),
	    L(Notice_SubscribeToObject, id, 3)),
	ROW(NOTICE_UNSUBSCRIBE, Notice_UnsubscribeFromObject,
	    H(Notice_UnsubscribeFromObject, notice, 0), H(Notice_UnsubscribeFromObject, object, 1),
	    L(Notice_UnsubscribeFromObject, id, 2)),
	ROW(NOTICE_SET, Notice_SetObjectEvent, H(Notice_SetObjectEvent, object, 0),
	    U(Notice_SetObjectEvent, mask, 1)),
	ROW(NOTICE_GET, Notice_GetEvent, H(Notice_GetEvent, notice, 0),
	    U(Notice_GetEvent, msecs, 1), U(Notice_GetEvent, countMax, 2)),
	ROW(NOTICE_DROP, Notice_DropAndWake, H(Notice_DropAndWake, notice, 0)),
	ROW(MEMORY_CREATE, VMM_MdlCreate, L(VMM_MdlCreate, size, 0), U(VMM_MdlCreate, flags, 2)),
	ROW(MEMORY_MAP, VMM_MdlMap, H(VMM_MdlMap, mdl, 0), U(VMM_MdlMap, flags, 1)),
	ROW(MEMORY_SIZE, VMM_MdlGetSize, H(VMM_MdlGetSize, mdl, 0)),
	ROW(THREAD, Thread_Create, END),
	ROW(AUDIT_READ, Audit_Read, U(Audit_Read, msecs, 0)),
	ROW(AUDIT_OPEN, Audit_Open, T(Audit_Open, name, 0)),
	ROW(AUDIT_CLOSE, Audit_Close, END),
};

static const uint32_t args[KX_CALL_ARGS] = {10, 11, 12, 13, 14, 15, 16, 17};
static const char text[] = "one\0three\0five\0";
static const char *const strings[] = {"one", "three", "five"};

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

/* A caller that has a task for each argument, each by a handle of other rights. */
static struct {
	struct kx_task *caller;
	struct kx_task *targets[KX_CALL_ARGS];
	uint32_t handles[KX_CALL_ARGS];
	struct kx_listener *listener; /* of target 2, by a handle equal to handles[0] */
} world;

static uint32_t handle_of(struct kx_task *owner, struct kx_object *object, uint32_t rights)
{
	struct kx_handle_spec spec = {.object = object, .rights = rights};
	struct kx_handle *handle;

	assert_int_equal(kx_handle_create(owner, &spec, &handle), KX_RC_OK);
	return handle->value;
}

static void make_world(void)
{
	char name[] = "target 0";

	world.caller = make_task("caller");
	for (unsigned i = 0; i < KX_CALL_ARGS; i++, name[sizeof(name) - 2]++) {
		world.targets[i] = make_task(name);
		world.handles[i] = handle_of(world.caller, &world.targets[i]->object, i + 1);
	}
	assert_int_equal(kx_listener_create(world.targets[2], "", &world.listener), KX_RC_OK);
	assert_int_equal(world.listener->handle, world.handles[0]);
}

static bool is_handle(const struct field *field)
{
	return field->kind == HANDLE || field->kind == SERVERS_HANDLE;
}

static unsigned count_fields(const struct row *row)
{
	unsigned count = 0;

	while (row->fields[count].kind != END_OF_ROW)
		count++;
	return count;
}

static void check_handle(const struct field *field, const struct kx_event_handle *told)
{
	assert_int_equal(told->offset, field->offset);
	if (field->kind == SERVERS_HANDLE) {
		assert_int_equal(told->sid, world.listener->object.sid);
	} else if (field->from == NONE) {
		assert_int_equal(told->sid, 0);
		assert_int_equal(told->rights, 0);
	} else {
		assert_int_equal(told->sid, world.targets[field->from]->object.sid);
		assert_int_equal(told->rights, field->from + 1);
	}
}

static void check_value(const struct field *field)
{
	const void *at = message.fixed + field->offset;
	uint64_t wide;
	nk_ptr_t ptr;

	if (field->kind == TEXT) {
		memcpy(&ptr, at, sizeof(ptr));
		assert_string_equal(string(ptr), field->from == NONE ? "" : strings[field->from]);
	} else if (field->kind == NUMBER) {
		assert_int_equal(*(const uint32_t *)at,
				 field->from == NONE ? 0 : args[field->from]);
	} else {
		memcpy(&wide, at, sizeof(wide));
		assert_int_equal(wide, args[field->from] | (uint64_t)args[field->from + 1] << 32);
	}
}

static void check_row(const struct row *row)
{
	const struct kx_kcall_name *name = kx_kcall_name(row->op);
	uint32_t given[KX_CALL_ARGS];
	unsigned handles = 0;
	bool text_comes = false;

	assert_int_equal(strlen(name->params), 2 * count_fields(row));
	memcpy(given, args, sizeof(given));
	for (const struct field *field = row->fields; field->kind != END_OF_ROW; field++)
		if (is_handle(field) && field->from != NONE)
			given[field->from] = world.handles[field->from];
	kx_kcall_describe(world.caller, name, given, text, sizeof(text) - 1, &message, &event);
	assert_int_equal(event.fixed_size, row->size);
	assert_true(event.fixed_size <= sizeof(message.fixed));
	for (const struct field *field = row->fields; field->kind != END_OF_ROW; field++)
		if (is_handle(field))
			check_handle(field, &event.handles[handles++]);
		else
			check_value(field);
	for (const struct field *field = row->fields; field->kind != END_OF_ROW; field++)
		text_comes |= field->kind == TEXT && field->from != NONE;
	assert_int_equal(kx_kcall_has_text(name), text_comes);
	assert_int_equal(event.handle_count, handles);
	assert_true(handles <= KX_KCALL_HANDLES);
}

static void every_call_is_as_declared(void **state)
{
	size_t asked = 0;

	(void)state;
	make_world();
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		check_row(&rows[i]);
	for (uint32_t op = 0; op < 256; op++)
		asked += kx_kcall_name(op) != NULL;
	assert_int_equal(asked, sizeof(rows) / sizeof(*rows));
}

static uint32_t listener_told(uint32_t server)
{
	const uint32_t given[KX_CALL_ARGS] = {world.handles[0], world.handles[1], server};

	kx_kcall_describe(world.caller, kx_kcall_name(KX_CALL_HANDLE_CONNECT_EX), given, NULL, 0,
			  &message, &event);
	return event.handles[0].sid;
}

/* Two tables may have the same number, of different resources. */
static void the_listener_of_a_connection_is_the_servers(void **state)
{
	(void)state;
	make_world();
	assert_int_equal(listener_told(world.handles[2]), world.listener->object.sid);
	assert_int_equal(listener_told(KX_HANDLE_INVALID), world.targets[0]->object.sid);
	assert_int_equal(listener_told(world.handles[3]), 0); /* that has none */
	assert_int_equal(listener_told(4711), 0);             /* that is none */
}

static void strings_that_did_not_come_are_empty(void **state)
{
	static const char two[] = "one\0three\0";
	const kl_core_Task_Create_req *create = (const void *)message.fixed;
	const kl_core_Handle_Connect_req *connect = (const void *)message.fixed;

	(void)state;
	describe(KX_CALL_TASK_CREATE, two, sizeof(two) - 1);
	assert_string_equal(string(create->name), "three");
	assert_string_equal(string(create->path), "");
	describe(KX_CALL_TASK_CREATE, "on", 2); /* not even one: it has no end */
	assert_string_equal(string(create->eiid), "");
	describe(KX_CALL_TASK_CREATE, NULL, 0);
	assert_string_equal(string(create->eiid), "");
	describe(KX_CALL_HANDLE_CONNECT, NULL, 0);
	assert_string_equal(string(connect->name), "");
}

/* Two headers name it: the kernel process looks for what programs and init.yaml have. */
static void the_channel_to_an_env_program_has_one_name(void **state)
{
	(void)state;
	assert_string_equal(KX_ENV_CHANNEL, ENV_SERVICE_NAME);
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
		TEST(every_call_is_as_declared),
		TEST(the_listener_of_a_connection_is_the_servers),
		TEST(strings_that_did_not_come_are_empty),
		TEST(a_task_has_the_names_that_were_sent),
		TEST(the_channel_to_an_env_program_has_one_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
