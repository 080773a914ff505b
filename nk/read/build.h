/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_NK_BUILD_H
#define KX_NK_BUILD_H

/* Called by the grammar alone: each makes one node, or adds one to the unit. */

#include "session.h"

struct kx_nk_word kx_nk_join_names(struct kx_nk_parse *parse, const struct kx_nk_word *left,
				   const struct kx_nk_word *right);
void kx_nk_set_name(struct kx_nk_parse *parse, const struct kx_nk_word *name);
void kx_nk_stray_semicolon(struct kx_nk_parse *parse, const struct kx_loc *loc);

void kx_nk_add_import(struct kx_nk_parse *parse, const struct kx_nk_word *name);
void kx_nk_add_const(struct kx_nk_parse *parse, const struct kx_nk_word *name,
		     struct kx_nk_type *type, struct kx_nk_expr *expr);
void kx_nk_add_typedef(struct kx_nk_parse *parse, const struct kx_nk_word *name,
		       struct kx_nk_type *type);
void kx_nk_add_record(struct kx_nk_parse *parse, enum kx_nk_def_kind kind,
		      const struct kx_nk_word *name, struct kx_nk_field *fields);
void kx_nk_set_interface(struct kx_nk_parse *parse, const struct kx_loc *loc,
			 const struct kx_nk_methods *methods);

struct kx_nk_field *kx_nk_make_field(struct kx_nk_parse *parse, const struct kx_nk_word *name,
				     struct kx_nk_type *type, enum kx_nk_direction direction);
struct kx_nk_method *kx_nk_make_method(struct kx_nk_parse *parse, const struct kx_nk_word *name,
				       struct kx_nk_field *params);
void kx_nk_append_field(struct kx_nk_fields *list, struct kx_nk_field *field);
void kx_nk_append_method(struct kx_nk_methods *list, struct kx_nk_method *method);

struct kx_nk_type *kx_nk_make_named(struct kx_nk_parse *parse, const struct kx_nk_word *name);
struct kx_nk_type *kx_nk_make_handle(struct kx_nk_parse *parse, const struct kx_loc *loc,
				     const char *interface_name);
struct kx_nk_type *kx_nk_make_bounded(struct kx_nk_parse *parse, enum kx_nk_type_kind kind,
				      const struct kx_loc *loc, struct kx_nk_type *elem,
				      struct kx_nk_expr *bound);

struct kx_nk_expr *kx_nk_make_number(struct kx_nk_parse *parse, const struct kx_loc *loc,
				     uint64_t number);
struct kx_nk_expr *kx_nk_make_const_ref(struct kx_nk_parse *parse, const struct kx_nk_word *name);
struct kx_nk_expr *kx_nk_make_op(struct kx_nk_parse *parse, enum kx_nk_op op,
				 const struct kx_loc *loc, struct kx_nk_expr *left,
				 struct kx_nk_expr *right);

struct kx_nk_instance *kx_nk_make_instance(struct kx_nk_parse *parse, const struct kx_nk_word *name,
					   const struct kx_nk_word *class_name);
void kx_nk_append_instance(struct kx_nk_instances *list, struct kx_nk_instance *instance);
void kx_nk_add_instances(struct kx_nk_parse *parse, bool components, struct kx_nk_instance *first);
void kx_nk_set_security(struct kx_nk_parse *parse, const struct kx_loc *loc,
			const struct kx_nk_word *iface);

#endif /* KX_NK_BUILD_H */
