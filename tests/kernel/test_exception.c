/* SPDX-License-Identifier: Apache-2.0 */

/* Exceptions from isolation, as --allow declares them: which texts count, and for whom. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "exception.h"

static void texts_that_say_nothing_are_refused(void **state)
{
	static const char *const texts[] = {
		"",          ":unix",        "a",         "a:",     "a:unix:x",    "a:sysv:",
		"a:read",    "a:read:",      "a:read:x",  "a:fork", "a:connect:0", "a:listen:65536",
		"a:listen:", "a:connect:1x", "a:connect", "a:Unix", "a:write",     "a:write:./x",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (kx_exception_declare(texts[i]) != -EINVAL)
			fail_msg("\"%s\" was taken", texts[i]);
	}
	assert_false(kx_exception_is_declared("a"));
}

static void each_is_added_to_its_own_entity_only(void **state)
{
	struct kx_isolation_profile profile;

	(void)state;
	assert_int_equal(kx_exception_declare("kl.One:read:/etc/hosts"), 0);
	assert_int_equal(kx_exception_declare("kl.One:write:/tmp"), 0);
	assert_int_equal(kx_exception_declare("kl.One:connect:80"), 0);
	assert_int_equal(kx_exception_declare("kl.One:listen:8080"), 0);
	assert_int_equal(kx_exception_declare("Two:unix"), 0);
	assert_int_equal(kx_exception_declare("Two:sysv"), 0);
	assert_true(kx_exception_is_declared("kl.One"));
	assert_false(kx_exception_is_declared("kl.On"));

	kx_isolation_profile_init(&profile, KX_ISOLATION_DEFAULT);
	assert_int_equal(kx_exception_loosen("Three", &profile), 0);
	assert_int_equal(profile.allow, 0);
	assert_int_equal(kx_exception_loosen("Two", &profile), 0);
	assert_int_equal(profile.allow, KX_ALLOW_UNIX | KX_ALLOW_SYSV);
	assert_int_equal(profile.read_count + profile.write_count, 0);
	kx_isolation_profile_fini(&profile);

	kx_isolation_profile_init(&profile, KX_ISOLATION_DEFAULT);
	assert_int_equal(kx_exception_loosen("kl.One", &profile), 0);
	assert_int_equal(profile.allow, KX_ALLOW_WRITE | KX_ALLOW_TCP);
	assert_string_equal(profile.read_paths[0], "/etc/hosts");
	assert_string_equal(profile.write_paths[0], "/tmp");
	assert_int_equal(profile.connect_ports[0], 80);
	assert_int_equal(profile.bind_ports[0], 8080);
	kx_isolation_profile_fini(&profile);
	kx_exception_fini();
	assert_false(kx_exception_is_declared("kl.One"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_that_say_nothing_are_refused),
		cmocka_unit_test(each_is_added_to_its_own_entity_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
