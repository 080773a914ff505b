/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RTL_CPUSET_H
#define RTL_CPUSET_H

/* A set of processors, numbered from 0. */

#include <rtl/stdbool.h>
#include <rtl/stdint.h>

#define RTL_CPUSET_MAX 256

typedef struct RtlCpuSet {
	rtl_uint64_t bits[RTL_CPUSET_MAX / 64];
} RtlCpuSet;

static __inline__ void rtl_cpuset_zero(RtlCpuSet *set)
{
	for (unsigned i = 0; i < RTL_CPUSET_MAX / 64; i++)
		set->bits[i] = 0;
}

/* Numbers from RTL_CPUSET_MAX on are never in a set; adding one does nothing. */
static __inline__ void rtl_cpuset_add(RtlCpuSet *set, unsigned cpu)
{
	if (cpu < RTL_CPUSET_MAX)
		set->bits[cpu / 64] |= (rtl_uint64_t)1 << (cpu % 64);
}

static __inline__ rtl_bool rtl_cpuset_has(const RtlCpuSet *set, unsigned cpu)
{
	return cpu < RTL_CPUSET_MAX && (set->bits[cpu / 64] >> (cpu % 64) & 1) != 0;
}

#endif /* RTL_CPUSET_H */
