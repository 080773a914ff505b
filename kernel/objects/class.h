/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_CLASS_TABLE_H
#define KX_CLASS_TABLE_H

/*
 * EDL classes: from the JSON of an image to the pointer-free blob of
 * abi/kx_class.h. Everything here works on memory of the kernel process; blobs
 * never change once made, so both threads read them without care. Look-ups of
 * methods and validation are in ipc/validate.h, because receivers need them too.
 */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "kx_class.h"

#define KX_CLASS_ERROR_MAX 256u

/*
 * Makes the blob of class @name from its JSON object. Does not block. On NULL,
 * @error (KX_CLASS_ERROR_MAX bytes) says which endpoint, method or field is
 * wrong and how. The caller frees the blob with free().
 */
struct kx_class *kx_class_from_json(const char *name, const json_t *definition, char *error);

/*
 * A class that only TASK_CREATE described: endpoint names and RIIDs, no methods
 * (its messages are relayed, structure checked as far as the header says).
 * @text: triples "name\0interface\0riid\0" in @length bytes; two names with one
 * riid are path and qualified name. NULL: text malformed or out of memory.
 */
struct kx_class *kx_class_from_names(const char *name, const char *text, size_t length);

/* Text at @offset of @class, "" for 0. */
static inline const char *kx_class_text(const struct kx_class *class_table, uint32_t offset)
{
	return offset ? (const char *)class_table + offset : "";
}

static inline const struct kx_endpoint *kx_class_endpoints(const struct kx_class *class_table)
{
	return (const struct kx_endpoint *)(const void *)((const char *)class_table +
							  class_table->endpoints);
}

static inline const struct kx_method *kx_class_methods(const struct kx_class *class_table)
{
	return (const struct kx_method *)(const void *)((const char *)class_table +
							class_table->methods);
}

static inline const struct kx_field *kx_class_fields(const struct kx_class *class_table,
						     uint32_t offset)
{
	return (const struct kx_field *)(const void *)((const char *)class_table + offset);
}

/* Whether a message of that shape can carry handles, nested fields included. */
bool kx_class_has_handles(const struct kx_class *class_table, const struct kx_message_desc *desc);

#endif /* KX_CLASS_TABLE_H */
