/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KAV_TEST_CHECKS_H
#define KX_KAV_TEST_CHECKS_H

/* Checks by every way libkavclient has, and what they must end with. For cmocka tests. */

#include <time.h>

#include "client/kavclient.h"
#include "peer.h"

/* How a check is made: the same peer must give the same error to each of them. */
enum kx_check {
	KX_CHECK_FILE,
	KX_CHECK_FILES,
	KX_CHECK_MEM,
	KX_CHECK_SHMEM,
	KX_CHECKS,
};

/* A context for @path with a time-out of one second. */
kav_ctx kx_context(const char *path);

/* Makes a check that must fail with @code and, if it is not 0, errno @error; no result is left. */
void kx_expect(kav_ctx ctx, enum kx_check how, int code, int error);
/* All ways against a peer that plays @steps. */
void kx_expect_from_peer(const struct kx_peer_step *steps, int code, int error);

double kx_seconds_since(const struct timespec *from);

/* In a child that is not root; returns its exit status, 0 if all was well. */
int kx_as_nobody(int (*body)(const char *path), const char *path);

#define KX_BYTES(text) text, sizeof(text) - 1
/* The script of a peer that reads the request and answers @text. */
#define KX_REPLY(text)                                                                             \
	(const struct kx_peer_step[])                                                              \
	{                                                                                          \
		{KX_PEER_READ, NULL, 0}, {KX_PEER_SEND, KX_BYTES(text)},                           \
		{                                                                                  \
			KX_PEER_END, NULL, 0                                                       \
		}                                                                                  \
	}

#endif /* KX_KAV_TEST_CHECKS_H */
