/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_ABI_RC_H
#define KX_ABI_RC_H

/*
 * Retcodes as they travel in rc words of slots: the same numbers as
 * coresrv/include/rtl/retcode.h, under names of ours because the kernel process
 * does not include the public headers (tests/kernel compares the two).
 */

#include <stdint.h>

#define KX_RC(code) ((int32_t)(0x90000000u | (code)))

enum kx_rc {
	KX_RC_OK = 0,
	KX_RC_INVALID_ARGUMENT = KX_RC(1),
	KX_RC_NOT_CONNECTED = KX_RC(2),
	KX_RC_OUT_OF_MEMORY = KX_RC(3),
	KX_RC_BUFFER_TOO_SMALL = KX_RC(4),
	KX_RC_INTERNAL_ERROR = KX_RC(5),
	KX_RC_TRANSFER_ERROR = KX_RC(6),
	KX_RC_IPC_INTERRUPT = KX_RC(10),
	KX_RC_FAIL = KX_RC(13),
	KX_RC_NO_CAPABILITY = KX_RC(14),
	KX_RC_NOT_READY = KX_RC(15),
	KX_RC_UNIMPLEMENTED = KX_RC(16),
	KX_RC_BUFFER_TOO_LARGE = KX_RC(17),
	KX_RC_BUSY = KX_RC(18),
	KX_RC_RESOURCE_NOT_FOUND = KX_RC(19),
	KX_RC_TIMEOUT = KX_RC(20),
	KX_RC_SECURITY_DISALLOW = KX_RC(21),
	KX_RC_ABORT = KX_RC(23),
	KX_RC_ALREADY_EXISTS = KX_RC(25),
	KX_RC_INVALID_OPERATION = KX_RC(26),
	KX_RC_HANDLE_REVOKED = KX_RC(27),
	KX_RC_QUOTA_EXCEEDED = KX_RC(28),
};

#endif /* KX_ABI_RC_H */
