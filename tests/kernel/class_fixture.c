/* SPDX-License-Identifier: Apache-2.0 */
#include "class_fixture.h"

#include <string.h>

#include "channel.h"
#include "hooks.h"
#include "module.h"
#include "registry.h"

static const char definition[] =
	"{\"endpoints\":[{\"name\":\"e\",\"qualified\":\"C.e\",\"interface\":\"I\",\"methods\":["
	"{\"name\":\"Plain\",\"req\":{\"size\":24},\"res\":{\"size\":24}},"
	"{\"name\":\"Text\",\"req\":{\"size\":24},\"res\":{\"size\":32,\"arena\":64,\"fields\":["
	"{\"kind\":\"ptr\",\"offset\":24,\"max\":64}]},\"err\":{\"size\":24}},"
	"{\"name\":\"Give\",\"req\":{\"size\":40,\"handles\":1,\"fields\":["
	"{\"kind\":\"handle\",\"offset\":24}]},\"res\":{\"size\":24}},"
	"{\"name\":\"Get\",\"req\":{\"size\":24},\"res\":{\"size\":40,\"handles\":1,\"fields\":["
	"{\"kind\":\"handle\",\"offset\":24}]}}]},"
	"{\"name\":\"s\",\"qualified\":\"C.s\",\"interface\":\"S\",\"security\":true,\"methods\":["
	"{\"name\":\"Tell\",\"req\":{\"size\":32,\"fields\":[{\"kind\":\"ptr\",\"offset\":24}]}}]}]"
	"}";

struct seen seen;

static enum kx_verdict look(void *nothing, const struct kx_event *event, struct kx_trail *trail)
{
	(void)nothing;
	(void)trail;
	seen.asked++;
	seen.event = *event;
	seen.handle_sid = event->handle_count ? event->handles[0].sid : 0;
	return seen.verdict;
}

const struct kx_security_module *kx_security_module(void)
{
	static const struct kx_security_module module = {
		.abi_version = KX_SECURITY_MODULE_ABI,
		.size = sizeof(module),
		.name = "looks",
		.decide = look,
	};

	return &module;
}

static void know(const char *name)
{
	json_t *json = json_loads(definition, 0, NULL);
	struct kx_class *made = kx_class_from_json(name, json, NULL);

	assert_non_null(made);
	assert_int_equal(kx_registry_add_class(name, made), KX_RC_OK);
	json_decref(json);
}

/* Everything is direct, an error of Text is never granted. */
static enum kx_classification classify(const struct kx_method_question *question)
{
	return strcmp(question->method, "Text") ? KX_DIRECT : KX_DIRECT_NO_ERROR;
}

static int begin(void **state, enum kx_classification (*how)(const struct kx_method_question *))
{
	char error[KX_MODULE_ERROR_MAX];
	int result;

	know("Server");
	know("Anna");
	result = relay_setup(state);
	kx_module_unload();
	assert_true(kx_module_load("", error));
	memset(&seen, 0, sizeof(seen));
	seen.verdict = KX_GRANT;
	kx_hooks.classify = how;
	return result;
}

int class_setup(void **state)
{
	return begin(state, NULL);
}

int class_setup_direct(void **state)
{
	int result = begin(state, classify);
	struct kx_channel *channel = kx_channel_find(anna, server, "anna");

	kx_channel_classify(channel);
	assert_true(channel->direct_bytes != 0);
	return result;
}

void put(struct kx_slot *slot, uint8_t *payload_bytes, const struct letter *letter)
{
	uint32_t size = KX_EX_SIZE(letter->ex);
	size_t bytes = size > KX_MESSAGE_MIN ? size - KX_MESSAGE_MIN + letter->arena : 0;
	uint8_t *at = bytes > KX_INLINE ? payload_bytes : slot->bytes;

	slot->iid = letter->iid;
	slot->mid = letter->mid;
	slot->ex = letter->ex;
	slot->arena = letter->arena;
	if (bytes)
		memset(at, 0, bytes);
	if (bytes)
		memcpy(at, letter->body,
		       bytes < sizeof(letter->body) ? bytes : sizeof(letter->body));
}

void post(struct kx_task *task, const struct kx_up_tag *tag, const struct letter *letter)
{
	put(up(task, 0), payload(task, 0), letter);
	memcpy(up(task, 0)->tag, tag, sizeof(*tag));
	(void)kx_slot_post(up(task, 0), GEN, false);
	ring(task);
	all_rounds();
}

int32_t answer(struct kx_task *task)
{
	int32_t rc = -1;

	assert_true(is_answered(task, 0, &rc));
	kx_store(&up(task, 0)->w, 0);
	return rc;
}

const struct kx_up_tag *relayed(struct kx_task *client)
{
	static struct kx_up_tag tag;

	tag = (struct kx_up_tag){.op = KX_CALL_RELAY,
				 .handle = handles[client == ben],
				 .timeout_ms = KX_TIMEOUT_NONE};
	return &tag;
}

int requested(struct kx_task *client, uint16_t mid)
{
	int down;

	post(client, relayed(client), &(struct letter){.mid = mid, .ex = KX_EX(24, 0, 0)});
	down = posted_for(client);
	assert_true(down >= 0);
	return down;
}

uint32_t hand_in(int down, const struct letter *letter)
{
	struct kx_slot *slot = &server->link->down[down];
	uint32_t gen = 0;
	bool wake;

	assert_int_equal(kx_slot_take(slot, &gen), KX_OK);
	put(slot, down_payload((uint32_t)down), letter);
	assert_int_equal(kx_slot_reply(slot, gen, &wake), KX_OK);
	ring(server);
	all_rounds();
	return gen;
}

int32_t reply(int down, const struct letter *letter)
{
	struct kx_slot *slot = &server->link->down[down];
	uint32_t gen = hand_in(down, letter);

	assert_int_equal(KX_SLOT_STATE(kx_load(&slot->w)), KX_SLOT_JUDGED);
	kx_store(&slot->w, KX_SLOT_WORD(gen, KX_SLOT_FREE));
	ring(server);
	all_rounds();
	assert_int_equal(peer_of(server)->down_busy, 0);
	return ((struct kx_down_tag *)(void *)slot->tag)->rc;
}
