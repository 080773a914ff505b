/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_ABI_CLASS_H
#define KX_ABI_CLASS_H

/*
 * What an EDL class offers, in a form that needs no pointers: endpoints,
 * methods, and for each method what its messages look like. The kernel process
 * makes one blob per class from the image (kernel/objects/class.c), validates relayed
 * messages with it, and copies it onto the task page of every entity that talks
 * to or serves the class, where receivers of direct calls use the same bytes.
 *
 * Every offset counts from the start of the blob, which is 8-byte aligned.
 * Names are zero-terminated strings inside the blob; offset 0 means none.
 */

#include <stdint.h>

struct kx_class {
	uint32_t bytes; /* whole blob */
	uint32_t name;
	uint32_t endpoint_count;
	uint32_t endpoints; /* struct kx_endpoint[], ordered by riid from 0 */
	uint32_t method_count;
	uint32_t methods; /* struct kx_method[], endpoint by endpoint */
};

struct kx_endpoint {
	uint32_t name;         /* path inside the entity: "comp.ep" */
	uint32_t qualified;    /* declaring class and endpoint: "pkg.Comp.ep" */
	uint32_t interface;    /* "pkg.Iface" */
	uint32_t first_method; /* index into methods */
	uint32_t method_count;
	uint32_t security; /* 1: endpoint of the security interface */
};

/*
 * One message: the constant part's exact size (header included; 0: there is no
 * such message), most arena bytes, number of handles, and its fields that are
 * arena descriptors or handles.
 */
struct kx_message_desc {
	uint32_t size;
	uint32_t arena;
	uint32_t field_count;
	uint32_t fields; /* struct kx_field[] */
	uint32_t handles;
	uint32_t reserved0;
};

struct kx_method {
	uint32_t name;
	uint32_t reserved0;
	struct kx_message_desc request;
	struct kx_message_desc response;
	struct kx_message_desc error;
};

enum kx_field_kind {
	KX_FIELD_ARENA = 1,  /* nk_ptr_t: offset and size of a chunk of the arena */
	KX_FIELD_HANDLE = 2, /* nk_handle_desc_t */
};

struct kx_field {
	uint32_t kind;        /* enum kx_field_kind */
	uint32_t offset;      /* in the constant part, or in the element for nested fields */
	uint32_t repeat;      /* array of that many; 1: plain */
	uint32_t stride;      /* bytes from one to the next when repeat > 1 */
	uint32_t element;     /* KX_FIELD_ARENA: bytes of one element; size must be a multiple */
	uint32_t align;       /* alignment of an element in the arena */
	uint32_t max;         /* most bytes */
	uint32_t field_count; /* nested fields of every element */
	uint32_t fields;
	uint32_t reserved0;
};

_Static_assert(sizeof(struct kx_class) == 24, "kx_class resized");
_Static_assert(sizeof(struct kx_endpoint) == 24, "kx_endpoint resized");
_Static_assert(sizeof(struct kx_message_desc) == 24, "kx_message_desc resized");
_Static_assert(sizeof(struct kx_method) == 80, "kx_method resized");
_Static_assert(sizeof(struct kx_field) == 40, "kx_field resized");

/* Field nesting deeper than this is refused when the blob is made. */
#define KX_FIELD_DEPTH 8u

#endif /* KX_ABI_CLASS_H */
