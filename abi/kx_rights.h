/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_ABI_RIGHTS_H
#define KX_ABI_RIGHTS_H

/*
 * Rights of a handle and event masks of notices, as the kernel process and the
 * public headers (services/ocap.h, coresrv/handle/notice_api.h) both number
 * them. Low 16 bits: general part, the same for every object. High 16 bits:
 * special part, by kind of object.
 */

#define KX_RIGHT_TRANSFER  0x00000001u
#define KX_RIGHT_COPY      0x00000002u
#define KX_RIGHT_GET_SID   0x00000004u
#define KX_RIGHT_SET_EVENT 0x00000008u
#define KX_RIGHT_GET_EVENT 0x00000010u
#define KX_RIGHT_GENERAL   0x0000ffffu

#define KX_RIGHT_IPC_CALL   0x00010000u
#define KX_RIGHT_IPC_RECV   0x00020000u
#define KX_RIGHT_IPC_REPLY  0x00040000u
#define KX_RIGHT_IPC_ATTACH 0x00080000u /* add a channel to a listener */
#define KX_RIGHT_ALL        0xffffffffu

#define KX_RIGHTS_CLIENT                                                                           \
	(KX_RIGHT_IPC_CALL | KX_RIGHT_TRANSFER | KX_RIGHT_COPY | KX_RIGHT_GET_SID |                \
	 KX_RIGHT_GET_EVENT)
#define KX_RIGHTS_LISTENER                                                                         \
	(KX_RIGHT_IPC_RECV | KX_RIGHT_IPC_REPLY | KX_RIGHT_IPC_ATTACH | KX_RIGHT_COPY |            \
	 KX_RIGHT_GET_SID | KX_RIGHT_GET_EVENT)

/* Event masks: the low 16 bits are events of the kernel process, the high 16 the user's. */
#define KX_EVENT_OBJECT_DESTROYED 0x00000001u
#define KX_EVENT_BADGE_CLOSED     0x00000002u
#define KX_EVENT_TASK_COMPLETED   0x00000100u
#define KX_EVENT_GENERAL          0x000000ffu

#endif /* KX_ABI_RIGHTS_H */
