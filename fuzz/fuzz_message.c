/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A class in JSON, a zero byte, and a message: is it built as declared? What the
 * validator accepts, a receiver may read without looking: every chunk of every
 * field is read here. An input without a zero byte is a message for the class that
 * stands below.
 */

#include "class.h"
#include "fuzz.h"
#include "message.h"
#include "validate.h"

static const char built_in[] =
	"{\"endpoints\":[{\"name\":\"e\",\"methods\":[{\"name\":\"M\",\"req\":{\"size\":64,"
	"\"arena\":65536,\"handles\":1,\"fields\":[{\"kind\":\"ptr\",\"offset\":24,\"elem\":16,"
	"\"align\":8,\"max\":65536,\"fields\":[{\"kind\":\"ptr\",\"offset\":0,\"elem\":8,"
	"\"align\":4,\"max\":65536,\"fields\":[{\"kind\":\"ptr\",\"offset\":0,\"elem\":1,"
	"\"align\":1,\"max\":64}]},{\"kind\":\"ptr\",\"offset\":8,\"elem\":2,\"align\":2,"
	"\"max\":32}]},{\"kind\":\"ptr\",\"offset\":32,\"elem\":4,\"align\":4,\"max\":64,"
	"\"repeat\":2},{\"kind\":\"handle\",\"offset\":48}]},\"res\":{\"size\":24}}]}]}";

static volatile uint8_t sink;

static void read_all(const uint8_t *at, size_t size)
{
	for (size_t i = 0; i < size; i++)
		sink ^= at[i];
}

static void use_fields(const struct kx_class *blob, uint32_t fields, uint32_t count,
		       const uint8_t *base, const uint8_t *arena, unsigned depth)
{
	const struct kx_field *field = kx_class_fields(blob, fields);

	fuzz_require(depth <= KX_FIELD_DEPTH);
	for (uint32_t i = 0; i < count; i++, field++) {
		for (uint32_t n = 0; n < field->repeat && field->kind == KX_FIELD_ARENA; n++) {
			uint32_t chunk[2];

			memcpy(chunk, base + field->offset + n * field->stride, sizeof(chunk));
			read_all(arena + (chunk[1] ? chunk[0] : 0), chunk[1]);
			for (uint32_t at = 0; field->field_count && at < chunk[1];
			     at += field->element)
				use_fields(blob, field->fields, field->field_count,
					   arena + chunk[0] + at, arena, depth + 1);
		}
	}
}

static bool use_handle(void *context, void *descriptor, uint32_t offset)
{
	(void)context;
	(void)offset;
	read_all(descriptor, 16);
	return true;
}

/* @bytes: method number, kind, head, constant part, arena. */
static void try_message(const struct kx_class *blob, struct fuzz_input *in)
{
	uint8_t number = fuzz_u8(in);
	const struct kx_method *method = kx_blob_method(blob, number >> 4, number & 15);
	const struct kx_message_desc *desc;
	uint8_t form = fuzz_u8(in);
	struct kx_head head;
	uint8_t *fixed;
	uint8_t *arena;

	if (!method)
		return;
	desc = kx_method_desc(method, form & 1, form & 2 ? 1u << 31 : 0);
	head.ex = form & 4 ? fuzz_u32(in) : KX_EX(desc->size, desc->handles, 0);
	if (!desc->size || KX_EX_SIZE(head.ex) < KX_MESSAGE_MIN || KX_EX_SIZE(head.ex) > 4096)
		return;
	fixed = malloc(KX_EX_SIZE(head.ex));
	fuzz_bytes(in, fixed + KX_MESSAGE_MIN, KX_EX_SIZE(head.ex) - KX_MESSAGE_MIN);
	head.arena = (uint32_t)in->left;
	arena = malloc(in->left + 1);
	memcpy(arena, in->at, in->left);
	if (kx_message_valid(blob, desc, &head, fixed + KX_MESSAGE_MIN, arena)) {
		use_fields(blob, desc->fields, desc->field_count, fixed, arena, 0);
		(void)kx_message_handles(blob, desc, fixed, use_handle, NULL);
	}
	free(arena);
	free(fixed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *zero = size && data[0] == '{' ? memchr(data, 0, size) : NULL;
	const char *text = zero ? (const char *)data : built_in;
	char error[KX_CLASS_ERROR_MAX];
	struct fuzz_input in = {data, size};
	struct kx_class *blob;
	json_t *json = json_loads(text, 0, NULL);

	if (!json)
		return 0;
	blob = kx_class_from_json("fuzz", json, error);
	json_decref(json);
	if (zero) {
		in.at = zero + 1;
		in.left = size - (size_t)(in.at - data);
	}
	if (blob)
		try_message(blob, &in);
	else
		fuzz_require(error[0]);
	free(blob);
	return 0;
}
