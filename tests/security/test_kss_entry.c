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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_class_is_known_by_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
