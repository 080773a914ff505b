/* SPDX-License-Identifier: Apache-2.0 */

/*
 * libkavclient over Call/Recv/Reply: "kos:NAME" is the connection NAME of init.yaml. The scanner
 * has no files: this side opens them and sends their bytes, small ones in the message itself,
 * large ones through shared memory whose handle is sent once.
 *
 *   kos_call.c   one call and its error          kos_walk.c   files and folders
 *   kos_scan.c   one object by each way
 */

#include <coresrv/handle/handle_api.h>
#include <coresrv/vmm/vmm_api.h>
#include <errno.h>
#include <hal/page.h>
#include <string.h>
#include <sys/stat.h>

#include "kos_call.h"

#define SHOWN "shared memory"

static int cant_get(int error)
{
	errno = error;
	return KAV_ERROR_CANT_GET_SHMEM;
}

/* @keyfile is not needed here, but one that does not exist is a mistake on either transport. */
static int shmem_open(const struct kx_kav_target *target, size_t size, const char *keyfile,
		      struct kx_kav_shmem *shmem)
{
	struct stat stat_of;
	Handle handle;
	Retcode rc;

	(void)target;
	if (keyfile && stat(keyfile, &stat_of) != 0)
		return KAV_ERROR_CANT_GET_KEY;
	if (size == 0)
		return cant_get(EINVAL);
	if (size > SIZE_MAX - PAGE_SIZE || KnPmmMdlCreate(size, 0, &handle) != rcOk)
		return cant_get(ENOMEM);
	rc = KnPmmMdlMap(handle, 0, (size + PAGE_SIZE - 1) & PAGE_MASK, RTL_NULL,
			 VMM_FLAG_READ | VMM_FLAG_WRITE, &shmem->start);
	if (rc != rcOk) {
		(void)KnHandleClose(handle);
		shmem->start = NULL;
		errno = ENOMEM;
		return KAV_ERROR_CANT_ATTACH_SHMEM;
	}
	shmem->size = size;
	shmem->handle = handle;
	return 0;
}

static void shmem_close(const struct kx_kav_target *target, struct kx_kav_shmem *shmem)
{
	kx_kav_kos_take_back(target, shmem);
	(void)KnVmUnmap(shmem->start, (shmem->size + PAGE_SIZE - 1) & PAGE_MASK);
	(void)KnHandleClose(shmem->handle);
	*shmem = (struct kx_kav_shmem){0};
}

/* One object in memory, judged or not: an answer like that for a file. */
static int finish(int code, const struct kx_kav_judged *judged, struct kx_kav_answer *out)
{
	struct kx_kav_report report = {.max = KX_KAV_KOS_REPORT};
	int state = judged->verdict.code;

	if (code == 0 && state <= KX_KAV_CORRUPTED)
		kx_kav_report_add(&report, SHOWN, &judged->verdict);
	return kx_kav_kos_answer(code, state, &report, out);
}

static int check_shmem(const struct kx_kav_target *target, struct kx_kav_shmem *shmem, size_t size,
		       struct kx_kav_answer *out)
{
	struct kx_kav_judged judged = {0};
	int code = kx_kav_kos_shared(target, shmem, size, &judged);

	return finish(code, &judged, out);
}

static bool takes_bytes(size_t size)
{
	return size > 0 && size <= KX_KAV_KOS_BYTES;
}

static int check_bytes(const struct kx_kav_target *target, const void *bytes, size_t size,
		       struct kx_kav_answer *out)
{
	struct kx_kav_judged judged = {0};
	int code = kx_kav_kos_buffer(target, bytes, size, &judged);

	return finish(code, &judged, out);
}

static int check_list(const struct kx_kav_target *target, const char *const *paths, size_t count,
		      const char *options, struct kx_kav_answer *out)
{
	return kx_kav_kos_walk(target, paths, count, options, out);
}

static int check_path(const struct kx_kav_target *target, const char *path,
		      struct kx_kav_answer *out)
{
	return kx_kav_kos_walk(target, &path, 1, "I0", out);
}

static const struct kx_kav_transport transport = {
	.check_path = check_path,
	.check_list = check_list,
	.check_shmem = check_shmem,
	.takes_bytes = takes_bytes,
	.check_bytes = check_bytes,
	.shmem_open = shmem_open,
	.shmem_close = shmem_close,
};

const struct kx_kav_transport *const kx_kav_transport_kos = &transport;
