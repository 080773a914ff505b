/* SPDX-License-Identifier: Apache-2.0 */

/* Publishes two services, takes one back, and serves nobody. */

#include "../coresrv/solution/check.h"

#include <string.h>

#include <coresrv/cm/cm_api.h>
#include <coresrv/ns/ns_api.h>

int main(void)
{
	char client[kl_core_Types_UCoreStringSize];
	char service[kl_core_Types_UCoreStringSize];
	char name[200];
	NsHandle ns = NS_INVALID_HANDLE;

	CHECK_RC(NsCreate("nobody", WAIT_MS, &ns), rcResourceNotFound);
	CHECK_RC(NsCreate(RTL_NULL, WAIT_MS, &ns), rcOk);
	CHECK_RC(NsPublishService(ns, "test.IOne", "Provider", "taken.back"), rcOk);
	CHECK_RC(NsPublishService(ns, "test.IOne", "Provider", "taken.back"), rcAlreadyExists);
	CHECK_RC(NsUnPublishService(ns, "test.IOne", "Provider", "taken.back"), rcOk);
	CHECK_RC(NsUnPublishService(ns, "test.IOne", "Provider", "taken.back"), rcResourceNotFound);
	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	CHECK_RC(NsPublishService(ns, name, "Provider", "long"), rcInvalidArgument);
	CHECK_RC(NsPublishService(ns, "test.IOne", "Provider", ""), rcInvalidArgument);
	CHECK_RC(NsPublishService(ns, "test.ITwo", "Provider", "other"), rcOk);
	CHECK_RC(NsPublishService(ns, "test.IOne", "Provider", "first"), rcOk);
	CHECK_RC(NsPublishService(ns, "test.IOne", "Provider", "second"), rcOk);

	/* The seeker found "second" and asks for it. */
	CHECK_RC(KnCmListen(RTL_NULL, WAIT_MS, client, service), rcOk);
	CHECK(strcmp(client, "Seeker") == 0 && strcmp(service, "second") == 0);
	CHECK_RC(KnCmDrop(client, service), rcOk);
	fprintf(stderr, "provider: all well\n");
	exit(0);
}
