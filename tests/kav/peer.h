/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KAV_TEST_PEER_H
#define KX_KAV_TEST_PEER_H

/*
 * A scripted daemon: a listening UNIX socket in a private folder and one thread that plays a list
 * of steps with each client that connects. Waits only for conditions, never for time.
 */

#include <stdbool.h>
#include <stddef.h>

enum kx_peer_do {
	KX_PEER_END,  /* of the script: hang up */
	KX_PEER_READ, /* take the request in, up to its NUL */
	KX_PEER_SEND, /* bytes, len */
	KX_PEER_HOLD, /* until the client hangs up or kx_peer_release() */
	KX_PEER_TELL, /* count this step for kx_peer_wait() */
	KX_PEER_DRIP, /* one byte every 100 ms until the client hangs up */
};

struct kx_peer_step {
	enum kx_peer_do act;
	const void *bytes;
	size_t len;
};

struct kx_peer;

/* Starts a peer that plays @steps (ended by KX_PEER_END) for each of @clients connections. */
struct kx_peer *kx_peer_start(const struct kx_peer_step *steps, unsigned clients);
/* Ends it, waits for its thread, removes its folder. */
void kx_peer_stop(struct kx_peer *peer);

const char *kx_peer_path(const struct kx_peer *peer);
/* Until KX_PEER_TELL was reached for the @times-th time. */
void kx_peer_wait(struct kx_peer *peer, unsigned times);
/* Lets KX_PEER_HOLD go on. */
void kx_peer_release(struct kx_peer *peer);
/* The last request taken in, without its NUL. */
const char *kx_peer_request(const struct kx_peer *peer, size_t *len);

/* A private folder in TMPDIR; kx_folder_remove() removes it with its files. */
void kx_folder_make(char path[64]);
void kx_folder_remove(const char *path);
/* PATH/NAME in a static buffer that is good until the fourth next call. */
const char *kx_in(const char *path, const char *name);
void kx_write_file(const char *path, const void *bytes, size_t len);

#endif /* KX_KAV_TEST_PEER_H */
