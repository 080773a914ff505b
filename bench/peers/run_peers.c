/* SPDX-License-Identifier: Apache-2.0 */

/*
 * kosix-bench peers: Kosix, the floors and every peer that is there, in turn, in
 * the placements, sizes and numbers of clients of the table below. Prints a table
 * for each, or one JSON document; with --out both and pictures, as files.
 */

#include <limits.h>
#include <string.h>
#include <time.h>

#include "floors/floor.h"
#include "measure/complain.h"
#include "measure/file.h"
#include "measure/interrupt.h"
#include "peers.h"
#include "peers_report.h"
#include "run.h"
#include "standard.h"

#define QUIET_NS 1000000000u

/* Each combination of the three lists is a run; lists end with 0. */
static const struct part {
	const char *name;
	unsigned cores;
	enum kx_place_kind place;
	unsigned load;
	bool quiet;
	size_t sizes[8];
	unsigned clients[5];
} parts[] = {
	{"two-cores", 2, KX_PLACE_PIN, 0, false, {8}, {1}},
	{"one-core", 1, KX_PLACE_SAME, 0, false, {8}, {1}},
	{"sizes", 2, KX_PLACE_PIN, 0, false, {64, 256, 1024, 4096, 16384, 65536}, {1}},
	{"clients", 2, KX_PLACE_FREE, 0, false, {8}, {1, 2, 4, 8}},
	{"busy", 2, KX_PLACE_PIN, 4, false, {8}, {1}},
	{"idle", 2, KX_PLACE_PIN, 0, true, {8}, {1}},
};

#define PART_COUNT (sizeof(parts) / sizeof(parts[0]))

/* Is @name in @list, a text of names with commas between? NULL: everything is. */
static bool listed(const char *list, const char *name)
{
	size_t length = strlen(name);

	while (list) {
		size_t word = strcspn(list, ",");

		if (word == length && strncmp(list, name, length) == 0)
			return true;
		if (list[word] == '\0')
			return false;
		list += word + 1;
	}
	return true;
}

bool kx_peers_parts_known(const char *list, char *why, size_t size)
{
	const char *at = list;

	for (;;) {
		int length = (int)strcspn(at, ",");
		bool known = false;

		for (size_t i = 0; i < PART_COUNT; i++)
			known |= strlen(parts[i].name) == (size_t)length &&
				 strncmp(at, parts[i].name, (size_t)length) == 0;
		if (!known) {
			(void)snprintf(why, size,
				       "'%.*s' is none of two-cores, one-core, sizes, clients, "
				       "busy, idle",
				       length, at);
			return false;
		}
		if (at[length] == '\0')
			return true;
		at += length + 1;
	}
}

struct run {
	const struct kx_options *options;
	json_t *document;
	FILE *table; /* NULL: no table */
	unsigned measured;
	unsigned failed;
};

static bool add_subjects(struct kx_series *series, const char *peers)
{
	static const struct kx_subject *const floors[] = {&kx_floor_one_line, &kx_floor_two_line,
							  &kx_floor_futex};

	for (unsigned i = 0; i < sizeof(floors) / sizeof(floors[0]); i++)
		if (!kx_series_add(series, floors[i]))
			return false;
	for (unsigned i = 0; kx_peers[i]; i++)
		if (listed(peers, kx_peers[i]->name) && !kx_series_add(series, kx_peers[i]))
			return false;
	return kx_series_add(series, &kx_subject_kosix);
}

static bool run_one(struct run *run, const struct part *part, size_t size, unsigned clients)
{
	const struct kx_case standard = {.place = part->place};
	struct kx_series series = {
		.keeps = true, .tolerates = true, .cores.subject = &kx_floor_cores};
	bool ok;

	series.config = kx_standard_config(&standard, &run->options->config);
	series.config.size = size;
	series.config.clients = clients;
	series.config.load = part->load;
	series.config.quiet_ns = part->quiet ? QUIET_NS : 0;
	ok = add_subjects(&series, run->options->peers) && kx_series_run(&series);
	if (ok && run->table)
		kx_peers_table(&series, part->name, run->table);
	if (ok && !kx_report_json_add(run->document, &series))
		ok = kx_complain("no memory for the JSON document");
	if (ok && kx_series_find(&series, "kosix"))
		run->measured++;
	kx_series_free(&series);
	return ok;
}

/* A run that fails is named, and the others still tell their figures. */
static void run_part(struct run *run, const struct part *part)
{
	if (kx_place_allowed() < part->cores) {
		if (run->table)
			fprintf(run->table, "\n%s: skipped: %u core\n", part->name,
				kx_place_allowed());
		return;
	}
	for (unsigned s = 0; part->sizes[s]; s++)
		for (unsigned c = 0; part->clients[c] && !kx_interrupted(); c++)
			if (!run_one(run, part, part->sizes[s], part->clients[c]))
				run->failed++;
}

static bool add_libraries(json_t *document, const char *peers)
{
	json_t *libraries = json_object();

	for (unsigned i = 0; kx_peers[i]; i++) {
		char text[64];

		if (!listed(peers, kx_peers[i]->name))
			continue;
		kx_peer_library(kx_peers[i], text, sizeof(text));
		if (text[0] != '\0')
			(void)json_object_set_new(libraries, kx_peers[i]->name, json_string(text));
	}
	return json_object_set_new(document, "libraries", libraries) == 0;
}

/* What a reader of the file alone must know. */
static bool add_method(json_t *document)
{
	char date[32] = "";
	time_t now = time(NULL);
	struct tm utc;

	if (gmtime_r(&now, &utc))
		(void)strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", &utc);
	return json_object_set_new(document, "date", json_string(date)) == 0 &&
	       json_object_set_new(document, "compiler", json_string(__VERSION__)) == 0 &&
	       json_object_set_new(
		       document, "method",
		       json_string(
			       "nanoseconds per round trip between processes; every client "
			       "times its own calls; mechanisms of a run take turns one after "
			       "the other; a figure is the median of the turns; intervals hold "
			       "95 of 100 medians of turns drawn again; histograms: 128 buckets "
			       "a power of two, as lowest value:count")) == 0;
}

static bool write_document(const json_t *document, const char *folder)
{
	char path[PATH_MAX];
	FILE *out;
	bool ok;

	(void)snprintf(path, sizeof(path), "%s/peers.json", folder);
	out = kx_file_create(path);
	if (!out)
		return false;
	ok = kx_report_json_write(document, out);
	return kx_file_close(out, path) && ok;
}

static bool finish(struct run *run, const struct kx_disturb *disturb)
{
	const struct kx_options *options = run->options;

	if (!kx_report_json_host(run->document, disturb) ||
	    !add_libraries(run->document, options->peers) || !add_method(run->document))
		return kx_complain("no memory for the JSON document");
	if (run->table)
		kx_disturb_print(disturb, run->table);
	if (options->output == KX_OUTPUT_JSON && !kx_report_json_write(run->document, stdout))
		return false;
	if (options->out && (!write_document(run->document, options->out) ||
			     !kx_peers_plot(run->document, options->out)))
		return false;
	if (run->failed)
		return kx_complain("%u runs failed, see above", run->failed);
	return run->measured || kx_complain("kosix itself was not measured");
}

int kx_run_peers(const struct kx_options *options)
{
	struct run run = {.options = options, .document = kx_report_json_new()};
	struct kx_disturb disturb;
	bool ok;

	if (options->output == KX_OUTPUT_TABLE)
		run.table = stdout;
	kx_disturb_begin(&disturb, NULL);
	for (size_t i = 0; i < PART_COUNT && !kx_interrupted(); i++)
		if (listed(options->parts, parts[i].name))
			run_part(&run, &parts[i]);
	kx_disturb_end(&disturb);
	ok = run.document && finish(&run, &disturb);
	json_decref(run.document);
	return ok ? KX_EXIT_OK : KX_EXIT_FAILED;
}
