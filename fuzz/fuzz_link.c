/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Two entities that write what they like into their kernel links: up slots (kernel
 * calls, relayed calls with handles) and down slots (replies), at any moment and in
 * any order, beside deaths, time-outs and jobs that are late. What must hold is what
 * the kernel process needs: no memory error, nothing left over, an answer for every
 * call to a dead server.
 */

#include "death.h"
#include "fuzz.h"
#include "hooks.h"
#include "kernel_rig.h"
#include "kx_rc.h"
#include "module.h"
#include "ps.h"
#include "registry.h"

#define STEPS_MAX 96
#define SLOTS     4u
#define BODY_MAX  512u

static const char definition[] =
	"{\"endpoints\":[{\"name\":\"e\",\"methods\":["
	"{\"name\":\"Plain\",\"req\":{\"size\":24},\"res\":{\"size\":24},\"err\":{\"size\":32}},"
	"{\"name\":\"Handle\",\"req\":{\"size\":40,\"handles\":1,\"fields\":["
	"{\"kind\":\"handle\",\"offset\":24}]},\"res\":{\"size\":56,\"handles\":2,\"fields\":["
	"{\"kind\":\"handle\",\"offset\":24,\"repeat\":2,\"stride\":16}]}},"
	"{\"name\":\"Text\",\"req\":{\"size\":32,\"arena\":64,\"fields\":["
	"{\"kind\":\"ptr\",\"offset\":24,\"elem\":1,\"align\":1,\"max\":64}]},"
	"\"res\":{\"size\":32,\"arena\":64,\"fields\":["
	"{\"kind\":\"ptr\",\"offset\":24,\"elem\":1,\"align\":1,\"max\":64}]}},"
	"{\"name\":\"Nested\",\"req\":{\"size\":32,\"arena\":256,\"fields\":[{\"kind\":\"ptr\","
	"\"offset\":24,\"elem\":8,\"align\":4,\"max\":64,\"fields\":[{\"kind\":\"ptr\","
	"\"offset\":0,\"elem\":1,\"align\":1,\"max\":64}]}]},\"res\":{\"size\":24}}]}]}";

/* Calls that a kernel call number byte means; starting a program is not among them. */
static const uint32_t operations[] = {
	KX_CALL_RELAY,
	KX_CALL_RELAY,
	KX_CALL_KICK,
	KX_CALL_OPEN,
	KX_CALL_CANCEL,
	KX_CALL_HANDLE_CLOSE,
	KX_CALL_HANDLE_COPY,
	KX_CALL_HANDLE_REVOKE,
	KX_CALL_HANDLE_REVOKE_SUBTREE,
	KX_CALL_HANDLE_CREATE_USER,
	KX_CALL_HANDLE_CREATE_USER_EX,
	KX_CALL_HANDLE_CREATE_BADGE,
	KX_CALL_HANDLE_GET_SID,
	KX_CALL_HANDLE_CONNECT,
	KX_CALL_HANDLE_CONNECT_EX,
	KX_CALL_TASK_CREATE,
	KX_CALL_TASK_ARGS,
	KX_CALL_TASK_ENV,
	KX_CALL_TASK_CONNECT,
	KX_CALL_TASK_WAIT,
	KX_CALL_TASK_STOP,
	KX_CALL_TASK_ID,
	KX_CALL_TASK_TOLD_ARGS,
	KX_CALL_TASK_TOLD_ENV,
	KX_CALL_TASK_TOLD,
	KX_CALL_CM_CONNECT,
	KX_CALL_CM_LISTEN,
	KX_CALL_CM_ACCEPT,
	KX_CALL_CM_DROP,
	KX_CALL_NOTICE_CREATE,
	KX_CALL_NOTICE_SUBSCRIBE,
	KX_CALL_NOTICE_UNSUBSCRIBE,
	KX_CALL_NOTICE_SET,
	KX_CALL_NOTICE_GET,
	KX_CALL_NOTICE_DROP,
	KX_CALL_MEMORY_CREATE,
	KX_CALL_MEMORY_MAP,
	KX_CALL_MEMORY_SIZE,
	KX_CALL_DROPPED,
	UINT32_MAX,
};

static struct kx_task *tasks[2];

/* Grants nothing for nothing: every other kind of answer is had by some input. */
static enum kx_verdict decide(void *state, const struct kx_event *event, struct kx_trail *trail)
{
	const uint8_t *fixed = event->fixed;
	unsigned sum = 0;

	(void)state;
	(void)trail;
	/* Reads all there is, as a policy may. */
	for (uint32_t i = 0; i < event->fixed_size; i++)
		sum += fixed[i];
	for (uint32_t i = 0; i < event->arena_size; i++)
		sum += ((const uint8_t *)event->arena)[i];
	for (uint32_t i = 0; i < event->handle_count; i++)
		sum += event->handles[i].sid;
	return event->fixed_size && sum % 16 == 7 ? KX_DENY : KX_GRANT;
}

static const struct kx_security_module module = {
	.abi_version = KX_SECURITY_MODULE_ABI,
	.size = sizeof(module),
	.name = "fuzz",
	.decide = decide,
};

const struct kx_security_module *kx_security_module(void)
{
	return &module;
}

static void load_module(void)
{
	static bool loaded;
	char error[KX_MODULE_ERROR_MAX];

	/* This program is its own module. */
	if (!loaded && !kx_module_load("", error))
		abort();
	loaded = true;
}

static void open_scene(void)
{
	json_t *json = json_loads(definition, 0, NULL);
	struct kx_class *blob = kx_class_from_json("Server", json, NULL);

	fuzz_require(blob && kx_registry_add_class("Server", blob) == KX_RC_OK);
	json_decref(json);
	tasks[0] = rig_task("Client");
	tasks[1] = rig_task("Server");
	kx_object_pin(&tasks[0]->object); /* one may stop the other */
	kx_object_pin(&tasks[1]->object);
	fuzz_require(kx_task_connect(tasks[0], tasks[1], "ch") == KX_RC_OK);
	rig_pump();
}

/* A number that is often a handle of @task, sometimes any. */
static uint32_t some_number(struct fuzz_input *in, struct kx_task *task)
{
	uint8_t kind = fuzz_u8(in);

	if (kind < 0xc0) {
		struct kx_handle *handle = task->handles[kind % 16];

		return handle ? handle->value : kind;
	}
	return kind < 0xe0 ? kind & 0xfu : fuzz_u32(in);
}

/* A message of a size that may be right, and bytes that may be handles of @task. */
static void write_message(struct fuzz_input *in, struct kx_task *task, struct kx_slot *slot,
			  uint8_t *payload)
{
	static const uint8_t sizes[] = {24, 32, 40, 56};
	uint8_t kind = fuzz_u8(in);
	uint8_t body[BODY_MAX];
	uint32_t room;

	slot->iid = kind & 0x80 ? fuzz_u8(in) : 0;
	slot->mid = kind & 7;
	slot->ex = KX_EX(sizes[kind >> 3 & 3], kind >> 5 & 3, 0);
	slot->arena = fuzz_u8(in);
	if (kind == 0xff) {
		slot->ex = fuzz_u32(in);
		slot->arena = fuzz_u32(in);
	}
	room = slot->arena == 0xfe ? BODY_MAX : 64;
	fuzz_bytes(in, body, room);
	/* Where a first descriptor stands: a handle, rights, and no badge. */
	if (kind & 0x20) {
		uint32_t handle = some_number(in, task);

		memcpy(body, &handle, sizeof(handle));
		memset(body + 4, 0xff, 4);
		memset(body + 8, 0, 8);
	}
	memcpy(slot->bytes, body, sizeof(slot->bytes));
	memcpy(payload, body, room);
}

static void write_up(struct fuzz_input *in, struct kx_task *task)
{
	uint32_t number = fuzz_u8(in) % SLOTS;
	struct kx_slot *slot = &task->link->up[number];
	struct kx_up_tag *tag = (struct kx_up_tag *)(void *)slot->tag;
	uint32_t op = fuzz_u8(in);
	static uint32_t gen;

	tag->op = operations[op % (sizeof(operations) / sizeof(operations[0]))];
	tag->handle = some_number(in, task);
	tag->timeout_ms = op & 0x80 ? 1000 : KX_TIMEOUT_NONE;
	tag->args[0] = some_number(in, task);
	tag->args[1] = some_number(in, task);
	for (unsigned i = 2; i < KX_CALL_ARGS; i++)
		tag->args[i] = fuzz_u8(in);
	write_message(in, task, slot,
		      (uint8_t *)task->link + KX_LINK_PAYLOAD +
			      (size_t)number * task->page->message_max);
	if (tag->op != KX_CALL_RELAY && slot->ex != UINT32_MAX)
		slot->ex = KX_EX(KX_MESSAGE_MIN, 0, 0);
	if (op == 0xff)
		atomic_store(&slot->w, fuzz_u32(in));
	else
		(void)kx_slot_post(slot, KX_SLOT_GEN(++gen & 0xffffffu) + 1, op & 0x40);
}

static void write_down(struct fuzz_input *in, struct kx_task *task)
{
	uint32_t number = fuzz_u8(in) % SLOTS;
	struct kx_slot *slot = &task->link->down[number];
	uint8_t how = fuzz_u8(in);
	uint32_t gen = KX_SLOT_GEN(atomic_load(&slot->w));
	bool wake;

	switch (how % 8) {
	case 0:
		(void)kx_slot_take(slot, &gen);
		break;
	case 1: /* a code and no message */
		slot->ex = 0;
		slot->arena = fuzz_u32(in);
		(void)kx_slot_reply(slot, gen, &wake);
		break;
	case 2:
		atomic_store(&slot->w, fuzz_u32(in));
		break;
	case 3:
		atomic_store(&slot->w, KX_SLOT_WORD(gen, how >> 3));
		break;
	default:
		write_message(in, task, slot,
			      (uint8_t *)task->link + KX_LINK_PAYLOAD +
				      (size_t)(KX_UP_SLOTS + number) * task->page->message_max);
		(void)kx_slot_reply(slot, gen, &wake);
	}
}

static bool is_alive(const struct kx_task *task)
{
	return task->link && task->ipc;
}

/* No call is left with a party that is gone. */
static void check_calls(void)
{
	for (unsigned i = 0; i < 2; i++) {
		struct kx_peer *peer = tasks[i]->ipc;
		struct kx_relay *call;

		if (!peer)
			continue;
		cds_list_for_each_entry(call, &peer->calls, client_link)
			fuzz_require(!call->server || is_alive(call->server->task));
	}
}

static void end(struct kx_task *task)
{
	kx_death(task);
	rig_pump();
	check_calls();
}

static void check_ps(void *context, char *text)
{
	json_t *json = text ? json_loads(text, 0, NULL) : NULL;
	struct kx_task *task;
	size_t count = 0;

	(void)context;
	cds_list_for_each_entry(task, kx_registry_tasks(), all) count++;
	fuzz_require(json);
	fuzz_require(json_array_size(json_object_get(json, "entities")) == count);
	json_decref(json);
	free(text);
}

static void step(struct fuzz_input *in)
{
	uint8_t what = fuzz_u8(in);
	struct kx_task *task = tasks[what >> 7];

	switch (what % 16) {
	case 0 ... 5:
		if (is_alive(task))
			write_up(in, task);
		break;
	case 6 ... 8:
		if (is_alive(task))
			write_down(in, task);
		break;
	case 9:
		(void)kx_mailbox_run(&kx_ipc_mailbox, 1);
		break;
	case 10:
		(void)kx_mailbox_run(&kx_control_mailbox, 1);
		break;
	case 11:
		(void)kx_relay_expire(UINT64_MAX);
		break;
	case 12:
		(void)kx_peers_arm();
		break;
	case 13:
		if (what & 0x40)
			end(task);
		break;
	case 14:
		kx_ps(check_ps, NULL);
		rig_pump();
		break;
	default:
		(void)kx_peers_look();
		rig_pump();
	}
	if (what & 0x10)
		(void)kx_peers_look();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = {data, size};

	rig_open();
	load_module();
	open_scene();
	for (unsigned i = 0; i < STEPS_MAX && in.left; i++)
		step(&in);
	end(tasks[0]);
	end(tasks[1]);
	kx_object_unpin(&tasks[0]->object);
	kx_object_unpin(&tasks[1]->object);
	rig_clear();
	return 0;
}
