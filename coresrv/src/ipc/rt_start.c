/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Attaching: the kernel process has put two packets on the control socket before
 * this program started, the task page and the kernel link. A program that is not
 * started as an entity has no such socket, and every call says rcNotReady.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kx_control.h"
#include "kx_env.h"
#include "rt.h"
#include "rt_packet.h"

struct kx_rt kx_rt;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char output[4096]; /* of stdout: a program that only prints needs no heap */

void *kx_rt_map(int fd, uint32_t kind, uint64_t bytes, int protection)
{
	struct kx_region_header header;
	struct stat status;
	void *region;

	/* Read, not looked at: what is not used of a region is not mapped in, and a start is
	 * cheaper. */
	if (fstat(fd, &status) != 0 || (uint64_t)status.st_size != bytes ||
	    pread(fd, &header, sizeof(header), 0) != sizeof(header) ||
	    header.magic != KX_ABI_MAGIC || header.abi_version != KX_ABI_VERSION ||
	    header.region_kind != kind || header.region_bytes != bytes || header.reserved0 != 0) {
		errno = EINVAL;
		return NULL;
	}
	region = mmap(NULL, bytes, protection, MAP_SHARED | MAP_NORESERVE, fd, 0);
	if (region == MAP_FAILED)
		return NULL;
	(void)madvise(region, bytes, MADV_DONTFORK);
	(void)madvise(region, bytes, MADV_DONTDUMP);
	return region;
}

/* One of the first two packets: its region, mapped. */
static void *first_region(uint32_t packet_kind, uint32_t region_kind, int protection,
			  uint64_t *bytes)
{
	struct kx_packet packet;
	void *region;
	int fd = kx_rt_receive(&packet);

	if (fd < 0)
		return NULL;
	region = packet.kind == packet_kind ? kx_rt_map(fd, region_kind, packet.bytes, protection)
					    : NULL;
	*bytes = packet.bytes;
	(void)close(fd);
	return region;
}

/* fstat is what the sandbox lets through; the first packet proves the rest. */
static bool has_control_socket(void)
{
	struct stat status;

	return fstat(KX_FD_CONTROL, &status) == 0 && S_ISSOCK(status.st_mode) &&
	       fstat(KX_FD_BELL, &status) == 0;
}

static void attach(void)
{
	struct kx_task_page *page;
	struct kx_link_region *link;
	uint64_t bytes;

	if (!has_control_socket())
		return;
	page = first_region(KX_PACKET_TASK_PAGE, KX_REGION_TASK_PAGE, PROT_READ, &bytes);
	link = first_region(KX_PACKET_LINK, KX_REGION_LINK, PROT_READ | PROT_WRITE, &bytes);
	if (!page || !link || bytes != KX_LINK_BYTES(page->message_max)) {
		static const char text[] = "kosix: this program and the kernel process were built "
					   "from different versions; build both again\n";

		(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
		return;
	}
	if (!(page->flags & KX_TASK_DUMPABLE))
		(void)prctl(PR_SET_DUMPABLE, 0);
	kx_wait_setup(page->pause_ps, !(page->flags & KX_TASK_SPIN_OFF),
		      page->flags & KX_TASK_CROWDED);
	kx_rt.link = link;
	kx_rt.link_payload = (uint8_t *)link + KX_LINK_PAYLOAD;
	kx_rt.message_max = page->message_max;
	kx_rt.page = page;
}

bool kx_rt_attached(void)
{
	(void)pthread_once(&once, attach);
	return kx_rt.page != NULL;
}

/*
 * In the child of a fork: the regions stayed with the parent (MADV_DONTFORK), and the sockets are
 * the parent's, whose end the kernel process shall see in them. To the child every call says
 * rcNotReady, as to any program that is no entity.
 */
static void detach(void)
{
	kx_rt_thread_forget();
	kx_rt.page = NULL;
	(void)close(KX_FD_CONTROL);
	(void)close(KX_FD_BELL);
}

/*
 * Before main: an entity is not dumpable from its first own instruction on, its lines
 * are seen when they are printed, and main finds the arguments and the environment that an Env
 * program gives.
 */
__attribute__((constructor)) static void attach_early(int argc, char **argv)
{
	if (!kx_rt_attached())
		return;
	(void)pthread_atfork(NULL, NULL, detach);
	/* It is a pipe: without this nothing would be seen of a server that prints and goes on. */
	(void)setvbuf(stdout, output, _IOLBF, sizeof(output));
	kx_env_fetch(argc > 0 ? argv[0] : NULL);
}

Retcode kx_rt_handle(uint32_t handle, struct kx_handle_entry **entry)
{
	uint32_t index = KX_HANDLE_INDEX(handle);
	uint32_t state;

	if (index == 0 || handle == KX_HANDLE_INVALID)
		return rcInvalidArgument;
	*entry = &kx_rt.page->handles[index];
	/* T2 (pairs with T1 in kx_task_page_handle): the rest of the entry is read after its state.
	 */
	state = kx_load(&(*entry)->state);
	if (state >> 2 != KX_HANDLE_GEN(handle))
		return rcInvalidArgument;
	switch (state & 3u) {
	case KX_HANDLE_OPEN:
		return rcOk;
	case KX_HANDLE_REVOKED:
		return rcHandleRevoked;
	default:
		return rcInvalidArgument;
	}
}
