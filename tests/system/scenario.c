/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario.h"

#include <time.h>

#include "tally.h"

rtl_uint64_t now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (rtl_uint64_t)t.tv_sec * 1000u + (rtl_uint64_t)t.tv_nsec / 1000000u;
}

rtl_uint64_t now_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (rtl_uint64_t)t.tv_sec * 1000000u + (rtl_uint64_t)t.tv_nsec / 1000u;
}

Handle client_handle(void)
{
	Handle handle = ServiceLocatorConnect("t");

	CHECK(handle != INVALID_HANDLE);
	CHECK(ServiceLocatorGetRiid(handle, "ep") == 0);
	return handle;
}

Handle server_handle(void)
{
	ServiceId id;
	Handle handle = ServiceLocatorRegister("t", NULL, 0, &id);

	CHECK(handle != INVALID_HANDLE);
	return handle;
}

nk_uint64_t number_of_environment(const char *name)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 10) : 0;
}

Retcode exchange_number(Handle handle, enum method method, nk_uint64_t *number, rtl_uint32_t mdelay,
			Handle sync)
{
	t_Calls_Echo_req request;
	t_Calls_Echo_res response;
	SMsgHdr out;
	SMsgHdr in;
	Retcode rc;

	memset(&request, 0, sizeof(request));
	memset(&response, 0, sizeof(response));
	nk_req_reset(&request);
	nk_msg_set_method_id(&request, 0, (nk_mid_t)method);
	request.number = *number;
	nk_req_reset(&response);
	CHECK(PackOutMsg(&out, &request.base_, NULL) == NK_EOK);
	CHECK(PackInMsg(&in, &response.base_, NULL) == NK_EOK);
	rc = CallEx(handle, &out, &in, mdelay, sync);
	*number = response.number;
	return rc;
}

Retcode call_number(Handle handle, enum method method, nk_uint64_t number, rtl_uint32_t mdelay,
		    Handle sync)
{
	nk_uint64_t answered = number;
	Retcode rc = exchange_number(handle, method, &answered, mdelay, sync);

	if (rc == rcOk)
		CHECK(answered == number);
	return rc;
}

Retcode receive(Handle handle, struct request *request, rtl_uint32_t mdelay)
{
	nk_req_reset(&request->message);
	nk_arena_init(&request->arena, request->arena_bytes,
		      request->arena_bytes + sizeof(request->arena_bytes));
	CHECK(PackInMsg(&request->header, &request->message.base_, &request->arena) == NK_EOK);
	return RecvEx(handle, &request->header, mdelay, INVALID_HANDLE);
}

Retcode answer(Handle handle, struct request *request)
{
	t_Calls_Echo_res response;
	SMsgHdr out;

	memset(&response, 0, sizeof(response));
	nk_req_reset(&response);
	response.number = request->message.ep.Echo.number;
	CHECK(PackOutMsg(&out, &response.base_, NULL) == NK_EOK);
	out.threadId = request->header.threadId;
	return Reply(handle, &out);
}

void serve(Handle handle, unsigned count)
{
	static _Thread_local struct request request;

	for (unsigned i = 0; !count || i < count; i++) {
		if (receive(handle, &request, INFINITE_TIMEOUT) != rcOk)
			return;
		(void)answer(handle, &request);
	}
}

static const struct scenario *find(const char *name)
{
	static const struct scenario *const tables[] = {
		scenarios_calls,   scenarios_ends,      scenarios_edges,  scenarios_handles,
		scenarios_garbage, scenarios_hard,      scenarios_limits, scenarios_storm,
		scenarios_step,    scenarios_races,     scenarios_files,  scenarios_misuse,
		scenarios_chain,   scenarios_disturbed, scenarios_swap,   scenarios_many};

	for (size_t t = 0; t < sizeof(tables) / sizeof(*tables); t++)
		for (const struct scenario *s = tables[t]; s->name; s++)
			if (strcmp(s->name, name) == 0)
				return s;
	return NULL;
}

int main(int argc, char *argv[])
{
	const struct scenario *scenario = argc > 2 ? find(argv[1]) : NULL;

	if (!scenario) {
		fprintf(stderr, "FAIL no scenario\n");
		return 1;
	}
	tally_begin();
	(strcmp(argv[2], "server") == 0 ? scenario->server : scenario->client)();
	tally_end();
	fprintf(stderr, "PASS %s %s\n", argv[1], argv[2]);
	return 0;
}
