/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_CORESRV_SOLUTION_CHECK_H
#define TESTS_CORESRV_SOLUTION_CHECK_H

/*
 * Checks inside an entity: a wrong one prints a line with FAIL and ends the
 * process; the test looks at what was printed. And the messages both sides use.
 */

#include <stdio.h>
#include <stdlib.h>

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

#endif /* TESTS_CORESRV_SOLUTION_CHECK_H */
