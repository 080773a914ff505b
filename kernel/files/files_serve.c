/* SPDX-License-Identifier: Apache-2.0 */

/* One caught call, from what seccomp reported to its answer. Helper thread. */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "files_internal.h"
#include "log.h"

/* ENOENT: the thread that called is gone, nobody waits. */
static void send_answer(int notify, const struct seccomp_notif_resp *answer)
{
	if (ioctl(notify, SECCOMP_IOCTL_NOTIF_SEND, answer) != 0 && errno != ENOENT)
		kx_log("a file call cannot be answered: %m");
}

void kx_files_answer(int notify, uint64_t id, long result)
{
	struct seccomp_notif_resp answer = {.id = id};

	if (result < 0)
		answer.error = (int32_t)result;
	else
		answer.val = result;
	send_answer(notify, &answer);
}

static void hand_over(const struct kx_files_call *call)
{
	struct seccomp_notif_addfd add = {
		.id = call->id,
		.flags = SECCOMP_ADDFD_FLAG_SEND,
		.srcfd = (uint32_t)call->fd,
		.newfd_flags = call->close_on_exec ? O_CLOEXEC : 0,
	};

	/* The table of the entity may be full. */
	if (ioctl(call->client->notify, SECCOMP_IOCTL_NOTIF_ADDFD, &add) < 0 && errno != ENOENT)
		kx_files_answer(call->client->notify, call->id, -errno);
	(void)close(call->fd);
}

static int fetch_names(struct kx_files_call *call)
{
	int rc = 0;

	if (call->path || call->path_to || call->data)
		call->memory = kx_files_memory_of(call->thread, call->data != 0);
	if (call->op < KX_FILES_SOCKET && call->path)
		rc = kx_files_text(&call->memory, call->path, call->name, sizeof(call->name));
	if (rc == 0 && call->op < KX_FILES_SOCKET && call->path_to)
		rc = kx_files_text(&call->memory, call->path_to, call->name_to,
				   sizeof(call->name_to));
	return rc;
}

static long serve(struct kx_files_call *call)
{
	int rc = fetch_names(call);

	/* What was read belongs to the call, and the memory to its thread, only if that still
	 * waits. */
	if (rc == 0 && ioctl(call->client->notify, SECCOMP_IOCTL_NOTIF_ID_VALID, &call->id) != 0)
		rc = -ENOENT;
	if (rc != 0)
		return rc;
	if (call->op == KX_FILES_LOCK)
		return kx_files_on_lock(call);
	if (call->op < KX_FILES_SOCKET && kx_files_goes_on(call))
		return KX_FILES_GO_ON;
	if (call->op < KX_FILES_SOCKET && kx_files_waits(call->client))
		return kx_files_tangled(call->client) ? -EDEADLK : KX_FILES_PARK;
	if (!kx_files_granted(call))
		return -EPERM;
	return call->op < KX_FILES_SOCKET ? kx_files_on_path(call) : kx_files_on_socket(call);
}

void kx_files_serve_notice(struct kx_files_client *client, const struct seccomp_notif *notice)
{
	static struct kx_files_call call; /* two paths: too large for a stack */
	struct seccomp_notif_resp go_on = {.id = notice->id,
					   .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
	long result = -ENOSYS;

	memset(&call, 0, sizeof(call));
	call.client = client;
	call.memory = (struct kx_files_memory){-1, -1};
	if (kx_files_decode(notice, &call))
		result = serve(&call);
	kx_files_memory_close(&call.memory);
	if (result == KX_FILES_PARK)
		result = kx_files_park(client, notice) == 0 ? KX_FILES_LATER : -ENOMEM;
	if (result == KX_FILES_GO_ON)
		send_answer(client->notify, &go_on);
	else if (result == KX_FILES_HAND_OVER)
		hand_over(&call);
	else if (result != KX_FILES_LATER)
		kx_files_answer(client->notify, notice->id, result);
}
