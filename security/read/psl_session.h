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
	bool faulty;           /* has a bracket that does not fit: declarations begin at the left */
	bool part;             /* of a text with a fault is read: one message */
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

/*
 * Parses @text, which stands at that place of parse->file->source and has a fault, up to the
 * first message.
 */
void kx_psl_parse_part(struct kx_psl_parse *parse, const char *text, size_t length, uint32_t line,
		       uint32_t column);

/* Parses parse->file->source; false after a syntax error. */
bool kx_psl_parse_file(struct kx_psl_parse *parse);

#endif /* KX_PSL_SESSION_H */
