/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_TEST_CALL_SERVER_H
#define KX_TEST_CALL_SERVER_H

/* Handlers for every method of the test interfaces (tests/nk/idl/kxt). */

#include <kxt/All.idl.h>
#include <kxt/Ping.idl.h>
#include <kxt/Rich.idl.h>

extern const struct kxt_All_ops kx_test_all_ops;
extern const struct kxt_Rich_ops kx_test_rich_ops;
extern const struct kxt_Ping_ops kx_test_ping_ops;

#endif /* KX_TEST_CALL_SERVER_H */
