/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_ABI_LIMITS_H
#define KX_ABI_LIMITS_H

/*
 * Every limit that the kernel process and an entity must agree on, named once.
 * The ones marked "settable" are defaults: the value in force stands on the
 * task page (abi/kx_task_page.h).
 */

#define KX_CACHE_PAIR 128u /* neighbouring 64-byte lines are fetched in pairs */

#define KX_CHANNEL_SLOTS 16u   /* concurrent direct calls over one channel */
#define KX_UP_SLOTS      256u  /* threads of one entity that talk to the kernel */
#define KX_DOWN_SLOTS    64u   /* relayed requests a server holds at once */
#define KX_HANDLES       4096u /* handles of one entity */
#define KX_CHANNELS      4096u /* channel ends of one entity */
#define KX_LISTENERS     64u   /* server handles of one entity */

#define KX_MESSAGE_MIN   24u         /* one nk_message header */
#define KX_MESSAGE_MAX   (4u << 20)  /* settable: constant part and arena together */
#define KX_MESSAGE_LIMIT (16u << 20) /* upper bound of the setting */
#define KX_MESSAGE_CAPS  7u          /* handles in one message: three bits of the header */

#define KX_INLINE            44u         /* payload bytes that travel on the slot's own line */
#define KX_COMMITTED_PAYLOAD (64u << 10) /* memory reserved when a region is made */

#define KX_NAME_MAX 128u /* channel, task, class and endpoint names, with the zero */

#endif /* KX_ABI_LIMITS_H */
