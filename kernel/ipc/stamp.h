/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_STAMP_H
#define KX_STAMP_H

/*
 * Fixed points on the way of one call, for `kosix-bench anatomy`: what is shipped
 * has none of them, kx_stamp() is nothing there. The bench compiles the few files
 * that hold a point once more with KX_STAMPS, for programs of its own, and
 * bench/anatomy/stamp_log.c keeps what passes.
 *
 * @key is the generation of the slot the call stands in, where it is known; 0
 * continues with the call that this party stamped before.
 */

#include <stdint.h>

enum kx_stamp {
	/* The client. */
	KX_STAMP_CALL,     /* Call was entered */
	KX_STAMP_POSTED,   /* the request is published; key */
	KX_STAMP_RUNG,     /* the system call that wakes the other side is over */
	KX_STAMP_AWAKE,    /* a sleep on the slot is over */
	KX_STAMP_ANSWERED, /* the reply was seen */
	KX_STAMP_DONE,     /* Call returns */
	/* The server. */
	KX_STAMP_RUNNING,  /* a sleep is over; counts if a request is found then */
	KX_STAMP_TAKEN,    /* a request was found; key */
	KX_STAMP_RECEIVED, /* it is checked and copied: Recv returns */
	KX_STAMP_REPLY,    /* Reply was entered */
	KX_STAMP_REPLIED,  /* the reply is checked, copied and published */
	KX_STAMP_WOKE,     /* the system call that wakes the client is over */
	/* The kernel process, on the way there. */
	KX_STAMP_K_RUNNING, /* a sleep is over */
	KX_STAMP_K_TAKEN,   /* a relayed request was found; key of the up slot */
	KX_STAMP_K_JUDGED,  /* it is copied and the security module has decided */
	KX_STAMP_K_POSTED,  /* it is published to the server; key of the down slot */
	KX_STAMP_K_RUNG,    /* the system call that wakes the server is over */
	/* And on the way back. */
	KX_STAMP_K_REPLY,    /* the reply was found; key of the down slot */
	KX_STAMP_K_APPROVED, /* it is copied and the security module has decided */
	KX_STAMP_K_ANSWERED, /* it is published to the client; key of the up slot */
	KX_STAMP_K_WOKE,     /* the system call that wakes the client is over */
	KX_STAMP_COUNT,
};

#ifdef KX_STAMPS
void kx_stamp(enum kx_stamp point, uint32_t key);
#else
static inline void kx_stamp(enum kx_stamp point, uint32_t key)
{
	(void)point;
	(void)key;
}
#endif

#endif /* KX_STAMP_H */
