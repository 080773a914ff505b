/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KAV_PEER_H
#define KX_KAV_PEER_H

/*
 * Who is at the other end of a socket, and doing file work with that user's rights instead of
 * the daemon's own. Linux keeps these rights per thread, so connections don't disturb each other.
 */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define KX_KAV_GROUPS_MAX 256

struct kx_kav_peer {
	pid_t pid;
	uid_t uid;
	gid_t gid;
	int group_count;
	gid_t groups[KX_KAV_GROUPS_MAX];
};

/* Asks the kernel of Linux; false when it does not say (not a UNIX socket). */
bool kx_kav_peer_of(int fd, struct kx_kav_peer *peer);

/*
 * From here to kx_kav_peer_leave() this thread opens files as @peer. False: it can't (a daemon
 * that is not root and another user); then nothing has changed. A daemon that is not root works
 * with its own rights for its own user, and for root, who could do everything it does.
 */
bool kx_kav_peer_enter(const struct kx_kav_peer *peer);
void kx_kav_peer_leave(const struct kx_kav_peer *peer);

#endif /* KX_KAV_PEER_H */
