/* SPDX-License-Identifier: Apache-2.0 */

/* Makes, connects, starts, awaits and ends processes. */

#include "../solution/check.h"

#include <string.h>

#include <coresrv/cm/cm_api.h>
#include <coresrv/handle/handle_api.h>
#include <coresrv/handle/notice_api.h>
#include <coresrv/task/task_api.h>
#include <env/env.h>
#include <kos/task.h>

#include "kx_calls.h"
#include "rt.h"

static KosTask *child(const char *what)
{
	const KosTaskInfo info = {.eiid = "Child"};
	KosTask *task = KosTaskInitEx(&info, what, "Child");
	char text[32];
	const char *args[] = {"Child", what, NULL};
	const char *envs[] = {text, NULL};

	snprintf(text, sizeof(text), "CHILD=%s", what);
	CHECK(task != RTL_NULL);
	CHECK_RC(KosTaskSetArgs(task, args), rcOk);
	CHECK_RC(KosTaskSetEnv(task, envs), rcOk);
	return task;
}

static void children_talk_and_end(void)
{
	KosTask *server = child("serve");
	KosTask *client = child("ask");
	rtl_uint32_t code = 0;

	CHECK_RC(KosTaskConnectToService(client, server, "children"), rcOk);
	CHECK_RC(KosTaskConnectToService(client, server, "children"), rcAlreadyExists);
	CHECK_RC(KosTaskConnect(client, server), rcOk); /* named "serve" */
	CHECK_RC(KosTaskConnectToService(client, KosTaskGetSelf(), "up"), rcInvalidOperation);
	CHECK_RC(KosTaskRun(server), rcOk);
	CHECK_RC(KosTaskRun(client), rcOk);
	CHECK(KosTaskGetId(client) != KosTaskGetId(server) && KosTaskGetId(server) > 0);
	CHECK_RC(KosTaskWait(client, WAIT_MS, &code), rcOk);
	CHECK(code == 4);
	CHECK_RC(KosTaskWait(server, WAIT_MS, &code), rcOk);
	CHECK(code == 3);
	KosTaskPut(client);
	KosTaskPut(server);
}

static void a_child_can_be_ended(void)
{
	KosTask *first = child("first");
	KosTask *second = child("second");
	rtl_uint32_t code = 0;

	CHECK_RC(KosTaskRun(first), rcOk);
	CHECK_RC(KosTaskWait(first, 20, &code), rcTimeout);
	CHECK_RC(KosTaskStop(first), rcOk);
	CHECK_RC(KosTaskWait(first, WAIT_MS, &code), rcOk);
	CHECK_RC(KosTaskRun(second), rcOk);
	CHECK_RC(EntityStopAndWait(second, WAIT_MS, &code), rcOk);
	CHECK_RC(EntityStop(second), rcOk);
	EntityPut(first);
	EntityPut(second);
}

static void a_child_can_be_ended_by_its_handle(void)
{
	KosTask *task = child("third");
	Handle handle = KosTaskGetHandle(task);
	EventDesc event = {0, 0};
	rtl_size_t count = 0;
	rtl_uint32_t code = 0;
	Notice notice;

	CHECK(handle != INVALID_HANDLE && handle == EntityGetHandle(task));
	CHECK_RC(KnNoticeCreate(&notice), rcOk);
	CHECK_RC(KnNoticeSubscribeToObject(notice, handle, EVENT_TASK_COMPLETED, 1), rcOk);
	CHECK_RC(KosTaskRun(task), rcOk);
	CHECK_RC(KnTaskWait(handle, 20, &code), rcTimeout);
	CHECK_RC(KnTaskTerminate(handle, 77), rcOk);
	CHECK_RC(KnTaskWait(handle, WAIT_MS, &code), rcOk);
	CHECK(code == 77);
	CHECK_RC(KnNoticeGetEvent(notice, WAIT_MS, 1, &event, &count), rcOk);
	CHECK(count == 1 && event.eventMask == EVENT_TASK_COMPLETED);
	CHECK_RC(KnNoticeRelease(notice), rcOk);
	KosTaskPut(task);
	CHECK_RC(KnTaskWait(handle, 0, &code), rcInvalidArgument);
}

/* A channel without a name: the child learns its listener's handle from an argument. */
static void a_child_can_be_given_a_channel(void)
{
	KosTask *task = child("given");
	Handle handle = KosTaskGetHandle(task);
	Handle listener;
	Handle server;
	Handle client;
	char text[16];
	const char *args[] = {"Child", "given", text, NULL};
	rtl_uint32_t code = 0;

	CHECK_RC(KnHandleConnectEx(INVALID_HANDLE, INVALID_HANDLE, INVALID_HANDLE, &listener,
				   &server, &client),
		 rcInvalidArgument);
	CHECK_RC(KnHandleConnectEx(handle, 5, INVALID_HANDLE, &listener, &server, &client),
		 rcInvalidArgument);
	CHECK_RC(KnHandleConnectEx(handle, INVALID_HANDLE, INVALID_HANDLE, &listener, &server,
				   &client),
		 rcOk);
	snprintf(text, sizeof(text), "%u", listener);
	CHECK_RC(KosTaskSetArgs(task, args), rcOk);
	CHECK_RC(KosTaskRun(task), rcOk);
	CHECK_RC(KnHandleConnectEx(handle, INVALID_HANDLE, INVALID_HANDLE, RTL_NULL, RTL_NULL,
				   RTL_NULL),
		 rcInvalidOperation);
	CHECK(call_with(client, 6) == 7);
	CHECK_RC(KosTaskWait(task, WAIT_MS, &code), rcOk);
	CHECK(code == 3);
	KosTaskPut(task);
	CHECK_RC(KnHandleClose(client), rcOk);
}

/* Nobody answers it: it does not come to its main, nor do its clients come to its files. */
static void a_silent_env_program_holds_up_its_clients_only(void)
{
	const KosTaskInfo info = {.eiid = "kl.VfsLate"};
	KosTask *vfs = KosTaskInitEx(&info, "late", "Child");
	KosTask *silent = child("silent");
	KosTask *reader = child("read");
	rtl_uint32_t code = 0;

	CHECK_RC(KosTaskConnectToService(vfs, silent, ENV_SERVICE_NAME), rcOk);
	CHECK_RC(KosTaskConnectToService(reader, vfs, "files"), rcOk);
	CHECK_RC(KosTaskRun(silent), rcOk);
	CHECK_RC(KosTaskRun(vfs), rcOk);
	CHECK_RC(KosTaskRun(reader), rcOk);
	CHECK_RC(KosTaskWait(reader, 100, &code), rcTimeout);
	CHECK_RC(KosTaskStop(vfs), rcOk);
	CHECK_RC(KosTaskWait(reader, WAIT_MS, &code), rcOk);
	CHECK(code == 5);
	CHECK_RC(KosTaskStop(silent), rcOk);
	KosTaskPut(vfs);
	KosTaskPut(silent);
	KosTaskPut(reader);
}

static Retcode say(uint32_t op)
{
	static const char text[] = "VFS_FILESYSTEM_BACKEND=x";
	uint32_t args[KX_CALL_ARGS] = {0};

	return kx_rt_kcall(op, args, text, op == KX_CALL_TASK_TOLD ? 0 : sizeof(text), NULL, NULL);
}

/* This process was connected to none, and a channel of that name made later is no connection. */
static void only_who_asks_an_env_program_was_told(void)
{
	KosTask *server = child("accept");
	Handle handle = INVALID_HANDLE;
	rtl_uint32_t code = 0;
	rtl_uint32_t riid;

	for (int round = 0; round < 2; round++) {
		CHECK_RC(say(KX_CALL_TASK_TOLD_ARGS), rcInvalidOperation);
		CHECK_RC(say(KX_CALL_TASK_TOLD_ENV), rcInvalidOperation);
		CHECK_RC(say(KX_CALL_TASK_TOLD), rcInvalidOperation);
		if (round == 1)
			break;
		CHECK_RC(KosTaskRun(server), rcOk);
		CHECK_RC(KnCmConnect("accept", ENV_SERVICE_NAME, WAIT_MS, &handle, &riid), rcOk);
	}
	CHECK_RC(KosTaskWait(server, 0, &code), rcTimeout);
	CHECK_RC(KnHandleClose(handle), rcOk);
	CHECK_RC(KosTaskStop(server), rcOk);
	KosTaskPut(server);
}

static void what_is_none_is_refused(void)
{
	const KosTaskInfo nothing = {.eiid = "Nobody"};

	KosTask *nobody = KosTaskInit(&nothing);

	CHECK_RC(KosTaskRun(nobody), rcFail); /* there is no program of that name */
	KosTaskPut(nobody);
	CHECK(KosTaskInit(RTL_NULL) == RTL_NULL);
	CHECK(KosTaskGetHandle(RTL_NULL) == INVALID_HANDLE);
	CHECK(KosTaskGetId(RTL_NULL) == 0);
	CHECK_RC(KosTaskRun(RTL_NULL), rcInvalidArgument);
	CHECK_RC(KosTaskWait(KosTaskGetSelf(), 0, RTL_NULL), rcInvalidOperation);
	CHECK_RC(KosTaskStop(KosTaskGetSelf()), rcInvalidOperation);
	KosTaskPut(KosTaskGetSelf());
	KosTaskPut(RTL_NULL);
}

int main(void)
{
	children_talk_and_end();
	a_child_can_be_ended();
	a_child_can_be_ended_by_its_handle();
	a_child_can_be_given_a_channel();
	a_silent_env_program_holds_up_its_clients_only();
	only_who_asks_an_env_program_was_told();
	what_is_none_is_refused();
	fprintf(stderr, "starter: all well\n");
	return 0;
}
