/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_FILES_H
#define KX_FILES_H

/*
 * Files and sockets of entities. An entity has none of its own: where its
 * channels or environment give it a VFS program, or the image has files, its C
 * library's calls are caught (seccomp user notification, isolation/) and
 * answered here, by one helper thread.
 *
 * Files live in a private tree of the run, one for each VFS program, which
 * begins as a copy of the image's files and is removed at the end; nothing of
 * the host is reachable. Sockets are the host's internet sockets; 10.0.2.2 is
 * this host. Before each call of a client of a VFS program the policy is asked:
 * client -> VFS program, kl.VfsFilesystem, method.
 *
 * Control thread, except where said.
 */

#include <stdbool.h>

struct kx_task;

/* Once, before the first start. @rom: folder of the image's files, may be missing; copied. */
void kx_files_init(const char *rom);

/* Ends the helper and removes the trees. No entity is alive any more. */
void kx_files_fini(void);

/* Whether the calls of @task, complete but not yet started, are to be caught. */
bool kx_files_wanted(const struct kx_task *task);

/*
 * The process of @task runs and its calls come from @notify, which is taken over.
 * 0 or a negative errno: then nobody answers, and the process must be ended.
 */
int kx_files_serve(struct kx_task *task, int notify);

/*
 * @task runs and has said all that an Env program gave it (told_args, told_env): its calls go by
 * that, and what a VFS program mounts. Calls of clients of a VFS program that asks an Env program
 * wait for this or its end, as calls wait for a server. The helper does it; nobody waits here.
 */
void kx_files_told(const struct kx_task *task);

/* Names of those whose file calls wait for the mounts of their VFS program, and of that. */
void kx_files_waits_of(void (*add)(void *context, const char *client, const char *vfs),
		       void *context);

/*
 * @task has ended: the helper removes its tree. Who is still served from it finds nothing
 * there any more (ENOENT); without memory it stays until the end.
 */
void kx_files_task_dead(const struct kx_task *task);

#endif /* KX_FILES_H */
