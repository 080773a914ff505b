/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_NK_DIAG_H
#define KX_NK_DIAG_H

/*
 * Source texts, places in them, and what a compiler says about them:
 *
 *   dir/File.idl:3:14: error: unknown type 'UInt23'; did you mean 'UInt32'?
 *       3 |     Get(in UInt23 id);
 *         |            ^~~~~~
 *
 * Columns count bytes from 1, as gcc and clang do. Messages are collected in
 * order and printed at the end; after KX_DIAG_MAX errors the rest is counted,
 * not kept.
 *
 * A build that copies FILE writes the name of what it copied into FILE.from: a
 * message names that, for there the mistake is mended.
 */

#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "pool.h"

#define KX_DIAG_MAX 20u

/* One text: a file, or a string given by the caller. */
struct kx_source {
	const char *name; /* as shown in messages: the path, or "<inline>" */
	const char *text; /* with a zero byte behind it */
	size_t len;
};

/* A range of one source; line and column from 1. source NULL: no place. */
struct kx_loc {
	const struct kx_source *source;
	uint32_t line, column;
	uint32_t end_line, end_column; /* behind the last character */
};

enum kx_severity {
	KX_ERROR,
	KX_WARNING,
	KX_NOTE, /* belongs to the message before it */
};

struct kx_message {
	struct kx_message *next;
	enum kx_severity severity;
	struct kx_loc loc;
	const char *text;
};

struct kx_diag {
	struct kx_pool *pool;
	struct kx_message *first, *last;
	unsigned int errors, warnings;
	bool warnings_are_errors, no_warnings;
};

void kx_diag_init(struct kx_diag *diag, struct kx_pool *pool);

/* Adds one message. @loc may be NULL. Not for text that is not the user's fault. */
void kx_diag_add(struct kx_diag *diag, enum kx_severity severity, const struct kx_loc *loc,
		 const char *format, ...) __attribute__((format(printf, 4, 5)));
#define kx_error(diag, loc, ...)   kx_diag_add((diag), KX_ERROR, (loc), __VA_ARGS__)
#define kx_warning(diag, loc, ...) kx_diag_add((diag), KX_WARNING, (loc), __VA_ARGS__)
#define kx_note(diag, loc, ...)    kx_diag_add((diag), KX_NOTE, (loc), __VA_ARGS__)

/*
 * What NAME.from says in its first line: the file that a build copies NAME from, whether it is
 * there or not. In @path; NULL: there is no such line.
 */
const char *kx_copied_from(const char *name, char path[PATH_MAX]);

/* Prints every message, then how many errors there were if some were not kept. */
void kx_diag_print(const struct kx_diag *diag, FILE *out, bool colour);

/*
 * "Did you mean": feed every candidate, then ask. The best one is NULL unless
 * it is near: at most a third of the letters differ, or one name is the other's end.
 */
struct kx_guess {
	const char *wanted;
	const char *best;
	size_t distance;
	size_t tried; /* after some thousands the search gives up */
};

void kx_guess_init(struct kx_guess *guess, const char *wanted);
void kx_guess_add(struct kx_guess *guess, const char *candidate);

/* "; did you mean 'X'?" from @pool, or "". */
const char *kx_guess_text(const struct kx_guess *guess, struct kx_pool *pool);

#endif /* KX_NK_DIAG_H */
