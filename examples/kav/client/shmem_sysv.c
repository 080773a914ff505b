/* SPDX-License-Identifier: Apache-2.0 */

/*
 * System V shared memory, as the kavdaemon protocol names it: by a key from ftok().
 *
 * A temporary key file only lends its number: it is gone again before the segment is made, so
 * nothing of it can stay in /tmp. The segment itself stays until it is closed: a program that is
 * killed in between leaves it (ipcs -m shows it), since the protocol has no way to hand it over.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <unistd.h>

#include "context.h"

#define KEY_ID     'k'
#define KEY_TRIES  64
#define NAME_BYTES 4096

/* An own file for one ftok() with @id. 0 or an error. */
static int temporary_key(int id, key_t *key)
{
	const char *folder = getenv("TMPDIR");
	char name[NAME_BYTES];
	int error;
	int fd;

	if (!folder || folder[0] == '\0')
		folder = "/tmp";
	if (snprintf(name, sizeof(name), "%s/kavXXXXXX", folder) >= (int)sizeof(name)) {
		errno = ENAMETOOLONG;
		return KAV_ERROR_CANT_CREATE_KEYFILE;
	}
	fd = mkostemp(name, O_CLOEXEC);
	if (fd < 0)
		return KAV_ERROR_CANT_CREATE_KEYFILE;
	*key = ftok(name, id);
	error = errno;
	(void)unlink(name);
	(void)close(fd);
	errno = error;
	return *key == (key_t)-1 ? KAV_ERROR_CANT_GET_KEY : 0;
}

static int make_segment(key_t key, size_t size, int *id)
{
	*id = shmget(key, size, IPC_CREAT | IPC_EXCL | 0600);
	return *id < 0 ? KAV_ERROR_CANT_GET_SHMEM : 0;
}

/*
 * Keys hold only 16 bits of the file's number, and the next temporary file often has the number
 * of the last one; so each try has another id.
 */
static int make_temporary(size_t size, key_t *key, int *id)
{
	int code = 0;

	for (unsigned i = 0; i < KEY_TRIES; i++) {
		code = temporary_key(KEY_ID + (int)i, key);
		if (code == 0)
			code = make_segment(*key, size, id);
		if (code != KAV_ERROR_CANT_GET_SHMEM || errno != EEXIST)
			break;
	}
	return code;
}

int kx_kav_shmem_open(const struct kx_kav_target *target, size_t size, const char *keyfile,
		      struct kx_kav_shmem *shmem)
{
	key_t key = -1;
	int id = -1;
	int code;

	(void)target;
	if (keyfile) {
		key = ftok(keyfile, KEY_ID);
		if (key == (key_t)-1)
			return KAV_ERROR_CANT_GET_KEY;
		code = make_segment(key, size, &id);
	} else {
		code = make_temporary(size, &key, &id);
	}
	if (code != 0)
		return code;
	shmem->start = shmat(id, NULL, 0);
	if (shmem->start == (void *)-1) {
		int error = errno;

		(void)shmctl(id, IPC_RMID, NULL);
		shmem->start = NULL;
		errno = error;
		return KAV_ERROR_CANT_ATTACH_SHMEM;
	}
	shmem->size = size;
	shmem->id = id;
	shmem->key = (uint32_t)key;
	return 0;
}

void kx_kav_shmem_close(const struct kx_kav_target *target, struct kx_kav_shmem *shmem)
{
	(void)target;
	(void)shmdt(shmem->start);
	(void)shmctl(shmem->id, IPC_RMID, NULL);
	*shmem = (struct kx_kav_shmem){0};
}
