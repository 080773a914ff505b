/* SPDX-License-Identifier: Apache-2.0 */
#include "run.h"

#include <string.h>

#include "floors/floor.h"
#include "measure/complain.h"

/* Is @name in @list, a text of names with commas between? */
static bool listed(const char *list, const char *name)
{
	size_t length = strlen(name);

	for (;;) {
		size_t word = strcspn(list, ",");

		if (word == length && strncmp(list, name, length) == 0)
			return true;
		if (list[word] == '\0')
			return false;
		list += word + 1;
	}
}

/* A relay has three parties: beside a direct call its floors say nothing. */
static bool wanted(const struct kx_options *options, const struct kx_subject *floor)
{
	const struct kx_floor *self = floor->self;

	if (options->floors)
		return listed(options->floors, floor->name);
	return options->command == KX_COMMAND_FLOORS || self->parties == 2 || options->config.relay;
}

static bool add_subjects(struct kx_series *series, const struct kx_options *options)
{
	char why[128];

	for (unsigned i = 0; kx_floors[i]; i++)
		if (wanted(options, kx_floors[i]) && !kx_series_add(series, kx_floors[i]))
			return false;
	if (options->command != KX_COMMAND_CALL)
		return true;
	/* Before minutes of floors that nobody asked for alone. */
	if (!kx_subject_kosix.fits(&kx_subject_kosix, &options->config, why, sizeof(why)))
		return kx_complain("call: %s", why);
	return kx_series_add(series, &kx_subject_kosix);
}

static bool report_json(const struct kx_series *series, const struct kx_disturb *disturb)
{
	json_t *document = kx_report_json_new();
	bool ok = document && kx_report_json_add(document, series) &&
				  kx_report_json_host(document, disturb)
			  ? kx_report_json_write(document, stdout)
			  : kx_complain("no memory for the JSON document");

	json_decref(document);
	return ok;
}

static bool report(const struct kx_series *series, const struct kx_disturb *disturb,
		   enum kx_output output)
{
	switch (output) {
	case KX_OUTPUT_JSON:
		return report_json(series, disturb);
	case KX_OUTPUT_LINE:
		kx_report_line(series, stdout);
		break;
	case KX_OUTPUT_CSV:
		kx_report_csv_head(stdout);
		kx_report_csv(series, stdout);
		break;
	default:
		kx_disturb_print(disturb, stdout);
		kx_report_table(series, stdout);
	}
	return true;
}

/* Floors alone are no answer to `call`. */
static bool kosix_was_measured(const struct kx_series *series)
{
	const struct kx_row *last = &series->rows[series->count - 1];

	if (last->subject->floor || last->count != 0)
		return true;
	return kx_complain("%s: %s", last->subject->name, last->skipped);
}

int kx_run_series(const struct kx_options *options)
{
	struct kx_series series = {.config = options->config};
	struct kx_disturb disturb;
	bool ok = add_subjects(&series, options);

	if (wanted(options, &kx_floor_two_line))
		series.cores.subject = &kx_floor_cores;

	kx_disturb_begin(&disturb, &options->config.place);
	ok = ok && kx_series_run(&series);
	kx_disturb_end(&disturb);
	ok = ok && report(&series, &disturb, options->output) && kosix_was_measured(&series);
	kx_series_free(&series);
	return ok ? KX_EXIT_OK : KX_EXIT_FAILED;
}
