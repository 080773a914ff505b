/* SPDX-License-Identifier: Apache-2.0 */

/*
 * SO_PEERCRED, SO_PEERGROUPS and the per-thread file system user. glibc's setgroups() would
 * change all threads, so the system call is made directly.
 */

#include "peer.h"

#include <sys/fsuid.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

bool kx_kav_peer_of(int fd, struct kx_kav_peer *peer)
{
	struct ucred who;
	socklen_t len = sizeof(who);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) != 0 || who.pid <= 0)
		return false;
	*peer = (struct kx_kav_peer){.pid = who.pid, .uid = who.uid, .gid = who.gid};
	len = sizeof(peer->groups);
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, peer->groups, &len) != 0)
		return false;
	peer->group_count = (int)(len / sizeof(peer->groups[0]));
	return true;
}

static bool changes_user(const struct kx_kav_peer *peer)
{
	return geteuid() == 0 && peer->uid != 0;
}

bool kx_kav_peer_enter(const struct kx_kav_peer *peer)
{
	if (!changes_user(peer))
		return peer->uid == 0 || peer->uid == geteuid();
	if (syscall(SYS_setgroups, (long)peer->group_count, peer->groups) != 0)
		return false;
	(void)setfsgid(peer->gid);
	(void)setfsuid(peer->uid); /* drops the capabilities that override file modes */
	if ((uid_t)setfsuid((uid_t)-1) == peer->uid && (gid_t)setfsgid((gid_t)-1) == peer->gid)
		return true;
	kx_kav_peer_leave(peer);
	return false;
}

void kx_kav_peer_leave(const struct kx_kav_peer *peer)
{
	if (!changes_user(peer))
		return;
	(void)setfsuid(0);
	(void)setfsgid(getegid());
	(void)syscall(SYS_setgroups, 0L, NULL);
}
