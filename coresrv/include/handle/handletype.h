/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HANDLE_HANDLETYPE_H
#define HANDLE_HANDLETYPE_H

/*
 * A handle: one process's number for a resource of the kernel or of another
 * process. Equal numbers in two processes mean nothing.
 */

#include <rtl/stdint.h>

typedef rtl_uint32_t Handle;

#define INVALID_HANDLE ((Handle)0xFFFFFFFFU)

/* Types a user resource may be created with; the type changes no behaviour. */
#define HANDLE_TYPE_USER_FIRST 0x8000U
#define HANDLE_TYPE_USER_LAST  0xFFFFU

/* A receiver of notifications (coresrv/handle/notice_api.h); never looked into. */
typedef struct NoticeReceiver *Notice;

#endif /* HANDLE_HANDLETYPE_H */
