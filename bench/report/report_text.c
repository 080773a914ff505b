/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Results as lines for programs: --line and --csv. A placement holds commas, so
 * it is quoted in CSV.
 */

#include <inttypes.h>

#include "report.h"

void kx_report_line(const struct kx_series *series, FILE *out)
{
	char place[KX_PLACE_TEXT];

	kx_place_format(&series->config.place, place);
	for (size_t i = 0; i < series->count; i++) {
		const struct kx_row *row = &series->rows[i];
		const double *v = row->median.v;

		if (row->count == 0)
			continue;
		fprintf(out,
			"RESULT place=%s size=%zu clients=%u path=%s p50=%.0f p90=%.0f p99=%.0f "
			"p999=%.0f mean=%.0f ops=%.0f\n",
			place, series->config.size, kx_config_callers(&series->config),
			kx_series_path(series, row), v[KX_M_P50], v[KX_M_P90], v[KX_M_P99],
			v[KX_M_P999], v[KX_M_MEAN], v[KX_M_OPS]);
	}
}

void kx_report_csv_head(FILE *out)
{
	fprintf(out, "name,place,size,clients,pairs,idle_clients,threads,load,gap_ns,path,spin,"
		     "turns,dropped");
	for (int m = 0; m < KX_M_COUNT; m++)
		fprintf(out, ",%s", kx_measure_name((enum kx_measure)m));
	fputc('\n', out);
}

void kx_report_csv(const struct kx_series *series, FILE *out)
{
	const struct kx_config *config = &series->config;
	char place[KX_PLACE_TEXT];

	kx_place_format(&config->place, place);
	for (size_t i = 0; i < series->count; i++) {
		const struct kx_row *row = &series->rows[i];

		if (row->count == 0)
			continue;
		fprintf(out, "%s,\"%s\",%zu,%u,%u,%u,%u,%u,%" PRIu64 ",%s,%s,%zu,%zu",
			row->subject->name, place, config->size, config->clients, config->pairs,
			config->idle_clients, config->threads, config->load, config->gap_ns,
			kx_series_path(series, row), config->always_sleep ? "off" : "adaptive",
			row->count, series->dropped);
		for (int m = 0; m < KX_M_COUNT; m++)
			fprintf(out, ",%.1f", row->median.v[m]);
		fputc('\n', out);
	}
}
