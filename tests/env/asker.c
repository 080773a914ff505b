/* SPDX-License-Identifier: Apache-2.0 */

/* Prints its arguments and what it found in its environment; run by several processes. */

#include "../coresrv/solution/check.h"

#include <string.h>

#include <coresrv/task/task_api.h>

#include "kx_calls.h"
#include "rt.h"

static const char *value(const char *name)
{
	const char *found = getenv(name);

	return found ? found : "(none)";
}

/* libkos has said all before main. */
static void nothing_more_can_be_said(void)
{
	uint32_t args[KX_CALL_ARGS] = {0};

	CHECK_RC(kx_rt_kcall(KX_CALL_TASK_TOLD_ARGS, args, "-l", 3, NULL, NULL),
		 rcInvalidOperation);
	CHECK_RC(kx_rt_kcall(KX_CALL_TASK_TOLD_ENV, args, "A=B", 4, NULL, NULL),
		 rcInvalidOperation);
	CHECK_RC(kx_rt_kcall(KX_CALL_TASK_TOLD, args, NULL, 0, NULL, NULL), rcInvalidOperation);
}

int main(int argc, char **argv)
{
	char name[64];
	char small[2];
	char text[128] = "";

	nothing_more_can_be_said();
	CHECK_RC(KnTaskGetName(small, sizeof(small)), rcBufferTooSmall);
	CHECK_RC(KnTaskGetName(name, sizeof(name)), rcOk);
	for (int i = 1; i < argc; i++) {
		strcat(text, " ");
		strcat(text, argv[i]);
	}
	CHECK(argv[argc] == NULL && argv[0] != NULL);
	fprintf(stderr, "%s%s: init=%s env=%s both=%s empty=[%s]\n", name, text, value("FROM_INIT"),
		value("FROM_ENV"), value("FROM_BOTH"), value("EMPTY"));
	return 0;
}
