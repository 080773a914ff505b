/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NK_INTTYPES_H
#define NK_INTTYPES_H

/*
 * The integer types of IDL in C. IDL says UInt8 and SInt8; generated code says
 * nk_uint8_t and nk_sint8_t; nk_int8_t is another name for the latter.
 */

#include <stdint.h>

#include <nk/compiler.h>
#include <nk/stddef.h>

typedef uint8_t nk_uint8_t;
typedef uint16_t nk_uint16_t;
typedef uint32_t nk_uint32_t;
typedef uint64_t nk_uint64_t;
typedef int8_t nk_sint8_t;
typedef int16_t nk_sint16_t;
typedef int32_t nk_sint32_t;
typedef int64_t nk_sint64_t;
typedef int8_t nk_int8_t;
typedef int16_t nk_int16_t;
typedef int32_t nk_int32_t;
typedef int64_t nk_int64_t;
typedef uintptr_t nk_uintptr_t;
typedef nk_size_t nk_uintsize_t;
typedef char nk_char_t;

#define NK_UINT8_C(n)  UINT8_C(n)
#define NK_UINT16_C(n) UINT16_C(n)
#define NK_UINT32_C(n) UINT32_C(n)
#define NK_UINT64_C(n) UINT64_C(n)
#define NK_SINT8_C(n)  INT8_C(n)
#define NK_SINT16_C(n) INT16_C(n)
#define NK_SINT32_C(n) INT32_C(n)
#define NK_SINT64_C(n) INT64_C(n)

#define NK_UINT8_MAX  UINT8_MAX
#define NK_UINT16_MAX UINT16_MAX
#define NK_UINT32_MAX UINT32_MAX
#define NK_UINT64_MAX UINT64_MAX
#define NK_SINT8_MIN  INT8_MIN
#define NK_SINT16_MIN INT16_MIN
#define NK_SINT32_MIN INT32_MIN
#define NK_SINT64_MIN INT64_MIN
#define NK_SINT8_MAX  INT8_MAX
#define NK_SINT16_MAX INT16_MAX
#define NK_SINT32_MAX INT32_MAX
#define NK_SINT64_MAX INT64_MAX
#define NK_SIZE_MAX   SIZE_MAX

#endif /* NK_INTTYPES_H */
