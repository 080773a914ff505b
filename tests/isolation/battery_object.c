/* SPDX-License-Identifier: Apache-2.0 */

/* Probes that reach for objects others can find: sockets, IPC objects, files. */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <mqueue.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "battery.h"

static int connect_to(int family, int type, const void *address, size_t size)
{
	int fd = socket(family, type, 0);
	int result;

	if (fd < 0)
		return errno;
	result = outcome(connect(fd, address, (socklen_t)size));
	(void)close(fd);
	return result;
}

static int try_abstract_socket(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int length = snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "kx-victim-%d",
			      (int)target.pid);

	return connect_to(AF_UNIX, SOCK_STREAM, &address,
			  offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
}

static int try_path_socket(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "/tmp/kx-victim-%d.sock",
		       (int)target.pid);
	return connect_to(AF_UNIX, SOCK_STREAM, &address, sizeof(address));
}

static int try_tcp(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons((uint16_t)target.tcp_port)};

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return connect_to(AF_INET, SOCK_STREAM, &address, sizeof(address));
}

static int try_tcp_listen(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int result;

	if (fd < 0)
		return errno;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	result = outcome(bind(fd, (struct sockaddr *)&address, sizeof(address)));
	(void)close(fd);
	return result;
}

static int try_udp(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons((uint16_t)target.udp_port)};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	int result;

	if (fd < 0)
		return errno;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	result = outcome(sendto(fd, "x", 1, 0, (struct sockaddr *)&address, sizeof(address)));
	(void)close(fd);
	return result;
}

static int try_netlink(void)
{
	return outcome_fd(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
}

static int try_alg_socket(void)
{
	return outcome_fd(socket(AF_ALG, SOCK_SEQPACKET, 0));
}

static int try_socketpair(void)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
		return errno;
	(void)close(ends[0]);
	(void)close(ends[1]);
	return 0;
}

static int try_sysv_shm(void)
{
	return outcome(shmget(target.pid, 0, 0));
}

static int try_sysv_msg(void)
{
	return outcome(msgget(target.pid, 0));
}

static int try_sysv_sem(void)
{
	return outcome(semget(target.pid, 0, 0));
}

static int try_queue(void)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "/kx-victim-%d", (int)target.pid);
	return outcome_fd(mq_open(name, O_RDWR));
}

static int make_and_remove(const char *pattern, int flags)
{
	char path[64];
	int fd;

	(void)snprintf(path, sizeof(path), pattern, (int)getpid());
	fd = open(path, flags | O_CREAT | O_EXCL, 0600);
	if (fd < 0)
		return errno;
	(void)close(fd);
	(void)unlink(path);
	return 0;
}

static int try_shm_create(void)
{
	return make_and_remove("/dev/shm/kx-battery-%d", O_RDWR);
}

static int try_tmp_create(void)
{
	return make_and_remove("/tmp/kx-battery-%d", O_RDWR);
}

/* Nothing is written by these, and yet a file is made, or is empty. */
static int try_create_to_read(void)
{
	return make_and_remove("/tmp/kx-battery-%d", O_RDONLY);
}

static int try_tmpfile(void)
{
	return outcome_fd(open("/tmp", O_TMPFILE | O_RDWR, 0600));
}

static int try_mkdir(void)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/tmp/kx-battery-%d.d", (int)getpid());
	if (mkdir(path, 0700) != 0)
		return errno;
	(void)rmdir(path);
	return 0;
}

static int open_victims(const char *pattern, int flags)
{
	char path[64];

	(void)snprintf(path, sizeof(path), pattern, (int)target.pid);
	return outcome_fd(open(path, flags));
}

static int try_tmp_read(void)
{
	return open_victims("/tmp/kx-victim-%d", O_RDONLY);
}

static int try_tmp_write(void)
{
	return open_victims("/tmp/kx-victim-%d", O_WRONLY);
}

static int try_empty_to_read(void)
{
	return open_victims("/tmp/kx-victim-%d", O_RDONLY | O_TRUNC);
}

static int try_shm_read(void)
{
	return open_victims("/dev/shm/kx-victim-%d", O_RDONLY);
}

static int try_shm_write(void)
{
	return open_victims("/dev/shm/kx-victim-%d", O_RDWR);
}

static int try_chmod(void)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/tmp/kx-victim-%d", (int)target.pid);
	return outcome(chmod(path, 0600));
}

static int try_passwd(void)
{
	return outcome_fd(open("/etc/passwd", O_RDONLY));
}

static int try_list_root(void)
{
	return outcome_fd(open("/", O_RDONLY | O_DIRECTORY));
}

static int try_sys(void)
{
	return outcome_fd(open("/sys/kernel/mm/transparent_hugepage/enabled", O_RDONLY));
}

/* Descriptor 3: memory that was handed over as read-only. */
static int try_reopen(void)
{
	return outcome_fd(open("/proc/self/fd/3", O_RDWR));
}

static int try_self_mem(void)
{
	return outcome_fd(open("/proc/self/mem", O_RDWR));
}

/* Known to stay open without a file system of its own; see docs/isolation.md. */
static int try_stat(void)
{
	struct stat status;

	return outcome(stat("/etc/passwd", &status));
}

const struct probe object_probes[] = {
	{"abstract_socket", try_abstract_socket},
	{"path_socket", try_path_socket},
	{"tcp", try_tcp},
	{"tcp_listen", try_tcp_listen},
	{"udp", try_udp},
	{"netlink", try_netlink},
	{"alg_socket", try_alg_socket},
	{"socketpair", try_socketpair},
	{"sysv_shm", try_sysv_shm},
	{"sysv_msg", try_sysv_msg},
	{"sysv_sem", try_sysv_sem},
	{"queue", try_queue},
	{"shm_create", try_shm_create},
	{"tmp_create", try_tmp_create},
	{"create_to_read", try_create_to_read},
	{"tmpfile", try_tmpfile},
	{"mkdir", try_mkdir},
	{"tmp_read", try_tmp_read},
	{"tmp_write", try_tmp_write},
	{"empty_to_read", try_empty_to_read},
	{"shm_read", try_shm_read},
	{"shm_write", try_shm_write},
	{"chmod", try_chmod},
	{"passwd", try_passwd},
	{"list_root", try_list_root},
	{"sys", try_sys},
	{"reopen_read_only", try_reopen},
	{"self_mem", try_self_mem},
	{"stat_metadata", try_stat},
	{NULL, NULL},
};
