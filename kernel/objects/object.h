/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_OBJECT_H
#define KX_OBJECT_H

/*
 * What a handle names. Every kind of kernel object begins with a struct
 * kx_object; the concrete structure is found with kx_container().
 *
 * Threads: the control thread makes, changes and ends objects. The IPC thread
 * finds them through a handle under rcu_read_lock() and may read the fields
 * marked "fixed". An object that the IPC thread was told of through a hook
 * (hooks.h: task_added, channel_added) stays valid until the matching
 * *_removed hook returned.
 *
 * Pointers from one object to another (owner, listener, client, server) are
 * good for the IPC thread while, inside its read section, `expired` is false;
 * a channel's also while it is not DEAD.
 *
 * Life: alive while it has handles (KasperskyOS: a resource dies when all its
 * handles are closed or revoked); then `expire` of its kind runs once; the
 * memory goes when the last pin is dropped and a grace period has passed.
 */

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <urcu/urcu-memb.h>

#include <urcu/list.h>

#define kx_container(pointer, type, member)                                                        \
	((type *)(void *)((char *)(pointer)-offsetof(type, member)))

enum kx_object_kind {
	KX_OBJECT_CHANNEL = 1, /* struct kx_channel: the client's end */
	KX_OBJECT_LISTENER,    /* struct kx_listener */
	KX_OBJECT_CALLABLE,    /* struct kx_user with a listener */
	KX_OBJECT_USER,        /* struct kx_user */
	KX_OBJECT_TASK,        /* struct kx_task */
	KX_OBJECT_NOTICE,      /* struct kx_notice */
	KX_OBJECT_MEMORY,      /* struct kx_memory */
	KX_OBJECT_BADGE,       /* struct kx_badge: transfer context */
};

struct kx_object;

/* What a kind does at the two ends of its life; control thread. */
struct kx_object_ops {
	/* Last handle gone, or its owner died. Runs once. May be NULL. */
	void (*expire)(struct kx_object *object);
	/* After the last pin and a grace period. Frees the memory. Any thread: no tables. */
	void (*free)(struct kx_object *object);
};

struct kx_object {
	/* Fixed. */
	enum kx_object_kind kind;
	uint32_t sid; /* never used again; 1 is the kernel itself */
	const struct kx_object_ops *ops;

	/* Written by the control thread, read by both: the resource is gone. */
	_Atomic bool expired;

	/* Control thread. */
	uint32_t handles;                   /* live handles that name it */
	uint32_t pins;                      /* handles and other pointers from tables */
	struct cds_list_head subscriptions; /* struct kx_subscription (notice.h) */
	struct rcu_head rcu;
};

#define KX_SID_KERNEL 1u

/* Control thread. Gives @object a SID and one pin, which the caller owns. */
void kx_object_init(struct kx_object *object, enum kx_object_kind kind,
		    const struct kx_object_ops *ops);

/* Objects whose memory is not free, those that wait for their grace period too; any thread. */
long kx_objects_in_use(void);

/* Control thread. A pin keeps the memory, not the resource. */
void kx_object_pin(struct kx_object *object);
void kx_object_unpin(struct kx_object *object);

/* Control thread. Ends the resource now, whatever handles exist; later calls do nothing. */
void kx_object_expire(struct kx_object *object);

/* Control thread, handle.c: one handle more or less that names @object (with its pin). */
void kx_object_attach(struct kx_object *object);
void kx_object_detach(struct kx_object *object);

#endif /* KX_OBJECT_H */
