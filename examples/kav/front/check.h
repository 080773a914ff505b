/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KAV_CHECK_H
#define KX_KAV_CHECK_H

/* One check under way: what a request asked for, how far it may go, what was found. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "front.h"
#include "peer.h"
#include "report.h"
#include "wire/kx_kav_wire.h"

struct kx_kav_check {
	struct kx_kav_front *front;
	const struct kx_kav_peer *peer;
	bool cure; /* asked for and granted */
	bool delete_object;
	int64_t deadline; /* kx_kav_now() */
	unsigned files_left;
	uint32_t cured_size; /* shared memory: the new size, when the code is KX_KAV_CURED */
	struct kx_kav_report report;
};

/* Whether the check must end now: time is up or the daemon is ending. @self is the check. */
bool kx_kav_check_stop(void *self);

/* Checks @path, a file or a folder with everything below it. The thread acts as the peer. */
void kx_kav_check_path(struct kx_kav_check *check, const char *path);

/* An open regular file: @parent and @name are where it would be deleted. */
struct kx_kav_found {
	int fd;
	int parent;
	const char *name;  /* in @parent */
	const char *shown; /* in the report */
	uint64_t size;
	dev_t dev;
	ino_t ino;
	bool writable;
};

/* Judges one file, cures or deletes it where that is wanted and possible, adds its line. */
void kx_kav_check_file_object(struct kx_kav_check *check, const struct kx_kav_found *found);

/* The object in the System V segment @key. */
void kx_kav_check_memory(struct kx_kav_check *check, uint32_t key, uint64_t size);

/*
 * Answers one request: malloc()ed bytes of the whole reply. NULL: no memory for a reply, hang up.
 */
uint8_t *kx_kav_answer(struct kx_kav_front *front, const struct kx_kav_peer *peer,
		       const struct kx_kav_request *request, size_t *len);
/* The reply for a request that can't be answered: code 1 and a line with @why. */
uint8_t *kx_kav_refuse(const char *why, size_t *len);

#endif /* KX_KAV_CHECK_H */
