/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_PSL_TREE_H
#define KX_PSL_TREE_H

/*
 * A security policy as written: files, declarations, bindings, rules,
 * expressions, PAL assertions. Made by psl_parse.y, read by kx_psl_check()
 * and everything behind it. Nothing here knows what a name means; what names
 * mean is in psl.h.
 *
 * All lists are singly linked in source order; all nodes live in the pool of
 * the nk session and are not changed after parsing, except the fields under
 * "filled by the checker".
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "diag.h"

enum kx_psl_event_kind {
	KX_PSL_EXECUTE,
	KX_PSL_REQUEST,
	KX_PSL_RESPONSE,
	KX_PSL_ERROR,
	KX_PSL_SECURITY,
	KX_PSL_EVENTS,
};

struct kx_psl_word {
	const char *text;
	struct kx_loc loc;
};

enum kx_psl_expr_kind {
	KX_PSL_INT,    /* number */
	KX_PSL_TEXT,   /* text, len */
	KX_PSL_BOOL,   /* number is 0 or 1 */
	KX_PSL_UNIT,   /* () */
	KX_PSL_NAME,   /* text: message, src_sid, ... */
	KX_PSL_FIELD,  /* left.text */
	KX_PSL_INDEX,  /* left.[right] */
	KX_PSL_DICT,   /* items, each with a key */
	KX_PSL_LIST,   /* items */
	KX_PSL_UNARY,  /* op left */
	KX_PSL_BINARY, /* left op right */
	KX_PSL_CALL,   /* [object.]text left */
};

enum kx_psl_op {
	KX_PSL_NOT,
	KX_PSL_FLIP,
	KX_PSL_NEG,
	KX_PSL_IMPLIES,
	KX_PSL_OR,
	KX_PSL_AND,
	KX_PSL_EQ,
	KX_PSL_NE,
	KX_PSL_LT,
	KX_PSL_LE,
	KX_PSL_GT,
	KX_PSL_GE,
	KX_PSL_BIT_OR,
	KX_PSL_BIT_AND,
	KX_PSL_ADD,
	KX_PSL_SUB,
	KX_PSL_MUL,
};

struct kx_psl_expr {
	struct kx_psl_expr *next; /* in a list or dictionary */
	enum kx_psl_expr_kind kind;
	enum kx_psl_op op;
	struct kx_loc loc;
	uint32_t depth;
	uint64_t number;
	const char *text;
	size_t len;
	struct kx_loc text_loc; /* of the name of a field or method */
	const char *object;     /* of a call; NULL: base */
	struct kx_loc object_loc;
	const char *key; /* as an item of a dictionary */
	struct kx_loc key_loc;
	struct kx_psl_expr *left, *right;
	struct kx_psl_expr *items;
	/* filled by the checker */
	bool reported;                /* an error at this node was said once already */
	bool warned;                  /* and a warning: it must not keep an error from being said */
	uint8_t outcomes;             /* of a comparison, check/psl_range.c */
	struct kx_psl_expr *compared; /* the next one */
};

enum kx_psl_type_kind {
	KX_PSL_TYPE_NAME,    /* text */
	KX_PSL_TYPE_GENERIC, /* text<items> */
	KX_PSL_TYPE_TEXT,    /* text literal */
	KX_PSL_TYPE_INT,     /* integer literal */
	KX_PSL_TYPE_UNIT,
	KX_PSL_TYPE_DICT,    /* items with keys */
	KX_PSL_TYPE_TUPLE,   /* items */
	KX_PSL_TYPE_VARIANT, /* items */
};

struct kx_psl_type {
	struct kx_psl_type *next;
	enum kx_psl_type_kind kind;
	struct kx_loc loc;
	const char *text;
	uint64_t number;
	bool negative;
	const char *key;
	struct kx_psl_type *items;
};

enum kx_psl_selector_kind {
	KX_PSL_SRC,
	KX_PSL_DST,
	KX_PSL_COMPONENT,
	KX_PSL_ENDPOINT,
	KX_PSL_INTERFACE,
	KX_PSL_METHOD,
	KX_PSL_SELECTORS,
};

struct kx_psl_selector {
	struct kx_psl_selector *next;
	struct kx_psl_word kind_word;
	struct kx_psl_word value;
	/* filled by the checker */
	enum kx_psl_selector_kind kind;
	bool known;       /* the kind is one of the six */
	const char *name; /* interned value */
	int class_index;  /* of src and dst; -1: no such class */
};

enum kx_psl_item_kind {
	KX_PSL_RULE,   /* expr is a KX_PSL_CALL */
	KX_PSL_MATCH,  /* block */
	KX_PSL_CHOICE, /* expr, options */
	KX_PSL_AUDIT,  /* word: a profile */
};

struct kx_psl_option {
	struct kx_psl_option *next;
	struct kx_loc loc;
	struct kx_psl_expr *literal; /* NULL: the default branch `_` */
	struct kx_psl_item *items;
};

struct kx_psl_item {
	struct kx_psl_item *next;
	enum kx_psl_item_kind kind;
	struct kx_loc loc;
	struct kx_psl_word word;
	struct kx_psl_expr *expr;
	struct kx_psl_option *options;
	struct kx_psl_block *block;
	/* filled by the checker */
	uint32_t number;     /* counts rules and choices of the policy from 0 */
	const char *profile; /* audit profile in force */
	uint32_t slots;      /* events it applies to */
	bool checked;        /* compiled at least once */
	bool of_literal;     /* in the branch of a literal */
	bool of_method;      /* behind method= */
	struct kx_psl_made *made;
};

/* A body with the selectors in front of it. */
struct kx_psl_block {
	struct kx_psl_selector *selectors;
	struct kx_psl_item *items;
	struct kx_loc loc;
};

struct kx_psl_binding {
	struct kx_psl_binding *next;
	enum kx_psl_event_kind kind;
	struct kx_psl_block *block;
};

/* `use X._`, `use EDL X`, `task class name : X`. */
struct kx_psl_use {
	struct kx_psl_use *next;
	struct kx_psl_word name; /* path with dots */
	struct kx_psl_word as;   /* class name of an EDL */
	bool edl;
};

struct kx_psl_object {
	struct kx_psl_object *next;
	struct kx_psl_word name;
	struct kx_psl_word model_name;
	struct kx_psl_word type_name;
	struct kx_psl_type *type;
	struct kx_psl_expr *config;
	/* filled by the checker */
	struct kx_psl_model *model;
	bool used;
	uint32_t index;
};

struct kx_psl_profile {
	struct kx_psl_profile *next;
	struct kx_psl_word name;
	struct kx_psl_expr *levels;
};

enum kx_psl_expectation {
	KX_PSL_GRANTED,
	KX_PSL_DENIED,
	KX_PSL_ANY,
};

/* One line of a PAL block. */
struct kx_psl_case {
	struct kx_psl_case *next;
	struct kx_loc loc;
	struct kx_psl_word variable; /* x of `x <- ...`; text NULL without */
	enum kx_psl_expectation expect;
	const char *title;
	enum kx_psl_event_kind kind;
	struct kx_psl_selector *selectors;
	struct kx_psl_expr *message; /* dictionary or NULL */
};

struct kx_psl_sequence {
	struct kx_psl_sequence *next;
	const char *title;
	struct kx_loc loc;
	struct kx_psl_case *cases;
};

struct kx_psl_assert {
	struct kx_psl_assert *next;
	const char *title;
	struct kx_loc loc;
	struct kx_psl_case *setup, *finally;
	struct kx_psl_sequence *sequences;
};

/* One PSL text. */
struct kx_psl_file {
	struct kx_psl_file *next;
	const char *name; /* full name with dots; NULL for one given by path */
	const char *path; /* what was read; source.name is what messages call it */
	struct kx_source source;
	bool collected;
	struct kx_psl_use *uses;
	struct kx_psl_binding *bindings;
	struct kx_psl_object *objects;
	struct kx_psl_profile *profiles;
	struct kx_psl_assert *asserts;
	struct kx_psl_word audit_default; /* text NULL: none here */
	uint64_t audit_level;
	struct kx_psl_word execute_interface;
};

#endif /* KX_PSL_TREE_H */
