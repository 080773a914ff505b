/* SPDX-License-Identifier: Apache-2.0 */

/* Checks of memory, over the shared memory of whichever transport the path names. */

#include <errno.h>
#include <string.h>

#include "context.h"

int kav_shmem_init(kav_ctx ctx, void **mem, size_t size, const char *keyfile)
{
	struct kx_kav_target target = kx_kav_target_of(ctx);
	const struct kx_kav_transport *transport = kx_kav_transport_of(ctx);
	int code;

	*mem = NULL;
	kav_shmem_cleanup(ctx);
	if (!transport)
		return kx_kav_fail_errno(ctx, KAV_ERROR_CANT_GET_SHMEM, EPROTONOSUPPORT);
	code = transport->shmem_open(&target, size, keyfile, &ctx->shmem);
	if (code != 0) {
		ctx->shmem = (struct kx_kav_shmem){0};
		return kx_kav_fail(ctx, code);
	}
	ctx->shmem_of = transport;
	*mem = ctx->shmem.start;
	return 0;
}

static int check_shared(struct kav_context *ctx, size_t size, struct kx_kav_answer *answer)
{
	struct kx_kav_target target = kx_kav_target_of(ctx);

	if (!ctx->shmem.start) {
		errno = EINVAL;
		return KAV_ERROR_NO_SHMEM_INIT;
	}
	if (size > ctx->shmem.size) {
		errno = EINVAL;
		return KAV_ERROR_BAD_SHMEM_SIZE;
	}
	return ctx->shmem_of->check_shmem(&target, &ctx->shmem, size, answer);
}

int kav_shmem_check(kav_ctx ctx, size_t size)
{
	struct kx_kav_answer answer = {0};

	if (!kx_kav_begin(ctx))
		return -1;
	return kx_kav_end(ctx, check_shared(ctx, size, &answer), &answer);
}

void kav_shmem_cleanup(kav_ctx ctx)
{
	struct kx_kav_target target = kx_kav_target_of(ctx);
	int error = errno;

	if (ctx->shmem.start)
		ctx->shmem_of->shmem_close(&target, &ctx->shmem);
	ctx->shmem = (struct kx_kav_shmem){0};
	ctx->shmem_of = NULL;
	errno = error;
}

static int check_copy(struct kav_context *ctx, const void *mem, size_t size,
		      struct kx_kav_answer *answer)
{
	struct kx_kav_target target = kx_kav_target_of(ctx);
	const struct kx_kav_transport *transport = kx_kav_transport_of(ctx);
	struct kx_kav_shmem shmem = {0};
	int code;
	int error;

	if (!transport)
		return KAV_ERROR_CONNECT;
	if (transport->takes_bytes && transport->takes_bytes(size))
		return transport->check_bytes(&target, mem, size, answer);
	code = transport->shmem_open(&target, size, NULL, &shmem);
	if (code != 0)
		return code;
	memcpy(shmem.start, mem, size);
	code = transport->check_shmem(&target, &shmem, size, answer);
	error = errno;
	transport->shmem_close(&target, &shmem);
	errno = error;
	return code;
}

int kav_check_mem(kav_ctx ctx, const void *mem, size_t size)
{
	struct kx_kav_answer answer = {0};

	if (!kx_kav_begin(ctx))
		return -1;
	return kx_kav_end(ctx, check_copy(ctx, mem, size, &answer), &answer);
}
