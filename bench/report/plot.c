/* SPDX-License-Identifier: Apache-2.0 */
#include "plot.h"

#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH       760.0
#define HEIGHT      460.0
#define LEFT        80.0
#define RIGHT       130.0 /* names of lines stand there */
#define TOP         44.0
#define BOTTOM      70.0
#define BAR_LEFT    100.0
#define BAR_STEP    24.0
#define NAME_STEP   13.0
#define LINES_MAX   32u
#define SUBJECT_INK "#c0392b"
#define FLOOR_INK   "#9a9a9a"

/* A logarithmic axis from one power of ten to another, or part of one. */
struct axis {
	double low;
	double high;
	double from; /* of the picture, at low */
	double to;
};

static double place(const struct axis *axis, double value)
{
	double part = log(value / axis->low) / log(axis->high / axis->low);

	return axis->from + part * (axis->to - axis->from);
}

static void stretch(struct axis *axis, double value)
{
	if (value <= 0.0)
		return;
	axis->low = value < axis->low ? value : axis->low;
	axis->high = value > axis->high ? value : axis->high;
}

static struct axis new_axis(double from, double to)
{
	return (struct axis){DBL_MAX, DBL_MIN, from, to};
}

/* Room at both ends, and never an axis of no length. */
static void round_axis(struct axis *axis)
{
	if (axis->low > axis->high)
		*axis = (struct axis){1.0, 10.0, axis->from, axis->to};
	axis->low /= 1.25;
	axis->high *= 1.25;
}

/* 1000 as 1k; a power of ten or a third of one as short as it goes. */
static void number(double value, char *text, size_t size)
{
	static const struct {
		double unit;
		const char *name;
	} units[] = {{1e9, "G"}, {1e6, "M"}, {1e3, "k"}, {1.0, ""}};

	for (unsigned i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (value >= units[i].unit) {
			(void)snprintf(text, size, "%.3g%s", value / units[i].unit, units[i].name);
			return;
		}
	(void)snprintf(text, size, "%.2g", value);
}

static void escape(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '<')
			fputs("&lt;", out);
		else if (*text == '&')
			fputs("&amp;", out);
		else
			fputc(*text, out);
	}
}

static void write_text(FILE *out, double x, double y, const char *anchor, const char *style,
		       const char *text)
{
	fprintf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" %s>", x, y, anchor, style);
	escape(out, text);
	fputs("</text>\n", out);
}

static void write_segment(FILE *out, double x1, double y1, double x2, double y2, const char *style)
{
	fprintf(out, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" %s/>\n", x1, y1, x2, y2,
		style);
}

static void begin(FILE *out, double height, const struct kx_plot_text *text)
{
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
		"viewBox=\"0 0 %.0f %.0f\" font-family=\"Helvetica,Arial,sans-serif\" "
		"font-size=\"12\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
		WIDTH, height, WIDTH, height);
	write_text(out, 16, 24, "start", "font-size=\"15\" font-weight=\"bold\"", text->title);
	write_text(out, 16, height - 12, "start", "font-size=\"10\" fill=\"#555\"", text->note);
}

static void write_tick(FILE *out, const struct axis *axis, bool upright, double value, double start,
		       double end, bool named)
{
	const char *grid = named ? "stroke=\"#d4d4d4\"" : "stroke=\"#eeeeee\"";
	double at = place(axis, value);
	char text[24];

	if (upright)
		write_segment(out, start, at, end, at, grid);
	else
		write_segment(out, at, start, at, end, grid);
	if (!named)
		return;
	number(value, text, sizeof(text));
	if (upright)
		write_text(out, start - 6, at + 4, "end", "", text);
	else
		write_text(out, at, start + 16, "middle", "", text);
}

/* A line across from @start to @end at each 1, 2 and 5 of each power of ten. */
static void write_ticks(FILE *out, const struct axis *axis, bool upright, double start, double end)
{
	bool all = axis->high / axis->low < 300.0;

	for (double power = pow(10.0, floor(log10(axis->low))); power <= axis->high;
	     power *= 10.0) {
		static const double steps[] = {1.0, 2.0, 5.0};

		for (unsigned i = 0; i < 3; i++) {
			double value = power * steps[i];

			if (value >= axis->low && value <= axis->high)
				write_tick(out, axis, upright, value, start, end, i == 0 || all);
		}
	}
}

/* --- lines --------------------------------------------------------------------------- */

static const char *ink(const struct kx_plot_line *line, size_t index)
{
	static const char *const inks[] = {"#1f4e79", "#2e7d32", "#6a1b9a", "#b26a00",
					   "#00838f", "#5d4037", "#37474f", "#ad1457",
					   "#558b2f", "#283593", "#8d6e63", "#00695c"};

	if (line->subject)
		return SUBJECT_INK;
	return line->floor ? FLOOR_INK : inks[index % (sizeof(inks) / sizeof(inks[0]))];
}

static void write_line(FILE *out, const struct axis *x, const struct axis *y,
		       const struct kx_plot_line *line, const char *colour)
{
	fprintf(out, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"%s points=\"",
		colour, line->subject ? "2.6" : "1.3",
		line->floor ? " stroke-dasharray=\"5 3\"" : "");
	for (size_t i = 0; i < line->count; i++)
		fprintf(out, "%.1f,%.1f ", place(x, line->point[i].x), place(y, line->point[i].y));
	fputs("\"/>\n", out);
	for (size_t i = 0; i < line->count; i++)
		fprintf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%s\" fill=\"%s\"/>\n",
			place(x, line->point[i].x), place(y, line->point[i].y),
			line->subject ? "3.4" : "2.4", colour);
}

/* Names at the right ends, moved apart where lines end close to each other. */
static void write_names(FILE *out, const struct axis *y, const struct kx_plot_line *lines,
			size_t count)
{
	double used = DBL_MAX;

	for (size_t done = 0; done < count; done++) {
		static bool named[LINES_MAX];
		size_t best = count;
		double at;
		char style[64];

		if (done == 0)
			memset(named, 0, sizeof(named));
		for (size_t i = 0; i < count; i++)
			if (!named[i] && lines[i].count &&
			    (best == count || lines[i].point[lines[i].count - 1].y <
						      lines[best].point[lines[best].count - 1].y))
				best = i;
		if (best == count)
			return;
		named[best] = true;
		at = place(y, lines[best].point[lines[best].count - 1].y);
		at = at > used - NAME_STEP ? used - NAME_STEP : at;
		used = at;
		(void)snprintf(style, sizeof(style), "font-size=\"11\" fill=\"%s\"%s",
			       ink(&lines[best], best),
			       lines[best].subject ? " font-weight=\"bold\"" : "");
		write_text(out, WIDTH - RIGHT + 10, at + 4, "start", style, lines[best].name);
	}
}

bool kx_plot_lines(FILE *out, const struct kx_plot_text *text, const struct kx_plot_line *lines,
		   size_t count)
{
	struct axis x = new_axis(LEFT, WIDTH - RIGHT);
	struct axis y = new_axis(HEIGHT - BOTTOM, TOP);

	count = count < LINES_MAX ? count : LINES_MAX;
	for (size_t i = 0; i < count; i++)
		for (size_t p = 0; p < lines[i].count; p++) {
			stretch(&x, lines[i].point[p].x);
			stretch(&y, lines[i].point[p].y);
		}
	round_axis(&x);
	round_axis(&y);
	begin(out, HEIGHT, text);
	write_ticks(out, &y, true, LEFT, WIDTH - RIGHT);
	write_ticks(out, &x, false, HEIGHT - BOTTOM, TOP);
	write_text(out, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - BOTTOM + 34, "middle", "", text->x);
	fprintf(out, "<g transform=\"translate(22,%.0f) rotate(-90)\">", HEIGHT / 2);
	write_text(out, 0, 0, "middle", "", text->y);
	fputs("</g>\n", out);
	for (size_t i = 0; i < count; i++)
		if (lines[i].count)
			write_line(out, &x, &y, &lines[i], ink(&lines[i], i));
	write_names(out, &y, lines, count);
	fputs("</svg>\n", out);
	return !ferror(out);
}

/* --- bars ----------------------------------------------------------------------------- */

static void write_bar(FILE *out, const struct axis *x, const struct kx_plot_bar *bar, double y)
{
	const char *colour = bar->subject ? SUBJECT_INK : bar->floor ? FLOOR_INK : "#33576e";
	double end = place(x, bar->value);
	double tip = bar->upto > bar->value ? place(x, bar->upto) : end;
	char text[24];

	write_text(out, BAR_LEFT - 8, y + 13, "end", bar->subject ? "font-weight=\"bold\"" : "",
		   bar->name);
	fprintf(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"15\" fill=\"%s\"/>\n",
		BAR_LEFT, y, end - BAR_LEFT, colour);
	if (tip > end) {
		write_segment(out, end, y + 7.5, tip, y + 7.5, "stroke=\"#222\"");
		write_segment(out, tip, y + 3, tip, y + 12, "stroke=\"#222\"");
	}
	number(bar->value, text, sizeof(text));
	write_text(out, tip + 6, y + 12, "start", "font-size=\"11\"", text);
}

bool kx_plot_bars(FILE *out, const struct kx_plot_text *text, const struct kx_plot_bar *bars,
		  size_t count)
{
	double height = TOP + BAR_STEP * (double)count + BOTTOM;
	struct axis x = new_axis(BAR_LEFT, WIDTH - 60.0);

	for (size_t i = 0; i < count; i++) {
		stretch(&x, bars[i].value);
		stretch(&x, bars[i].upto);
	}
	round_axis(&x);
	x.low /= 1.6; /* the shortest bar is a bar */
	begin(out, height, text);
	write_ticks(out, &x, false, height - BOTTOM + 4, TOP - 4);
	write_text(out, (BAR_LEFT + WIDTH - 60.0) / 2, height - BOTTOM + 38, "middle", "", text->x);
	for (size_t i = 0; i < count; i++)
		write_bar(out, &x, &bars[i], TOP + BAR_STEP * (double)i + 4);
	fputs("</svg>\n", out);
	return !ferror(out);
}
