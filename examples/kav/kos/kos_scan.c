/* SPDX-License-Identifier: Apache-2.0 */

/* One object, by each way kav.Scan offers. */

#include <coresrv/handle/handle_api.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/vmm/vmm_api.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define NK_USE_UNQUALIFIED_NAMES
#include <kav/Scan.idl.h>

#include "kos_call.h"

#define TEXT_ROOM Scan_Buffer_res_arena_size

/* The scanner refused what we named, or its answer does not hold together. */
static int nonsense(void)
{
	errno = EPROTO;
	return KAV_ERROR_READ;
}

static int take_name(const struct nk_arena *arena, const Scan_Name *field, char *name, size_t room)
{
	nk_size_t len = 0;
	const nk_char_t *text = nk_arena_get(nk_char_t, arena, field, &len);

	if (!text || len == 0 || text[len - 1] != '\0')
		return nonsense();
	(void)snprintf(name, room, "%s", text);
	return 0;
}

static int take_judged(uint32_t code, uint64_t token, const struct nk_arena *arena,
		       const Scan_Name *name, struct kx_kav_judged *judged)
{
	judged->verdict = (struct kx_kav_verdict){.code = (int)code};
	judged->token = token;
	if (code > 0xff)
		return nonsense();
	return take_name(arena, name, judged->verdict.name, sizeof(judged->verdict.name));
}

int kx_kav_kos_state(const struct kx_kav_target *target, uint32_t *code, char *why, size_t room)
{
	char text[Scan_State_res_arena_size];
	struct nk_arena arena = NK_ARENA_INITIALIZER(text, text + sizeof(text));
	struct Scan_State_req req;
	struct Scan_State_res res;
	bool refused;
	int error;

	nk_req_reset(&req);
	nk_req_reset(&res);
	error = kx_kav_kos_call(target, Scan_State_mid, 0,
				&(struct kx_kav_exchange){&req.base_, NK_NULL, &res.base_, &arena},
				&refused);
	if (error != 0 || refused)
		return error != 0 ? error : nonsense();
	*code = res.code;
	return take_name(&arena, &res.why, why, room);
}

/* The caller's bytes are the arena: they are copied once, into the slot of the call. */
int kx_kav_kos_buffer(const struct kx_kav_target *target, const void *bytes, size_t size,
		      struct kx_kav_judged *judged)
{
	char *start = (char *)bytes;
	struct nk_arena out = {start, start + size, start + size};
	char text[TEXT_ROOM];
	struct nk_arena in = NK_ARENA_INITIALIZER(text, text + sizeof(text));
	struct Scan_Buffer_req req;
	struct Scan_Buffer_res res;
	bool refused;
	int error;

	nk_req_reset(&req);
	nk_req_reset(&res);
	req.data = (Scan_Bytes){.offset = 0, .size = (nk_uint32_t)size};
	error = kx_kav_kos_call(target, Scan_Buffer_mid, 0,
				&(struct kx_kav_exchange){&req.base_, &out, &res.base_, &in},
				&refused);
	if (error != 0 || refused)
		return error != 0 ? error : nonsense();
	return take_judged(res.code, res.token, &in, &res.name, judged);
}

static int lend(const struct kx_kav_target *target, struct kx_kav_shmem *shmem)
{
	struct Scan_Attach_req req = {0};
	struct Scan_Attach_res res;
	bool refused;
	int error;

	nk_req_reset(&req);
	nk_req_reset(&res);
	req.memory = nk_handle_desc(shmem->handle);
	req.size = shmem->size;
	error = kx_kav_kos_call(target, Scan_Attach_mid, Scan_Attach_req_handles,
				&(struct kx_kav_exchange){&req.base_, NK_NULL, &res.base_, NK_NULL},
				&refused);
	if (error != 0 || refused)
		return error != 0 ? error : nonsense();
	shmem->lent = res.id;
	return 0;
}

void kx_kav_kos_take_back(const struct kx_kav_target *target, struct kx_kav_shmem *shmem)
{
	struct Scan_Detach_req req;
	struct Scan_Detach_res res;
	bool refused;

	if (shmem->lent == 0)
		return;
	nk_req_reset(&req);
	nk_req_reset(&res);
	req.id = shmem->lent;
	(void)kx_kav_kos_call(target, Scan_Detach_mid, 0,
			      &(struct kx_kav_exchange){&req.base_, NK_NULL, &res.base_, NK_NULL},
			      &refused);
	shmem->lent = 0;
}

/* *@refused: the scanner has forgotten the memory (it keeps only so much), or is a new one. */
static int shared_once(const struct kx_kav_target *target, const struct kx_kav_shmem *shmem,
		       size_t size, struct kx_kav_judged *judged, bool *refused)
{
	char text[TEXT_ROOM];
	struct nk_arena in = NK_ARENA_INITIALIZER(text, text + sizeof(text));
	struct Scan_Shared_req req;
	struct Scan_Shared_res res;
	int error;

	nk_req_reset(&req);
	nk_req_reset(&res);
	req.id = shmem->lent;
	req.size = size;
	error = kx_kav_kos_call(target, Scan_Shared_mid, 0,
				&(struct kx_kav_exchange){&req.base_, NK_NULL, &res.base_, &in},
				refused);
	if (error != 0 || *refused)
		return error;
	return take_judged(res.code, res.token, &in, &res.name, judged);
}

int kx_kav_kos_shared(const struct kx_kav_target *target, struct kx_kav_shmem *shmem, size_t size,
		      struct kx_kav_judged *judged)
{
	bool refused = shmem->lent == 0;
	int error = 0;

	if (!refused)
		error = shared_once(target, shmem, size, judged, &refused);
	if (error != 0 || !refused)
		return error;
	error = lend(target, shmem);
	if (error == 0)
		error = shared_once(target, shmem, size, judged, &refused);
	return error == 0 && refused ? nonsense() : error;
}

static int begin(const struct kx_kav_target *target, uint64_t size, uint64_t *scan)
{
	struct Scan_Begin_req req;
	struct Scan_Begin_res res;
	bool refused;
	int error;

	nk_req_reset(&req);
	nk_req_reset(&res);
	req.size = size;
	error = kx_kav_kos_call(target, Scan_Begin_mid, 0,
				&(struct kx_kav_exchange){&req.base_, NK_NULL, &res.base_, NK_NULL},
				&refused);
	*scan = res.scan;
	return error == 0 && refused ? nonsense() : error;
}

static int feed(const struct kx_kav_target *target, uint64_t scan, uint64_t id, size_t size,
		bool *decided)
{
	struct Scan_Feed_req req;
	struct Scan_Feed_res res;
	bool refused;
	int error;

	nk_req_reset(&req);
	nk_req_reset(&res);
	req.scan = scan;
	req.id = id;
	req.size = size;
	error = kx_kav_kos_call(target, Scan_Feed_mid, 0,
				&(struct kx_kav_exchange){&req.base_, NK_NULL, &res.base_, NK_NULL},
				&refused);
	*decided = error == 0 && res.decided != 0;
	return error == 0 && refused ? nonsense() : error;
}

static int end(const struct kx_kav_target *target, uint64_t scan, struct kx_kav_judged *judged)
{
	char text[TEXT_ROOM];
	struct nk_arena in = NK_ARENA_INITIALIZER(text, text + sizeof(text));
	struct Scan_End_req req;
	struct Scan_End_res res;
	bool refused;
	int error;

	nk_req_reset(&req);
	nk_req_reset(&res);
	req.scan = scan;
	error = kx_kav_kos_call(target, Scan_End_mid, 0,
				&(struct kx_kav_exchange){&req.base_, NK_NULL, &res.base_, &in},
				&refused);
	if (error != 0 || refused)
		return error != 0 ? error : nonsense();
	return take_judged(res.code, res.token, &in, &res.name, judged);
}

/* Why the object could not be read to its end, or NULL. */
static const char *read_piece(const struct kx_kav_object *object, void *window, uint64_t at,
			      size_t *len)
{
	ssize_t n;

	if (object->stop && object->stop(object->stop_self))
		return "interrupted: time limit";
	do
		n = object->read(object, window, KX_KAV_KOS_WINDOW, at);
	while (n < 0 && errno == EINTR);
	*len = n > 0 ? (size_t)n : 0;
	return n < 0 ? strerrordesc_np(errno) : NULL;
}

/* All of @object through @window, which the scanner has. */
static int stream(const struct kx_kav_target *target, const struct kx_kav_object *object,
		  const struct kx_kav_shmem *window, struct kx_kav_judged *judged)
{
	const char *why = NULL;
	bool decided = false;
	uint64_t scan = 0;
	uint64_t at = 0;
	size_t len = 0;
	int error = begin(target, object->size, &scan);

	while (error == 0 && !decided) {
		why = read_piece(object, window->start, at, &len);
		if (why || len == 0)
			break;
		error = feed(target, scan, window->lent, len, &decided);
		at += len;
	}
	if (error == 0)
		error = end(target, scan, judged);
	if (error == 0 && why && judged->verdict.code == KX_KAV_CLEAN) {
		judged->verdict.code = KX_KAV_NOT_COMPLETE;
		(void)snprintf(judged->verdict.name, sizeof(judged->verdict.name), "%s", why);
	}
	return error;
}

static int large_object(const struct kx_kav_target *target, const struct kx_kav_object *object,
			struct kx_kav_judged *judged)
{
	struct kx_kav_shmem window = {0};
	int error = kx_kav_transport_kos->shmem_open(target, KX_KAV_KOS_WINDOW, NULL, &window);

	if (error != 0) {
		errno = ENOMEM;
		return KAV_ERROR_MALLOC_FAILURE;
	}
	error = lend(target, &window);
	if (error == 0)
		error = stream(target, object, &window, judged);
	kx_kav_transport_kos->shmem_close(target, &window);
	return error;
}

int kx_kav_kos_object(const struct kx_kav_target *target, const struct kx_kav_object *object,
		      struct kx_kav_judged *judged)
{
	uint8_t bytes[KX_KAV_KOS_BYTES];
	size_t len = 0;
	ssize_t n = 1;

	while (len < sizeof(bytes) && n > 0) {
		n = object->read(object, bytes + len, sizeof(bytes) - len, len);
		len += n > 0 ? (size_t)n : 0;
	}
	if (n != 0)
		return large_object(target, object, judged);
	return kx_kav_kos_buffer(target, bytes, len, judged);
}

int kx_kav_kos_cure(const struct kx_kav_target *target, uint64_t token, uint8_t *content,
		    size_t room, size_t *len)
{
	char bytes[Scan_Cure_res_arena_size];
	struct nk_arena in = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
	struct Scan_Cure_req req;
	struct Scan_Cure_res res;
	const nk_uint8_t *cured;
	nk_size_t size = 0;
	bool refused;
	int error;

	nk_req_reset(&req);
	nk_req_reset(&res);
	req.token = token;
	error = kx_kav_kos_call(target, Scan_Cure_mid, 0,
				&(struct kx_kav_exchange){&req.base_, NK_NULL, &res.base_, &in},
				&refused);
	if (error != 0 || refused)
		return error != 0 ? error : nonsense();
	cured = nk_arena_get(nk_uint8_t, &in, &res.content, &size);
	if (!cured || size > room)
		return nonsense();
	memcpy(content, cured, size);
	*len = size;
	return 0;
}

int kx_kav_kos_delete(const struct kx_kav_target *target, uint64_t token)
{
	struct Scan_Delete_req req;
	struct Scan_Delete_res res;
	bool refused;
	int error;

	nk_req_reset(&req);
	nk_req_reset(&res);
	req.token = token;
	error = kx_kav_kos_call(target, Scan_Delete_mid, 0,
				&(struct kx_kav_exchange){&req.base_, NK_NULL, &res.base_, NK_NULL},
				&refused);
	return error == 0 && refused ? nonsense() : error;
}
