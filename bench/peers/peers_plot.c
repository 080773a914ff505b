/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Pictures from a document of `kosix-bench peers`: bars for runs of one client and
 * 8 bytes, lines over the size and over the number of clients.
 */

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "measure/file.h"
#include "peers_report.h"
#include "report/plot.h"

#define ROWS   KX_SERIES_ROWS
#define POINTS 16u

/* Which runs belong to a picture. */
struct choice {
	const char *place; /* how its text begins */
	double size;       /* 0: any */
	double clients;
	double load;
};

static double number_of(const json_t *object, const char *key)
{
	return json_number_value(json_object_get(object, key));
}

static bool chosen(const struct choice *choice, const json_t *config)
{
	const char *where = json_string_value(json_object_get(config, "place"));

	return where && strncmp(where, choice->place, strlen(choice->place)) == 0 &&
	       (choice->size == 0.0 || number_of(config, "size") == choice->size) &&
	       (choice->clients == 0.0 || number_of(config, "clients") == choice->clients) &&
	       number_of(config, "load") == choice->load && number_of(config, "quiet_ns") == 0.0;
}

static bool is_floor(const char *name)
{
	static const char *const floors[] = {"one-line", "two-line", "futex"};

	for (unsigned i = 0; i < sizeof(floors) / sizeof(floors[0]); i++)
		if (strcmp(name, floors[i]) == 0)
			return true;
	return false;
}

/* Machine and method, as small print. */
static void note(const json_t *document, char *text, size_t size)
{
	const json_t *host = json_object_get(document, "host");

	(void)snprintf(text, size,
		       "%s, %.0f cores%s, Linux %s. Round trips between processes, mechanisms in "
		       "turn; medians over turns. kosix-bench peers",
		       json_string_value(json_object_get(host, "model")), number_of(host, "cores"),
		       json_is_true(json_object_get(host, "virtual")) ? " (virtual)" : "",
		       json_string_value(json_object_get(host, "kernel")));
}

/* --- bars -------------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
	const struct kx_plot_bar *x = a;
	const struct kx_plot_bar *y = b;

	return (x->value > y->value) - (x->value < y->value);
}

static size_t collect_bars(const json_t *run, struct kx_plot_bar *bars)
{
	size_t count = 0;
	size_t i;
	json_t *result;

	json_array_foreach(json_object_get(run, "results"), i, result)
	{
		const json_t *median = json_object_get(result, "median");
		const char *name = json_string_value(json_object_get(result, "name"));

		if (!median || count == ROWS)
			continue;
		bars[count++] = (struct kx_plot_bar){
			.name = name,
			.subject = strcmp(name, "kosix") == 0,
			.floor = is_floor(name),
			.value = number_of(median, "p50"),
			.upto = number_of(median, "p99"),
		};
	}
	qsort(bars, count, sizeof(*bars), by_value);
	return count;
}

static bool draw_bars(const json_t *document, const struct choice *choice, const char *file,
		      const char *title, const char *folder)
{
	struct kx_plot_bar bars[ROWS];
	char path[PATH_MAX];
	char small[320];
	struct kx_plot_text text = {
		.title = title,
		.note = small,
		.x = "ns a round trip: median (bar) to 99th percentile (whisker), logarithmic"};
	size_t i;
	json_t *run;

	note(document, small, sizeof(small));
	json_array_foreach(json_object_get(document, "runs"), i, run)
	{
		FILE *out;
		size_t count;

		if (!chosen(choice, json_object_get(run, "config")))
			continue;
		count = collect_bars(run, bars);
		(void)snprintf(path, sizeof(path), "%s/%s", folder, file);
		out = kx_file_create(path);
		if (!out)
			return false;
		(void)kx_plot_bars(out, &text, bars, count);
		return kx_file_close(out, path);
	}
	return true; /* that part was not run */
}

/* --- lines -------------------------------------------------------------------------------- */

struct picture {
	struct kx_plot_line line[ROWS];
	struct kx_plot_point point[ROWS][POINTS];
	size_t count;
};

static struct kx_plot_line *line_of(struct picture *picture, const char *name)
{
	struct kx_plot_line *line;

	for (size_t i = 0; i < picture->count; i++)
		if (strcmp(picture->line[i].name, name) == 0)
			return &picture->line[i];
	if (picture->count == ROWS)
		return NULL;
	line = &picture->line[picture->count];
	*line = (struct kx_plot_line){
		.name = name,
		.subject = strcmp(name, "kosix") == 0,
		.floor = is_floor(name),
		.point = picture->point[picture->count],
	};
	picture->count++;
	return line;
}

static void add_run(struct picture *picture, const json_t *run, const char *x, const char *y)
{
	double at = number_of(json_object_get(run, "config"), x);
	size_t i;
	json_t *result;

	json_array_foreach(json_object_get(run, "results"), i, result)
	{
		const json_t *median = json_object_get(result, "median");
		struct kx_plot_line *line;

		if (!median)
			continue;
		line = line_of(picture, json_string_value(json_object_get(result, "name")));
		if (line && line->count < POINTS)
			line->point[line->count++] =
				(struct kx_plot_point){at, number_of(median, y)};
	}
}

static int by_x(const void *a, const void *b)
{
	const struct kx_plot_point *p = a;
	const struct kx_plot_point *q = b;

	return (p->x > q->x) - (p->x < q->x);
}

static bool draw_lines(const json_t *document, const struct choice *choice, const char *file,
		       const struct kx_plot_text *text, const char *folder, const char *keys[2])
{
	static struct picture picture;
	char path[PATH_MAX];
	size_t runs = 0;
	size_t i;
	json_t *run;
	FILE *out;

	picture.count = 0;
	json_array_foreach(json_object_get(document, "runs"), i, run)
	{
		if (!chosen(choice, json_object_get(run, "config")))
			continue;
		add_run(&picture, run, keys[0], keys[1]);
		runs++;
	}
	if (runs < 2)
		return true; /* no line */
	for (i = 0; i < picture.count; i++)
		qsort(picture.line[i].point, picture.line[i].count, sizeof(struct kx_plot_point),
		      by_x);
	(void)snprintf(path, sizeof(path), "%s/%s", folder, file);
	out = kx_file_create(path);
	if (!out)
		return false;
	(void)kx_plot_lines(out, text, picture.line, picture.count);
	return kx_file_close(out, path);
}

bool kx_peers_plot(const json_t *document, const char *folder)
{
	static const struct choice two = {"pin", 8, 1, 0};
	static const struct choice one = {"same", 8, 1, 0};
	static const struct choice busy = {"pin", 8, 1, 4};
	static const struct choice sizes = {"pin", 0, 1, 0};
	static const struct choice clients = {"free", 8, 0, 0};
	static const char *size_keys[2] = {"size", "p50"};
	static const char *client_keys[2] = {"clients", "ops"};
	char small[320];
	const struct kx_plot_text size_text = {"Latency by payload, two cores", small,
					       "bytes each way", "ns a round trip (median)"};
	const struct kx_plot_text client_text = {"Throughput by clients of one server, any core",
						 small, "clients", "calls a second, all together"};

	note(document, small, sizeof(small));
	return draw_bars(document, &two, "peers-two-cores.svg",
			 "Latency, 8 bytes, client and server on two cores", folder) &&
	       draw_bars(document, &one, "peers-one-core.svg",
			 "Latency, 8 bytes, client and server on one core", folder) &&
	       draw_bars(document, &busy, "peers-busy.svg",
			 "Latency, 8 bytes, two cores with four busy loops on each", folder) &&
	       draw_lines(document, &sizes, "peers-sizes.svg", &size_text, folder, size_keys) &&
	       draw_lines(document, &clients, "peers-clients.svg", &client_text, folder,
			  client_keys);
}
