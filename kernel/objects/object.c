/* SPDX-License-Identifier: Apache-2.0 */

/* Life of kernel objects; see object.h for the rules. */

#include "object.h"

#include <stdlib.h>

#include "hooks.h"
#include "log.h"
#include "mailbox.h"
#include "notice.h"

struct forget_job {
	struct kx_job job;
	uint32_t sid;
};

static _Atomic long in_use;
static uint32_t next_sid = KX_SID_KERNEL + 1;

/* A number used again would give one object the state that policy keeps for another. */
static uint32_t take_sid(void)
{
	if (next_sid == UINT32_MAX) {
		kx_log("all 4 billion security identifiers of this run are used up; the solution "
		       "ends: start it again");
		abort();
	}
	return next_sid++;
}

void kx_object_init(struct kx_object *object, enum kx_object_kind kind,
		    const struct kx_object_ops *ops)
{
	object->kind = kind;
	object->sid = take_sid();
	object->ops = ops;
	object->handles = 0;
	object->pins = 1;
	atomic_init(&object->expired, false);
	CDS_INIT_LIST_HEAD(&object->subscriptions);
	atomic_fetch_add_explicit(&in_use, 1, memory_order_relaxed);
}

static void free_object(struct rcu_head *head)
{
	struct kx_object *object = kx_container(head, struct kx_object, rcu);

	object->ops->free(object);
	atomic_fetch_sub_explicit(&in_use, 1, memory_order_relaxed);
}

long kx_objects_in_use(void)
{
	return atomic_load_explicit(&in_use, memory_order_relaxed);
}

void kx_object_pin(struct kx_object *object)
{
	object->pins++;
}

void kx_object_unpin(struct kx_object *object)
{
	if (--object->pins == 0)
		urcu_memb_call_rcu(&object->rcu, free_object);
}

static void run_forget(struct kx_job *job)
{
	struct forget_job *forget = kx_container(job, struct forget_job, job);

	if (kx_hooks.forget)
		kx_hooks.forget(forget->sid);
	free(forget);
}

/* Tells the security module that @sid is never used again. */
static void tell_module(uint32_t sid)
{
	struct forget_job *forget = calloc(1, sizeof(*forget));

	/* Without memory the module keeps a number that is never used again: harmless. */
	if (!forget)
		return;
	forget->job.run = run_forget;
	forget->sid = sid;
	kx_ipc_post(&forget->job);
}

void kx_object_expire(struct kx_object *object)
{
	if (atomic_exchange(&object->expired, true))
		return;
	if (object->ops->expire)
		object->ops->expire(object);
	kx_notice_signal(object, KX_EVENT_OBJECT_DESTROYED);
	kx_notice_object_gone(object);
	tell_module(object->sid);
}

void kx_object_attach(struct kx_object *object)
{
	object->handles++;
	kx_object_pin(object);
}

void kx_object_detach(struct kx_object *object)
{
	/* A task lives as long as its process does, whoever still names it. */
	if (--object->handles == 0 && object->kind != KX_OBJECT_TASK)
		kx_object_expire(object);
	kx_object_unpin(object);
}
