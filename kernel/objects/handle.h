/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_HANDLE_H
#define KX_HANDLE_H

/*
 * Handles: an entity's names for kernel objects, with rights, in an inheritance
 * tree that spans tasks.
 *
 * The table of a task has KX_HANDLES entries of RCU pointers. A value is
 * index | generation << 12: the generation of an index grows at every close, so
 * a stale value finds nothing; an index whose 20 generation bits are used up is
 * never given out again.
 *
 * The tree: a transfer or copy makes a child with no more rights than its
 * parent. Close puts the children in the closed handle's place. Revoke closes a
 * handle and turns all descendants into revoked ones: those stay allocated, name
 * no object, and answer every use with KX_RC_HANDLE_REVOKED until their owner
 * closes them. A transfer context (badge object) marks the child it was named
 * for; a marked handle that is closed while it has children stays in the tree as
 * a ghost, so that the subtree can still be revoked by that badge.
 *
 * Threads: kx_handle_find() by both threads (the IPC thread under
 * rcu_read_lock()); everything else by the control thread. Tree walks are
 * iterative: depth costs time, never stack.
 */

#include <stdbool.h>
#include <stdint.h>

#include "kx_rc.h"
#include "kx_rights.h"
#include "kx_task_page.h"
#include "object.h"

struct kx_task;
struct kx_badge;

#define KX_RIID_ANY 0xffffu /* a channel end in a foreign table: the message's own RIID counts */

struct kx_handle {
	/* Fixed once published. */
	struct kx_task *task;
	uint32_t value;
	uint32_t rights;
	uint8_t role;      /* enum kx_handle_role, as on the task page */
	bool ghost;        /* control: closed, kept for its marked subtree */
	uint16_t listener; /* KX_ROLE_LISTENER: index of kbell */
	uint32_t aim; /* KX_ROLE_CLIENT: index of channels; else the endpoint, kx_handle_riid() */
	uint64_t context; /* what the owner of a user object gets as badge: the transfer
			     context nearest to it, else the object's own */

	/* rcu. NULL: revoked. */
	struct kx_object *object;

	/* control */
	struct kx_badge *badge; /* transfer context it was made with, or NULL */
	union {
		struct { /* while it is in the tree: numbers of handle_pool.h */
			uint32_t parent;
			uint32_t child;    /* first one */
			uint32_t next;     /* sibling */
			uint32_t previous; /* of the first: the last */
		};
		struct rcu_head rcu;         /* afterwards, */
		struct kx_handle *free_next; /* and in the end */
	};
};

/* There may be a million: a cache line each. */
_Static_assert(sizeof(struct kx_handle) == 64, "kx_handle grew");

/* The endpoint of a callable handle and of those it descends from. */
static inline uint32_t kx_handle_riid(const struct kx_handle *handle)
{
	return handle->role == KX_ROLE_CLIENT ? 0 : handle->aim;
}

/* The channel of a client handle. */
static inline uint32_t kx_handle_channel(const struct kx_handle *handle)
{
	return handle->role == KX_ROLE_CLIENT ? handle->aim : 0;
}

/* What a new handle is made of. */
struct kx_handle_spec {
	struct kx_object *object;
	uint32_t rights;
	uint16_t role;
	uint16_t listener;
	uint32_t channel;
	uint32_t riid;
	uint64_t context;
	struct kx_handle *parent; /* NULL: a root */
	struct kx_badge *badge;   /* NULL: none */
};

/*
 * Looks @value up in @task's table. IPC thread inside rcu_read_lock(), or
 * control thread. Does not block.
 *
 * Returns KX_RC_OK and *@out (valid until the read section ends);
 * KX_RC_INVALID_ARGUMENT for a value that was never given out or is closed;
 * KX_RC_HANDLE_REVOKED.
 */
enum kx_rc kx_handle_find(struct kx_task *task, uint32_t value, struct kx_handle **out);

/* The same, and the object must be of @kind (else KX_RC_INVALID_ARGUMENT) and the handle must
 * have all @rights (else KX_RC_SECURITY_DISALLOW). *@handle may be NULL if not wanted. */
enum kx_rc kx_handle_object(struct kx_task *task, uint32_t value, enum kx_object_kind kind,
			    uint32_t rights, struct kx_handle **handle, struct kx_object **object);

/* The object of a handle found before; NULL if it was revoked meanwhile. Threads as above. */
static inline struct kx_object *kx_handle_target(struct kx_handle *handle)
{
	return rcu_dereference(handle->object);
}

/*
 * Makes a handle in @task and enters it on the task page. Control thread.
 * Returns KX_RC_OK and *@out; KX_RC_QUOTA_EXCEEDED when the table is full;
 * KX_RC_OUT_OF_MEMORY. Nothing was changed unless KX_RC_OK.
 */
enum kx_rc kx_handle_create(struct kx_task *task, const struct kx_handle_spec *spec,
			    struct kx_handle **out);

/*
 * The calls of handle_api.h, control thread; none blocks. Common results:
 * KX_RC_INVALID_ARGUMENT, KX_RC_HANDLE_REVOKED (close accepts revoked ones).
 */
enum kx_rc kx_handle_close(struct kx_task *task, uint32_t value);
/* KX_RC_SECURITY_DISALLOW without KX_RIGHT_COPY; rights are masked by the parent's. */
enum kx_rc kx_handle_copy(struct kx_task *task, uint32_t value, uint32_t rights, uint32_t badge,
			  uint32_t *copy);
enum kx_rc kx_handle_revoke(struct kx_task *task, uint32_t value);
/* The same, and the handle itself stays. */
enum kx_rc kx_handle_revoke_below(struct kx_task *task, uint32_t value);
enum kx_rc kx_handle_revoke_subtree(struct kx_task *task, uint32_t value, uint32_t badge);
/* KX_RC_SECURITY_DISALLOW without KX_RIGHT_GET_SID. */
enum kx_rc kx_handle_get_sid(struct kx_task *task, uint32_t value, uint32_t *sid);

/* Closes every handle of a dead task; its tables are empty afterwards. */
void kx_handle_close_all(struct kx_task *task);

/*
 * One handle of a message on its way from @from to @to (relay, control thread).
 * In: descriptor as the sender wrote it. Out: descriptor as the receiver gets it.
 */
struct kx_handle_desc {
	uint32_t handle;
	uint32_t rights;
	uint64_t badge; /* sender: transfer context handle or 0 / INVALID; receiver: context */
};

/* enum kx_rc of kx_handle_transfer() other than the handle lookup's:
 * KX_RC_SECURITY_DISALLOW  no KX_RIGHT_TRANSFER, nothing was made
 * KX_RC_QUOTA_EXCEEDED     receiver's table is full, nothing was made */
enum kx_rc kx_handle_transfer(struct kx_task *from, struct kx_task *to,
			      const struct kx_handle_desc *in, struct kx_handle_desc *out,
			      bool *created);

/*
 * What `self` says for a call over a callable handle: the owner's own handle,
 * the context and the caller's rights. IPC thread inside rcu_read_lock(), or
 * control thread.
 */
void kx_handle_self(struct kx_handle *handle, struct kx_handle_desc *self);

#endif /* KX_HANDLE_H */
