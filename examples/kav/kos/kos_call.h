/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KAV_KOS_CALL_H
#define KX_KAV_KOS_CALL_H

/*
 * Inside libkavclient_kos: calls of kav.Scan. Functions return 0 or a KAV_ERROR_ code with errno,
 * as a transport does; each call has the time of the target.
 */

#include <coresrv/syscalls.h>
#include <nk/types.h>

#include "client/context.h"
#include "engine/kx_kav_object.h"
#include "engine/kx_kav_scan.h"
#include "front/report.h"
#include "wire/kx_kav_wire.h"

#define KX_KAV_KOS_BYTES  65536u /* in one message: MaxBytes of Scan.idl */
#define KX_KAV_KOS_REPORT (1u << 20)
#define KX_KAV_KOS_WINDOW (1u << 20) /* shared memory for larger files */

struct kx_kav_judged {
	struct kx_kav_verdict verdict;
	uint64_t token;
};

/* The two messages of a call, with their arenas. */
struct nk_arena;
struct kx_kav_exchange {
	struct nk_message *req;
	const struct nk_arena *req_arena;
	struct nk_message *res;
	struct nk_arena *res_arena;
};

/*
 * One call: method @mid with @handles handles; @req and @res have their headers (nk_req_reset).
 * *@refused: the scanner answered that it does not know what was named; no error of the transport.
 */
int kx_kav_kos_call(const struct kx_kav_target *target, nk_mid_t mid, unsigned handles,
		    const struct kx_kav_exchange *exchange, bool *refused);

/* Judge bytes in one message; the first bytes of shared memory; an object of any size. */
int kx_kav_kos_buffer(const struct kx_kav_target *target, const void *bytes, size_t size,
		      struct kx_kav_judged *judged);
int kx_kav_kos_shared(const struct kx_kav_target *target, struct kx_kav_shmem *shmem, size_t size,
		      struct kx_kav_judged *judged);
int kx_kav_kos_object(const struct kx_kav_target *target, const struct kx_kav_object *object,
		      struct kx_kav_judged *judged);

/* What a judged object's token allows, if the policy does. */
int kx_kav_kos_cure(const struct kx_kav_target *target, uint64_t token, uint8_t *content,
		    size_t room, size_t *len);
int kx_kav_kos_delete(const struct kx_kav_target *target, uint64_t token);
int kx_kav_kos_state(const struct kx_kav_target *target, uint32_t *code, char *why, size_t room);

/* Makes the scanner forget shared memory, if it has it. */
void kx_kav_kos_take_back(const struct kx_kav_target *target, struct kx_kav_shmem *shmem);

/* Files and folders, as the front does for sockets. */
int kx_kav_kos_walk(const struct kx_kav_target *target, const char *const *paths, size_t count,
		    const char *options, struct kx_kav_answer *out);

/* Ends a check: the code of @report, or @state if that has error bits. Frees the report. */
int kx_kav_kos_answer(int code, int state, struct kx_kav_report *report, struct kx_kav_answer *out);

#endif /* KX_KAV_KOS_CALL_H */
