/* SPDX-License-Identifier: Apache-2.0 */

/*
 * H-06: what becomes of the handles of one message, in a request and in a response: the same one
 * twice, none, the one of the channel itself, and wrong ones behind right ones. All of them
 * travel or none, and whoever sent them has them still.
 */

#include "scenario.h"

#define MOST t_Calls_Swap_req_given_size
#define MINE (OCAP_HANDLE_TRANSFER | OCAP_HANDLE_COPY | OCAP_HANDLE_GET_SID)

enum kind {
	NOTHING, /* zero: the rest of a row */
	EMPTY,   /* INVALID_HANDLE */
	RIGHT,
	OTHER,
	POOR, /* without the right to travel */
	CLOSED,
	REVOKED,
	MADE_UP,
	MARKED,  /* a right one, and its transfer context is none */
	CHANNEL, /* of the client: that of the channel itself; of the server: where it listens */
	KINDS,
};

struct row {
	Retcode call;
	enum kind given[MOST]; /* by the client, in its request */
	enum kind back[MOST];  /* by the server, in its response */
};

static const struct row rows[] = {
	{rcOk, {NOTHING}, {NOTHING}},
	{rcOk, {EMPTY, NOTHING, EMPTY}, {NOTHING, EMPTY, EMPTY}},
	{rcOk, {RIGHT, RIGHT}, {NOTHING}},
	{rcOk, {NOTHING}, {RIGHT, OTHER, RIGHT}},
	{rcOk,
	 {RIGHT, OTHER, RIGHT, RIGHT, OTHER, RIGHT, RIGHT},
	 {OTHER, RIGHT, RIGHT, OTHER, RIGHT, RIGHT, RIGHT}},
	{rcSecurityDisallow, {RIGHT, RIGHT, POOR}, {NOTHING}},
	{rcSecurityDisallow, {NOTHING}, {RIGHT, POOR, RIGHT}},
	{rcInvalidArgument, {RIGHT, CLOSED}, {NOTHING}},
	{rcInvalidArgument, {NOTHING}, {RIGHT, CLOSED}},
	{rcHandleRevoked, {RIGHT, RIGHT, RIGHT, RIGHT, RIGHT, RIGHT, REVOKED}, {NOTHING}},
	{rcHandleRevoked, {NOTHING}, {RIGHT, RIGHT, RIGHT, RIGHT, RIGHT, RIGHT, REVOKED}},
	{rcInvalidArgument, {MADE_UP, RIGHT}, {NOTHING}},
	{rcInvalidArgument, {NOTHING}, {RIGHT, MADE_UP}},
	{rcInvalidArgument, {RIGHT, MARKED}, {NOTHING}},
	{rcInvalidArgument, {NOTHING}, {RIGHT, MARKED}},
	{rcOk, {CHANNEL, CHANNEL}, {NOTHING}},
	{rcSecurityDisallow, {NOTHING}, {RIGHT, CHANNEL}},
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static Handle own[KINDS];

static Handle object(nk_rights_t rights)
{
	Handle made;

	CHECK_RC(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, rights, NULL, &made), rcOk);
	return made;
}

static void make_handles(Handle channel)
{
	Handle parent = object(MINE);

	own[NOTHING] = 0;
	own[EMPTY] = INVALID_HANDLE;
	own[RIGHT] = own[MARKED] = object(MINE);
	own[OTHER] = object(MINE);
	own[POOR] = object(OCAP_HANDLE_GET_SID);
	own[CLOSED] = object(MINE);
	CHECK_RC(KnHandleClose(own[CLOSED]), rcOk);
	CHECK_RC(KnHandleCopy(parent, MINE, INVALID_HANDLE, &own[REVOKED]), rcOk);
	CHECK_RC(KnHandleRevoke(parent), rcOk);
	own[MADE_UP] = 0x7ffff00d;
	own[CHANNEL] = channel;
}

static void describe(const enum kind kinds[MOST], nk_handle_desc_t out[MOST])
{
	memset(out, 0, MOST * sizeof(*out));
	for (unsigned i = 0; i < MOST; i++) {
		out[i].handle = own[kinds[i]];
		out[i].rights = OCAP_HANDLE_GET_SID | (i % 2 ? OCAP_HANDLE_COPY : 0u);
		out[i].badge = kinds[i] == MARKED ? 0x7ffff00d : 0;
	}
}

/* Each that came is a handle of its own, with the rights that stood with it: it is closed once. */
static void close_each(const enum kind kinds[MOST], const nk_handle_desc_t got[MOST])
{
	rtl_uint32_t sid;

	for (unsigned i = 0; i < MOST; i++) {
		if (kinds[i] == NOTHING || kinds[i] == EMPTY) {
			CHECK(got[i].handle == own[kinds[i]]);
			continue;
		}
		CHECK(got[i].rights == (OCAP_HANDLE_GET_SID | (i % 2 ? OCAP_HANDLE_COPY : 0u)));
		CHECK_RC(KnHandleGetSidByHandle(got[i].handle, &sid), rcOk);
		CHECK_RC(KnHandleClose(got[i].handle), rcOk);
		CHECK_RC(KnHandleClose(got[i].handle), rcInvalidArgument);
	}
}

static bool is_kept(enum kind kind)
{
	rtl_uint32_t sid;

	if (kind == NOTHING || kind == EMPTY || kind == CLOSED || kind == MADE_UP)
		return true;
	return KnHandleGetSidByHandle(own[kind], &sid) ==
	       (kind == REVOKED ? rcHandleRevoked : rcOk);
}

static Retcode swap(Handle channel, const nk_handle_desc_t given[MOST], nk_handle_desc_t back[MOST])
{
	t_Calls_Swap_req request;
	t_Calls_Swap_res response;
	SMsgHdr out;
	SMsgHdr in;
	Retcode rc;

	memset(&request, 0, sizeof(request));
	nk_req_reset(&request);
	nk_msg_set_method_id(&request, 0, SWAP);
	nk_msg_set_ncaps(&request, MOST);
	memcpy(request.given, given, sizeof(request.given));
	nk_req_reset(&response);
	CHECK(PackOutMsg(&out, &request.base_, NULL) == NK_EOK);
	CHECK(PackInMsg(&in, &response.base_, NULL) == NK_EOK);
	rc = Call(channel, &out, &in);
	if (rc == rcOk)
		memcpy(back, response.back, sizeof(response.back));
	return rc;
}

static void swap_client(void)
{
	Handle channel = client_handle();
	nk_handle_desc_t given[MOST];
	nk_handle_desc_t back[MOST];
	unsigned before;

	make_handles(channel);
	before = free_handles();
	for (unsigned i = 0; i < ROWS; i++) {
		describe(rows[i].given, given);
		CHECK_RC(swap(channel, given, back), rows[i].call);
		if (rows[i].call == rcOk)
			close_each(rows[i].back, back);
		for (unsigned k = 0; k < MOST; k++)
			CHECK(is_kept(rows[i].given[k]));
	}
	CHECK(free_handles() == before);
	/* The channel's handle, after it was sent over itself, is what it was. */
	CHECK_RC(call_number(channel, ECHO, 1, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	CHECK_RC(call_number(channel, ASKED, 2, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
}

/* A message whose handles may not travel was sent all the same: only the client hears of it. */
static void swap_back(Handle handle, const struct request *request, const enum kind kinds[MOST])
{
	t_Calls_Swap_res response;
	SMsgHdr out;

	memset(&response, 0, sizeof(response));
	nk_req_reset(&response);
	nk_msg_set_ncaps(&response, MOST);
	describe(kinds, response.back);
	CHECK(PackOutMsg(&out, &response.base_, NULL) == NK_EOK);
	out.threadId = request->header.threadId;
	CHECK_RC(Reply(handle, &out), rcOk);
	for (unsigned i = 0; i < MOST; i++)
		CHECK(is_kept(kinds[i]));
}

/* A request that may not travel is not seen at all: what comes is the next that may. */
static bool is_seen(const struct row *row)
{
	return row->call == rcOk || row->given[0] == NOTHING;
}

static void swap_server(void)
{
	static struct request request;
	Handle handle = server_handle();
	unsigned before;

	make_handles(handle);
	before = free_handles();
	for (unsigned i = 0; i < ROWS; i++) {
		if (!is_seen(&rows[i]))
			continue;
		CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
		CHECK(request.message.base_.mid == SWAP);
		close_each(rows[i].given, request.message.ep.Swap.given);
		swap_back(handle, &request, rows[i].back);
	}
	CHECK(free_handles() == before);
	serve(handle, 2);
}

const struct scenario scenarios_swap[] = {
	{"swap", swap_server, swap_client},
	{NULL, NULL, NULL},
};
