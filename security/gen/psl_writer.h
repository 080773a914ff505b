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

/* A constant array that has been written. */
struct kx_psl_table {
	struct kx_psl_table *next;
	const char *type, *name, *text;
	uint32_t number;
};

struct kx_psl_writer {
	struct kx_psl *psl;
	FILE *out;
	uint32_t line; /* of the next character */
	struct kx_psl_written *types[KX_PSL_TYPE_BUCKETS];
	struct kx_psl_written *messages[KX_PSL_TYPE_BUCKETS];
	struct kx_psl_table *tables[KX_PSL_TYPE_BUCKETS]; /* by their text */
	uint32_t type_count, table_count;
	uint32_t function_count;
	/* psl_gen_shapes.c: per rule the function it shares; NULL: without such sharing */
	struct kx_psl_sharing {
		struct kx_psl_shape *shape;
		uint32_t numbers, texts; /* where its constants begin */
	} * shapes;
};

void kx_psl_put(struct kx_psl_writer *w, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* @text as a C string. */
const char *kx_psl_quoted(struct kx_psl_writer *w, const char *text);

/*
 * The name of a constant array of @type with initialiser @text: @name and a number. Those
 * equal in all three are written once, here if it is the first.
 */
const char *kx_psl_table(struct kx_psl_writer *w, const char *type, const char *name,
			 const char *text);

/* @text as the inside of a C comment, which it must not end. */
const char *kx_psl_for_comment(struct kx_psl_writer *w, const char *text);

/* Back to numbering the generated file's own lines. */
void kx_psl_own_lines(struct kx_psl_writer *w);

/* psl_gen_rules.c: all rules that some event can reach; of those left, @group per function. */
void kx_psl_put_rules(struct kx_psl_writer *w, uint32_t group);

/* The rule as written, on one line. */
const char *kx_psl_rule_text(struct kx_psl_writer *w, const struct kx_psl_made *made);

/*
 * psl_gen_shapes.c: rules that differ only in constants share a function. Finding them
 * answers how many function bodies all rules need.
 */
uint32_t kx_psl_find_shapes(struct kx_psl_writer *w);
void kx_psl_put_shapes(struct kx_psl_writer *w);
uint32_t kx_psl_shape_function(const struct kx_psl_shape *shape);

/* The head of function run_@function, up to where @body follows. */
void kx_psl_put_run(struct kx_psl_writer *w, uint32_t function, const char *body);

/* psl_gen_slots.c: which of them apply to which event. */
void kx_psl_put_slots(struct kx_psl_writer *w);

/* psl_types.c: parameters of @method, once; the name of their table, "NULL" without any. */
const char *kx_psl_put_messages(struct kx_psl_writer *w, const struct kx_nk_method *method);

/* psl_fix.c: what change of @item would grant what it denies. */
void kx_psl_put_fix(struct kx_psl_writer *w, const struct kx_psl_item *item);

#endif /* KX_PSL_WRITER_H */
