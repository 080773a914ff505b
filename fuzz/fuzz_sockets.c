/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Socket calls of an entity that were caught (kernel/files/files_socket.c): any arguments, any
 * descriptor, any address. This process is the entity as well. Nothing reaches the network:
 * what would is only looked at.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "files_internal.h"
#include "fuzz.h"

#define CALLS 16u
#define PAGE  4096u

int __wrap_bind(int fd, const struct sockaddr *address, socklen_t size);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t size);
int __wrap_listen(int fd, int queue);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
			  void *(*body)(void *), void *context);
void __wrap_kx_files_answer(int notify, uint64_t id, long result);

static struct kx_files_client client = {.root = -1};
static uint8_t *entity; /* a page that the entity has, and one that it has not */
static int descriptors[4];

static void check_socket(int fd)
{
	socklen_t size = sizeof(int);
	int family = 0;

	fuzz_require(getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &size) == 0);
	fuzz_require(family == AF_INET || family == AF_INET6);
}

static int check_address(int fd, const struct sockaddr *address, socklen_t size)
{
	const struct sockaddr_in *in = (const void *)address;

	check_socket(fd);
	fuzz_require(size >= sizeof(sa_family_t) && size <= sizeof(struct sockaddr_in6));
	/* The emulated machine's network is no network: it means this host. */
	if (address->sa_family == AF_INET)
		fuzz_require((ntohl(in->sin_addr.s_addr) & 0xffffff00u) != 0x0a000200u);
	return 0;
}

int __wrap_bind(int fd, const struct sockaddr *address, socklen_t size)
{
	return check_address(fd, address, size);
}

int __wrap_connect(int fd, const struct sockaddr *address, socklen_t size)
{
	return check_address(fd, address, size);
}

int __wrap_listen(int fd, int queue)
{
	(void)queue;
	check_socket(fd);
	return 0;
}

/* At once, so that a run can be repeated. */
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
			  void *(*body)(void *), void *context)
{
	(void)thread;
	(void)attributes;
	(void)body(context);
	return 0;
}

void __wrap_kx_files_answer(int notify, uint64_t id, long result)
{
	fuzz_require(notify >= 0 && id == 77 && result == 0);
}

static void open_once(void)
{
	if (entity)
		return;
	entity = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	fuzz_require(entity != MAP_FAILED && mprotect(entity + PAGE, PAGE, PROT_NONE) == 0);
	client.pidfd = (int)syscall(SYS_pidfd_open, getpid(), 0);
	client.notify = open("/dev/null", O_RDWR | O_CLOEXEC);
	client.net.given = true;
	descriptors[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	descriptors[1] = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	descriptors[2] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	descriptors[3] = client.notify;
	fuzz_require(client.pidfd >= 0 && client.notify >= 0 && descriptors[2] >= 0);
}

/* An address at the very end of what the entity has; where it is. */
static uint64_t put_address(struct fuzz_input *in, uint64_t size)
{
	size_t length = size < 64 ? (size_t)size : 64;

	fuzz_bytes(in, entity + PAGE - length, length);
	return (uint64_t)(uintptr_t)(entity + PAGE - length);
}

static uint64_t some_argument(struct fuzz_input *in)
{
	uint8_t kind = fuzz_u8(in);

	return kind < 0x40   ? (uint64_t)descriptors[kind % 4]
	       : kind < 0xc0 ? kind & 0x3fu
			     : fuzz_u32(in);
}

static void one_call(struct fuzz_input *in)
{
	static const long numbers[] = {SYS_socket, SYS_bind, SYS_connect, SYS_listen};
	static struct kx_files_call call;
	struct seccomp_notif notice = {.id = 77, .pid = (uint32_t)syscall(SYS_gettid)};
	uint8_t which = fuzz_u8(in);

	notice.data.nr = (int)numbers[which % 4];
	for (unsigned i = 0; i < 3; i++)
		notice.data.args[i] = some_argument(in);
	if (which & 0x10)
		notice.data.args[2] = sizeof(struct sockaddr_in);
	if (which & 0x20 && notice.data.nr != SYS_socket)
		notice.data.args[1] = put_address(in, notice.data.args[2]);
	memset(&call, 0, sizeof(call));
	call.client = &client;
	fuzz_require(kx_files_decode(&notice, &call) && call.op >= KX_FILES_SOCKET);
	if (kx_files_on_socket(&call) == KX_FILES_HAND_OVER) {
		check_socket(call.fd);
		(void)close(call.fd);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = {data, size};
	int next;

	open_once();
	for (unsigned i = 0; i < CALLS && in.left; i++)
		one_call(&in);
	/* Nothing stays open. */
	next = dup(client.notify);
	fuzz_require(next >= 0 && next < 64);
	(void)close(next);
	return 0;
}
