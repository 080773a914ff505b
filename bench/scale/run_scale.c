/* SPDX-License-Identifier: Apache-2.0 */

/*
 * kosix-bench scale: a solution for each point (scale_point.c). Before each larger point the
 * machine's limits are compared with what the points so far used; the first that would not do ends
 * the series and is named.
 */

#include <limits.h>
#include <math.h>
#include <sys/resource.h>

#include "measure/clock.h"
#include "measure/complain.h"
#include "measure/file.h"
#include "measure/interrupt.h"
#include "run.h"
#include "scale.h"

#define HANDLE_CLIENTS 256u
#define MEMORY_SPARE   (UINT64_C(1) << 30)

static const unsigned entities[] = {10, 30, 100, 300, 1000, 3000, 10000};
static const unsigned handles[] = {4, 40, 400, 4000}; /* of each of HANDLE_CLIENTS */

/* --- limits ------------------------------------------------------------------------ */

static double limit_of(int resource)
{
	struct rlimit limit;

	if (getrlimit((__rlimit_resource_t)resource, &limit) != 0 ||
	    limit.rlim_max == RLIM_INFINITY)
		return INFINITY;
	return (double)limit.rlim_max;
}

static double number_in(const char *path)
{
	FILE *file = fopen(path, "re");
	double number = INFINITY;

	if (file && fscanf(file, "%lf", &number) != 1)
		number = INFINITY;
	if (file)
		(void)fclose(file);
	return number;
}

/* Would @entities of them stay within every limit, as far as the last two points tell? */
static bool fits(struct kx_scale_series *series, unsigned more)
{
	const struct kx_scale_point *b = &series->point[series->count - 1];
	const struct kx_scale_point *a = b - 1;
	const struct {
		const char *name;
		double used; /* by the last point */
		double each; /* entity */
		double limit;
	} limits[] = {
		{"open files of the kernel process", b->files,
		 (double)(b->files - a->files) / (double)(b->entities - a->entities),
		 limit_of(RLIMIT_NOFILE)},
		{"mappings of the kernel process (vm.max_map_count)", b->maps,
		 (double)(b->maps - a->maps) / (double)(b->entities - a->entities),
		 number_in("/proc/sys/vm/max_map_count")},
		{"processes of one user", b->entities, 1.0, limit_of(RLIMIT_NPROC)},
		{"process numbers (kernel.pid_max)", b->entities, 1.0,
		 number_in("/proc/sys/kernel/pid_max")},
		{"memory", 0.0, b->cost[KX_COST_SYSTEM] / b->entities,
		 kx_scale_available() - (double)MEMORY_SPARE},
	};

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		double base = limits[i].used - limits[i].each * b->entities;

		if (base + limits[i].each * more <= limits[i].limit)
			continue;
		(void)snprintf(series->limit, sizeof(series->limit),
			       "%s: %.0f, %.1f for each entity, so at most %.0f entities",
			       limits[i].name, limits[i].limit, limits[i].each,
			       (limits[i].limit - base) / limits[i].each);
		return false;
	}
	return true;
}

/* --- series ------------------------------------------------------------------------- */

/* Sums become costs of one entity or handle; the first point stands for what there is without. */
static void divide(struct kx_scale_series *series)
{
	const struct kx_scale_point *first = &series->point[0];

	for (size_t i = 0; i < series->count; i++) {
		struct kx_scale_point *point = &series->point[i];
		double *cost = point->cost;

		cost[KX_COST_START] /= point->n;
		cost[KX_COST_END] /= point->n;
		cost[KX_COST_SYSTEM] /= point->n;
		if (i != 0)
			cost[KX_COST_KERNEL] =
				(point->kernel_bytes - first->kernel_bytes) / (point->n - first->n);
	}
}

static bool run_entities(const struct kx_options *options, struct kx_scale_series *series)
{
	series->name = "entities";
	for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
		struct kx_scale_point *point = &series->point[series->count];

		if (entities[i] > options->entities)
			break;
		if (kx_interrupted() || (series->count > 1 && !fits(series, entities[i])))
			break;
		if (!kx_scale_run(&options->config, entities[i], 0, point))
			return false;
		point->n = point->entities;
		series->count++;
	}
	divide(series);
	return true;
}

static bool run_handles(const struct kx_options *options, struct kx_scale_series *series)
{
	series->name = "handles";
	for (size_t i = 0; i < sizeof(handles) / sizeof(handles[0]); i++) {
		struct kx_scale_point *point = &series->point[series->count];

		if ((uint64_t)handles[i] * HANDLE_CLIENTS > options->handles || kx_interrupted())
			break;
		if (!kx_scale_run(&options->config, HANDLE_CLIENTS, handles[i], point))
			return false;
		point->n = (double)point->handles;
		series->count++;
	}
	divide(series);
	return true;
}

static bool write_files(const struct kx_options *options, const struct kx_scale_series *series,
			const struct kx_disturb *disturb)
{
	char path[PATH_MAX];
	FILE *out;
	bool ok;

	(void)snprintf(path, sizeof(path), "%s/scale.json", options->out);
	out = kx_file_create(path);
	if (!out)
		return false;
	ok = kx_scale_json(series, 2, disturb, out);
	return kx_file_close(out, path) && ok && kx_scale_plot(&series[0], disturb, options->out) &&
	       kx_scale_plot(&series[1], disturb, options->out);
}

static bool report(const struct kx_options *options, const struct kx_scale_series *series,
		   const struct kx_disturb *disturb, double seconds)
{
	if (options->output == KX_OUTPUT_LINE) {
		kx_scale_result(&series[0], seconds, stdout);
		kx_scale_result(&series[1], seconds, stdout);
	} else if (options->output == KX_OUTPUT_JSON) {
		if (!kx_scale_json(series, 2, disturb, stdout))
			return false;
	} else {
		kx_disturb_print(disturb, stdout);
		kx_scale_table(&series[0], stdout);
		kx_scale_table(&series[1], stdout);
	}
	return !options->out || write_files(options, series, disturb);
}

int kx_run_scale(const struct kx_options *options)
{
	static struct kx_scale_series series[2];
	uint64_t start = kx_clock_monotonic();
	struct kx_disturb disturb;
	bool ok;

	kx_disturb_begin(&disturb, &options->config.place);
	ok = run_entities(options, &series[0]) && run_handles(options, &series[1]);
	kx_disturb_end(&disturb);
	ok = ok && report(options, series, &disturb, (double)(kx_clock_monotonic() - start) / 1e9);
	return ok ? KX_EXIT_OK : KX_EXIT_FAILED;
}
