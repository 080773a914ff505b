/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What a scanner can answer, against libkavclient's side of the kavdaemon protocol. The
 * socket it opens is one end of a pair whose other end has said everything already.
 */

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/context.h"
#include "fuzz.h"

int __wrap_socket(int family, int type, int protocol);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t size);

static struct {
	const uint8_t *data;
	size_t size;
	int other;
} answer_bytes;

int __wrap_socket(int family, int type, int protocol)
{
	int pair[2];

	(void)family;
	(void)protocol;
	if (socketpair(AF_UNIX, type, 0, pair) != 0)
		return -1;
	answer_bytes.other = pair[1];
	fuzz_require(send(pair[1], answer_bytes.data, answer_bytes.size, 0) ==
		     (ssize_t)answer_bytes.size);
	(void)shutdown(pair[1], SHUT_WR);
	return pair[0];
}

int __wrap_connect(int fd, const struct sockaddr *address, socklen_t size)
{
	(void)fd;
	(void)address;
	(void)size;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct kx_kav_target target = {"/nowhere", 5};
	struct kx_kav_answer answer = {0};
	int code;

	/* More would wait for somebody to read it. */
	answer_bytes.data = data;
	answer_bytes.size = size < 32768 ? size : 32768;
	errno = 0;
	code = kx_kav_transport_socket.check_path(&target, "/a", &answer);
	(void)close(answer_bytes.other);
	if (code != 0)
		fuzz_require(errno);
	else if (answer.report)
		fuzz_require(answer.report[answer.report_len] == '\0');
	free(answer.report);
	return 0;
}
