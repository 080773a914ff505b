/* SPDX-License-Identifier: Apache-2.0 */

/* Links of the inheritance tree; see handle_tree.h. */

#include "handle_tree.h"

#include "handle_pool.h"
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

static bool has_children(const struct kx_handle *handle)
{
	return handle->child != 0;
}

static struct kx_handle *parent_of(const struct kx_handle *handle)
{
	return kx_handle_at(handle->parent);
}

static struct kx_handle *first_child(const struct kx_handle *handle)
{
	return kx_handle_at(handle->child);
}

/* Behind its siblings. */
static void add_child(struct kx_handle *parent, struct kx_handle *handle)
{
	struct kx_handle *first = first_child(parent);
	uint32_t number = kx_handle_number(handle);

	handle->parent = kx_handle_number(parent);
	handle->next = 0;
	if (!first) {
		parent->child = number;
		handle->previous = number;
		return;
	}
	kx_handle_at(first->previous)->next = number;
	handle->previous = first->previous;
	first->previous = number;
}

static void remove_child(struct kx_handle *handle)
{
	struct kx_handle *parent = parent_of(handle);
	struct kx_handle *first = first_child(parent);
	struct kx_handle *next = kx_handle_at(handle->next);

	if (first == handle)
		parent->child = handle->next;
	else
		kx_handle_at(handle->previous)->next = handle->next;
	if (next)
		next->previous = handle->previous;
	else if (first != handle)
		first->previous = handle->previous;
	handle->parent = 0;
	handle->next = 0;
	handle->previous = 0;
}

static void unlink_node(struct kx_handle *handle)
{
	if (handle->parent)
		remove_child(handle);
	if (handle->badge)
		kx_badge_unmark(handle->badge);
	handle->badge = NULL;
}

void kx_tree_insert(struct kx_handle *handle, struct kx_handle *parent, struct kx_badge *badge)
{
	if (parent)
		add_child(parent, handle);
	handle->badge = badge;
	if (badge)
		kx_badge_mark(badge);
}

/* Children of @handle become children of its parent, or roots. */
static void promote_children(struct kx_handle *handle)
{
	struct kx_handle *parent = parent_of(handle);
	struct kx_handle *child;

	while ((child = first_child(handle))) {
		remove_child(child);
		if (parent)
			add_child(parent, child);
	}
}

static void remove_node(struct kx_handle *handle)
{
	unlink_node(handle);
	kx_handle_free(handle);
}

/* Ghosts from @handle upward that have lost their last child go with it. */
static void remove_ghosts(struct kx_handle *handle)
{
	struct kx_handle *parent;

	while (handle && handle->ghost && !has_children(handle)) {
		parent = parent_of(handle);
		end_ghost(handle);
		remove_node(handle);
		handle = parent;
	}
}

void kx_tree_close(struct kx_handle *handle)
{
	struct kx_handle *parent = parent_of(handle);

	if (handle->badge && has_children(handle)) {
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
	while (has_children(handle))
		handle = first_child(handle);
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
	kx_handle_free(handle);
}

/* Cuts @top and everything below it, leaves first. */
static void cut_subtree(struct kx_handle *top, void (*revoked)(struct kx_handle *handle))
{
	struct kx_handle *node = leaf_below(top);
	struct kx_handle *parent;

	while (node != top) {
		parent = parent_of(node);
		cut_one(node, revoked);
		node = leaf_below(parent);
	}
	cut_one(top, revoked);
}

/* Next node in pre-order below @root, not entering @node when @skip. NULL at the end. */
static struct kx_handle *next_below(struct kx_handle *root, struct kx_handle *node, bool skip)
{
	if (!skip && has_children(node))
		return first_child(node);
	while (node != root) {
		if (node->next)
			return kx_handle_at(node->next);
		node = parent_of(node);
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
		parent = parent_of(node);
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
	while (has_children(handle))
		cut_subtree(first_child(handle), revoked);
}

struct kx_handle *kx_tree_owner(struct kx_handle *handle, const struct kx_task *task)
{
	while (handle && (handle->ghost || handle->task != task))
		handle = parent_of(handle);
	return handle;
}
