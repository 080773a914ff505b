/* SPDX-License-Identifier: Apache-2.0 */

/* What is left behind is seen: the tests of whole solutions rely on it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "footprint.h"
#include "log.h"
#include "region.h"

static void a_region_is_a_descriptor_and_a_mapping(void **state)
{
	struct kx_footprint before;
	struct kx_region region;

	(void)state;
	kx_log_open();
	kx_footprint_take(&before);
	assert_int_equal(
		kx_region_create(KX_REGION_CHANNEL, KX_REGION_SHARED, 65536, 4096, &region), 0);
	assert_int_equal(kx_footprint_descriptors(&before), 1);
	assert_int_equal(kx_footprint_mappings(&before), 1);
	kx_region_close(&region);
	assert_int_equal(kx_footprint_descriptors(&before), 0);
	assert_int_equal(kx_footprint_mappings(&before), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_region_is_a_descriptor_and_a_mapping),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
