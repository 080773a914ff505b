/* SPDX-License-Identifier: Apache-2.0 */

/* The intruder: has a channel, calls, and says what it was told. */

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <rtl/retcode_hr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NK_USE_UNQUALIFIED_NAMES
#include <ping/Echo.idl.h>

int main(void)
{
	Handle channel = ServiceLocatorConnect("ping");
	struct Echo_Send_req req;
	struct Echo_Send_res res;
	SMsgHdr out;
	SMsgHdr in;
	Retcode rc;

	/* Without the generated proxy, to see the code that Call itself returns. */
	memset(&req, 0, sizeof(req));
	nk_req_reset(&req);
	nk_msg_set_method_id(&req, ServiceLocatorGetRiid(channel, "echo"), Echo_Send_mid);
	nk_req_reset(&res);
	(void)PackOutMsg(&out, &req.base_, NK_NULL);
	(void)PackInMsg(&in, &res.base_, NK_NULL);
	for (int i = 0; i < 3; i++) {
		rc = Call(channel, &out, &in);
		fprintf(stderr, "intruder: Call says " RETCODE_HR_FMT "\n", RETCODE_HR_PARAMS(rc));
		if (rc != rcSecurityDisallow)
			return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}
