/* SPDX-License-Identifier: Apache-2.0 */

/*
 * rtl/atomic.h over C11 atomics. ASSUMES: _Atomic int is laid out as int
 * (asserted), so the public type can stay one that C++ understands.
 */

#include <stdatomic.h>

#include <rtl/atomic.h>

_Static_assert(sizeof(_Atomic int) == sizeof(RtlAtomicInt), "RtlAtomicInt is not an atomic int");
_Static_assert(_Alignof(_Atomic int) == _Alignof(RtlAtomicInt), "RtlAtomicInt is misaligned");
_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "atomic int must be lock-free");

int rtl_atomic_load(const RtlAtomicInt *atomic)
{
	return atomic_load((const _Atomic int *)atomic);
}

void rtl_atomic_store(RtlAtomicInt *atomic, int value)
{
	atomic_store((_Atomic int *)atomic, value);
}

int rtl_atomic_exchange(RtlAtomicInt *atomic, int value)
{
	return atomic_exchange((_Atomic int *)atomic, value);
}

int rtl_atomic_fetch_add(RtlAtomicInt *atomic, int value)
{
	return atomic_fetch_add((_Atomic int *)atomic, value);
}

int rtl_atomic_fetch_or(RtlAtomicInt *atomic, int value)
{
	return atomic_fetch_or((_Atomic int *)atomic, value);
}

int rtl_atomic_fetch_and(RtlAtomicInt *atomic, int value)
{
	return atomic_fetch_and((_Atomic int *)atomic, value);
}

rtl_bool rtl_atomic_compare_exchange(RtlAtomicInt *atomic, int *expected, int desired)
{
	return atomic_compare_exchange_strong((_Atomic int *)atomic, expected, desired);
}
