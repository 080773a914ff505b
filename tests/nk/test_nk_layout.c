/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Layouts and constants that programs built elsewhere rely on: facts from the
 * KasperskyOS SDK 1.1/1.2, checked against what our compiler makes of our headers.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <kxt/All.idl.h>
#include <kxt/Server.edl.h>

#define OFFSET(type, field, value) assert_int_equal(offsetof(type, field), value)

static void run_time_types_have_their_documented_layout(void **state)
{
	(void)state;
	assert_int_equal(sizeof(nk_message), 24);
	OFFSET(nk_message, iid, 0);
	OFFSET(nk_message, mid, 2);
	OFFSET(nk_message, self, 8);
	assert_int_equal(sizeof(nk_handle_desc_t), 16);
	assert_int_equal(sizeof(nk_ptr_t), 8);
	assert_int_equal(sizeof(nk_arena), 24);
	assert_int_equal(sizeof(nk_transport), 8);
	assert_int_equal(sizeof(nk_size_t), 8);
	assert_int_equal(sizeof(nk_iid_t), 2);
}

static void header_bits_are_size_handles_error(void **state)
{
	nk_message message;
	uint32_t ex;

	(void)state;
	nk_message_make_err(&message, 0x123);
	nk_message_set_ncaps(&message, 5);
	memcpy(&ex, (const char *)&message + 4, sizeof(ex));
	assert_int_equal(ex, 0x123u | 5u << 28 | 1u << 31);
}

static int by_value(const void *key, const void *element)
{
	return *(const int *)key - *(const int *)element;
}

static void helpers_of_generated_code_do_as_those_of_c(void **state)
{
	const int sorted[] = {1, 3, 5, 9};
	nk_handle_desc_t desc = nk_handle_desc(5, 3, 7);
	struct nk_message message;
	nk_char_t text[4];
	int key = 9;

	(void)state;
	assert_ptr_equal(nk_bsearch(&key, sorted, 4, sizeof(*sorted), by_value), &sorted[3]);
	key = 4;
	assert_null(nk_bsearch(&key, sorted, 4, sizeof(*sorted), by_value));
	assert_ptr_equal(nk_strncpy(text, "ab", sizeof(text)), text);
	assert_memory_equal(text, "ab\0\0", 4);
	assert_true(nk_is_handle_dereferenced(&desc));
	desc.badge = 0;
	assert_false(nk_is_handle_dereferenced(&desc));
	nk_message_make_req(&message, sizeof(message));
	nk_message_set_iid(&message, 4);
	nk_message_set_mid(&message, 5);
	assert_true(message.iid == 4 && message.mid == 5);
}

static void error_codes_are_negated_posix_numbers(void **state)
{
	(void)state;
	assert_int_equal(NK_EOK, 0);
	assert_int_equal(NK_EPERM, -1);
	assert_int_equal(NK_ENOENT, -2);
	assert_int_equal(NK_EAGAIN, -11);
	assert_int_equal(NK_ENOMEM, -12);
	assert_int_equal(NK_EINVAL, -22);
	assert_int_equal(NK_ENOTEMPTY, -39);
	assert_int_equal(NK_ENOMSG, -42);
	assert_int_equal(NK_EBADMSG, -74);
	assert_int_equal(NK_ENOTCONN, -107);
}

static void logical_errors_keep_every_status_apart_from_other_codes(void **state)
{
	(void)state;
	for (unsigned int status = 0; status <= 0xffff; status++) {
		nk_err_t rc = NK_ELOGIC(status);

		assert_true(NK_ELOGIC_CHECK(rc));
		assert_int_equal(NK_ELOGIC_GET(rc), status);
		assert_int_not_equal(rc, NK_EOK);
	}
	assert_false(NK_ELOGIC_CHECK(NK_EOK));
	assert_false(NK_ELOGIC_CHECK(NK_EPERM));
	assert_false(NK_ELOGIC_CHECK((nk_err_t)0x90000001));
}

static void message_fields_have_natural_alignment(void **state)
{
	(void)state;
	OFFSET(kxt_All_Scalars_req, u8, 24);
	OFFSET(kxt_All_Scalars_req, u16, 26);
	OFFSET(kxt_All_Scalars_req, u32, 28);
	OFFSET(kxt_All_Scalars_req, u64, 32);
	OFFSET(kxt_All_Scalars_req, s8, 40);
	OFFSET(kxt_All_Scalars_req, size, 56);
	assert_int_equal(sizeof(kxt_All_Scalars_req), 72);
	OFFSET(kxt_All_Mixed_req, odd, 24);
	OFFSET(kxt_All_Mixed_res, code, 24);
	OFFSET(kxt_All_Handles_req, first, 32);
	assert_int_equal(sizeof(kxt_All_Handles_req), 80);
	assert_int_equal(sizeof(kxt_All_Nothing_req), 24);
}

static void records_are_packed_by_their_largest_field(void **state)
{
	(void)state;
	OFFSET(kxt_Types_Entry, reason, 0);
	OFFSET(kxt_Types_Entry, time, 8);
	OFFSET(kxt_Types_Entry, msg, 16);
	OFFSET(kxt_Types_Entry, end, 4112);
	assert_int_equal(sizeof(kxt_Types_Entry), 4120);
	assert_int_equal(nk_alignof(kxt_Types_Entry), 8);
	assert_int_equal(sizeof(kxt_Types_Point), 4);
	assert_int_equal(sizeof(kxt_All_Choice), 16);
	OFFSET(kxt_All_Choice, value_, 8);
}

static void constants_are_those_of_the_real_tool(void **state)
{
	(void)state;
	/* string<48> + string<8> */
	assert_int_equal(kxt_All_Texts_req_arena_size - 16, 58);
	/* sequence<sequence<UInt8,256>,256>: 256 * (8 + 256) */
	assert_int_equal(kxt_All_Nested_req_arena_size, 67584);
	/* sequence<Entry,32>, Entry of 4120 bytes */
	assert_int_equal(kxt_All_Entries_req_arena_size, 131840);
	assert_int_equal(kxt_All_Entries_req_entry_elem_msg_size, 4096);
	assert_int_equal(kxt_All_Texts_req_first_size, 49);
	assert_int_equal(kxt_All_req_arena_size, 131840);
	assert_int_equal(kxt_All_arena_size, 131840);
	assert_int_equal(kxt_All_Handles_req_handles, 3);
	assert_int_equal(kxt_All_Handles_res_handles, 1);
	assert_int_equal(kxt_All_mid_max, 12);
	assert_int_equal(kxt_All_main_mid, 11);
}

static void idl_constants_are_typed_constant_expressions(void **state)
{
	static const nk_uint16_t in_initialiser = kxt_Types_NameSize;
	char array[kxt_Types_Many];

	(void)state;
	assert_int_equal(in_initialiser, 32);
	assert_int_equal(sizeof(array), 256);
	assert_int_equal(kxt_Types_Lowest, -128);
	assert_true(kxt_Types_Minimum == INT64_MIN);
	assert_true(kxt_Types_Everything == UINT64_MAX);
	assert_int_equal(kxt_Types_Octal, 15);
	assert_int_equal(kxt_Types_Nothing, 0);
	assert_int_equal(sizeof(kxt_Types_ModeRed), sizeof(nk_uint32_t));
}

/* Components come first, each flattened in its place, then own endpoints. */
static void endpoint_ids_count_through_the_component_tree(void **state)
{
	(void)state;
	assert_int_equal(kxt_Server_part_inner_ping_iid, 0);
	assert_int_equal(kxt_Server_part_all_iid, 1);
	assert_int_equal(kxt_Server_part_interface_iid, 2);
	assert_int_equal(kxt_Server_ping_ping_iid, 3);
	assert_int_equal(kxt_Server_direct_iid, 4);
	assert_int_equal(kxt_Server_iidMax, 5);
	assert_int_equal(kxt_Server_part_iidOffset, 0);
	assert_int_equal(kxt_Server_ping_iidOffset, 3);
	assert_int_equal(kxt_Server_quiet_security_securityIid, 0);
	assert_int_equal(kxt_Server_security_securityIid, 1);
	assert_int_equal(kxt_Server_securityIidMax, 2);
	assert_int_equal(kxt_Server_entity_req_arena_size, 131840);
	assert_int_equal(kxt_Server_entity_res_handles, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(run_time_types_have_their_documented_layout),
		cmocka_unit_test(header_bits_are_size_handles_error),
		cmocka_unit_test(helpers_of_generated_code_do_as_those_of_c),
		cmocka_unit_test(error_codes_are_negated_posix_numbers),
		cmocka_unit_test(logical_errors_keep_every_status_apart_from_other_codes),
		cmocka_unit_test(message_fields_have_natural_alignment),
		cmocka_unit_test(records_are_packed_by_their_largest_field),
		cmocka_unit_test(constants_are_those_of_the_real_tool),
		cmocka_unit_test(idl_constants_are_typed_constant_expressions),
		cmocka_unit_test(endpoint_ids_count_through_the_component_tree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
