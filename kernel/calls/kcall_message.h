/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KCALL_MESSAGE_H
#define KX_KCALL_MESSAGE_H

/*
 * A kernel call's arguments as a message that rules can read (`message.rights`): laid out
 * as nk lays out the method's "in" parameters in the interface that the SDK installs
 * (sdk/sysroot/include/kl/core). What is judged is what is executed: both are made of one
 * copy. IPC thread only.
 */

#include "kcall.h"
#include "kosix/security_module.h"
#include "kx_calls.h"

struct kx_task;

#define KX_KCALL_FIXED   96u
#define KX_KCALL_HANDLES 3u

struct kx_kcall_message {
	_Alignas(8) uint8_t fixed[KX_KCALL_FIXED];
	struct kx_event_handle handles[KX_KCALL_HANDLES];
};

/*
 * Gives @event the message of a call with @args and @len bytes of strings at @bytes, behind
 * which a zero stands; NULL if there are none. Handles are @task's, but for a listener that is
 * the server's.
 */
void kx_kcall_describe(struct kx_task *task, const struct kx_kcall_name *name,
		       const uint32_t args[KX_CALL_ARGS], const char *bytes, size_t len,
		       struct kx_kcall_message *message, struct kx_event *event);

/* Whether a parameter of the call is one of the strings that come with it. */
bool kx_kcall_has_text(const struct kx_kcall_name *name);

#endif /* KX_KCALL_MESSAGE_H */
