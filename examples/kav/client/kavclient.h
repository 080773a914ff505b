/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KAVCLIENT_H
#define KAVCLIENT_H

/*
 * libkavclient: asks a scanner whether files or memory hold something that should not be there.
 *
 *	kav_ctx ctx = kav_new();
 *	if (kav_check_file(ctx, "letter.doc") == 0)
 *		printf("%d\n%s", kav_result_get_status(ctx), kav_result_get_report(ctx));
 *	else
 *		fprintf(stderr, "%s\n", kav_strerror(kav_get_error(ctx)));
 *	kav_free(ctx);
 *
 * A check either is answered (0; clean or not, see the status) or fails (-1; see the error).
 * A file that does not exist is an answer, KAV_STATUS_SCAN_NOT_COMPLETE, not an error.
 *
 * The scanner is found by the socket path: the path of a UNIX socket (the default,
 * /var/run/AvpCtl) speaks the kavdaemon protocol; "kos:NAME" calls the Kosix connection NAME
 * (only in programs linked with libkavclient_kos).
 *
 * Threads: different contexts may be used at the same time. One context belongs to one thread at
 * a time; a second check in it meanwhile fails with KAV_ERROR_CHECK_IN_PROGRESS and harms nothing.
 *
 * Where a function below says "errno", errno holds the cause after it failed.
 */

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kav_context *kav_ctx;

enum {
	KAV_STATUS_NOT_CHECKED = -1,
	KAV_STATUS_CLEAN = 0,
	KAV_STATUS_SCAN_NOT_COMPLETE = 1,
	KAV_STATUS_CORRUPTED_VIRUSES_FOUND = 2,
	KAV_STATUS_SUSPICIOUS_FOUND = 3,
	KAV_STATUS_VIRUSES_FOUND = 4,
	KAV_STATUS_CURED = 5,
	KAV_STATUS_INFECTED_DELETED = 6,
	KAV_STATUS_CORRUPTED_FOUND = 8
};

enum {
	KAV_ERROR_NONE = 0,
	KAV_ERROR_SOCKET = 1,               /* errno; no endpoint could be made */
	KAV_ERROR_CONNECT = 2,              /* errno; EACCES: the policy or file modes say no */
	KAV_ERROR_CHECK_IN_PROGRESS = 3,    /* this context is checking in another thread */
	KAV_ERROR_WRITE = 4,                /* errno; EINVAL: a path the protocol can't carry */
	KAV_ERROR_WAIT_TO_READ = 5,         /* errno; EINTR: a signal came */
	KAV_ERROR_READ_TIMEOUT = 6,         /* errno ETIMEDOUT; kav_set_timeout() */
	KAV_ERROR_READ = 7,                 /* errno; ECONNRESET, EPROTO: no valid answer */
	KAV_ERROR_BAD_KEYFILE = 8,          /* the scanner has no key, or an expired one */
	KAV_ERROR_BASES_NOT_FOUND = 9,      /* the scanner has no signatures */
	KAV_ERROR_INTEGRITY_VIOLATED = 10,  /* the scanner or its signatures were changed */
	KAV_ERROR_CANT_GET_KEY = 11,        /* errno; of the key file */
	KAV_ERROR_CANT_CREATE_KEYFILE = 12, /* errno; in TMPDIR or /tmp */
	KAV_ERROR_CANT_GET_SHMEM = 13,      /* errno */
	KAV_ERROR_CANT_ATTACH_SHMEM = 14,   /* errno */
	KAV_ERROR_NO_SHMEM_INIT = 15,       /* kav_shmem_init() comes first */
	KAV_ERROR_BAD_SHMEM_SIZE = 16,      /* more than kav_shmem_init() was asked for */
	KAV_ERROR_MALLOC_FAILURE = 17
};

/* Makes a context: default socket, 5 seconds, nothing checked. NULL only without memory. */
kav_ctx kav_new(void);

/* Ends @ctx with its result and shared memory. NULL is allowed. No check may be running. */
void kav_free(kav_ctx ctx);

/* The code of the last call that failed in @ctx; success never clears it. KAV_ERROR_NONE at first.
 */
int kav_get_error(kav_ctx ctx);

/* The text for @code; for anything that is no code a text that says so. Never NULL, never free it.
 */
const char *kav_strerror(int code);

/*
 * Chooses the scanner; @socket_path is copied, NULL is the default. Returns 0, or -1 with
 * KAV_ERROR_MALLOC_FAILURE and the former path in place. An open shared memory is given up when
 * the kind of path changes ("kos:" or not), since it belongs to the kind.
 */
int kav_set_socketpath(kav_ctx ctx, const char *socket_path);

/* The path that was set, NULL if the default is in use. Good until the next set or free. */
const char *kav_get_socketpath(kav_ctx ctx);

/*
 * How long to wait for an answer, from the end of the request to the last byte of the reply;
 * connecting and sending have the same limit each. Returns 0; -1 with errno EINVAL and the former
 * value in place when @seconds is below 1 (waiting for ever is not offered).
 */
int kav_set_timeout(kav_ctx ctx, int seconds);
int kav_get_timeout(kav_ctx ctx);

/*
 * Checks a file, or a folder with everything below it. A relative name is made absolute first.
 * Blocks up to the time-outs. Returns 0: answered, see kav_result_get_status(); -1: error 1 to 10
 * or 17, and no result is stored (nor kept from an earlier check).
 */
int kav_check_file(kav_ctx ctx, const char *filename);

/*
 * Checks @count files or folders in one request. @options: switches of the scanner without their
 * dash, joined by "|", for example "I0" (only report); NULL or "" for none. Returns as
 * kav_check_file(). Names with ; | } or the byte 0xFE can't be sent in a list: KAV_ERROR_WRITE,
 * EINVAL; one such name without options is sent as kav_check_file() would.
 */
int kav_check_files(kav_ctx ctx, const char *const *pathnames, int count, const char *options);

/*
 * Checks @size bytes at @mem: makes shared memory, copies, checks, removes it. Does not touch
 * shared memory of kav_shmem_init(). Returns as kav_check_file(), and also -1 with 11 to 14.
 */
int kav_check_mem(kav_ctx ctx, const void *mem, size_t size);

/*
 * Makes shared memory of @size bytes that belongs to @ctx and leaves its start in *@mem; an
 * earlier one is given up first. @keyfile names an existing file for ftok(), NULL: a temporary
 * one. Returns 0, or -1 with error 11 to 14 or 17, errno, *@mem NULL and no shared memory.
 */
int kav_shmem_init(kav_ctx ctx, void **mem, size_t size, const char *keyfile);

/*
 * Checks the first @size bytes of the shared memory; write new data and call again as often as
 * needed. 0 bytes are clean. A scanner that cures does so in place. Returns as kav_check_file(),
 * and also -1 with 15 or 16; then nothing was sent.
 */
int kav_shmem_check(kav_ctx ctx, size_t size);

/* Gives the shared memory up; harmless without one. */
void kav_shmem_cleanup(kav_ctx ctx);

/* The result of the last check: a KAV_STATUS_ value. */
int kav_result_get_status(kav_ctx ctx);

/*
 * The scanner's report: lines, one for each object; "" when it sent none or nothing was checked.
 * Good until the next check, kav_reset() or kav_free().
 */
const char *kav_result_get_report(kav_ctx ctx);
int kav_result_get_report_len(kav_ctx ctx);

/* Drops the stored result: KAV_STATUS_NOT_CHECKED again. Harmless when there is none. */
void kav_reset(kav_ctx ctx);

#ifdef __cplusplus
}
#endif

#endif /* KAVCLIENT_H */
