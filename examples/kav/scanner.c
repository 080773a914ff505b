/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The scanner component: answers kav.Scan. It has no channels of its own; its bases and key are
 * built in. Arguments: which of them to use, and the channel to serve (BASES KEY CHANNEL).
 *
 * Memory of clients is mapped for reading only and may change under us; no number that is used
 * here comes from it.
 */

#include <coresrv/handle/handle_api.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <coresrv/vmm/vmm_api.h>
#include <hal/page.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NK_USE_UNQUALIFIED_NAMES
#include <kav/Scanner.edl.h>

#include "engine/kx_kav_engine.h"
#include "kos/records.h"
#include "wire/kx_kav_wire.h"

#define WORKERS_MAX 8

/* The answer to a client that names what is not there. */
#define REFUSE(res) (nk_err_reset(res), (res)->err_.reason = 1, NK_EOK)

static struct kx_kav_engine *engine;
static struct Scanner_entity entity;
static Handle listener;

static uint32_t state(const char **why)
{
	return (uint32_t)kx_kav_engine_state(engine, time(NULL), why);
}

/* Remembers an object that can be cured or deleted; 0 if it can't. */
static uint64_t token_of(const struct kx_kav_verdict *verdict)
{
	struct kx_kav_record *record;
	uint64_t id;

	if (verdict->remedy == KX_KAV_REMEDY_NONE)
		return 0;
	record = kx_kav_record_make(KX_KAV_RECORD_JUDGED);
	if (!record)
		return 0;
	record->remedy = verdict->remedy;
	id = record->id;
	kx_kav_record_put(record);
	return id;
}

static struct kx_kav_verdict judge(const uint8_t *bytes, size_t size)
{
	struct kx_kav_verdict verdict = {.code = KX_KAV_NOT_COMPLETE, .name = "no memory"};
	struct kx_kav_scan scan;

	if (kx_kav_scan_begin(&scan, &engine->bases, size)) {
		(void)kx_kav_scan_feed(&scan, bytes, size);
		kx_kav_scan_end(&scan, &verdict);
	}
	return verdict;
}

static nk_err_t scan_state(struct Scan *self, const struct Scan_State_req *req,
			   const struct nk_arena *req_arena, struct Scan_State_res *res,
			   struct nk_arena *res_arena)
{
	const char *why;
	char text[Scan_MaxName];

	(void)self;
	(void)req;
	(void)req_arena;
	res->code = state(&why);
	(void)snprintf(text, sizeof(text), "%s", why);
	return NkKosCopyStringToArena(res_arena, &res->why, text);
}

/* The three results every judging method has. The scanner's own state goes before a verdict. */
static nk_err_t answer(const struct kx_kav_verdict *verdict, nk_uint32_t *code, nk_uint64_t *token,
		       Scan_Name *name, struct nk_arena *arena)
{
	*code = (nk_uint32_t)verdict->code;
	*token = token_of(verdict);
	return NkKosCopyStringToArena(arena, name, verdict->name);
}

/* Whether the scanner is fit to judge; if not, @verdict says why. */
static bool is_fit(struct kx_kav_verdict *verdict)
{
	const char *why;

	*verdict = (struct kx_kav_verdict){.code = (int)state(&why)};
	return verdict->code == 0;
}

static nk_err_t scan_buffer(struct Scan *self, const struct Scan_Buffer_req *req,
			    const struct nk_arena *req_arena, struct Scan_Buffer_res *res,
			    struct nk_arena *res_arena)
{
	struct kx_kav_verdict verdict;
	nk_size_t size = 0;
	const nk_uint8_t *bytes = nk_arena_get(nk_uint8_t, req_arena, &req->data, &size);

	(void)self;
	if (!bytes)
		return REFUSE(res);
	if (is_fit(&verdict))
		verdict = judge(bytes, size);
	return answer(&verdict, &res->code, &res->token, &res->name, res_arena);
}

static nk_err_t scan_attach(struct Scan *self, const struct Scan_Attach_req *req,
			    const struct nk_arena *req_arena, struct Scan_Attach_res *res,
			    struct nk_arena *res_arena)
{
	Handle memory = nk_get_handle(&req->memory);
	struct kx_kav_record *record = kx_kav_record_make(KX_KAV_RECORD_MEMORY);
	rtl_size_t size = (req->size + PAGE_SIZE - 1) & PAGE_MASK;
	void *start = NULL;
	Retcode rc;

	(void)self;
	(void)req_arena;
	(void)res_arena;
	rc = size >= req->size ? KnPmmMdlMap(memory, 0, size, RTL_NULL, VMM_FLAG_READ, &start)
			       : rcInvalidArgument;
	(void)KnHandleClose(memory); /* the mapping stays */
	if (rc != rcOk || !record) {
		if (start)
			(void)KnVmUnmap(start, size);
		if (record)
			kx_kav_record_drop(record);
		return REFUSE(res);
	}
	record->start = start;
	record->size = size;
	res->id = record->id;
	kx_kav_record_put(record);
	return NK_EOK;
}

static nk_err_t scan_detach(struct Scan *self, const struct Scan_Detach_req *req,
			    const struct nk_arena *req_arena, struct Scan_Detach_res *res,
			    struct nk_arena *res_arena)
{
	struct kx_kav_record *record = kx_kav_record_take(req->id, KX_KAV_RECORD_MEMORY);

	(void)self;
	(void)req_arena;
	(void)res;
	(void)res_arena;
	if (!record)
		return REFUSE(res);
	kx_kav_record_drop(record);
	return NK_EOK;
}

static nk_err_t scan_shared(struct Scan *self, const struct Scan_Shared_req *req,
			    const struct nk_arena *req_arena, struct Scan_Shared_res *res,
			    struct nk_arena *res_arena)
{
	struct kx_kav_record *memory = kx_kav_record_take(req->id, KX_KAV_RECORD_MEMORY);
	struct kx_kav_verdict verdict;
	bool fits = memory && req->size <= memory->size;

	(void)self;
	(void)req_arena;
	if (fits && is_fit(&verdict))
		verdict = judge(memory->start, req->size);
	kx_kav_record_put(memory);
	if (!fits)
		return REFUSE(res);
	return answer(&verdict, &res->code, &res->token, &res->name, res_arena);
}

static nk_err_t scan_begin(struct Scan *self, const struct Scan_Begin_req *req,
			   const struct nk_arena *req_arena, struct Scan_Begin_res *res,
			   struct nk_arena *res_arena)
{
	struct kx_kav_record *record = kx_kav_record_make(KX_KAV_RECORD_SCAN);
	struct kx_kav_scan *scan = record ? malloc(sizeof(*scan)) : NULL;

	(void)self;
	(void)req_arena;
	(void)res_arena;
	if (!scan || !kx_kav_scan_begin(scan, &engine->bases, req->size)) {
		free(scan);
		if (record)
			kx_kav_record_drop(record);
		return REFUSE(res);
	}
	record->scan = scan;
	res->scan = record->id;
	kx_kav_record_put(record);
	return NK_EOK;
}

static nk_err_t scan_feed(struct Scan *self, const struct Scan_Feed_req *req,
			  const struct nk_arena *req_arena, struct Scan_Feed_res *res,
			  struct nk_arena *res_arena)
{
	struct kx_kav_record *memory = kx_kav_record_take(req->id, KX_KAV_RECORD_MEMORY);
	struct kx_kav_record *scan = kx_kav_record_take(req->scan, KX_KAV_RECORD_SCAN);
	bool fits = memory && scan && req->size <= memory->size;

	(void)self;
	(void)req_arena;
	(void)res_arena;
	if (fits)
		res->decided = !kx_kav_scan_feed(scan->scan, memory->start, req->size);
	kx_kav_record_put(scan);
	kx_kav_record_put(memory);
	return fits ? NK_EOK : REFUSE(res);
}

static nk_err_t scan_end(struct Scan *self, const struct Scan_End_req *req,
			 const struct nk_arena *req_arena, struct Scan_End_res *res,
			 struct nk_arena *res_arena)
{
	struct kx_kav_record *record = kx_kav_record_take(req->scan, KX_KAV_RECORD_SCAN);
	struct kx_kav_verdict verdict;
	struct kx_kav_verdict unfit;

	(void)self;
	(void)req_arena;
	if (!record)
		return REFUSE(res);
	kx_kav_scan_end(record->scan, &verdict);
	free(record->scan);
	record->scan = NULL;
	kx_kav_record_drop(record);
	if (!is_fit(&unfit))
		verdict = unfit;
	return answer(&verdict, &res->code, &res->token, &res->name, res_arena);
}

/* The judged object @token if @remedy helps it; it is asked for once. */
static bool use_token(uint64_t token, enum kx_kav_remedy remedy)
{
	struct kx_kav_record *record = kx_kav_record_take(token, KX_KAV_RECORD_JUDGED);
	bool helps = record && record->remedy == remedy;

	if (helps)
		kx_kav_record_drop(record);
	else
		kx_kav_record_put(record);
	return helps;
}

static nk_err_t scan_cure(struct Scan *self, const struct Scan_Cure_req *req,
			  const struct nk_arena *req_arena, struct Scan_Cure_res *res,
			  struct nk_arena *res_arena)
{
	(void)self;
	(void)req_arena;
	if (!use_token(req->token, KX_KAV_REMEDY_CURE))
		return REFUSE(res);
	res->code = KX_KAV_CURED;
	return nk_arena_store(nk_uint8_t, res_arena, &res->content,
			      (const nk_uint8_t *)kx_kav_cured_text, sizeof(kx_kav_cured_text));
}

static nk_err_t scan_delete(struct Scan *self, const struct Scan_Delete_req *req,
			    const struct nk_arena *req_arena, struct Scan_Delete_res *res,
			    struct nk_arena *res_arena)
{
	(void)self;
	(void)req_arena;
	(void)res_arena;
	if (!use_token(req->token, KX_KAV_REMEDY_DELETE))
		return REFUSE(res);
	res->code = KX_KAV_DELETED;
	return NK_EOK;
}

/* One thread of the scanner: buffers of its own, so that threads share nothing but records. */
static void *serve(void *unused)
{
	char *request_bytes = malloc(Scan_Buffer_req_arena_size);
	char answer_bytes[Scanner_entity_res_arena_size];
	struct nk_arena request_arena =
		NK_ARENA_INITIALIZER(request_bytes, request_bytes + Scan_Buffer_req_arena_size);
	struct nk_arena answer_arena =
		NK_ARENA_INITIALIZER(answer_bytes, answer_bytes + sizeof(answer_bytes));
	NkKosTransport transport;
	Scanner_entity_req req;
	Scanner_entity_res res;

	(void)unused;
	if (!request_bytes)
		return NULL;
	NkKosTransport_Init(&transport, listener, NK_NULL, 0);
	for (;;) {
		nk_req_reset(&req);
		nk_arena_reset(&request_arena);
		nk_arena_reset(&answer_arena);
		if (nk_transport_recv(&transport.base, &req.base_, &request_arena) != NK_EOK)
			break;
		Scanner_entity_dispatch(&entity, &req.base_, &request_arena, &res.base_,
					&answer_arena);
		(void)nk_transport_reply(&transport.base, &res.base_, &answer_arena);
	}
	free(request_bytes);
	return NULL;
}

static void start_workers(void)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	for (long i = 1; i < cpus && i < WORKERS_MAX; i++) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, serve, NULL) == 0)
			(void)pthread_detach(thread);
	}
}

int main(int argc, char *argv[])
{
	static const struct Scan_ops ops = {
		.State = scan_state,
		.Buffer = scan_buffer,
		.Attach = scan_attach,
		.Detach = scan_detach,
		.Shared = scan_shared,
		.Begin = scan_begin,
		.Feed = scan_feed,
		.End = scan_end,
		.Cure = scan_cure,
		.Delete = scan_delete,
	};
	static struct Scan scan = {&ops};
	const struct kx_kav_engine_files files = {
		.bases = argc > 1 ? argv[1] : "good",
		.key = argc > 2 ? argv[2] : "kav.key",
	};
	const char *why;
	ServiceId id;

	listener = ServiceLocatorRegister(argc > 3 ? argv[3] : "scanner", NULL, 0, &id);
	engine = kx_kav_engine_load(&files);
	if (listener == INVALID_HANDLE || !engine) {
		(void)fprintf(stderr, "scanner: no channel to serve: is it in init.yaml?\n");
		return EXIT_FAILURE;
	}
	if (state(&why) != 0)
		(void)fprintf(stderr, "scanner: every check will fail: %s\n", why);
	Scanner_entity_init(&entity, &scan);
	start_workers();
	(void)serve(NULL);
	return EXIT_FAILURE;
}
