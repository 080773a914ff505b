/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_VALIDATE_H
#define KX_VALIDATE_H

/*
 * Is a message built as its method's description says? Asked on a private copy,
 * by the kernel process before any rule and by a receiver of a direct message.
 * Judged: exact size of the constant part, number of handles, every arena
 * descriptor inside the arena, whole elements, aligned, at most the declared
 * bytes. Not judged: what strings and bytes contain.
 */

#include <stddef.h>

#include "kx_class.h"
#include "kx_index.h"
#include "message.h"

enum kx_message_kind {
	KX_MESSAGE_REQUEST,
	KX_MESSAGE_RESPONSE,
};

#define KX_NO_METHOD UINT32_MAX

/*
 * Which of all methods of a class @riid, @mid is, which is the number of its DIRECT bit;
 * KX_NO_METHOD if it has none. @blob may be NULL: nothing is known of the class.
 */
static inline uint32_t kx_blob_method_number(const struct kx_class *blob, uint16_t riid,
					     uint16_t mid)
{
	const struct kx_endpoint *endpoint;

	if (!blob || riid >= blob->endpoint_count)
		return KX_NO_METHOD;
	endpoint = (const struct kx_endpoint *)((const uint8_t *)blob + blob->endpoints) +
		   kx_index(riid, blob->endpoint_count);
	if (mid >= endpoint->method_count)
		return KX_NO_METHOD;
	return endpoint->first_method + kx_index(mid, endpoint->method_count);
}

/* The method with that number; NULL for KX_NO_METHOD. */
static inline const struct kx_method *kx_blob_method_at(const struct kx_class *blob,
							uint32_t number)
{
	if (number == KX_NO_METHOD)
		return NULL;
	return (const struct kx_method *)((const uint8_t *)blob + blob->methods) + number;
}

/* The method @riid, @mid of a class; NULL if it has none. */
static inline const struct kx_method *kx_blob_method(const struct kx_class *blob, uint16_t riid,
						     uint16_t mid)
{
	return kx_blob_method_at(blob, kx_blob_method_number(blob, riid, mid));
}

/* The number of a method of the class. */
static inline uint32_t kx_blob_method_index(const struct kx_class *blob,
					    const struct kx_method *method)
{
	const struct kx_method *first =
		(const struct kx_method *)((const uint8_t *)blob + blob->methods);

	return (uint32_t)(method - first);
}

/* What a message of @kind with that head must look like. */
static inline const struct kx_message_desc *kx_method_desc(const struct kx_method *method,
							   enum kx_message_kind kind, uint32_t ex)
{
	if (kind == KX_MESSAGE_REQUEST)
		return &method->request;
	return KX_EX_ERR(ex) ? &method->error : &method->response;
}

/* The part of kx_message_valid() that looks at arena descriptors. */
bool kx_message_fields_valid(const struct kx_class *blob, const struct kx_message_desc *desc,
			     const void *body, const void *arena, uint32_t arena_size);

/*
 * True if the message matches. @body is the constant part behind the header,
 * 8-byte aligned. Always true when nothing of variable size is in it and the
 * size is right: three compares.
 */
static inline bool kx_message_valid(const struct kx_class *blob, const struct kx_message_desc *desc,
				    const struct kx_head *head, const void *body, const void *arena)
{
	uint32_t ex = kx_head_ex(head);

	if (KX_EX_SIZE(ex) != desc->size || KX_EX_CAPS(ex) != desc->handles)
		return false;
	return desc->field_count == 0 ||
	       kx_message_fields_valid(blob, desc, body, arena, head->arena);
}

/*
 * Calls @visit for every handle descriptor of a valid message (handles stand in
 * the constant part only), with its offset there. @fixed points at the header.
 * Stops early when it returns false, and then returns false.
 */
bool kx_message_handles(const struct kx_class *blob, const struct kx_message_desc *desc,
			void *fixed,
			bool (*visit)(void *context, void *descriptor, uint32_t offset),
			void *context);

#endif /* KX_VALIDATE_H */
