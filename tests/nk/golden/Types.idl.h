#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wcast-align"
#pragma GCC diagnostic ignored "-Wcast-qual"
#pragma GCC diagnostic ignored "-Wpadded"
#pragma GCC diagnostic ignored "-Wpacked"
#pragma GCC diagnostic ignored "-Wshadow"
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#ifdef __cplusplus
#pragma GCC diagnostic ignored "-Wold-style-cast"
#endif
#include <nk/transport.h>
#include <nk/types.h>

#ifndef __kxt__Types__NameSize__CONST__
#define __kxt__Types__NameSize__CONST__
#define kxt_Types_NameSize ((nk_uint16_t)(NK_UINT16_C(32)))
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Types_NameSize kxt_Types_NameSize
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Types__NameSize__CONST__ */

#ifndef __kxt__Types__Many__CONST__
#define __kxt__Types__Many__CONST__
#define kxt_Types_Many ((nk_uint32_t)(NK_UINT32_C(256)))
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Types_Many kxt_Types_Many
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Types__Many__CONST__ */

#ifndef __kxt__Types__Lowest__CONST__
#define __kxt__Types__Lowest__CONST__
#define kxt_Types_Lowest ((nk_sint8_t)(NK_SINT8_C(-128)))
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Types_Lowest kxt_Types_Lowest
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Types__Lowest__CONST__ */

#ifndef __kxt__Types__Minimum__CONST__
#define __kxt__Types__Minimum__CONST__
#define kxt_Types_Minimum ((nk_sint64_t)((-NK_SINT64_C(9223372036854775807) - 1)))
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Types_Minimum kxt_Types_Minimum
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Types__Minimum__CONST__ */

#ifndef __kxt__Types__Everything__CONST__
#define __kxt__Types__Everything__CONST__
#define kxt_Types_Everything ((nk_uint64_t)(NK_UINT64_C(18446744073709551615)))
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Types_Everything kxt_Types_Everything
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Types__Everything__CONST__ */

#ifndef __kxt__Types__Octal__CONST__
#define __kxt__Types__Octal__CONST__
#define kxt_Types_Octal ((nk_uint8_t)(NK_UINT8_C(15)))
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Types_Octal kxt_Types_Octal
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Types__Octal__CONST__ */

#ifndef __kxt__Types__Nothing__CONST__
#define __kxt__Types__Nothing__CONST__
#define kxt_Types_Nothing ((nk_sint32_t)(NK_SINT32_C(0)))
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Types_Nothing kxt_Types_Nothing
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Types__Nothing__CONST__ */

#ifndef __kxt__Types__Mode__TYPEDEF__
#define __kxt__Types__Mode__TYPEDEF__
typedef nk_uint32_t kxt_Types_Mode;
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Types_Mode kxt_Types_Mode
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Types__Mode__TYPEDEF__ */

#ifndef __kxt__Types__ModeRed__CONST__
#define __kxt__Types__ModeRed__CONST__
#define kxt_Types_ModeRed ((kxt_Types_Mode)(NK_UINT32_C(1)))
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Types_ModeRed kxt_Types_ModeRed
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Types__ModeRed__CONST__ */

#ifndef __kxt__Types__Name__TYPEDEF__
#define __kxt__Types__Name__TYPEDEF__
typedef nk_ptr_t kxt_Types_Name;
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Types_Name kxt_Types_Name
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Types__Name__TYPEDEF__ */

#ifndef __kxt__Types__Blob__TYPEDEF__
#define __kxt__Types__Blob__TYPEDEF__
typedef nk_ptr_t kxt_Types_Blob;
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Types_Blob kxt_Types_Blob
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Types__Blob__TYPEDEF__ */

#ifndef __kxt__Types__Triple__TYPEDEF__
#define __kxt__Types__Triple__TYPEDEF__
typedef nk_uint16_t kxt_Types_Triple[3];
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Types_Triple kxt_Types_Triple
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Types__Triple__TYPEDEF__ */

#ifndef __kxt__Types__Alias__TYPEDEF__
#define __kxt__Types__Alias__TYPEDEF__
typedef kxt_Types_Name kxt_Types_Alias;
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Types_Alias kxt_Types_Alias
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Types__Alias__TYPEDEF__ */

#ifndef __kxt__Types__Point__STRUCT__
#define __kxt__Types__Point__STRUCT__
typedef struct __nk_packed kxt_Types_Point {
	__nk_alignas(2) nk_sint16_t x;
	__nk_alignas(2) nk_sint16_t y;
} kxt_Types_Point;
nk_static_assert(nk_offsetof(struct kxt_Types_Point, x) == 0U, bad_kxt_Types_Point_x_offset);
nk_static_assert(nk_offsetof(struct kxt_Types_Point, y) == 2U, bad_kxt_Types_Point_y_offset);
nk_static_assert(sizeof(struct kxt_Types_Point) == 4U, bad_kxt_Types_Point_size);
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Types_Point kxt_Types_Point
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Types__Point__STRUCT__ */

#ifndef __kxt__Types__Entry__STRUCT__
#define __kxt__Types__Entry__STRUCT__
typedef struct __nk_packed kxt_Types_Entry {
	__nk_alignas(4) nk_uint32_t reason;
	__nk_alignas(1) nk_uint8_t level;
	__nk_alignas(8) nk_uint64_t time;
	__nk_alignas(1) nk_uint8_t msg[4096];
	__nk_alignas(2) nk_uint16_t end;
} kxt_Types_Entry;
nk_static_assert(nk_offsetof(struct kxt_Types_Entry, reason) == 0U, bad_kxt_Types_Entry_reason_offset);
nk_static_assert(nk_offsetof(struct kxt_Types_Entry, level) == 4U, bad_kxt_Types_Entry_level_offset);
nk_static_assert(nk_offsetof(struct kxt_Types_Entry, time) == 8U, bad_kxt_Types_Entry_time_offset);
nk_static_assert(nk_offsetof(struct kxt_Types_Entry, msg) == 16U, bad_kxt_Types_Entry_msg_offset);
nk_static_assert(nk_offsetof(struct kxt_Types_Entry, end) == 4112U, bad_kxt_Types_Entry_end_offset);
nk_static_assert(sizeof(struct kxt_Types_Entry) == 4120U, bad_kxt_Types_Entry_size);
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Types_Entry kxt_Types_Entry
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Types__Entry__STRUCT__ */

#pragma GCC diagnostic pop
