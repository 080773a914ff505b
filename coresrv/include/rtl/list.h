/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RTL_LIST_H
#define RTL_LIST_H

/*
 * A doubly linked list whose links stand inside the elements. A list is a
 * RtlListNode that belongs to no element; empty, it points to itself. No
 * locking: the caller keeps other threads away.
 */

#include <rtl/stdbool.h>
#include <rtl/stddef.h>

typedef struct RtlListNode {
	struct RtlListNode *next;
	struct RtlListNode *prev;
} RtlListNode;

#define RTL_LIST_INITIALIZER(list)                                                                 \
	{                                                                                          \
		&(list), &(list)                                                                   \
	}

/* The element of type @type whose field @member is *@node. */
#define rtl_list_entry(node, type, member)                                                         \
	((type *)(void *)((char *)(node)-rtl_offsetof(type, member)))

/* Visits every node; the body must not remove @pos (use the _safe form). */
#define rtl_list_for_each(pos, list)                                                               \
	for ((pos) = (list)->next; (pos) != (list); (pos) = (pos)->next)

#define rtl_list_for_each_safe(pos, after, list)                                                   \
	for ((pos) = (list)->next, (after) = (pos)->next; (pos) != (list);                         \
	     (pos) = (after), (after) = (pos)->next)

static __inline__ void rtl_list_init(RtlListNode *list)
{
	list->next = list;
	list->prev = list;
}

static __inline__ rtl_bool rtl_list_empty(const RtlListNode *list)
{
	return list->next == list;
}

static __inline__ void rtl_list_insert_after(RtlListNode *pos, RtlListNode *node)
{
	node->prev = pos;
	node->next = pos->next;
	pos->next->prev = node;
	pos->next = node;
}

static __inline__ void rtl_list_add_head(RtlListNode *list, RtlListNode *node)
{
	rtl_list_insert_after(list, node);
}

static __inline__ void rtl_list_add_tail(RtlListNode *list, RtlListNode *node)
{
	rtl_list_insert_after(list->prev, node);
}

/* Takes @node out; it then stands alone and may be removed again. */
static __inline__ void rtl_list_remove(RtlListNode *node)
{
	node->prev->next = node->next;
	node->next->prev = node->prev;
	rtl_list_init(node);
}

#endif /* RTL_LIST_H */
