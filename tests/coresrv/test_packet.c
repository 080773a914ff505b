/* SPDX-License-Identifier: Apache-2.0 */

/* Descriptors that the kernel process sends, where there is no memory for what they are of. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "rt.h"
#include "rt_packet.h"

#define CHANNEL 5u

struct kx_rt kx_rt;
static int kernel_end;
static int map_error; /* 0: it can be mapped */
static char memory[64];
static unsigned mapped;

void *kx_rt_map(int fd, uint32_t kind, uint64_t bytes, int protection)
{
	(void)kind;
	(void)bytes;
	(void)protection;
	assert_true(fd > KX_FD_CONTROL);
	errno = map_error;
	if (map_error)
		return NULL;
	mapped++;
	return memory;
}

static int setup(void **state)
{
	int ends[2];

	(void)state;
	kx_rt.message_max = 4096;
	kx_rt.page = mmap(NULL, sizeof(*kx_rt.page), PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(kx_rt.page != MAP_FAILED);
	kx_store(&kx_rt.page->packets, 2);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	kernel_end = dup2(ends[1], 100);
	assert_int_equal(dup2(ends[0], KX_FD_CONTROL), KX_FD_CONTROL);
	return kernel_end == 100 ? 0 : -1;
}

/* The lowest descriptor that is free. */
static int next_descriptor(void)
{
	int fd = dup(kernel_end);

	(void)close(fd);
	return fd;
}

/* What the kernel process does when a channel gets its region. */
static void send_region(uint32_t generation)
{
	struct kx_packet packet = {.kind = KX_PACKET_CHANNEL,
				   .index = CHANNEL,
				   .generation = generation,
				   .bytes = KX_CHANNEL_BYTES(kx_rt.message_max)};
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {.head = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
	struct iovec part = {&packet, sizeof(packet)};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = control.bytes,
				 .msg_controllen = sizeof(control.bytes)};

	memcpy(CMSG_DATA(&control.head), &kernel_end, sizeof(int));
	kx_rt.page->channels[CHANNEL].generation = generation;
	assert_int_equal(sendmsg(kernel_end, &message, 0), sizeof(packet));
	(void)kx_add(&kx_rt.page->packets, 1);
}

static void a_region_is_mapped_when_there_is_memory_again(void **state)
{
	int before = next_descriptor();
	uint32_t generation;

	(void)state;
	map_error = ENOMEM;
	send_region(1);
	kx_rt_packets();
	assert_null(kx_rt_claim_region(CHANNEL, &generation));
	assert_null(kx_rt_claim_region(CHANNEL, &generation));
	map_error = 0;
	assert_ptr_equal(kx_rt_claim_region(CHANNEL, &generation), memory);
	assert_int_equal(generation, 1);
	assert_int_equal(mapped, 1);
	assert_null(kx_rt_claim_region(CHANNEL, &generation));
	assert_int_equal(next_descriptor(), before);
}

static void a_region_of_a_channel_that_is_gone_is_not_kept(void **state)
{
	int before = next_descriptor();
	uint32_t generation;

	(void)state;
	map_error = ENOMEM;
	send_region(2);
	kx_rt_packets();
	kx_rt.page->channels[CHANNEL].generation = 3;
	map_error = 0;
	assert_null(kx_rt_claim_region(CHANNEL, &generation));
	assert_int_equal(next_descriptor(), before);
}

static void a_region_that_is_none_is_not_kept(void **state)
{
	int before = next_descriptor();
	uint32_t generation;

	(void)state;
	map_error = EINVAL;
	send_region(4);
	kx_rt_packets();
	assert_int_equal(next_descriptor(), before);
	map_error = 0;
	assert_null(kx_rt_claim_region(CHANNEL, &generation));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_region_is_mapped_when_there_is_memory_again),
		cmocka_unit_test(a_region_of_a_channel_that_is_gone_is_not_kept),
		cmocka_unit_test(a_region_that_is_none_is_not_kept),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
