/* SPDX-License-Identifier: Apache-2.0 */

/* Contexts: their life, their settings, what the last check has found. */

#include "context.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "wire/kx_kav_wire.h"

kav_ctx kav_new(void)
{
	struct kav_context *ctx = calloc(1, sizeof(*ctx));

	if (!ctx)
		return NULL;
	atomic_flag_clear(&ctx->busy);
	atomic_init(&ctx->error, KAV_ERROR_NONE);
	ctx->seconds = KX_KAV_DEFAULT_SECONDS;
	ctx->status = KAV_STATUS_NOT_CHECKED;
	return ctx;
}

void kav_free(kav_ctx ctx)
{
	if (!ctx)
		return;
	kav_reset(ctx);
	kav_shmem_cleanup(ctx);
	free(ctx->socket_path);
	free(ctx);
}

int kav_get_error(kav_ctx ctx)
{
	return atomic_load(&ctx->error);
}

int kx_kav_fail(struct kav_context *ctx, int code)
{
	atomic_store(&ctx->error, code);
	return -1;
}

int kx_kav_fail_errno(struct kav_context *ctx, int code, int error)
{
	errno = error;
	return kx_kav_fail(ctx, code);
}

static bool is_kos(const char *path)
{
	return path && strncmp(path, KX_KAV_KOS_PREFIX, strlen(KX_KAV_KOS_PREFIX)) == 0;
}

int kav_set_socketpath(kav_ctx ctx, const char *socket_path)
{
	char *copy = NULL;

	if (socket_path) {
		size_t size = strlen(socket_path) + 1;

		copy = malloc(size);
		if (!copy)
			return kx_kav_fail_errno(ctx, KAV_ERROR_MALLOC_FAILURE, ENOMEM);
		memcpy(copy, socket_path, size);
	}
	if (is_kos(copy) != is_kos(ctx->socket_path))
		kav_shmem_cleanup(ctx);
	free(ctx->socket_path);
	ctx->socket_path = copy;
	return 0;
}

const char *kav_get_socketpath(kav_ctx ctx)
{
	return ctx->socket_path;
}

int kav_set_timeout(kav_ctx ctx, int seconds)
{
	if (seconds < 1) {
		errno = EINVAL;
		return -1;
	}
	ctx->seconds = seconds;
	return 0;
}

int kav_get_timeout(kav_ctx ctx)
{
	return ctx->seconds;
}

const struct kx_kav_transport *kx_kav_transport_of(const struct kav_context *ctx)
{
	if (!is_kos(ctx->socket_path))
		return &kx_kav_transport_socket;
	if (!kx_kav_transport_kos)
		errno = EPROTONOSUPPORT;
	return kx_kav_transport_kos;
}

struct kx_kav_target kx_kav_target_of(const struct kav_context *ctx)
{
	const char *path = ctx->socket_path ? ctx->socket_path : KX_KAV_DEFAULT_PATH;

	return (struct kx_kav_target){.path = path, .seconds = ctx->seconds};
}

int kav_result_get_status(kav_ctx ctx)
{
	return ctx->status;
}

const char *kav_result_get_report(kav_ctx ctx)
{
	return ctx->report ? ctx->report : "";
}

int kav_result_get_report_len(kav_ctx ctx)
{
	return (int)ctx->report_len;
}

void kav_reset(kav_ctx ctx)
{
	free(ctx->report);
	ctx->report = NULL;
	ctx->report_len = 0;
	ctx->status = KAV_STATUS_NOT_CHECKED;
}

bool kx_kav_begin(struct kav_context *ctx)
{
	if (atomic_flag_test_and_set(&ctx->busy)) {
		(void)kx_kav_fail_errno(ctx, KAV_ERROR_CHECK_IN_PROGRESS, EBUSY);
		return false;
	}
	kav_reset(ctx);
	return true;
}

/* The error the scanner reports about itself, the gravest of its bits; 0 for none. */
static int daemon_error(int code)
{
	if ((code & KX_KAV_BAD_BASES) || (code & 0x0f) == KX_KAV_DAEMON_DAMAGED)
		return KAV_ERROR_INTEGRITY_VIOLATED;
	if (code & KX_KAV_NO_BASES)
		return KAV_ERROR_BASES_NOT_FOUND;
	if (code & KX_KAV_NO_KEY)
		return KAV_ERROR_BAD_KEYFILE;
	return 0;
}

int kx_kav_end(struct kav_context *ctx, int code, struct kx_kav_answer *answer)
{
	int error = errno;
	int failed = code != 0 ? code : daemon_error(answer->code);
	int result = 0;

	if (failed != 0) {
		free(answer->report);
		result = kx_kav_fail(ctx, failed);
	} else {
		ctx->status = answer->code;
		ctx->report = answer->report;
		ctx->report_len = answer->report_len;
	}
	atomic_flag_clear(&ctx->busy);
	errno = error;
	return result;
}
