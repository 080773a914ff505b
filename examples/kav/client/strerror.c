/* SPDX-License-Identifier: Apache-2.0 */

/* The texts are interface: programs and their users compare them. */

#include "kavclient.h"

static const char *const texts[] = {
	[KAV_ERROR_NONE] = "No error",
	[KAV_ERROR_SOCKET] = "Failed to create a socket to connect to kavdaemon",
	[KAV_ERROR_CONNECT] = "Failed to connect to kavdaemon",
	[KAV_ERROR_CHECK_IN_PROGRESS] = "Check is already in progress",
	[KAV_ERROR_WRITE] = "Failed to write to kavdaemon",
	[KAV_ERROR_WAIT_TO_READ] = "Error waiting for kavdaemon to respond",
	[KAV_ERROR_READ_TIMEOUT] = "Timeout waiting for kavdaemon to respond",
	[KAV_ERROR_READ] = "Failed to read from kavdaemon",
	[KAV_ERROR_BAD_KEYFILE] = "Key file not found or expired",
	[KAV_ERROR_BASES_NOT_FOUND] = "Antivirus descriptions not found",
	[KAV_ERROR_INTEGRITY_VIOLATED] = "Internal integrity was compromised",
	[KAV_ERROR_CANT_GET_KEY] = "Failed to get a key for shared memory",
	[KAV_ERROR_CANT_CREATE_KEYFILE] = "Failed to create a keyfile for shared memory",
	[KAV_ERROR_CANT_GET_SHMEM] = "Failed to allocate shared memory",
	[KAV_ERROR_CANT_ATTACH_SHMEM] = "Failed to attach to shared memory segment",
	[KAV_ERROR_NO_SHMEM_INIT] = "Shared memory operations were not initialized",
	[KAV_ERROR_BAD_SHMEM_SIZE] =
		"Request to check a shared memory segment larger then allocated size",
	[KAV_ERROR_MALLOC_FAILURE] = "Memory allocation failed",
};

const char *kav_strerror(int code)
{
	if (code < 0 || (size_t)code >= sizeof(texts) / sizeof(texts[0]))
		return "Unknown error code";
	return texts[code];
}
