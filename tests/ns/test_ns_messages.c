/* SPDX-License-Identifier: Apache-2.0 */

/* The messages libkos writes by hand are those the IDL compiler makes of NS.idl. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <coresrv/ns/ns_api.h>
#include <kl/core/NS.idl.h>
#include <kl/core/NameServer.edl.h>

#include "ns_message.h"

#define SAME(mine, theirs, field)                                                                  \
	_Static_assert(offsetof(struct mine, field) == offsetof(struct theirs, field),             \
		       #mine "." #field " is elsewhere")

_Static_assert(sizeof(struct kx_ns_names_req) == sizeof(struct kl_core_NS_Publish_req), "Publish");
_Static_assert(sizeof(struct kx_ns_names_req) == sizeof(struct kl_core_NS_UnPublish_req), "Un");
_Static_assert(sizeof(struct kx_ns_rc_res) == sizeof(struct kl_core_NS_Publish_res), "response");
_Static_assert(sizeof(struct kx_ns_enum_req) == sizeof(struct kl_core_NS_Enum_req), "Enum");
_Static_assert(sizeof(struct kx_ns_enum_res) == sizeof(struct kl_core_NS_Enum_res), "Enum's");
SAME(kx_ns_names_req, kl_core_NS_Publish_req, type);
SAME(kx_ns_names_req, kl_core_NS_Publish_req, server);
SAME(kx_ns_names_req, kl_core_NS_UnPublish_req, service);
SAME(kx_ns_rc_res, kl_core_NS_UnPublish_res, rc);
SAME(kx_ns_enum_req, kl_core_NS_Enum_req, index);
SAME(kx_ns_enum_res, kl_core_NS_Enum_res, rc);
SAME(kx_ns_enum_res, kl_core_NS_Enum_res, server);
SAME(kx_ns_enum_res, kl_core_NS_Enum_res, service);

static void method_numbers_and_sizes_agree(void **state)
{
	(void)state;
	assert_int_equal((int)KX_NS_PUBLISH, (int)kl_core_NS_Publish_mid);
	assert_int_equal((int)KX_NS_UNPUBLISH, (int)kl_core_NS_UnPublish_mid);
	assert_int_equal((int)KX_NS_ENUM, (int)kl_core_NS_Enum_mid);
	assert_int_equal(KX_NS_NAME_SIZE, kl_core_NS_NameSize + 1);
	assert_int_equal((int)KX_NS_RIID, (int)kl_core_NameServer_ns_ns_iid);
}

static void outside_of_an_entity_there_is_no_name_server(void **state)
{
	NsHandle ns = NS_INVALID_HANDLE;

	(void)state;
	assert_int_equal(NsCreate(NULL, 0, &ns), rcNotReady);
	assert_int_equal(NsCreate(NULL, 0, NULL), rcInvalidArgument);
	assert_int_equal(ns, NS_INVALID_HANDLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(method_numbers_and_sizes_agree),
		cmocka_unit_test(outside_of_an_entity_there_is_no_name_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
