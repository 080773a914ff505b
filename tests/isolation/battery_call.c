/* SPDX-License-Identifier: Apache-2.0 */

/* Probes of system calls that make new ways, or widen what Linux itself exposes. */

#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "battery.h"

static int try_inotify(void)
{
	return outcome_fd(inotify_init1(IN_CLOEXEC));
}

static int try_fanotify(void)
{
	return outcome_fd(
		fanotify_init(FAN_CLASS_NOTIF | 0x200 /* by file id: no root needed */, O_RDONLY));
}

static int try_io_uring(void)
{
	unsigned char params[120] = {0};

	return outcome_fd(syscall(SYS_io_uring_setup, 1, params));
}

static int try_userfaultfd(void)
{
	return outcome_fd(syscall(SYS_userfaultfd, O_CLOEXEC | 1 /* user mode only */));
}

static int try_key(void)
{
	return outcome(syscall(SYS_add_key, "user", "kx-battery", "x", 1ul, -3 /* session */));
}

static int try_memfd(void)
{
	return outcome_fd(memfd_create("kx-battery", MFD_CLOEXEC));
}

static int try_bpf(void)
{
	unsigned int attributes[18] = {1 /* hash */, 4, 4, 1};

	return outcome_fd(syscall(SYS_bpf, 0 /* create a map */, attributes, sizeof(attributes)));
}

static int try_perf(void)
{
	struct perf_event_attr attributes = {.type = PERF_TYPE_HARDWARE,
					     .size = sizeof(attributes)};

	return outcome_fd(syscall(SYS_perf_event_open, &attributes, target.pid, -1, -1, 0));
}

/* A child would change this process for good; the flag of no effect asks the same question. */
static int try_unshare(void)
{
	return outcome(unshare(CLONE_FILES));
}

static int try_user_namespace(void)
{
	return outcome(unshare(CLONE_NEWUSER));
}

static int try_mount(void)
{
	return outcome(mount("none", "/tmp", "tmpfs", MS_REMOUNT | MS_BIND, NULL));
}

static int try_personality(void)
{
	return outcome(personality(0xffffffff));
}

static int try_seals(void)
{
	return outcome(fcntl(3, F_ADD_SEALS, F_SEAL_WRITE));
}

static int try_file_lock(void)
{
	struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};

	return outcome(fcntl(3, F_SETLK, &lock));
}

static int try_owner(void)
{
	return outcome(fcntl(1, F_SETOWN, target.pid));
}

static int try_terminal_input(void)
{
	char byte = 0;

	return outcome(ioctl(0, TIOCSTI, &byte));
}

static int try_splice(void)
{
	struct iovec data = {(void *)"x", 1};

	return outcome(vmsplice(1, &data, 0, 0));
}

static int try_mincore(void)
{
	unsigned char residency;
	static char page[8192];

	return outcome(mincore((void *)((unsigned long)(page + 4095) & ~4095ul), 4096, &residency));
}

/* Whether a library's page is in memory: others see it change. */
static int try_cache_probe(void)
{
	char byte;
	struct iovec data = {&byte, 1};
	long got = preadv2(3, &data, 1, 0, RWF_NOWAIT);

	return got < 0 && errno == EAGAIN ? 0 : outcome(got);
}

static int try_cache_drop(void)
{
	return posix_fadvise(3, 0, 0, POSIX_FADV_DONTNEED);
}

static int try_merge(void)
{
	static char page[8192];

	return outcome(
		madvise((void *)((unsigned long)(page + 4095) & ~4095ul), 4096, MADV_MERGEABLE));
}

/* A filter that compares all 64 bits of an int sees another number than Linux does. */
static int try_merge_high(void)
{
	static char page[8192];

	return outcome(syscall(SYS_madvise, (unsigned long)(page + 4095) & ~4095ul, 4096ul,
			       1ul << 32 | MADV_MERGEABLE));
}

static int try_remove_high(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return outcome(syscall(SYS_madvise, page, 4096ul, 1ul << 32 | MADV_REMOVE));
}

static int try_chroot(void)
{
	return outcome(chroot("/"));
}

static int try_setuid(void)
{
	return outcome(setuid(getuid()));
}

static int try_new_seccomp(void)
{
	/* Asks whether an action exists: the door itself, not what is behind it. */
	unsigned int action = 0x7fff0000u;

	return outcome(syscall(SYS_seccomp, 2, 0, &action));
}

static int try_handle(void)
{
	struct {
		struct file_handle handle;
		char space[128];
	} file;
	int mount_id;

	memset(&file, 0, sizeof(file));
	file.handle.handle_bytes = 128;
	return outcome(name_to_handle_at(AT_FDCWD, "/etc/passwd", &file.handle, &mount_id, 0));
}

static int try_system_log(void)
{
	return outcome(syscall(SYS_syslog, 10 /* size of the buffer */, NULL, 0));
}

const struct probe call_probes[] = {
	{"inotify", try_inotify},
	{"fanotify", try_fanotify},
	{"io_uring", try_io_uring},
	{"userfaultfd", try_userfaultfd},
	{"add_key", try_key},
	{"memfd_create", try_memfd},
	{"bpf", try_bpf},
	{"perf", try_perf},
	{"unshare", try_unshare},
	{"mount", try_mount},
	{"personality", try_personality},
	{"add_seals", try_seals},
	{"file_lock", try_file_lock},
	{"signal_owner", try_owner},
	{"terminal_input", try_terminal_input},
	{"splice", try_splice},
	{"mincore", try_mincore},
	{"cache_probe", try_cache_probe},
	{"cache_drop", try_cache_drop},
	{"merge", try_merge},
	{"merge_high", try_merge_high},
	{"remove_high", try_remove_high},
	{"chroot", try_chroot},
	{"setuid", try_setuid},
	{"seccomp", try_new_seccomp},
	{"file_handle", try_handle},
	{"system_log", try_system_log},
	{"user_namespace", try_user_namespace},
	{NULL, NULL},
};
