/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RTL_ATOMIC_H
#define RTL_ATOMIC_H

/*
 * RtlAtomicInt: an int that threads may change at the same time. Every
 * operation is sequentially consistent; none blocks. Plain int underneath, so
 * that C and C++ see the same type and `= 0` initialises it.
 */

#include <rtl/compiler.h>
#include <rtl/stdbool.h>

typedef int RtlAtomicInt;

__RTL_BEGIN_DECLS

int rtl_atomic_load(const RtlAtomicInt *atomic);
void rtl_atomic_store(RtlAtomicInt *atomic, int value);

/* These four return the value from before. */
int rtl_atomic_exchange(RtlAtomicInt *atomic, int value);
int rtl_atomic_fetch_add(RtlAtomicInt *atomic, int value);
int rtl_atomic_fetch_or(RtlAtomicInt *atomic, int value);
int rtl_atomic_fetch_and(RtlAtomicInt *atomic, int value);

/*
 * Stores @desired if the value is *@expected and returns rtl_true; otherwise
 * changes nothing but *@expected, which becomes the value found.
 */
rtl_bool rtl_atomic_compare_exchange(RtlAtomicInt *atomic, int *expected, int desired);

__RTL_END_DECLS

#endif /* RTL_ATOMIC_H */
