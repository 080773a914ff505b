/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The calling entity: times its own calls, as a floor's client does, and prints
 * what it found (histogram.h has the format; then a KXTURN line). As idle=1 it
 * only connects, makes handles=N handles, arrives at the gate, and stays until the
 * solution ends.
 *
 * Words: number=N size=BYTES rounds=N turn_ns=N gap_ns=N quiet_ns=N cores=LIST idle=0|1
 *        handles=N gate=NAME echo=NAME api=raw|nk (nk: by the generated proxy)
 */

#include <bench/IEcho.idl.h>
#include <coresrv/handle/handle_api.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <coresrv/syscalls.h>
#include <inttypes.h>
#include <rtl/retcode_hr.h>
#include <services/ocap.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench_message.h"
#include "measure/clock.h"
#include "measure/histogram.h"
#include "stamp_log.h"
#include "words.h"

#define WARM_ROUNDS 2000u
#define WARM_NS     50000000u
#define GATE_NS     1000000u

struct caller {
	Handle echo;
	Handle gate;
	nk_iid_t echo_riid;
	nk_iid_t gate_riid;
	size_t size; /* of a message, header included */
	uint64_t number;
	uint64_t rounds;
	uint64_t turn_ns;
	uint64_t gap_ns;
	uint64_t quiet_ns;
	uint64_t stamp_cost; /* 0: this program does not stamp */
	struct bench_echo *out;
	struct bench_echo *in;
	SMsgHdr request;
	SMsgHdr response;
	bool nk;
	NkKosTransport transport; /* nk: all of these */
	struct bench_IEcho_proxy proxy;
	nk_uint64_t last;
};

static struct kx_hist hist;

static bool fail(const struct caller *caller, const char *what, Retcode code)
{
	/* On standard output: whoever reads the results must know at once. */
	printf("KXFAIL caller %" PRIu64 ": %s: " RETCODE_HR_FMT "\n", caller->number, what,
	       RETCODE_HR_PARAMS(code));
	return false;
}

static void pause_for(uint64_t ns)
{
	const struct timespec time = {.tv_sec = (time_t)(ns / 1000000000u),
				      .tv_nsec = (long)(ns % 1000000000u)};

	if (ns != 0)
		(void)nanosleep(&time, NULL);
}

/* Everything a call needs and that isn't part of the call. */
static void prepare(struct caller *caller)
{
	nk_message_make_req(&caller->out->base_, caller->size);
	nk_message_set_iid(&caller->out->base_, caller->echo_riid);
	nk_message_set_mid(&caller->out->base_, BENCH_ECHO);
	++*(uint64_t *)(void *)caller->out->payload;
	bench_pack(&caller->request, caller->out, caller->size);
	bench_pack(&caller->response, caller->in, caller->size);
}

/* A call through the proxy: filling in the header is part of it here. */
static bool timed_call_nk(struct caller *caller, uint64_t *begun, uint64_t *ended)
{
	struct bench_IEcho_Echo_req req;
	struct bench_IEcho_Echo_res res;
	nk_err_t err;

	nk_req_reset(&req);
	req.number = ++caller->last;
	*begun = kx_clock_ticks();
	err = bench_IEcho_Echo(&caller->proxy.base, &req, NK_NULL, &res, NK_NULL);
	*ended = kx_clock_ticks();
	if (err != NK_EOK || res.number != req.number)
		return fail(caller, "the proxy's call, or its number", rcFail);
	return true;
}

/* One timed call whose response must hold the bytes of the request. */
static bool timed_call(struct caller *caller, uint64_t *begun, uint64_t *ended)
{
	Retcode code;

	if (caller->nk)
		return timed_call_nk(caller, begun, ended);
	prepare(caller);
	*begun = kx_clock_ticks();
	code = Call(caller->echo, &caller->request, &caller->response);
	*ended = kx_clock_ticks();
	if (code != rcOk)
		return fail(caller, "Call", code);
	if (memcmp(caller->in->payload, caller->out->payload, sizeof(uint64_t)) != 0)
		return fail(caller, "the response is not the request's echo", rcFail);
	return true;
}

static bool warm_up(struct caller *caller)
{
	uint64_t limit = kx_clock_monotonic() + WARM_NS;
	uint64_t begun;
	uint64_t ended;

	for (unsigned i = 0; i < WARM_ROUNDS && kx_clock_monotonic() < limit; i++)
		if (!timed_call(caller, &begun, &ended))
			return false;
	return true;
}

/* Asks the gate once; *@open tells whether all have arrived. */
static bool arrive(const struct caller *caller, bool *open)
{
	struct bench_arrive message = {.number = caller->number};
	struct bench_arrive answer;
	SMsgHdr request;
	SMsgHdr response;
	Retcode code;

	nk_req_reset(&message);
	nk_msg_set_method_id(&message, caller->gate_riid, BENCH_ARRIVE);
	bench_pack(&request, &message, sizeof(message));
	bench_pack(&response, &answer, sizeof(answer));
	code = Call(caller->gate, &request, &response);
	if (code != rcOk)
		return fail(caller, "the gate", code);
	*open = answer.number == 1;
	return true;
}

static bool pass_gate(const struct caller *caller)
{
	bool open = false;

	while (arrive(caller, &open) && !open)
		pause_for(GATE_NS);
	return open;
}

static bool measure(struct caller *caller)
{
	uint64_t first = kx_clock_ticks();
	uint64_t begun;
	uint64_t ended;

	for (uint64_t i = 0; i < caller->rounds; i++) {
		pause_for(caller->gap_ns);
		if (!timed_call(caller, &begun, &ended))
			return false;
		kx_hist_record(&hist, kx_clock_ns(ended - begun));
		if (kx_clock_ns(ended - first) > caller->turn_ns)
			break;
	}
	return true;
}

/* A request without a payload to the echo server; its response has @size bytes at @answer. */
static bool ask(const struct caller *caller, enum bench_method method, struct nk_message *answer,
		size_t size)
{
	SMsgHdr request;
	SMsgHdr response;
	Retcode code;
	struct nk_message question;

	nk_message_make_req(&question, sizeof(question));
	nk_message_set_iid(&question, caller->echo_riid);
	nk_message_set_mid(&question, method);
	bench_pack(&request, &question, sizeof(question));
	bench_pack(&response, answer, size);
	code = Call(caller->echo, &request, &response);
	return code == rcOk || fail(caller, "a question to the server", code);
}

static bool ask_usage(const struct caller *caller, struct bench_usage *usage)
{
	return ask(caller, BENCH_USAGE, &usage->base_, sizeof(*usage));
}

/* This side prints its stamps, then the server does before it answers. */
static bool tell_stamps(const struct caller *caller)
{
	struct nk_message answer;

	if (caller->stamp_cost == 0)
		return true;
	printf("KXCOST %" PRIu64 "\n", caller->stamp_cost);
	return kx_stamps_print(stdout) && ask(caller, BENCH_STAMPS, &answer, sizeof(answer));
}

/* What the server used while nobody called it. */
static bool stay_quiet(const struct caller *caller)
{
	struct bench_usage before;
	struct bench_usage after;

	if (caller->quiet_ns == 0)
		return true;
	if (!ask_usage(caller, &before))
		return false;
	pause_for(caller->quiet_ns);
	if (!ask_usage(caller, &after))
		return false;
	printf("KXQUIET %" PRIu64 " %" PRIu64 "\n", after.cpu_ns - before.cpu_ns,
	       after.sleeps - before.sleeps);
	return true;
}

/* So many handles: copies of one, so that each is a handle and no more. */
static bool make_handles(const struct caller *caller, uint64_t count)
{
	Handle handle;
	Retcode code = rcOk;

	if (count != 0)
		code = KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, OCAP_HANDLE_COPY, NULL,
						&handle);
	for (uint64_t i = 1; code == rcOk && i < count; i++) {
		Handle copy;

		code = KnHandleCopy(handle, OCAP_HANDLE_COPY, INVALID_HANDLE, &copy);
	}
	return code == rcOk || fail(caller, "making handles", code);
}

static bool connect_to(const char *channel, const char *endpoint, Handle *handle, nk_iid_t *riid)
{
	*handle = ServiceLocatorConnect(channel);
	if (*handle == INVALID_HANDLE) {
		printf("KXFAIL caller: no channel '%s'\n", channel);
		return false;
	}
	*riid = ServiceLocatorGetRiid(*handle, endpoint);
	if (*riid == INVALID_RIID) {
		printf("KXFAIL caller: no endpoint '%s'\n", endpoint);
		return false;
	}
	return true;
}

static bool set_up(struct caller *caller, int argc, char **argv)
{
	size_t payload = bench_number(argc, argv, "size", sizeof(uint64_t));
	const char *gate = bench_text(argc, argv, "gate");
	const char *echo = bench_text(argc, argv, "echo");

	caller->size = sizeof(struct nk_message) + payload;
	caller->number = bench_number(argc, argv, "number", 0);
	caller->rounds = bench_number(argc, argv, "rounds", 1000);
	caller->turn_ns = bench_number(argc, argv, "turn_ns", 1000000000);
	caller->gap_ns = bench_number(argc, argv, "gap_ns", 0);
	caller->quiet_ns = bench_number(argc, argv, "quiet_ns", 0);
	caller->out = aligned_alloc(128, (sizeof(*caller->out) + 127) / 128 * 128);
	caller->in = aligned_alloc(128, (sizeof(*caller->in) + 127) / 128 * 128);
	if (!caller->out || !caller->in || payload > BENCH_PAYLOAD_MAX || !bench_bind(argc, argv)) {
		printf("KXFAIL caller: can't set up (memory, size or cores)\n");
		return false;
	}
	memset(caller->out, 0x5a, sizeof(*caller->out));
	memset(caller->in, 0, sizeof(*caller->in));
	if (!connect_to(echo[0] != '\0' ? echo : BENCH_CHANNEL_ECHO, BENCH_ENDPOINT_ECHO,
			&caller->echo, &caller->echo_riid) ||
	    !connect_to(gate[0] != '\0' ? gate : BENCH_CHANNEL_GATE, BENCH_ENDPOINT_GATE,
			&caller->gate, &caller->gate_riid))
		return false;
	caller->nk = strcmp(bench_text(argc, argv, "api"), "nk") == 0;
	NkKosTransport_Init(&caller->transport, caller->echo, NK_NULL, 0);
	bench_IEcho_proxy_init(&caller->proxy, &caller->transport.base, caller->echo_riid);
	return true;
}

int main(int argc, char **argv)
{
	struct caller caller = {0};
	uint64_t start;
	uint64_t end;
	bool open;

	/* Many callers write to one pipe: each line must go out in one piece. */
	(void)setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	kx_clock_init();
	kx_hist_clear(&hist);
	if (!set_up(&caller, argc, argv))
		return 1;
	if (bench_number(argc, argv, "idle", 0) != 0) {
		if (!make_handles(&caller, bench_number(argc, argv, "handles", 0)) ||
		    !arrive(&caller, &open))
			return 1;
		for (;;)
			(void)pause();
	}
	if (!warm_up(&caller) || !pass_gate(&caller))
		return 1;
	caller.stamp_cost = kx_stamps_cost();
	kx_stamps_start();
	start = kx_clock_monotonic();
	if (!measure(&caller))
		return 1;
	end = kx_clock_monotonic();
	if (!stay_quiet(&caller) || !tell_stamps(&caller))
		return 1;
	printf("KXTURN %" PRIu64 " %" PRIu64 "\n", start, end);
	/* The run is ended when the last line arrives: no time for what exit() may do. */
	_exit(kx_hist_print(&hist, stdout) ? 0 : 1);
}
