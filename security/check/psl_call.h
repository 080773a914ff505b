/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_PSL_CALL_H
#define KX_PSL_CALL_H

/* Arguments of calls, shared by rules (psl_rule.c) and expressions (psl_call.c). */

#include "psl_value.h"

/* The object a call is of, with its model; NULL after an error. */
struct kx_psl_object *kx_psl_called(struct kx_psl_maker *m, struct kx_psl_expr *call);

/* Says that the object of @call has no such rule or expression. */
struct kx_psl_value kx_psl_no_method(struct kx_psl_maker *m, struct kx_psl_expr *call,
				     const char *what);

/*
 * Checks that the argument of @call is a dictionary with exactly the fields in
 * @names, which are separated by blanks; those in brackets may be absent.
 */
bool kx_psl_fields(struct kx_psl_maker *m, struct kx_psl_expr *call, const char *names);

/* C text of fields of that dictionary; NULL after an error. */
const char *kx_psl_sid(struct kx_psl_maker *m, struct kx_psl_expr *call, const char *field);
const char *kx_psl_entry(struct kx_psl_maker *m, struct kx_psl_expr *call,
			 const struct kx_psl_model *model);
const char *kx_psl_key(struct kx_psl_maker *m, struct kx_psl_expr *call,
		       const struct kx_psl_model *model);
const char *kx_psl_level(struct kx_psl_maker *m, struct kx_psl_expr *expr,
			 const struct kx_psl_model *model);
/* The state number a literal field names, or -1 after an error. */
int kx_psl_state(struct kx_psl_maker *m, struct kx_psl_expr *literal,
		 const struct kx_psl_model *model);

/* Number of the regular expression @pattern, or -1 after an error at it. */
int kx_psl_regex(struct kx_psl_maker *m, struct kx_psl_expr *pattern);

/* psl_choice.c: the C statements of choice @item; @per_slot: they are for this slot alone. */
const char *kx_psl_choice(struct kx_psl_maker *m, const struct kx_psl_item *item, bool *per_slot);

/* The text argument of re.select. */
struct kx_psl_value kx_psl_text_of(struct kx_psl_maker *m, struct kx_psl_expr *call);

#endif /* KX_PSL_CALL_H */
