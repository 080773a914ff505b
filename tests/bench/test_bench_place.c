/* SPDX-License-Identifier: Apache-2.0 */

/* Placements: what is read, what is refused, and where processes really run. */

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "measure/place.h"

static char why[160];

static void good_placements_read_and_write_back(void **state)
{
	static const char *const texts[] = {"free", "pin:0,1", "pin:3,2,7", "same:5", "duo:1,0"};
	char text[KX_PLACE_TEXT];
	struct kx_place place;

	(void)state;
	for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_true(kx_place_parse(texts[i], &place, why, sizeof(why)));
		kx_place_format(&place, text);
		assert_string_equal(text, texts[i]);
	}
}

static void cores_go_to_the_roles_they_are_named_for(void **state)
{
	struct kx_place place;
	char text[64];

	(void)state;
	assert_true(kx_place_parse("pin:3,2,7", &place, why, sizeof(why)));
	kx_place_list(&place, KX_ROLE_CLIENT, text, sizeof(text));
	assert_string_equal(text, "3");
	kx_place_list(&place, KX_ROLE_SERVER, text, sizeof(text));
	assert_string_equal(text, "2");
	kx_place_list(&place, KX_ROLE_BROKER, text, sizeof(text));
	assert_string_equal(text, "7");
	assert_int_equal(kx_place_cores(&place, 2), 2);
	assert_int_equal(kx_place_cores(&place, 3), 3);

	assert_true(kx_place_parse("duo:4,1", &place, why, sizeof(why)));
	kx_place_list(&place, KX_ROLE_SERVER, text, sizeof(text));
	assert_string_equal(text, "1,4");
	assert_int_equal(kx_place_cores(&place, 3), 2);

	assert_true(kx_place_parse("same:6", &place, why, sizeof(why)));
	kx_place_list(&place, KX_ROLE_BROKER, text, sizeof(text));
	assert_string_equal(text, "6");
	assert_int_equal(kx_place_cores(&place, 3), 1);
	assert_int_equal(kx_place_core(&place, 3, 0), 6);
	assert_int_equal(kx_place_core(&place, 3, 1), KX_PLACE_NONE);
}

static void bad_placements_are_refused_with_a_reason(void **state)
{
	static const char *const texts[] = {
		"",         "pin",    "pin:",        "pin:0",    "pin:0,1,2,3", "pin:0,",
		"pin:a,b",  "same:",  "same:0,1",    "duo:1",    "duo:1,1",     "duo:0,1,2",
		"pin:-1,0", "free:1", "pin:0,99999", "pin: 0,1", "same:0x1",    "frei",
	};
	struct kx_place place;

	(void)state;
	for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		why[0] = '\0';
		assert_false(kx_place_parse(texts[i], &place, why, sizeof(why)));
		assert_non_null(strstr(why, texts[i]));
	}
}

static void a_core_that_is_not_ours_is_named(void **state)
{
	struct kx_place place;

	(void)state;
	assert_true(kx_place_parse("same:1023", &place, why, sizeof(why)));
	assert_false(kx_place_check(&place, why, sizeof(why)));
	assert_non_null(strstr(why, "core 1023"));
}

static void the_default_placement_is_usable(void **state)
{
	struct kx_place place = kx_place_default();

	(void)state;
	assert_true(kx_place_check(&place, why, sizeof(why)));
	if (kx_place_allowed() > 1)
		assert_int_not_equal(place.client, place.server);
}

static void a_bound_process_runs_only_there(void **state)
{
	struct kx_place place = kx_place_default();
	int status = -1;
	pid_t child = fork();

	(void)state;
	assert_true(child >= 0);
	if (child == 0) {
		cpu_set_t set;
		bool ok = kx_place_bind(&place, KX_ROLE_SERVER) &&
			  sched_getaffinity(0, sizeof(set), &set) == 0;

		_exit(ok && CPU_COUNT(&set) == 1 && CPU_ISSET(place.server, &set) ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_placements_read_and_write_back),
		cmocka_unit_test(cores_go_to_the_roles_they_are_named_for),
		cmocka_unit_test(bad_placements_are_refused_with_a_reason),
		cmocka_unit_test(a_core_that_is_not_ours_is_named),
		cmocka_unit_test(the_default_placement_is_usable),
		cmocka_unit_test(a_bound_process_runs_only_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
