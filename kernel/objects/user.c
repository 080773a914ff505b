/* SPDX-License-Identifier: Apache-2.0 */

/* User objects and callables; see user.h. */

#include "user.h"

#include <stdlib.h>

#include "handle.h"
#include "listener.h"
#include "task.h"

static void expire_user(struct kx_object *object)
{
	struct kx_user *user = kx_container(object, struct kx_user, object);

	cds_list_del_init(&user->in_owner);
	kx_object_unpin(&user->owner->object);
	if (user->listener)
		kx_object_unpin(&user->listener->object);
}

static void free_user(struct kx_object *object)
{
	free(kx_container(object, struct kx_user, object));
}

static const struct kx_object_ops user_ops = {.expire = expire_user, .free = free_user};

static enum kx_rc find_listener(struct kx_task *task, uint32_t value, struct kx_listener **out)
{
	struct kx_object *object;
	enum kx_rc rc;

	*out = NULL;
	if (value == KX_HANDLE_INVALID)
		return KX_RC_OK;
	rc = kx_handle_object(task, value, KX_OBJECT_LISTENER, 0, NULL, &object);
	if (rc == KX_RC_OK)
		*out = kx_container(object, struct kx_listener, object);
	return rc;
}

static struct kx_user *user_new(struct kx_task *task, struct kx_listener *listener)
{
	struct kx_user *user = calloc(1, sizeof(*user));

	if (!user)
		return NULL;
	kx_object_init(&user->object, listener ? KX_OBJECT_CALLABLE : KX_OBJECT_USER, &user_ops);
	user->owner = task;
	user->listener = listener;
	kx_object_pin(&task->object);
	if (listener)
		kx_object_pin(&listener->object);
	cds_list_add_tail(&user->in_owner, &task->users);
	return user;
}

enum kx_rc kx_user_create(struct kx_task *task, uint32_t type, uint32_t rights, uint64_t context,
			  uint32_t listener, uint32_t riid, uint32_t *handle)
{
	struct kx_handle_spec spec = {.rights = rights, .riid = riid, .context = context};
	struct kx_listener *found;
	struct kx_handle *root;
	struct kx_user *user;
	enum kx_rc rc = find_listener(task, listener, &found);

	if (rc != KX_RC_OK)
		return rc;
	user = user_new(task, found);
	if (!user)
		return KX_RC_OUT_OF_MEMORY;
	user->type = type;
	user->context = context;
	user->riid = riid;
	spec.object = &user->object;
	rc = kx_handle_create(task, &spec, &root);
	if (rc == KX_RC_OK)
		*handle = user->owner_handle = root->value;
	else
		kx_object_expire(&user->object);
	kx_object_unpin(&user->object);
	return rc;
}

void kx_user_owner_dead(struct kx_task *task)
{
	while (!cds_list_empty(&task->users))
		kx_object_expire(
			&cds_list_first_entry(&task->users, struct kx_user, in_owner)->object);
}
