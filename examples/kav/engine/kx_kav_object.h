/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KAV_OBJECT_H
#define KX_KAV_OBJECT_H

/*
 * An object to scan, wherever its bytes are: read piece by piece into memory of the reader's
 * own, so that whoever can still write to it can't change what was judged.
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define KX_KAV_PIECE (256u << 10)

struct kx_kav_object {
	/* As pread(): bytes read, 0 at the end, -1 with errno. */
	ssize_t (*read)(const struct kx_kav_object *object, void *buf, size_t len, uint64_t at);
	uint64_t size; /* a hint only */
	int fd;
	const uint8_t *bytes;
	/* Asked between pieces; true ends the scan as not complete. May be NULL. */
	bool (*stop)(void *self);
	void *stop_self;
};

struct kx_kav_object kx_kav_object_fd(int fd, uint64_t size);
struct kx_kav_object kx_kav_object_memory(const void *bytes, uint64_t size);

struct kx_kav_bases;
struct kx_kav_verdict;

/*
 * Scans @object with @bases in this process. Code KX_KAV_NOT_COMPLETE with a name that says why
 * ("no memory", "time", text of errno) when it could not be read to its end.
 */
void kx_kav_object_scan(const struct kx_kav_object *object, const struct kx_kav_bases *bases,
			struct kx_kav_verdict *verdict);

#endif /* KX_KAV_OBJECT_H */
