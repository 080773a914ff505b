/* SPDX-License-Identifier: Apache-2.0 */

/* Links of the inheritance tree; see handle_tree.h. */

#include "handle_tree.h"

#include <stdlib.h>

#include "notice.h"
#include "task.h"

/*
 * A ghost counts against its owner until it goes: a chain of marked copies, each
 * closed when the next is made, must not grow for ever. It keeps the task's memory.
 */
static void become_ghost(struct kx_handle *handle)
{
	handle->ghost = true;
	handle->task->ghost_count++;
	kx_object_pin(&handle->task->object);
}

static void end_ghost(struct kx_handle *handle)
{
	handle->task->ghost_count--;
	kx_object_unpin(&handle->task->object);
}

static void free_handle(struct rcu_head *head)
{
	free(kx_container(head, struct kx_handle, rcu));
}

static void unlink_node(struct kx_handle *handle)
{
	if (handle->parent)
		cds_list_del_init(&handle->sibling);
	handle->parent = NULL;
	if (handle->badge)
		kx_badge_unmark(handle->badge);
	handle->badge = NULL;
}

void kx_tree_insert(struct kx_handle *handle, struct kx_handle *parent, struct kx_badge *badge)
{
	CDS_INIT_LIST_HEAD(&handle->children);
	CDS_INIT_LIST_HEAD(&handle->sibling);
	handle->parent = parent;
	if (parent)
		cds_list_add_tail(&handle->sibling, &parent->children);
	handle->badge = badge;
	if (badge)
		kx_badge_mark(badge);
}

/* Children of @handle become children of its parent, or roots. */
static void promote_children(struct kx_handle *handle)
{
	struct kx_handle *child;
	struct kx_handle *next;

	cds_list_for_each_entry_safe(child, next, &handle->children, sibling)
	{
		cds_list_del_init(&child->sibling);
		child->parent = handle->parent;
		if (handle->parent)
			cds_list_add_tail(&child->sibling, &handle->parent->children);
	}
}

static void remove_node(struct kx_handle *handle)
{
	unlink_node(handle);
	urcu_memb_call_rcu(&handle->rcu, free_handle);
}

/* Ghosts from @handle upward that have lost their last child go with it. */
static void remove_ghosts(struct kx_handle *handle)
{
	struct kx_handle *parent;

	while (handle && handle->ghost && cds_list_empty(&handle->children)) {
		parent = handle->parent;
		end_ghost(handle);
		remove_node(handle);
		handle = parent;
	}
}

void kx_tree_close(struct kx_handle *handle)
{
	struct kx_handle *parent = handle->parent;

	if (handle->badge && !cds_list_empty(&handle->children)) {
		become_ghost(handle);
		return;
	}
	promote_children(handle);
	remove_node(handle);
	remove_ghosts(parent);
}

/* Deepest first child: where a walk from the leaves upward begins. */
static struct kx_handle *leaf_below(struct kx_handle *handle)
{
	while (!cds_list_empty(&handle->children))
		handle = cds_list_first_entry(&handle->children, struct kx_handle, sibling);
	return handle;
}

static void cut_one(struct kx_handle *handle, void (*revoked)(struct kx_handle *handle))
{
	bool ghost = handle->ghost;

	unlink_node(handle);
	if (!ghost) {
		revoked(handle);
		return;
	}
	end_ghost(handle);
	urcu_memb_call_rcu(&handle->rcu, free_handle);
}

/* Cuts @top and everything below it, leaves first. */
static void cut_subtree(struct kx_handle *top, void (*revoked)(struct kx_handle *handle))
{
	struct kx_handle *node = leaf_below(top);
	struct kx_handle *parent;

	while (node != top) {
		parent = node->parent;
		cut_one(node, revoked);
		node = leaf_below(parent);
	}
	cut_one(top, revoked);
}

/* Next node in pre-order below @root, not entering @node when @skip. NULL at the end. */
static struct kx_handle *next_below(struct kx_handle *root, struct kx_handle *node, bool skip)
{
	if (!skip && !cds_list_empty(&node->children))
		return cds_list_first_entry(&node->children, struct kx_handle, sibling);
	while (node != root) {
		if (node->sibling.next != &node->parent->children)
			return cds_list_entry(node->sibling.next, struct kx_handle, sibling);
		node = node->parent;
	}
	return NULL;
}

static void cut_marked(struct kx_handle *handle, const struct kx_badge *badge,
		       void (*revoked)(struct kx_handle *handle))
{
	struct kx_handle *node = next_below(handle, handle, false);
	struct kx_handle *parent;
	struct kx_handle *next;

	while (node) {
		if (node->badge != badge) {
			node = next_below(handle, node, false);
			continue;
		}
		next = next_below(handle, node, true);
		parent = node->parent;
		cut_subtree(node, revoked);
		remove_ghosts(parent);
		node = next;
	}
}

void kx_tree_cut(struct kx_handle *handle, const struct kx_badge *badge,
		 void (*revoked)(struct kx_handle *handle))
{
	if (badge) {
		cut_marked(handle, badge, revoked);
		return;
	}
	while (!cds_list_empty(&handle->children))
		cut_subtree(cds_list_first_entry(&handle->children, struct kx_handle, sibling),
			    revoked);
}

struct kx_handle *kx_tree_owner(struct kx_handle *handle, const struct kx_task *task)
{
	while (handle && (handle->ghost || handle->task != task))
		handle = handle->parent;
	return handle;
}
