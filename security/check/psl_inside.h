/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_PSL_INSIDE_H
#define KX_PSL_INSIDE_H

/* Shared by the checker, the compiler of rules, and the writers. */

#include "psl_model.h"

/* psl_class.c: classes and their methods, sorted and indexed. */
bool kx_psl_check_classes(struct kx_psl *psl);
/* Whether an EDL for class @name can be found although the policy does not use it. */
bool kx_psl_has_edl(const struct kx_psl *psl, const char *name);

/* psl_select.c: names in selectors; numbers and profiles of items. */
bool kx_psl_check_blocks(struct kx_psl *psl);

/* One event slot, as selectors see it. */
struct kx_psl_slot {
	enum kx_psl_event_kind kind;
	const struct kx_psl_method *method; /* NULL for execute */
	int src, dst;                       /* class indices; dst -1 for security */
};

/* Whether all selectors accept @slot. */
bool kx_psl_selected(const struct kx_psl_selector *selectors, const struct kx_psl_slot *slot);

/* Only those about the server and its method; the other class is left open. */
bool kx_psl_selected_server(const struct kx_psl_selector *selectors,
			    const struct kx_psl_slot *slot);

/* psl_choice.c: warns if a branch in front of @one has the same literal. */
void kx_psl_check_branch(struct kx_psl *psl, const struct kx_psl_option *options,
			 const struct kx_psl_option *one);

/* psl_start.c: warns where classes of the policy's own cannot start, or calls are not answered. */
void kx_psl_check_starts(struct kx_psl *psl);

/* psl_range.c: warns of comparisons that hold for every event, or for none. */
void kx_psl_check_compared(struct kx_psl *psl);

/* psl_rule.c: the C function of @item for events like @slot; NULL after an error. */
struct kx_psl_made *kx_psl_compile(struct kx_psl *psl, struct kx_psl_item *item,
				   const struct kx_psl_slot *slot);

/* Direction of the parameters that events of @kind carry. */
static inline enum kx_nk_direction kx_psl_direction(enum kx_psl_event_kind kind)
{
	return kind == KX_PSL_RESPONSE ? KX_NK_OUT : kind == KX_PSL_ERROR ? KX_NK_ERR : KX_NK_IN;
}

/* Whether the server is the source of events of @kind. */
static inline bool kx_psl_server_is_src(enum kx_psl_event_kind kind)
{
	return kind == KX_PSL_RESPONSE || kind == KX_PSL_ERROR || kind == KX_PSL_SECURITY;
}

/* psl_report.c: how many methods of @server @client may call, and how. */
struct kx_psl_reach {
	uint32_t direct, asked, one_way, methods;
};
struct kx_psl_reach kx_psl_reach_of(struct kx_psl *psl, uint32_t client, uint32_t server);

/* psl_value.c: what the value of @expr is called among what a rule read. */
const char *kx_psl_note_name(struct kx_psl *psl, const struct kx_psl_expr *expr);

/* @text as a C string literal with its quotes. */
const char *kx_psl_c_string(struct kx_psl *psl, const char *text, size_t len);

#endif /* KX_PSL_INSIDE_H */
