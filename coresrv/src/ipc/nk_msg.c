/* SPDX-License-Identifier: Apache-2.0 */
#include <services/rtl/nk_msg.h>

#include "rt_message.h"

static nk_err_t pack(struct SSMsgHdr *hdr, const struct nk_message *message)
{
	if (!hdr || !message)
		return NK_EINVAL;
	*hdr = (struct SSMsgHdr){.replyHandle = INVALID_HANDLE};
	hdr->indirDescs[0].buf = (void *)(rtl_uintptr_t)message;
	hdr->indirDescs[0].size = message->ex.size_ex;
	return message->ex.size_ex >= sizeof(struct nk_message) &&
			       message->ex.size_ex <= KX_RT_SIZE_LIMIT
		       ? NK_EOK
		       : NK_EINVAL;
}

nk_err_t PackOutMsg(struct SSMsgHdr *hdr, const struct nk_message *message,
		    const struct nk_arena *arena)
{
	nk_err_t rc = pack(hdr, message);

	if (rc == NK_EOK && arena && nk_arena_allocated_size(arena)) {
		hdr->indirDescs[1].buf = arena->start;
		hdr->indirDescs[1].size = (rtl_uint32_t)nk_arena_allocated_size(arena);
	}
	return rc;
}

nk_err_t PackInMsg(struct SSMsgHdr *hdr, struct nk_message *message, struct nk_arena *arena)
{
	nk_err_t rc = pack(hdr, message);
	nk_size_t room = nk_arena_capacity(arena);

	if (rc == NK_EOK && room) {
		hdr->indirDescs[1].buf = arena->start;
		hdr->indirDescs[1].size = room > NK_UINT32_MAX ? NK_UINT32_MAX : (rtl_uint32_t)room;
	}
	return rc;
}
