/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_NK_GEN_H
#define KX_NK_GEN_H

/*
 * Making C headers. A header is a row of chunks, each in its own include guard,
 * so that several headers can carry the same chunk. Every name a chunk defines
 * is recorded; the chunk ends with the short forms of them all, for
 * NK_USE_UNQUALIFIED_NAMES.
 *
 * Only units that are `ok` may be given here.
 */

#include <stdbool.h>
#include <stdio.h>

#include "tree.h"

/* Parts of a header, as the options of nk-gen-c choose them. */
enum {
	KX_GEN_TYPES = 1,
	KX_GEN_INTERFACE = 2,
	KX_GEN_ENDPOINTS = 4,
	KX_GEN_CLIENT = 8,
	KX_GEN_SERVER = 16,
	KX_GEN_TESTS = 32,
	KX_GEN_REFL = 64,
	KX_GEN_DEFAULT = 63,
};

enum kx_gen_trace {
	KX_GEN_TRACE_NONE,
	KX_GEN_TRACE_HEADERS,
	KX_GEN_TRACE_DUMP,
};

struct kx_gen_options {
	unsigned int parts;
	bool extended_errors;
	enum kx_gen_trace trace_client, trace_server;
	const char *trace_methods;  /* comma separated, or NULL for all */
	bool cxx;                   /* a C++ header: X.idl.cpp.h */
	bool cxx_handles;           /* in it: Handle is nk_handle_desc_t */
	const char *cxx_handles_of; /* in these packages only, comma separated; or NULL */
};

struct kx_gen_name {
	struct kx_gen_name *next;
	const struct kx_nk_unit *unit;
	const char *full; /* the unit's C name, then what is the same in the short form */
};

struct kx_gen_seen {
	const void *node; /* NULL: free place */
	int what;
};

struct kx_gen {
	struct kx_nk *nk;
	FILE *out;
	struct kx_gen_options options;
	bool handle_descs; /* of what is printed now: Handle is nk_handle_desc_t */
	const char *guard;
	struct kx_pool chunk; /* names of the present chunk; emptied when the next begins */
	struct kx_gen_name *names, **names_end;
	struct kx_gen_seen *seen; /* open addressing; at most half full */
	size_t seen_count, seen_room;
};

/* Writes the whole header of @unit to @out. */
void kx_gen_header(struct kx_nk *nk, const struct kx_nk_unit *unit,
		   const struct kx_gen_options *options, FILE *out);

/* Whether @options want the traffic of @method shown. */
bool kx_gen_traces(const struct kx_gen_options *options, const struct kx_nk_method *method);

/* Whether @name is in @list, which has commas and blanks between its words. */
bool kx_gen_listed(const char *list, const char *name);

/* gen.c: chunks. */
void kx_gen_print(struct kx_gen *gen, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void kx_gen_begin(struct kx_gen *gen, const char *name, const char *suffix);
void kx_gen_end(struct kx_gen *gen);

/*
 * The C name of something of @unit: prefix and what the format says; recorded for the
 * chunk, and gone when the next one begins.
 */
const char *kx_gen_name(struct kx_gen *gen, const struct kx_nk_unit *unit, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* True the first time it is asked about @node for purpose @what. */
bool kx_gen_first(struct kx_gen *gen, const void *node, int what);

/* gen_type.c */
void kx_gen_types(struct kx_gen *gen, const struct kx_nk_unit *unit);
void kx_gen_fields(struct kx_gen *gen, const char *indent, const struct kx_nk_field *first,
		   int direction);
void kx_gen_offsets(struct kx_gen *gen, const char *type, const char *member,
		    const struct kx_nk_field *first, int direction, uint64_t size);

/* gen_iface.c */
void kx_gen_iface_name(struct kx_gen *gen, const struct kx_nk_unit *unit);
void kx_gen_interface(struct kx_gen *gen, const struct kx_nk_unit *unit);

/* gen_call.c */
void kx_gen_vtable(struct kx_gen *gen, const struct kx_nk_unit *unit);
void kx_gen_client(struct kx_gen *gen, const struct kx_nk_unit *unit);
void kx_gen_server(struct kx_gen *gen, const struct kx_nk_unit *unit);

/* gen_test.c */
void kx_gen_tests(struct kx_gen *gen, const struct kx_nk_unit *unit);

/* gen_comp.c */
void kx_gen_endpoints(struct kx_gen *gen, const struct kx_nk_unit *unit);
void kx_gen_component(struct kx_gen *gen, const struct kx_nk_unit *unit);
void kx_gen_task_endpoints(struct kx_gen *gen, const struct kx_nk_unit *unit);
void kx_gen_task(struct kx_gen *gen, const struct kx_nk_unit *unit);
void kx_gen_refl(struct kx_gen *gen, const struct kx_nk_unit *unit);

/* json_tree.c, json_descr.c: texts to free(), or NULL without memory. */
char *kx_nk_dump_json(struct kx_nk *nk, const struct kx_nk_unit *unit);
char *kx_nk_descriptors_json(struct kx_nk *nk, const struct kx_nk_unit *unit);

#endif /* KX_NK_GEN_H */
