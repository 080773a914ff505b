/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_EINIT_MODEL_H
#define KX_EINIT_MODEL_H

/*
 * An init description (init.yaml) in memory, and the steps einit takes:
 *
 *   kx_einit_read()     YAML to tasks, each with its channels      (einit_read.c)
 *   kx_einit_resolve()  defaults, servers, order of start          (einit_resolve.c)
 *   kx_einit_classes()  endpoints of each class, from EDL          (einit_classes.c)
 *   kx_einit_write_c()  the Einit program                          (einit_gen.c)
 *   kx_einit_write_dot() the graph                                 (einit_graph.c)
 *   kx_einit_write_json() the same facts for other tools            (einit_json.c)
 *
 * Each step adds its messages to `diag` and may be called only when the steps
 * before it left no error there. All memory belongs to the pool.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "diag.h"
#include "tree.h"

#define KX_EINIT_MAX_TASKS    4096u
#define KX_EINIT_MAX_CHANNELS 65536u /* of a whole solution */
#define KX_EINIT_MAX_WORDS    128u   /* of args, and of env: EntityInfo has room for no more */

/* One word of args, or one NAME=value of env. */
struct kx_einit_word {
	struct kx_einit_word *next;
	const char *text;
};

/* A channel, listed at its client. */
struct kx_einit_channel {
	struct kx_einit_channel *next;
	const char *target; /* process name of the server */
	const char *id;     /* channel name, or NULL when `var` is set */
	const char *var;    /* C macro that holds the name */
	const char *include;
	struct kx_loc loc;
	struct kx_loc target_loc;
	struct kx_einit_task *server; /* (resolved) */
};

/* One process. */
struct kx_einit_task {
	struct kx_einit_task *next;
	const char *name; /* process name: `task`, else the class */
	const char *class_name;
	const char *path; /* program in the image */
	struct kx_loc name_loc;
	struct kx_loc class_loc;
	struct kx_einit_word *args;
	struct kx_einit_word *env;
	struct kx_einit_channel *channels;
	bool dcm;

	size_t index;                  /* (resolved) in alphabetical order of names */
	const char *c_name;            /* (resolved) name and index as a C identifier */
	int mark;                      /* while ordering */
	struct kx_nk_unit *class_unit; /* (classes) */
};

struct kx_einit {
	struct kx_pool *pool;
	struct kx_diag *diag;
	struct kx_source source;
	struct kx_einit_task *tasks; /* as written */
	size_t count;
	size_t channel_count;
	struct kx_einit_task **sorted; /* (resolved) by name */
	struct kx_einit_task **order;  /* (resolved) servers before clients */
};

/* Reads @einit->source. */
void kx_einit_read(struct kx_einit *einit);

void kx_einit_resolve(struct kx_einit *einit);

/* Finds the EDL of each class through @nk, whose search folders are set. */
void kx_einit_classes(struct kx_einit *einit, struct kx_nk *nk);

void kx_einit_write_c(const struct kx_einit *einit, FILE *out);
void kx_einit_write_dot(const struct kx_einit *einit, FILE *out);
void kx_einit_write_json(const struct kx_einit *einit, FILE *out);

#endif /* KX_EINIT_MODEL_H */
