/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_RESULT_H
#define KX_RESULT_H

/*
 * What went wrong, in kinds. kx_rt_code() of libkos turns them into
 * KasperskyOS codes; nothing inside uses those.
 */
enum kx_result {
	KX_OK = 0,
	KX_EINVAL = -1,     /* caller broke the contract; nothing was done */
	KX_EAGAIN = -2,     /* nothing to do now; try again after a wake */
	KX_EPROTO = -3,     /* peer wrote something impossible: treat as hostile */
	KX_EPEER = -4,      /* peer died or was cut off */
	KX_ENOMEM = -5,     /* no memory or no place; nothing was done */
	KX_ETIME = -6,      /* the deadline passed; the request is no longer wanted */
	KX_EINTERRUPT = -7, /* an interrupt object was set before the server took the request */
	KX_ESPACE = -8,     /* the message does not fit the buffer given for it */
};

#endif /* KX_RESULT_H */
