/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "measure/stats.h"
#include "peers_report.h"

/* The interval of the median itself: its ratio to one. */
static struct kx_ratio median_of(const struct kx_row *row)
{
	static const double one = 1.0;
	double values[KX_TURNS_MAX];

	for (size_t i = 0; i < row->count; i++)
		values[i] = row->samples[i].v[KX_M_P50];
	return kx_ratio_of(values, row->count, &one, 1, false);
}

static void print_row(const struct kx_series *series, const struct kx_row *row,
		      const struct kx_row *kosix, FILE *out)
{
	const double *v = row->median.v;
	struct kx_ratio p50;
	struct kx_ratio times = {0};
	char interval[40];

	if (row->count == 0) {
		fprintf(out, "%-11s %s\n", row->subject->name, row->skipped);
		return;
	}
	p50 = median_of(row);
	if (kosix)
		times = kx_series_ratio(row, kosix, KX_M_P50);
	(void)snprintf(interval, sizeof(interval), "[%.0f - %.0f]", p50.low, p50.high);
	fprintf(out, "%-11s %8.0f %-18s %8.0f %8.0f %9.0f %9.0f", row->subject->name, p50.ratio,
		interval, v[KX_M_P90], v[KX_M_P99], v[KX_M_P999], v[KX_M_OPS]);
	(void)snprintf(interval, sizeof(interval), "[%.2f - %.2f]", times.low, times.high);
	fprintf(out, " %8.2f %-18s", times.ratio, interval);
	if (series->config.quiet_ns != 0)
		fprintf(out, " %9.1f %9.4f", v[KX_M_QUIET_WAKES], v[KX_M_QUIET_CPU]);
	fprintf(out, "  %s\n", row->subject->what);
}

void kx_peers_table(const struct kx_series *series, const char *part, FILE *out)
{
	const struct kx_config *config = &series->config;
	const struct kx_row *kosix = kx_series_find(series, "kosix");
	char place[KX_PLACE_TEXT];

	kx_place_format(&config->place, place);
	fprintf(out, "\n%s: %s, %zu bytes each way, %u client%s", part, place, config->size,
		config->clients, config->clients == 1 ? "" : "s");
	if (config->load != 0)
		fprintf(out, ", %u busy loops per core beside it", config->load);
	fprintf(out, "; %u turns of at most %" PRIu64 " ms, %zu left out%s\n", config->turns,
		config->turn_ns / 1000000, series->dropped,
		series->drops.all_slow ? ", all disturbed" : "");
	fprintf(out, "%-11s %8s %-18s %8s %8s %9s %9s %8s %-18s%s\n", "ns", "p50",
		"[95 % interval]", "p90", "p99", "p99.9", "calls/s", "x kosix", "[95 % interval]",
		config->quiet_ns != 0 ? "   wakes/s     cpu %" : "");
	for (size_t i = 0; i < series->count; i++)
		print_row(series, &series->rows[i], kosix, out);
	(void)fflush(out);
}
