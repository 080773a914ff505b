/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_CORESRV_SOLUTION_CHECK_H
#define TESTS_CORESRV_SOLUTION_CHECK_H

/*
 * Checks inside an entity: a wrong one prints a line with FAIL and ends the
 * process; the test looks at what was printed. And the messages both sides use.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/syscalls.h>
#include <rtl/retcode_hr.h>

#define WAIT_MS  10000
#define THE_RIID 7

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "FAIL %s:%d: %s\n", __FILE__, __LINE__, #condition);       \
			exit(1);                                                                   \
		}                                                                                  \
	} while (0)

#define CHECK_RC(call, expected)                                                                   \
	do {                                                                                       \
		Retcode rc_ = (call);                                                              \
		if (rc_ != (expected)) {                                                           \
			fprintf(stderr, "FAIL %s:%d: %s: " RETCODE_HR_FMT "\n", __FILE__,          \
				__LINE__, #call, RETCODE_HR_PARAMS(rc_));                          \
			exit(1);                                                                   \
		}                                                                                  \
	} while (0)

enum {
	METHOD_ADD_ONE,
	METHOD_FILL_MEMORY,
};

/* Request and response of both methods; only METHOD_FILL_MEMORY's request has the handle. */
struct message {
	struct nk_message base_;
	nk_handle_desc_t memory;
	nk_uint32_t value;
	nk_uint32_t pad;
};

/* Calls @server with @value; what it answers. */
static inline nk_uint32_t call_with(Handle server, nk_uint32_t value)
{
	struct message request;
	struct message response;
	struct SSMsgHdr out;
	struct SSMsgHdr in;

	memset(&request, 0, sizeof(request));
	nk_req_reset(&request);
	nk_req_reset(&response);
	request.value = value;
	CHECK(PackOutMsg(&out, &request.base_, NULL) == NK_EOK);
	CHECK(PackInMsg(&in, &response.base_, NULL) == NK_EOK);
	CHECK_RC(Call(server, &out, &in), rcOk);
	return response.value;
}

/* Receives one request and answers with its value and one. */
static inline void answer_one(Handle listener)
{
	struct message message;
	struct SSMsgHdr header;

	memset(&message, 0, sizeof(message));
	nk_req_reset(&message);
	CHECK(PackInMsg(&header, &message.base_, NULL) == NK_EOK);
	CHECK_RC(Recv(listener, &header), rcOk);
	message.value++;
	CHECK(PackOutMsg(&header, &message.base_, NULL) == NK_EOK);
	CHECK_RC(Reply(listener, &header), rcOk);
}

#endif /* TESTS_CORESRV_SOLUTION_CHECK_H */
