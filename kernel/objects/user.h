/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_USER_H
#define KX_USER_H

/*
 * A user object: a resource that an entity offers, with a context that only the
 * owner gets back. With a listener and an RIID it is callable: its descendants
 * can be used in Call, and the request reaches the owner on that listener.
 */

#include "kx_rc.h"
#include "object.h"

struct kx_listener;
struct kx_task;

struct kx_user {
	struct kx_object object;

	/* Fixed. */
	struct kx_task *owner; /* pinned */
	uint32_t type;
	uint64_t context;
	uint32_t owner_handle;        /* root handle in the owner */
	struct kx_listener *listener; /* callable: pinned; else NULL */
	uint32_t riid;                /* callable */

	/* control */
	struct cds_list_head in_owner; /* owner->users */
};

/*
 * Makes a user object and its root handle. Control thread; does not block.
 * @listener is the value of a listener handle of @task, or KX_HANDLE_INVALID.
 */
enum kx_rc kx_user_create(struct kx_task *task, uint32_t type, uint32_t rights, uint64_t context,
			  uint32_t listener, uint32_t riid, uint32_t *handle);

/* Control thread: the owner died, so do its resources; handles to them stay and name nothing. */
void kx_user_owner_dead(struct kx_task *task);

#endif /* KX_USER_H */
