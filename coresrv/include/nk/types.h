/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NK_TYPES_H
#define NK_TYPES_H

/*
 * The message header, handle descriptors and arena descriptors every generated
 * structure is made of, and the macros generated and user code touch headers
 * with. Layouts are fixed (nk/layout.h asserts them): separately built
 * programs exchange them.
 *
 * A message is a structure that starts with `struct nk_message base_`. The
 * macros nk_req_reset, nk_err_reset, nk_msg_* take a pointer to such a
 * structure or union.
 */

#include <nk/assert.h>
#include <nk/compiler.h>
#include <nk/errno.h>
#include <nk/inttypes.h>
#include <nk/stand.h>
#include <nk/stddef.h>
#include <string.h> /* public programs use memcpy with no other header */

typedef nk_uint16_t nk_iid_t;
typedef nk_uint16_t nk_mid_t;
typedef nk_uint32_t nk_handle_t;
typedef nk_uint32_t nk_rights_t;
typedef nk_uint32_t nk_sid_t;
typedef nk_uintptr_t nk_badge_t;

#define __NK_IID_MAX             65535
#define __NK_MID_MAX             65535
#define __NK_MESSAGE_SIZE_MAX    0xfffffff
#define __NK_MESSAGE_HANDLES_MAX 7

#define NK_IID_MAX __nk_cast(nk_iid_t, __NK_IID_MAX)
#define NK_MID_MAX __nk_cast(nk_mid_t, __NK_MID_MAX)

/* One handle inside a message. */
typedef struct nk_handle_desc {
	nk_handle_t handle;
	nk_rights_t rights; /* wanted by the sender, granted to the receiver */
	nk_badge_t badge;   /* transfer context (sender), resource context (receiver) */
} nk_handle_desc_t;

/* One chunk of an arena: bytes from the arena's start, and its size in bytes. */
typedef struct nk_ptr {
	nk_uint32_t offset;
	nk_uint32_t size;
} nk_ptr_t;

struct nk_message_ex {
	nk_uint32_t size_ex : 28; /* bytes of the whole structure, header included */
	nk_uint32_t ncaps : 3;    /* handles in the constant part */
	nk_uint32_t err : 1;      /* an error message */
};

typedef struct nk_message {
	nk_iid_t iid;
	nk_mid_t mid;
	struct nk_message_ex ex;
	nk_handle_desc_t self;
} nk_message;

static inline void nk_message_set_size(struct nk_message *self, nk_size_t size)
{
	self->ex.size_ex = __nk_cast(nk_uint32_t, size) & 0xfffffffU;
}

static inline void nk_message_set_iid(struct nk_message *self, nk_iid_t iid)
{
	self->iid = iid;
}

static inline void nk_message_set_mid(struct nk_message *self, nk_mid_t mid)
{
	self->mid = mid;
}

static inline void nk_message_set_ncaps(struct nk_message *self, nk_uint32_t ncaps)
{
	self->ex.ncaps = ncaps & 7U;
}

/* Makes @self the header of a request or response of @size bytes: no ids, no handles. */
static inline void nk_message_make_req(struct nk_message *self, nk_size_t size)
{
	/* Field by field, so that none is read right after a wider store over a part of it. */
	const struct nk_message_ex ex = {__nk_cast(nk_uint32_t, size) & 0xfffffffU, 0, 0};

	self->iid = 0;
	self->mid = 0;
	self->ex = ex;
	nk_memset(&self->self, 0, sizeof(self->self));
}

/* The same for an error message. */
static inline void nk_message_make_err(struct nk_message *self, nk_size_t size)
{
	nk_message_make_req(self, size);
	self->ex.err = 1;
}

/*
 * Generated code, when a handler failed with @rc or (@handled false) there is none: the header
 * of no message, and in `self` why, for the run time to say.
 */
#define __NK_FAILED 0x6661696cU

static inline void __nk_message_make_failed(struct nk_message *self, nk_bool_t handled, nk_err_t rc)
{
	nk_message_make_req(self, 0);
	self->self.handle = __NK_FAILED;
	self->self.rights = handled ? 1U : 0U;
	self->self.badge = __nk_cast(nk_uint32_t, rc);
}

static inline nk_bool_t nk_message_check_err(const struct nk_message *self)
{
	return self->ex.err ? NK_TRUE : NK_FALSE;
}

/*
 * Writes the header and keeps everything behind it: user code calls this after
 * it has filled parameters, generated code after a handler has. A handler that
 * fails calls nk_err_reset on the response; dispatch then corrects the size to
 * that of the error message.
 */
#define nk_req_reset(msg) nk_message_make_req(&(msg)->base_, sizeof(*(msg)))
#define nk_err_reset(msg) nk_message_make_err(&(msg)->base_, sizeof(*(msg)))

#define nk_msg_check_err(msg)        nk_message_check_err(&(msg)->base_)
#define nk_msg_set_ncaps(msg, count) nk_message_set_ncaps(&(msg)->base_, (count))
#define nk_msg_set_method_id(msg, interface_id, method_id)                                         \
	(nk_message_set_iid(&(msg)->base_, (interface_id)),                                        \
	 nk_message_set_mid(&(msg)->base_, (method_id)))

/* All rights the sender holds; the default of nk_handle_desc(). */
#define __NK_RIGHTS_ALL __nk_cast(nk_rights_t, 0xffffffffU)

static inline nk_handle_desc_t __nk_handle_desc(nk_handle_t handle, nk_rights_t rights,
						nk_badge_t badge)
{
	nk_handle_desc_t desc;

	desc.handle = handle;
	desc.rights = rights;
	desc.badge = badge;
	return desc;
}

/* nk_handle_desc(handle), nk_handle_desc(handle, rights), nk_handle_desc(handle, rights, badge) */
#define nk_handle_desc(...)                                                                        \
	__nk_handle_desc_pick(__VA_ARGS__, __nk_handle_desc3, __nk_handle_desc2,                   \
			      __nk_handle_desc1, 0)(__VA_ARGS__)
#define __nk_handle_desc_pick(a, b, c, name, ...) name
#define __nk_handle_desc1(handle)                 __nk_handle_desc((handle), __NK_RIGHTS_ALL, 0)
#define __nk_handle_desc2(handle, rights)         __nk_handle_desc((handle), (rights), 0)
#define __nk_handle_desc3(handle, rights, badge)  __nk_handle_desc((handle), (rights), (badge))

static inline nk_handle_t nk_get_handle(const nk_handle_desc_t *desc)
{
	return desc->handle;
}

/* Whether the receiver owns the resource: the descriptor then carries its context. */
static inline nk_bool_t nk_is_handle_dereferenced(const nk_handle_desc_t *desc)
{
	return desc->badge ? NK_TRUE : NK_FALSE;
}

/*
 * Reads the resource context out of a received descriptor. Returns NK_EOK and
 * fills *@badge if every bit of @operation is among the received rights;
 * NK_EPERM if not, and *@badge is as it was.
 */
static inline nk_err_t nk_get_badge_op(const nk_handle_desc_t *desc, nk_rights_t operation,
				       nk_badge_t *badge)
{
	if ((desc->rights & operation) != operation)
		return NK_EPERM;
	*badge = desc->badge;
	return NK_EOK;
}

/*
 * Reflection: what `nk-gen-c --endpoints` and `--component-refl` emit about a
 * component tree.
 */
struct nk_refl_endpoint {
	nk_uint16_t id;
	const nk_char_t *name;      /* qualified: class, dot, endpoint */
	const nk_char_t *localName; /* path from the root: instance, dot, endpoint */
	const nk_char_t *interface_;
};

struct nk_refl_node {
	const nk_char_t *name;
	const nk_char_t *localName;
	const nk_char_t *component;
	const struct nk_refl_endpoint *endpoints;
	nk_uint32_t endpointCount;
	nk_uint16_t endpointOffset;
	const struct nk_refl_node *subcomponents;
	nk_uint32_t subcomponentCount;
};

#include <nk/layout.h>

#endif /* NK_TYPES_H */
