/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RTL_STDINT_H
#define RTL_STDINT_H

/* Fixed-width integers under KasperskyOS's names. */

typedef __INT8_TYPE__ rtl_int8_t;
typedef __INT16_TYPE__ rtl_int16_t;
typedef __INT32_TYPE__ rtl_int32_t;
typedef __INT64_TYPE__ rtl_int64_t;
typedef __UINT8_TYPE__ rtl_uint8_t;
typedef __UINT16_TYPE__ rtl_uint16_t;
typedef __UINT32_TYPE__ rtl_uint32_t;
typedef __UINT64_TYPE__ rtl_uint64_t;
typedef __INTPTR_TYPE__ rtl_intptr_t;
typedef __UINTPTR_TYPE__ rtl_uintptr_t;
typedef __INTMAX_TYPE__ rtl_intmax_t;
typedef __UINTMAX_TYPE__ rtl_uintmax_t;

#define RTL_INT8_MAX    __INT8_MAX__
#define RTL_INT16_MAX   __INT16_MAX__
#define RTL_INT32_MAX   __INT32_MAX__
#define RTL_INT64_MAX   __INT64_MAX__
#define RTL_INT8_MIN    (-RTL_INT8_MAX - 1)
#define RTL_INT16_MIN   (-RTL_INT16_MAX - 1)
#define RTL_INT32_MIN   (-RTL_INT32_MAX - 1)
#define RTL_INT64_MIN   (-RTL_INT64_MAX - 1)
#define RTL_UINT8_MAX   __UINT8_MAX__
#define RTL_UINT16_MAX  __UINT16_MAX__
#define RTL_UINT32_MAX  __UINT32_MAX__
#define RTL_UINT64_MAX  __UINT64_MAX__
#define RTL_INTPTR_MAX  __INTPTR_MAX__
#define RTL_UINTPTR_MAX __UINTPTR_MAX__

#endif /* RTL_STDINT_H */
