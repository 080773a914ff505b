/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Handle tables: values, generations, rights. The links between handles are in
 * handle_tree.c, what the entity sees of its table in task_page.c.
 */

#include "handle.h"

#include "handle_pool.h"
#include "handle_tree.h"
#include "listener.h"
#include "notice.h"
#include "task.h"
#include "task_page.h"
#include "user.h"

#define LAST_GENERATION (UINT32_MAX >> 12)

enum kx_rc kx_handle_find(struct kx_task *task, uint32_t value, struct kx_handle **out)
{
	struct kx_handle *handle = rcu_dereference(task->handles[KX_HANDLE_INDEX(value)]);

	if (!handle || handle->value != value)
		return KX_RC_INVALID_ARGUMENT;
	if (!kx_handle_target(handle))
		return KX_RC_HANDLE_REVOKED;
	*out = handle;
	return KX_RC_OK;
}

enum kx_rc kx_handle_object(struct kx_task *task, uint32_t value, enum kx_object_kind kind,
			    uint32_t rights, struct kx_handle **handle, struct kx_object **object)
{
	struct kx_handle *found;
	struct kx_object *target;
	enum kx_rc rc = kx_handle_find(task, value, &found);

	if (rc != KX_RC_OK)
		return rc;
	target = kx_handle_target(found);
	if (!target)
		return KX_RC_HANDLE_REVOKED;
	if (target->kind != kind)
		return KX_RC_INVALID_ARGUMENT;
	if ((found->rights & rights) != rights)
		return KX_RC_SECURITY_DISALLOW;
	if (handle)
		*handle = found;
	*object = target;
	return KX_RC_OK;
}

/* A free index whose generations are not used up, 0 if there is none. */
static uint32_t free_index(struct kx_task *task)
{
	uint32_t index = task->handle_hint;
	uint32_t looked;

	if (!task->generations)
		return 0; /* dead, see kx_task_release() */
	for (looked = 0; looked < KX_HANDLES; looked++) {
		index = (index + 1) & (KX_HANDLES - 1);
		if (index == 0 || task->handles[index])
			continue;
		if (task->generations[index] < LAST_GENERATION)
			return index;
	}
	return 0;
}

static struct kx_handle *handle_new(struct kx_task *task, const struct kx_handle_spec *spec,
				    uint32_t index)
{
	struct kx_handle *handle = kx_handle_alloc();

	if (!handle)
		return NULL;
	handle->task = task;
	handle->value = KX_HANDLE_VALUE(index, task->generations[index]);
	handle->rights = spec->rights;
	handle->role = (uint8_t)spec->role;
	handle->listener = spec->listener;
	handle->aim = spec->role == KX_ROLE_CLIENT ? spec->channel : spec->riid;
	handle->context = spec->context;
	handle->object = spec->object;
	return handle;
}

enum kx_rc kx_handle_create(struct kx_task *task, const struct kx_handle_spec *spec,
			    struct kx_handle **out)
{
	uint32_t index = free_index(task);
	struct kx_handle *handle;

	if (!index || task->ghost_count >= KX_HANDLES)
		return KX_RC_QUOTA_EXCEEDED;
	handle = handle_new(task, spec, index);
	if (!handle)
		return KX_RC_OUT_OF_MEMORY;
	kx_object_attach(spec->object);
	kx_tree_insert(handle, spec->parent, spec->badge);
	task->handle_hint = index;
	if (index >= task->handle_top)
		task->handle_top = index + 1;
	task->handle_count++;
	rcu_assign_pointer(task->handles[index], handle);
	kx_task_page_handle(task, handle, KX_HANDLE_OPEN);
	if (out)
		*out = handle;
	return KX_RC_OK;
}

/* The handle is closed or revoked; who waits in Recv on it must hear of that. */
static void tell_task(struct kx_handle *handle, enum kx_handle_state state)
{
	kx_task_page_handle(handle->task, handle, state);
	if (handle->role == KX_ROLE_LISTENER)
		kx_listener_ring(handle->task, handle->listener);
}

/* Takes the handle out of its table; the value is never valid again. */
static void unpublish(struct kx_handle *handle)
{
	struct kx_task *task = handle->task;
	uint32_t index = KX_HANDLE_INDEX(handle->value);

	rcu_assign_pointer(task->handles[index], NULL);
	task->generations[index]++;
	task->handle_count--;
	tell_task(handle, KX_HANDLE_FREE);
}

static void close_found(struct kx_handle *handle)
{
	struct kx_object *object = handle->object;

	unpublish(handle);
	rcu_assign_pointer(handle->object, NULL);
	kx_tree_close(handle);
	if (object)
		kx_object_detach(object);
}

enum kx_rc kx_handle_close(struct kx_task *task, uint32_t value)
{
	struct kx_handle *handle = task->handles[KX_HANDLE_INDEX(value)];

	if (!handle || handle->value != value)
		return KX_RC_INVALID_ARGUMENT;
	close_found(handle);
	return KX_RC_OK;
}

void kx_handle_close_all(struct kx_task *task)
{
	uint32_t index;

	for (index = 0; index < task->handle_top; index++) {
		if (task->handles[index])
			close_found(task->handles[index]);
	}
}

/* NULL for "none" is not an error: *@badge is NULL then. */
static enum kx_rc find_badge(struct kx_task *task, uint64_t value, struct kx_badge **badge)
{
	struct kx_object *object;
	enum kx_rc rc;

	*badge = NULL;
	if (value == 0 || value == KX_HANDLE_INVALID)
		return KX_RC_OK;
	if (value > UINT32_MAX)
		return KX_RC_INVALID_ARGUMENT;
	rc = kx_handle_object(task, (uint32_t)value, KX_OBJECT_BADGE, 0, NULL, &object);
	if (rc == KX_RC_OK)
		*badge = kx_container(object, struct kx_badge, object);
	return rc;
}

enum kx_rc kx_handle_copy(struct kx_task *task, uint32_t value, uint32_t rights, uint32_t badge,
			  uint32_t *copy)
{
	struct kx_handle_spec spec = {0};
	struct kx_handle *parent;
	struct kx_handle *child;
	enum kx_rc rc = kx_handle_find(task, value, &parent);

	if (rc != KX_RC_OK)
		return rc;
	if (!(parent->rights & KX_RIGHT_COPY))
		return KX_RC_SECURITY_DISALLOW;
	rc = find_badge(task, badge, &spec.badge);
	if (rc != KX_RC_OK)
		return rc;
	spec.object = parent->object;
	spec.rights = parent->rights & rights;
	spec.role = parent->role;
	spec.listener = parent->listener;
	spec.channel = kx_handle_channel(parent);
	spec.riid = kx_handle_riid(parent);
	spec.context = spec.badge ? spec.badge->context : parent->context;
	spec.parent = parent;
	rc = kx_handle_create(task, &spec, &child);
	if (rc == KX_RC_OK)
		*copy = child->value;
	return rc;
}

/* A descendant of a revoked handle: keeps its place in the table, names nothing. */
static void mark_revoked(struct kx_handle *handle)
{
	struct kx_object *object = handle->object;

	rcu_assign_pointer(handle->object, NULL);
	tell_task(handle, KX_HANDLE_REVOKED);
	kx_object_detach(object);
}

enum kx_rc kx_handle_revoke(struct kx_task *task, uint32_t value)
{
	struct kx_handle *handle;
	enum kx_rc rc = kx_handle_find(task, value, &handle);

	if (rc != KX_RC_OK)
		return rc;
	kx_tree_cut(handle, NULL, mark_revoked);
	close_found(handle);
	return KX_RC_OK;
}

enum kx_rc kx_handle_revoke_below(struct kx_task *task, uint32_t value)
{
	struct kx_handle *handle;
	enum kx_rc rc = kx_handle_find(task, value, &handle);

	if (rc == KX_RC_OK)
		kx_tree_cut(handle, NULL, mark_revoked);
	return rc;
}

enum kx_rc kx_handle_revoke_subtree(struct kx_task *task, uint32_t value, uint32_t badge)
{
	struct kx_handle *handle;
	struct kx_badge *marked;
	enum kx_rc rc = kx_handle_find(task, value, &handle);

	if (rc != KX_RC_OK)
		return rc;
	rc = find_badge(task, badge, &marked);
	if (rc != KX_RC_OK)
		return rc;
	if (!marked)
		return KX_RC_INVALID_ARGUMENT;
	kx_object_pin(&marked->object);
	kx_tree_cut(handle, marked, mark_revoked);
	kx_object_unpin(&marked->object);
	return KX_RC_OK;
}

enum kx_rc kx_handle_get_sid(struct kx_task *task, uint32_t value, uint32_t *sid)
{
	struct kx_handle *handle;
	enum kx_rc rc = kx_handle_find(task, value, &handle);

	if (rc != KX_RC_OK)
		return rc;
	if (!(handle->rights & KX_RIGHT_GET_SID))
		return KX_RC_SECURITY_DISALLOW;
	*sid = handle->object->sid;
	return KX_RC_OK;
}

static bool is_user_object(const struct kx_object *object)
{
	return object->kind == KX_OBJECT_USER || object->kind == KX_OBJECT_CALLABLE;
}

/* Where a handle of @object in another task can be used. */
static uint16_t foreign_role(const struct kx_object *object)
{
	switch (object->kind) {
	case KX_OBJECT_CHANNEL:
	case KX_OBJECT_CALLABLE:
		return KX_ROLE_CALLABLE;
	default:
		return KX_ROLE_NONE;
	}
}

/* The owner gets its own handle back. Returns false when this is not such a transfer. */
static bool dereference(struct kx_handle *handle, struct kx_task *to, uint32_t rights,
			struct kx_handle_desc *out)
{
	struct kx_handle *own;

	if (!is_user_object(handle->object) ||
	    kx_container(handle->object, struct kx_user, object)->owner != to)
		return false;
	own = kx_tree_owner(handle, to);
	if (!own)
		return false;
	out->handle = own->value;
	out->rights = rights;
	out->badge = handle->context;
	return true;
}

static enum kx_rc transfer_child(struct kx_handle *handle, struct kx_task *to, uint32_t rights,
				 struct kx_badge *badge, struct kx_handle_desc *out)
{
	struct kx_handle_spec spec = {
		.object = handle->object,
		.rights = rights,
		.role = foreign_role(handle->object),
		.riid = handle->object->kind == KX_OBJECT_CHANNEL ? KX_RIID_ANY
								  : kx_handle_riid(handle),
		.context = badge ? badge->context : handle->context,
		.parent = handle,
		.badge = badge,
	};
	struct kx_handle *child;
	enum kx_rc rc = kx_handle_create(to, &spec, &child);

	if (rc != KX_RC_OK)
		return rc;
	out->handle = child->value;
	out->rights = rights;
	out->badge = 0;
	return KX_RC_OK;
}

enum kx_rc kx_handle_transfer(struct kx_task *from, struct kx_task *to,
			      const struct kx_handle_desc *in, struct kx_handle_desc *out,
			      bool *created)
{
	struct kx_handle *handle;
	struct kx_badge *badge;
	enum kx_rc rc = kx_handle_find(from, in->handle, &handle);

	*created = false;
	if (rc != KX_RC_OK)
		return rc;
	if (!(handle->rights & KX_RIGHT_TRANSFER))
		return KX_RC_SECURITY_DISALLOW;
	rc = find_badge(from, in->badge, &badge);
	if (rc != KX_RC_OK)
		return rc;
	if (dereference(handle, to, handle->rights & in->rights, out))
		return KX_RC_OK;
	rc = transfer_child(handle, to, handle->rights & in->rights, badge, out);
	*created = rc == KX_RC_OK;
	return rc;
}

void kx_handle_self(struct kx_handle *handle, struct kx_handle_desc *self)
{
	struct kx_object *object = kx_handle_target(handle);

	*self = (struct kx_handle_desc){.handle = KX_HANDLE_INVALID};
	if (!object || object->kind != KX_OBJECT_CALLABLE)
		return;
	self->handle = kx_container(object, struct kx_user, object)->owner_handle;
	self->rights = handle->rights;
	self->badge = handle->context;
}
