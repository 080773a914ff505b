/* SPDX-License-Identifier: Apache-2.0 */

/* The protocol as bytes: every request style known clients send, and the replies. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wire/kx_kav_wire.h"

static enum kx_kav_parse parse(const char *bytes, size_t len, struct kx_kav_request *out)
{
	const char *why = NULL;
	enum kx_kav_parse result = kx_kav_request_parse(bytes, len, out, &why);

	if (result == KX_KAV_PARSE_BAD)
		assert_non_null(why);
	return result;
}

#define PARSE(text, out) parse(text, sizeof(text) - 1, out)

static void assert_one_path(struct kx_kav_request *request, const char *path)
{
	assert_int_equal(request->flag, KX_KAV_PATHS);
	assert_int_equal(request->count, 1);
	assert_string_equal(request->objects[0], path);
	kx_kav_request_free(request);
}

static void both_stamp_styles_are_read(void **state)
{
	struct kx_kav_request request;

	(void)state;
	assert_int_equal(PARSE("<0>21 Nov 18:38:33:/var/s/1x", &request), KX_KAV_PARSE_OK);
	assert_one_path(&request, "/var/s/1x");
	assert_int_equal(PARSE("<0>Nov  1 18:38:33:/srv/f.doc", &request), KX_KAV_PARSE_OK);
	assert_one_path(&request, "/srv/f.doc");
}

static void a_path_may_hold_colons_and_blanks(void **state)
{
	struct kx_kav_request request;

	(void)state;
	assert_int_equal(PARSE("<0>Nov 21 18:38:33:/srv/a b:c|d;e", &request), KX_KAV_PARSE_OK);
	assert_one_path(&request, "/srv/a b:c|d;e");
}

static void objects_in_switches_go_before_paths(void **state)
{
	struct kx_kav_request request;

	(void)state;
	assert_int_equal(PARSE("<0>Nov 21 18:38:33:\xfeI0|o{/q/1.msg}\xfe", &request),
			 KX_KAV_PARSE_OK);
	assert_string_equal(request.switches, "I0|");
	assert_one_path(&request, "/q/1.msg");
	assert_int_equal(PARSE("<0>Nov 21 18:38:33:\xfeo{/a:/b}|MP\xfe/c", &request),
			 KX_KAV_PARSE_OK);
	assert_int_equal(request.count, 2);
	assert_string_equal(request.objects[1], "/b");
	assert_string_equal(request.switches, "|MP");
	kx_kav_request_free(&request);
}

static void a_list_of_paths_is_split(void **state)
{
	struct kx_kav_request request;

	(void)state;
	assert_int_equal(PARSE("<0>Nov 21 18:38:33:\xfeMP|\xfe/a;/b", &request), KX_KAV_PARSE_OK);
	assert_string_equal(request.switches, "MP|");
	assert_int_equal(request.count, 2);
	assert_string_equal(request.objects[0], "/a");
	assert_string_equal(request.objects[1], "/b");
	kx_kav_request_free(&request);
}

static void shared_memory_is_key_and_size_in_hex(void **state)
{
	struct kx_kav_request request;

	(void)state;
	assert_int_equal(PARSE("<3>Nov 21 18:38:33:<6b0137a2|44|>", &request), KX_KAV_PARSE_OK);
	assert_int_equal(request.flag, KX_KAV_SHMEM);
	assert_int_equal(request.key, 0x6b0137a2);
	assert_int_equal(request.size, 0x44);
	assert_int_equal(PARSE("<3>Nov 21 18:38:33:<ffffffff|1|>", &request), KX_KAV_PARSE_OK);
	assert_int_equal(request.key, 0xffffffffu);
}

static void a_version_query_has_no_body(void **state)
{
	struct kx_kav_request request;

	(void)state;
	assert_int_equal(PARSE("<4>Nov 21 18:38:33:", &request), KX_KAV_PARSE_OK);
	assert_int_equal(request.flag, KX_KAV_VERSION);
	assert_int_equal(request.count, 0);
}

/* Every beginning of a request asks for more; none is an answer or a refusal. */
static void every_beginning_asks_for_more(void **state)
{
	static const char text[] = "<3>Nov 21 18:38:33:<6b0137a2|44|>";
	struct kx_kav_request request;

	(void)state;
	for (size_t len = 0; len < sizeof(text) - 1; len++)
		assert_int_equal(parse(text, len, &request), KX_KAV_PARSE_MORE);
}

static void garbage_is_refused(void **state)
{
	static const char *const texts[] = {
		"GET / HTTP/1.0\r\n",
		"<x>Nov 21 18:38:33:/a",
		"<1>Nov 21 18:38:33:/a",
		"<0 Nov 21 18:38:33:/a",
		"<3>Nov 21 18:38:33:6b01|44|>",
		"<3>Nov 21 18:38:33:<0x6b01|44|>",
		"<3>Nov 21 18:38:33:<6b0137a2f|44|>",
		"<3>Nov 21 18:38:33:<6b01|11111111111111111|>",
		"<3>Nov 21 18:38:33:<|44|>",
		"<3>Nov 21 18:38:33:<6b01|44>",
		"<0>a stamp that has no colon at all and so never comes to an end, ever",
	};
	struct kx_kav_request request;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(parse(texts[i], strlen(texts[i]), &request), KX_KAV_PARSE_BAD);
}

/* The final NUL is the caller's business; found by fuzz_kav_request. */
static void a_zero_byte_inside_is_refused(void **state)
{
	struct kx_kav_request request;

	(void)state;
	assert_int_equal(PARSE("<0>21 Nov 18:38:33:\0/a", &request), KX_KAV_PARSE_BAD);
	assert_int_equal(PARSE("<0>21 Nov 18:38:33:/a\0", &request), KX_KAV_PARSE_BAD);
}

/* A small generator of our own: the same bytes on every machine. */
static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void any_bytes_are_parsed_without_harm(void **state)
{
	static const char alphabet[] = "<034>:|;{}o\xfe/aF \0";
	uint32_t seed = 1;

	(void)state;
	for (unsigned round = 0; round < 200000; round++) {
		struct kx_kav_request request;
		const char *why;
		size_t len = next_random(&seed) % 60;
		char *bytes = malloc(len + 1);

		assert_non_null(bytes);
		for (size_t i = 0; i < len; i++)
			bytes[i] = alphabet[next_random(&seed) % (sizeof(alphabet) - 1)];
		if (len > 19 && round % 2)
			memcpy(bytes, "<0>Nov 21 18:38:33:", 19);
		if (kx_kav_request_parse(bytes, len, &request, &why) == KX_KAV_PARSE_OK)
			kx_kav_request_free(&request);
		free(bytes);
	}
}

static void built_requests_are_read_back(void **state)
{
	const char *const paths[] = {"/a b", "/c:d"};
	struct kx_kav_request request;
	size_t len = 0;
	char *bytes = kx_kav_request_path("/srv/f.doc", &len);

	(void)state;
	assert_int_equal(len, 30);
	assert_int_equal(bytes[len - 1], '\0');
	assert_int_equal(parse(bytes, len - 1, &request), KX_KAV_PARSE_OK);
	assert_one_path(&request, "/srv/f.doc");
	free(bytes);

	bytes = kx_kav_request_paths(paths, 2, "MP", &len);
	assert_int_equal(parse(bytes, len - 1, &request), KX_KAV_PARSE_OK);
	assert_int_equal(request.count, 2);
	assert_string_equal(request.objects[1], "/c:d");
	kx_kav_request_free(&request);
	free(bytes);

	bytes = kx_kav_request_shmem(0xfe0137a2, 0x44, &len);
	assert_memory_equal(bytes + 19, "<fe0137a2|44|>", 15);
	free(bytes);
}

static void bytes_a_list_cannot_carry_are_refused(void **state)
{
	static const char *const names[] = {"/a;b", "/a|b", "/a}b", "/a\xfe", ""};
	const char *const good[] = {"/a"};
	size_t len = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_null(kx_kav_request_paths(&names[i], 1, "", &len));
	assert_null(kx_kav_request_paths(good, 1, "I0\xfe", &len));
	assert_null(kx_kav_request_paths(good, 0, "", &len));
	assert_null(kx_kav_request_path("", &len));
}

static void replies_are_those_of_the_protocol(void **state)
{
	static const uint8_t clean[] = {0x30, 0x01, 0x0d, 0,   0,    0,   '/', 'q', '/', '1',
					'.',  'm',  's',  'g', '\t', 'o', 'k', '.', '\n'};
	static const uint8_t cured[] = {0x35, 0x02, 0x04, 0, 0, 0};
	struct kx_kav_reply reply = {.report = "/q/1.msg\tok.\n", .report_len = 13};
	size_t len = 0;
	uint8_t *bytes = kx_kav_reply_encode(&reply, &len);

	(void)state;
	assert_int_equal(len, sizeof(clean));
	assert_memory_equal(bytes, clean, sizeof(clean));
	free(bytes);
	reply = (struct kx_kav_reply){.code = KX_KAV_CURED,
				      .cured = true,
				      .cured_size = 4,
				      .report = "x",
				      .report_len = 1};
	bytes = kx_kav_reply_encode(&reply, &len);
	assert_int_equal(len, sizeof(cured));
	assert_memory_equal(bytes, cured, sizeof(cured));
	free(bytes);
}

static bool is_a_head(uint8_t low, uint8_t flags)
{
	const uint8_t head[] = {low, flags};
	unsigned flag_bits;
	int code;

	return kx_kav_reply_head(head, &code, &flag_bits);
}

static void only_defined_heads_are_accepted(void **state)
{
	(void)state;
	for (unsigned low = 0; low < 256; low++) {
		unsigned nibble = (low - 0x30) & 0x0f;
		bool bits = low >= 0x30 && ((low - 0x30) & 0x20) == 0;

		assert_int_equal(is_a_head((uint8_t)low, 0), bits && nibble <= 8);
	}
	assert_true(is_a_head(0x34, 3));
	assert_false(is_a_head(0x34, 4));
	assert_false(is_a_head(0x3f, 0));
	assert_false(is_a_head(0x39, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_stamp_styles_are_read),
		cmocka_unit_test(a_path_may_hold_colons_and_blanks),
		cmocka_unit_test(objects_in_switches_go_before_paths),
		cmocka_unit_test(a_list_of_paths_is_split),
		cmocka_unit_test(shared_memory_is_key_and_size_in_hex),
		cmocka_unit_test(a_version_query_has_no_body),
		cmocka_unit_test(every_beginning_asks_for_more),
		cmocka_unit_test(garbage_is_refused),
		cmocka_unit_test(a_zero_byte_inside_is_refused),
		cmocka_unit_test(any_bytes_are_parsed_without_harm),
		cmocka_unit_test(built_requests_are_read_back),
		cmocka_unit_test(bytes_a_list_cannot_carry_are_refused),
		cmocka_unit_test(replies_are_those_of_the_protocol),
		cmocka_unit_test(only_defined_heads_are_accepted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
