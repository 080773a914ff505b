/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>

#include "report.h"

/* The floor that others are compared with, or NULL. */
static const struct kx_row *base_of(const struct kx_series *series)
{
	const struct kx_row *base = kx_series_find(series, "two-line");

	return base ? base : kx_series_find(series, "futex");
}

static void print_head(const struct kx_series *series, FILE *out)
{
	const struct kx_config *config = &series->config;
	char place[KX_PLACE_TEXT];

	kx_place_format(&config->place, place);
	fprintf(out, "measured   %s, %zu bytes each way, %u client%s", place, config->size,
		kx_config_callers(config), kx_config_callers(config) == 1 ? "" : "s");
	if (config->gap_ns != 0)
		fprintf(out, ", a call each %" PRIu64 " us", config->gap_ns / 1000);
	if (config->load != 0)
		fprintf(out, ", %u busy loops per core beside it", config->load);
	fprintf(out, "\n           median of %u turn%s", config->turns,
		config->turns == 1 ? "" : "s");
	if (config->starts > 1)
		fprintf(out, ", each the best of %u starts,", config->starts);
	fprintf(out,
		" of %" PRIu64 " calls (at most %" PRIu64
		" ms each), nanoseconds per round trip\n\n",
		config->rounds, config->turn_ns / 1000000);
}

static void print_row(const struct kx_series *series, const struct kx_row *row,
		      const struct kx_row *base, FILE *out)
{
	const double *v = row->median.v;

	if (row->skipped[0] != '\0') {
		fprintf(out, "%-12s %s\n", row->subject->name, row->skipped);
		return;
	}
	fprintf(out, "%-12s %9.0f %9.0f %9.0f %9.0f %11.0f %9.0f %10.0f %8.0f %8.0f",
		row->subject->name, v[KX_M_P50], v[KX_M_P90], v[KX_M_P99], v[KX_M_P999],
		v[KX_M_MAX], v[KX_M_MEAN], v[KX_M_OPS], v[KX_M_VOLUNTARY], v[KX_M_INVOLUNTARY]);
	if (base)
		fprintf(out, " %8.2f", kx_series_ratio(row, base, KX_M_P50).ratio);
	fprintf(out, "  %s\n",
		row->subject->floor ? row->subject->what : kx_series_path(series, row));
}

/* Kosix against each floor: ratio of medians, and the interval of 95 in 100. */
static void print_ratios(const struct kx_series *series, const struct kx_row *kosix, FILE *out)
{
	bool head = false;

	for (size_t i = 0; i < series->count; i++) {
		const struct kx_row *floor = &series->rows[i];
		struct kx_ratio p50;

		if (!floor->subject->floor || floor->count == 0)
			continue;
		if (!head)
			fputs("\nkosix / floor      p50 [95 % interval]          p99        "
			      "calls/s\n",
			      out);
		head = true;
		p50 = kx_series_ratio(kosix, floor, KX_M_P50);
		fprintf(out, "%-12s %9.3f [%.3f - %.3f] %13.3f %14.3f\n", floor->subject->name,
			p50.ratio, p50.low, p50.high, kx_series_ratio(kosix, floor, KX_M_P99).ratio,
			kx_series_ratio(kosix, floor, KX_M_OPS).ratio);
	}
}

static void print_drops(const struct kx_series *series, FILE *out)
{
	const struct kx_drops *drops = &series->drops;

	if (drops->all_fast)
		fprintf(out,
			"\nnote       the two-line spin took under %" PRIu64
			" ns in every turn: hyperthreads of one core, or a faster machine than\n"
			"           --drop-below expects. Nothing was left out.\n",
			series->config.drop_ns);
	else if (drops->all_slow)
		fprintf(out, "\nnote       the two-line spin was too slow in every turn: client or "
			     "server did not get its core. Trust nothing.\n");
	else if (series->dropped != 0)
		fprintf(out,
			"\nnote       left out %zu of %u %s: %zu with a two-line spin under "
			"%" PRIu64
			" ns (a shared hyperthread),\n           %zu far over it (a core was busy "
			"with others)\n",
			series->dropped, series->config.turns * series->config.starts,
			series->config.starts > 1 ? "starts" : "turns", drops->fast,
			series->config.drop_ns, drops->slow);
}

void kx_report_table(const struct kx_series *series, FILE *out)
{
	const struct kx_row *base = base_of(series);
	const struct kx_row *kosix = kx_series_find(series, "kosix");

	print_head(series, out);
	fprintf(out, "%-12s %9s %9s %9s %9s %11s %9s %10s %8s %8s", "", "p50", "p90", "p99",
		"p99.9", "max", "mean", "calls/s", "slept", "put off");
	if (base)
		fprintf(out, " %8s", base->subject->name);
	fputc('\n', out);
	for (size_t i = 0; i < series->count; i++)
		print_row(series, &series->rows[i], base, out);
	if (kosix)
		print_ratios(series, kosix, out);
	if (kosix && series->config.quiet_ns != 0)
		fprintf(out,
			"\nquiet      the server used %.4f %% of a core and woke %.1f times a "
			"second\n",
			kosix->median.v[KX_M_QUIET_CPU], kosix->median.v[KX_M_QUIET_WAKES]);
	print_drops(series, out);
}
