/* SPDX-License-Identifier: Apache-2.0 */

/* An Env program that answers nobody until the writer says so. */

#include "../../coresrv/solution/check.h"

#include <coresrv/sl/sl_api.h>
#include <env/env.h>

static void wait_for_go(void)
{
	ServiceId id;
	Handle listener = ServiceLocatorRegister("go", NULL, 0, &id);

	CHECK(listener != INVALID_HANDLE);
	answer_one(listener);
}

int main(void)
{
	const char *args[] = {"-l", "ramdisk0,0 /data ext4 0"};

	wait_for_go();
	ENV_REGISTER_ARGS("VfsLate", args);
	envServerRun();
	return EXIT_FAILURE;
}
