/* SPDX-License-Identifier: Apache-2.0 */

/* What is printed reads back: --line, --csv, --json; and /proc/stat is read. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "floors/floor.h"
#include "measure/file.h"
#include "report/report.h"

static struct kx_sample spin_turns[2] = {
	{{290, 300, 310, 400, 50000, 295, 3000000, 100000, 600, 3, 7}},
	{{310, 320, 330, 420, 60000, 315, 2900000, 100000, 620, 5, 9}},
};
static struct kx_sample kosix_turns[2] = {
	{{145, 150, 190, 200, 40000, 150, 6000000, 100000, 300, 1, 2}},
	{{155, 160, 210, 220, 42000, 160, 5800000, 100000, 310, 1, 2}},
};

/* Two measured rows and one that was skipped. */
static struct kx_series sample_series(void)
{
	struct kx_series series = {.config = kx_config_default(), .count = 3};
	char why[64];

	assert_true(kx_place_parse("pin:0,1", &series.config.place, why, sizeof(why)));
	series.config.turns = 2;
	series.rows[0] =
		(struct kx_row){.subject = &kx_floor_two_line, .samples = spin_turns, .count = 2};
	series.rows[1] = (struct kx_row){.subject = &kx_floor_relay_spin};
	strcpy(series.rows[1].skipped, "skipped: 2 cores");
	series.rows[2] =
		(struct kx_row){.subject = &kx_subject_kosix, .samples = kosix_turns, .count = 2};
	for (int i = 0; i < 3; i++)
		series.rows[i].median =
			kx_sample_median(series.rows[i].samples, series.rows[i].count);
	return series;
}

/* What @print wrote, as text. */
static const char *text_of(void (*print)(const struct kx_series *, FILE *))
{
	static char text[8192];
	struct kx_series series = sample_series();
	FILE *file = tmpfile();
	size_t length;

	assert_non_null(file);
	print(&series, file);
	rewind(file);
	length = fread(text, 1, sizeof(text) - 1, file);
	text[length] = '\0';
	(void)fclose(file);
	return text;
}

static void a_line_reads_back_in_nanoseconds(void **state)
{
	char place[32];
	char path[32];
	unsigned v[8];
	const char *text = text_of(kx_report_line);
	const char *second = strchr(text, '\n') + 1;

	(void)state;
	assert_int_equal(sscanf(second,
				"RESULT place=%31s size=%u clients=%u path=%31s p50=%u p90=%u "
				"p99=%u p999=%u mean=%u ops=%u\n",
				place, &v[0], &v[1], path, &v[2], &v[3], &v[4], &v[5], &v[6],
				&v[7]),
			 10);
	assert_string_equal(place, "pin:0,1");
	assert_string_equal(path, "direct");
	assert_int_equal(v[0], 8);
	assert_int_equal(v[2], 150);
	assert_int_equal(v[5], 210);
	assert_int_equal(v[7], 5900000);
	assert_null(strstr(text, "relay-spin")); /* skipped: no result */
}

static void print_csv(const struct kx_series *series, FILE *out)
{
	kx_report_csv_head(out);
	kx_report_csv(series, out);
}

/* Fields of one CSV line; a quoted one may hold commas. */
static unsigned count_fields(const char *line)
{
	unsigned fields = 1;
	bool quoted = false;

	for (; *line != '\n' && *line != '\0'; line++) {
		quoted ^= *line == '"';
		fields += *line == ',' && !quoted;
	}
	return fields;
}

static void each_csv_record_has_the_fields_of_the_head(void **state)
{
	const char *text = text_of(print_csv);
	const char *first = strchr(text, '\n') + 1;
	const char *second = strchr(first, '\n') + 1;

	(void)state;
	assert_int_equal(strncmp(text, "name,place,size,", 16), 0);
	assert_int_equal(count_fields(first), count_fields(text));
	assert_int_equal(count_fields(second), count_fields(text));
	assert_int_equal(strncmp(second, "kosix,\"pin:0,1\",8,1,1,", 22), 0);
	assert_string_equal(strchr(second, '\n'), "\n");
}

static void json_reads_back_with_medians_turns_and_ratios(void **state)
{
	struct kx_disturb disturb = {.cores = 2};
	struct kx_series series = sample_series();
	json_t *written = kx_report_json_new();
	json_t *document;
	const char *path;
	double p50;
	double ratio;
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	assert_true(kx_report_json_add(written, &series));
	assert_true(kx_report_json_host(written, &disturb));
	assert_true(kx_report_json_write(written, file));
	rewind(file);
	document = json_loadf(file, 0, NULL);
	assert_non_null(document);
	assert_int_equal(json_unpack(document, "{s:[{s:[o,o,{s:s,s:{s:f},s:{s:{s:f}}}]}]}", "runs",
				     "results", &(json_t *){NULL}, &(json_t *){NULL}, "path", &path,
				     "median", "p50", &p50, "ratios", "two-line", "p50", &ratio),
			 0);
	assert_string_equal(path, "direct");
	assert_true(p50 == 150.0);
	assert_true(ratio == 0.5);
	json_decref(document);
	json_decref(written);
	(void)fclose(file);
}

static void a_file_that_a_full_disk_cut_off_is_not_closed_well(void **state)
{
	FILE *file = kx_file_create("/dev/full");

	(void)state;
	assert_non_null(file);
	print_csv(&(struct kx_series){0}, file);
	assert_false(kx_file_close(file, "/dev/full"));
	file = kx_file_create("/dev/null");
	assert_non_null(file);
	assert_true(kx_file_close(file, "/dev/null"));
}

static void the_table_compares_kosix_with_each_measured_floor(void **state)
{
	const char *text = text_of(kx_report_table);

	(void)state;
	assert_non_null(strstr(text, "skipped: 2 cores"));
	assert_non_null(strstr(text, "kosix / floor"));
	assert_non_null(strstr(text, "two-line         0.500 [0.500 - 0.500]"));
}

static void stolen_time_is_read_from_the_first_line(void **state)
{
	FILE *file = tmpfile();
	struct kx_ticks ticks;

	(void)state;
	assert_non_null(file);
	fputs("cpu  10 20 30 40 50 60 70 80 0 0\ncpu0 1 2 3 4 5 6 7 8 0 0\n", file);
	rewind(file);
	assert_true(kx_disturb_read_stat(file, &ticks));
	assert_int_equal(ticks.all, 360);
	assert_int_equal(ticks.busy, 60);
	assert_int_equal(ticks.steal, 80);
	assert_false(kx_disturb_read_stat(file, &ticks)); /* the second line is a core's */
	(void)fclose(file);
}

static void print_with_starts_left_out(const struct kx_series *series, FILE *out)
{
	struct kx_series dropped = *series;

	dropped.config.starts = 5;
	dropped.dropped = 7;
	dropped.drops = (struct kx_drops){.fast = 4, .slow = 3};
	kx_report_table(&dropped, out);
}

static void what_is_left_out_of_a_table_is_counted_in_starts(void **state)
{
	(void)state;
	assert_non_null(strstr(text_of(print_with_starts_left_out), "left out 7 of 10 starts: 4 "));
}

static const char *policy_of(const char *path)
{
	struct kx_config config = kx_config_default();
	static char name[64];
	json_t *object;

	config.policy = path;
	object = kx_report_json_config(&config);
	(void)snprintf(name, sizeof(name), "%s",
		       json_string_value(json_object_get(object, "policy")));
	json_decref(object);
	return name;
}

static void json_names_the_policy_without_its_folder(void **state)
{
	(void)state;
	assert_string_equal(policy_of(NULL), "none");
	assert_string_equal(policy_of("/some/where/content.so"), "content.so");
	assert_string_equal(policy_of("content.so"), "content.so");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_reads_back_in_nanoseconds),
		cmocka_unit_test(each_csv_record_has_the_fields_of_the_head),
		cmocka_unit_test(json_reads_back_with_medians_turns_and_ratios),
		cmocka_unit_test(what_is_left_out_of_a_table_is_counted_in_starts),
		cmocka_unit_test(json_names_the_policy_without_its_folder),
		cmocka_unit_test(a_file_that_a_full_disk_cut_off_is_not_closed_well),
		cmocka_unit_test(the_table_compares_kosix_with_each_measured_floor),
		cmocka_unit_test(stolen_time_is_read_from_the_first_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
