/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_TASK_H
#define KX_TASK_H

/*
 * A task: one entity, from its creation (stopped) to the moment the last handle
 * to it is closed, which may be long after its process has ended.
 *
 *   CREATED   no process yet; channels, arguments and environment are added
 *   RUNNING   process alive
 *   ENDING    SIGKILL was sent; pidfd not yet readable
 *   DEAD      reaped; page, link and tables are gone, name and exit status stay,
 *             some 1 KiB: whoever started thousands may keep handles to all of them
 *
 * Ownership of the fields:
 *   fixed      written before the task is published; both threads read
 *   rcu        written by the control thread; the IPC thread reads under
 *              rcu_read_lock(), or freely between the hooks task_added and
 *              task_removed
 *   control    control thread only
 *   ipc        IPC thread only
 *   counters   any thread, relaxed: they order nothing, `kosix ps` prints them
 */

#include <stdatomic.h>
#include <sys/types.h>

#include "audit_lines.h"
#include "class.h"
#include "handle.h"
#include "kx_channel.h"
#include "kx_link.h"
#include "kx_task_page.h"
#include "mailbox.h"
#include "object.h"
#include "source.h"

#include <urcu/hlist.h>

struct kx_channel;
struct kx_listener;
struct kx_program;

enum kx_task_state {
	KX_TASK_CREATED = 1,
	KX_TASK_RUNNING = 2,
	KX_TASK_ENDING = 3,
	KX_TASK_DEAD = 4,
};

/* flags of KX_CALL_TASK_CREATE: ENTITY_FLAG_DUMPABLE of the public headers. */
#define KX_TASK_CREATE_DUMPABLE 1u

enum kx_counter {
	KX_COUNT_CALLS,        /* relayed calls begun */
	KX_COUNT_DIRECT,       /* calls over a region, as far as the kernel process sees */
	KX_COUNT_RECEIVED,     /* relayed requests delivered to it */
	KX_COUNT_REPLIES,      /* relayed replies it sent */
	KX_COUNT_KERNEL_CALLS, /* handle, task, ... calls */
	KX_COUNT_DENIED,       /* events with it as source that policy denied */
	KX_COUNT_DROPPED,      /* messages of it that a receiver refused */
	KX_COUNTERS,
};

/* Strings handed to execve: a NULL-terminated table and its count. */
struct kx_strings {
	char **table;
	size_t count;
};

struct kx_task {
	struct kx_object object; /* its sid is the sid of the party */

	/* Fixed. */
	uint32_t number; /* from 1; see registry.h */
	char name[KX_NAME_MAX];
	char class_name[KX_NAME_MAX];
	const struct kx_class *class_table; /* NULL: nothing known */
	bool class_owned;                   /* class_table made for this task: freed with it */
	const char *program;                /* file name in the image; behind this structure */

	/* rcu. The mappings are there from creation until task_removed has returned. */
	struct kx_task_page *page; /* read-write here, read-only in the entity */
	struct kx_link_region *link;
	/* In one mapping more; afterwards all are empty, and nothing is written to them. */
	struct kx_handle **handles;     /* KX_HANDLES, by index; [0] unused */
	struct kx_channel **channels;   /* KX_CHANNELS, by index of the page's entry */
	struct kx_listener **listeners; /* KX_LISTENERS, by index of kbell */
	int bell;                       /* eventfd: entity -> kernel process */
	_Atomic uint32_t state;

	/* counters */
	_Atomic uint64_t counters[KX_COUNTERS];

	/* ipc */
	void *ipc;   /* whatever kernel/relay/relay.c keeps for it */
	bool silent; /* no standard error: set before the start is judged, then fixed */
	struct kx_audit_lines audit_lines; /* of what it is denied */

	/* control */
	uint64_t page_bytes;
	uint64_t link_bytes;
	struct kx_page_space *space; /* what of the page is used (task_page.c) */
	struct kx_task *parent;      /* who created it; NULL: the kernel process */
	int pidfd;                   /* -1 unless RUNNING or ENDING */
	pid_t pid;
	int control;      /* socket to the entity, -1 likewise */
	int child_fds[3]; /* page, link and control of the child until it runs */
	struct kx_source pidfd_source;
	struct kx_source control_source;
	uint32_t handle_hint;    /* where the search for a free index begins */
	uint32_t handle_count;   /* live and revoked */
	uint32_t ghost_count;    /* of its handles, see handle_tree.c */
	uint32_t memory_objects; /* made by it, still existing */
	uint32_t channel_hint;
	uint32_t handle_top;    /* indexes from here on were never used: not to be read, */
	uint32_t channel_top;   /* or they would take memory from then on */
	uint32_t *generations;  /* per handle index; NULL once released */
	struct kx_strings args; /* argv, [0] included; like the next three gone once released */
	struct kx_strings env;
	struct kx_strings told_args; /* what it says an Env program gave it, without argv[0] */
	struct kx_strings told_env;
	uint32_t flags;           /* of KX_CALL_TASK_CREATE */
	int exit_code;            /* once DEAD: what main returned, or KX_CALL_TASK_STOP said */
	int exit_signal;          /* once DEAD: 0, or the signal that ended it */
	bool stopped;             /* by KX_CALL_TASK_STOP or the end of the run, not by itself */
	bool starting;            /* kx_task_run() is under way */
	bool introduced;          /* page and link were sent */
	bool hung_up;             /* its control socket ended or spoke while it lived */
	struct kx_job removal;    /* takes it to the IPC thread and back once DEAD */
	struct cds_list_head all; /* registry.c */
	struct cds_hlist_node named;
	struct cds_list_head users; /* struct kx_user it owns */
	struct cds_list_head waits; /* struct kx_call_job waiting for its end */
	bool asks_env; /* its starter connected it to an Env program, by kx_task_connect() */
	bool told;     /* KX_CALL_TASK_TOLD: told_args and told_env stay what they are */
	struct cds_list_head cm;    /* CM_CONNECT jobs of others to this server */
	struct cds_list_head sends; /* KX_CALL_OPEN jobs until its control socket takes more */
	struct cds_list_head cm_listeners; /* its own CM_LISTEN jobs */
};

/* Adds one; relaxed, see above. */
static inline void kx_task_count(struct kx_task *task, enum kx_counter counter)
{
	atomic_fetch_add_explicit(&task->counters[counter], 1, memory_order_relaxed);
}

static inline enum kx_task_state kx_task_state(struct kx_task *task)
{
	return (enum kx_task_state)atomic_load_explicit(&task->state, memory_order_seq_cst);
}

/* What a task is made of; texts are copied. */
struct kx_task_spec {
	const char *name;       /* of the process, unique among live tasks */
	const char *class_name; /* EDL class */
	const char *program;    /* file name in the image */
	uint32_t flags;
	struct kx_class *class_table; /* used when the registry does not know the class; taken over
					 on success; may be NULL */
	struct kx_task *parent;
};

/*
 * Makes a stopped task with page, link, bell and control socket, registers it
 * and tells the IPC thread (task_added). Control thread; does not block. The
 * caller owns one pin. KX_RC_ALREADY_EXISTS, KX_RC_INVALID_ARGUMENT (a name too
 * long, empty, or no UTF-8 text), KX_RC_OUT_OF_MEMORY, KX_RC_QUOTA_EXCEEDED: nothing was made.
 */
enum kx_rc kx_task_create(const struct kx_task_spec *spec, struct kx_task **out);

/* Replaces argv or the environment of a CREATED task by @count copies; control thread. */
enum kx_rc kx_task_set_args(struct kx_task *task, const char *const *strings, size_t count);
enum kx_rc kx_task_set_env(struct kx_task *task, const char *const *strings, size_t count);

/*
 * What an Env program gave the running @task, as it says itself: arguments that follow argv[0],
 * and variables that go before those it has. Replaces what was there. Control thread.
 */
enum kx_rc kx_task_told_args(struct kx_task *task, const char *const *strings, size_t count);
enum kx_rc kx_task_told_env(struct kx_task *task, const char *const *strings, size_t count);

/*
 * Static channel between two CREATED tasks (EntityConnectToService).
 * KX_RC_INVALID_OPERATION when one of them runs already, KX_RC_ALREADY_EXISTS.
 */
enum kx_rc kx_task_connect(struct kx_task *client, struct kx_task *server, const char *name);

/*
 * Frees what only a live task needs: page, link, tables, strings, descriptors. After
 * task_removed has returned.
 */
void kx_task_release(struct kx_task *task);

#endif /* KX_TASK_H */
