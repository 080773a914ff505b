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

#pragma GCC diagnostic pop
