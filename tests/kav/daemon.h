/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KAV_TEST_DAEMON_H
#define KX_KAV_TEST_DAEMON_H

/*
 * The real kavdaemon as a process, in a private folder with bases and key of its own. Its socket
 * is FOLDER/run/AvpCtl; objects for checks go to FOLDER/data, which is all it may check.
 */

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct kx_daemon {
	char folder[64];
	char socket[96];
	pid_t pid;
};

/* Makes the folders, bases, manifest and key; starts nothing. */
void kx_daemon_prepare(struct kx_daemon *daemon);
/* Starts it with further @arguments (NULL-ended, or NULL) and waits until it is ready. */
void kx_daemon_start(struct kx_daemon *daemon, const char *const *arguments);
/* SIGTERM; asserts that it ends with status 0 and takes its files with it. */
void kx_daemon_end(struct kx_daemon *daemon);
/* kx_daemon_end() and the folder goes. */
void kx_daemon_remove(struct kx_daemon *daemon);

/* FOLDER/data/NAME. */
const char *kx_daemon_data(const struct kx_daemon *daemon, const char *name);
/* Writes the test pattern with @prefix to FOLDER/data/NAME. */
void kx_daemon_pattern(const struct kx_daemon *daemon, const char *name, const char *prefix);

int kx_daemon_connect(const struct kx_daemon *daemon);
/* Sends @len bytes and takes the answer of one reply in; its length, or -1 if none came. */
long kx_daemon_ask(int fd, const void *bytes, size_t len, uint8_t *reply, size_t room);

/* A request for @path on a connection of its own: the first byte of the reply, kept with a NUL. */
#define KX_REPLY_ROOM (128u << 10)
unsigned kx_daemon_check(const struct kx_daemon *daemon, const char *path, uint8_t *reply);

#endif /* KX_KAV_TEST_DAEMON_H */
