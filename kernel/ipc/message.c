/* SPDX-License-Identifier: Apache-2.0 */
#include "message.h"

size_t kx_message_bytes(const struct kx_head *head)
{
	uint32_t body = kx_head_body(head);

	return head->arena ? (size_t)kx_message_arena_at(body) + head->arena : body;
}
