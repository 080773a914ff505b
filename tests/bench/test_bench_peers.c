/* SPDX-License-Identifier: Apache-2.0 */

/*
 * kosix-bench peers for real, with the peers that are built here (`unix` always
 * is), tiny: what is missing is named, what is there answers, results and pictures
 * stand in the folder, compare reads them.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "bench_program.h"
#include "measure/clock.h"
#include "peers/peers.h"

static char folder[] = "/tmp/kosix-bench-peers-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	kx_clock_init();
	return mkdtemp(folder) && setenv("TMPDIR", folder, 1) == 0 ? 0 : 1;
}

static int remove_folder(void **state)
{
	char command[128];

	(void)state;
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return system(command);
}

static void missing_packages_are_named(void **state)
{
	const struct kx_config config = kx_config_default();
	const struct kx_peer_self nowhere = {.module = "nowhere", .package = "libnowhere-dev"};
	const struct kx_peer_self bare = {.module = "nowhere"};
	struct kx_subject subject = *kx_peer_find("unix");
	char why[96];

	(void)state;
	subject.self = &nowhere;
	assert_false(subject.fits(&subject, &config, why, sizeof(why)));
	assert_string_equal(why, "skipped: libnowhere-dev is not installed");
	subject.self = &bare;
	assert_false(subject.fits(&subject, &config, why, sizeof(why)));
	assert_non_null(strstr(why, "no Debian package"));
	assert_null(kx_peer_find("nosuch"));
}

static void a_peer_answers_each_of_many_clients(void **state)
{
	static struct kx_turn turn;
	const struct kx_subject *peer = kx_peer_find("unix");
	struct kx_config config = kx_config_default();
	char library[64];
	void *run;

	(void)state;
	config.place = (struct kx_place){.kind = KX_PLACE_FREE};
	config.clients = 3;
	config.size = 5000;
	config.rounds = 200;
	config.quiet_ns = 50000000;
	kx_hist_clear(&turn.hist);
	assert_true(peer->prepare(peer, &config, &run));
	assert_true(peer->run_turn(run, &turn));
	peer->finish(run);
	assert_int_equal(turn.hist.count, 3 * 200);
	assert_true(turn.wall_ns > 0 && turn.cpu_ns > 0);
	assert_int_equal(turn.quiet_wakes, 0); /* it sleeps in poll */
	kx_peer_library(peer, library, sizeof(library));
	assert_string_equal(library, "no library");
}

static json_t *load(const char *name)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/out/%s", folder, name);
	return json_load_file(path, 0, NULL);
}

static void assert_picture(const char *name)
{
	char path[128];
	char text[32768];
	FILE *file;
	size_t length;

	(void)snprintf(path, sizeof(path), "%s/out/%s", folder, name);
	file = fopen(path, "re");
	assert_non_null(file);
	length = fread(text, 1, sizeof(text) - 1, file);
	text[length] = '\0';
	(void)fclose(file);
	assert_memory_equal(text, "<svg ", 5);
	assert_non_null(strstr(text, ">kosix<"));
	assert_non_null(strstr(text, ">unix<"));
	assert_non_null(strstr(text, "</svg>\n"));
}

static void results_and_pictures_are_written(void **state)
{
	char command[512];
	const json_t *results;
	json_t *document;
	size_t i;
	json_t *result;
	bool found = false;

	(void)state;
	(void)snprintf(
		command, sizeof(command),
		"peers --parts one-core --peers unix,aeron --turns 1 --rounds 50 --out '%s/out'",
		folder);
	if (bench(command) != 0)
		fail_msg("%s", bench_output);
	assert_non_null(strstr(bench_output, "one-core: "));
	document = load("peers.json");
	assert_non_null(document);
	results = json_object_get(json_array_get(json_object_get(document, "runs"), 0), "results");
	json_array_foreach(results, i, result)
	{
		const json_t *hist = json_object_get(result, "histogram");

		if (strcmp(json_string_value(json_object_get(result, "name")), "unix") != 0)
			continue;
		found = true;
		assert_int_equal(json_integer_value(json_object_get(hist, "count")), 50);
		assert_non_null(strchr(json_string_value(json_object_get(hist, "buckets")), ':'));
	}
	assert_true(found);
	assert_string_equal(
		json_string_value(json_object_get(json_object_get(document, "libraries"), "unix")),
		"no library");
	json_decref(document);
	assert_picture("peers-one-core.svg");
	(void)snprintf(command, sizeof(command), "compare '%s/out/peers.json' '%s/out/peers.json'",
		       folder, folder);
	assert_int_equal(bench(command), 0);
	assert_non_null(strstr(bench_output, "unix"));
}

static void a_wrong_name_is_named(void **state)
{
	(void)state;
	assert_int_equal(bench("peers --peers unix,nosuch"), 2);
	assert_non_null(strstr(bench_output, "'nosuch' is no peer"));
	assert_int_equal(bench("peers --parts one-core,nosuch"), 2);
	assert_non_null(strstr(bench_output, "'nosuch' is none of"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(missing_packages_are_named),
		cmocka_unit_test(a_peer_answers_each_of_many_clients),
		cmocka_unit_test(results_and_pictures_are_written),
		cmocka_unit_test(a_wrong_name_is_named),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
