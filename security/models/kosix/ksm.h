/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOSIX_KSM_H
#define KOSIX_KSM_H

/*
 * What a security module generated from PSL is made of. nk-psl-gen-c writes
 * tables and one C function per rule; everything those functions call is here
 * (library ksm_kss). People read generated modules, programs are generated
 * against this header; nothing else should include it.
 *
 * One decision: find the class of source and destination, the method, its list
 * of rules (tree); run the rules in textual order until one denies; then keep
 * or undo what they wrote. A rule that cannot be evaluated sets `failure` and
 * so denies. All calls come from one thread; nothing allocates while deciding.
 *
 * State is kept in memory that the module's init allocates, and every write to it
 * goes through kx_ksm_save(), which notes the old bytes in the journal.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kosix/security_module.h"

/* Most processes one stateful object keeps a context for. */
#define KX_KSM_CONTEXTS 4096u

struct kx_ksm_text {
	const char *data;
	uint32_t len;
};

struct kx_ksm_rule;

/* What change of a rule would grant what it denied (remedy.c). */
enum kx_ksm_fix {
	KX_KSM_FIX_NONE,
	KX_KSM_FIX_ASSERT, /* its condition may be widened */
	KX_KSM_FIX_DENY,   /* its condition may be narrowed */
	KX_KSM_FIX_ALWAYS, /* deny (): narrow its selectors, or add a branch beside its own '_' */
	KX_KSM_FIX_BRANCH, /* deny () in the branch of a literal: it may grant */
	KX_KSM_FIX_ENTER,  /* fix_text: what stands before and, behind \n, after the old state */
	KX_KSM_FIX_ALLOW, /* fix_text: the rule up to its list of states and, behind \n, after it */
	KX_KSM_FIX_CHOICE, /* a branch may be added; fix_text: the note it is made by, if there is
			      one */
	KX_KSM_FIX_SELECT, /* the same, and its branches are patterns */
	KX_KSM_FIX_LEVEL,  /* fix_text: a Mic object: the parties need the same level */
};

/* One event while it is decided. Rules read it and set `failure`. */
struct kx_ksm_event {
	const struct kx_event *event;
	const uint8_t *fixed; /* constant part, NULL if there is none */
	const uint8_t *arena;
	uint32_t fixed_size, arena_size;
	const char *failure;                 /* why a rule could not be evaluated */
	bool refused;                        /* or could be, and says no for that reason */
	const struct kx_ksm_rule *rule;      /* the rule that runs */
	const struct kx_ksm_object *lacking; /* has no context for the SID below */
	uint64_t lacking_sid;
	const struct kx_ksm_rule *denied; /* the rule that denied */
	const struct kx_ksm_rule *choice; /* in a branch of which it stands */
	uint32_t own_reads;               /* notes of the trail that are not the choice's */
	const struct kx_ksm_rule *audited;
	struct kx_trail *trail;
	uint64_t automaton; /* bit of the state of the Flow object used last */
};

/* A rule or choice of the policy. */
struct kx_ksm_rule {
	bool (*run)(struct kx_ksm_event *e);   /* NULL: grants always */
	void (*reads)(struct kx_ksm_event *e); /* notes the values it read; may be NULL */
	const char *text;                      /* as written, on one line */
	const char *file;
	uint32_t line;
	const char *reason;               /* what a denial by it is called: "assert", "deny" ... */
	const struct kx_ksm_audit *audit; /* NULL: never on record when granted */
	uint32_t message;                 /* size of the message it reads, 0: none */
	uint32_t field_count;
	const struct kx_ksm_field *fields; /* parameters it reads at fixed places */
	uint32_t number;                   /* its place in module->rules */
	const uint64_t *numbers;           /* its constants, where it shares its function */
	const struct kx_ksm_text *texts;
	enum kx_ksm_fix fix;
	uint32_t condition; /* where it begins in the text, of KX_KSM_FIX_ASSERT and _DENY */
	const char *fix_text;
	bool has_default; /* a choice with a branch `_` */
};

/* A number in the constant part of the message, to be shown when a rule denies. */
struct kx_ksm_field {
	const char *name;
	uint32_t offset;
	uint8_t bytes;
	bool is_signed;
};

/* At audit level `level`: put grants on record, unless the automaton is in `omit`. */
struct kx_ksm_audit {
	uint32_t level;
	bool granted, last;
	uint64_t omit;
};

/* The rules of a slot. */
struct kx_ksm_tree {
	const struct kx_ksm_rule *const *rules;
	uint32_t count;
	bool always_grants, never_grants; /* whatever the message and the state */
};

/* What a message is made of, to be written as text (describe.c). */
enum kx_ksm_type_kind {
	KX_KSM_UNSIGNED,
	KX_KSM_SIGNED,
	KX_KSM_HANDLE,
	KX_KSM_STRING,
	KX_KSM_BYTES,
	KX_KSM_SEQUENCE, /* of elem */
	KX_KSM_ARRAY,    /* count of elem */
	KX_KSM_STRUCT,   /* count members */
	KX_KSM_UNION,    /* count members; a tag, then at `inner` the one it names */
};

struct kx_ksm_member;

struct kx_ksm_type {
	enum kx_ksm_type_kind kind;
	uint32_t size; /* in the constant part, or of one element */
	uint32_t count;
	uint32_t inner;
	const struct kx_ksm_type *elem;
	const struct kx_ksm_member *members;
};

struct kx_ksm_member {
	const char *name;
	uint32_t offset;
	const struct kx_ksm_type *type;
};

/* Parameters of one direction of a method. */
struct kx_ksm_message {
	const struct kx_ksm_member *params;
	uint32_t count;
	uint32_t size; /* of the constant part, header included */
};

struct kx_ksm_method {
	const char *endpoint, *interface_name, *name;
	uint16_t riid, mid;
	bool security;
	/* per client class: index of a tree; NULL: no such event */
	const uint32_t *request, *response, *error, *call;
	const struct kx_ksm_message *messages; /* in, out, error; NULL: no parameters */
};

struct kx_ksm_class {
	const char *name;
	const struct kx_ksm_method *methods;
	uint32_t method_count;
	const uint32_t *execute; /* per starter class: index of a tree */
};

/* One stateful object; the model's structure begins with it. */
struct kx_ksm_object {
	const char *name;
	/* Memory for all contexts; false: none left. Called again, it empties them. */
	bool (*start)(struct kx_ksm_object *object);
	void (*stop)(struct kx_ksm_object *object);
	void (*forget)(struct kx_ksm_object *object, uint32_t sid);
	/* Between decisions: tidy up. May be NULL. */
	void (*settle)(struct kx_ksm_object *object);
};

struct kx_ksm_module {
	const char *name; /* path of the policy */
	const struct kx_ksm_class *classes;
	uint32_t class_count; /* sorted by name */
	const struct kx_ksm_tree *trees;
	uint32_t tree_count;
	struct kx_ksm_object *const *objects;
	uint32_t object_count;
	struct kx_ksm_regex *const *regexes;
	uint32_t regex_count;
	uint32_t journal; /* bytes: most that one event can overwrite */
	uint32_t audit_level;
	const struct kx_ksm_rule *rules; /* all, by number */
	uint32_t rule_count;
	bool any_level; /* set_level may choose any audit level */
	bool operators; /* the policy may use them */
};

/* How the policy was read: folders, definitions (both end with NULL), preprocessor. */
extern const char *const kx_policy_dirs[];
extern const char *const kx_policy_defines[];
extern const bool kx_policy_preprocess;

/* The classes it knows (NULL at the end) and what it was made from: for kosix-image. */
extern const char *const kx_policy_classes[];
extern const char kx_policy_name[];

/* The module's one export answers with this. */
const struct kx_security_module *kx_ksm_interface(const struct kx_ksm_module *module);

/* --- running rules ------------------------------------------------------------- */

/* Runs one rule of a choice. */
bool kx_ksm_step(struct kx_ksm_event *e, const struct kx_ksm_rule *rule);

/* No branch of a choice fits: denies. */
bool kx_ksm_no_option(struct kx_ksm_event *e);

/* Whether the message is there with this size; otherwise the rule fails. */
bool kx_ksm_message(struct kx_ksm_event *e, uint32_t size);

/* Marks the event as not decidable. */
bool kx_ksm_fail(struct kx_ksm_event *e, const char *why);

/* Remembers the bytes at @at before they are overwritten. False: journal full, event fails. */
bool kx_ksm_save(struct kx_ksm_event *e, void *at, uint32_t size);

bool kx_ksm_set_level(struct kx_ksm_event *e, uint64_t level);

/* --- SIDs ------------------------------------------------------------------------- */

static inline uint64_t kx_ksm_src(const struct kx_ksm_event *e)
{
	return e->event->src.sid;
}

static inline uint64_t kx_ksm_dst(const struct kx_ksm_event *e)
{
	return e->event->dst.sid;
}

/* --- reading the message; a NULL base answers zero (the event has failed) ------------ */

#define KX_KSM_READ(name, type, wide)                                                              \
	static inline wide kx_ksm_##name(const uint8_t *base, uint64_t offset)                     \
	{                                                                                          \
		type value = 0;                                                                    \
                                                                                                   \
		if (base)                                                                          \
			__builtin_memcpy(&value, base + offset, sizeof(value));                    \
		return value;                                                                      \
	}
KX_KSM_READ(u8, uint8_t, uint64_t)
KX_KSM_READ(u16, uint16_t, uint64_t)
KX_KSM_READ(u32, uint32_t, uint64_t)
KX_KSM_READ(u64, uint64_t, uint64_t)
KX_KSM_READ(s8, int8_t, int64_t)
KX_KSM_READ(s16, int16_t, int64_t)
KX_KSM_READ(s32, int32_t, int64_t)
KX_KSM_READ(s64, int64_t, int64_t)
#undef KX_KSM_READ

/* Element @index of @count, @stride bytes each, that stand at @base + @offset. */
const uint8_t *kx_ksm_element(struct kx_ksm_event *e, const uint8_t *base, uint64_t offset,
			      uint64_t index, uint64_t count, uint64_t stride);
/* The same for a sequence whose descriptor stands there. */
const uint8_t *kx_ksm_chunk_element(struct kx_ksm_event *e, const uint8_t *base, uint64_t offset,
				    uint64_t index, uint64_t stride);
/* Elements of that sequence. */
uint64_t kx_ksm_chunk_count(struct kx_ksm_event *e, const uint8_t *base, uint64_t offset,
			    uint64_t stride);
/* Member @member of a union; fails if another one is set. */
const uint8_t *kx_ksm_member(struct kx_ksm_event *e, const uint8_t *base, uint64_t offset,
			     uint64_t member, uint64_t union_offset);
/* A string, up to its zero byte. */
struct kx_ksm_text kx_ksm_string(struct kx_ksm_event *e, const uint8_t *base, uint64_t offset);
/* All bytes of a chunk. */
struct kx_ksm_text kx_ksm_bytes(struct kx_ksm_event *e, const uint8_t *base, uint64_t offset);
/* SID and rights of the handle whose descriptor stands there. */
uint64_t kx_ksm_handle(struct kx_ksm_event *e, const uint8_t *base, uint64_t offset);
uint64_t kx_ksm_rights(struct kx_ksm_event *e, const uint8_t *base, uint64_t offset);

/* --- numbers and texts -------------------------------------------------------------- */

/* Below 0, 0 or above 0 as @u is less than, equal to or greater than @s. */
static inline int kx_ksm_compare(uint64_t u, int64_t s)
{
	if (s < 0 || u > (uint64_t)s)
		return 1;
	return u < (uint64_t)s ? -1 : 0;
}

/* Results that do not fit fail the event. */
uint64_t kx_ksm_overflow_u(struct kx_ksm_event *e);
int64_t kx_ksm_overflow_s(struct kx_ksm_event *e);

#define KX_KSM_MATH(name, type, builtin, overflow)                                                 \
	static inline type kx_ksm_##name(struct kx_ksm_event *e, type a, type b)                   \
	{                                                                                          \
		type value;                                                                        \
                                                                                                   \
		return builtin(a, b, &value) ? overflow(e) : value;                                \
	}
KX_KSM_MATH(add_u, uint64_t, __builtin_add_overflow, kx_ksm_overflow_u)
KX_KSM_MATH(sub_u, uint64_t, __builtin_sub_overflow, kx_ksm_overflow_u)
KX_KSM_MATH(mul_u, uint64_t, __builtin_mul_overflow, kx_ksm_overflow_u)
KX_KSM_MATH(add_s, int64_t, __builtin_add_overflow, kx_ksm_overflow_s)
KX_KSM_MATH(sub_s, int64_t, __builtin_sub_overflow, kx_ksm_overflow_s)
KX_KSM_MATH(mul_s, int64_t, __builtin_mul_overflow, kx_ksm_overflow_s)
#undef KX_KSM_MATH

/* @value as a signed number; as an unsigned one of at most @max; in a range. */
int64_t kx_ksm_signed(struct kx_ksm_event *e, uint64_t value);
uint64_t kx_ksm_fit_u(struct kx_ksm_event *e, uint64_t value, uint64_t max);
int64_t kx_ksm_fit_s(struct kx_ksm_event *e, int64_t value, int64_t min, int64_t max);
uint64_t kx_ksm_unsigned(struct kx_ksm_event *e, int64_t value, uint64_t max);
uint64_t kx_ksm_abs(int64_t value);

bool kx_ksm_text_equal(struct kx_ksm_text a, struct kx_ksm_text b);
#define KX_KSM_TEXT(literal, length) ((struct kx_ksm_text){(literal), (length)})

/* --- values for the trail ------------------------------------------------------------ */

void kx_ksm_note_u(struct kx_ksm_event *e, const char *name, uint64_t value);
void kx_ksm_note_s(struct kx_ksm_event *e, const char *name, int64_t value);
void kx_ksm_note_bool(struct kx_ksm_event *e, const char *name, bool value);
void kx_ksm_note_text(struct kx_ksm_event *e, const char *name, struct kx_ksm_text value);

/* --- contexts by SID -------------------------------------------------------------------- */

/* SID -> number, for at most KX_KSM_CONTEXTS of them. */
struct kx_ksm_sids {
	struct kx_ksm_sid {
		uint32_t sid;
		uint32_t state; /* 0 free, 1 used, 2 was used */
		uint32_t value;
	} * cells;
	uint32_t used, dead;
};

/* --- Flow ---------------------------------------------------------------------------------- */

struct kx_ksm_flow {
	struct kx_ksm_object object;
	const char *const *states;
	uint32_t state_count, initial;
	const uint64_t *transitions; /* per state, a bit per state it may change to */
	struct kx_ksm_sids sids;
};
extern const struct kx_ksm_object kx_ksm_flow_model;

bool kx_ksm_flow_init(struct kx_ksm_event *e, struct kx_ksm_flow *flow, uint64_t sid);
bool kx_ksm_flow_fini(struct kx_ksm_event *e, struct kx_ksm_flow *flow, uint64_t sid);
bool kx_ksm_flow_enter(struct kx_ksm_event *e, struct kx_ksm_flow *flow, uint64_t sid,
		       uint32_t state);
bool kx_ksm_flow_allow(struct kx_ksm_event *e, struct kx_ksm_flow *flow, uint64_t sid,
		       uint64_t states);
/* Number of the current state; fails and answers UINT32_MAX without a context. */
uint32_t kx_ksm_flow_query(struct kx_ksm_event *e, struct kx_ksm_flow *flow, uint64_t sid);
struct kx_ksm_text kx_ksm_flow_name(struct kx_ksm_event *e, struct kx_ksm_flow *flow, uint64_t sid);

/* --- HashSet -------------------------------------------------------------------------------- */

struct kx_ksm_hash_table {
	uint32_t epoch; /* cells of other epochs are free */
	uint32_t count, dead;
	uint32_t owned;
};

struct kx_ksm_hash_set {
	struct kx_ksm_object object;
	uint32_t words; /* 64-bit words of an entry */
	uint32_t set_size, pool_size;
	struct kx_ksm_sids sids;
	struct kx_ksm_hash_table *tables;
	uint64_t *cells; /* per table `room` cells: stamp, entry */
	uint64_t *spare;
	uint32_t room;
	uint32_t worn; /* a table that wants tidying, plus one; 0: none */
};
extern const struct kx_ksm_object kx_ksm_hash_set_model;

bool kx_ksm_hash_set_init(struct kx_ksm_event *e, struct kx_ksm_hash_set *set, uint64_t sid);
bool kx_ksm_hash_set_fini(struct kx_ksm_event *e, struct kx_ksm_hash_set *set, uint64_t sid);
bool kx_ksm_hash_set_add(struct kx_ksm_event *e, struct kx_ksm_hash_set *set, uint64_t sid,
			 const uint64_t *entry);
bool kx_ksm_hash_set_remove(struct kx_ksm_event *e, struct kx_ksm_hash_set *set, uint64_t sid,
			    const uint64_t *entry);
bool kx_ksm_hash_set_contains(struct kx_ksm_event *e, struct kx_ksm_hash_set *set, uint64_t sid,
			      const uint64_t *entry);

/* --- StaticMap ------------------------------------------------------------------------------- */

struct kx_ksm_static_map {
	struct kx_ksm_object object;
	const char *const *keys;
	const uint64_t *defaults;
	uint32_t key_count, pool_size;
	struct kx_ksm_sids sids;
	uint32_t *owned;
	uint64_t *values; /* per table: base copy, working copy */
};
extern const struct kx_ksm_object kx_ksm_static_map_model;

/* Number of the key, or UINT32_MAX. */
uint32_t kx_ksm_static_map_key(const struct kx_ksm_static_map *map, struct kx_ksm_text key);
bool kx_ksm_static_map_init(struct kx_ksm_event *e, struct kx_ksm_static_map *map, uint64_t sid);
bool kx_ksm_static_map_fini(struct kx_ksm_event *e, struct kx_ksm_static_map *map, uint64_t sid);
bool kx_ksm_static_map_set(struct kx_ksm_event *e, struct kx_ksm_static_map *map, uint64_t sid,
			   uint32_t key, uint64_t value);
bool kx_ksm_static_map_commit(struct kx_ksm_event *e, struct kx_ksm_static_map *map, uint64_t sid);
bool kx_ksm_static_map_rollback(struct kx_ksm_event *e, struct kx_ksm_static_map *map,
				uint64_t sid);
uint64_t kx_ksm_static_map_get(struct kx_ksm_event *e, struct kx_ksm_static_map *map, uint64_t sid,
			       uint32_t key, bool working);

/* --- Mic ---------------------------------------------------------------------------------------
 */

/* Level a is at least b if its degree is and its categories contain b's. */
struct kx_ksm_level {
	uint32_t degree;
	bool given; /* false: () */
	uint64_t categories;
};

struct kx_ksm_sid_or_none {
	uint64_t sid;
	bool given;
};

struct kx_ksm_mic {
	struct kx_ksm_object object;
	const char *const *degrees;
	const char *const *categories;
	uint32_t degree_count, category_count;
	struct kx_ksm_sids sids;
	struct kx_ksm_mic_context {
		struct kx_ksm_level level, floor;
	} * contexts;
};
extern const struct kx_ksm_object kx_ksm_mic_model;

bool kx_ksm_mic_create(struct kx_ksm_event *e, struct kx_ksm_mic *mic, uint64_t source,
		       uint64_t target, struct kx_ksm_sid_or_none container, uint64_t driver,
		       struct kx_ksm_level level);
bool kx_ksm_mic_delete(struct kx_ksm_event *e, struct kx_ksm_mic *mic, uint64_t source,
		       uint64_t target, struct kx_ksm_sid_or_none container, uint64_t driver);
bool kx_ksm_mic_execute(struct kx_ksm_event *e, struct kx_ksm_mic *mic,
			struct kx_ksm_sid_or_none image, uint64_t target, struct kx_ksm_level level,
			struct kx_ksm_level floor);
bool kx_ksm_mic_upgrade(struct kx_ksm_event *e, struct kx_ksm_mic *mic, uint64_t source,
			uint64_t target, struct kx_ksm_sid_or_none container, uint64_t driver,
			struct kx_ksm_level level);
/* read and call; write and invoke */
bool kx_ksm_mic_read(struct kx_ksm_event *e, struct kx_ksm_mic *mic, uint64_t source,
		     uint64_t target);
bool kx_ksm_mic_write(struct kx_ksm_event *e, struct kx_ksm_mic *mic, uint64_t source,
		      uint64_t target);
void kx_ksm_note_level(struct kx_ksm_event *e, const char *name, const struct kx_ksm_mic *mic,
		       uint64_t sid);
struct kx_ksm_level kx_ksm_mic_query(struct kx_ksm_event *e, struct kx_ksm_mic *mic, uint64_t sid);
bool kx_ksm_level_equal(struct kx_ksm_level a, struct kx_ksm_level b);

/* --- Regex ------------------------------------------------------------------------ */

struct kx_ksm_regex {
	const char *pattern;
	void *code, *match; /* made by kx_ksm_regex_start() */
};

/* Whether all of @text matches. */
bool kx_ksm_regex_match(struct kx_ksm_event *e, struct kx_ksm_regex *regex,
			struct kx_ksm_text text);

#endif /* KOSIX_KSM_H */
