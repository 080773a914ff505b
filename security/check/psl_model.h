/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_PSL_MODEL_H
#define KX_PSL_MODEL_H

/*
 * Policy objects with their parameters understood: what psl_object.c makes of
 * `policy object x : Model { ... }`, and what psl_call.c compiles calls with.
 */

#include "psl.h"

enum kx_psl_model_kind {
	KX_PSL_BASE,
	KX_PSL_PRED,
	KX_PSL_BOOLEAN,
	KX_PSL_MATH,
	KX_PSL_STRUCT,
	KX_PSL_REGEX,
	KX_PSL_FLOW,
	KX_PSL_HASHSET,
	KX_PSL_STATICMAP,
	KX_PSL_MIC,
};

#define KX_PSL_MAX_STATES  64u
#define KX_PSL_MAX_DEGREES 4096u
#define KX_PSL_MAX_WORDS   32u       /* of a HashSet entry */
#define KX_PSL_MAX_CELLS   67108864u /* set_size * pool_size */

/* One number of a HashSet entry, or the value of a StaticMap. */
struct kx_psl_leaf {
	bool is_bool, is_signed;
	unsigned int bits;
};

struct kx_psl_names_list {
	const char **names;
	uint32_t count;
};

struct kx_psl_model {
	enum kx_psl_model_kind kind;
	const char *object; /* name of the object */
	/* Flow: states; StaticMap: keys; Mic: degrees */
	struct kx_psl_names_list names;
	struct kx_psl_names_list categories; /* Mic */
	uint32_t initial;
	uint64_t *transitions; /* Flow, per state */
	uint64_t *values;      /* StaticMap: defaults */
	uint32_t set_size, pool_size;
	const struct kx_psl_type *entry; /* HashSet; StaticMap: the value */
	struct kx_psl_leaf leaves[KX_PSL_MAX_WORDS];
	uint32_t words;
};

/* Declared objects and the ready ones (base, pred, bool, math, struct, re). */
bool kx_psl_check_objects(struct kx_psl *psl);

/* The object called @name, or NULL. */
struct kx_psl_object *kx_psl_object(struct kx_psl *psl, const char *name);

/* What profile @profile says of @object; NULL: nothing. */
struct kx_psl_audit *kx_psl_audit_of(struct kx_psl *psl, const char *profile,
				     const struct kx_psl_object *object);

bool kx_psl_check_profiles(struct kx_psl *psl);

/* Index of @name in @list, or -1. */
int kx_psl_name_index(const struct kx_psl_names_list *list, const char *name);

/* Says at @loc that @name is not in @list. */
void kx_psl_not_listed(struct kx_psl *psl, const struct kx_loc *loc, const char *what,
		       const char *name, const struct kx_psl_names_list *list);

/* The field @name of dictionary @dict, or NULL. */
struct kx_psl_expr *kx_psl_item_of(const struct kx_psl_expr *dict, const char *name);

/* "UInt8".."SInt64", "Boolean" as @leaf. */
bool kx_psl_scalar_type(const char *name, struct kx_psl_leaf *leaf);

/* Says of each key of @dict that is there twice that it is. */
void kx_psl_no_doubles(struct kx_psl *psl, const struct kx_psl_expr *dict);

/* A literal number, with its sign. */
bool kx_psl_literal(const struct kx_psl_expr *expr, bool *negative, uint64_t *magnitude);

#endif /* KX_PSL_MODEL_H */
