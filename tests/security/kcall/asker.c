/* SPDX-License-Identifier: Apache-2.0 */

/* Kernel calls in pairs: one that security.psl grants, and one that it denies by an argument. */

#include "../../coresrv/solution/check.h"

#include <string.h>

#include <coresrv/cm/cm_api.h>
#include <coresrv/entity/entity_api.h>
#include <coresrv/fs/fs_api.h>
#include <coresrv/handle/handle_api.h>
#include <coresrv/handle/notice_api.h>
#include <coresrv/task/task_api.h>
#include <coresrv/vmm/vmm_api.h>

#include "kx_calls.h"
#include "rt.h"

#define TYPE   HANDLE_TYPE_USER_FIRST
#define RIGHTS OCAP_USER_FULL

static void handles(void)
{
	Handle listener;
	Handle server;
	Handle client;
	Handle object;
	Handle copy;
	rtl_uint32_t sid;

	CHECK_RC(KnHandleCreateUserObject(TYPE + 5, RIGHTS, RTL_NULL, &object), rcSecurityDisallow);
	CHECK_RC(KnHandleCreateUserObject(TYPE, 7, RTL_NULL, &object), rcSecurityDisallow);
	CHECK_RC(KnHandleConnect(INVALID_HANDLE, &listener, &server, &client), rcOk);
	CHECK_RC(KnHandleCreateUserObjectEx(TYPE, RIGHTS, RTL_NULL, 4711, 9, &object),
		 rcSecurityDisallow);
	CHECK_RC(KnHandleCreateUserObjectEx(TYPE, RIGHTS, RTL_NULL, server, 9, &object), rcOk);
	CHECK_RC(KnHandleCreateUserObject(TYPE, RIGHTS, RTL_NULL, &object), rcOk);
	CHECK_RC(KnHandleCopy(object, 3, INVALID_HANDLE, &copy), rcSecurityDisallow);
	CHECK_RC(KnHandleCopy(object, 1, INVALID_HANDLE, &copy), rcOk);
	CHECK_RC(KnHandleCopy(copy, 1, INVALID_HANDLE, &copy), rcSecurityDisallow);
	CHECK_RC(KnHandleRevokeSubtree(object, INVALID_HANDLE), rcSecurityDisallow);
	CHECK_RC(KnHandleGetSidByHandle(4711, &sid), rcSecurityDisallow);
	CHECK_RC(KnHandleGetSidByHandle(object, &sid), rcOk);
	/* Another handle of the resource whose SID the policy has; and another resource. */
	CHECK_RC(KnHandleCopy(object, RIGHTS, INVALID_HANDLE, &copy), rcOk);
	CHECK_RC(KnHandleRevoke(copy), rcOk);
	CHECK_RC(KnHandleRevoke(client), rcSecurityDisallow);
}

static void tasks(void)
{
	const EntityInfo child = {.eiid = "kcall.Child"};
	const EntityInfo other = {.eiid = "kcall.Asker"};
	Entity *one = EntityInitEx(&child, "one", "Child");
	Entity *two = EntityInitEx(&child, "two", "Child");

	CHECK(one && two);
	CHECK(!EntityInitEx(&other, "three", "Child"));
	CHECK(!EntityInitEx(&child, "bad", "Child"));
	CHECK(!EntityInitEx(&child, "four", "Asker"));
	/* The policy sees the names that a task has, not that they were left out. */
	CHECK(!EntityInit(&child));
	CHECK(!EntityInitEx(&child, "", "Child"));
	CHECK(EntityInitEx(&child, "five", RTL_NULL));
	CHECK(EntityInitEx(&child, "six", ""));
	CHECK_RC(EntityConnectToService(one, two, "secret"), rcSecurityDisallow);
	CHECK_RC(EntityConnectToService(one, two, "known"), rcOk);
	CHECK_RC(EntityRun(two), rcOk);
	CHECK_RC(KnTaskTerminate(EntityGetHandle(two), 6), rcSecurityDisallow);
	CHECK_RC(KnTaskTerminate(EntityGetHandle(two), 5), rcOk);
	CHECK_RC(EntityWait(two, WAIT_MS, RTL_NULL), rcOk);
}

static void what_an_env_program_gave(void)
{
	uint32_t args[KX_CALL_ARGS] = {0};

	CHECK_RC(kx_rt_kcall(KX_CALL_TASK_TOLD_ENV, args, "A=B", 4, RTL_NULL, RTL_NULL),
		 rcSecurityDisallow);
	CHECK_RC(kx_rt_kcall(KX_CALL_TASK_TOLD_ARGS, args, "A", 2, RTL_NULL, RTL_NULL),
		 rcSecurityDisallow);
	CHECK_RC(kx_rt_kcall(KX_CALL_TASK_TOLD, args, RTL_NULL, 0, RTL_NULL, RTL_NULL),
		 rcInvalidOperation);
}

static void channels(void)
{
	rtl_uint32_t riid;
	Handle handle;

	CHECK_RC(KnCmConnect("kcall.Child", "service", 0, &handle, &riid), rcSecurityDisallow);
	CHECK_RC(KnCmConnect("kcall.Asker", "secret", 0, &handle, &riid), rcSecurityDisallow);
	CHECK_RC(KnCmConnect("kcall.Asker", "service", 1000, &handle, &riid), rcSecurityDisallow);
	CHECK_RC(KnCmConnect("kcall.Asker", "service", 20, &handle, &riid), rcTimeout);
	CHECK_RC(KnCmAccept("nobody", "service", 8, INVALID_HANDLE, &handle), rcSecurityDisallow);
	CHECK_RC(KnCmAccept("nobody", "service", 7, INVALID_HANDLE, &handle), rcResourceNotFound);
}

static void memory_and_notices(void)
{
	const rtl_uintptr_t id = 0x100000002UL;
	Handle object;
	Handle mdl;
	Notice notice;

	CHECK_RC(KnPmmMdlCreate(65536 + 1, 0, &mdl), rcSecurityDisallow);
	CHECK_RC(KnPmmMdlCreate(65536, 0, &mdl), rcOk);
	CHECK_RC(KnHandleCreateUserObject(TYPE, RIGHTS, RTL_NULL, &object), rcOk);
	CHECK_RC(KnNoticeCreate(&notice), rcOk);
	CHECK_RC(KnNoticeSubscribeToObject(notice, object, 0x10000, 2), rcSecurityDisallow);
	CHECK_RC(KnNoticeSubscribeToObject(notice, object, 0x20000, id), rcSecurityDisallow);
	CHECK_RC(KnNoticeSubscribeToObject(notice, object, 0x10000, id), rcOk);
	CHECK_RC(KnNoticeSetObjectEvent(object, 0x20000), rcSecurityDisallow);
	CHECK_RC(KnNoticeSetObjectEvent(object, 0x10000), rcOk);
}

/* No call is asked about here: they are the image's, and read by the process itself. */
static void files_of_the_image(void)
{
	char text[kl_core_FS_SectorSize];
	char name[kl_core_FS_NameSize];
	rtl_size_t size = 0;
	rtl_size_t count = 0;
	rtl_size_t index = 5;
	Handle file;

	CHECK_RC(KnFsOpen("note.txt", &file), rcOk);
	CHECK_RC(KnFsRead(file, 0, text, &size), rcOk);
	CHECK(size == 6 && memcmp(text, "words\n", size) == 0);
	CHECK_RC(KnFsCountFiles(&count), rcOk);
	CHECK(count == 1);
	CHECK_RC(KnFsGetFileInfo(0, name, &size), rcOk);
	CHECK(strcmp(name, "note.txt") == 0 && size == 6);
	CHECK_RC(KnFsGetFileId(file, &index), rcOk);
	CHECK(index == 0);
	CHECK_RC(KnFsClose(file), rcOk);
}

int main(void)
{
	files_of_the_image();
	handles();
	tasks();
	what_an_env_program_gave();
	channels();
	memory_and_notices();
	fprintf(stderr, "asker: all well\n");
	return 0;
}
