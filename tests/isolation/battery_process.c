/* SPDX-License-Identifier: Apache-2.0 */

/* Probes that reach for another process: its memory, descriptors, signals, limits. */

#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "battery.h"

static int open_of_victim(const char *what, int flags)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", (int)target.pid, what);
	return open(path, flags | O_CLOEXEC);
}

static int try_ptrace(void)
{
	int status;

	if (ptrace(PTRACE_ATTACH, target.pid, NULL, NULL) != 0)
		return errno;
	(void)waitpid(target.pid, &status, __WALL);
	return outcome(ptrace(PTRACE_DETACH, target.pid, NULL, NULL));
}

static int transfer(long call)
{
	uint32_t word = 0;
	struct iovec own = {&word, sizeof(word)};
	/* NOLINTNEXTLINE(performance-no-int-to-ptr) an address of another process */
	struct iovec other = {(void *)target.address, sizeof(word)};

	return outcome(syscall(call, target.pid, &own, 1ul, &other, 1ul, 0ul));
}

static int try_vm_read(void)
{
	return transfer(SYS_process_vm_readv);
}

/* Reads first, so that an open way does not change the victim. */
static int try_vm_write(void)
{
	uint32_t word = 0;
	struct iovec own = {&word, sizeof(word)};
	struct iovec other = {(void *)target.address, sizeof(word)};

	(void)syscall(SYS_process_vm_readv, target.pid, &own, 1ul, &other, 1ul, 0ul);
	return outcome(syscall(SYS_process_vm_writev, target.pid, &own, 1ul, &other, 1ul, 0ul));
}

static int try_proc_mem(void)
{
	uint32_t word;
	int fd = open_of_victim("mem", O_RDWR);
	int result;

	if (fd < 0)
		return errno;
	result = outcome(pread(fd, &word, sizeof(word), (off_t)target.address));
	(void)close(fd);
	return result;
}

static int try_proc_maps(void)
{
	return outcome_fd(open_of_victim("maps", O_RDONLY));
}

static int try_proc_environ(void)
{
	return outcome_fd(open_of_victim("environ", O_RDONLY));
}

static int try_proc_status(void)
{
	return outcome_fd(open_of_victim("status", O_RDONLY));
}

static int try_proc_list(void)
{
	return outcome_fd(open("/proc", O_RDONLY | O_DIRECTORY));
}

static int try_steal_memfd(void)
{
	char name[32];

	(void)snprintf(name, sizeof(name), "fd/%d", target.memfd);
	return outcome_fd(open_of_victim(name, O_RDWR));
}

static int victim_pidfd(void)
{
	return (int)syscall(SYS_pidfd_open, target.pid, 0);
}

static int try_pidfd_open(void)
{
	return outcome_fd(victim_pidfd());
}

static int try_pidfd_getfd(void)
{
	int pidfd = victim_pidfd();
	int result;

	if (pidfd < 0)
		return errno;
	result = outcome_fd(syscall(SYS_pidfd_getfd, pidfd, target.memfd, 0));
	(void)close(pidfd);
	return result;
}

static int try_pidfd_signal(void)
{
	int pidfd = victim_pidfd();
	int result;

	if (pidfd < 0)
		return errno;
	result = outcome(syscall(SYS_pidfd_send_signal, pidfd, SIGURG, NULL, 0));
	(void)close(pidfd);
	return result;
}

static int try_process_madvise(void)
{
	int pidfd = victim_pidfd();
	struct iovec range = {(void *)(target.address & ~4095ul), 4096};
	int result;

	if (pidfd < 0)
		return errno;
	result = outcome(syscall(SYS_process_madvise, pidfd, &range, 1ul, 20 /* cold */, 0ul));
	(void)close(pidfd);
	return result;
}

static int try_kcmp(void)
{
	return outcome(syscall(SYS_kcmp, getpid(), target.pid, KCMP_VM, 0ul, 0ul));
}

static int try_robust_list(void)
{
	void *head;
	size_t size;

	return outcome(syscall(SYS_get_robust_list, target.pid, &head, &size));
}

/* SIGURG is ignored by default: the victim lives on. */
static int try_kill(void)
{
	return outcome(kill(target.pid, SIGURG));
}

static int try_kill_group(void)
{
	return outcome(kill(-target.pid, 0) == 0 || kill(0, 0) == 0 ? 0 : -1);
}

static int try_tgkill(void)
{
	return outcome(syscall(SYS_tgkill, target.pid, target.pid, SIGURG));
}

static int try_tkill(void)
{
	return outcome(syscall(SYS_tkill, target.pid, SIGURG));
}

static int try_sigqueue(void)
{
	union sigval value = {0};

	return outcome(sigqueue(target.pid, SIGURG, value));
}

static int try_prlimit(void)
{
	struct rlimit limit;

	return outcome(prlimit(target.pid, RLIMIT_NOFILE, NULL, &limit));
}

static int try_affinity(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	return outcome(sched_setaffinity(target.pid, sizeof(set), &set));
}

static int try_read_affinity(void)
{
	cpu_set_t set;

	return outcome(sched_getaffinity(target.pid, sizeof(set), &set));
}

/* A class that is refused: of others a profile says that they were set, and does nothing. */
static int try_scheduler(void)
{
	struct sched_param param = {0};

	return outcome(sched_setscheduler(target.pid, SCHED_BATCH, &param));
}

/* The lowest there is: the tests themselves may run under nice. */
static int try_priority(void)
{
	return outcome(setpriority(PRIO_PROCESS, (id_t)target.pid, 19));
}

static int try_priority_of_user(void)
{
	return outcome(getpriority(PRIO_USER, 0));
}

/* The processor time of another process tells what it does. */
static int try_cpu_clock(void)
{
	struct timespec time;
	clockid_t clock = (clockid_t)((~(unsigned int)target.pid << 3) | 2u);

	return outcome(syscall(SYS_clock_gettime, clock, &time));
}

static int reap(pid_t child)
{
	int status;

	if (child == 0)
		_exit(0);
	if (child < 0)
		return errno;
	(void)waitpid(child, &status, __WALL);
	return 0;
}

static int try_fork(void)
{
	return reap((pid_t)syscall(SYS_clone, (unsigned long)SIGCHLD, 0ul, 0ul, 0ul, 0ul));
}

static int try_old_fork(void)
{
#ifdef SYS_fork
	return reap((pid_t)syscall(SYS_fork));
#else
	return ENOSYS;
#endif
}

static int try_clone3(void)
{
	struct clone_args arguments = {.exit_signal = SIGCHLD};

	return reap((pid_t)syscall(SYS_clone3, &arguments, sizeof(arguments)));
}

/* Last of its table: from here on the program would outlive its kernel process. */
static int try_death_signal(void)
{
	int result = outcome(prctl(PR_SET_PDEATHSIG, 0));

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	return result;
}

static int try_dumpable(void)
{
	return outcome(prctl(PR_SET_DUMPABLE, 1));
}

const struct probe process_probes[] = {
	{"ptrace", try_ptrace},
	{"vm_read", try_vm_read},
	{"vm_write", try_vm_write},
	{"proc_mem", try_proc_mem},
	{"proc_maps", try_proc_maps},
	{"proc_environ", try_proc_environ},
	{"proc_status", try_proc_status},
	{"proc_list", try_proc_list},
	{"steal_memfd", try_steal_memfd},
	{"pidfd_open", try_pidfd_open},
	{"pidfd_getfd", try_pidfd_getfd},
	{"pidfd_signal", try_pidfd_signal},
	{"process_madvise", try_process_madvise},
	{"kcmp", try_kcmp},
	{"robust_list", try_robust_list},
	{"kill", try_kill},
	{"kill_group", try_kill_group},
	{"tgkill", try_tgkill},
	{"tkill", try_tkill},
	{"sigqueue", try_sigqueue},
	{"prlimit", try_prlimit},
	{"affinity", try_affinity},
	{"read_affinity", try_read_affinity},
	{"scheduler", try_scheduler},
	{"priority", try_priority},
	{"priority_of_user", try_priority_of_user},
	{"cpu_clock", try_cpu_clock},
	{"fork", try_fork},
	{"old_fork", try_old_fork},
	{"clone3", try_clone3},
	{"death_signal", try_death_signal},
	{"dumpable", try_dumpable},
	{NULL, NULL},
};
