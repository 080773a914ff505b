/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What this machine offers. Asked of Linux directly, never by version number:
 * containers and configurations differ more than versions do.
 */

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "internal.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008u
#endif
#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif

#define KX_CAP_SETGID 6
#define KX_CAP_SETUID 7

/*
 * A clear no to what was tried. Want of memory or descriptors is none: who took it for one
 * would go on without a layer that is there.
 */
static bool is_no(void)
{
	return errno == ENOSYS || errno == EOPNOTSUPP || errno == EINVAL || errno == EPERM ||
	       errno == EACCES;
}

static bool seccomp_action(uint32_t action)
{
	return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0 || !is_no();
}

static bool memfd_works(unsigned int flags)
{
	int fd = memfd_create("kx-probe", MFD_CLOEXEC | flags);

	if (fd < 0)
		return !is_no();
	(void)close(fd);
	return true;
}

static bool pidfd_works(void)
{
	int fd = (int)syscall(SYS_pidfd_open, getpid(), 0);

	if (fd < 0)
		return !is_no();
	(void)close(fd);
	return true;
}

/* No word to wait for is an error of its own kind: EINVAL says the call exists. */
static bool futex_waitv_works(void)
{
	return syscall(SYS_futex_waitv, NULL, 0, 0, NULL, 0) < 0 && errno == EINVAL;
}

static bool has_capability(int capability)
{
	return prctl(PR_CAPBSET_READ, capability, 0, 0, 0) == 1;
}

void kx_isolation_probe(struct kx_isolation_machine *machine)
{
	memset(machine, 0, sizeof(*machine));
	machine->landlock_abi = kx_landlock_probe();
	machine->seccomp_filter = seccomp_action(SECCOMP_RET_ERRNO);
	machine->seccomp_notify = seccomp_action(SECCOMP_RET_USER_NOTIF);
	machine->futex_waitv = futex_waitv_works();
	machine->memfd_sealing = memfd_works(MFD_ALLOW_SEALING);
	machine->memfd_noexec = memfd_works(MFD_NOEXEC_SEAL);
	machine->pidfd = pidfd_works();
	machine->clone_pidfd = machine->pidfd;
	/* An empty range above every descriptor closes nothing. */
	machine->close_range = syscall(SYS_close_range, ~0u - 1, ~0u - 1, 0) == 0;
	machine->root =
		geteuid() == 0 && has_capability(KX_CAP_SETUID) && has_capability(KX_CAP_SETGID);
}

struct kx_isolation *kx_isolation_create(const struct kx_isolation_machine *machine)
{
	struct kx_isolation *isolation = calloc(1, sizeof(*isolation));

	if (!isolation)
		return NULL;
	if (machine)
		isolation->machine = *machine;
	else
		kx_isolation_probe(&isolation->machine);
	if (!kx_spawn_desk_make(&isolation->desk, &isolation->machine) ||
	    getrandom(&isolation->exec_secret, sizeof(isolation->exec_secret), 0) !=
		    (ssize_t)sizeof(isolation->exec_secret)) {
		kx_isolation_destroy(isolation);
		return NULL;
	}
	return isolation;
}

void kx_isolation_destroy(struct kx_isolation *isolation)
{
	if (!isolation)
		return;
	kx_filter_free_all(isolation);
	kx_spawn_desk_clear(&isolation->desk);
	free(isolation);
}

const struct kx_isolation_machine *kx_isolation_machine(const struct kx_isolation *isolation)
{
	return &isolation->machine;
}
