/* SPDX-License-Identifier: Apache-2.0 */

/* See victim.h. */

#include "victim.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECRET 0x5ec2e7

/* Shared with the child only through fork: same address in both. */
static uint32_t victim_secret = SECRET;

struct objects {
	int memfd;
	int shm;
	int msg;
	int sem;
	uint16_t tcp_port;
	uint16_t udp_port;
};

/* What the child reports; the test reads it from a pipe. */
struct report {
	struct objects objects;
	uint32_t ready;
};

static bool bind_abstract(pid_t pid)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	int length = snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "kx-victim-%d",
			      (int)pid);

	return bind(fd, (struct sockaddr *)&address,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length)) ==
		       0 &&
	       listen(fd, 8) == 0;
}

static bool bind_path(pid_t pid)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "/tmp/kx-victim-%d.sock",
		       (int)pid);
	return bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 && listen(fd, 8) == 0;
}

static bool bind_port(int type, uint16_t *port)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, type, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
	    (type == SOCK_STREAM && listen(fd, 8) != 0) ||
	    getsockname(fd, (struct sockaddr *)&address, &size) != 0)
		return false;
	*port = ntohs(address.sin_port);
	return true;
}

static bool make_file(const char *pattern, pid_t pid)
{
	char path[64];
	int fd;

	(void)snprintf(path, sizeof(path), pattern, (int)pid);
	fd = open(path, O_RDWR | O_CREAT, 0600);
	return fd >= 0 && write(fd, "secret", 6) == 6 && close(fd) == 0;
}

static bool make_queue(pid_t pid)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "/kx-victim-%d", (int)pid);
	return mq_open(name, O_RDWR | O_CREAT, 0600, NULL) != (mqd_t)-1;
}

static bool make_objects(struct objects *objects)
{
	pid_t pid = getpid();

	objects->memfd = memfd_create("victim", 0);
	objects->shm = shmget(pid, 4096, IPC_CREAT | 0600);
	objects->msg = msgget(pid, IPC_CREAT | 0600);
	objects->sem = semget(pid, 1, IPC_CREAT | 0600);
	/* A queue or a key may be impossible here; the table marks those probes. */
	(void)make_queue(pid);
	return objects->memfd >= 0 && bind_abstract(pid) && bind_path(pid) &&
	       bind_port(SOCK_STREAM, &objects->tcp_port) &&
	       bind_port(SOCK_DGRAM, &objects->udp_port) && make_file("/tmp/kx-victim-%d", pid) &&
	       make_file("/dev/shm/kx-victim-%d", pid);
}

static void live(int report, int hold, bool switch_user, uid_t uid, bool dumpable)
{
	struct report ready = {.ready = 1};
	char byte;

	if (switch_user && (setresgid(uid, uid, uid) != 0 || setresuid(uid, uid, uid) != 0))
		_exit(1);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)prctl(PR_SET_DUMPABLE, dumpable);
	/* Where Yama asks for consent, the easiest prey gives it. */
	(void)prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	if (!make_objects(&ready.objects) || write(report, &ready, sizeof(ready)) < 0)
		_exit(2);
	(void)read(hold, &byte, 1);
	/* The end state is the verdict: 0 if nobody wrote here. */
	_exit(*(volatile uint32_t *)&victim_secret == SECRET ? 0 : 3);
}

static void tell(struct victim *victim, const struct objects *objects)
{
	char **fact = victim->environment;

	(void)asprintf(fact++, "V_PID=%d", (int)victim->pid);
	(void)asprintf(fact++, "V_ADDRESS=%lu", (unsigned long)(uintptr_t)&victim_secret);
	(void)asprintf(fact++, "V_MEMFD=%d", objects->memfd);
	(void)asprintf(fact++, "V_TCP=%u", objects->tcp_port);
	(void)asprintf(fact++, "V_UDP=%u", objects->udp_port);
	*fact = NULL;
}

bool victim_start(struct victim *victim, bool switch_user, uid_t uid, bool dumpable)
{
	struct report ready = {.ready = 0};
	int report[2];
	int hold[2];

	memset(victim, 0, sizeof(*victim));
	if (pipe2(report, O_CLOEXEC) != 0 || pipe2(hold, O_CLOEXEC) != 0)
		return false;
	victim->pid = fork();
	if (victim->pid == 0) {
		(void)close(report[0]);
		(void)close(hold[1]);
		live(report[1], hold[0], switch_user, uid, dumpable);
	}
	(void)close(report[1]);
	(void)close(hold[0]);
	victim->hold = hold[1];
	if (read(report[0], &ready, sizeof(ready)) != (ssize_t)sizeof(ready))
		ready.ready = 0;
	(void)close(report[0]);
	tell(victim, &ready.objects);
	return ready.ready == 1;
}

static void remove_objects(pid_t pid)
{
	static const char *const files[] = {"/tmp/kx-victim-%d", "/tmp/kx-victim-%d.sock",
					    "/dev/shm/kx-victim-%d"};
	char name[64];

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		(void)snprintf(name, sizeof(name), files[i], (int)pid);
		(void)unlink(name);
	}
	(void)snprintf(name, sizeof(name), "/kx-victim-%d", (int)pid);
	(void)mq_unlink(name);
	(void)shmctl(shmget(pid, 0, 0), IPC_RMID, NULL);
	(void)msgctl(msgget(pid, 0), IPC_RMID, NULL);
	(void)semctl(semget(pid, 0, 0), 0, IPC_RMID);
}

bool victim_end(struct victim *victim)
{
	int status = -1;

	(void)close(victim->hold);
	(void)waitpid(victim->pid, &status, 0);
	remove_objects(victim->pid);
	for (char **fact = victim->environment; *fact; fact++)
		free(*fact);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
