/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Results as one JSON document; compare.c reads it back.
 *
 *   {"format": "kosix-bench 1", "host": {...},
 *    "runs": [{"config": {...}, "dropped": 0,
 *              "results": [{"name": "futex", "path": "futex", "floor": true, "skipped": null,
 *                           "median": {"p50": 77500, ...}, "turns": [{"p50": ...}, ...],
 *                           "ratios": {"two-line": {"p50": 260.1, "low": ..., "high": ...}}}]}]}
 */

#include "report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "measure/complain.h"

static json_t *json_sample(const struct kx_sample *sample)
{
	json_t *object = json_object();

	for (int m = 0; object && m < KX_M_COUNT; m++)
		(void)json_object_set_new(object, kx_measure_name((enum kx_measure)m),
					  json_real(sample->v[m]));
	return object;
}

static json_t *json_turns(const struct kx_row *row)
{
	json_t *turns = json_array();

	for (size_t i = 0; turns && i < row->count; i++)
		(void)json_array_append_new(turns, json_sample(&row->samples[i]));
	return turns;
}

/* @row against every floor of the run but itself. */
static json_t *json_ratios(const struct kx_series *series, const struct kx_row *row)
{
	json_t *ratios = json_object();

	for (size_t i = 0; ratios && i < series->count; i++) {
		const struct kx_row *floor = &series->rows[i];
		struct kx_ratio p50;

		if (!floor->subject->floor || floor->count == 0 || floor == row)
			continue;
		p50 = kx_series_ratio(row, floor, KX_M_P50);
		(void)json_object_set_new(
			ratios, floor->subject->name,
			json_pack("{s:f,s:f,s:f,s:f,s:f}", "p50", p50.ratio, "low", p50.low, "high",
				  p50.high, "p99", kx_series_ratio(row, floor, KX_M_P99).ratio,
				  "ops", kx_series_ratio(row, floor, KX_M_OPS).ratio));
	}
	return ratios;
}

static json_t *json_row(const struct kx_series *series, const struct kx_row *row)
{
	static struct kx_hist hist;
	json_t *object = json_pack("{s:s,s:s,s:b}", "name", row->subject->name, "path",
				   kx_series_path(series, row), "floor", row->subject->floor);

	if (!object)
		return NULL;
	if (row->count == 0) {
		(void)json_object_set_new(object, "skipped", json_string(row->skipped));
		return object;
	}
	(void)json_object_set_new(object, "skipped", json_null());
	(void)json_object_set_new(object, "median", json_sample(&row->median));
	(void)json_object_set_new(object, "turns", json_turns(row));
	if (kx_series_histogram(row, &hist))
		(void)json_object_set_new(object, "histogram", kx_report_json_histogram(&hist));
	(void)json_object_set_new(object, "ratios", json_ratios(series, row));
	return object;
}

/* The module's own name: where it stands differs from build to build. */
static const char *policy_name(const struct kx_config *config)
{
	const char *slash = config->policy ? strrchr(config->policy, '/') : NULL;

	if (!config->policy)
		return "none";
	return slash ? slash + 1 : config->policy;
}

json_t *kx_report_json_config(const struct kx_config *config)
{
	char place[KX_PLACE_TEXT];

	kx_place_format(&config->place, place);
	return json_pack("{s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:s,s:s,s:s,s:s}", "place",
			 place, "size", (json_int_t)config->size, "clients",
			 (json_int_t)config->clients, "pairs", (json_int_t)config->pairs,
			 "idle_clients", (json_int_t)config->idle_clients, "threads",
			 (json_int_t)config->threads, "load", (json_int_t)config->load, "gap_ns",
			 (json_int_t)config->gap_ns, "quiet_ns", (json_int_t)config->quiet_ns,
			 "rounds", (json_int_t)config->rounds, "starts", (json_int_t)config->starts,
			 "path", config->relay ? "relay" : "direct", "spin",
			 config->always_sleep ? "off" : "adaptive", "api",
			 config->nk ? "nk" : "raw", "policy", policy_name(config));
}

/* Each bucket in use as "lowest value:count", blanks between. NULL without memory. */
static char *bucket_text(const struct kx_hist *hist)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (unsigned i = 0; i < KX_HIST_BUCKETS; i++) {
		uint64_t low;
		uint64_t high;

		if (hist->bucket[i] == 0)
			continue;
		kx_hist_bounds(i, &low, &high);
		fprintf(out, "%s%" PRIu64 ":%" PRIu64, ftell(out) ? " " : "", low, hist->bucket[i]);
	}
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

json_t *kx_report_json_histogram(const struct kx_hist *hist)
{
	char *buckets = bucket_text(hist);
	json_t *object = json_pack(
		"{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:s}", "count", (json_int_t)hist->count, "sum",
		(json_int_t)hist->sum, "min", (json_int_t)(hist->count ? hist->min : 0), "max",
		(json_int_t)hist->max, "p50", (json_int_t)kx_hist_percentile(hist, KX_P50), "p90",
		(json_int_t)kx_hist_percentile(hist, KX_P90), "p99",
		(json_int_t)kx_hist_percentile(hist, KX_P99), "p999",
		(json_int_t)kx_hist_percentile(hist, KX_P999), "buckets", buckets ? buckets : "");

	free(buckets);
	return object;
}

json_t *kx_report_json_new(void)
{
	return json_pack("{s:s,s:[]}", "format", KX_JSON_FORMAT, "runs");
}

bool kx_report_json_host(json_t *document, const struct kx_disturb *disturb)
{
	json_t *host = json_pack("{s:s,s:s,s:I,s:I,s:s,s:s,s:b,s:b,s:f,s:f,s:f,s:f}", "model",
				 disturb->model, "kernel", disturb->kernel, "cores",
				 (json_int_t)disturb->cores, "usable", (json_int_t)disturb->allowed,
				 "governor", disturb->governor, "smt", disturb->smt, "virtual",
				 disturb->guest, "siblings", disturb->siblings, "steal_percent",
				 disturb->steal, "others_percent", disturb->others, "load_before",
				 disturb->load_before, "load_after", disturb->load_after);

	return json_object_set_new(document, "host", host) == 0;
}

bool kx_report_json_add(json_t *document, const struct kx_series *series)
{
	json_t *results = json_array();
	json_t *run = json_pack("{s:o,s:I,s:b,s:b,s:o}", "config",
				kx_report_json_config(&series->config), "dropped",
				(json_int_t)series->dropped, "all_fast", series->drops.all_fast,
				"all_slow", series->drops.all_slow, "results", results);

	for (size_t i = 0; run && i < series->count; i++)
		if (json_array_append_new(results, json_row(series, &series->rows[i])) != 0) {
			json_decref(run);
			return false;
		}
	return run && json_array_append_new(json_object_get(document, "runs"), run) == 0;
}

bool kx_report_json_write(const json_t *document, FILE *out)
{
	if (json_dumpf(document, out, JSON_INDENT(1) | JSON_REAL_PRECISION(9)) != 0 && !ferror(out))
		return kx_complain("no memory for the JSON document");
	fputc('\n', out);
	return true;
}
