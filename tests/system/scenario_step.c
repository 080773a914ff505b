/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Parts that stop themselves before and after one operation, so that a tracer may go
 * through it instruction by instruction (C-04) or end them in between: OP of the
 * environment says which.
 */

#include <coresrv/entity/entity_api.h>
#include <coresrv/handle/notice_api.h>
#include <coresrv/vmm/vmm_api.h>
#include <signal.h>

#include "scenario.h"

static void stop_here(void)
{
	(void)raise(SIGSTOP);
}

static bool op_is(const char *name)
{
	return strcmp(getenv("OP"), name) == 0;
}

static Retcode do_op(Handle handle)
{
	if (op_is("asked"))
		return call_number(handle, ASKED, 5, INFINITE_TIMEOUT, INVALID_HANDLE);
	if (op_is("bytes"))
		return call_bytes(handle, 300);
	if (op_is("give"))
		return call_give(handle);
	if (op_is("take"))
		return call_take(handle);
	return call_number(handle, ECHO, 5, INFINITE_TIMEOUT, INVALID_HANDLE);
}

static void step_client(void)
{
	Handle handle = INVALID_HANDLE;

	if (!op_is("connect"))
		handle = client_handle();
	/* "open" is the first call, which makes the region. */
	if (!op_is("connect") && !op_is("open"))
		for (int i = 0; i < 2; i++) {
			CHECK_RC(call_number(handle, ECHO, 1, INFINITE_TIMEOUT, INVALID_HANDLE),
				 rcOk);
			CHECK_RC(call_number(handle, ASKED, 1, INFINITE_TIMEOUT, INVALID_HANDLE),
				 rcOk);
		}
	stop_here();
	if (op_is("exit"))
		exit(0);
	if (op_is("connect"))
		handle = client_handle();
	else
		CHECK_RC(do_op(handle), rcOk);
	stop_here();
	_exit(0);
}

/* One Recv and one Reply; the request may be on its way already. */
static void step_server(void)
{
	Handle handle = server_handle();

	serve(handle, 1);
	stop_here();
	serve(handle, 1);
	stop_here();
	_exit(0);
}

/* After all deaths: the rest must be as if nothing had been. */
static void probe_client(void)
{
	Handle handle = client_handle();

	stop_here();
	for (nk_uint64_t i = 0; i < 4; i++) {
		CHECK_RC(call_number(handle, ECHO, 100 + i, INFINITE_TIMEOUT, INVALID_HANDLE),
			 rcOk);
		CHECK_RC(call_number(handle, ASKED, 100 + i, INFINITE_TIMEOUT, INVALID_HANDLE),
			 rcOk);
		CHECK_RC(call_give(handle), rcOk);
	}
}

static void no_server(void)
{
	serve(server_handle(), 0);
}

/* --- a client that is refused now and then (K-04, K-05) ------------------------------------ */

static Retcode echo_once(Handle handle)
{
	return call_number(handle, ECHO, 7, INFINITE_TIMEOUT, INVALID_HANDLE);
}

static Retcode asked_once(Handle handle)
{
	return call_number(handle, ASKED, 7, 5000, INVALID_HANDLE);
}

/* What the policy denies, which is put on record. */
static Retcode be_denied(Handle handle)
{
	Retcode rc = call_number(handle, ASKED, 13, INFINITE_TIMEOUT, INVALID_HANDLE);

	CHECK(rc != rcOk);
	return rc == rcSecurityDisallow ? rcOk : rc;
}

static Retcode some_bytes(Handle handle)
{
	return call_bytes(handle, 20000);
}

static Retcode copy_a_handle(Handle handle)
{
	Handle object;
	Handle copy;
	Retcode rc;

	(void)handle;
	rc = KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, OCAP_HANDLE_COPY, NULL, &object);
	if (rc != rcOk)
		return rc;
	rc = KnHandleCopy(object, OCAP_HANDLE_COPY, INVALID_HANDLE, &copy);
	if (rc == rcOk)
		rc = KnHandleRevoke(object);
	(void)KnHandleClose(object);
	return rc;
}

static Retcode take_notice(Handle handle)
{
	rtl_size_t count = 0;
	EventDesc events[2];
	Notice notice;
	Handle object;
	Retcode rc;

	(void)handle;
	rc = KnNoticeCreate(&notice);
	if (rc != rcOk)
		return rc;
	rc = KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, 0xffffffffu, NULL, &object);
	if (rc == rcOk) {
		rc = KnNoticeSubscribeToObject(notice, object, 0x10000u, 1);
		if (rc == rcOk)
			rc = KnNoticeSetObjectEvent(object, 0x10000u);
		if (rc == rcOk)
			rc = KnNoticeGetEvent(notice, 2000, 2, events, &count);
		if (rc == rcOk && count != 1)
			rc = rcFail;
		(void)KnHandleClose(object);
	}
	(void)KnNoticeRelease(notice);
	return rc;
}

static Retcode map_memory(Handle handle)
{
	Handle memory;
	Retcode rc;

	(void)handle;
	rc = KnPmmMdlCreate(8192, 0, &memory);
	if (rc == rcOk)
		(void)KnHandleClose(memory);
	return rc;
}

static Retcode start_another(Handle handle)
{
	static const EntityInfo info = {.eiid = "t.Client"};
	static unsigned number;
	const char *args[] = {"part", "nothing", "client", NULL};
	rtl_uint32_t code = 77;
	char name[32];
	Entity *entity;
	Retcode rc;

	(void)handle;
	(void)snprintf(name, sizeof(name), "another%u", number++);
	entity = EntityInitEx(&info, name, "part");
	if (!entity)
		return rcOutOfMemory; /* or something like it: the function cannot say */
	rc = EntitySetArgs(entity, args);
	if (rc == rcOk)
		rc = EntityRun(entity);
	if (rc == rcOk && EntityWait(entity, 5000, &code) == rcOk)
		return code == 0 ? rcOk : rcFail;
	(void)EntityStop(entity);
	return rc == rcOk ? rcFail : rc;
}

/* What failed once must not fail for good: nothing was changed. */
static void until_it_works(const char *what, Retcode (*op)(Handle handle), Handle handle)
{
	Retcode rc = rcOk;

	for (int i = 0; i < 6; i++) {
		rc = op(handle);
		if (rc == rcOk)
			return;
		fprintf(stderr, "REFUSED %s 0x%08x\n", what, (unsigned)rc);
		CHECK(RC_GET_SPACE(rc) == RC_SPACE_GENERAL);
	}
	fprintf(stderr, "FAIL %s still 0x%08x\n", what, (unsigned)rc);
	_exit(1);
}

static void patient_client(void)
{
	Handle handle = INVALID_HANDLE;

	for (int i = 0; handle == INVALID_HANDLE; i++) {
		CHECK(i < 6);
		handle = ServiceLocatorConnect("t");
	}
	for (int round = 0; round < 2; round++) {
		until_it_works("echo", echo_once, handle);
		until_it_works("asked", asked_once, handle);
		until_it_works("denied", be_denied, handle);
		until_it_works("bytes", some_bytes, handle);
		until_it_works("give", call_give, handle);
		until_it_works("take", call_take, handle);
		until_it_works("copy", copy_a_handle, handle);
		until_it_works("notice", take_notice, handle);
		until_it_works("memory", map_memory, handle);
	}
	until_it_works("start", start_another, handle);
}

static void nothing(void)
{
}

const struct scenario scenarios_step[] = {
	{"patient", nothing, patient_client},
	{"nothing", nothing, nothing},
	{"step", step_server, step_client},
	{"probe", no_server, probe_client},
	{NULL, NULL, NULL},
};
