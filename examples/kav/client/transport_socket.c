/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The kavdaemon protocol over a UNIX socket: one connection for each check. Every step has an
 * absolute deadline, so a peer that dribbles bytes gains no time.
 */

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "context.h"
#include "wire/kx_kav_wire.h"

/* A report is lines for people; no scanner has more to say than this. */
#define REPORT_MAX (4u << 20)

static int64_t now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t deadline_of(const struct kx_kav_target *target)
{
	return now_ms() + 1000LL * target->seconds;
}

static int close_with(int fd, int code)
{
	int error = errno;

	(void)close(fd);
	errno = error;
	return code;
}

static int protocol_error(void)
{
	errno = EPROTO;
	return KAV_ERROR_READ;
}

/* connect() waits while the listener's queue is full: the send time-out limits that. */
static int connect_until(int fd, const struct sockaddr_un *address, int64_t deadline)
{
	for (;;) {
		int64_t left = deadline - now_ms();
		struct timeval limit = {.tv_sec = left / 1000, .tv_usec = left % 1000 * 1000};

		if (left <= 0) {
			errno = EAGAIN;
			return -1;
		}
		(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
		if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0)
			return 0;
		if (errno != EINTR)
			return -1;
	}
}

static int open_connection(const struct kx_kav_target *target, int *out)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return KAV_ERROR_SOCKET;
	if (strlen(target->path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return close_with(fd, KAV_ERROR_CONNECT);
	}
	memcpy(address.sun_path, target->path, strlen(target->path));
	if (connect_until(fd, &address, deadline_of(target)) != 0)
		return close_with(fd, KAV_ERROR_CONNECT);
	*out = fd;
	return 0;
}

static int send_until(int fd, const char *bytes, size_t len, int64_t deadline)
{
	while (len > 0) {
		struct pollfd poll_fd = {.fd = fd, .events = POLLOUT};
		ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT);
		int64_t left;

		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
			continue;
		}
		if (errno != EAGAIN && errno != EINTR)
			return KAV_ERROR_WRITE;
		left = deadline - now_ms();
		errno = EAGAIN;
		if (left <= 0 || (poll(&poll_fd, 1, (int)left) < 0 && errno != EINTR))
			return KAV_ERROR_WRITE;
	}
	return 0;
}

static int wait_to_read(int fd, int64_t deadline)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
	int64_t left = deadline - now_ms();
	int n = left > 0 ? poll(&poll_fd, 1, (int)left) : 0;

	if (n < 0)
		return KAV_ERROR_WAIT_TO_READ;
	if (n == 0) {
		errno = ETIMEDOUT;
		return KAV_ERROR_READ_TIMEOUT;
	}
	if (poll_fd.revents & POLLNVAL) {
		errno = EBADF;
		return KAV_ERROR_WAIT_TO_READ;
	}
	return 0;
}

static int read_until(int fd, void *buf, size_t len, int64_t deadline)
{
	uint8_t *at = buf;

	while (len > 0) {
		int code = wait_to_read(fd, deadline);
		ssize_t n;

		if (code != 0)
			return code;
		n = recv(fd, at, len, MSG_DONTWAIT);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (n < 0)
			return KAV_ERROR_READ;
		if (n == 0)
			return protocol_error();
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

static int read_report(int fd, struct kx_kav_answer *answer, int64_t deadline)
{
	uint8_t size[4];
	int code = read_until(fd, size, sizeof(size), deadline);

	if (code != 0)
		return code;
	answer->report_len = kx_kav_load32(size);
	if (answer->report_len > REPORT_MAX)
		return protocol_error();
	answer->report = malloc(answer->report_len + 1);
	if (!answer->report) {
		errno = ENOMEM;
		return KAV_ERROR_MALLOC_FAILURE;
	}
	answer->report[answer->report_len] = '\0';
	return read_until(fd, answer->report, answer->report_len, deadline);
}

static int read_reply(int fd, struct kx_kav_answer *answer, int64_t deadline)
{
	uint8_t head[KX_KAV_HEAD_BYTES];
	uint8_t cured_size[4];
	unsigned flags = 0;
	int code = read_until(fd, head, sizeof(head), deadline);

	if (code != 0)
		return code;
	if (!kx_kav_reply_head(head, &answer->code, &flags))
		return protocol_error();
	if (flags & KX_KAV_FLAG_CURED)
		code = read_until(fd, cured_size, sizeof(cured_size), deadline);
	if (code == 0 && (flags & KX_KAV_FLAG_REPORT))
		code = read_report(fd, answer, deadline);
	return code;
}

/* Sends and frees @request, reads the answer. */
static int exchange(const struct kx_kav_target *target, char *request, size_t len,
		    struct kx_kav_answer *answer)
{
	int error;
	int code;
	int fd;

	if (!request)
		return errno == ENOMEM ? KAV_ERROR_MALLOC_FAILURE : KAV_ERROR_WRITE;
	code = open_connection(target, &fd);
	if (code == 0) {
		code = send_until(fd, request, len, deadline_of(target));
		if (code == 0)
			code = read_reply(fd, answer, deadline_of(target));
		code = close_with(fd, code);
	}
	error = errno;
	free(request);
	errno = error;
	return code;
}

static int check_path(const struct kx_kav_target *target, const char *path,
		      struct kx_kav_answer *answer)
{
	size_t len = 0;
	char *request = kx_kav_request_path(path, &len);

	return exchange(target, request, len, answer);
}

static int check_list(const struct kx_kav_target *target, const char *const *paths, size_t count,
		      const char *options, struct kx_kav_answer *answer)
{
	size_t len = 0;
	char *request = kx_kav_request_paths(paths, count, options, &len);

	return exchange(target, request, len, answer);
}

static int check_shmem(const struct kx_kav_target *target, struct kx_kav_shmem *shmem, size_t size,
		       struct kx_kav_answer *answer)
{
	size_t len = 0;
	char *request = kx_kav_request_shmem(shmem->key, size, &len);

	return exchange(target, request, len, answer);
}

const struct kx_kav_transport kx_kav_transport_socket = {
	.check_path = check_path,
	.check_list = check_list,
	.check_shmem = check_shmem,
	.shmem_open = kx_kav_shmem_open,
	.shmem_close = kx_kav_shmem_close,
};
