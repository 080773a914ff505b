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

#ifndef __kxt__Ping__NAME__
#define __kxt__Ping__NAME__
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Ping kxt_Ping
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Ping__NAME__ */

#ifndef __kxt__All__NAME__
#define __kxt__All__NAME__
#ifdef NK_USE_UNQUALIFIED_NAMES
#define All kxt_All
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__All__NAME__ */

#ifndef __kxt__Rich__NAME__
#define __kxt__Rich__NAME__
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Rich kxt_Rich
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Rich__NAME__ */

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

#ifndef __kxt__All__Inner__STRUCT__
#define __kxt__All__Inner__STRUCT__
typedef struct __nk_packed kxt_All_Inner {
	__nk_alignas(1) nk_uint8_t a;
	__nk_alignas(2) struct kxt_Types_Point where;
	__nk_alignas(4) nk_ptr_t label;
	__nk_alignas(4) nk_ptr_t path;
} kxt_All_Inner;
nk_static_assert(nk_offsetof(struct kxt_All_Inner, a) == 0U, bad_kxt_All_Inner_a_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Inner, where) == 2U, bad_kxt_All_Inner_where_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Inner, label) == 8U, bad_kxt_All_Inner_label_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Inner, path) == 16U, bad_kxt_All_Inner_path_offset);
nk_static_assert(sizeof(struct kxt_All_Inner) == 24U, bad_kxt_All_Inner_size);
#ifdef NK_USE_UNQUALIFIED_NAMES
#define All_Inner kxt_All_Inner
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__All__Inner__STRUCT__ */

#ifndef __kxt__All__Outer__STRUCT__
#define __kxt__All__Outer__STRUCT__
typedef struct __nk_packed kxt_All_Outer {
	__nk_alignas(4) struct kxt_All_Inner first;
	__nk_alignas(4) struct kxt_All_Inner rest[2];
	__nk_alignas(1) nk_uint8_t tail;
	__nk_alignas(4) nk_ptr_t raw;
} kxt_All_Outer;
nk_static_assert(nk_offsetof(struct kxt_All_Outer, first) == 0U, bad_kxt_All_Outer_first_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Outer, rest) == 24U, bad_kxt_All_Outer_rest_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Outer, tail) == 72U, bad_kxt_All_Outer_tail_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Outer, raw) == 76U, bad_kxt_All_Outer_raw_offset);
nk_static_assert(sizeof(struct kxt_All_Outer) == 84U, bad_kxt_All_Outer_size);
#ifdef NK_USE_UNQUALIFIED_NAMES
#define All_Outer kxt_All_Outer
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__All__Outer__STRUCT__ */

#ifndef __kxt__All__Choice__UNION__
#define __kxt__All__Choice__UNION__
enum {
	kxt_All_Choice_small_tag,
	kxt_All_Choice_large_tag,
	kxt_All_Choice_points_tag,
	kxt_All_Choice_tag_max,
};
union kxt_All_Choice_value_ {
	__nk_alignas(1) nk_uint8_t small;
	__nk_alignas(8) nk_uint64_t large;
	__nk_alignas(4) nk_ptr_t points;
};
typedef struct __nk_packed kxt_All_Choice {
	__nk_alignas(4) nk_uint32_t tag_;
	__nk_alignas(8) union kxt_All_Choice_value_ value_;
} kxt_All_Choice;
nk_static_assert(nk_offsetof(struct kxt_All_Choice, value_) == 8U, bad_kxt_All_Choice_value_offset);
nk_static_assert(sizeof(struct kxt_All_Choice) == 16U, bad_kxt_All_Choice_size);
#ifdef NK_USE_UNQUALIFIED_NAMES
#define All_Choice kxt_All_Choice
#define All_Choice_small_tag kxt_All_Choice_small_tag
#define All_Choice_large_tag kxt_All_Choice_large_tag
#define All_Choice_points_tag kxt_All_Choice_points_tag
#define All_Choice_tag_max kxt_All_Choice_tag_max
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__All__Choice__UNION__ */

#ifndef __kxt__Ping__INTERFACE__
#define __kxt__Ping__INTERFACE__
enum {
	kxt_Ping_Send_mid,
	kxt_Ping_mid_max,
};
enum {
	kxt_Ping_Send_req_arena_size = 0,
	kxt_Ping_Send_res_arena_size = 0,
	kxt_Ping_Send_req_handles = 0,
	kxt_Ping_Send_res_handles = 0,
	kxt_Ping_Send_err_handles = 0,
	kxt_Ping_req_arena_size = 0,
	kxt_Ping_res_arena_size = 0,
	kxt_Ping_arena_size = 0,
	kxt_Ping_req_handles = 0,
	kxt_Ping_res_handles = 0,
	kxt_Ping_err_handles = 0,
};
typedef struct __nk_packed kxt_Ping_Send_req {
	__nk_alignas(8) struct nk_message base_;
	__nk_alignas(4) nk_uint32_t value;
} kxt_Ping_Send_req;
nk_static_assert(nk_offsetof(struct kxt_Ping_Send_req, value) == 24U, bad_kxt_Ping_Send_req_value_offset);
nk_static_assert(sizeof(struct kxt_Ping_Send_req) == 32U, bad_kxt_Ping_Send_req_size);
#pragma pack(push, 8)
typedef struct kxt_Ping_Send_err {
	__nk_alignas(8) struct nk_message base_;
} kxt_Ping_Send_err;
nk_static_assert(sizeof(struct kxt_Ping_Send_err) == 24U, bad_kxt_Ping_Send_err_size);
typedef struct kxt_Ping_Send_res {
	union {
		struct {
			__nk_alignas(8) struct nk_message base_;
			__nk_alignas(4) nk_uint32_t result;
		};
		struct {
			__nk_alignas(8) struct nk_message base_;
			__nk_alignas(4) nk_uint32_t result;
		} res_;
		struct kxt_Ping_Send_err err_;
	};
} kxt_Ping_Send_res;
nk_static_assert(nk_offsetof(struct kxt_Ping_Send_res, result) == 24U, bad_kxt_Ping_Send_res_result_offset);
nk_static_assert(sizeof(struct kxt_Ping_Send_res) == 32U, bad_kxt_Ping_Send_res_size);
#pragma pack(pop)
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Ping_Send_mid kxt_Ping_Send_mid
#define Ping_mid_max kxt_Ping_mid_max
#define Ping_Send_req_arena_size kxt_Ping_Send_req_arena_size
#define Ping_Send_res_arena_size kxt_Ping_Send_res_arena_size
#define Ping_Send_req_handles kxt_Ping_Send_req_handles
#define Ping_Send_res_handles kxt_Ping_Send_res_handles
#define Ping_Send_err_handles kxt_Ping_Send_err_handles
#define Ping_req_arena_size kxt_Ping_req_arena_size
#define Ping_res_arena_size kxt_Ping_res_arena_size
#define Ping_arena_size kxt_Ping_arena_size
#define Ping_req_handles kxt_Ping_req_handles
#define Ping_res_handles kxt_Ping_res_handles
#define Ping_err_handles kxt_Ping_err_handles
#define Ping_Send_req kxt_Ping_Send_req
#define Ping_Send_err kxt_Ping_Send_err
#define Ping_Send_res kxt_Ping_Send_res
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Ping__INTERFACE__ */

#ifndef __kxt__All__INTERFACE__
#define __kxt__All__INTERFACE__
enum {
	kxt_All_Nothing_mid,
	kxt_All_Scalars_mid,
	kxt_All_Texts_mid,
	kxt_All_Nested_mid,
	kxt_All_Entries_mid,
	kxt_All_Records_mid,
	kxt_All_Choose_mid,
	kxt_All_Handles_mid,
	kxt_All_Mixed_mid,
	kxt_All_Grids_mid,
	kxt_All_Fails_mid,
	kxt_All_main_mid,
	kxt_All_mid_max,
};
enum {
	kxt_All_Texts_req_first_size = 49,
	kxt_All_Texts_req_second_size = 9,
	kxt_All_Texts_req_raw_size = 16,
	kxt_All_Texts_res_back_size = 33,
	kxt_All_Texts_res_again_size = 33,
	kxt_All_Nested_req_pages_size = 256,
	kxt_All_Nested_req_pages_elem_size = 256,
	kxt_All_Nested_res_copy_size = 256,
	kxt_All_Nested_res_copy_elem_size = 256,
	kxt_All_Entries_req_entry_size = 32,
	kxt_All_Entries_req_entry_elem_msg_size = 4096,
	kxt_All_Records_req_outer_first_label_size = 8,
	kxt_All_Records_req_outer_first_path_size = 3,
	kxt_All_Records_req_outer_rest_size = 2,
	kxt_All_Records_req_outer_rest_elem_label_size = 8,
	kxt_All_Records_req_outer_rest_elem_path_size = 3,
	kxt_All_Records_req_outer_raw_size = 5,
	kxt_All_Records_req_triple_size = 3,
	kxt_All_Records_res_result_first_label_size = 8,
	kxt_All_Records_res_result_first_path_size = 3,
	kxt_All_Records_res_result_rest_size = 2,
	kxt_All_Records_res_result_rest_elem_label_size = 8,
	kxt_All_Records_res_result_rest_elem_path_size = 3,
	kxt_All_Records_res_result_raw_size = 5,
	kxt_All_Records_res_rows_size = 3,
	kxt_All_Records_res_rows_elem_size = 4,
	kxt_All_Choose_req_choice_points_size = 2,
	kxt_All_Choose_req_more_size = 2,
	kxt_All_Choose_req_more_elem_points_size = 2,
	kxt_All_Choose_res_choices_size = 3,
	kxt_All_Choose_res_choices_elem_points_size = 2,
	kxt_All_Handles_req_more_size = 2,
	kxt_All_Mixed_req_odd_size = 5,
	kxt_All_Mixed_req_wide_size = 2,
	kxt_All_Grids_req_grid_size = 2,
	kxt_All_Grids_req_grid_elem_size = 3,
	kxt_All_Grids_req_pairs_size = 3,
	kxt_All_Grids_req_pairs_elem_size = 2,
	kxt_All_Grids_res_triples_size = 2,
	kxt_All_Grids_res_triples_elem_size = 3,
	kxt_All_main_res_blob_size = 256,
	kxt_All_Nothing_req_arena_size = 0,
	kxt_All_Nothing_res_arena_size = 0,
	kxt_All_Nothing_req_handles = 0,
	kxt_All_Nothing_res_handles = 0,
	kxt_All_Nothing_err_handles = 0,
	kxt_All_Scalars_req_arena_size = 0,
	kxt_All_Scalars_res_arena_size = 0,
	kxt_All_Scalars_req_handles = 0,
	kxt_All_Scalars_res_handles = 0,
	kxt_All_Scalars_err_handles = 0,
	kxt_All_Texts_req_arena_size = 74,
	kxt_All_Texts_res_arena_size = 66,
	kxt_All_Texts_req_handles = 0,
	kxt_All_Texts_res_handles = 0,
	kxt_All_Texts_err_handles = 0,
	kxt_All_Nested_req_arena_size = 67584,
	kxt_All_Nested_res_arena_size = 67584,
	kxt_All_Nested_req_handles = 0,
	kxt_All_Nested_res_handles = 0,
	kxt_All_Nested_err_handles = 0,
	kxt_All_Entries_req_arena_size = 131840,
	kxt_All_Entries_res_arena_size = 0,
	kxt_All_Entries_req_handles = 0,
	kxt_All_Entries_res_handles = 0,
	kxt_All_Entries_err_handles = 0,
	kxt_All_Records_req_arena_size = 66,
	kxt_All_Records_res_arena_size = 116,
	kxt_All_Records_req_handles = 0,
	kxt_All_Records_res_handles = 0,
	kxt_All_Records_err_handles = 0,
	kxt_All_Choose_req_arena_size = 24,
	kxt_All_Choose_res_arena_size = 72,
	kxt_All_Choose_req_handles = 0,
	kxt_All_Choose_res_handles = 0,
	kxt_All_Choose_err_handles = 0,
	kxt_All_Handles_req_arena_size = 0,
	kxt_All_Handles_res_arena_size = 0,
	kxt_All_Handles_req_handles = 3,
	kxt_All_Handles_res_handles = 1,
	kxt_All_Handles_err_handles = 0,
	kxt_All_Mixed_req_arena_size = 24,
	kxt_All_Mixed_res_arena_size = 0,
	kxt_All_Mixed_req_handles = 0,
	kxt_All_Mixed_res_handles = 0,
	kxt_All_Mixed_err_handles = 0,
	kxt_All_Grids_req_arena_size = 24,
	kxt_All_Grids_res_arena_size = 12,
	kxt_All_Grids_req_handles = 0,
	kxt_All_Grids_res_handles = 0,
	kxt_All_Grids_err_handles = 0,
	kxt_All_Fails_req_arena_size = 0,
	kxt_All_Fails_res_arena_size = 0,
	kxt_All_Fails_req_handles = 0,
	kxt_All_Fails_res_handles = 0,
	kxt_All_Fails_err_handles = 0,
	kxt_All_main_req_arena_size = 0,
	kxt_All_main_res_arena_size = 256,
	kxt_All_main_req_handles = 0,
	kxt_All_main_res_handles = 0,
	kxt_All_main_err_handles = 0,
	kxt_All_req_arena_size = 131840,
	kxt_All_res_arena_size = 67584,
	kxt_All_arena_size = 131840,
	kxt_All_req_handles = 3,
	kxt_All_res_handles = 1,
	kxt_All_err_handles = 0,
};
typedef struct __nk_packed kxt_All_Nothing_req {
	__nk_alignas(8) struct nk_message base_;
} kxt_All_Nothing_req;
nk_static_assert(sizeof(struct kxt_All_Nothing_req) == 24U, bad_kxt_All_Nothing_req_size);
#pragma pack(push, 8)
typedef struct kxt_All_Nothing_err {
	__nk_alignas(8) struct nk_message base_;
} kxt_All_Nothing_err;
nk_static_assert(sizeof(struct kxt_All_Nothing_err) == 24U, bad_kxt_All_Nothing_err_size);
typedef struct kxt_All_Nothing_res {
	union {
		struct {
			__nk_alignas(8) struct nk_message base_;
		};
		struct {
			__nk_alignas(8) struct nk_message base_;
		} res_;
		struct kxt_All_Nothing_err err_;
	};
} kxt_All_Nothing_res;
nk_static_assert(sizeof(struct kxt_All_Nothing_res) == 24U, bad_kxt_All_Nothing_res_size);
#pragma pack(pop)
typedef struct __nk_packed kxt_All_Scalars_req {
	__nk_alignas(8) struct nk_message base_;
	__nk_alignas(1) nk_uint8_t u8;
	__nk_alignas(2) nk_uint16_t u16;
	__nk_alignas(4) nk_uint32_t u32;
	__nk_alignas(8) nk_uint64_t u64;
	__nk_alignas(1) nk_sint8_t s8;
	__nk_alignas(2) nk_sint16_t s16;
	__nk_alignas(4) nk_sint32_t s32;
	__nk_alignas(8) nk_sint64_t s64;
	__nk_alignas(8) nk_uintsize_t size;
	__nk_alignas(8) nk_uintptr_t ptr;
} kxt_All_Scalars_req;
nk_static_assert(nk_offsetof(struct kxt_All_Scalars_req, u8) == 24U, bad_kxt_All_Scalars_req_u8_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Scalars_req, u16) == 26U, bad_kxt_All_Scalars_req_u16_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Scalars_req, u32) == 28U, bad_kxt_All_Scalars_req_u32_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Scalars_req, u64) == 32U, bad_kxt_All_Scalars_req_u64_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Scalars_req, s8) == 40U, bad_kxt_All_Scalars_req_s8_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Scalars_req, s16) == 42U, bad_kxt_All_Scalars_req_s16_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Scalars_req, s32) == 44U, bad_kxt_All_Scalars_req_s32_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Scalars_req, s64) == 48U, bad_kxt_All_Scalars_req_s64_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Scalars_req, size) == 56U, bad_kxt_All_Scalars_req_size_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Scalars_req, ptr) == 64U, bad_kxt_All_Scalars_req_ptr_offset);
nk_static_assert(sizeof(struct kxt_All_Scalars_req) == 72U, bad_kxt_All_Scalars_req_size);
#pragma pack(push, 8)
typedef struct kxt_All_Scalars_err {
	__nk_alignas(8) struct nk_message base_;
} kxt_All_Scalars_err;
nk_static_assert(sizeof(struct kxt_All_Scalars_err) == 24U, bad_kxt_All_Scalars_err_size);
typedef struct kxt_All_Scalars_res {
	union {
		struct {
			__nk_alignas(8) struct nk_message base_;
			__nk_alignas(1) nk_uint8_t ru8;
			__nk_alignas(2) nk_uint16_t ru16;
			__nk_alignas(4) nk_uint32_t ru32;
			__nk_alignas(8) nk_uint64_t ru64;
			__nk_alignas(1) nk_sint8_t rs8;
			__nk_alignas(2) nk_sint16_t rs16;
			__nk_alignas(4) nk_sint32_t rs32;
			__nk_alignas(8) nk_sint64_t rs64;
		};
		struct {
			__nk_alignas(8) struct nk_message base_;
			__nk_alignas(1) nk_uint8_t ru8;
			__nk_alignas(2) nk_uint16_t ru16;
			__nk_alignas(4) nk_uint32_t ru32;
			__nk_alignas(8) nk_uint64_t ru64;
			__nk_alignas(1) nk_sint8_t rs8;
			__nk_alignas(2) nk_sint16_t rs16;
			__nk_alignas(4) nk_sint32_t rs32;
			__nk_alignas(8) nk_sint64_t rs64;
		} res_;
		struct kxt_All_Scalars_err err_;
	};
} kxt_All_Scalars_res;
nk_static_assert(nk_offsetof(struct kxt_All_Scalars_res, ru8) == 24U, bad_kxt_All_Scalars_res_ru8_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Scalars_res, ru16) == 26U, bad_kxt_All_Scalars_res_ru16_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Scalars_res, ru32) == 28U, bad_kxt_All_Scalars_res_ru32_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Scalars_res, ru64) == 32U, bad_kxt_All_Scalars_res_ru64_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Scalars_res, rs8) == 40U, bad_kxt_All_Scalars_res_rs8_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Scalars_res, rs16) == 42U, bad_kxt_All_Scalars_res_rs16_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Scalars_res, rs32) == 44U, bad_kxt_All_Scalars_res_rs32_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Scalars_res, rs64) == 48U, bad_kxt_All_Scalars_res_rs64_offset);
nk_static_assert(sizeof(struct kxt_All_Scalars_res) == 56U, bad_kxt_All_Scalars_res_size);
#pragma pack(pop)
typedef struct __nk_packed kxt_All_Texts_req {
	__nk_alignas(8) struct nk_message base_;
	__nk_alignas(4) nk_ptr_t first;
	__nk_alignas(4) nk_ptr_t second;
	__nk_alignas(4) nk_ptr_t raw;
} kxt_All_Texts_req;
nk_static_assert(nk_offsetof(struct kxt_All_Texts_req, first) == 24U, bad_kxt_All_Texts_req_first_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Texts_req, second) == 32U, bad_kxt_All_Texts_req_second_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Texts_req, raw) == 40U, bad_kxt_All_Texts_req_raw_offset);
nk_static_assert(sizeof(struct kxt_All_Texts_req) == 48U, bad_kxt_All_Texts_req_size);
#pragma pack(push, 8)
typedef struct kxt_All_Texts_err {
	__nk_alignas(8) struct nk_message base_;
} kxt_All_Texts_err;
nk_static_assert(sizeof(struct kxt_All_Texts_err) == 24U, bad_kxt_All_Texts_err_size);
typedef struct kxt_All_Texts_res {
	union {
		struct {
			__nk_alignas(8) struct nk_message base_;
			__nk_alignas(4) kxt_Types_Name back;
			__nk_alignas(4) kxt_Types_Alias again;
		};
		struct {
			__nk_alignas(8) struct nk_message base_;
			__nk_alignas(4) kxt_Types_Name back;
			__nk_alignas(4) kxt_Types_Alias again;
		} res_;
		struct kxt_All_Texts_err err_;
	};
} kxt_All_Texts_res;
nk_static_assert(nk_offsetof(struct kxt_All_Texts_res, back) == 24U, bad_kxt_All_Texts_res_back_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Texts_res, again) == 32U, bad_kxt_All_Texts_res_again_offset);
nk_static_assert(sizeof(struct kxt_All_Texts_res) == 40U, bad_kxt_All_Texts_res_size);
#pragma pack(pop)
typedef struct __nk_packed kxt_All_Nested_req {
	__nk_alignas(8) struct nk_message base_;
	__nk_alignas(4) nk_ptr_t pages;
} kxt_All_Nested_req;
nk_static_assert(nk_offsetof(struct kxt_All_Nested_req, pages) == 24U, bad_kxt_All_Nested_req_pages_offset);
nk_static_assert(sizeof(struct kxt_All_Nested_req) == 32U, bad_kxt_All_Nested_req_size);
#pragma pack(push, 8)
typedef struct kxt_All_Nested_err {
	__nk_alignas(8) struct nk_message base_;
} kxt_All_Nested_err;
nk_static_assert(sizeof(struct kxt_All_Nested_err) == 24U, bad_kxt_All_Nested_err_size);
typedef struct kxt_All_Nested_res {
	union {
		struct {
			__nk_alignas(8) struct nk_message base_;
			__nk_alignas(4) nk_ptr_t copy;
		};
		struct {
			__nk_alignas(8) struct nk_message base_;
			__nk_alignas(4) nk_ptr_t copy;
		} res_;
		struct kxt_All_Nested_err err_;
	};
} kxt_All_Nested_res;
nk_static_assert(nk_offsetof(struct kxt_All_Nested_res, copy) == 24U, bad_kxt_All_Nested_res_copy_offset);
nk_static_assert(sizeof(struct kxt_All_Nested_res) == 32U, bad_kxt_All_Nested_res_size);
#pragma pack(pop)
typedef struct __nk_packed kxt_All_Entries_req {
	__nk_alignas(8) struct nk_message base_;
	__nk_alignas(4) nk_ptr_t entry;
} kxt_All_Entries_req;
nk_static_assert(nk_offsetof(struct kxt_All_Entries_req, entry) == 24U, bad_kxt_All_Entries_req_entry_offset);
nk_static_assert(sizeof(struct kxt_All_Entries_req) == 32U, bad_kxt_All_Entries_req_size);
#pragma pack(push, 8)
typedef struct kxt_All_Entries_err {
	__nk_alignas(8) struct nk_message base_;
} kxt_All_Entries_err;
nk_static_assert(sizeof(struct kxt_All_Entries_err) == 24U, bad_kxt_All_Entries_err_size);
typedef struct kxt_All_Entries_res {
	union {
		struct {
			__nk_alignas(8) struct nk_message base_;
			__nk_alignas(4) nk_uint32_t count;
		};
		struct {
			__nk_alignas(8) struct nk_message base_;
			__nk_alignas(4) nk_uint32_t count;
		} res_;
		struct kxt_All_Entries_err err_;
	};
} kxt_All_Entries_res;
nk_static_assert(nk_offsetof(struct kxt_All_Entries_res, count) == 24U, bad_kxt_All_Entries_res_count_offset);
nk_static_assert(sizeof(struct kxt_All_Entries_res) == 32U, bad_kxt_All_Entries_res_size);
#pragma pack(pop)
typedef struct __nk_packed kxt_All_Records_req {
	__nk_alignas(8) struct nk_message base_;
	__nk_alignas(4) struct kxt_All_Outer outer;
	__nk_alignas(2) kxt_Types_Triple triple;
} kxt_All_Records_req;
nk_static_assert(nk_offsetof(struct kxt_All_Records_req, outer) == 24U, bad_kxt_All_Records_req_outer_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Records_req, triple) == 108U, bad_kxt_All_Records_req_triple_offset);
nk_static_assert(sizeof(struct kxt_All_Records_req) == 120U, bad_kxt_All_Records_req_size);
#pragma pack(push, 8)
typedef struct kxt_All_Records_err {
	__nk_alignas(8) struct nk_message base_;
} kxt_All_Records_err;
nk_static_assert(sizeof(struct kxt_All_Records_err) == 24U, bad_kxt_All_Records_err_size);
typedef struct kxt_All_Records_res {
	union {
		struct {
			__nk_alignas(8) struct nk_message base_;
			__nk_alignas(4) struct kxt_All_Outer result;
			__nk_alignas(4) nk_ptr_t rows[3];
		};
		struct {
			__nk_alignas(8) struct nk_message base_;
			__nk_alignas(4) struct kxt_All_Outer result;
			__nk_alignas(4) nk_ptr_t rows[3];
		} res_;
		struct kxt_All_Records_err err_;
	};
} kxt_All_Records_res;
nk_static_assert(nk_offsetof(struct kxt_All_Records_res, result) == 24U, bad_kxt_All_Records_res_result_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Records_res, rows) == 108U, bad_kxt_All_Records_res_rows_offset);
nk_static_assert(sizeof(struct kxt_All_Records_res) == 136U, bad_kxt_All_Records_res_size);
#pragma pack(pop)
typedef struct __nk_packed kxt_All_Choose_req {
	__nk_alignas(8) struct nk_message base_;
	__nk_alignas(8) struct kxt_All_Choice choice;
	__nk_alignas(8) struct kxt_All_Choice more[2];
} kxt_All_Choose_req;
nk_static_assert(nk_offsetof(struct kxt_All_Choose_req, choice) == 24U, bad_kxt_All_Choose_req_choice_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Choose_req, more) == 40U, bad_kxt_All_Choose_req_more_offset);
nk_static_assert(sizeof(struct kxt_All_Choose_req) == 72U, bad_kxt_All_Choose_req_size);
#pragma pack(push, 8)
typedef struct kxt_All_Choose_err {
	__nk_alignas(8) struct nk_message base_;
} kxt_All_Choose_err;
nk_static_assert(sizeof(struct kxt_All_Choose_err) == 24U, bad_kxt_All_Choose_err_size);
typedef struct kxt_All_Choose_res {
	union {
		struct {
			__nk_alignas(8) struct nk_message base_;
			__nk_alignas(4) nk_ptr_t choices;
		};
		struct {
			__nk_alignas(8) struct nk_message base_;
			__nk_alignas(4) nk_ptr_t choices;
		} res_;
		struct kxt_All_Choose_err err_;
	};
} kxt_All_Choose_res;
nk_static_assert(nk_offsetof(struct kxt_All_Choose_res, choices) == 24U, bad_kxt_All_Choose_res_choices_offset);
nk_static_assert(sizeof(struct kxt_All_Choose_res) == 32U, bad_kxt_All_Choose_res_size);
#pragma pack(pop)
typedef struct __nk_packed kxt_All_Handles_req {
	__nk_alignas(8) struct nk_message base_;
	__nk_alignas(1) nk_uint8_t flag;
	__nk_alignas(8) nk_handle_desc_t first;
	__nk_alignas(8) nk_handle_desc_t more[2];
} kxt_All_Handles_req;
nk_static_assert(nk_offsetof(struct kxt_All_Handles_req, flag) == 24U, bad_kxt_All_Handles_req_flag_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Handles_req, first) == 32U, bad_kxt_All_Handles_req_first_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Handles_req, more) == 48U, bad_kxt_All_Handles_req_more_offset);
nk_static_assert(sizeof(struct kxt_All_Handles_req) == 80U, bad_kxt_All_Handles_req_size);
#pragma pack(push, 8)
typedef struct kxt_All_Handles_err {
	__nk_alignas(8) struct nk_message base_;
} kxt_All_Handles_err;
nk_static_assert(sizeof(struct kxt_All_Handles_err) == 24U, bad_kxt_All_Handles_err_size);
typedef struct kxt_All_Handles_res {
	union {
		struct {
			__nk_alignas(8) struct nk_message base_;
			__nk_alignas(8) nk_handle_desc_t back;
		};
		struct {
			__nk_alignas(8) struct nk_message base_;
			__nk_alignas(8) nk_handle_desc_t back;
		} res_;
		struct kxt_All_Handles_err err_;
	};
} kxt_All_Handles_res;
nk_static_assert(nk_offsetof(struct kxt_All_Handles_res, back) == 24U, bad_kxt_All_Handles_res_back_offset);
nk_static_assert(sizeof(struct kxt_All_Handles_res) == 40U, bad_kxt_All_Handles_res_size);
#pragma pack(pop)
typedef struct __nk_packed kxt_All_Mixed_req {
	__nk_alignas(8) struct nk_message base_;
	__nk_alignas(4) nk_ptr_t odd;
	__nk_alignas(4) nk_ptr_t wide;
} kxt_All_Mixed_req;
nk_static_assert(nk_offsetof(struct kxt_All_Mixed_req, odd) == 24U, bad_kxt_All_Mixed_req_odd_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Mixed_req, wide) == 32U, bad_kxt_All_Mixed_req_wide_offset);
nk_static_assert(sizeof(struct kxt_All_Mixed_req) == 40U, bad_kxt_All_Mixed_req_size);
#pragma pack(push, 8)
typedef struct kxt_All_Mixed_err {
	__nk_alignas(8) struct nk_message base_;
} kxt_All_Mixed_err;
nk_static_assert(sizeof(struct kxt_All_Mixed_err) == 24U, bad_kxt_All_Mixed_err_size);
typedef struct kxt_All_Mixed_res {
	union {
		struct {
			__nk_alignas(8) struct nk_message base_;
			__nk_alignas(1) nk_uint8_t code;
			__nk_alignas(1) nk_uint8_t last;
		};
		struct {
			__nk_alignas(8) struct nk_message base_;
			__nk_alignas(1) nk_uint8_t code;
			__nk_alignas(1) nk_uint8_t last;
		} res_;
		struct kxt_All_Mixed_err err_;
	};
} kxt_All_Mixed_res;
nk_static_assert(nk_offsetof(struct kxt_All_Mixed_res, code) == 24U, bad_kxt_All_Mixed_res_code_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Mixed_res, last) == 25U, bad_kxt_All_Mixed_res_last_offset);
nk_static_assert(sizeof(struct kxt_All_Mixed_res) == 32U, bad_kxt_All_Mixed_res_size);
#pragma pack(pop)
typedef struct __nk_packed kxt_All_Grids_req {
	__nk_alignas(8) struct nk_message base_;
	__nk_alignas(2) nk_uint16_t grid[2][3];
	__nk_alignas(4) nk_ptr_t pairs;
} kxt_All_Grids_req;
nk_static_assert(nk_offsetof(struct kxt_All_Grids_req, grid) == 24U, bad_kxt_All_Grids_req_grid_offset);
nk_static_assert(nk_offsetof(struct kxt_All_Grids_req, pairs) == 36U, bad_kxt_All_Grids_req_pairs_offset);
nk_static_assert(sizeof(struct kxt_All_Grids_req) == 48U, bad_kxt_All_Grids_req_size);
#pragma pack(push, 8)
typedef struct kxt_All_Grids_err {
	__nk_alignas(8) struct nk_message base_;
} kxt_All_Grids_err;
nk_static_assert(sizeof(struct kxt_All_Grids_err) == 24U, bad_kxt_All_Grids_err_size);
typedef struct kxt_All_Grids_res {
	union {
		struct {
			__nk_alignas(8) struct nk_message base_;
			__nk_alignas(4) nk_ptr_t triples;
		};
		struct {
			__nk_alignas(8) struct nk_message base_;
			__nk_alignas(4) nk_ptr_t triples;
		} res_;
		struct kxt_All_Grids_err err_;
	};
} kxt_All_Grids_res;
nk_static_assert(nk_offsetof(struct kxt_All_Grids_res, triples) == 24U, bad_kxt_All_Grids_res_triples_offset);
nk_static_assert(sizeof(struct kxt_All_Grids_res) == 32U, bad_kxt_All_Grids_res_size);
#pragma pack(pop)
typedef struct __nk_packed kxt_All_Fails_req {
	__nk_alignas(8) struct nk_message base_;
	__nk_alignas(4) nk_uint32_t n;
} kxt_All_Fails_req;
nk_static_assert(nk_offsetof(struct kxt_All_Fails_req, n) == 24U, bad_kxt_All_Fails_req_n_offset);
nk_static_assert(sizeof(struct kxt_All_Fails_req) == 32U, bad_kxt_All_Fails_req_size);
#pragma pack(push, 8)
typedef struct kxt_All_Fails_err {
	__nk_alignas(8) struct nk_message base_;
	__nk_alignas(2) nk_uint16_t status;
} kxt_All_Fails_err;
nk_static_assert(nk_offsetof(struct kxt_All_Fails_err, status) == 24U, bad_kxt_All_Fails_err_status_offset);
nk_static_assert(sizeof(struct kxt_All_Fails_err) == 32U, bad_kxt_All_Fails_err_size);
typedef struct kxt_All_Fails_res {
	union {
		struct {
			__nk_alignas(8) struct nk_message base_;
			__nk_alignas(4) nk_uint32_t twice;
		};
		struct {
			__nk_alignas(8) struct nk_message base_;
			__nk_alignas(4) nk_uint32_t twice;
		} res_;
		struct kxt_All_Fails_err err_;
	};
} kxt_All_Fails_res;
nk_static_assert(nk_offsetof(struct kxt_All_Fails_res, twice) == 24U, bad_kxt_All_Fails_res_twice_offset);
nk_static_assert(sizeof(struct kxt_All_Fails_res) == 32U, bad_kxt_All_Fails_res_size);
#pragma pack(pop)
typedef struct __nk_packed kxt_All_main_req {
	__nk_alignas(8) struct nk_message base_;
	__nk_alignas(4) kxt_Types_Mode mode;
} kxt_All_main_req;
nk_static_assert(nk_offsetof(struct kxt_All_main_req, mode) == 24U, bad_kxt_All_main_req_mode_offset);
nk_static_assert(sizeof(struct kxt_All_main_req) == 32U, bad_kxt_All_main_req_size);
#pragma pack(push, 8)
typedef struct kxt_All_main_err {
	__nk_alignas(8) struct nk_message base_;
} kxt_All_main_err;
nk_static_assert(sizeof(struct kxt_All_main_err) == 24U, bad_kxt_All_main_err_size);
typedef struct kxt_All_main_res {
	union {
		struct {
			__nk_alignas(8) struct nk_message base_;
			__nk_alignas(4) kxt_Types_Blob blob;
		};
		struct {
			__nk_alignas(8) struct nk_message base_;
			__nk_alignas(4) kxt_Types_Blob blob;
		} res_;
		struct kxt_All_main_err err_;
	};
} kxt_All_main_res;
nk_static_assert(nk_offsetof(struct kxt_All_main_res, blob) == 24U, bad_kxt_All_main_res_blob_offset);
nk_static_assert(sizeof(struct kxt_All_main_res) == 32U, bad_kxt_All_main_res_size);
#pragma pack(pop)
#ifdef NK_USE_UNQUALIFIED_NAMES
#define All_Nothing_mid kxt_All_Nothing_mid
#define All_Scalars_mid kxt_All_Scalars_mid
#define All_Texts_mid kxt_All_Texts_mid
#define All_Nested_mid kxt_All_Nested_mid
#define All_Entries_mid kxt_All_Entries_mid
#define All_Records_mid kxt_All_Records_mid
#define All_Choose_mid kxt_All_Choose_mid
#define All_Handles_mid kxt_All_Handles_mid
#define All_Mixed_mid kxt_All_Mixed_mid
#define All_Grids_mid kxt_All_Grids_mid
#define All_Fails_mid kxt_All_Fails_mid
#define All_main_mid kxt_All_main_mid
#define All_mid_max kxt_All_mid_max
#define All_Texts_req_first_size kxt_All_Texts_req_first_size
#define All_Texts_req_second_size kxt_All_Texts_req_second_size
#define All_Texts_req_raw_size kxt_All_Texts_req_raw_size
#define All_Texts_res_back_size kxt_All_Texts_res_back_size
#define All_Texts_res_again_size kxt_All_Texts_res_again_size
#define All_Nested_req_pages_size kxt_All_Nested_req_pages_size
#define All_Nested_req_pages_elem_size kxt_All_Nested_req_pages_elem_size
#define All_Nested_res_copy_size kxt_All_Nested_res_copy_size
#define All_Nested_res_copy_elem_size kxt_All_Nested_res_copy_elem_size
#define All_Entries_req_entry_size kxt_All_Entries_req_entry_size
#define All_Entries_req_entry_elem_msg_size kxt_All_Entries_req_entry_elem_msg_size
#define All_Records_req_outer_first_label_size kxt_All_Records_req_outer_first_label_size
#define All_Records_req_outer_first_path_size kxt_All_Records_req_outer_first_path_size
#define All_Records_req_outer_rest_size kxt_All_Records_req_outer_rest_size
#define All_Records_req_outer_rest_elem_label_size kxt_All_Records_req_outer_rest_elem_label_size
#define All_Records_req_outer_rest_elem_path_size kxt_All_Records_req_outer_rest_elem_path_size
#define All_Records_req_outer_raw_size kxt_All_Records_req_outer_raw_size
#define All_Records_req_triple_size kxt_All_Records_req_triple_size
#define All_Records_res_result_first_label_size kxt_All_Records_res_result_first_label_size
#define All_Records_res_result_first_path_size kxt_All_Records_res_result_first_path_size
#define All_Records_res_result_rest_size kxt_All_Records_res_result_rest_size
#define All_Records_res_result_rest_elem_label_size kxt_All_Records_res_result_rest_elem_label_size
#define All_Records_res_result_rest_elem_path_size kxt_All_Records_res_result_rest_elem_path_size
#define All_Records_res_result_raw_size kxt_All_Records_res_result_raw_size
#define All_Records_res_rows_size kxt_All_Records_res_rows_size
#define All_Records_res_rows_elem_size kxt_All_Records_res_rows_elem_size
#define All_Choose_req_choice_points_size kxt_All_Choose_req_choice_points_size
#define All_Choose_req_more_size kxt_All_Choose_req_more_size
#define All_Choose_req_more_elem_points_size kxt_All_Choose_req_more_elem_points_size
#define All_Choose_res_choices_size kxt_All_Choose_res_choices_size
#define All_Choose_res_choices_elem_points_size kxt_All_Choose_res_choices_elem_points_size
#define All_Handles_req_more_size kxt_All_Handles_req_more_size
#define All_Mixed_req_odd_size kxt_All_Mixed_req_odd_size
#define All_Mixed_req_wide_size kxt_All_Mixed_req_wide_size
#define All_Grids_req_grid_size kxt_All_Grids_req_grid_size
#define All_Grids_req_grid_elem_size kxt_All_Grids_req_grid_elem_size
#define All_Grids_req_pairs_size kxt_All_Grids_req_pairs_size
#define All_Grids_req_pairs_elem_size kxt_All_Grids_req_pairs_elem_size
#define All_Grids_res_triples_size kxt_All_Grids_res_triples_size
#define All_Grids_res_triples_elem_size kxt_All_Grids_res_triples_elem_size
#define All_main_res_blob_size kxt_All_main_res_blob_size
#define All_Nothing_req_arena_size kxt_All_Nothing_req_arena_size
#define All_Nothing_res_arena_size kxt_All_Nothing_res_arena_size
#define All_Nothing_req_handles kxt_All_Nothing_req_handles
#define All_Nothing_res_handles kxt_All_Nothing_res_handles
#define All_Nothing_err_handles kxt_All_Nothing_err_handles
#define All_Scalars_req_arena_size kxt_All_Scalars_req_arena_size
#define All_Scalars_res_arena_size kxt_All_Scalars_res_arena_size
#define All_Scalars_req_handles kxt_All_Scalars_req_handles
#define All_Scalars_res_handles kxt_All_Scalars_res_handles
#define All_Scalars_err_handles kxt_All_Scalars_err_handles
#define All_Texts_req_arena_size kxt_All_Texts_req_arena_size
#define All_Texts_res_arena_size kxt_All_Texts_res_arena_size
#define All_Texts_req_handles kxt_All_Texts_req_handles
#define All_Texts_res_handles kxt_All_Texts_res_handles
#define All_Texts_err_handles kxt_All_Texts_err_handles
#define All_Nested_req_arena_size kxt_All_Nested_req_arena_size
#define All_Nested_res_arena_size kxt_All_Nested_res_arena_size
#define All_Nested_req_handles kxt_All_Nested_req_handles
#define All_Nested_res_handles kxt_All_Nested_res_handles
#define All_Nested_err_handles kxt_All_Nested_err_handles
#define All_Entries_req_arena_size kxt_All_Entries_req_arena_size
#define All_Entries_res_arena_size kxt_All_Entries_res_arena_size
#define All_Entries_req_handles kxt_All_Entries_req_handles
#define All_Entries_res_handles kxt_All_Entries_res_handles
#define All_Entries_err_handles kxt_All_Entries_err_handles
#define All_Records_req_arena_size kxt_All_Records_req_arena_size
#define All_Records_res_arena_size kxt_All_Records_res_arena_size
#define All_Records_req_handles kxt_All_Records_req_handles
#define All_Records_res_handles kxt_All_Records_res_handles
#define All_Records_err_handles kxt_All_Records_err_handles
#define All_Choose_req_arena_size kxt_All_Choose_req_arena_size
#define All_Choose_res_arena_size kxt_All_Choose_res_arena_size
#define All_Choose_req_handles kxt_All_Choose_req_handles
#define All_Choose_res_handles kxt_All_Choose_res_handles
#define All_Choose_err_handles kxt_All_Choose_err_handles
#define All_Handles_req_arena_size kxt_All_Handles_req_arena_size
#define All_Handles_res_arena_size kxt_All_Handles_res_arena_size
#define All_Handles_req_handles kxt_All_Handles_req_handles
#define All_Handles_res_handles kxt_All_Handles_res_handles
#define All_Handles_err_handles kxt_All_Handles_err_handles
#define All_Mixed_req_arena_size kxt_All_Mixed_req_arena_size
#define All_Mixed_res_arena_size kxt_All_Mixed_res_arena_size
#define All_Mixed_req_handles kxt_All_Mixed_req_handles
#define All_Mixed_res_handles kxt_All_Mixed_res_handles
#define All_Mixed_err_handles kxt_All_Mixed_err_handles
#define All_Grids_req_arena_size kxt_All_Grids_req_arena_size
#define All_Grids_res_arena_size kxt_All_Grids_res_arena_size
#define All_Grids_req_handles kxt_All_Grids_req_handles
#define All_Grids_res_handles kxt_All_Grids_res_handles
#define All_Grids_err_handles kxt_All_Grids_err_handles
#define All_Fails_req_arena_size kxt_All_Fails_req_arena_size
#define All_Fails_res_arena_size kxt_All_Fails_res_arena_size
#define All_Fails_req_handles kxt_All_Fails_req_handles
#define All_Fails_res_handles kxt_All_Fails_res_handles
#define All_Fails_err_handles kxt_All_Fails_err_handles
#define All_main_req_arena_size kxt_All_main_req_arena_size
#define All_main_res_arena_size kxt_All_main_res_arena_size
#define All_main_req_handles kxt_All_main_req_handles
#define All_main_res_handles kxt_All_main_res_handles
#define All_main_err_handles kxt_All_main_err_handles
#define All_req_arena_size kxt_All_req_arena_size
#define All_res_arena_size kxt_All_res_arena_size
#define All_arena_size kxt_All_arena_size
#define All_req_handles kxt_All_req_handles
#define All_res_handles kxt_All_res_handles
#define All_err_handles kxt_All_err_handles
#define All_Nothing_req kxt_All_Nothing_req
#define All_Nothing_err kxt_All_Nothing_err
#define All_Nothing_res kxt_All_Nothing_res
#define All_Scalars_req kxt_All_Scalars_req
#define All_Scalars_err kxt_All_Scalars_err
#define All_Scalars_res kxt_All_Scalars_res
#define All_Texts_req kxt_All_Texts_req
#define All_Texts_err kxt_All_Texts_err
#define All_Texts_res kxt_All_Texts_res
#define All_Nested_req kxt_All_Nested_req
#define All_Nested_err kxt_All_Nested_err
#define All_Nested_res kxt_All_Nested_res
#define All_Entries_req kxt_All_Entries_req
#define All_Entries_err kxt_All_Entries_err
#define All_Entries_res kxt_All_Entries_res
#define All_Records_req kxt_All_Records_req
#define All_Records_err kxt_All_Records_err
#define All_Records_res kxt_All_Records_res
#define All_Choose_req kxt_All_Choose_req
#define All_Choose_err kxt_All_Choose_err
#define All_Choose_res kxt_All_Choose_res
#define All_Handles_req kxt_All_Handles_req
#define All_Handles_err kxt_All_Handles_err
#define All_Handles_res kxt_All_Handles_res
#define All_Mixed_req kxt_All_Mixed_req
#define All_Mixed_err kxt_All_Mixed_err
#define All_Mixed_res kxt_All_Mixed_res
#define All_Grids_req kxt_All_Grids_req
#define All_Grids_err kxt_All_Grids_err
#define All_Grids_res kxt_All_Grids_res
#define All_Fails_req kxt_All_Fails_req
#define All_Fails_err kxt_All_Fails_err
#define All_Fails_res kxt_All_Fails_res
#define All_main_req kxt_All_main_req
#define All_main_err kxt_All_main_err
#define All_main_res kxt_All_main_res
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__All__INTERFACE__ */

#ifndef __kxt__Rich__INTERFACE__
#define __kxt__Rich__INTERFACE__
enum {
	kxt_Rich_Try_mid,
	kxt_Rich_mid_max,
};
enum {
	kxt_Rich_Try_err_reason_size = 32,
	kxt_Rich_Try_req_arena_size = 0,
	kxt_Rich_Try_res_arena_size = 32,
	kxt_Rich_Try_req_handles = 0,
	kxt_Rich_Try_res_handles = 0,
	kxt_Rich_Try_err_handles = 0,
	kxt_Rich_req_arena_size = 0,
	kxt_Rich_res_arena_size = 32,
	kxt_Rich_arena_size = 32,
	kxt_Rich_req_handles = 0,
	kxt_Rich_res_handles = 0,
	kxt_Rich_err_handles = 0,
};
typedef struct __nk_packed kxt_Rich_Try_req {
	__nk_alignas(8) struct nk_message base_;
	__nk_alignas(4) nk_uint32_t n;
} kxt_Rich_Try_req;
nk_static_assert(nk_offsetof(struct kxt_Rich_Try_req, n) == 24U, bad_kxt_Rich_Try_req_n_offset);
nk_static_assert(sizeof(struct kxt_Rich_Try_req) == 32U, bad_kxt_Rich_Try_req_size);
#pragma pack(push, 8)
typedef struct kxt_Rich_Try_err {
	__nk_alignas(8) struct nk_message base_;
	__nk_alignas(4) nk_uint32_t code;
	__nk_alignas(4) nk_ptr_t reason;
} kxt_Rich_Try_err;
nk_static_assert(nk_offsetof(struct kxt_Rich_Try_err, code) == 24U, bad_kxt_Rich_Try_err_code_offset);
nk_static_assert(nk_offsetof(struct kxt_Rich_Try_err, reason) == 28U, bad_kxt_Rich_Try_err_reason_offset);
nk_static_assert(sizeof(struct kxt_Rich_Try_err) == 40U, bad_kxt_Rich_Try_err_size);
typedef struct kxt_Rich_Try_res {
	union {
		struct {
			__nk_alignas(8) struct nk_message base_;
			__nk_alignas(1) nk_uint8_t r;
		};
		struct {
			__nk_alignas(8) struct nk_message base_;
			__nk_alignas(1) nk_uint8_t r;
		} res_;
		struct kxt_Rich_Try_err err_;
	};
} kxt_Rich_Try_res;
nk_static_assert(nk_offsetof(struct kxt_Rich_Try_res, r) == 24U, bad_kxt_Rich_Try_res_r_offset);
nk_static_assert(sizeof(struct kxt_Rich_Try_res) == 40U, bad_kxt_Rich_Try_res_size);
#pragma pack(pop)
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Rich_Try_mid kxt_Rich_Try_mid
#define Rich_mid_max kxt_Rich_mid_max
#define Rich_Try_err_reason_size kxt_Rich_Try_err_reason_size
#define Rich_Try_req_arena_size kxt_Rich_Try_req_arena_size
#define Rich_Try_res_arena_size kxt_Rich_Try_res_arena_size
#define Rich_Try_req_handles kxt_Rich_Try_req_handles
#define Rich_Try_res_handles kxt_Rich_Try_res_handles
#define Rich_Try_err_handles kxt_Rich_Try_err_handles
#define Rich_req_arena_size kxt_Rich_req_arena_size
#define Rich_res_arena_size kxt_Rich_res_arena_size
#define Rich_arena_size kxt_Rich_arena_size
#define Rich_req_handles kxt_Rich_req_handles
#define Rich_res_handles kxt_Rich_res_handles
#define Rich_err_handles kxt_Rich_err_handles
#define Rich_Try_req kxt_Rich_Try_req
#define Rich_Try_err kxt_Rich_Try_err
#define Rich_Try_res kxt_Rich_Try_res
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Rich__INTERFACE__ */

#ifndef __kxt__Ping__COMPONENT_ENDPOINTS__
#define __kxt__Ping__COMPONENT_ENDPOINTS__
enum {
	kxt_Ping_ping_iid,
	kxt_Ping_iidMax,
};
enum {
	kxt_Ping_iidOffset = 0,
};
enum {
	kxt_Ping_securityIidMax,
};
enum {
	kxt_Ping_component_req_arena_size = 0,
	kxt_Ping_component_res_arena_size = 0,
	kxt_Ping_component_arena_size = 0,
	kxt_Ping_component_req_handles = 0,
	kxt_Ping_component_res_handles = 0,
	kxt_Ping_component_err_handles = 0,
};
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Ping_ping_iid kxt_Ping_ping_iid
#define Ping_iidMax kxt_Ping_iidMax
#define Ping_iidOffset kxt_Ping_iidOffset
#define Ping_securityIidMax kxt_Ping_securityIidMax
#define Ping_component_req_arena_size kxt_Ping_component_req_arena_size
#define Ping_component_res_arena_size kxt_Ping_component_res_arena_size
#define Ping_component_arena_size kxt_Ping_component_arena_size
#define Ping_component_req_handles kxt_Ping_component_req_handles
#define Ping_component_res_handles kxt_Ping_component_res_handles
#define Ping_component_err_handles kxt_Ping_component_err_handles
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Ping__COMPONENT_ENDPOINTS__ */

#ifndef __kxt__Part__COMPONENT_ENDPOINTS__
#define __kxt__Part__COMPONENT_ENDPOINTS__
enum {
	kxt_Part_inner_ping_iid,
	kxt_Part_all_iid,
	kxt_Part_interface_iid,
	kxt_Part_iidMax,
};
enum {
	kxt_Part_iidOffset = 0,
	kxt_Part_inner_iidOffset = 0,
};
enum {
	kxt_Part_securityIidMax,
};
enum {
	kxt_Part_component_req_arena_size = 131840,
	kxt_Part_component_res_arena_size = 67584,
	kxt_Part_component_arena_size = 131840,
	kxt_Part_component_req_handles = 3,
	kxt_Part_component_res_handles = 1,
	kxt_Part_component_err_handles = 0,
};
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Part_inner_ping_iid kxt_Part_inner_ping_iid
#define Part_all_iid kxt_Part_all_iid
#define Part_interface_iid kxt_Part_interface_iid
#define Part_iidMax kxt_Part_iidMax
#define Part_iidOffset kxt_Part_iidOffset
#define Part_inner_iidOffset kxt_Part_inner_iidOffset
#define Part_securityIidMax kxt_Part_securityIidMax
#define Part_component_req_arena_size kxt_Part_component_req_arena_size
#define Part_component_res_arena_size kxt_Part_component_res_arena_size
#define Part_component_arena_size kxt_Part_component_arena_size
#define Part_component_req_handles kxt_Part_component_req_handles
#define Part_component_res_handles kxt_Part_component_res_handles
#define Part_component_err_handles kxt_Part_component_err_handles
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Part__COMPONENT_ENDPOINTS__ */

#ifndef __kxt__Quiet__COMPONENT_ENDPOINTS__
#define __kxt__Quiet__COMPONENT_ENDPOINTS__
enum {
	kxt_Quiet_iidMax,
};
enum {
	kxt_Quiet_iidOffset = 0,
};
enum {
	kxt_Quiet_security_securityIid,
	kxt_Quiet_securityIid = kxt_Quiet_security_securityIid,
	kxt_Quiet_securityIidMax,
};
enum {
	kxt_Quiet_component_req_arena_size = 0,
	kxt_Quiet_component_res_arena_size = 0,
	kxt_Quiet_component_arena_size = 0,
	kxt_Quiet_component_req_handles = 0,
	kxt_Quiet_component_res_handles = 0,
	kxt_Quiet_component_err_handles = 0,
};
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Quiet_iidMax kxt_Quiet_iidMax
#define Quiet_iidOffset kxt_Quiet_iidOffset
#define Quiet_security_securityIid kxt_Quiet_security_securityIid
#define Quiet_securityIid kxt_Quiet_securityIid
#define Quiet_securityIidMax kxt_Quiet_securityIidMax
#define Quiet_component_req_arena_size kxt_Quiet_component_req_arena_size
#define Quiet_component_res_arena_size kxt_Quiet_component_res_arena_size
#define Quiet_component_arena_size kxt_Quiet_component_arena_size
#define Quiet_component_req_handles kxt_Quiet_component_req_handles
#define Quiet_component_res_handles kxt_Quiet_component_res_handles
#define Quiet_component_err_handles kxt_Quiet_component_err_handles
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Quiet__COMPONENT_ENDPOINTS__ */

#ifndef __kxt__Server__COMPONENT_ENDPOINTS__
#define __kxt__Server__COMPONENT_ENDPOINTS__
enum {
	kxt_Server_part_inner_ping_iid,
	kxt_Server_part_all_iid,
	kxt_Server_part_interface_iid,
	kxt_Server_ping_ping_iid,
	kxt_Server_direct_iid,
	kxt_Server_iidMax,
};
enum {
	kxt_Server_iidOffset = 0,
	kxt_Server_part_iidOffset = 0,
	kxt_Server_part_inner_iidOffset = 0,
	kxt_Server_ping_iidOffset = 3,
	kxt_Server_quiet_iidOffset = 4,
};
enum {
	kxt_Server_quiet_security_securityIid,
	kxt_Server_quiet_securityIid = kxt_Server_quiet_security_securityIid,
	kxt_Server_security_securityIid,
	kxt_Server_securityIid = kxt_Server_security_securityIid,
	kxt_Server_securityIidMax,
};
enum {
	kxt_Server_component_req_arena_size = 131840,
	kxt_Server_component_res_arena_size = 67584,
	kxt_Server_component_arena_size = 131840,
	kxt_Server_component_req_handles = 3,
	kxt_Server_component_res_handles = 1,
	kxt_Server_component_err_handles = 0,
};
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Server_part_inner_ping_iid kxt_Server_part_inner_ping_iid
#define Server_part_all_iid kxt_Server_part_all_iid
#define Server_part_interface_iid kxt_Server_part_interface_iid
#define Server_ping_ping_iid kxt_Server_ping_ping_iid
#define Server_direct_iid kxt_Server_direct_iid
#define Server_iidMax kxt_Server_iidMax
#define Server_iidOffset kxt_Server_iidOffset
#define Server_part_iidOffset kxt_Server_part_iidOffset
#define Server_part_inner_iidOffset kxt_Server_part_inner_iidOffset
#define Server_ping_iidOffset kxt_Server_ping_iidOffset
#define Server_quiet_iidOffset kxt_Server_quiet_iidOffset
#define Server_quiet_security_securityIid kxt_Server_quiet_security_securityIid
#define Server_quiet_securityIid kxt_Server_quiet_securityIid
#define Server_security_securityIid kxt_Server_security_securityIid
#define Server_securityIid kxt_Server_securityIid
#define Server_securityIidMax kxt_Server_securityIidMax
#define Server_component_req_arena_size kxt_Server_component_req_arena_size
#define Server_component_res_arena_size kxt_Server_component_res_arena_size
#define Server_component_arena_size kxt_Server_component_arena_size
#define Server_component_req_handles kxt_Server_component_req_handles
#define Server_component_res_handles kxt_Server_component_res_handles
#define Server_component_err_handles kxt_Server_component_err_handles
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Server__COMPONENT_ENDPOINTS__ */

#ifndef __kxt__Server__TASK_ENDPOINTS__
#define __kxt__Server__TASK_ENDPOINTS__
enum {
	kxt_Server_entity_req_arena_size = kxt_Server_component_req_arena_size,
	kxt_Server_entity_res_arena_size = kxt_Server_component_res_arena_size,
	kxt_Server_entity_arena_size = kxt_Server_component_arena_size,
	kxt_Server_entity_req_handles = kxt_Server_component_req_handles,
	kxt_Server_entity_res_handles = kxt_Server_component_res_handles,
	kxt_Server_entity_err_handles = kxt_Server_component_err_handles,
};
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Server_entity_req_arena_size kxt_Server_entity_req_arena_size
#define Server_entity_res_arena_size kxt_Server_entity_res_arena_size
#define Server_entity_arena_size kxt_Server_entity_arena_size
#define Server_entity_req_handles kxt_Server_entity_req_handles
#define Server_entity_res_handles kxt_Server_entity_res_handles
#define Server_entity_err_handles kxt_Server_entity_err_handles
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Server__TASK_ENDPOINTS__ */

#ifndef __kxt__Ping__VTABLE__
#define __kxt__Ping__VTABLE__
typedef struct kxt_Ping {
	const struct kxt_Ping_ops *ops;
} kxt_Ping;
typedef nk_err_t kxt_Ping_Send_fn(struct kxt_Ping *, const struct kxt_Ping_Send_req *,
	const struct nk_arena *, struct kxt_Ping_Send_res *, struct nk_arena *);
typedef struct kxt_Ping_ops {
	kxt_Ping_Send_fn *Send;
} kxt_Ping_ops;
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Ping_Send_fn kxt_Ping_Send_fn
#define Ping_ops kxt_Ping_ops
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Ping__VTABLE__ */

#ifndef __kxt__All__VTABLE__
#define __kxt__All__VTABLE__
typedef struct kxt_All {
	const struct kxt_All_ops *ops;
} kxt_All;
typedef nk_err_t kxt_All_Nothing_fn(struct kxt_All *, const struct kxt_All_Nothing_req *,
	const struct nk_arena *, struct kxt_All_Nothing_res *, struct nk_arena *);
typedef nk_err_t kxt_All_Scalars_fn(struct kxt_All *, const struct kxt_All_Scalars_req *,
	const struct nk_arena *, struct kxt_All_Scalars_res *, struct nk_arena *);
typedef nk_err_t kxt_All_Texts_fn(struct kxt_All *, const struct kxt_All_Texts_req *,
	const struct nk_arena *, struct kxt_All_Texts_res *, struct nk_arena *);
typedef nk_err_t kxt_All_Nested_fn(struct kxt_All *, const struct kxt_All_Nested_req *,
	const struct nk_arena *, struct kxt_All_Nested_res *, struct nk_arena *);
typedef nk_err_t kxt_All_Entries_fn(struct kxt_All *, const struct kxt_All_Entries_req *,
	const struct nk_arena *, struct kxt_All_Entries_res *, struct nk_arena *);
typedef nk_err_t kxt_All_Records_fn(struct kxt_All *, const struct kxt_All_Records_req *,
	const struct nk_arena *, struct kxt_All_Records_res *, struct nk_arena *);
typedef nk_err_t kxt_All_Choose_fn(struct kxt_All *, const struct kxt_All_Choose_req *,
	const struct nk_arena *, struct kxt_All_Choose_res *, struct nk_arena *);
typedef nk_err_t kxt_All_Handles_fn(struct kxt_All *, const struct kxt_All_Handles_req *,
	const struct nk_arena *, struct kxt_All_Handles_res *, struct nk_arena *);
typedef nk_err_t kxt_All_Mixed_fn(struct kxt_All *, const struct kxt_All_Mixed_req *,
	const struct nk_arena *, struct kxt_All_Mixed_res *, struct nk_arena *);
typedef nk_err_t kxt_All_Grids_fn(struct kxt_All *, const struct kxt_All_Grids_req *,
	const struct nk_arena *, struct kxt_All_Grids_res *, struct nk_arena *);
typedef nk_err_t kxt_All_Fails_fn(struct kxt_All *, const struct kxt_All_Fails_req *,
	const struct nk_arena *, struct kxt_All_Fails_res *, struct nk_arena *);
typedef nk_err_t kxt_All_main_fn(struct kxt_All *, const struct kxt_All_main_req *,
	const struct nk_arena *, struct kxt_All_main_res *, struct nk_arena *);
typedef struct kxt_All_ops {
	kxt_All_Nothing_fn *Nothing;
	kxt_All_Scalars_fn *Scalars;
	kxt_All_Texts_fn *Texts;
	kxt_All_Nested_fn *Nested;
	kxt_All_Entries_fn *Entries;
	kxt_All_Records_fn *Records;
	kxt_All_Choose_fn *Choose;
	kxt_All_Handles_fn *Handles;
	kxt_All_Mixed_fn *Mixed;
	kxt_All_Grids_fn *Grids;
	kxt_All_Fails_fn *Fails;
	kxt_All_main_fn *main;
} kxt_All_ops;
#ifdef NK_USE_UNQUALIFIED_NAMES
#define All_Nothing_fn kxt_All_Nothing_fn
#define All_Scalars_fn kxt_All_Scalars_fn
#define All_Texts_fn kxt_All_Texts_fn
#define All_Nested_fn kxt_All_Nested_fn
#define All_Entries_fn kxt_All_Entries_fn
#define All_Records_fn kxt_All_Records_fn
#define All_Choose_fn kxt_All_Choose_fn
#define All_Handles_fn kxt_All_Handles_fn
#define All_Mixed_fn kxt_All_Mixed_fn
#define All_Grids_fn kxt_All_Grids_fn
#define All_Fails_fn kxt_All_Fails_fn
#define All_main_fn kxt_All_main_fn
#define All_ops kxt_All_ops
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__All__VTABLE__ */

#ifndef __kxt__Rich__VTABLE__
#define __kxt__Rich__VTABLE__
typedef struct kxt_Rich {
	const struct kxt_Rich_ops *ops;
} kxt_Rich;
typedef nk_err_t kxt_Rich_Try_fn(struct kxt_Rich *, const struct kxt_Rich_Try_req *,
	const struct nk_arena *, struct kxt_Rich_Try_res *, struct nk_arena *);
typedef struct kxt_Rich_ops {
	kxt_Rich_Try_fn *Try;
} kxt_Rich_ops;
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Rich_Try_fn kxt_Rich_Try_fn
#define Rich_ops kxt_Rich_ops
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Rich__VTABLE__ */

#ifndef __kxt__Ping__SERVER__
#define __kxt__Ping__SERVER__
typedef union kxt_Ping_req {
	struct nk_message base_;
	struct kxt_Ping_Send_req Send;
} kxt_Ping_req;
typedef union kxt_Ping_res {
	struct nk_message base_;
	struct kxt_Ping_Send_res Send;
} kxt_Ping_res;
static inline nk_err_t kxt_Ping_interface_dispatch(struct kxt_Ping *impl, nk_iid_t iid,
	const struct nk_message *req, const struct nk_arena *req_arena,
	struct nk_message *res, struct nk_arena *res_arena)
{
	nk_err_t rc = NK_ENOENT;
	nk_bool_t handled = NK_FALSE;
	nk_iid_t req_iid;
	nk_mid_t req_mid;

	nk_assert(impl && "the ..._entity_init before this gave no kxt.Ping");
	nk_assert(req != NK_NULL);
	nk_assert(res != NK_NULL);
	nk_unused(impl);
	nk_unused(req_arena);
	nk_unused(res_arena);
	if (req->iid != iid)
		return NK_ENOENT;
	req_iid = req->iid;
	req_mid = req->mid;
	switch (req_mid) {
	case kxt_Ping_Send_mid: {
		struct kxt_Ping_Send_res *res_ = (struct kxt_Ping_Send_res *)res;

		if ((const void *)req != (const void *)res)
			nk_memset(res_, 0, sizeof(*res_));
		if (impl->ops->Send == NK_NULL)
			break;
		handled = NK_TRUE;
		rc = impl->ops->Send(impl, (const struct kxt_Ping_Send_req *)req, req_arena,
			res_, res_arena);
		if (rc == NK_EOK && nk_msg_check_err(res_)) {
			nk_err_reset(&res_->err_);
			nk_msg_set_ncaps(res_, kxt_Ping_Send_err_handles);
		} else if (rc == NK_EOK) {
			nk_req_reset(&res_->res_);
			nk_msg_set_ncaps(res_, kxt_Ping_Send_res_handles);
		}
		break;
	}
	default:
		break;
	}
	if (rc != NK_EOK)
		__nk_message_make_failed(res, handled, rc);
	res->iid = req_iid;
	res->mid = req_mid;
	return rc;
}
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Ping_req kxt_Ping_req
#define Ping_res kxt_Ping_res
#define Ping_interface_dispatch kxt_Ping_interface_dispatch
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Ping__SERVER__ */

#ifndef __kxt__All__SERVER__
#define __kxt__All__SERVER__
typedef union kxt_All_req {
	struct nk_message base_;
	struct kxt_All_Nothing_req Nothing;
	struct kxt_All_Scalars_req Scalars;
	struct kxt_All_Texts_req Texts;
	struct kxt_All_Nested_req Nested;
	struct kxt_All_Entries_req Entries;
	struct kxt_All_Records_req Records;
	struct kxt_All_Choose_req Choose;
	struct kxt_All_Handles_req Handles;
	struct kxt_All_Mixed_req Mixed;
	struct kxt_All_Grids_req Grids;
	struct kxt_All_Fails_req Fails;
	struct kxt_All_main_req main;
} kxt_All_req;
typedef union kxt_All_res {
	struct nk_message base_;
	struct kxt_All_Nothing_res Nothing;
	struct kxt_All_Scalars_res Scalars;
	struct kxt_All_Texts_res Texts;
	struct kxt_All_Nested_res Nested;
	struct kxt_All_Entries_res Entries;
	struct kxt_All_Records_res Records;
	struct kxt_All_Choose_res Choose;
	struct kxt_All_Handles_res Handles;
	struct kxt_All_Mixed_res Mixed;
	struct kxt_All_Grids_res Grids;
	struct kxt_All_Fails_res Fails;
	struct kxt_All_main_res main;
} kxt_All_res;
static inline nk_err_t kxt_All_interface_dispatch(struct kxt_All *impl, nk_iid_t iid,
	const struct nk_message *req, const struct nk_arena *req_arena,
	struct nk_message *res, struct nk_arena *res_arena)
{
	nk_err_t rc = NK_ENOENT;
	nk_bool_t handled = NK_FALSE;
	nk_iid_t req_iid;
	nk_mid_t req_mid;

	nk_assert(impl && "the ..._entity_init before this gave no kxt.All");
	nk_assert(req != NK_NULL);
	nk_assert(res != NK_NULL);
	nk_unused(impl);
	nk_unused(req_arena);
	nk_unused(res_arena);
	if (req->iid != iid)
		return NK_ENOENT;
	req_iid = req->iid;
	req_mid = req->mid;
	switch (req_mid) {
	case kxt_All_Nothing_mid: {
		struct kxt_All_Nothing_res *res_ = (struct kxt_All_Nothing_res *)res;

		if ((const void *)req != (const void *)res)
			nk_memset(res_, 0, sizeof(*res_));
		if (impl->ops->Nothing == NK_NULL)
			break;
		handled = NK_TRUE;
		rc = impl->ops->Nothing(impl, (const struct kxt_All_Nothing_req *)req, req_arena,
			res_, res_arena);
		if (rc == NK_EOK && nk_msg_check_err(res_)) {
			nk_err_reset(&res_->err_);
			nk_msg_set_ncaps(res_, kxt_All_Nothing_err_handles);
		} else if (rc == NK_EOK) {
			nk_req_reset(&res_->res_);
			nk_msg_set_ncaps(res_, kxt_All_Nothing_res_handles);
		}
		break;
	}
	case kxt_All_Scalars_mid: {
		struct kxt_All_Scalars_res *res_ = (struct kxt_All_Scalars_res *)res;

		if ((const void *)req != (const void *)res)
			nk_memset(res_, 0, sizeof(*res_));
		if (impl->ops->Scalars == NK_NULL)
			break;
		handled = NK_TRUE;
		rc = impl->ops->Scalars(impl, (const struct kxt_All_Scalars_req *)req, req_arena,
			res_, res_arena);
		if (rc == NK_EOK && nk_msg_check_err(res_)) {
			nk_err_reset(&res_->err_);
			nk_msg_set_ncaps(res_, kxt_All_Scalars_err_handles);
		} else if (rc == NK_EOK) {
			nk_req_reset(&res_->res_);
			nk_msg_set_ncaps(res_, kxt_All_Scalars_res_handles);
		}
		break;
	}
	case kxt_All_Texts_mid: {
		struct kxt_All_Texts_res *res_ = (struct kxt_All_Texts_res *)res;

		if ((const void *)req != (const void *)res)
			nk_memset(res_, 0, sizeof(*res_));
		if (impl->ops->Texts == NK_NULL)
			break;
		handled = NK_TRUE;
		rc = impl->ops->Texts(impl, (const struct kxt_All_Texts_req *)req, req_arena,
			res_, res_arena);
		if (rc == NK_EOK && nk_msg_check_err(res_)) {
			nk_err_reset(&res_->err_);
			nk_msg_set_ncaps(res_, kxt_All_Texts_err_handles);
		} else if (rc == NK_EOK) {
			nk_req_reset(&res_->res_);
			nk_msg_set_ncaps(res_, kxt_All_Texts_res_handles);
		}
		break;
	}
	case kxt_All_Nested_mid: {
		struct kxt_All_Nested_res *res_ = (struct kxt_All_Nested_res *)res;

		if ((const void *)req != (const void *)res)
			nk_memset(res_, 0, sizeof(*res_));
		if (impl->ops->Nested == NK_NULL)
			break;
		handled = NK_TRUE;
		rc = impl->ops->Nested(impl, (const struct kxt_All_Nested_req *)req, req_arena,
			res_, res_arena);
		if (rc == NK_EOK && nk_msg_check_err(res_)) {
			nk_err_reset(&res_->err_);
			nk_msg_set_ncaps(res_, kxt_All_Nested_err_handles);
		} else if (rc == NK_EOK) {
			nk_req_reset(&res_->res_);
			nk_msg_set_ncaps(res_, kxt_All_Nested_res_handles);
		}
		break;
	}
	case kxt_All_Entries_mid: {
		struct kxt_All_Entries_res *res_ = (struct kxt_All_Entries_res *)res;

		if ((const void *)req != (const void *)res)
			nk_memset(res_, 0, sizeof(*res_));
		if (impl->ops->Entries == NK_NULL)
			break;
		handled = NK_TRUE;
		rc = impl->ops->Entries(impl, (const struct kxt_All_Entries_req *)req, req_arena,
			res_, res_arena);
		if (rc == NK_EOK && nk_msg_check_err(res_)) {
			nk_err_reset(&res_->err_);
			nk_msg_set_ncaps(res_, kxt_All_Entries_err_handles);
		} else if (rc == NK_EOK) {
			nk_req_reset(&res_->res_);
			nk_msg_set_ncaps(res_, kxt_All_Entries_res_handles);
		}
		break;
	}
	case kxt_All_Records_mid: {
		struct kxt_All_Records_res *res_ = (struct kxt_All_Records_res *)res;

		if ((const void *)req != (const void *)res)
			nk_memset(res_, 0, sizeof(*res_));
		if (impl->ops->Records == NK_NULL)
			break;
		handled = NK_TRUE;
		rc = impl->ops->Records(impl, (const struct kxt_All_Records_req *)req, req_arena,
			res_, res_arena);
		if (rc == NK_EOK && nk_msg_check_err(res_)) {
			nk_err_reset(&res_->err_);
			nk_msg_set_ncaps(res_, kxt_All_Records_err_handles);
		} else if (rc == NK_EOK) {
			nk_req_reset(&res_->res_);
			nk_msg_set_ncaps(res_, kxt_All_Records_res_handles);
		}
		break;
	}
	case kxt_All_Choose_mid: {
		struct kxt_All_Choose_res *res_ = (struct kxt_All_Choose_res *)res;

		if ((const void *)req != (const void *)res)
			nk_memset(res_, 0, sizeof(*res_));
		if (impl->ops->Choose == NK_NULL)
			break;
		handled = NK_TRUE;
		rc = impl->ops->Choose(impl, (const struct kxt_All_Choose_req *)req, req_arena,
			res_, res_arena);
		if (rc == NK_EOK && nk_msg_check_err(res_)) {
			nk_err_reset(&res_->err_);
			nk_msg_set_ncaps(res_, kxt_All_Choose_err_handles);
		} else if (rc == NK_EOK) {
			nk_req_reset(&res_->res_);
			nk_msg_set_ncaps(res_, kxt_All_Choose_res_handles);
		}
		break;
	}
	case kxt_All_Handles_mid: {
		struct kxt_All_Handles_res *res_ = (struct kxt_All_Handles_res *)res;

		if ((const void *)req != (const void *)res)
			nk_memset(res_, 0, sizeof(*res_));
		if (impl->ops->Handles == NK_NULL)
			break;
		handled = NK_TRUE;
		rc = impl->ops->Handles(impl, (const struct kxt_All_Handles_req *)req, req_arena,
			res_, res_arena);
		if (rc == NK_EOK && nk_msg_check_err(res_)) {
			nk_err_reset(&res_->err_);
			nk_msg_set_ncaps(res_, kxt_All_Handles_err_handles);
		} else if (rc == NK_EOK) {
			nk_req_reset(&res_->res_);
			nk_msg_set_ncaps(res_, kxt_All_Handles_res_handles);
		}
		break;
	}
	case kxt_All_Mixed_mid: {
		struct kxt_All_Mixed_res *res_ = (struct kxt_All_Mixed_res *)res;

		if ((const void *)req != (const void *)res)
			nk_memset(res_, 0, sizeof(*res_));
		if (impl->ops->Mixed == NK_NULL)
			break;
		handled = NK_TRUE;
		rc = impl->ops->Mixed(impl, (const struct kxt_All_Mixed_req *)req, req_arena,
			res_, res_arena);
		if (rc == NK_EOK && nk_msg_check_err(res_)) {
			nk_err_reset(&res_->err_);
			nk_msg_set_ncaps(res_, kxt_All_Mixed_err_handles);
		} else if (rc == NK_EOK) {
			nk_req_reset(&res_->res_);
			nk_msg_set_ncaps(res_, kxt_All_Mixed_res_handles);
		}
		break;
	}
	case kxt_All_Grids_mid: {
		struct kxt_All_Grids_res *res_ = (struct kxt_All_Grids_res *)res;

		if ((const void *)req != (const void *)res)
			nk_memset(res_, 0, sizeof(*res_));
		if (impl->ops->Grids == NK_NULL)
			break;
		handled = NK_TRUE;
		rc = impl->ops->Grids(impl, (const struct kxt_All_Grids_req *)req, req_arena,
			res_, res_arena);
		if (rc == NK_EOK && nk_msg_check_err(res_)) {
			nk_err_reset(&res_->err_);
			nk_msg_set_ncaps(res_, kxt_All_Grids_err_handles);
		} else if (rc == NK_EOK) {
			nk_req_reset(&res_->res_);
			nk_msg_set_ncaps(res_, kxt_All_Grids_res_handles);
		}
		break;
	}
	case kxt_All_Fails_mid: {
		struct kxt_All_Fails_res *res_ = (struct kxt_All_Fails_res *)res;

		if ((const void *)req != (const void *)res)
			nk_memset(res_, 0, sizeof(*res_));
		if (impl->ops->Fails == NK_NULL)
			break;
		handled = NK_TRUE;
		rc = impl->ops->Fails(impl, (const struct kxt_All_Fails_req *)req, req_arena,
			res_, res_arena);
		if (rc == NK_EOK && nk_msg_check_err(res_)) {
			nk_err_reset(&res_->err_);
			nk_msg_set_ncaps(res_, kxt_All_Fails_err_handles);
		} else if (rc == NK_EOK) {
			nk_req_reset(&res_->res_);
			nk_msg_set_ncaps(res_, kxt_All_Fails_res_handles);
		}
		break;
	}
	case kxt_All_main_mid: {
		struct kxt_All_main_res *res_ = (struct kxt_All_main_res *)res;

		if ((const void *)req != (const void *)res)
			nk_memset(res_, 0, sizeof(*res_));
		if (impl->ops->main == NK_NULL)
			break;
		handled = NK_TRUE;
		rc = impl->ops->main(impl, (const struct kxt_All_main_req *)req, req_arena,
			res_, res_arena);
		if (rc == NK_EOK && nk_msg_check_err(res_)) {
			nk_err_reset(&res_->err_);
			nk_msg_set_ncaps(res_, kxt_All_main_err_handles);
		} else if (rc == NK_EOK) {
			nk_req_reset(&res_->res_);
			nk_msg_set_ncaps(res_, kxt_All_main_res_handles);
		}
		break;
	}
	default:
		break;
	}
	if (rc != NK_EOK)
		__nk_message_make_failed(res, handled, rc);
	res->iid = req_iid;
	res->mid = req_mid;
	return rc;
}
#ifdef NK_USE_UNQUALIFIED_NAMES
#define All_req kxt_All_req
#define All_res kxt_All_res
#define All_interface_dispatch kxt_All_interface_dispatch
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__All__SERVER__ */

#ifndef __kxt__Rich__SERVER__
#define __kxt__Rich__SERVER__
typedef union kxt_Rich_req {
	struct nk_message base_;
	struct kxt_Rich_Try_req Try;
} kxt_Rich_req;
typedef union kxt_Rich_res {
	struct nk_message base_;
	struct kxt_Rich_Try_res Try;
} kxt_Rich_res;
static inline nk_err_t kxt_Rich_interface_dispatch(struct kxt_Rich *impl, nk_iid_t iid,
	const struct nk_message *req, const struct nk_arena *req_arena,
	struct nk_message *res, struct nk_arena *res_arena)
{
	nk_err_t rc = NK_ENOENT;
	nk_bool_t handled = NK_FALSE;
	nk_iid_t req_iid;
	nk_mid_t req_mid;

	nk_assert(impl && "the ..._entity_init before this gave no kxt.Rich");
	nk_assert(req != NK_NULL);
	nk_assert(res != NK_NULL);
	nk_unused(impl);
	nk_unused(req_arena);
	nk_unused(res_arena);
	if (req->iid != iid)
		return NK_ENOENT;
	req_iid = req->iid;
	req_mid = req->mid;
	switch (req_mid) {
	case kxt_Rich_Try_mid: {
		struct kxt_Rich_Try_res *res_ = (struct kxt_Rich_Try_res *)res;

		if ((const void *)req != (const void *)res)
			nk_memset(res_, 0, sizeof(*res_));
		if (impl->ops->Try == NK_NULL)
			break;
		handled = NK_TRUE;
		rc = impl->ops->Try(impl, (const struct kxt_Rich_Try_req *)req, req_arena,
			res_, res_arena);
		if (rc == NK_EOK && nk_msg_check_err(res_)) {
			nk_err_reset(&res_->err_);
			nk_msg_set_ncaps(res_, kxt_Rich_Try_err_handles);
		} else if (rc == NK_EOK) {
			nk_req_reset(&res_->res_);
			nk_msg_set_ncaps(res_, kxt_Rich_Try_res_handles);
		}
		break;
	}
	default:
		break;
	}
	if (rc != NK_EOK)
		__nk_message_make_failed(res, handled, rc);
	res->iid = req_iid;
	res->mid = req_mid;
	return rc;
}
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Rich_req kxt_Rich_req
#define Rich_res kxt_Rich_res
#define Rich_interface_dispatch kxt_Rich_interface_dispatch
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Rich__SERVER__ */

#ifndef __kxt__Ping__COMPONENT_SERVER_TYPES__
#define __kxt__Ping__COMPONENT_SERVER_TYPES__
typedef struct kxt_Ping_component {
	struct kxt_Ping *ping;
} kxt_Ping_component;
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Ping_component kxt_Ping_component
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Ping__COMPONENT_SERVER_TYPES__ */

#ifndef __kxt__Ping__COMPONENT_SERVER_DISPATCHER__
#define __kxt__Ping__COMPONENT_SERVER_DISPATCHER__
static inline void kxt_Ping_component_init(struct kxt_Ping_component *self,
	struct kxt_Ping *ping)
{
	nk_assert(self != NK_NULL);
	self->ping = ping;
}
typedef union kxt_Ping_component_req {
	struct nk_message base_;
	union kxt_Ping_req ping;
} kxt_Ping_component_req;
typedef union kxt_Ping_component_res {
	struct nk_message base_;
	union kxt_Ping_res ping;
} kxt_Ping_component_res;
static inline nk_err_t kxt_Ping_component_dispatch(struct kxt_Ping_component *self, nk_iid_t iidOffset,
	const struct nk_message *req, const struct nk_arena *req_arena,
	struct nk_message *res, struct nk_arena *res_arena)
{
	nk_assert(self != NK_NULL);
	nk_assert(req != NK_NULL);
	nk_assert(res != NK_NULL);
	if (req->iid < iidOffset)
		return NK_ENOENT;
	switch (req->iid - iidOffset) {
	case kxt_Ping_ping_iid:
		return kxt_Ping_interface_dispatch(self->ping, req->iid, req, req_arena,
			res, res_arena);
	default:
		break;
	}
	return NK_ENOENT;
}
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Ping_component_init kxt_Ping_component_init
#define Ping_component_req kxt_Ping_component_req
#define Ping_component_res kxt_Ping_component_res
#define Ping_component_dispatch kxt_Ping_component_dispatch
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Ping__COMPONENT_SERVER_DISPATCHER__ */

#ifndef __kxt__Part__COMPONENT_SERVER_TYPES__
#define __kxt__Part__COMPONENT_SERVER_TYPES__
typedef struct kxt_Part_component {
	struct kxt_Ping_component *inner;
	struct kxt_All *all;
	struct kxt_Rich *interface;
} kxt_Part_component;
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Part_component kxt_Part_component
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Part__COMPONENT_SERVER_TYPES__ */

#ifndef __kxt__Part__COMPONENT_SERVER_DISPATCHER__
#define __kxt__Part__COMPONENT_SERVER_DISPATCHER__
static inline void kxt_Part_component_init(struct kxt_Part_component *self,
	struct kxt_Ping_component *inner,
	struct kxt_All *all,
	struct kxt_Rich *interface)
{
	nk_assert(self != NK_NULL);
	self->inner = inner;
	self->all = all;
	self->interface = interface;
}
typedef union kxt_Part_component_req {
	struct nk_message base_;
	union kxt_Ping_req inner_ping;
	union kxt_All_req all;
	union kxt_Rich_req interface;
} kxt_Part_component_req;
typedef union kxt_Part_component_res {
	struct nk_message base_;
	union kxt_Ping_res inner_ping;
	union kxt_All_res all;
	union kxt_Rich_res interface;
} kxt_Part_component_res;
static inline nk_err_t kxt_Part_component_dispatch(struct kxt_Part_component *self, nk_iid_t iidOffset,
	const struct nk_message *req, const struct nk_arena *req_arena,
	struct nk_message *res, struct nk_arena *res_arena)
{
	nk_assert(self != NK_NULL);
	nk_assert(req != NK_NULL);
	nk_assert(res != NK_NULL);
	if (req->iid < iidOffset)
		return NK_ENOENT;
	switch (req->iid - iidOffset) {
	case kxt_Part_inner_ping_iid:
		return kxt_Ping_interface_dispatch(self->inner->ping, req->iid, req, req_arena,
			res, res_arena);
	case kxt_Part_all_iid:
		return kxt_All_interface_dispatch(self->all, req->iid, req, req_arena,
			res, res_arena);
	case kxt_Part_interface_iid:
		return kxt_Rich_interface_dispatch(self->interface, req->iid, req, req_arena,
			res, res_arena);
	default:
		break;
	}
	return NK_ENOENT;
}
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Part_component_init kxt_Part_component_init
#define Part_component_req kxt_Part_component_req
#define Part_component_res kxt_Part_component_res
#define Part_component_dispatch kxt_Part_component_dispatch
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Part__COMPONENT_SERVER_DISPATCHER__ */

#ifndef __kxt__Server__COMPONENT_SERVER_TYPES__
#define __kxt__Server__COMPONENT_SERVER_TYPES__
typedef struct kxt_Server_component {
	struct kxt_Part_component *part;
	struct kxt_Ping_component *ping;
	struct kxt_Rich *direct;
} kxt_Server_component;
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Server_component kxt_Server_component
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Server__COMPONENT_SERVER_TYPES__ */

#ifndef __kxt__Server__COMPONENT_SERVER_DISPATCHER__
#define __kxt__Server__COMPONENT_SERVER_DISPATCHER__
static inline void kxt_Server_component_init(struct kxt_Server_component *self,
	struct kxt_Part_component *part,
	struct kxt_Ping_component *ping,
	struct kxt_Rich *direct)
{
	nk_assert(self != NK_NULL);
	self->part = part;
	self->ping = ping;
	self->direct = direct;
}
typedef union kxt_Server_component_req {
	struct nk_message base_;
	union kxt_Ping_req part_inner_ping;
	union kxt_All_req part_all;
	union kxt_Rich_req part_interface;
	union kxt_Ping_req ping_ping;
	union kxt_Rich_req direct;
} kxt_Server_component_req;
typedef union kxt_Server_component_res {
	struct nk_message base_;
	union kxt_Ping_res part_inner_ping;
	union kxt_All_res part_all;
	union kxt_Rich_res part_interface;
	union kxt_Ping_res ping_ping;
	union kxt_Rich_res direct;
} kxt_Server_component_res;
static inline nk_err_t kxt_Server_component_dispatch(struct kxt_Server_component *self, nk_iid_t iidOffset,
	const struct nk_message *req, const struct nk_arena *req_arena,
	struct nk_message *res, struct nk_arena *res_arena)
{
	nk_assert(self != NK_NULL);
	nk_assert(req != NK_NULL);
	nk_assert(res != NK_NULL);
	if (req->iid < iidOffset)
		return NK_ENOENT;
	switch (req->iid - iidOffset) {
	case kxt_Server_part_inner_ping_iid:
		return kxt_Ping_interface_dispatch(self->part->inner->ping, req->iid, req, req_arena,
			res, res_arena);
	case kxt_Server_part_all_iid:
		return kxt_All_interface_dispatch(self->part->all, req->iid, req, req_arena,
			res, res_arena);
	case kxt_Server_part_interface_iid:
		return kxt_Rich_interface_dispatch(self->part->interface, req->iid, req, req_arena,
			res, res_arena);
	case kxt_Server_ping_ping_iid:
		return kxt_Ping_interface_dispatch(self->ping->ping, req->iid, req, req_arena,
			res, res_arena);
	case kxt_Server_direct_iid:
		return kxt_Rich_interface_dispatch(self->direct, req->iid, req, req_arena,
			res, res_arena);
	default:
		break;
	}
	return NK_ENOENT;
}
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Server_component_init kxt_Server_component_init
#define Server_component_req kxt_Server_component_req
#define Server_component_res kxt_Server_component_res
#define Server_component_dispatch kxt_Server_component_dispatch
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Server__COMPONENT_SERVER_DISPATCHER__ */

#ifndef __kxt__Server__ENTITY_SERVER__
#define __kxt__Server__ENTITY_SERVER__
#define kxt_Server_entity_req kxt_Server_component_req
#define kxt_Server_entity_res kxt_Server_component_res
#define kxt_Server_entity kxt_Server_component
static inline void kxt_Server_entity_init(struct kxt_Server_entity *self,
	struct kxt_Part_component *part,
	struct kxt_Ping_component *ping,
	struct kxt_Rich *direct)
{
	kxt_Server_component_init(self, part, ping, direct);
}
static inline nk_err_t kxt_Server_entity_dispatch(struct kxt_Server_entity *self,
	const struct nk_message *req, const struct nk_arena *req_arena,
	struct nk_message *res, struct nk_arena *res_arena)
{
	return kxt_Server_component_dispatch(self, 0, req, req_arena, res, res_arena);
}
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Server_entity_req kxt_Server_entity_req
#define Server_entity_res kxt_Server_entity_res
#define Server_entity kxt_Server_entity
#define Server_entity_init kxt_Server_entity_init
#define Server_entity_dispatch kxt_Server_entity_dispatch
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Server__ENTITY_SERVER__ */

#pragma GCC diagnostic pop
