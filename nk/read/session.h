/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_NK_SESSION_H
#define KX_NK_SESSION_H

/* Inside of the front end: what load.c, the parser, check.c and layout.c share. */

#include "tree.h"

#define KX_NK_MAX_SOURCE    ((size_t)2 * 1024 * 1024) /* bytes of one text */
#define KX_NK_MAX_DEPTH     64u                       /* nesting of types and expressions */
#define KX_NK_MAX_ENDPOINTS 65534u                    /* of a task: riids are 16 bits */
#define KX_NK_MAX_METHODS   65535u
#define KX_NK_MAX_CALLABLE  200000u     /* methods of a task, counted at each endpoint */
#define KX_NK_MAX_LEAVES    100000u     /* fields of an interface, records written out */
#define KX_NK_MAX_NAMES     (16u << 20) /* bytes of the names of those */
#define KX_NK_MAX_HANDLES   7u
#define KX_NK_MAX_MESSAGE   (16u << 20) /* constant part: what the kernel carries */
#define KX_NK_MAX_LEVELS    8u          /* chunks within chunks */
#define KX_NK_MAX_AHEAD     256u        /* definitions that use later ones */
#define KX_NK_HEADER        24u

struct kx_nk_dir {
	struct kx_nk_dir *next;
	const char *path;
};

struct kx_nk {
	struct kx_pool pool;
	struct kx_diag diag;
	struct kx_nk_dir *dirs, **dirs_end;
	bool dirs_told; /* once is enough, whatever is missing */
	struct kx_nk_unit *units, **units_end;
	unsigned int linking;   /* nested calls of kx_nk_check() */
	unsigned int def_depth; /* nested calls of kx_nk_check_def() */
};

/* One run of the parser over one unit. */
struct kx_nk_parse {
	struct kx_nk *nk;
	struct kx_nk_unit *unit;
	bool started; /* the token that selects IDL, CDL or EDL was given */
	bool syntax_error;
	struct kx_loc comment; /* where the last block comment begins */
	struct kx_loc here;    /* where the scanner stands */
	struct kx_nk_import **imports_end;
	struct kx_nk_def **defs_end;
};

/* Lists under construction, as the parser's values. */
struct kx_nk_fields {
	struct kx_nk_field *first, *last;
};
struct kx_nk_methods {
	struct kx_nk_method *first, *last;
	unsigned int count;
};
struct kx_nk_instances {
	struct kx_nk_instance *first, *last;
};
struct kx_nk_word {
	const char *text;
	struct kx_loc loc;
};

/* Parses parse->unit->source; false if nothing useful came out. */
bool kx_nk_parse_unit(struct kx_nk_parse *parse);

/* Links @unit and, as the outermost call, checks everything linked; sets `ok`. */
void kx_nk_check(struct kx_nk *nk, struct kx_nk_unit *unit);

/* A message list that is full: no use to look for more mistakes. */
static inline bool kx_nk_gave_up(const struct kx_nk *nk)
{
	return nk->diag.errors > KX_DIAG_MAX;
}

/* check_idl.c: everything in an IDL unit. */
void kx_nk_check_idl(struct kx_nk *nk, struct kx_nk_unit *unit);

/* check_type.c: makes @def, or @type used in @unit, resolved and laid out. False after an error. */
bool kx_nk_check_def(struct kx_nk *nk, struct kx_nk_def *def);
bool kx_nk_check_type(struct kx_nk *nk, struct kx_nk_unit *unit, struct kx_nk_type *type);
struct kx_nk_def *kx_nk_own_def(const struct kx_nk_unit *unit, const char *name);
void kx_nk_build_scope(struct kx_nk *nk, struct kx_nk_unit *unit);

/* check_name.c: names that C or public tools reject; names used twice. */
struct kx_nk_named {
	const char *name;
	const struct kx_loc *loc;
	size_t index;
};
void kx_nk_check_member(struct kx_nk *nk, const char *what, const char *name,
			const struct kx_loc *loc);
void kx_nk_check_plain(struct kx_nk *nk, const char *what, const char *name,
		       const struct kx_loc *loc);
void kx_nk_check_unique(struct kx_nk *nk, const char *what, struct kx_nk_named *names,
			size_t count);

/* eval.c: the value of @expr, written in @unit. False after an error. */
bool kx_nk_eval(struct kx_nk *nk, struct kx_nk_unit *unit, struct kx_nk_expr *expr,
		struct kx_nk_value *value);

/* Whether @value fits an integer of @base. */
bool kx_nk_fits(struct kx_nk_value value, enum kx_nk_base base);

/* layout.c: what is below must be laid out already. */
void kx_nk_layout_type(struct kx_nk_type *type);
void kx_nk_layout_def(struct kx_nk_def *def);
void kx_nk_layout_method(struct kx_nk *nk, struct kx_nk_method *method);

/* Name with every '.' as '_'. */
const char *kx_nk_c_name(struct kx_nk *nk, const char *name);

#endif /* KX_NK_SESSION_H */
