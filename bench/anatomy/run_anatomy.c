/* SPDX-License-Identifier: Apache-2.0 */

/*
 * kosix-bench anatomy: turns of what is shipped and of the same with stamps, one
 * after the other, and a report of where the sampled calls spent their time. The
 * shipped turns tell what the stamps themselves cost.
 */

#include <stdlib.h>
#include <string.h>

#include "anatomy.h"
#include "measure/clock.h"
#include "measure/complain.h"
#include "measure/load.h"
#include "run.h"

#define TYPICAL_FROM 25000u /* of the calls by length: the middle half, */
#define TYPICAL_TO   75000u
#define SLOW_FROM    99000u /* and the slowest hundredth */
#define SLOW_TO      100000u
#define SENTENCE     320

struct run {
	const struct kx_options *options;
	struct kx_config stamped;
	struct kx_anatomy anatomy;
	struct kx_stamp_list stamps;
	double shipped_p50[KX_TURNS_MAX];
	double stamped_p50[KX_TURNS_MAX];
	unsigned turns;
	struct kx_shares typical;
	struct kx_shares slow;
	struct kx_disturb disturb;
};

/* What the stamps cost the measurement. */
struct overhead {
	double stamp_ns; /* one stamp */
	double path_ns;  /* those of one sampled call */
	double shipped_ns;
	double stamped_ns; /* p50 of all calls, nearly all of them not sampled */
};

static struct overhead overhead_of(const struct run *run)
{
	const struct kx_anatomy *anatomy = &run->anatomy;
	double per_call = anatomy->count ? (double)anatomy->stamps / (double)anatomy->count : 0.0;
	struct overhead overhead = {
		.stamp_ns = (double)kx_clock_ns(run->stamps.cost) / 100.0,
		.shipped_ns = kx_median(run->shipped_p50, run->turns),
		.stamped_ns = kx_median(run->stamped_p50, run->turns),
	};

	overhead.path_ns = overhead.stamp_ns * per_call;
	return overhead;
}

/* One turn of one of the two; its median in @p50. */
static bool run_turn(void *state, struct kx_stamp_list *stamps, double *p50)
{
	struct kx_turn *turn = calloc(1, sizeof(*turn));
	bool ok = turn != NULL;

	if (!ok)
		return kx_complain("no memory for a turn");
	kx_hist_clear(&turn->hist);
	turn->stamps = stamps;
	ok = kx_subject_kosix.run_turn(state, turn);
	if (ok)
		*p50 = (double)kx_hist_percentile(&turn->hist, KX_P50);
	free(turn);
	return ok;
}

static bool run_turns(struct run *run, void *shipped, void *stamped)
{
	for (unsigned t = 0; t < run->options->config.turns; t++) {
		if (!run_turn(shipped, NULL, &run->shipped_p50[t]) ||
		    !run_turn(stamped, &run->stamps, &run->stamped_p50[t]))
			return false;
		if (!kx_anatomy_add(&run->anatomy, &run->stamps))
			return kx_complain("no memory for the stamps");
		run->stamps.count = 0;
		run->turns++;
	}
	if (run->anatomy.count)
		return true;
	return kx_complain("no call was stamped whole (%zu were begun): make turns longer",
			   run->anatomy.unfit);
}

static bool measure(struct run *run)
{
	const struct kx_subject *kosix = &kx_subject_kosix;
	struct kx_load load = {0};
	char why[96];
	void *shipped = NULL;
	void *stamped = NULL;
	bool ok;

	if (!kosix->fits(kosix, &run->stamped, why, sizeof(why)))
		return kx_complain("%s", why);
	ok = kosix->prepare(kosix, &run->options->config, &shipped) &&
	     kosix->prepare(kosix, &run->stamped, &stamped) &&
	     kx_load_start(&load, &run->options->config) && run_turns(run, shipped, stamped);
	kx_load_stop(&load);
	if (shipped)
		kosix->finish(shipped);
	if (stamped)
		kosix->finish(stamped);
	return ok;
}

/* --- as a table --------------------------------------------------------------- */

static void print_steps(const struct kx_anatomy *anatomy)
{
	printf("\n%-32s %8s %9s %9s %9s %9s\n", "until", "of calls", "p50", "p90", "p99", "mean");
	for (unsigned rank = 0; rank <= kx_stamp_rank(KX_STAMP_DONE); rank++) {
		for (unsigned p = 0; p < KX_STAMP_COUNT; p++) {
			const struct kx_hist *hist = &anatomy->step[p];

			if (kx_stamp_rank((enum kx_stamp)p) != rank || hist->count == 0)
				continue;
			printf("%-32s %6.1f %% %9.0f %9.0f %9.0f %9.0f\n",
			       kx_stamp_name((enum kx_stamp)p),
			       100.0 * (double)hist->count / (double)anatomy->count,
			       (double)kx_hist_percentile(hist, KX_P50),
			       (double)kx_hist_percentile(hist, KX_P90),
			       (double)kx_hist_percentile(hist, KX_P99), kx_hist_mean(hist));
		}
	}
}

static void print_shares(const struct run *run)
{
	printf("\n%-46s %10s %10s\n", "spent", "typical", "slowest 1 %");
	for (unsigned w = 0; w < KX_WHERE_COUNT; w++)
		if (run->typical.part[w] > 0.0005 || run->slow.part[w] > 0.0005)
			printf("%-46s %8.1f %% %8.1f %%\n", kx_where_name((enum kx_where)w),
			       100.0 * run->typical.part[w], 100.0 * run->slow.part[w]);
	printf("%-46s %7.0f ns %7.0f ns\n", "a call, mean of these", run->typical.mean_ns,
	       run->slow.mean_ns);
}

static void print_table(const struct run *run)
{
	struct overhead overhead = overhead_of(run);
	char place[KX_PLACE_TEXT];
	char text[SENTENCE];

	kx_place_format(&run->stamped.place, place);
	kx_disturb_print(&run->disturb, stdout);
	printf("measured   %s, %zu bytes each way, %s; %zu calls stamped, %zu left out\n", place,
	       run->stamped.size, run->anatomy.relayed ? "relayed" : "direct", run->anatomy.count,
	       run->anatomy.unfit);
	printf("overhead   a stamp %.1f ns, a stamped call %.0f ns in all; median of all calls "
	       "%.0f ns with\n           stamps built in, %.0f ns as shipped\n",
	       overhead.stamp_ns, overhead.path_ns, overhead.stamped_ns, overhead.shipped_ns);
	print_steps(&run->anatomy);
	print_shares(run);
	kx_anatomy_say(&run->anatomy, &run->typical, text, sizeof(text));
	printf("\nA typical call: %s.\n", text);
	kx_anatomy_say(&run->anatomy, &run->slow, text, sizeof(text));
	printf("The slowest 1 %%: %s.\n", text);
}

/* --- as JSON -------------------------------------------------------------------- */

static json_t *json_shares(const struct run *run, const struct kx_shares *shares)
{
	json_t *parts = json_object();
	char text[SENTENCE];

	for (unsigned w = 0; w < KX_WHERE_COUNT; w++)
		(void)json_object_set_new(parts, kx_where_name((enum kx_where)w),
					  json_real(shares->part[w]));
	kx_anatomy_say(&run->anatomy, shares, text, sizeof(text));
	return json_pack("{s:I,s:f,s:o,s:s}", "calls", (json_int_t)shares->calls, "mean_ns",
			 shares->mean_ns, "shares", parts, "sentence", text);
}

static json_t *json_steps(const struct kx_anatomy *anatomy)
{
	json_t *steps = json_array();

	for (unsigned p = 0; p < KX_STAMP_COUNT; p++) {
		const struct kx_hist *hist = &anatomy->step[p];

		if (hist->count != 0)
			(void)json_array_append_new(
				steps,
				json_pack("{s:s,s:I,s:o}", "until", kx_stamp_name((enum kx_stamp)p),
					  "order", (json_int_t)kx_stamp_rank((enum kx_stamp)p),
					  "histogram", kx_report_json_histogram(hist)));
	}
	return steps;
}

static bool print_json(const struct run *run)
{
	struct overhead overhead = overhead_of(run);
	json_t *document = json_pack(
		"{s:s,s:o,s:I,s:I,s:{s:f,s:f,s:f,s:f},s:o,s:o,s:o}", "format",
		"kosix-bench anatomy 1", "config", kx_report_json_config(&run->stamped), "calls",
		(json_int_t)run->anatomy.count, "left_out", (json_int_t)run->anatomy.unfit,
		"overhead", "stamp_ns", overhead.stamp_ns, "stamped_call_ns", overhead.path_ns,
		"p50_stamped_ns", overhead.stamped_ns, "p50_shipped_ns", overhead.shipped_ns,
		"steps", json_steps(&run->anatomy), "typical", json_shares(run, &run->typical),
		"slowest", json_shares(run, &run->slow));
	bool ok = document && kx_report_json_host(document, &run->disturb)
			  ? kx_report_json_write(document, stdout)
			  : kx_complain("no memory for the JSON document");

	json_decref(document);
	return ok;
}

int kx_run_anatomy(const struct kx_options *options)
{
	struct run *run = calloc(1, sizeof(*run));
	bool ok;

	if (!run) {
		(void)kx_complain("no memory");
		return KX_EXIT_FAILED;
	}
	run->options = options;
	run->stamped = options->config;
	run->stamped.stamped = true;
	if (!kx_clock.tsc)
		(void)kx_complain("warning: no time-stamp counter of constant rate here: stamps "
				  "are clock readings and cost more");
	kx_disturb_begin(&run->disturb, &options->config.place);
	ok = measure(run);
	kx_disturb_end(&run->disturb);
	if (ok) {
		run->typical = kx_anatomy_shares(&run->anatomy, TYPICAL_FROM, TYPICAL_TO);
		run->slow = kx_anatomy_shares(&run->anatomy, SLOW_FROM, SLOW_TO);
		if (options->output == KX_OUTPUT_JSON)
			ok = print_json(run);
		else
			print_table(run);
	}
	kx_anatomy_free(&run->anatomy);
	kx_stamps_free(&run->stamps);
	free(run);
	return ok ? KX_EXIT_OK : KX_EXIT_FAILED;
}
