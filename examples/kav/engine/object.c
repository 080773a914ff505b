/* SPDX-License-Identifier: Apache-2.0 */

/* Objects in files and in memory. */

#include "kx_kav_object.h"

#include <string.h>
#include <unistd.h>

static ssize_t read_fd(const struct kx_kav_object *object, void *buf, size_t len, uint64_t at)
{
	return pread(object->fd, buf, len, (off_t)at);
}

static ssize_t read_memory(const struct kx_kav_object *object, void *buf, size_t len, uint64_t at)
{
	uint64_t left = object->size - at;
	size_t n = left < len ? (size_t)left : len;

	memcpy(buf, object->bytes + at, n);
	return (ssize_t)n;
}

struct kx_kav_object kx_kav_object_fd(int fd, uint64_t size)
{
	return (struct kx_kav_object){.read = read_fd, .size = size, .fd = fd};
}

struct kx_kav_object kx_kav_object_memory(const void *bytes, uint64_t size)
{
	return (struct kx_kav_object){.read = read_memory, .size = size, .fd = -1, .bytes = bytes};
}
