/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_PSL_BUILD_H
#define KX_PSL_BUILD_H

/* Builders of the tree, called by the grammar alone. None can fail. */

#include "psl_session.h"

union KX_PSL_YYSTYPE;
struct yy_buffer_state;
int kx_psl_yylex(union KX_PSL_YYSTYPE *value, struct kx_loc *loc, void *scanner);

void kx_psl_add_use(struct kx_psl_parse *parse, const struct kx_psl_word *name,
		    const struct kx_psl_word *as, bool edl);
/* `use EDL X._` */
void kx_psl_bad_edl(struct kx_psl_parse *parse, const struct kx_psl_word *name);
void kx_psl_set_execute(struct kx_psl_parse *parse, const struct kx_psl_word *name);
void kx_psl_set_audit(struct kx_psl_parse *parse, const struct kx_psl_word *profile,
		      uint64_t level);
void kx_psl_add_profile(struct kx_psl_parse *parse, const struct kx_psl_word *name,
			struct kx_psl_expr *levels);
void kx_psl_add_object(struct kx_psl_parse *parse, const struct kx_psl_word *name,
		       const struct kx_psl_word *model, struct kx_psl_object *object);
void kx_psl_add_binding(struct kx_psl_parse *parse, enum kx_psl_event_kind kind,
			struct kx_psl_selector *selectors, struct kx_psl_item *items,
			const struct kx_loc *loc);
void kx_psl_add_assert(struct kx_psl_parse *parse, const struct kx_psl_word *title,
		       struct kx_psl_assert *assertion, const struct kx_loc *loc);

struct kx_psl_object *kx_psl_make_object(struct kx_psl_parse *parse);
void kx_psl_object_type(struct kx_psl_parse *parse, struct kx_psl_object *object,
			const struct kx_psl_word *name, struct kx_psl_type *type);
void kx_psl_object_config(struct kx_psl_parse *parse, struct kx_psl_object *object,
			  struct kx_psl_expr *config, const struct kx_loc *loc);

struct kx_psl_type *kx_psl_make_type(struct kx_psl_parse *parse, enum kx_psl_type_kind kind,
				     const struct kx_loc *loc, const char *text,
				     const struct kx_psl_list *items);
struct kx_psl_type *kx_psl_variant(struct kx_psl_parse *parse, struct kx_psl_type *left,
				   struct kx_psl_type *right, const struct kx_loc *loc);

struct kx_psl_selector *kx_psl_make_selector(struct kx_psl_parse *parse, const char *kind,
					     const struct kx_loc *kind_loc,
					     const struct kx_psl_word *value);
struct kx_psl_item *kx_psl_make_item(struct kx_psl_parse *parse, enum kx_psl_item_kind kind,
				     const struct kx_loc *loc);
struct kx_psl_block *kx_psl_make_block(struct kx_psl_parse *parse,
				       struct kx_psl_selector *selectors, struct kx_psl_item *items,
				       const struct kx_loc *loc);
struct kx_psl_option *kx_psl_make_option(struct kx_psl_parse *parse, struct kx_psl_expr *literal,
					 struct kx_psl_item *items, const struct kx_loc *loc);

struct kx_psl_expr *kx_psl_make_literal(struct kx_psl_parse *parse, enum kx_psl_expr_kind kind,
					const struct kx_loc *loc);
struct kx_psl_expr *kx_psl_make_negative(struct kx_psl_parse *parse, uint64_t number,
					 const struct kx_loc *loc);
struct kx_psl_expr *kx_psl_make_name(struct kx_psl_parse *parse, const struct kx_psl_word *name);
struct kx_psl_expr *kx_psl_make_field(struct kx_psl_parse *parse, struct kx_psl_expr *left,
				      const struct kx_psl_word *name, const struct kx_loc *loc);
struct kx_psl_expr *kx_psl_make_index(struct kx_psl_parse *parse, struct kx_psl_expr *left,
				      struct kx_psl_expr *right, const struct kx_loc *loc);
struct kx_psl_expr *kx_psl_make_op(struct kx_psl_parse *parse, enum kx_psl_op op,
				   struct kx_psl_expr *left, struct kx_psl_expr *right,
				   const struct kx_loc *loc);
struct kx_psl_expr *kx_psl_make_list(struct kx_psl_parse *parse, enum kx_psl_expr_kind kind,
				     const struct kx_psl_list *items, const struct kx_loc *loc);
struct kx_psl_expr *kx_psl_make_call(struct kx_psl_parse *parse, const struct kx_psl_word *object,
				     const struct kx_psl_word *name, struct kx_psl_expr *argument,
				     const struct kx_loc *loc);
/* A call of a method of @left, which must be a plain name. */
struct kx_psl_expr *kx_psl_make_method(struct kx_psl_parse *parse, struct kx_psl_expr *left,
				       const struct kx_psl_word *name, struct kx_psl_expr *argument,
				       const struct kx_loc *loc);

struct kx_psl_assert *kx_psl_make_assert(struct kx_psl_parse *parse);
void kx_psl_set_block(struct kx_psl_parse *parse, struct kx_psl_case **block,
		      struct kx_psl_case *cases, const char *what, const struct kx_loc *loc);
void kx_psl_add_sequence(struct kx_psl_parse *parse, struct kx_psl_assert *assertion,
			 const struct kx_psl_word *title, struct kx_psl_case *cases,
			 const struct kx_loc *loc);
struct kx_psl_case *kx_psl_make_case(struct kx_psl_parse *parse, enum kx_psl_event_kind kind,
				     struct kx_psl_selector *selectors,
				     struct kx_psl_expr *message);
/* src ~> dst : endpoint.Method { ... } */
struct kx_psl_case *kx_psl_make_short_case(struct kx_psl_parse *parse,
					   const struct kx_psl_word *src,
					   const struct kx_psl_word *dst,
					   const struct kx_psl_word *path,
					   struct kx_psl_expr *message);

struct kx_psl_word kx_psl_join(struct kx_psl_parse *parse, const struct kx_psl_word *left,
			       const char *right, const struct kx_loc *loc);

/* psl_hint.c: what stands in the text at @loc, its first line only. */
const char *kx_psl_text_at(struct kx_psl_parse *parse, const struct kx_loc *loc);
/* psl_hint.c: ", did you mean 'x'" among the keywords @names, or "". */
const char *kx_psl_guess_keyword(struct kx_psl_parse *parse, const char *got, const char **names,
				 size_t count);
/* psl_hint.c: what to write where only @expected fits, and @got stands; or "". */
const char *kx_psl_missing_hint(const char *expected, const char *got);
/*
 * psl_hint.c: which bracket is open, or what is missing, at the token in @loc, where a branch of
 * a choice may begin (@branch); or "".
 */
const char *kx_psl_syntax_hint(struct kx_psl_parse *parse, const struct kx_loc *loc, bool branch);

#define KX_PSL_TEXT_OPEN "text is not closed; '\"' expected on the same line"

/* psl_brackets.c: whether a word that begins a declaration stands at @at. */
bool kx_psl_declares(const char *at, const char *end);

/*
 * @text, whose first line begins at @column, with blanks in place of each
 * declaration whose brackets do not fit, after a message for each.
 */
const char *kx_psl_without_faults(struct kx_psl_parse *parse, const char *text, size_t length,
				  uint32_t column);

void kx_psl_append_expr(struct kx_psl_list *list, struct kx_psl_expr *expr);
void kx_psl_append_field(struct kx_psl_list *list, const char *key, const struct kx_loc *loc,
			 struct kx_psl_expr *expr);
void kx_psl_append_literal(struct kx_psl_parse *parse, struct kx_psl_list *list,
			   const struct kx_psl_expr *key, struct kx_psl_expr *expr);
void kx_psl_append_type(struct kx_psl_list *list, struct kx_psl_type *type);
void kx_psl_append_selector(struct kx_psl_list *list, struct kx_psl_selector *selector);
void kx_psl_append_item(struct kx_psl_list *list, struct kx_psl_item *item);
void kx_psl_append_option(struct kx_psl_list *list, struct kx_psl_option *option);
void kx_psl_append_case(struct kx_psl_list *list, struct kx_psl_case *pal_case);

#endif /* KX_PSL_BUILD_H */
