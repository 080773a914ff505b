/* SPDX-License-Identifier: Apache-2.0 */
#ifndef IPC_IF_REND_H
#define IPC_IF_REND_H

/*
 * SMsgHdr: where a message's bytes are, for Call, Recv and Reply. Two forms:
 *
 *   immSize == 0   two buffers: indirDescs[0] the constant part, which begins
 *                  with the 24-byte nk_message header, indirDescs[1] the arena
 *                  ({NULL, 0} if there is none)
 *   immSize  > 0   immSize bytes of constant part stand in the structure itself,
 *                  from imm.payload on; there is no arena
 *
 * Sizes are in bytes. The constant part has at least the 24 of its header; both
 * parts together have at most 4 MiB, or what the solution was started with
 * (`kosix run --message-max`, up to 16 MiB) [both limits: our decision within what
 * the documentation allows].
 *
 * For a message that is received, size and immSize say how much room there is;
 * afterwards they say how much came.
 *
 * Layout as in CE 1.3. PackInMsg() and PackOutMsg() (services/rtl/nk_msg.h) fill
 * it from nk structures; hardly any program does so by hand.
 */

#include <handle/handletype.h>
#include <rtl/stdint.h>
#include <thread/tidtype.h>

#define MAX_INDIR_DESCS 2

typedef rtl_uint32_t TaskId;

typedef struct IndirDesc {
	void *buf;
	rtl_uint32_t size; /* bytes */
} IndirDesc;

typedef struct SMsgImm {
	rtl_uint32_t payload[1];
} SMsgImm;

typedef struct SSMsgHdr {
	/* Filled by Recv: the server handle the request came by, to be given to Reply. */
	Handle replyHandle;
	/* Filled by Recv: the process that calls. */
	TaskId sender;
	/*
	 * Filled by Recv: names this request. For Reply: which request is answered; 0 is
	 * the one this thread received last on that handle, else the oldest unanswered.
	 */
	Tid threadId;
	rtl_uint64_t traceId;
	rtl_uint64_t spanId;
	rtl_uint32_t immSize;
	union {
		SMsgImm imm;
		IndirDesc indirDescs[MAX_INDIR_DESCS];
	};
} SMsgHdr;

#endif /* IPC_IF_REND_H */
