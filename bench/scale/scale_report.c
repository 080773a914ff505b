/* SPDX-License-Identifier: Apache-2.0 */
#include "scale.h"

#include <jansson.h>
#include <limits.h>
#include <math.h>
#include <string.h>

#include "measure/complain.h"
#include "measure/file.h"
#include "report/plot.h"
#include "report/report.h"

#define BENDS 0.10 /* an exponent above that is called bending upward */

static const char *cost_name(enum kx_cost cost)
{
	static const char *const names[KX_COST_COUNT] = {
		[KX_COST_CALL] = "call",
		[KX_COST_CALL99] = "call p99",
		[KX_COST_LOOKUP] = "look-up",
		[KX_COST_LOOKUP99] = "look-up p99",
		[KX_COST_DEATH] = "death",
		[KX_COST_START] = "start, each",
		[KX_COST_END] = "end, each",
		[KX_COST_KERNEL] = "kernel bytes, each",
		[KX_COST_SYSTEM] = "all bytes, each",
	};

	return names[cost];
}

bool kx_scale_fit(const struct kx_scale_series *series, enum kx_cost cost, double *exponent)
{
	double x = 0.0;
	double y = 0.0;
	double xx = 0.0;
	double xy = 0.0;
	unsigned count = 0;

	for (size_t i = 0; i < series->count; i++) {
		const struct kx_scale_point *point = &series->point[i];
		double lx;
		double ly;

		if (point->n < KX_SCALE_FIT_FROM || point->cost[cost] <= 0.0)
			continue;
		lx = log(point->n);
		ly = log(point->cost[cost]);
		x += lx;
		y += ly;
		xx += lx * lx;
		xy += lx * ly;
		count++;
	}
	if (count < 3)
		return false;
	*exponent = (count * xy - x * y) / (count * xx - x * x);
	return true;
}

void kx_scale_table(const struct kx_scale_series *series, FILE *out)
{
	fprintf(out, "\nby %s\n%-20s", series->name, "");
	for (size_t i = 0; i < series->count; i++)
		fprintf(out, " %9.0f", series->point[i].n);
	fprintf(out, "   ~ n^\n");
	for (unsigned c = 0; c < KX_COST_COUNT; c++) {
		double exponent;

		fprintf(out, "%-20s", cost_name((enum kx_cost)c));
		for (size_t i = 0; i < series->count; i++)
			fprintf(out, " %9.0f", series->point[i].cost[c]);
		if (kx_scale_fit(series, (enum kx_cost)c, &exponent))
			fprintf(out, "  %+.2f %s", exponent,
				exponent > BENDS ? "bends upward" : "");
		fputc('\n', out);
	}
	if (series->limit[0] != '\0')
		fprintf(out, "no larger: %s\n", series->limit);
}

/* A cost at the last point over that at the first; 0 if one is not known. */
static double growth(const struct kx_scale_series *series, enum kx_cost cost)
{
	const struct kx_scale_point *first = &series->point[0];
	const struct kx_scale_point *last = &series->point[series->count - 1];

	return first->cost[cost] > 0.0 ? last->cost[cost] / first->cost[cost] : 0.0;
}

void kx_scale_result(const struct kx_scale_series *series, double seconds, FILE *out)
{
	static const enum kx_cost judged[] = {KX_COST_CALL, KX_COST_LOOKUP, KX_COST_DEATH,
					      KX_COST_START, KX_COST_KERNEL};
	const struct kx_scale_point *last = &series->point[series->count - 1];
	unsigned failures = 0;
	double exponent;

	for (unsigned i = 0; i < sizeof(judged) / sizeof(judged[0]); i++)
		failures += kx_scale_fit(series, judged[i], &exponent) && exponent > KX_SCALE_FAILS;
	fprintf(out,
		"RESULT name=scale-%s promises=- count=%.0f unit=%s failures=%u seed=0 "
		"seconds=%.1f note=%.0f bytes each in the kernel process, from the smallest to the "
		"largest call x%.2f, look-up x%.2f (p99 x%.2f), death x%.2f",
		series->name, last->n, series->name, failures, seconds, last->cost[KX_COST_KERNEL],
		growth(series, KX_COST_CALL), growth(series, KX_COST_LOOKUP),
		growth(series, KX_COST_LOOKUP99), growth(series, KX_COST_DEATH));
	for (unsigned i = 0; i < sizeof(judged) / sizeof(judged[0]); i++)
		if (kx_scale_fit(series, judged[i], &exponent))
			fprintf(out, ", %s ~ n^%+.2f", cost_name(judged[i]), exponent);
	fprintf(out, "%s%s\n", series->limit[0] ? "; no larger: " : "", series->limit);
}

static json_t *json_point(const struct kx_scale_point *point)
{
	json_t *object = json_pack(
		"{s:f,s:I,s:I,s:I,s:f,s:I,s:I}", "n", point->n, "entities",
		(json_int_t)point->entities, "channels", (json_int_t)point->channels, "handles",
		(json_int_t)point->handles, "kernel_bytes", point->kernel_bytes, "files",
		(json_int_t)point->files, "maps", (json_int_t)point->maps);

	for (unsigned c = 0; object && c < KX_COST_COUNT; c++)
		if (point->cost[c] != 0.0)
			(void)json_object_set_new(object, cost_name((enum kx_cost)c),
						  json_real(point->cost[c]));
	return object;
}

static json_t *json_series(const struct kx_scale_series *series)
{
	json_t *points = json_array();
	json_t *fits = json_object();

	for (size_t i = 0; i < series->count; i++)
		(void)json_array_append_new(points, json_point(&series->point[i]));
	for (unsigned c = 0; c < KX_COST_COUNT; c++) {
		double exponent;

		if (kx_scale_fit(series, (enum kx_cost)c, &exponent))
			(void)json_object_set_new(fits, cost_name((enum kx_cost)c),
						  json_real(exponent));
	}
	return json_pack("{s:s,s:o,s:o,s:s}", "by", series->name, "points", points, "exponents",
			 fits, "limit", series->limit);
}

bool kx_scale_json(const struct kx_scale_series *series, size_t count,
		   const struct kx_disturb *disturb, FILE *out)
{
	json_t *list = json_array();
	json_t *document = json_pack("{s:s,s:o}", "format", "kosix-bench scale 1", "series", list);
	bool ok;

	for (size_t i = 0; i < count; i++)
		(void)json_array_append_new(list, json_series(&series[i]));
	ok = document && kx_report_json_host(document, disturb)
		     ? kx_report_json_write(document, out)
		     : kx_complain("no memory for the JSON document");
	json_decref(document);
	return ok;
}

/* --- pictures ---------------------------------------------------------------------------- */

static void fill_line(const struct kx_scale_series *series, enum kx_cost cost,
		      struct kx_plot_point *point, struct kx_plot_line *line)
{
	*line = (struct kx_plot_line){
		.name = cost_name(cost), .subject = cost == KX_COST_CALL, .point = point};
	for (size_t i = 0; i < series->count; i++)
		if (series->point[i].cost[cost] > 0.0)
			point[line->count++] = (struct kx_plot_point){series->point[i].n,
								      series->point[i].cost[cost]};
}

static bool draw(const struct kx_scale_series *series, enum kx_cost from, enum kx_cost to,
		 const struct kx_plot_text *text, const char *folder, const char *kind)
{
	static struct kx_plot_point points[KX_COST_COUNT][KX_SCALE_POINTS];
	struct kx_plot_line lines[KX_COST_COUNT];
	char path[PATH_MAX];
	size_t count = 0;
	FILE *out;

	for (unsigned c = from; c <= to; c++, count++)
		fill_line(series, (enum kx_cost)c, points[count], &lines[count]);
	(void)snprintf(path, sizeof(path), "%s/scale-%s-%s.svg", folder, series->name, kind);
	out = kx_file_create(path);
	if (!out)
		return false;
	(void)kx_plot_lines(out, text, lines, count);
	return kx_file_close(out, path);
}

bool kx_scale_plot(const struct kx_scale_series *series, const struct kx_disturb *disturb,
		   const char *folder)
{
	char note[256];
	char title[64];
	char memory[64];
	const struct kx_plot_text time_text = {title, note, series->name, "nanoseconds"};
	const struct kx_plot_text memory_text = {memory, note, series->name, "bytes for each"};

	if (series->count < 2)
		return true; /* no line */
	(void)snprintf(note, sizeof(note), "%s, %u cores%s, Linux %s. kosix-bench scale",
		       disturb->model, disturb->cores, disturb->guest ? " (virtual)" : "",
		       disturb->kernel);
	(void)snprintf(title, sizeof(title), "Time by number of %s", series->name);
	(void)snprintf(memory, sizeof(memory), "Memory by number of %s", series->name);
	return draw(series, KX_COST_CALL, KX_COST_END, &time_text, folder, "time") &&
	       draw(series, KX_COST_KERNEL, KX_COST_SYSTEM, &memory_text, folder, "memory");
}
