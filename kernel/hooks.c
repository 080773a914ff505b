/* SPDX-License-Identifier: Apache-2.0 */

/* The one instance of hooks and settings; see hooks.h. */

#include "hooks.h"

#include "kx_limits.h"

struct kx_hooks kx_hooks;

struct kx_settings kx_settings = {.message_max = KX_MESSAGE_MAX, .program_dir = "."};
