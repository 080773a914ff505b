/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_CLI_RUN_H
#define KX_CLI_RUN_H

/*
 * What the files of `kosix run` share.
 *
 *   cmd_run.c       options, exit status
 *   run_kernel.c    the kernel process as our child, and its end
 *   run_loop.c      the one epoll loop
 *   run_output.c    output of entities, line by line
 *   run_reports.c   what the kernel process reports (kernel/tell/report.h); summary
 *   run_idle.c      --until-idle
 *   run_waits.c     who waits for whom when somebody loses patience
 *
 * One thread.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <jansson.h>

#include "policy_build.h"

enum kx_run_status {
	KX_RUN_OK = 0,
	KX_RUN_CRASHED = 1,
	KX_RUN_DENIED = 2,
	KX_RUN_NOT_STARTED = 3,
};

#define KX_RUN_KERNEL_ARGS 64

struct kx_run_options {
	const char *kernel_args[KX_RUN_KERNEL_ARGS]; /* passed through */
	size_t kernel_arg_count;
	const char *image;
	bool prefix;
	double timeout; /* seconds; 0: none */
	const char *until;
	bool until_idle;
	bool deny_is_error;
	bool crash_is_no_error;
	bool summary;
	const char *json; /* file, "-" for stdout, or NULL */
	struct kx_policy_build policy;
	const char *audit; /* as given; NULL: where `kosix explain` looks */
	bool audit_found;  /* `kosix explain` finds it by itself */
	bool help;
};

/* Something in the epoll set. */
struct kx_run_source {
	int fd;
	void (*ready)(struct kx_run_source *source);
};

/* One entity, from its start to the summary. */
struct kx_run_entity {
	int task;
	pid_t pid; /* 0: ended */
	char *name;
	json_t *end;         /* the report of its end, or NULL */
	unsigned outputs;    /* still open */
	char *hint;          /* what libkos said last in its name, or NULL */
	unsigned long since; /* lines of all its outputs after that */
	struct kx_run_entity *next;
	struct kx_run_entity *beside; /* in its place of run_reports.c */
};

struct kx_run {
	struct kx_run_options options;
	int epoll;
	size_t sources; /* outputs still open, kernel process included */
	pid_t kernel;
	int kernel_status; /* of waitpid(), once ended */
	bool kernel_ended;
	int report; /* -1 once it hung up */
	struct kx_run_entity *entities;
	struct kx_run_entity **last_entity;
	char *solution;   /* its name, for the command socket */
	bool ready;       /* the solution was being started */
	bool all_started; /* nothing is started any more but by entities */
	bool done;        /* the kernel process said that no entity is left */
	bool failed;      /* it said that it could not start */
	bool found;       /* --until TEXT was seen */
	bool timed_out;
	bool interrupted;
	bool idle;
	bool deadlock;
	bool ending;   /* the kernel process was asked to end */
	json_t *audit; /* what it counted of decisions, at its end; or NULL */
};

extern struct kx_run kx_run;

/* run_loop.c */
int kx_run_watch(struct kx_run_source *source, int fd, void (*ready)(struct kx_run_source *));
/* Takes it out of the set and closes its descriptor. */
void kx_run_unwatch(struct kx_run_source *source);
/* Until kernel process and outputs have ended. */
int kx_run_loop(void);

/* run_kernel.c: 0, or -1 after a message. */
int kx_run_start_kernel(void);
/* SIGTERM to the kernel process, once; it ends the solution. SIGKILL if it does nothing for it. */
void kx_run_end(void);
/* It is at work: something was reported. */
void kx_run_kernel_told(void);
/* The kernel process is gone: kills and reaps every process it left to us. */
void kx_run_kill_rest(void);

/*
 * run_output.c: lines of @entity (NULL: the kernel process) from @fd to @out, a descriptor of
 * ours. Owns @fd.
 */
int kx_run_pass_output(struct kx_run_entity *entity, int fd, int out);

/* run_reports.c */
int kx_run_watch_reports(int fd);
/* False after a message: the summary could not be written. */
bool kx_run_summary(void);
enum kx_run_status kx_run_result(void);

/* run_waits.c: kx_run_end() a moment later, if there are waits; says which. */
void kx_run_end_telling_waits(void);

/* run_idle.c: begins to look, if --until-idle was given. */
int kx_run_watch_idle(void);

#endif /* KX_CLI_RUN_H */
