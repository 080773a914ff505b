/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KAV_CONTEXT_H
#define KX_KAV_CONTEXT_H

/*
 * Inside libkavclient: the context, and the two ways to reach a scanner behind one interface.
 *
 *   context.c   life, settings, result       check.c    the checks, their order of errors
 *   memory.c    kav_shmem_*, kav_check_mem   strerror.c
 *   transport_socket.c, shmem_sysv.c   the kavdaemon protocol
 *   transport_kos.c                    Call/Recv/Reply (libkavclient_kos)
 */

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kavclient.h"

#define KX_KAV_DEFAULT_PATH    "/var/run/AvpCtl"
#define KX_KAV_DEFAULT_SECONDS 5
#define KX_KAV_KOS_PREFIX      "kos:"

/* What came back: a code of the scanner and its report. */
struct kx_kav_answer {
	int code;     /* enum kx_kav_code, error bits included */
	char *report; /* malloc()ed, with a NUL; or NULL */
	size_t report_len;
};

/* Shared memory; which fields count is the transport's business. */
struct kx_kav_shmem {
	void *start; /* NULL: none */
	size_t size;
	int id;          /* System V */
	uint32_t key;    /* System V */
	uint32_t handle; /* Kosix */
	uint64_t lent;   /* Kosix: the scanner's number for it; 0: the scanner has not got it */
};

struct kx_kav_target {
	const char *path;
	int seconds;
};

/* Every function returns 0, or a KAV_ERROR_ code with errno set and nothing left behind. */
struct kx_kav_transport {
	int (*check_path)(const struct kx_kav_target *target, const char *path,
			  struct kx_kav_answer *answer);
	int (*check_list)(const struct kx_kav_target *target, const char *const *paths,
			  size_t count, const char *options, struct kx_kav_answer *answer);
	int (*check_shmem)(const struct kx_kav_target *target, struct kx_kav_shmem *shmem,
			   size_t size, struct kx_kav_answer *answer);
	/* For memory that needs no shared memory; NULL where there is no such way. */
	bool (*takes_bytes)(size_t size);
	int (*check_bytes)(const struct kx_kav_target *target, const void *bytes, size_t size,
			   struct kx_kav_answer *answer);
	int (*shmem_open)(const struct kx_kav_target *target, size_t size, const char *keyfile,
			  struct kx_kav_shmem *shmem);
	void (*shmem_close)(const struct kx_kav_target *target, struct kx_kav_shmem *shmem);
};

extern const struct kx_kav_transport kx_kav_transport_socket;
/* NULL in libkavclient, a transport in libkavclient_kos. */
extern const struct kx_kav_transport *const kx_kav_transport_kos;

int kx_kav_shmem_open(const struct kx_kav_target *target, size_t size, const char *keyfile,
		      struct kx_kav_shmem *shmem);
void kx_kav_shmem_close(const struct kx_kav_target *target, struct kx_kav_shmem *shmem);

struct kav_context {
	atomic_flag busy;
	atomic_int error;
	int seconds;
	char *socket_path; /* NULL: default */
	int status;
	char *report; /* NULL: "" */
	size_t report_len;
	const struct kx_kav_transport *shmem_of; /* who made shmem */
	struct kx_kav_shmem shmem;
};

/* The transport for the path of @ctx; NULL with errno when it is not linked in. */
const struct kx_kav_transport *kx_kav_transport_of(const struct kav_context *ctx);
struct kx_kav_target kx_kav_target_of(const struct kav_context *ctx);

/* Notes @code as the context's error, keeps errno, returns -1. */
int kx_kav_fail(struct kav_context *ctx, int code);
/* As kx_kav_fail() with errno = @error. */
int kx_kav_fail_errno(struct kav_context *ctx, int code, int error);

/* Marks a check as begun: the old result goes. False: one is running, noted as error. */
bool kx_kav_begin(struct kav_context *ctx);
/* Ends the check with a transport's result: stores @answer or notes the error. 0 or -1. */
int kx_kav_end(struct kav_context *ctx, int code, struct kx_kav_answer *answer);

#endif /* KX_KAV_CONTEXT_H */
