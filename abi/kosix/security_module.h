/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOSIX_SECURITY_MODULE_H
#define KOSIX_SECURITY_MODULE_H

/*
 * The security module: one shared object that the kernel process loads and asks
 * about every event. A module is written by hand (examples/ping/policy.c is one
 * of about 40 lines) or generated from PSL by nk-psl-gen-c.
 *
 * It exports one function:
 *
 *     const struct kx_security_module *kx_security_module(void);
 *
 * Threads: every call comes from the kernel process's one IPC thread; a module
 * needs no locks (load and init: before that thread begins; fini: after it has ended).
 * Time: no call may block, and decide() may not allocate. A call that uses a second of
 * processor time, sleeps for three, or crashes, ends the solution; module and event are
 * named, and the rule if trail->rule says by then at which the module is. Anything but
 * KX_GRANT from decide() denies.
 *
 * Compiles as C11 and C++17.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KX_SECURITY_MODULE_ABI 3u

enum kx_event_kind {
	KX_EVENT_EXECUTE = 1,  /* src starts dst; method is "main" or empty */
	KX_EVENT_REQUEST = 2,  /* src calls dst */
	KX_EVENT_RESPONSE = 3, /* src answers dst */
	KX_EVENT_ERROR = 4,    /* src answers dst with the error form */
	KX_EVENT_SECURITY = 5, /* src calls the security interface of the module */
};

enum kx_verdict {
	KX_DENY = 0,
	KX_GRANT = 1,
};

/* One side of an event. Strings may be gone after the call: copy what is kept. */
struct kx_party {
	uint32_t sid;           /* unique for the run; retired with forget() */
	const char *class_name; /* EDL class; the kernel is "kl.core.Core" */
	const char *task_name;  /* process name */
};

/* One handle that travels with a message: the resource, not the number. */
struct kx_event_handle {
	uint32_t sid;    /* of the resource, 0 for an empty descriptor */
	uint32_t offset; /* of its descriptor in the constant part */
	uint32_t rights;
};

/*
 * One event. The message is the kernel process's private copy: nobody can
 * change it any more, its structure was checked, and what is granted is exactly
 * what the receiver gets.
 */
struct kx_event {
	enum kx_event_kind kind;
	struct kx_party src;
	struct kx_party dst;
	const char *endpoint;  /* path inside the serving entity, "" if unknown */
	const char *qualified; /* declaring class and endpoint */
	const char *interface_name;
	const char *method; /* "" if unknown */
	uint16_t riid;
	uint16_t mid;
	const void *fixed; /* constant part with its 24-byte header; NULL for execute */
	uint32_t fixed_size;
	const void *arena;
	uint32_t arena_size;
	const struct kx_event_handle *handles;
	uint32_t handle_count;
	uint64_t number; /* running number of the event, for the audit */
};

/*
 * Why: filled by the module when it can (all fields optional), used by the
 * audit and by `kosix explain`. Strings must stay valid until the next call.
 */
#define KX_TRAIL_READS 8u

struct kx_trail {
	const char *rule; /* the expression that decided, as written */
	const char *file;
	uint32_t line;
	const char *reason; /* a short word: "no matching rule", "assert", ... */
	uint32_t read_count;
	struct {
		const char *name; /* "message.value", "set.contains" ... */
		char value[56];
	} reads[KX_TRAIL_READS];
	bool audit;         /* the policy wants this event on record although it is granted */
	const char *remedy; /* the smallest change that would have granted, in lines */
};

/* A rule of the policy and how often this run needed it. */
struct kx_rule_use {
	const char *text, *file;
	uint32_t line;
	uint64_t asked;
	uint64_t denied;
};

/* How a method may travel; asked once per client, server and method. */
enum kx_classification {
	KX_ASK = 0,             /* decide() must see every message */
	KX_DIRECT = 1,          /* request, response and error are granted whatever they say, and no
				   audit of grants is wanted */
	KX_DIRECT_NO_ERROR = 2, /* so are request and response, and an error is always denied:
				   both runtimes deny it, and decide() is asked for the record */
};

struct kx_method_question {
	const char *src_class, *src_task; /* client */
	const char *dst_class, *dst_task; /* server */
	const char *endpoint, *qualified, *interface_name, *method;
	uint16_t riid, mid;
};

/* What the kernel process offers to a module; valid until fini() returns. */
struct kx_module_host {
	uint32_t abi_version; /* KX_SECURITY_MODULE_ABI */
	void *context;
	/* Writes a line to the solution's log. */
	void (*log)(void *context, const char *text);
};

struct kx_security_module {
	uint32_t abi_version; /* KX_SECURITY_MODULE_ABI, else the module is refused */
	uint32_t size;        /* sizeof(struct kx_security_module) */
	const char *name;

	/* Returns 0, or anything else to refuse: the solution then does not start. */
	int (*init)(const struct kx_module_host *host, void **state);
	/* May be NULL: everything is asked. */
	enum kx_classification (*classify)(void *state, const struct kx_method_question *question);
	enum kx_verdict (*decide)(void *state, const struct kx_event *event,
				  struct kx_trail *trail);
	/* A resource or task is gone; its sid is never used again. May be NULL. */
	void (*forget)(void *state, uint32_t sid);
	/* The audit level in force. May be NULL: there are no levels. */
	uint32_t (*audit_level)(void *state);
	/*
	 * Another audit level. Before anything was classified: the one to begin with, and every
	 * other may follow. Afterwards: false, and nothing has changed, if calls that are DIRECT
	 * already would have to be put on record at @level. May be NULL.
	 */
	bool (*set_audit_level)(void *state, uint32_t level);
	/*
	 * The message of @event as text ("{ value : 1028 }") into @text, cut to @size
	 * bytes with its final zero. False: nothing is known of it. May be NULL.
	 */
	bool (*describe)(void *state, const struct kx_event *event, char *text, size_t size);
	/* Rule @index of the policy, from 0; false: there are no more. May be NULL. */
	bool (*rule_use)(void *state, uint32_t index, struct kx_rule_use *use);
	/* May be NULL. */
	void (*fini)(void *state);
};

/* The one exported symbol of a module. */
const struct kx_security_module *kx_security_module(void);

#ifdef __cplusplus
}
#endif

#endif /* KOSIX_SECURITY_MODULE_H */
