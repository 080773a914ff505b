/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVICES_RTL_NK_MSG_H
#define SERVICES_RTL_NK_MSG_H

/*
 * Between nk messages and the SMsgHdr that Call, Recv and Reply take. The header
 * then points into the message and the arena; neither is copied.
 */

#include <ipc/if_rend.h>
#include <nk/arena.h>
#include <nk/types.h>
#include <rtl/compiler.h>

__RTL_BEGIN_DECLS

/*
 * For a message to be sent: the constant part is as long as @message says, the
 * arena goes as far as it is used. @arena may be NULL. Returns NK_EOK, or
 * NK_EINVAL when @hdr or @message is NULL or the size is none a message can have.
 */
nk_err_t PackOutMsg(struct SSMsgHdr *hdr, const struct nk_message *message,
		    const struct nk_arena *arena);

/*
 * For a message to be received: room for as many bytes as @message says now
 * (nk_req_reset() set it), and all of the arena. Returns as PackOutMsg().
 */
nk_err_t PackInMsg(struct SSMsgHdr *hdr, struct nk_message *message, struct nk_arena *arena);

__RTL_END_DECLS

#endif /* SERVICES_RTL_NK_MSG_H */
