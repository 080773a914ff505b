/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_NK_TREE_H
#define KX_NK_TREE_H

/*
 * The typed tree of IDL, CDL and EDL, and the session that makes it. This is
 * the one front end: nk-gen-c, einit and nk-psl-gen-c all read sources here.
 *
 * Use: kx_nk_new(), kx_nk_add_dir() for each -I, then any number of
 * kx_nk_load_file(), kx_nk_load_text() and kx_nk_find(); each returns one unit
 * (file) with everything it names loaded, resolved, checked and laid out.
 * kx_nk_free() throws all of it away.
 *
 * A unit is NULL when it could not be read, and `ok` is false when it, or
 * something it names, has an error; then pointers marked "(resolved)" may be
 * NULL and layouts zero. Messages are in kx_nk_diag(); callers print them and
 * end with status 1. Nothing here blocks except on files; not thread-safe per
 * session, independent sessions are.
 *
 * All lists are singly linked in source order. All strings and nodes belong to
 * the session and are never changed after loading.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "diag.h"

enum kx_nk_kind {
	KX_NK_IDL,
	KX_NK_CDL,
	KX_NK_EDL,
};

/* Sizes in bytes of what a value takes, and of what hangs on it in the arena. */
struct kx_nk_layout {
	uint64_t size;        /* in the constant part */
	uint32_t align;       /* there */
	uint64_t arena;       /* sum of the chunks it can bring, without padding */
	uint32_t arena_align; /* largest alignment of a chunk; 0: no chunks */
	uint64_t pad[4];      /* sum of what rounds each chunk up to 1, 2, 4, 8 */
	uint64_t chunks;      /* nk_ptr_t in the value and below it */
	uint32_t levels;      /* chunks within chunks */
	uint64_t handles;     /* nk_handle_desc_t in the constant part */
	uint64_t rows;        /* names `..._size` it gets in generated code */
	uint64_t leaves;      /* fields it has when every record is written out */
	uint64_t text;        /* bytes of the names of those, paths written out */
	uint32_t depth;       /* records within records */
};

/* Constant expression. A number, a named constant, or an operator. */
enum kx_nk_op {
	KX_NK_NUMBER,
	KX_NK_CONST,
	KX_NK_NEG,
	KX_NK_PLUS,
	KX_NK_ADD,
	KX_NK_SUB,
	KX_NK_MUL,
	KX_NK_POW,
	KX_NK_SHL,
	KX_NK_SHR,
};

struct kx_nk_expr {
	enum kx_nk_op op;
	struct kx_loc loc;
	uint32_t depth;
	uint64_t number;             /* KX_NK_NUMBER */
	const char *name;            /* KX_NK_CONST, as written */
	const struct kx_nk_def *def; /* KX_NK_CONST (resolved) */
	struct kx_nk_expr *left, *right;
};

/* Value of a constant: negative numbers need the sign, UInt64 needs 64 bits. */
struct kx_nk_value {
	bool negative;
	uint64_t magnitude;
};

enum kx_nk_type_kind {
	KX_NK_INT,      /* base, UIntSize and UIntPtr included */
	KX_NK_HANDLE,   /* Handle; name: the interface of handle<Iface>, not looked up, or NULL */
	KX_NK_STRING,   /* bound */
	KX_NK_BYTES,    /* bound */
	KX_NK_SEQUENCE, /* elem, bound */
	KX_NK_ARRAY,    /* elem, bound */
	KX_NK_NAMED,    /* name, def: a typedef, struct or union */
};

enum kx_nk_base {
	KX_NK_UINT8,
	KX_NK_UINT16,
	KX_NK_UINT32,
	KX_NK_UINT64,
	KX_NK_SINT8,
	KX_NK_SINT16,
	KX_NK_SINT32,
	KX_NK_SINT64,
	KX_NK_UINTSIZE,
	KX_NK_UINTPTR,
	KX_NK_BASES,
};

struct kx_nk_type {
	enum kx_nk_type_kind kind;
	enum kx_nk_base base;
	struct kx_loc loc;
	const char *name;
	struct kx_nk_def *def; /* (resolved) KX_NK_NAMED */
	struct kx_nk_type *elem;
	struct kx_nk_expr *bound_expr;
	uint64_t bound; /* (resolved) */
	uint32_t depth;
	bool resolved;
	struct kx_nk_layout layout;
};

/* A field of a struct or union, or a parameter of a method. */
enum kx_nk_direction {
	KX_NK_IN,
	KX_NK_OUT,
	KX_NK_ERR,
};

struct kx_nk_field {
	struct kx_nk_field *next;
	const char *name;
	struct kx_loc loc; /* of the name */
	struct kx_nk_type *type;
	enum kx_nk_direction direction; /* parameters only */
	uint64_t offset; /* in the struct; of a parameter, in the message (24 or more);
			    of a union member, behind the tag */
};

enum kx_nk_def_kind {
	KX_NK_DEF_CONST,   /* type, value */
	KX_NK_DEF_TYPEDEF, /* type */
	KX_NK_DEF_STRUCT,  /* fields */
	KX_NK_DEF_UNION, /* fields: the members; value = tag_ (index of the member), then the union
			  */
};

struct kx_nk_def {
	struct kx_nk_def *next;
	enum kx_nk_def_kind kind;
	const char *name;
	struct kx_loc loc; /* of the name */
	struct kx_nk_unit *unit;
	struct kx_nk_type *type;
	struct kx_nk_expr *expr;
	struct kx_nk_value value;
	struct kx_nk_field *fields;
	struct kx_nk_layout layout;
	const struct kx_nk_type *stripped; /* of a typedef: what kx_nk_strip() answers */
	uint64_t union_offset;             /* of a union: where the members are */
	int state;                         /* while checking: 0 new, 1 on the way, 2 good, 3 bad */
};

/* One message of a method. */
struct kx_nk_msg {
	uint64_t size;  /* of the structure, header of 24 bytes included */
	uint64_t arena; /* most the parameters can take, padding included */
	uint64_t handles;
	unsigned int params;
};

struct kx_nk_method {
	struct kx_nk_method *next;
	const char *name;
	struct kx_loc loc; /* of the name */
	uint16_t mid;
	struct kx_nk_field *params; /* all, in source order */
	struct kx_nk_msg msg[3];    /* indexed by enum kx_nk_direction: request, response, error */
};

struct kx_nk_import {
	struct kx_nk_import *next;
	const char *name;
	struct kx_loc loc;
	struct kx_nk_unit *unit; /* (resolved) */
};

/* `name : class` in components {} (unit is a CDL) or endpoints {} (unit is an IDL). */
struct kx_nk_instance {
	struct kx_nk_instance *next;
	const char *name;
	struct kx_loc loc;
	const char *class_name;
	struct kx_loc class_loc;
	struct kx_nk_unit *unit; /* (resolved) */
};

/* One endpoint of a component or task with its nested components flattened. */
struct kx_nk_endpoint {
	const char *path;         /* from this unit: "cserver.ping" */
	const char *c_path;       /* "cserver_ping" */
	const char *qualified;    /* declaring class: "echo.CPing.ping" */
	uint16_t riid;            /* index in the array */
	struct kx_nk_unit *iface; /* IDL */
	struct kx_nk_unit *owner; /* CDL or EDL that declares it */
	bool security;
};

/* One file, or one inline text. */
struct kx_nk_unit {
	struct kx_nk_unit *next; /* in order of loading */
	enum kx_nk_kind kind;
	bool ok;
	bool bad_syntax; /* then nothing below has been checked */
	bool task_class; /* EDL: written `task class`, not `entity` */
	bool is_inline;
	const char *name;       /* full: "echo.IPing" */
	const char *c_name;     /* "echo_IPing" */
	const char *short_name; /* last part: "IPing" */
	struct kx_loc name_loc;
	struct kx_source source; /* source.name is the path */

	/* IDL */
	struct kx_nk_import *imports;
	struct kx_nk_def *defs;
	bool has_interface;
	struct kx_loc interface_loc;
	struct kx_nk_method *methods;
	unsigned int method_count;

	/* CDL, EDL */
	struct kx_nk_instance *components;
	struct kx_nk_instance *endpoints;
	struct kx_nk_instance *security; /* name "security", or NULL */
	struct kx_nk_endpoint *flat;     /* components first, then own endpoints */
	unsigned int flat_count;
	struct kx_nk_endpoint *flat_security; /* riid counts these alone */
	unsigned int flat_security_count;

	int state;                /* while checking: 0 new, 1 linked, 2 done */
	int flat_state;           /* the same for flattening */
	struct kx_nk_def **scope; /* names of this IDL, sorted; for look-ups */
	unsigned int scope_count;
};

struct kx_nk;

/* A new session, or NULL without memory. */
struct kx_nk *kx_nk_new(void);
void kx_nk_free(struct kx_nk *nk);

/* Appends a directory to search. The string is copied. */
void kx_nk_add_dir(struct kx_nk *nk, const char *dir);

/*
 * Reads one file given on a command line; the kind comes from its suffix.
 * Returns NULL if it cannot be read or parsed at all; the reason is in the
 * messages.
 */
struct kx_nk_unit *kx_nk_load_file(struct kx_nk *nk, const char *path);

/*
 * Reads a text instead of a file (CE 1.0 CMake passes EDL text on its command
 * line). @label stands for the path in messages; no name rule applies.
 */
struct kx_nk_unit *kx_nk_load_text(struct kx_nk *nk, enum kx_nk_kind kind, const char *label,
				   const char *text, size_t len);

/*
 * The unit of full name @name: one already loaded, or the file a/b/C.ext in the
 * first directory that has it. NULL and a message at @loc (may be NULL) if
 * there is none.
 */
struct kx_nk_unit *kx_nk_find(struct kx_nk *nk, enum kx_nk_kind kind, const char *name,
			      const struct kx_loc *loc);

/* All units in order of loading. */
struct kx_nk_unit *kx_nk_units(const struct kx_nk *nk);
struct kx_diag *kx_nk_diag(struct kx_nk *nk);
struct kx_pool *kx_nk_pool(struct kx_nk *nk);

/* "idl", "cdl", "edl" */
const char *kx_nk_kind_name(enum kx_nk_kind kind);

/* Through typedefs: never a KX_NK_NAMED of a typedef. NULL if unresolved. */
const struct kx_nk_type *kx_nk_strip(const struct kx_nk_type *type);

/* The struct or union @type names through typedefs, or NULL. */
const struct kx_nk_def *kx_nk_record(const struct kx_nk_type *type);

/* "UInt32", "sequence<UInt8, 16>": how IDL spells it, sizes as numbers. */
const char *kx_nk_spelling(struct kx_nk *nk, const struct kx_nk_type *type);

/* Definition @name visible in IDL @unit: its own, else of its imports; or NULL. */
struct kx_nk_def *kx_nk_lookup(const struct kx_nk_unit *unit, const char *name);

struct kx_nk_method *kx_nk_method(const struct kx_nk_unit *iface, const char *name);

/* Parameter @name of @direction, or NULL. */
struct kx_nk_field *kx_nk_param(const struct kx_nk_method *method, enum kx_nk_direction direction,
				const char *name);

/* IDL name of an integer type: "UInt8". */
const char *kx_nk_base_name(enum kx_nk_base base);
bool kx_nk_base_signed(enum kx_nk_base base);
unsigned int kx_nk_base_bytes(enum kx_nk_base base);

#endif /* KX_NK_TREE_H */
