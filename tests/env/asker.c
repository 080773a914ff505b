/* SPDX-License-Identifier: Apache-2.0 */

/* Prints what it found in its environment; run by two processes. */

#include "../coresrv/solution/check.h"

#include <string.h>

#include <coresrv/task/task_api.h>

static const char *value(const char *name)
{
	const char *found = getenv(name);

	return found ? found : "(none)";
}

int main(void)
{
	char name[64];
	char small[2];

	CHECK_RC(KnTaskGetName(small, sizeof(small)), rcBufferTooSmall);
	CHECK_RC(KnTaskGetName(name, sizeof(name)), rcOk);
	fprintf(stderr, "%s: init=%s env=%s both=%s empty=[%s]\n", name, value("FROM_INIT"),
		value("FROM_ENV"), value("FROM_BOTH"), value("EMPTY"));
	return 0;
}
