/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_PEER_H
#define KX_BENCH_PEER_H

/*
 * What a module of another IPC system looks like to peer_run.c. All functions are
 * called in processes of their own: one that serves, one for each client. They say
 * on standard error what went wrong (complain.h) and return false.
 *
 * A request of `size` bytes is answered with its own bytes; the library copies or
 * does not, as its users would have it.
 */

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KX_PEER_INTERFACE 1
#define KX_PEER_ENTRY     "kx_peer_entry"

struct kx_peer_job {
	const char *folder;  /* for sockets and other files; removed afterwards */
	const char *name;    /* for names outside of it; letters, digits and '-' */
	const char *variant; /* of the peer, where one module has more, else "" */
	size_t size;
	unsigned clients;
	unsigned number; /* of this client, from 0 */
};

struct kx_peer_module {
	unsigned interface;  /* KX_PEER_INTERFACE */
	const char *library; /* name and version of what is measured */

	/* A program that must run beside, or NULL; ended with SIGTERM. */
	const char *const *(*daemon)(const struct kx_peer_job *job);

	/*
	 * The server: calls ready(arg) once clients can connect, then serves until it is
	 * killed. A return is a failure.
	 */
	bool (*serve)(const struct kx_peer_job *job, void (*ready)(void *arg), void *arg);

	/* A client's connection, or NULL. */
	void *(*connect)(const struct kx_peer_job *job);

	/* One round trip. @out and @in are job->size bytes. */
	bool (*call)(void *client, const void *out, void *in);

	/* Takes away what a killed server left outside the folder; may be NULL. */
	void (*clean)(const struct kx_peer_job *job);
};

/* The one symbol of a module. */
const struct kx_peer_module *kx_peer_entry(void);

#ifdef __cplusplus
}
#endif

#endif /* KX_BENCH_PEER_H */
