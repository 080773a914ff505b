/* SPDX-License-Identifier: Apache-2.0 */

/*
 * kosix-bench compare BEFORE AFTER: for each result that both files hold under
 * the same configuration, after / before, as a ratio of medians over their
 * turns. An interval that does not hold 1 is called slower or faster; with
 * fewer than five turns on either side nothing is said.
 */

#include <string.h>

#include "measure/complain.h"
#include "report.h"

#define ENOUGH_TURNS 5

struct values {
	double p50[KX_TURNS_MAX];
	size_t count;
};

/* What files of earlier versions do not say of their configurations was always the same. */
static void add_missing(const json_t *document)
{
	size_t i;
	json_t *run;

	json_array_foreach(json_object_get(document, "runs"), i, run)
	{
		json_t *config = json_object_get(run, "config");

		if (!json_object_get(config, "starts"))
			(void)json_object_set_new(config, "starts", json_integer(1));
		if (!json_object_get(config, "policy"))
			(void)json_object_set_new(config, "policy", json_string("none"));
	}
}

static json_t *load_results(const char *path)
{
	json_error_t error;
	json_t *document = json_load_file(path, 0, &error);
	const char *format;

	if (!document) {
		if (error.line > 0)
			(void)kx_complain("%s:%d:%d: %s", path, error.line, error.column,
					  error.text);
		else
			(void)kx_complain("%s", error.text); /* which names the file */
		return NULL;
	}
	format = json_string_value(json_object_get(document, "format"));
	if (format && strcmp(format, KX_JSON_FORMAT) == 0 &&
	    json_is_array(json_object_get(document, "runs"))) {
		add_missing(document);
		return document;
	}
	(void)kx_complain("%s: not written by 'kosix-bench --json' of this version", path);
	json_decref(document);
	return NULL;
}

/* The same thing measured: all of the configuration but how long. */
static bool same_config(const json_t *a, const json_t *b)
{
	static const char *const keys[] = {"place",   "size", "clients", "pairs",    "idle_clients",
					   "threads", "load", "gap_ns",  "quiet_ns", "starts",
					   "path",    "spin", "api",     "policy"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!json_equal(json_object_get(a, keys[i]), json_object_get(b, keys[i])))
			return false;
	return true;
}

static bool is_same(const json_t *a, const json_t *b)
{
	return json_equal(json_object_get(a, "name"), json_object_get(b, "name")) &&
	       json_is_array(json_object_get(a, "turns"));
}

/* The @place-th of @document, from 0, that is the same measurement as @result; NULL: none. */
static const json_t *same_at(const json_t *document, const json_t *config, const json_t *result,
			     size_t place)
{
	size_t i;
	size_t j;
	json_t *run;
	json_t *other;

	json_array_foreach(json_object_get(document, "runs"), i, run)
	{
		if (!same_config(json_object_get(run, "config"), config))
			continue;
		json_array_foreach(json_object_get(run, "results"), j, other)
		{
			if (is_same(other, result) && place-- == 0)
				return other;
		}
	}
	return NULL;
}

/* @result's place in its own document; behind all others if it is no measurement. */
static size_t place_of(const json_t *document, const json_t *config, const json_t *result)
{
	const json_t *at;
	size_t place = 0;

	while ((at = same_at(document, config, result, place)) && at != result)
		place++;
	return place;
}

/* The one of @document at @place, or the last: what is measured twice is compared in order. */
static const json_t *find_result(const json_t *document, const json_t *config, const json_t *result,
				 size_t place)
{
	const json_t *found = same_at(document, config, result, place);

	while (!found && place-- > 0)
		found = same_at(document, config, result, place);
	return found;
}

static void read_turns(const json_t *result, struct values *values)
{
	size_t i;
	json_t *turn;

	values->count = 0;
	json_array_foreach(json_object_get(result, "turns"), i, turn)
	{
		if (i < KX_TURNS_MAX)
			values->p50[values->count++] =
				json_number_value(json_object_get(turn, "p50"));
	}
}

static const char *verdict(const struct kx_ratio *ratio, const struct values *before,
			   const struct values *after)
{
	if (before->count < ENOUGH_TURNS || after->count < ENOUGH_TURNS)
		return "too few turns";
	if (ratio->low > 1.0)
		return "slower";
	return ratio->high < 1.0 ? "faster" : "same";
}

static json_t *compare_one(const json_t *config, const json_t *before, const json_t *after)
{
	static struct values a;
	static struct values b;
	struct kx_ratio ratio;

	read_turns(before, &a);
	read_turns(after, &b);
	ratio = kx_ratio_of(b.p50, b.count, a.p50, a.count, false);
	return json_pack("{s:O,s:O,s:f,s:f,s:f,s:f,s:f,s:s}", "name",
			 json_object_get(after, "name"), "config", config, "before",
			 kx_median(a.p50, a.count), "after", kx_median(b.p50, b.count), "ratio",
			 ratio.ratio, "low", ratio.low, "high", ratio.high, "verdict",
			 verdict(&ratio, &a, &b));
}

/* Every result of @after that @before has too. */
static json_t *compare_all(const json_t *before, const json_t *after)
{
	json_t *list = json_array();
	size_t i;
	size_t j;
	json_t *run;
	json_t *result;

	json_array_foreach(json_object_get(after, "runs"), i, run)
	{
		const json_t *config = json_object_get(run, "config");

		json_array_foreach(json_object_get(run, "results"), j, result)
		{
			size_t place = place_of(after, config, result);
			const json_t *old = find_result(before, config, result, place);

			if (old && json_is_array(json_object_get(result, "turns")))
				(void)json_array_append_new(list, compare_one(config, old, result));
		}
	}
	return list;
}

static double number_of(const json_t *object, const char *key)
{
	return json_number_value(json_object_get(object, key));
}

/* What of @config is out of the ordinary, such as "load=4 idle=999". */
static void describe(const json_t *config, char *text, size_t size)
{
	static const struct {
		const char *key;
		const char *name;
		double usual;
		double unit;
	} settings[] = {
		{"pairs", "pairs", 1, 1},
		{"idle_clients", "idle", 0, 1},
		{"starts", "starts", 1, 1},
		{"threads", "threads", 1, 1},
		{"load", "load", 0, 1},
		{"gap_ns", "gap_us", 0, 1000},
		{"quiet_ns", "quiet_ms", 0, 1000000},
	};
	const char *spin = json_string_value(json_object_get(config, "spin"));
	const char *policy = json_string_value(json_object_get(config, "policy"));
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]) && used < size; i++) {
		double value = number_of(config, settings[i].key);

		if (value != settings[i].usual)
			used += (size_t)snprintf(text + used, size - used, "%s=%.0f ",
						 settings[i].name, value / settings[i].unit);
	}
	if (spin && strcmp(spin, "off") == 0 && used < size)
		used += (size_t)snprintf(text + used, size - used, "spin=off ");
	if (policy && strcmp(policy, "none") != 0 && used < size)
		(void)snprintf(text + used, size - used, "%s", policy);
}

static void print_table(const json_t *list)
{
	size_t i;
	json_t *one;

	printf("%-12s %-10s %6s %7s %6s %-14s %10s %10s   after/before [95 %% interval]\n", "",
	       "place", "size", "clients", "path", "also", "before", "after");
	json_array_foreach(list, i, one)
	{
		const json_t *config = json_object_get(one, "config");
		char also[96];

		describe(config, also, sizeof(also));
		printf("%-12s %-10s %6.0f %7.0f %6s %-14s %10.0f %10.0f   %.3f [%.3f - %.3f] %s\n",
		       json_string_value(json_object_get(one, "name")),
		       json_string_value(json_object_get(config, "place")),
		       number_of(config, "size"), number_of(config, "clients"),
		       json_string_value(json_object_get(config, "path")), also,
		       number_of(one, "before"), number_of(one, "after"), number_of(one, "ratio"),
		       number_of(one, "low"), number_of(one, "high"),
		       json_string_value(json_object_get(one, "verdict")));
	}
}

static void warn_of_hosts(const json_t *before, const json_t *after)
{
	static const char *const keys[] = {"model", "kernel", "cores"};
	const json_t *a = json_object_get(before, "host");
	const json_t *b = json_object_get(after, "host");

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!json_equal(json_object_get(a, keys[i]), json_object_get(b, keys[i])))
			(void)kx_complain("warning: the files differ in the machine's %s: compare "
					  "ratios to floors, not times",
					  keys[i]);
}

bool kx_report_compare(const char *first, const char *second, enum kx_output output)
{
	json_t *before = load_results(first);
	json_t *after = load_results(second); /* also for its complaint, when the first is bad */
	bool both = before && after;
	json_t *list = both ? compare_all(before, after) : NULL;
	bool ok = json_array_size(list) != 0;

	if (both)
		warn_of_hosts(before, after);
	if (both && !ok)
		(void)kx_complain("%s and %s have no measurement in common", first, second);
	if (ok && output == KX_OUTPUT_JSON)
		ok = kx_report_json_write(list, stdout);
	else if (ok)
		print_table(list);
	json_decref(list);
	json_decref(after);
	json_decref(before);
	return ok;
}
