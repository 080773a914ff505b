/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KAV_WIRE_H
#define KX_KAV_WIRE_H

/*
 * The kavdaemon wire protocol (version 4): bytes to structures and back, for both sides.
 * No input or output here, no global state. docs/kav.md shows every form byte by byte.
 *
 *   request  "<" flag ">" stamp ":" body [NUL]     flag 0 paths, 3 shared memory, 4 version
 *   reply    low byte = 0x30 + code, flag byte, [size of cured object], [length, report]
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Codes 0..8 are exit codes of kavdaemon; the three bits report the state of the daemon. */
enum kx_kav_code {
	KX_KAV_CLEAN = 0,
	KX_KAV_NOT_COMPLETE = 1,
	KX_KAV_MODIFIED = 2,
	KX_KAV_SUSPICIOUS = 3,
	KX_KAV_VIRUS = 4,
	KX_KAV_CURED = 5,
	KX_KAV_DELETED = 6,
	KX_KAV_DAEMON_DAMAGED = 7,
	KX_KAV_CORRUPTED = 8,
	KX_KAV_NO_KEY = 0x10,
	KX_KAV_NO_BASES = 0x40,
	KX_KAV_BAD_BASES = 0x80,
};

#define KX_KAV_CODE_BASE   0x30 /* what the low byte adds to a code */
#define KX_KAV_HEAD_BYTES  2
#define KX_KAV_FLAG_REPORT 0x01
#define KX_KAV_FLAG_CURED  0x02

#define KX_KAV_PATHS   '0'
#define KX_KAV_SHMEM   '3'
#define KX_KAV_VERSION '4'

#define KX_KAV_SEPARATOR 0xfe /* around the switches of the complex form */

struct kx_kav_request {
	char flag;      /* KX_KAV_PATHS, _SHMEM or _VERSION */
	char *switches; /* complex form: switches joined by bars, without o{}; else NULL */
	char **objects; /* paths to check */
	size_t count;
	uint32_t key;  /* shared memory: the key as 32 bits */
	uint64_t size; /* shared memory: bytes to check */
};

enum kx_kav_parse {
	KX_KAV_PARSE_OK,   /* *@out is filled in; give it back with kx_kav_request_free() */
	KX_KAV_PARSE_MORE, /* the bytes so far are the beginning of a request */
	KX_KAV_PARSE_BAD,  /* no continuation can make this a request; *@why says why */
	KX_KAV_PARSE_NOMEM,
};

/*
 * Reads one request of @len bytes, without its final NUL. Both stamp styles are accepted,
 * the date itself is never judged. Nothing is allocated unless KX_KAV_PARSE_OK is returned.
 */
enum kx_kav_parse kx_kav_request_parse(const char *bytes, size_t len, struct kx_kav_request *out,
				       const char **why);
void kx_kav_request_free(struct kx_kav_request *request);

/*
 * Builders of requests. Each returns malloc()ed bytes with a final NUL and their number in
 * *@len (the NUL included), or NULL with errno ENOMEM, or EINVAL where a path or switch holds
 * a byte that the form cannot carry.
 */
char *kx_kav_request_path(const char *path, size_t *len);
char *kx_kav_request_paths(const char *const *paths, size_t count, const char *switches,
			   size_t *len);
char *kx_kav_request_shmem(uint32_t key, uint64_t size, size_t *len);

struct kx_kav_reply {
	int code;
	bool cured;          /* shared memory: the object there was replaced */
	uint32_t cured_size; /* its new size */
	const char *report;  /* or NULL; lines */
	size_t report_len;
};

/*
 * Encodes @reply in one piece, as its readers need it: a cured object is sent without a report,
 * because old readers compare the flag byte for equality. Returns malloc()ed bytes or NULL.
 */
uint8_t *kx_kav_reply_encode(const struct kx_kav_reply *reply, size_t *len);

/*
 * Judges the first two bytes of a reply. Returns false if no kavdaemon sends them (the question
 * 0x3F and undefined codes and flags included); then *@code and *@flags are unchanged.
 */
bool kx_kav_reply_head(const uint8_t head[KX_KAV_HEAD_BYTES], int *code, unsigned *flags);

uint32_t kx_kav_load32(const uint8_t bytes[4]);

#endif /* KX_KAV_WIRE_H */
