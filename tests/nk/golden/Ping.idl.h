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

#ifndef __kxt__Ping__CLIENT__
#define __kxt__Ping__CLIENT__
typedef struct kxt_Ping_proxy {
	struct kxt_Ping base;
	struct nk_transport *transport;
	nk_iid_t iid;
} kxt_Ping_proxy;
static inline nk_err_t kxt_Ping_Send_proxy(struct kxt_Ping_proxy *self, struct kxt_Ping_Send_req *req,
	const struct nk_arena *req_arena, struct kxt_Ping_Send_res *res,
	struct nk_arena *res_arena)
{
	nk_err_t rc;

	nk_assert(self != NK_NULL);
	nk_assert(req != NK_NULL);
	nk_assert(res != NK_NULL);
	nk_req_reset(req);
	nk_msg_set_method_id(req, self->iid, kxt_Ping_Send_mid);
	nk_msg_set_ncaps(req, kxt_Ping_Send_req_handles);
	nk_req_reset(res);
	nk_msg_set_method_id(res, self->iid, kxt_Ping_Send_mid);
	nk_msg_set_ncaps(res, kxt_Ping_Send_res_handles);
	rc = nk_transport_call(self->transport, &req->base_, req_arena,
		&res->base_, res_arena);
	return rc;
}
static inline nk_err_t kxt_Ping_Send_proxy_op_(struct kxt_Ping *self, const struct kxt_Ping_Send_req *req,
	const struct nk_arena *req_arena, struct kxt_Ping_Send_res *res,
	struct nk_arena *res_arena)
{
	return kxt_Ping_Send_proxy((struct kxt_Ping_proxy *)self, (struct kxt_Ping_Send_req *)req, req_arena,
		res, res_arena);
}
static inline void kxt_Ping_proxy_init(struct kxt_Ping_proxy *self, struct nk_transport *transport,
	nk_iid_t iid)
{
	static const struct kxt_Ping_ops ops = {
		&kxt_Ping_Send_proxy_op_,
	};

	nk_assert(self != NK_NULL);
	self->base.ops = &ops;
	self->transport = transport;
	self->iid = iid;
}
static inline nk_err_t kxt_Ping_Send(struct kxt_Ping *self, struct kxt_Ping_Send_req *req,
	const struct nk_arena *req_arena, struct kxt_Ping_Send_res *res,
	struct nk_arena *res_arena)
{
	nk_assert(self != NK_NULL);
	nk_assert(self->ops && "kxt_Ping_proxy_init comes before this");
	nk_assert(self->ops->Send != NK_NULL);
	return self->ops->Send(self, req, req_arena, res, res_arena);
}
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Ping_proxy kxt_Ping_proxy
#define Ping_Send_proxy kxt_Ping_Send_proxy
#define Ping_proxy_init kxt_Ping_proxy_init
#define Ping_Send kxt_Ping_Send
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Ping__CLIENT__ */

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

#ifndef __kxt__Ping__TESTS__
#define __kxt__Ping__TESTS__
static inline nk_err_t kxt_Ping_Send_test_req(struct kxt_Ping_Send_req *msg,
	struct nk_arena *arena, int (*rand)(void), nk_bool_t *failure)
{
	nk_unused(msg);
	nk_unused(arena);
	nk_unused(rand);
	*failure = NK_FALSE;
	msg->value = (nk_uint32_t)rand();
	return NK_EOK;
}
static inline nk_err_t kxt_Ping_Send_test_res(struct kxt_Ping_Send_res *msg,
	struct nk_arena *arena, int (*rand)(void), nk_bool_t *failure)
{
	nk_unused(msg);
	nk_unused(arena);
	nk_unused(rand);
	*failure = NK_FALSE;
	msg->result = (nk_uint32_t)rand();
	return NK_EOK;
}
static inline nk_err_t kxt_Ping_Send_test_err(struct kxt_Ping_Send_err *msg,
	struct nk_arena *arena, int (*rand)(void), nk_bool_t *failure)
{
	nk_unused(msg);
	nk_unused(arena);
	nk_unused(rand);
	*failure = NK_FALSE;
	return NK_EOK;
}
#ifdef NK_USE_UNQUALIFIED_NAMES
#define Ping_Send_test_req kxt_Ping_Send_test_req
#define Ping_Send_test_res kxt_Ping_Send_test_res
#define Ping_Send_test_err kxt_Ping_Send_test_err
#endif /* NK_USE_UNQUALIFIED_NAMES */
#endif /* __kxt__Ping__TESTS__ */

#pragma GCC diagnostic pop
