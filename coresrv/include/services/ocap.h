/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVICES_OCAP_H
#define SERVICES_OCAP_H

/*
 * Rights of a handle: 32 bits. The low 16 are the general part, the same for
 * every resource; the high 16 are the special part, whose meaning depends on
 * the kind of resource. A handle passed on never has more than its parent.
 */

#include <rtl/stdint.h>

/* General part. */
#define OCAP_HANDLE_TRANSFER  0x00000001U /* send the handle to another process */
#define OCAP_HANDLE_COPY      0x00000002U /* make a descendant in this process */
#define OCAP_HANDLE_GET_SID   0x00000004U /* learn the resource's security ID */
#define OCAP_HANDLE_SET_EVENT 0x00000008U /* signal user events */
#define OCAP_HANDLE_GET_EVENT 0x00000010U /* subscribe to events */
#define OCAP_HANDLE_GENERAL   0x0000FFFFU /* every general right */

/*
 * Special part: @n is a mask of 16 bits. The owner of a user resource names
 * its rights with it, e.g. `#define MY_READ OCAP_HANDLE_SPEC(0x0001)`.
 */
#define OCAP_HANDLE_SPEC(n) (((rtl_uint32_t)(n)&0xFFFFU) << 16)
#define OCAP_HANDLE_SPECIAL 0xFFFF0000U /* every special right */

/* IPC handles. */
#define OCAP_IPC_CALL   OCAP_HANDLE_SPEC(0x0001) /* Call */
#define OCAP_IPC_RECV   OCAP_HANDLE_SPEC(0x0002) /* Recv */
#define OCAP_IPC_REPLY  OCAP_HANDLE_SPEC(0x0004) /* Reply */
#define OCAP_IPC_ATTACH OCAP_HANDLE_SPEC(0x0008) /* add a channel to a listener */

#define OCAP_IPC_CLIENT                                                                            \
	(OCAP_IPC_CALL | OCAP_HANDLE_TRANSFER | OCAP_HANDLE_COPY | OCAP_HANDLE_GET_SID |           \
	 OCAP_HANDLE_GET_EVENT)
#define OCAP_IPC_SERVER                                                                            \
	(OCAP_IPC_RECV | OCAP_IPC_REPLY | OCAP_HANDLE_COPY | OCAP_HANDLE_GET_SID |                 \
	 OCAP_HANDLE_GET_EVENT)
#define OCAP_IPC_LISTENER (OCAP_IPC_SERVER | OCAP_IPC_ATTACH)

/* Everything that can be done with a resource of this kind. */
#define OCAP_FULL_       (OCAP_HANDLE_GENERAL | OCAP_HANDLE_SPECIAL)
#define OCAP_IOPORT_FULL OCAP_FULL_
#define OCAP_TASK_FULL   OCAP_FULL_
#define OCAP_THREAD_FULL OCAP_FULL_
#define OCAP_FILE_FULL   OCAP_FULL_
#define OCAP_PMM_FULL    OCAP_FULL_
#define OCAP_USER_FULL   OCAP_FULL_

#endif /* SERVICES_OCAP_H */
