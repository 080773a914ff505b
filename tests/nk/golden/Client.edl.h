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

#ifndef __kxt__Client__COMPONENT_ENDPOINTS__
#define __kxt__Client__COMPONENT_ENDPOINTS__
enum {
	kxt_Client_iidMax,
};
enum {
	kxt_Client_iidOffset = 0,
};
enum {
	kxt_Client_securityIidMax,
};
enum {
	kxt_Client_component_req_arena_size = 0,
	kxt_Client_component_res_arena_size = 0,
	kxt_Client_component_arena_size = 0,
	kxt_Client_component_req_handles = 0,
	kxt_Client_component_res_handles = 0,
	kxt_Client_component_err_handles = 0,
};
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Client_iidMax kxt_Client_iidMax
#define Client_iidOffset kxt_Client_iidOffset
#define Client_securityIidMax kxt_Client_securityIidMax
#define Client_component_req_arena_size kxt_Client_component_req_arena_size
#define Client_component_res_arena_size kxt_Client_component_res_arena_size
#define Client_component_arena_size kxt_Client_component_arena_size
#define Client_component_req_handles kxt_Client_component_req_handles
#define Client_component_res_handles kxt_Client_component_res_handles
#define Client_component_err_handles kxt_Client_component_err_handles
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Client__COMPONENT_ENDPOINTS__ */

#ifndef __kxt__Client__TASK_ENDPOINTS__
#define __kxt__Client__TASK_ENDPOINTS__
enum {
	kxt_Client_entity_req_arena_size = kxt_Client_component_req_arena_size,
	kxt_Client_entity_res_arena_size = kxt_Client_component_res_arena_size,
	kxt_Client_entity_arena_size = kxt_Client_component_arena_size,
	kxt_Client_entity_req_handles = kxt_Client_component_req_handles,
	kxt_Client_entity_res_handles = kxt_Client_component_res_handles,
	kxt_Client_entity_err_handles = kxt_Client_component_err_handles,
};
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Client_entity_req_arena_size kxt_Client_entity_req_arena_size
#define Client_entity_res_arena_size kxt_Client_entity_res_arena_size
#define Client_entity_arena_size kxt_Client_entity_arena_size
#define Client_entity_req_handles kxt_Client_entity_req_handles
#define Client_entity_res_handles kxt_Client_entity_res_handles
#define Client_entity_err_handles kxt_Client_entity_err_handles
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Client__TASK_ENDPOINTS__ */

#pragma GCC diagnostic pop
