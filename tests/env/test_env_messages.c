/* SPDX-License-Identifier: Apache-2.0 */

/* The message libkos writes by hand is the one the IDL compiler makes of Env.idl. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <kl/Env.idl.h>

#include "env_message.h"

_Static_assert(sizeof(struct kx_env_read_req) == sizeof(struct kl_Env_Read_req), "request");
_Static_assert(sizeof(struct kx_env_read_res) == sizeof(struct kl_Env_Read_res), "response");
_Static_assert(offsetof(struct kx_env_read_req, name) == offsetof(struct kl_Env_Read_req, name),
	       "name");
_Static_assert(offsetof(struct kx_env_read_res, envs) == offsetof(struct kl_Env_Read_res, envs),
	       "envs");

static void numbers_and_sizes_agree(void **state)
{
	(void)state;
	assert_int_equal((int)KX_ENV_READ, (int)kl_Env_Read_mid);
	assert_int_equal(KX_ENV_NAME_SIZE, kl_Env_Read_req_name_size);
	assert_int_equal(KX_ENV_PART_SIZE, kl_Env_Read_res_envs_size);
	assert_int_equal(2 * KX_ENV_PART_SIZE, kl_Env_Read_res_arena_size);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_and_sizes_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
