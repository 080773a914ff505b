/* SPDX-License-Identifier: Apache-2.0 */

/* Looks until the second provider of test.IOne is there, and asks it for a channel. */

#include "../coresrv/solution/check.h"

#include <string.h>

#include <coresrv/cm/cm_api.h>
#include <coresrv/ns/ns_api.h>
#include <coresrv/thread/thread_api.h>

int main(void)
{
	char server[64];
	char service[64];
	NsHandle ns = NS_INVALID_HANDLE;
	Handle handle;
	rtl_uint32_t riid;
	Retcode rc;

	CHECK_RC(NsCreate(NS_SERVER_NAME, 0, &ns), rcOk);
	while ((rc = NsEnumServices(ns, "test.IOne", 1, server, sizeof(server), service,
				    sizeof(service))) == rcResourceNotFound)
		CHECK_RC(KnSleep(1), rcOk);
	CHECK_RC(rc, rcOk);
	CHECK(strcmp(server, "Provider") == 0 && strcmp(service, "second") == 0);
	CHECK_RC(NsEnumServices(ns, "test.IOne", 0, server, 8, service, sizeof(service)),
		 rcBufferTooSmall);
	CHECK_RC(NsEnumServices(ns, "test.IOne", 2, server, sizeof(server), service,
				sizeof(service)),
		 rcResourceNotFound);
	CHECK_RC(NsEnumServices(ns, "", 0, server, sizeof(server), service, sizeof(service)),
		 rcInvalidArgument);
	CHECK_RC(KnCmConnect("Provider", "second", WAIT_MS, &handle, &riid), rcNotConnected);
	fprintf(stderr, "seeker: all well\n");
	exit(0);
}
