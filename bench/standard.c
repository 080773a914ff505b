/* SPDX-License-Identifier: Apache-2.0 */

/*
 * kosix-bench standard: runs each case of the standard set (standard_set.c) as
 * a series of its own, Kosix and floor in turn, and prints each ratio beside
 * its bar. A bar that is missed does not fail the run: the table says it, and
 * one sentence at the end how the whole stands.
 */

#include "standard.h"

#include <string.h>

#include "floors/floor.h"
#include "measure/complain.h"
#include "measure/interrupt.h"
#include "measure/solution.h"
#include "run.h"

struct standard {
	const struct kx_options *options;
	json_t *document; /* for --json, else NULL */
	json_t *bars;
	bool measured;   /* Kosix, at least once */
	unsigned wanted; /* cases, */
	unsigned begun;
	unsigned failed;
	unsigned verdicts[KX_VERDICTS];
	char missed[1024]; /* which */
	unsigned starts;   /* of cases that know how near the cores are, */
	size_t dropped;    /* and how many of them were left out */
};

static void print_head(void)
{
	printf("\n%-7s %-42s %-11s %-11s %10s %10s %8s  %-17s %-11s %5s %5s\n", "bar", "case",
	       "floor", "of", "floor", "kosix", "ratio", "95 % interval", "left out", "must",
	       "aim");
}

static void print_skip(const struct kx_case *one, const char *why)
{
	printf("%-7s %-42s %s\n", one->number, one->title, why);
}

/* One check of one case, and what came out. */
struct outcome {
	const struct kx_case *one;
	const struct kx_check *check;
	const struct kx_row *floor; /* NULL: none measured, or none needed */
	const struct kx_row *kosix; /* NULL: not measured */
	struct kx_ratio ratio;      /* the figure itself if none is needed */
	enum kx_verdict verdict;
	char left_out[32]; /* starts, of how many; "" if their cores are not known */
};

/* Is known where the cores were at each start? */
static bool knows_cores(const struct kx_series *series)
{
	return series->cores.count != 0 || kx_series_find(series, "two-line");
}

static void say_left_out(struct outcome *out, const struct kx_series *series)
{
	unsigned starts = series->config.turns * series->config.starts;

	if (series->drops.all_fast)
		(void)snprintf(out->left_out, sizeof(out->left_out), "all %u near", starts);
	else if (knows_cores(series))
		(void)snprintf(out->left_out, sizeof(out->left_out), "%zu/%u", series->dropped,
			       starts);
}

/* A floor that did not get its cores is no floor: nothing is judged by it. */
static struct outcome judge(const struct kx_case *one, const struct kx_check *check,
			    const struct kx_series *series)
{
	struct outcome out = {.one = one, .check = check, .verdict = KX_VERDICT_NONE};

	out.kosix = kx_series_find(series, "kosix");
	if (!check->own)
		out.floor = kx_series_find(series, check->floor->name);
	if (out.kosix && check->own)
		out.ratio.ratio = out.kosix->median.v[check->measure];
	else if (out.kosix && out.floor && check->times)
		out.ratio = kx_series_ratio(out.floor, out.kosix, check->measure);
	else if (out.kosix && out.floor)
		out.ratio = kx_series_ratio(out.kosix, out.floor, check->measure);
	else
		return out;
	out.verdict = series->drops.all_slow ? KX_VERDICT_DISTURBED
					     : kx_standard_verdict(check, out.ratio.ratio);
	say_left_out(&out, series);
	return out;
}

static void print_outcome(const struct outcome *out)
{
	const struct kx_check *check = out->check;
	char interval[32];

	printf("%-7s %-42s %-11s %-11s ", out->one->number, out->one->title,
	       out->floor ? out->floor->subject->name : "-", kx_measure_name(check->measure));
	if (out->floor) {
		(void)snprintf(interval, sizeof(interval), "[%.3f - %.3f]", out->ratio.low,
			       out->ratio.high);
		printf("%10.0f %10.0f %8.3f  %-17s", out->floor->median.v[check->measure],
		       out->kosix->median.v[check->measure], out->ratio.ratio, interval);
	} else {
		printf("%10s %10.4f %8s  %-17s", "-", out->ratio.ratio, "-", "");
	}
	printf(" %-11s", out->left_out);
	if (check->must == 0.0 && !check->own)
		printf(" %5s %5s\n", "-", "-");
	else
		printf(" %s%.2f %5.2f  %s\n", check->more ? ">" : "<", check->must, check->aim,
		       kx_verdict_name(out->verdict));
}

static const char *why_not(const struct kx_series *series, const struct kx_subject *subject)
{
	for (size_t i = 0; i < series->count; i++)
		if (series->rows[i].subject == subject)
			return series->rows[i].skipped;
	return "";
}

/* A row was skipped: the floor's figure is still worth a line. */
static void print_unmeasured(const struct outcome *out, const struct kx_series *series)
{
	if (out->floor)
		printf("%-7s %-42s %-11s %-11s %10.0f   kosix: %s\n", out->one->number,
		       out->one->title, out->floor->subject->name,
		       kx_measure_name(out->check->measure),
		       out->floor->median.v[out->check->measure],
		       series->rows[series->count - 1].skipped);
	else if (out->check->own)
		printf("%-7s %-42s %-11s kosix: %s\n", out->one->number, out->one->title, "-",
		       series->rows[series->count - 1].skipped);
	else
		printf("%-7s %-42s %-11s %s\n", out->one->number, out->one->title,
		       out->check->floor->name, why_not(series, out->check->floor));
}

static void keep_outcome(struct standard *standard, const struct outcome *out)
{
	(void)json_array_append_new(
		standard->bars,
		json_pack("{s:s,s:s,s:s,s:s,s:f,s:f,s:f,s:f,s:f,s:b,s:s}", "bar", out->one->number,
			  "case", out->one->title, "floor",
			  out->floor ? out->floor->subject->name : "-", "measure",
			  kx_measure_name(out->check->measure), "ratio", out->ratio.ratio, "low",
			  out->ratio.low, "high", out->ratio.high, "must", out->check->must, "aim",
			  out->check->aim, "more_is_better", out->check->more, "verdict",
			  kx_verdict_name(out->verdict)));
}

/* Remembers how the bar stands, for the sentence at the end. */
static void count_outcome(struct standard *standard, const struct outcome *out)
{
	size_t used = strlen(standard->missed);

	standard->verdicts[out->verdict]++;
	if (out->verdict == KX_VERDICT_MISSED)
		(void)snprintf(standard->missed + used, sizeof(standard->missed) - used,
			       "%s%s (%s %.2f, bar %.2f)", used ? ", " : "", out->one->title,
			       kx_measure_name(out->check->measure), out->ratio.ratio,
			       out->check->must);
}

/* The whole in one sentence. */
static void say_result(const struct standard *standard, FILE *out)
{
	const unsigned *verdicts = standard->verdicts;
	unsigned met = verdicts[KX_VERDICT_MUST] + verdicts[KX_VERDICT_AIM];

	fprintf(out, "\nresult     %u of %u bars measured here are met, %u of them with the aim; ",
		met, met + verdicts[KX_VERDICT_MISSED], verdicts[KX_VERDICT_AIM]);
	fprintf(out, "missed: %s", standard->missed[0] ? standard->missed : "none");
	if (verdicts[KX_VERDICT_DISTURBED])
		fprintf(out, "; %u not judged, for a core was not free",
			verdicts[KX_VERDICT_DISTURBED]);
	fprintf(out, "; %zu of %u start%s left out.\n", standard->dropped, standard->starts,
		standard->starts == 1 ? "" : "s");
}

static void show_check(struct standard *standard, const struct kx_case *one,
		       const struct kx_check *check, const struct kx_series *series)
{
	struct outcome out = judge(one, check, series);
	bool measured = out.kosix && (out.floor || check->own);
	bool table = standard->options->output == KX_OUTPUT_TABLE;

	standard->measured |= measured;
	if (measured)
		count_outcome(standard, &out);
	if (table && measured)
		print_outcome(&out);
	else if (table)
		print_unmeasured(&out, series);
	if (standard->document && measured)
		keep_outcome(standard, &out);
}

static bool show(struct standard *standard, const struct kx_case *one,
		 const struct kx_series *series)
{
	if (knows_cores(series))
		standard->starts += series->config.turns * series->config.starts;
	standard->dropped += series->dropped;
	for (unsigned i = 0; i < KX_STANDARD_CHECKS; i++)
		if (one->check[i].floor || one->check[i].own)
			show_check(standard, one, &one->check[i], series);
	if (standard->options->output == KX_OUTPUT_LINE)
		kx_report_line(series, stdout);
	if (standard->options->output == KX_OUTPUT_CSV)
		kx_report_csv(series, stdout);
	if (standard->document && !kx_report_json_add(standard->document, series))
		return kx_complain("no memory for the JSON document");
	(void)fflush(stdout);
	return true;
}

static bool is_added(const struct kx_series *series, const struct kx_subject *subject)
{
	for (size_t i = 0; i < series->count; i++)
		if (series->rows[i].subject == subject)
			return true;
	return false;
}

/* The floors of the checks, each once, then Kosix. */
static bool add_subjects(struct kx_series *series, const struct kx_case *one)
{
	for (unsigned i = 0; i < KX_STANDARD_CHECKS; i++) {
		const struct kx_subject *floor = one->check[i].floor;

		if (floor && !is_added(series, floor) && !kx_series_add(series, floor))
			return false;
	}
	return kx_series_add(series, &kx_subject_kosix);
}

/* True if @one can't be measured here, with the reason in @why; else @policy is its module. */
static bool cannot_run(const struct kx_case *one, char *policy, char *why, size_t size)
{
	if (one->skipped)
		(void)snprintf(why, size, "%s", one->skipped);
	else if (kx_place_allowed() < one->cores)
		(void)snprintf(why, size, "skipped: %u core%s", kx_place_allowed(),
			       kx_place_allowed() == 1 ? "" : "s");
	else if (one->config.policy && !kx_program_path(one->config.policy, policy))
		(void)snprintf(why, size, "not built: %s is missing", one->config.policy);
	else
		return false;
	return true;
}

/* A case takes seconds before its line comes: say on standard error what is being done. */
static void say_progress(const struct standard *standard, const struct kx_case *one,
			 const struct kx_config *config)
{
	fprintf(stderr, "kosix-bench: case %u of %u: %s (%u turn%s", standard->begun,
		standard->wanted, one->title, config->turns, config->turns == 1 ? "" : "s");
	if (config->starts > 1)
		fprintf(stderr, " of %u starts", config->starts);
	fputs(")\n", stderr);
}

static bool run_case(struct standard *standard, const struct kx_case *one)
{
	struct kx_series series = {0};
	char policy[KX_PROGRAM_PATH];
	char why[64];
	bool ok;

	if (cannot_run(one, policy, why, sizeof(why))) {
		if (standard->options->output == KX_OUTPUT_TABLE)
			print_skip(one, why);
		return true;
	}
	series.config = kx_standard_config(one, &standard->options->config);
	series.config.policy = one->config.policy ? policy : NULL;
	say_progress(standard, one, &series.config);
	series.tolerates = one->check[0].times;
	series.cores.subject = &kx_floor_cores;
	ok = add_subjects(&series, one) && kx_series_run(&series) && show(standard, one, &series);
	kx_series_free(&series);
	return ok;
}

/* A case that fails is named, and the others still tell their figures. */
static bool run_all(struct standard *standard)
{
	const char *only = standard->options->only;

	for (const struct kx_case *one = kx_standard; one->number; one++)
		standard->wanted += kx_standard_wanted(one, only);
	for (const struct kx_case *one = kx_standard; one->number && !kx_interrupted(); one++) {
		if (!kx_standard_wanted(one, only))
			continue;
		standard->begun++;
		if (run_case(standard, one))
			continue;
		standard->failed++;
		if (standard->options->output == KX_OUTPUT_TABLE)
			print_skip(one, "failed, see above");
	}
	if (standard->failed != 0)
		return kx_complain("%u case%s failed", standard->failed,
				   standard->failed == 1 ? "" : "s");
	return standard->measured || kx_complain("kosix itself was not measured");
}

static bool start_json(struct standard *standard)
{
	if (standard->options->output != KX_OUTPUT_JSON)
		return true;
	standard->document = kx_report_json_new();
	standard->bars = json_array();
	return standard->document && standard->bars &&
	       json_object_set_new(standard->document, "bars", standard->bars) == 0;
}

int kx_run_standard(const struct kx_options *options)
{
	struct standard standard = {.options = options};
	struct kx_disturb disturb;
	bool ok;

	kx_disturb_begin(&disturb, NULL);
	ok = start_json(&standard);
	if (options->output == KX_OUTPUT_CSV)
		kx_report_csv_head(stdout);
	if (options->output == KX_OUTPUT_TABLE)
		print_head();
	ok = ok && run_all(&standard);
	kx_disturb_end(&disturb);
	if (options->output == KX_OUTPUT_TABLE) {
		kx_disturb_print(&disturb, stdout);
		if (standard.measured)
			say_result(&standard, stdout);
	}
	if (standard.document)
		ok = kx_report_json_host(standard.document, &disturb) &&
		     kx_report_json_write(standard.document, stdout) && ok;
	json_decref(standard.document);
	return ok ? KX_EXIT_OK : KX_EXIT_FAILED;
}
