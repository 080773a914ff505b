/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RTL_IF_TIME_H
#define RTL_IF_TIME_H

/* Points in time and lengths of time. */

#include <rtl/stdint.h>

#define RTL_MSEC_PER_SEC  1000
#define RTL_USEC_PER_SEC  1000000
#define RTL_NSEC_PER_SEC  1000000000
#define RTL_USEC_PER_MSEC 1000
#define RTL_NSEC_PER_MSEC 1000000
#define RTL_NSEC_PER_USEC 1000

/* Milliseconds; the value of every timeout argument that means "for ever". */
#define INFINITE_TIMEOUT 0xFFFFFFFFU

typedef struct RtlTimeSpec {
	rtl_int64_t sec;
	rtl_int64_t nsec; /* 0 to RTL_NSEC_PER_SEC - 1 */
} RtlTimeSpec;

#endif /* RTL_IF_TIME_H */
