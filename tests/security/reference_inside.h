/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_TEST_REFERENCE_INSIDE_H
#define KX_TEST_REFERENCE_INSIDE_H

/* Between the files of the reference interpreter (reference.h). */

#include "reference.h"

__extension__ typedef __int128 kx_wide;

struct kx_ref_value {
	enum { NOTHING, FLAG, NUMBER, TEXT, BYTES_AT, WHOLE_MESSAGE } kind;
	bool flag;
	kx_wide number;
	bool is_signed, literal;
	unsigned int bits;
	char text[64];
	const struct kx_nk_type *type; /* BYTES_AT */
	const uint8_t *at;
};

static inline struct kx_ref_value kx_ref_fail(struct kx_reference *r)
{
	r->failed = true;
	return (struct kx_ref_value){.kind = NOTHING};
}

static inline struct kx_ref_value kx_ref_flag(bool value)
{
	return (struct kx_ref_value){.kind = FLAG, .flag = value};
}

static inline struct kx_ref_value kx_ref_number(kx_wide value, bool is_signed)
{
	return (struct kx_ref_value){
		.kind = NUMBER, .number = value, .is_signed = is_signed, .bits = 64};
}

/* A value of a type of so many bits. */
static inline struct kx_ref_value kx_ref_small(kx_wide value, bool is_signed, unsigned int bits)
{
	struct kx_ref_value small = kx_ref_number(value, is_signed);

	small.bits = bits;
	return small;
}

const uint8_t *kx_ref_chunk(struct kx_reference *r, const uint8_t *at, uint32_t *size);
struct kx_ref_value kx_ref_member(struct kx_reference *r, const struct kx_psl_expr *expr);
struct kx_ref_value kx_ref_element(struct kx_reference *r, const struct kx_psl_expr *expr);
const struct kx_psl_expr *kx_ref_argument(const struct kx_psl_expr *call, const char *name);
const struct kx_psl_object *kx_ref_find_object(const struct kx_reference *r, const char *name,
					       uint32_t *index);
const struct kx_psl_expr *kx_ref_config(const struct kx_psl_object *object, const char *name);
struct kx_ref_context *kx_ref_context_of(struct kx_reference *r, uint32_t object, kx_wide sid);
uint32_t kx_ref_contexts_used(const struct kx_reference *r, uint32_t object);
/* Whether @number is a value of integer type @type, as "SInt16". */
bool kx_ref_fits(const struct kx_psl_type *type, kx_wide number);
void kx_ref_get_entry(struct kx_reference *r, const struct kx_psl_object *object,
		      const struct kx_psl_expr *call, int64_t *entry);
bool kx_ref_matches(const char *text, const char *pattern);
int kx_ref_find_entry(const struct kx_ref_context *context, const int64_t *entry);
int kx_ref_find_key(const struct kx_psl_object *object, const char *name);
struct kx_ref_value kx_ref_compare(struct kx_reference *r, enum kx_psl_op op,
				   const struct kx_ref_value *a, const struct kx_ref_value *b);
struct kx_ref_value kx_ref_evaluate(struct kx_reference *r, const struct kx_psl_expr *expr);
/* @expr as a level of Mic object @object, which has degrees and categories. */
struct kx_ref_level kx_ref_level_of(const struct kx_psl_object *object,
				    const struct kx_psl_expr *expr);
bool kx_ref_mic_rule(struct kx_reference *r, const struct kx_psl_expr *call,
		     const struct kx_psl_object *object, uint32_t index);
bool kx_ref_rule(struct kx_reference *r, const struct kx_psl_expr *call);

#endif /* KX_TEST_REFERENCE_INSIDE_H */
