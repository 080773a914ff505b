/* SPDX-License-Identifier: Apache-2.0 */
#ifndef THREAD_TIDTYPE_H
#define THREAD_TIDTYPE_H

/* The number of a thread. Never 0, which means "first in queue" in Reply. */

#include <rtl/stdint.h>

typedef rtl_uint32_t Tid;

#define INVALID_TID ((Tid)0xFFFFFFFFU)
#define InvalidTid  INVALID_TID

#endif /* THREAD_TIDTYPE_H */
