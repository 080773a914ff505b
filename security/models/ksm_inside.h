/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KSM_INSIDE_H
#define KX_KSM_INSIDE_H

/* Shared by the models; generated modules do not see it. */

#include "kosix/ksm.h"

/* Cells of a SID table: a power of two, at most half used. */
#define KX_KSM_CELLS (2u * KX_KSM_CONTEXTS)

/* The rule says no, because of @why: that is a verdict, not a failure. */
bool kx_ksm_refuse(struct kx_ksm_event *e, const char *why);

/* Whether the event decided last was denied because no verdict could be found. */
bool kx_ksm_undecided(void);

/* Fails the event, because @object keeps nothing for @sid. */
void kx_ksm_fail_context(struct kx_ksm_event *e, const struct kx_ksm_object *object, uint64_t sid,
			 const char *why);

/*
 * What is shown of the character at @at, of @length bytes there are: itself, or '?' for one byte.
 * Letters of all scripts may be, what moves the cursor or turns the line may not. *@bytes: how many
 * bytes that is, there and in what is shown.
 */
const char *kx_ksm_shown(const char *at, uint64_t length, uint32_t *bytes);

/* The level of @sid as PSL writes it, into @text; false: it has none. */
bool kx_ksm_mic_level(const struct kx_ksm_mic *mic, uint64_t sid, char *text, size_t size);

/* Policy object @name of the module. */
struct kx_ksm_object *kx_ksm_object(const char *name);

/* Empties @sids, allocating it the first time. */
bool kx_ksm_sids_start(struct kx_ksm_sids *sids);
void kx_ksm_sids_stop(struct kx_ksm_sids *sids);

/* The cell of @sid, or NULL. */
struct kx_ksm_sid *kx_ksm_sids_find(const struct kx_ksm_sids *sids, uint64_t sid);

/* A new cell for @sid, which has none, with @value; NULL and a failure when full. */
struct kx_ksm_sid *kx_ksm_sids_add(struct kx_ksm_event *e, struct kx_ksm_sids *sids, uint64_t sid,
				   uint32_t value);
bool kx_ksm_sids_remove(struct kx_ksm_event *e, struct kx_ksm_sids *sids, struct kx_ksm_sid *cell);

/* Outside of a decision: removes @sid; false if it was not there. @value gets its number. */
bool kx_ksm_sids_forget(struct kx_ksm_sids *sids, uint32_t sid, uint32_t *value);

/* Between decisions: makes cells that were used free again when many are. */
void kx_ksm_sids_settle(struct kx_ksm_sids *sids);

/* Notes the plain parameters @rule reads; the message must be there. */
void kx_ksm_note_fields(struct kx_ksm_event *e, const struct kx_ksm_rule *rule);

/* slot.c: which class, method and rules an event belongs to. */
void kx_ksm_slots_start(const struct kx_ksm_module *module);
void kx_ksm_slots_forget(uint32_t sid);
/* The rules for @event; NULL and @why if it cannot be. */
const struct kx_ksm_tree *kx_ksm_find_tree(const struct kx_event *event, const char **why);
/* "no matching rule", and what near to @event there are rules for. Valid until the next call. */
const char *kx_ksm_no_rule(const struct kx_event *event);
bool kx_ksm_knows_class(const char *name);
/* Whether the policy may use them without a further `use`. */
bool kx_ksm_has_operators(void);
/* Whether some rule is about the response to request @event. */
bool kx_ksm_has_response(const struct kx_event *event);
/* What the message of @event is made of; NULL: not known, or nothing. */
const struct kx_ksm_message *kx_ksm_message_of(const struct kx_event *event);
/* The method asked about and the index of the client's class; NULL: not in the policy. */
const struct kx_ksm_method *kx_ksm_asked_method(const struct kx_method_question *question,
						uint32_t *client);

/* describe.c: the message of @event into @text; false: it is not such a message. */
bool kx_ksm_describe(const struct kx_ksm_message *message, const struct kx_event *event, char *text,
		     size_t size);

/*
 * remedy.c: what would have granted the event; @rule denied it, NULL: none matched. One
 * change a line: a declaration to add, or "at FILE:LINE: " and the new text of the rule
 * there, or what to add to it. Valid until the next call; NULL: nothing simple.
 */
const char *kx_ksm_remedy(const struct kx_ksm_event *e, const struct kx_ksm_rule *rule);

bool kx_ksm_regex_start(struct kx_ksm_regex *regex);
void kx_ksm_regex_stop(struct kx_ksm_regex *regex);

#endif /* KX_KSM_INSIDE_H */
