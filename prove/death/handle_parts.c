/* SPDX-License-Identifier: Apache-2.0 */
#include "handle_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "channel.h"
#include "death.h"
#include "kosix/security_module.h"
#include "module.h"

#define MOST_HANDLES 3u

struct part parts[PARTS];
struct decisions decisions;
uint64_t denied_in_all;
unsigned long deaths_of_round;
unsigned wrong_deliveries;

/* What is known of a call, by its number. More are never on the way. */
#define CALLS 4096u
enum { ASKED = 1, GRANTED, DELIVERED, APPROVED };
static uint8_t calls[CALLS];
static uint64_t next_call;

/* A message: handles, then the number. */
struct body {
	uint32_t count;
	struct kx_handle_desc handles[MOST_HANDLES];
	uint64_t number;
};

static void came(uint64_t number, uint8_t expected, uint8_t now)
{
	uint8_t *state = &calls[number % CALLS];

	if (*state != expected) {
		fprintf(stderr, "call %llu is %u when it becomes %u, not %u\n",
			(unsigned long long)number, *state, now, expected);
		wrong_deliveries++;
	}
	*state = now;
}

/* --- the security module --------------------------------------------------------------------- */

static uint64_t number_in(const struct kx_event *event)
{
	uint64_t number = 0;

	if (event->fixed_size >= KX_MESSAGE_MIN + sizeof(number))
		memcpy(&number, (const char *)event->fixed + event->fixed_size - sizeof(number),
		       sizeof(number));
	return number;
}

/* One in sixteen is denied, both ways. */
static enum kx_verdict decide(void *nothing, const struct kx_event *event, struct kx_trail *trail)
{
	bool reply = event->kind == KX_EVENT_RESPONSE;
	uint64_t number = number_in(event);

	(void)nothing;
	(void)trail;
	if (event->kind != KX_EVENT_REQUEST && !reply)
		return KX_GRANT;
	if (number % 16 == (reply ? 5 : 3)) {
		denied_in_all++;
		return KX_DENY;
	}
	came(number, reply ? DELIVERED : ASKED, reply ? APPROVED : GRANTED);
	decisions.granted += !reply;
	decisions.approved += reply;
	return KX_GRANT;
}

const struct kx_security_module *kx_security_module(void)
{
	static const struct kx_security_module module = {
		.abi_version = KX_SECURITY_MODULE_ABI,
		.size = sizeof(module),
		.name = "numbers",
		.decide = decide,
	};

	return &module;
}

/* --- lives ----------------------------------------------------------------------------------- */

static void know_table(struct part *part)
{
	for (uint32_t i = 0; i < part->task->handle_top; i++)
		if (part->task->handles[i])
			know(part, part->task->handles[i]->value);
}

static void begin(struct part *part, struct kx_task *task)
{
	bool serves = part < parts + SERVERS;

	memset(part, 0, sizeof(*part));
	part->task = task;
	part->serves = serves;
	part->notice = part->badge = part->listener = KX_HANDLE_INVALID;
}

/* The control thread makes it; the IPC thread hears of that later. */
static void make(struct part *part)
{
	static unsigned made;
	char name[24];
	struct kx_task_spec spec = {.name = name, .class_name = "part", .program = "none"};
	struct kx_task *task;

	(void)snprintf(name, sizeof(name), "p%u", made++);
	assert_int_equal(kx_task_create(&spec, &task), KX_RC_OK);
	kx_object_unpin(&task->object);
	begin(part, task);
}

static void connect_both(struct part *client, struct part *server_part)
{
	struct kx_channel *channel;
	struct kx_handle *handle;
	char name[24];

	/* Whoever asks for a task gets its handle by way of the IPC thread, and the channel later.
	 */
	if (client == server_part || !client->task || !server_part->task || !client->task->ipc ||
	    !server_part->task->ipc)
		return;
	(void)snprintf(name, sizeof(name), "c%d", (int)(client - parts));
	if (kx_channel_find(client->task, server_part->task, name))
		return;
	assert_int_equal(kx_task_connect(client->task, server_part->task, name), KX_RC_OK);
	channel = kx_channel_find(client->task, server_part->task, name);
	know(client, channel->client_handle);
	/* Its first handle may be closed, and others there. */
	if (kx_handle_find(server_part->task, channel->listener->handle, &handle) == KX_RC_OK) {
		know(server_part, handle->value);
		server_part->listener = handle->value;
	}
}

void connect_all(void)
{
	for (unsigned s = 0; s < SERVERS; s++)
		for (unsigned c = 0; c < PARTS; c++)
			connect_both(&parts[c], &parts[s]);
}

void begin_parts(void)
{
	void *state = NULL;
	char error[KX_MODULE_ERROR_MAX];
	struct kx_task *first[3];

	assert_int_equal(relay_setup(&state), 0);
	kx_module_unload();
	assert_true(kx_module_load("", error));
	first[0] = server;
	first[1] = anna;
	first[2] = ben;
	for (unsigned i = 0; i < 3; i++) {
		begin(&parts[i], first[i]);
		know_table(&parts[i]);
	}
	for (unsigned i = 3; i < PARTS; i++)
		make(&parts[i]);
	pump();
	connect_all();
	memset(&decisions, 0, sizeof(decisions));
	deaths_of_round = 0;
}

void die(struct part *part)
{
	if (!part->task)
		return;
	kx_death(part->task);
	memset(part, 0, sizeof(*part));
	deaths_of_round++;
}

void replace_dead(void)
{
	for (unsigned i = 0; i < PARTS; i++)
		if (!parts[i].task)
			make(&parts[i]);
}

/* --- what they know of their tables ----------------------------------------------------------- */

void know(struct part *part, uint32_t value)
{
	uint32_t *known = &part->known[KX_HANDLE_INDEX(value)];

	if (*known && *known != value) {
		fprintf(stderr, "0x%x is given out while 0x%x is there\n", value, *known);
		wrong_deliveries++;
	}
	*known = value;
}

void forget(struct part *part, uint32_t value)
{
	part->known[KX_HANDLE_INDEX(value)] = 0;
	part->stale = value;
}

/* No guesses: one that hits what is on its way would make the model wrong. */
uint32_t any_handle(struct part *part)
{
	uint32_t index = draw(KX_HANDLES);

	if (draw(64) == 0)
		return draw(2) ? part->stale : KX_HANDLE_INVALID;
	for (unsigned i = 0; i < KX_HANDLES; i++, index = (index + 1) % KX_HANDLES)
		if (part->known[index])
			return part->known[index];
	return KX_HANDLE_INVALID;
}

uint32_t one_with(struct part *part, bool (*fits)(const struct kx_handle *handle))
{
	uint32_t index = draw(KX_HANDLES);

	for (unsigned i = 0; i < KX_HANDLES; i++, index = (index + 1) % KX_HANDLES) {
		const struct kx_handle *handle = part->task->handles[index];

		if (part->known[index] && handle && fits(handle))
			return part->known[index];
	}
	return any_handle(part);
}

static bool may_be_called(const struct kx_handle *handle)
{
	return handle->role == KX_ROLE_CLIENT || handle->role == KX_ROLE_CALLABLE;
}

static bool may_travel(const struct kx_handle *handle)
{
	return (handle->rights & KX_RIGHT_TRANSFER) != 0;
}

/* --- messages ----------------------------------------------------------------------------------
 */

static void ring_for(const struct part *part)
{
	if (part->task->ipc)
		ring(part->task);
}

static void fill_body(struct part *part, struct body *body, uint64_t number)
{
	body->count = draw(3) ? 0 : draw(MOST_HANDLES + 1);
	body->number = number;
	for (uint32_t i = 0; i < body->count; i++)
		body->handles[i] = (struct kx_handle_desc){
			.handle = one_with(part, may_travel),
			.rights = draw(8) ? ~0u : draw(64),
			.badge = draw(8) ? 0 : part->badge,
		};
}

static void write_body(struct kx_slot *slot, uint8_t *payload_bytes, const struct body *body)
{
	size_t handle_bytes = body->count * sizeof(body->handles[0]);
	size_t bytes = handle_bytes + sizeof(body->number);
	uint8_t *at = bytes > KX_INLINE ? payload_bytes : slot->bytes;

	slot->iid = slot->mid = 0;
	slot->ex = KX_EX(KX_MESSAGE_MIN + bytes, body->count, 0);
	slot->arena = 0;
	memcpy(at, body->handles, handle_bytes);
	memcpy(at + handle_bytes, &body->number, sizeof(body->number));
}

static void read_body(const struct kx_slot *slot, const uint8_t *payload_bytes, struct body *body)
{
	size_t bytes = KX_EX_SIZE(slot->ex) - KX_MESSAGE_MIN;
	const uint8_t *at = bytes > KX_INLINE ? payload_bytes : slot->bytes;

	body->count = KX_EX_CAPS(slot->ex);
	memcpy(body->handles, at, body->count * sizeof(body->handles[0]));
	memcpy(&body->number, at + body->count * sizeof(body->handles[0]), sizeof(body->number));
}

/* A badge: it is the owner's own handle, and no new one. */
static void keep_handles(struct part *part, const struct body *body)
{
	for (uint32_t i = 0; i < body->count; i++)
		if (body->handles[i].handle && body->handles[i].handle != KX_HANDLE_INVALID &&
		    !body->handles[i].badge)
			know(part, body->handles[i].handle);
}

/* --- as clients --------------------------------------------------------------------------------
 */

static void take_answer(struct part *part, unsigned index)
{
	struct kx_slot *slot = up(part->task, index);
	uint64_t number = part->up[index].number;
	struct body body;

	if (((struct kx_up_tag *)(void *)slot->tag)->rc == KX_RC_OK) {
		read_body(slot, payload(part->task, index), &body);
		came(number, APPROVED, 0);
		if (body.number != number)
			came(body.number, 255, 0); /* as it never is */
		keep_handles(part, &body);
	}
	calls[number % CALLS] = 0;
	part->up[index].number = 0;
	kx_store(&slot->w, KX_SLOT_WORD(part->up[index].gen, KX_SLOT_FREE));
}

void collect(struct part *part)
{
	uint32_t w;

	for (unsigned i = 0; i < UPS; i++)
		if (part->up[i].number &&
		    kx_slot_replied(up(part->task, i), part->up[i].gen, &w) == KX_OK)
			take_answer(part, i);
}

void post_call(struct part *part)
{
	struct kx_up_tag tag = {.op = KX_CALL_RELAY,
				.handle = one_with(part, may_be_called),
				.timeout_ms = draw(3) ? KX_TIMEOUT_NONE : 1,
				.sync = UINT32_MAX};
	unsigned index = draw(UPS);
	struct kx_slot *slot = up(part->task, index);
	struct body body;

	collect(part);
	if (part->up[index].number || !part->task->ipc)
		return;
	part->up[index].number = ++next_call;
	part->up[index].gen = KX_SLOT_NEXT_GEN(part->up[index].gen);
	calls[next_call % CALLS] = ASKED;
	fill_body(part, &body, next_call);
	write_body(slot, payload(part->task, index), &body);
	memcpy(slot->tag, &tag, sizeof(tag));
	(void)kx_slot_post(slot, part->up[index].gen, false);
	ring_for(part);
}

/* --- as servers --------------------------------------------------------------------------------
 */

static uint8_t *down_payload_of(const struct part *part, unsigned index)
{
	return payload(part->task, KX_UP_SLOTS + index);
}

/* With a code and no message, as libkos does where the request does not fit. */
static void refuse(struct part *part, unsigned index, uint32_t gen)
{
	struct kx_slot *slot = &part->task->link->down[index];
	bool wake;

	slot->ex = 0;
	slot->arena = (uint32_t)KX_RC_QUOTA_EXCEEDED;
	part->down[index].gen = gen;
	part->down[index].place = kx_slot_reply(slot, gen, &wake) == KX_OK ? ANSWERED : HELD;
	ring_for(part);
}

static void take(struct part *part, unsigned index, uint32_t gen)
{
	struct body body;

	read_body(&part->task->link->down[index], down_payload_of(part, index), &body);
	came(body.number, GRANTED, DELIVERED);
	if (draw(20) == 0) {
		refuse(part, index, gen);
		return;
	}
	keep_handles(part, &body);
	part->down[index].gen = gen;
	part->down[index].number = body.number;
	part->down[index].place = HELD;
}

bool take_request(struct part *part)
{
	unsigned first = draw(KX_DOWN_SLOTS);
	uint32_t gen;

	for (unsigned i = 0; i < KX_DOWN_SLOTS; i++) {
		unsigned index = (first + i) % KX_DOWN_SLOTS;

		if (kx_slot_take(&part->task->link->down[index], &gen) != KX_OK)
			continue;
		take(part, index, gen);
		return true;
	}
	return false;
}

static void give_back(struct part *part, unsigned index)
{
	kx_store(&part->task->link->down[index].w,
		 KX_SLOT_WORD(part->down[index].gen, KX_SLOT_FREE));
	part->down[index].place = NONE;
	ring_for(part);
}

static void answer(struct part *part, unsigned index)
{
	struct kx_slot *slot = &part->task->link->down[index];
	enum kx_result result;
	struct body body;
	bool wake;

	fill_body(part, &body, part->down[index].number);
	write_body(slot, down_payload_of(part, index), &body);
	result = kx_slot_reply(slot, part->down[index].gen, &wake);
	if (result == KX_OK)
		part->down[index].place = ANSWERED;
	else if (result == KX_EPEER)
		give_back(part, index);
	else
		part->down[index].place = NONE; /* given up: free already */
	ring_for(part);
}

bool answer_request(struct part *part)
{
	unsigned first = draw(KX_DOWN_SLOTS);

	for (unsigned i = 0; i < KX_DOWN_SLOTS; i++) {
		unsigned index = (first + i) % KX_DOWN_SLOTS;
		uint32_t w = kx_load(&part->task->link->down[index].w);

		if (part->down[index].place == HELD) {
			answer(part, index);
			return true;
		}
		if (part->down[index].place == ANSWERED && KX_SLOT_STATE(w) == KX_SLOT_JUDGED) {
			give_back(part, index);
			return true;
		}
	}
	return false;
}
