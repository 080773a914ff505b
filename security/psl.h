/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_PSL_H
#define KX_PSL_H

/*
 * The policy compiler as a library (kx_psl): nk-psl-gen-c, `kosix policy` and
 * the tests stand on it.
 *
 * Use, in this order:
 *   kx_psl_new(); kx_psl_add_dir() for each -I; kx_psl_define() for each -D;
 *   kx_psl_load()   reads the policy, what it uses, and the EDL of its classes;
 *   kx_psl_check()  resolves names, checks types, finds the rules of each event;
 *   kx_psl_write_module(), kx_psl_write_tests(), kx_psl_report() ... as wanted;
 *   kx_psl_free().
 * Each step answers false after errors, which are in kx_psl_diag(); the next
 * step must then not be taken. Nothing blocks except on files. Not thread-safe
 * per session.
 *
 * An event slot is (kind, server class, endpoint and method, client class); the
 * rules that apply to it are known when the policy is compiled and are called
 * its tree. Slots with the same rules share one tree; tree 0 is empty and
 * denies.
 */

#include <stdio.h>

#include "psl_tree.h"
#include "tree.h"

#define KX_PSL_CORE "kl.core.Core"

/* One method of one endpoint of a class; of its security interface, if so. */
struct kx_psl_method {
	const struct kx_nk_endpoint *endpoint;
	const struct kx_nk_method *method;
	uint32_t class_index;
	uint32_t riid;
	bool security;
	/* interned, for comparing by address */
	const char *path, *interface_name, *name, *component;
	/* rows[kind][client class]: tree; NULL for kinds that cannot be */
	uint32_t *rows[KX_PSL_EVENTS];
};

struct kx_psl_class {
	const char *name; /* interned */
	struct kx_nk_unit *unit;
	struct kx_loc loc;     /* of the `use` */
	uint32_t first_method; /* in kx_psl.methods: endpoint by endpoint, then security */
	uint32_t method_count;
	uint32_t *execute; /* [starter class]: tree */
	bool can_start;    /* some chain of starts leads from the kernel to it; psl_start.c */
};

/* A compiled rule or choice: one function of the module. */
struct kx_psl_made {
	struct kx_psl_made *next; /* of the same item */
	struct kx_psl_item *item;
	uint32_t number;
	const struct kx_nk_method *method; /* whose message it reads; NULL: none */
	enum kx_nk_direction direction;
	bool per_slot;      /* matches inside a choice: made again for each slot */
	const char *body;   /* C statements; NULL: see constant */
	const char *reads;  /* C statements that note the values read, or "" */
	const char *fields; /* C initialisers of the plain parameters read, or "" */
	uint32_t field_count;
	uint64_t message; /* size of the message it reads, 0: none */
	int constant;     /* 1: always grants, 0: always denies, -1: depends */
	uint32_t journal; /* most bytes of state it can overwrite */
	struct kx_psl_audit *audit;
};

struct kx_psl_tree {
	struct kx_psl_tree *next; /* same hash */
	uint32_t number;
	uint32_t count;
	struct kx_psl_made **made;
	bool always_grants, never_grants; /* whatever the message and the state */
	uint32_t journal;
	uint32_t slots;
};

/* What one audit profile says about one rule: per level, which results. */
struct kx_psl_audit {
	struct kx_psl_audit *next;
	uint32_t level;
	bool granted, denied;
	uint64_t omit; /* states of the automaton in which nothing is written */
};

/* A class that selectors name and no `use EDL` brings. */
struct kx_psl_missing {
	struct kx_psl_missing *next;
	const char *name;
};

struct kx_psl_define {
	struct kx_psl_define *next;
	const char *name, *value;
};

struct kx_psl_dir {
	struct kx_psl_dir *next;
	const char *path;
};

enum kx_psl_library {
	KX_PSL_LIB_BASE = 1,
	KX_PSL_LIB_BASIC = 2,
	KX_PSL_LIB_REGEX = 4,
	KX_PSL_LIB_HASHSET = 8,
	KX_PSL_LIB_STATICMAP = 16,
	KX_PSL_LIB_FLOW = 32,
	KX_PSL_LIB_MIC = 64,
};

struct kx_psl {
	struct kx_nk *nk;
	struct kx_pool *pool;
	struct kx_diag *diag;
	struct kx_psl_dir *dirs, **dirs_end;
	struct kx_psl_define *defines;
	bool preprocess;
	const char *output; /* path of the generated C, for its own #line */
	/*
	 * Rules that differ only in constants share a function, and of the others so many do;
	 * 0: as the number of rules demands.
	 */
	uint32_t together;
	const char *dump_dir; /* preprocessed texts go there, or NULL */
	const char *source;   /* what the policy was made from, line by line, or NULL */
	struct kx_psl_file *files, **files_end;
	unsigned int libraries; /* of enum kx_psl_library */
	struct kx_psl_names *names;
	struct kx_psl_lines *lines; /* check/psl_text.c */
	struct kx_psl_missing *missing;

	/* collected from all files, used files first */
	struct kx_psl_binding **bindings;
	uint32_t binding_count, binding_room;
	struct kx_psl_object *objects, **objects_end;
	struct kx_psl_profile *profiles, **profiles_end;
	struct kx_psl_assert *asserts, **asserts_end;
	struct kx_psl_word audit_default;
	uint64_t audit_level;
	struct kx_psl_word execute_interface;
	uint32_t object_count;

	/* made by kx_psl_check() */
	struct kx_psl_class *classes; /* sorted by name; the index is the class id */
	uint32_t class_count, class_room;
	int core; /* class index of the kernel, or -1 */
	struct kx_psl_method *methods;
	uint32_t method_count;
	struct kx_psl_item **items; /* by number */
	uint32_t item_count;
	struct kx_psl_made **made;
	uint32_t made_count, made_room;
	uint32_t live_count;        /* those that some event can reach; they come first */
	struct kx_psl_tree **trees; /* by number; [0] is empty */
	uint32_t tree_count, tree_room;
	struct kx_psl_tree **tree_buckets;
	struct kx_psl_expr *compared; /* check/psl_range.c */
	const char **regexes;
	uint32_t regex_count, regex_room;
	uint32_t journal;              /* most bytes any event can overwrite */
	bool sets_level;               /* some rule is set_level */
	struct kx_psl_pal_assert *pal; /* made by kx_psl_check_tests() */
};

struct kx_psl *kx_psl_new(void);
void kx_psl_free(struct kx_psl *psl);
struct kx_diag *kx_psl_diag(struct kx_psl *psl);

/* Appends a directory to search for PSL, EDL, CDL and IDL. */
void kx_psl_add_dir(struct kx_psl *psl, const char *dir);

/* A variable of the preprocessor, "NAME" or "NAME=VALUE"; turns it on. The last one counts. */
void kx_psl_define(struct kx_psl *psl, const char *definition);

/* The same, unless there is one of that name already. */
void kx_psl_define_default(struct kx_psl *psl, const char *definition);

/*
 * Only writes the text of @path with {% if %} and {{ }} expanded, whatever its language:
 * init descriptions have them, too. False: errors in kx_psl_diag(), or @out is full.
 */
bool kx_psl_expand(struct kx_psl *psl, const char *path, FILE *out);

/* Reads the policy in file @path, or in @text under the name @path. */
bool kx_psl_load(struct kx_psl *psl, const char *path);
bool kx_psl_load_text(struct kx_psl *psl, const char *path, const char *text);

bool kx_psl_check(struct kx_psl *psl);

/* The security module, in C. False: @out could not be written. */
bool kx_psl_write_module(struct kx_psl *psl, FILE *out);

/* The PAL assertions as a C program that is linked with the module. */
bool kx_psl_write_tests(struct kx_psl *psl, FILE *out);

/* Resolves and types the PAL assertions; part of checking when tests are wanted. */
bool kx_psl_check_tests(struct kx_psl *psl);

/* What the policy says, for people. */
void kx_psl_report(struct kx_psl *psl, FILE *out);

/* Who may call whom, as DOT. */
void kx_psl_graph(struct kx_psl *psl, FILE *out);
void kx_psl_graph_svg(struct kx_psl *psl, FILE *out);

/* "request" ... */
const char *kx_psl_event_name(enum kx_psl_event_kind kind);

/* Index of class @name, or -1. */
int kx_psl_class_index(const struct kx_psl *psl, const char *name);

/* FNV-1a of @text, begun with KX_PSL_HASH or with that of the text before. */
#define KX_PSL_HASH 2166136261u
uint32_t kx_psl_hash(uint32_t begun, const char *text);

/* The one copy of @text that all equal texts share. */
const char *kx_psl_intern(struct kx_psl *psl, const char *text);

/* One line of source between its first and last place, blanks squeezed. */
const char *kx_psl_source_text(struct kx_psl *psl, const struct kx_loc *loc);

#endif /* KX_PSL_H */
