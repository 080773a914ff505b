/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_PSL_SESSION_H
#define KX_PSL_SESSION_H

/* Inside of the front end: what the scanner, the grammar and psl_load.c share. */

#include "psl_tree.h"

/* One run of the parser over one file. */
struct kx_psl_parse {
	struct kx_pool *pool;
	struct kx_diag *diag;
	struct kx_psl_file *file;
	struct kx_loc here;    /* where the scanner stands */
	struct kx_loc comment; /* where the open comment began */
	bool unclosed;         /* and the text ended in it */
	int last_token;
	/* ends of the lists of `file` */
	struct kx_psl_use **uses_end;
	struct kx_psl_binding **bindings_end;
	struct kx_psl_object **objects_end;
	struct kx_psl_profile **profiles_end;
	struct kx_psl_assert **asserts_end;
};

struct kx_psl_text {
	const char *text;
	size_t len;
};

/* A list under construction, as the parser's value. */
struct kx_psl_list {
	void *first, *last;
};

/* Parses parse->file->source; false after a syntax error. */
bool kx_psl_parse_file(struct kx_psl_parse *parse);

#endif /* KX_PSL_SESSION_H */
