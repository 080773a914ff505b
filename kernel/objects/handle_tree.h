/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_HANDLE_TREE_H
#define KX_HANDLE_TREE_H

/*
 * The inheritance tree behind handle.c: links only, no tables and no rights.
 * Control thread. Nothing here recurses.
 */

#include "handle.h"

/* A new node below @parent (NULL: a root); marks it with @badge if there is one. */
void kx_tree_insert(struct kx_handle *handle, struct kx_handle *parent, struct kx_badge *badge);

/*
 * Takes @handle out; its children take its place. A marked handle with children
 * stays as a ghost. Frees what is no longer linked, after a grace period.
 */
void kx_tree_close(struct kx_handle *handle);

/*
 * Cuts every descendant of @handle off and gives each live one to @revoked,
 * ghosts are freed. @badge not NULL: only subtrees whose top was marked by it.
 * A node given to @revoked is alone in the tree and still in its table.
 */
void kx_tree_cut(struct kx_handle *handle, const struct kx_badge *badge,
		 void (*revoked)(struct kx_handle *handle));

/* The nearest handle at or above @handle that is in @task's table, or NULL. */
struct kx_handle *kx_tree_owner(struct kx_handle *handle, const struct kx_task *task);

#endif /* KX_HANDLE_TREE_H */
