/* SPDX-License-Identifier: Apache-2.0 */

/* Started by Starter; what it does is its first argument. */

#include "../solution/check.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include <coresrv/cm/cm_api.h>
#include <coresrv/task/task_api.h>
#include <kos/task.h>
#include <kos/thread.h>

/* In sanitized builds: no leak check, which needs to trace and would change the exit code. */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

static int serve(Handle listener)
{
	CHECK(listener != INVALID_HANDLE);
	answer_one(listener);
	KnTaskExit(3);
}

static int ask(void)
{
	Handle server = KosTaskLookupClientChannel("children");

	CHECK(server != INVALID_HANDLE);
	CHECK(KosTaskLookupClientChannel("nobody") == INVALID_HANDLE);
	CHECK(call_with(server, 40) == 41);
	KnTaskExit(4); /* not main's return: what a sanitizer does at exit has its own code */
}

/* Its VFS program ends meanwhile, and with it all files. */
static int read_late(void)
{
	CHECK(open("/file", O_RDONLY) == -1 && errno == ENOENT);
	KnTaskExit(5);
}

static void accept_one(void)
{
	char client[kl_core_Types_UCoreStringSize];
	char service[kl_core_Types_UCoreStringSize];
	Handle listener;

	CHECK_RC(KnCmListen(RTL_NULL, WAIT_MS, client, service), rcOk);
	CHECK_RC(KnCmAccept(client, service, 0, INVALID_HANDLE, &listener), rcOk);
}

int main(int argc, char *argv[])
{
	char name[32];

	CHECK(argc >= 2 && getenv("CHILD") && strcmp(getenv("CHILD"), argv[1]) == 0);
	CHECK_RC(KnTaskGetName(name, sizeof(name)), rcOk);
	CHECK(strcmp(name, argv[1]) == 0);
	CHECK(EntityGetSelf() && KosTaskGetId(KosTaskGetSelf()) == KnTaskGetId());
	CHECK_RC(EntityRun(EntityGetSelf()), rcInvalidOperation);
	if (strcmp(argv[1], "serve") == 0)
		return serve(KosTaskLookupServerChannel("children"));
	if (strcmp(argv[1], "given") == 0)
		return serve((Handle)strtoul(argv[2], NULL, 10));
	if (strcmp(argv[1], "ask") == 0)
		return ask();
	if (strcmp(argv[1], "read") == 0)
		return read_late();
	if (strcmp(argv[1], "accept") == 0)
		accept_one();
	return (int)KosThreadSleep(INFINITE_TIMEOUT);
}
