/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_PSL_WRITER_H
#define KX_PSL_WRITER_H

/* Writing a security module in C: psl_gen.c and its parts. */

#include "psl_inside.h"

#define KX_PSL_TYPE_BUCKETS 256u

/* Something that has been written once and is referred to by its number. */
struct kx_psl_written {
	struct kx_psl_written *next;
	const void *what;
	uint32_t number;
};

struct kx_psl_writer {
	struct kx_psl *psl;
	FILE *out;
	uint32_t line; /* of the next character */
	struct kx_psl_written *types[KX_PSL_TYPE_BUCKETS];
	struct kx_psl_written *messages[KX_PSL_TYPE_BUCKETS];
	uint32_t type_count;
};

void kx_psl_put(struct kx_psl_writer *w, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* @text as a C string. */
const char *kx_psl_quoted(struct kx_psl_writer *w, const char *text);

/* @text as the inside of a C comment, which it must not end. */
const char *kx_psl_for_comment(struct kx_psl_writer *w, const char *text);

/* Back to numbering the generated file's own lines. */
void kx_psl_own_lines(struct kx_psl_writer *w);

/*
 * psl_gen_rules.c: all rules that some event can reach, @group of them per function;
 * answers how many.
 */
uint32_t kx_psl_put_rules(struct kx_psl_writer *w, uint32_t group);

/* psl_types.c: parameters of @method, once; the name of their table, "NULL" without any. */
const char *kx_psl_put_messages(struct kx_psl_writer *w, const struct kx_nk_method *method);

/* psl_fix.c: what change of @item would grant what it denies. */
void kx_psl_put_fix(struct kx_psl_writer *w, const struct kx_psl_item *item);

#endif /* KX_PSL_WRITER_H */
