/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_TEST_REFERENCE_H
#define KX_TEST_REFERENCE_H

/*
 * A second opinion on every decision: an interpreter of the parsed policy,
 * written apart from the compiler and as simply as possible. It knows nothing
 * of slots, trees or journals: for each event it walks all bindings, compares
 * names, evaluates, and on denial puts a copy of the whole state back.
 *
 * Knows Base, operators, Pred, Bool, Math, Flow, HashSet, StaticMap, Mic, Regex and choice.
 */

#include "ask.h"
#include "psl.h"

#define KX_REF_CONTEXTS   16u
#define KX_REF_ENTRIES    8u
#define KX_REF_OBJECTS    4u
#define KX_REF_WORDS      8u /* of a HashSet entry */
#define KX_REF_CATEGORIES 4

struct kx_ref_level {
	bool given;
	int degree;
	bool has[KX_REF_CATEGORIES];
};

/* What one object keeps for one SID. */
struct kx_ref_context {
	bool used;
	uint32_t sid;
	const char *state;                             /* Flow */
	int64_t entries[KX_REF_ENTRIES][KX_REF_WORDS]; /* HashSet */
	uint32_t count;
	int64_t base[KX_REF_ENTRIES], working[KX_REF_ENTRIES]; /* StaticMap */
	struct kx_ref_level level, floor;                      /* Mic */
};

struct kx_ref_state {
	uint32_t level; /* of the audit */
	struct kx_ref_context contexts[KX_REF_OBJECTS][KX_REF_CONTEXTS];
};

struct kx_reference {
	const struct kx_psl *psl;
	struct kx_ref_state state;
	/* the event being decided */
	const struct kx_question *event;
	const struct kx_nk_endpoint *endpoint;
	const struct kx_nk_method *method;
	const struct kx_nk_unit *server;
	bool failed;
	uint32_t rules;      /* that applied */
	const char *profile; /* audit profile in force */
	bool audit;          /* if the event is granted, it is to be on record */
};

void kx_reference_init(struct kx_reference *reference, const struct kx_psl *psl);
bool kx_reference_decide(struct kx_reference *reference, const struct kx_question *event);
void kx_reference_forget(struct kx_reference *reference, uint32_t sid);

#endif /* KX_TEST_REFERENCE_H */
