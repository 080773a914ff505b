/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_PSL_VALUE_H
#define KX_PSL_VALUE_H

/*
 * Expressions as C. Compiling and type checking are one pass over the tree:
 * kx_psl_value() answers the type of an expression and the C text that computes
 * it for the messages of one method. An error gives a value of kind BAD, which
 * every operation takes silently, so one mistake is one message.
 *
 * Numbers are uint64_t or int64_t at run time, whatever their declared width.
 */

#include "psl_inside.h"

enum kx_psl_value_kind {
	KX_PSL_V_BAD,
	KX_PSL_V_BOOL,
	KX_PSL_V_INT,
	KX_PSL_V_TEXT,
	KX_PSL_V_UNIT,
	KX_PSL_V_MESSAGE, /* the predefined name */
	KX_PSL_V_MEMORY,  /* nk says what: bytes, sequence, array, struct, union, handle */
	KX_PSL_V_LIST,    /* expr->items */
	KX_PSL_V_DICT,
	KX_PSL_V_LEVEL, /* of Mic */
};

struct kx_psl_value {
	enum kx_psl_value_kind kind;
	bool is_signed;
	unsigned int bits;
	bool literal; /* an integer written in the policy: magnitude and negative */
	bool negative;
	uint64_t magnitude;
	int constant;  /* BOOL known now: 0 or 1; else -1 */
	const char *c; /* C expression of BOOL, INT, TEXT, LEVEL */
	const struct kx_nk_type *nk;
	bool fixed;       /* INT: stands at `offset` of the constant part */
	const char *base; /* MEMORY: C expression of a pointer, and the bytes behind it */
	uint64_t offset;
	const struct kx_psl_expr *expr;
};

/* What is compiled, and what for. */
struct kx_psl_maker {
	struct kx_psl *psl;
	const struct kx_psl_slot *slot;
	struct kx_psl_item *item;
	bool reads_message;
	uint32_t journal;
	uint32_t notes;
	char *reads;  /* C statements that note values */
	char *fields; /* C initialisers of plain parameters, and how many */
	uint32_t field_count;
	const char *noted[8];
	struct kx_psl_audit *audit;
};

struct kx_psl_value kx_psl_value(struct kx_psl_maker *m, struct kx_psl_expr *expr);

/* psl_path.c: a name, a field, an element. */
struct kx_psl_value kx_psl_path_value(struct kx_psl_maker *m, struct kx_psl_expr *expr);

/* psl_call.c: a call inside an expression. */
struct kx_psl_value kx_psl_call_value(struct kx_psl_maker *m, struct kx_psl_expr *expr);

/* An error at @expr, once; the BAD value. */
struct kx_psl_value kx_psl_bad(struct kx_psl_maker *m, struct kx_psl_expr *expr,
			       const struct kx_loc *loc, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* "UInt32", "Text", ... */
const char *kx_psl_value_name(struct kx_psl_maker *m, const struct kx_psl_value *value);

struct kx_psl_value kx_psl_boolean(const char *c, int constant);
struct kx_psl_value kx_psl_number(const char *c, bool is_signed, unsigned int bits);
struct kx_psl_value kx_psl_text_value(const char *c);
struct kx_psl_value kx_psl_bad_value(void);

/* The expression as Boolean C text; "false" after an error. */
struct kx_psl_value kx_psl_condition(struct kx_psl_maker *m, struct kx_psl_expr *expr);

/* A number as uint64_t or int64_t C text, whichever @is_signed says; literals adapt. */
const char *kx_psl_as(struct kx_psl_maker *m, const struct kx_psl_value *value, bool is_signed);

/*
 * The same for a place of type @leaf: a literal that does not fit is an error,
 * a wider number is checked at run time. NULL after an error.
 */
const char *kx_psl_fit(struct kx_psl_maker *m, struct kx_psl_expr *expr,
		       const struct kx_psl_leaf *leaf);

/* psl_range.c: what one event makes of the comparison @expr, of numbers. */
void kx_psl_compared(struct kx_psl_maker *m, struct kx_psl_expr *expr, const struct kx_psl_value *a,
		     const struct kx_psl_value *b);

/* Two values compared, for == and branches of a choice. */
struct kx_psl_value kx_psl_equal(struct kx_psl_maker *m, struct kx_psl_expr *expr,
				 const struct kx_psl_value *a, const struct kx_psl_value *b);

/* Remembers that the value of @expr is worth showing when the rule denies. */
void kx_psl_note(struct kx_psl_maker *m, const struct kx_psl_expr *expr,
		 const struct kx_psl_value *value);

/* The same of @expr, which asks Mic object @object for the level of @sid. */
void kx_psl_note_level(struct kx_psl_maker *m, const struct kx_psl_expr *expr, const char *object,
		       const char *sid);

/* That level, shown as @what whatever else is. */
void kx_psl_put_level(struct kx_psl_maker *m, const char *what, const char *object,
		      const char *sid);

#endif /* KX_PSL_VALUE_H */
