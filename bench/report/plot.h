/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_PLOT_H
#define KX_BENCH_PLOT_H

/*
 * Pictures for a paper, as SVG: lines over a logarithmic axis, and bars on a
 * logarithmic scale with a whisker. Black, grey and one colour, so that they can
 * be printed; text is text, so that it can be searched. Nothing but stdio.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct kx_plot_point {
	double x;
	double y;
};

struct kx_plot_line {
	const char *name;
	bool subject; /* in colour: what the picture is about */
	bool floor;   /* in grey: what the machine allows */
	struct kx_plot_point *point;
	size_t count;
};

struct kx_plot_bar {
	const char *name;
	bool subject;
	bool floor;
	double value;
	double upto; /* end of the whisker; 0: none */
};

struct kx_plot_text {
	const char *title;
	const char *note; /* below, small: machine and method */
	const char *x;
	const char *y;
};

/* All values must be positive. False if writing failed. */
bool kx_plot_lines(FILE *out, const struct kx_plot_text *text, const struct kx_plot_line *lines,
		   size_t count);
bool kx_plot_bars(FILE *out, const struct kx_plot_text *text, const struct kx_plot_bar *bars,
		  size_t count);

#endif /* KX_BENCH_PLOT_H */
