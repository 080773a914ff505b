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
	assert_string_equal(trail.reads[0].value, "a1616b07");
	trail = trail_of("\xa1"
			 "abcdefghijklmnopqrstuvwxyzA",
			 28, 1);
	assert_int_equal(trail.read_count, 2);
	assert_int_equal(strlen(trail.reads[0].value), 2 * 27);
	assert_string_equal(trail.reads[1].value, "41");
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
		cmocka_unit_test(what_finds_no_room_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
