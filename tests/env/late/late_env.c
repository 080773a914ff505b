/* SPDX-License-Identifier: Apache-2.0 */

/* An Env program that answers nobody until the writer says so. */

#include "../../coresrv/solution/check.h"

#include <string.h>

#include <coresrv/sl/sl_api.h>
#include <env/env.h>

static void wait_for_go(void)
{
	struct message message;
	struct SSMsgHdr header;
	ServiceId id;
	Handle listener = ServiceLocatorRegister("go", NULL, 0, &id);

	CHECK(listener != INVALID_HANDLE);
	memset(&message, 0, sizeof(message));
	nk_req_reset(&message);
	CHECK(PackInMsg(&header, &message.base_, NULL) == NK_EOK);
	CHECK_RC(Recv(listener, &header), rcOk);
	CHECK(PackOutMsg(&header, &message.base_, NULL) == NK_EOK);
	CHECK_RC(Reply(listener, &header), rcOk);
}

int main(void)
{
	const char *args[] = {"-l", "ramdisk0,0 /data ext4 0"};

	wait_for_go();
	ENV_REGISTER_ARGS("VfsLate", args);
	envServerRun();
	return EXIT_FAILURE;
}
