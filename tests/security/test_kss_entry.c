/* SPDX-License-Identifier: Apache-2.0 */

/* A module written by hand is asked about the class of now, not of a process that was there. */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <kss/kss.h>

#include "kosix/security_module.h"

static kss_eid_t source; /* of the last event */

/* What the module writes while it decides. */
static const void *record;
static nk_size_t record_size;
static unsigned record_count;

nk_err_t __kss_init(void)
{
	return NK_EOK;
}

void __kss_fini(void)
{
}

kss_eid_t __kss_get_eid(const char *eiid)
{
	return (kss_eid_t)strlen(eiid);
}

static nk_err_t grant(kss_decision_t *decision, kss_eid_t src_eid)
{
	source = src_eid;
	for (unsigned i = 0; i < record_count; i++)
		kss_audit_log("head", 4, record, record_size);
	*decision = KSS_GRANT;
	return NK_EOK;
}

#define EVENT(name)                                                                                \
	nk_err_t name(kss_decision_t *decision, kss_eid_t src_eid, nk_sid_t src_sid,               \
		      kss_eid_t dst_eid, nk_sid_t dst_sid, const struct nk_message *message,       \
		      const struct nk_arena *arena, struct kss_audit_message *audit_message)       \
	{                                                                                          \
		(void)src_sid, (void)dst_eid, (void)dst_sid, (void)message, (void)arena;           \
		(void)audit_message;                                                               \
		return grant(decision, src_eid);                                                   \
	}

EVENT(__kss_execute)
EVENT(__kss_request)
EVENT(__kss_response)
EVENT(__kss_error)

nk_err_t __kss_security(kss_decision_t *decision, kss_eid_t driver_eid, nk_sid_t driver_sid,
			const struct nk_message *message, const struct nk_arena *arena,
			struct kss_audit_message *audit_message)
{
	(void)driver_sid, (void)message, (void)arena, (void)audit_message;
	return grant(decision, driver_eid);
}

/* The name lies where that of the last process lay. */
static kss_eid_t asked_as(const char *class_name)
{
	static char place[300];
	struct kx_event event = {
		.kind = KX_EVENT_REQUEST,
		.src.class_name = place,
		.dst.class_name = "Server",
	};
	struct kx_trail trail = {0};

	(void)snprintf(place, sizeof(place), "%s", class_name);
	assert_int_equal(kx_security_module()->decide(NULL, &event, &trail), KX_GRANT);
	return source;
}

static void a_class_is_known_by_its_name(void **state)
{
	char longest[251];

	(void)state;
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_int_equal(asked_as("Trusted"), 7);
	assert_int_equal(asked_as("Other"), 5);
	assert_int_equal(asked_as("Trusted"), 7);
	assert_int_equal(asked_as(longest), sizeof(longest) - 1);
	assert_int_equal(asked_as("Other"), 5);
}

static struct kx_trail trail_of(const void *data, nk_size_t size, unsigned count)
{
	struct kx_event event = {
		.kind = KX_EVENT_REQUEST, .src.class_name = "Client", .dst.class_name = "Server"};
	struct kx_trail trail = {0};

	record = data;
	record_size = size;
	record_count = count;
	assert_int_equal(kx_security_module()->decide(NULL, &event, &trail), KX_GRANT);
	record_count = 0;
	return trail;
}

static void what_it_writes_goes_on_record(void **state)
{
	static const char text[] =
		"a record that is longer than one value of a trail, so that it goes on";
	struct kx_trail trail = trail_of("", 0, 0);

	(void)state;
	assert_false(trail.audit);
	trail = trail_of(text, sizeof(text) - 1, 1);
	assert_true(trail.audit);
	assert_int_equal(trail.read_count, 2);
	assert_int_equal(strlen(trail.reads[0].value) + strlen(trail.reads[1].value),
			 sizeof(text) - 1);
	assert_memory_equal(trail.reads[0].value, text, 55);
	assert_string_equal(trail.reads[1].value, text + 55);
	trail = trail_of("\xa1\x61k\x07", 4, 1);
	assert_string_equal(trail.reads[0].value, "{\"k\":7}");
	trail = trail_of("\xa1"
			 "abcdefghijklmnopqrstuvwxyzA",
			 28, 1);
	assert_int_equal(trail.read_count, 2);
	assert_int_equal(strlen(trail.reads[0].value), 2 * 27);
	assert_string_equal(trail.reads[1].value, "41");
}

static void cbor_is_shown_as_text(void **state)
{
	static const struct {
		const char *bytes;
		nk_size_t size;
		const char *shown;
	} cases[] = {
		{"\x84\x64"
		 "Base\x64"
		 "base\x65"
		 "grant\xa0",
		 18, "[\"Base\",\"base\",\"grant\",{}]"},
		{"\x9f\x20\x39\x01\x00\x1a\xff\xff\xff\xff\xff", 11, "[-1,-257,4294967295]"},
		{"\xbf\x61"
		 "a\xf5\x61"
		 "b\xf6\xff",
		 8, "{\"a\":true,\"b\":null}"},
		{"\xc1\xfb\x3f\xf8\x00\x00\x00\x00\x00\x00", 10, "1.5"},
		{"\x82\xf9\xc4\x00\xfa\x40\x00\x00\x00", 9, "[-4,2]"},
		/* Infinities and what is no number: half, single, double. */
		{"\x83\xf9\x7c\x00\xf9\xfc\x00\xf9\x7e\x00", 10, "[null,null,null]"},
		{"\x82\xfa\x7f\x80\x00\x00\xfa\x7f\xc0\x00\x00", 11, "[null,null]"},
		{"\xfb\xff\xf0\x00\x00\x00\x00\x00\x00", 9, "null"},
		{"\xfb\x7f\xf8\x00\x00\x00\x00\x00\x00", 9, "null"},
		{"\x43\x00\xff\x10", 4, "h'00ff10'"},
		{"\x64\xd1\x8f\x1b\"", 5, "\"\xd1\x8f?\\\"\""},
		/* A letter that is longer than it must be, and one that turns the line. */
		{"\x62\xc1\x81", 3, "\"??\""},
		{"\x63\xe2\x80\xae", 4, "\"???\""},
		/* More than one item, cut off, a break without anything to break: as they are. */
		{"\x01\x02", 2, "0102"},
		{"\x82\x01", 2, "8201"},
		{"\x1b\x01", 2, "1b01"},
		{"\xff", 1, "ff"},
		{"\x9f\x01", 2, "9f01"},
		{"\x5b\xff\xff\xff\xff\xff\xff\xff\xff", 9, "5bffffffffffffffff"},
		{"\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x01", 17,
		 "8181818181818181818181818181818101"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct kx_trail trail = trail_of(cases[i].bytes, cases[i].size, 1);

		assert_int_equal(trail.read_count, 1);
		assert_string_equal(trail.reads[0].value, cases[i].shown);
	}
}

/* Of a text that has no room as a whole nothing is lost: it is shown as bytes, and counted. */
static void long_cbor_is_counted(void **state)
{
	static char item[1203] = "\x79\x04\xb0"; /* a text of 1200 letters */
	struct kx_trail trail;

	(void)state;
	memset(item + 3, 'a', sizeof(item) - 3);
	trail = trail_of(item, sizeof(item), 1);
	assert_int_equal(trail.read_count, KX_TRAIL_READS);
	assert_memory_equal(trail.reads[0].value, "7904b06161", 10);
	assert_string_equal(trail.reads[7].name, "bytes of records not shown");
	/* Seven values of 27 bytes each are shown. */
	assert_string_equal(trail.reads[7].value, "1014");
}

static void no_letter_is_cut_between_pieces(void **state)
{
	/* A text of 60 bytes; the first piece has the quote, and 54 bytes to spare. */
	struct kx_trail trail = trail_of("\x78\x3c"
					 "я"
					 "яяяяяяяяяяяяяяяяяяяяяяяяяяяяя",
					 62, 1);

	(void)state;
	assert_int_equal(trail.read_count, 2);
	assert_int_equal(strlen(trail.reads[0].value) % 2, 1);
	assert_int_equal(strlen(trail.reads[0].value) + strlen(trail.reads[1].value), 62);
}

static void what_finds_no_room_is_counted(void **state)
{
	struct kx_trail trail = trail_of("twelve bytes", 12, 10);

	(void)state;
	assert_int_equal(trail.read_count, KX_TRAIL_READS);
	assert_string_equal(trail.reads[7].name, "bytes of records not shown");
	assert_string_equal(trail.reads[7].value, "36");
	trail = trail_of("twelve bytes", 12, 7);
	assert_int_equal(trail.read_count, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_class_is_known_by_its_name),
		cmocka_unit_test(what_it_writes_goes_on_record),
		cmocka_unit_test(cbor_is_shown_as_text),
		cmocka_unit_test(long_cbor_is_counted),
		cmocka_unit_test(no_letter_is_cut_between_pieces),
		cmocka_unit_test(what_finds_no_room_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
