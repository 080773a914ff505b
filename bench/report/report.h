/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_REPORT_H
#define KX_BENCH_REPORT_H

/*
 * Results as text. The table is for people; --line, --csv and --json are for
 * programs and say nothing else on standard output. Times are nanoseconds.
 */

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "measure/disturb.h"
#include "measure/series.h"

enum kx_output {
	KX_OUTPUT_TABLE,
	KX_OUTPUT_LINE,
	KX_OUTPUT_CSV,
	KX_OUTPUT_JSON,
};

#define KX_JSON_FORMAT "kosix-bench 1"

/* A table of all rows, then how Kosix (if it is there) compares with each floor. */
void kx_report_table(const struct kx_series *series, FILE *out);

/* One RESULT line for each row that was measured. */
void kx_report_line(const struct kx_series *series, FILE *out);

/* One record for each row that was measured; kx_report_csv_head() goes first. */
void kx_report_csv_head(FILE *out);
void kx_report_csv(const struct kx_series *series, FILE *out);

/*
 * Starts a document: {"format", "runs": []}. NULL without memory. The caller
 * adds runs and, when all is measured, the host; writes it; drops it.
 */
json_t *kx_report_json_new(void);

/* Sets what disturbed the measurement. False without memory. */
bool kx_report_json_host(json_t *document, const struct kx_disturb *disturb);

/* Appends one run to @document. False without memory. */
bool kx_report_json_add(json_t *document, const struct kx_series *series);

/* Parts of a document that other commands use. NULL without memory. */
json_t *kx_report_json_config(const struct kx_config *config);
json_t *kx_report_json_histogram(const struct kx_hist *hist);

/*
 * Writes @document and a newline. False after a complaint: there was no memory. Whether @out
 * took it is asked when it is closed, of standard output at the end of the program.
 */
bool kx_report_json_write(const json_t *document, FILE *out);

/*
 * Prints what two files with such documents have in common, the second as a ratio to the
 * first, as a table or as JSON. False, and a complaint was printed: a file does not fit, or
 * nothing is in common.
 */
bool kx_report_compare(const char *first, const char *second, enum kx_output output);

#endif /* KX_BENCH_REPORT_H */
