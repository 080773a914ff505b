/* SPDX-License-Identifier: Apache-2.0 */

/* Who may call whom, drawn: as DOT for Graphviz, or as SVG with all classes on an ellipse. */

#include <math.h>
#include <string.h>

#include "psl_inside.h"

void kx_psl_graph(struct kx_psl *psl, FILE *out)
{
	fputs("digraph policy {\n\trankdir=LR;\n\tnode [shape=box, fontname=\"sans-serif\"];\n",
	      out);
	for (uint32_t i = 0; i < psl->class_count; i++)
		fprintf(out, "\t\"%s\"%s;\n", psl->classes[i].name,
			(int)i == psl->core ? " [style=dashed]" : "");
	for (uint32_t client = 0; client < psl->class_count; client++)
		for (uint32_t server = 0; server < psl->class_count; server++) {
			struct kx_psl_reach reach = kx_psl_reach_of(psl, client, server);
			uint32_t some = reach.direct + reach.asked + reach.one_way;

			if (!some || (int)client == psl->core || (int)server == psl->core)
				continue;
			fprintf(out, "\t\"%s\" -> \"%s\" [label=\"%u/%u\"%s];\n",
				psl->classes[client].name, psl->classes[server].name, some,
				reach.methods, reach.direct == some ? "" : ", style=dashed");
		}
	fputs("}\n", out);
}

/* --- SVG ---------------------------------------------------------------------------- */

#define BOX_HEIGHT 34.0
#define LETTER     8.2 /* width of one in the font below */

struct box {
	double x, y, half; /* middle; half of its width */
};

struct canvas {
	struct kx_psl *psl;
	FILE *out;
	struct box *boxes; /* by class */
	double width, height;
};

static void place(struct canvas *c)
{
	const struct kx_psl *psl = c->psl;
	double longest = 0;
	double radius;

	for (uint32_t i = 0; i < psl->class_count; i++) {
		c->boxes[i].half = (double)strlen(psl->classes[i].name) * LETTER / 2 + 12;
		longest = fmax(longest, c->boxes[i].half);
	}
	radius = fmax(120, psl->class_count * 26.0);
	c->width = 2 * (radius * 1.5 + longest) + 40;
	c->height = 2 * radius + BOX_HEIGHT + 40;
	for (uint32_t i = 0; i < psl->class_count; i++) {
		double angle = 2 * M_PI * i / psl->class_count - M_PI / 2;

		c->boxes[i].x = c->width / 2 + 1.5 * radius * cos(angle);
		c->boxes[i].y = c->height / 2 + radius * sin(angle);
	}
}

/* Where the line from the middle of @box towards (@x, @y) leaves it. */
static void edge_of(const struct box *box, double x, double y, double *at_x, double *at_y)
{
	double dx = x - box->x;
	double dy = y - box->y;
	double scale = fmin(fabs(dx) > 0.1 ? box->half / fabs(dx) : 1e9,
			    fabs(dy) > 0.1 ? BOX_HEIGHT / 2 / fabs(dy) : 1e9);

	*at_x = box->x + dx * fmin(scale, 1);
	*at_y = box->y + dy * fmin(scale, 1);
}

static void draw_arrow(const struct canvas *c, uint32_t client, uint32_t server,
		       const struct kx_psl_reach *reach)
{
	const struct box *from = &c->boxes[client];
	const struct box *to = &c->boxes[server];
	uint32_t some = reach->direct + reach->asked + reach->one_way;
	double x1, y1, x2, y2;

	edge_of(from, to->x, to->y, &x1, &y1);
	edge_of(to, from->x, from->y, &x2, &y2);
	fprintf(c->out,
		"<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#456\"%s "
		"marker-end=\"url(#a)\"><title>%s to %s: %u direct, %u asked, %u one way of %u "
		"methods</title></line>\n",
		x1, y1, x2, y2, reach->direct == some ? "" : " stroke-dasharray=\"6 4\"",
		c->psl->classes[client].name, c->psl->classes[server].name, reach->direct,
		reach->asked, reach->one_way, reach->methods);
	fprintf(c->out, "<text x=\"%.1f\" y=\"%.1f\" font-size=\"11\">%u/%u</text>\n",
		x1 + 0.4 * (x2 - x1), y1 + 0.4 * (y2 - y1) - 4, some, reach->methods);
}

static void draw_box(const struct canvas *c, uint32_t number)
{
	const struct box *box = &c->boxes[number];

	fprintf(c->out,
		"<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"5\" "
		"fill=\"#eef3f7\" stroke=\"#456\"%s/>\n"
		"<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>\n",
		box->x - box->half, box->y - BOX_HEIGHT / 2, 2 * box->half, BOX_HEIGHT,
		(int)number == c->psl->core ? " stroke-dasharray=\"3 3\"" : "", box->x, box->y + 5,
		c->psl->classes[number].name);
}

void kx_psl_graph_svg(struct kx_psl *psl, FILE *out)
{
	struct canvas c = {.psl = psl, .out = out};

	c.boxes = kx_pool_alloc(psl->pool, (psl->class_count + 1) * sizeof(*c.boxes));
	place(&c);
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
		"font-family=\"monospace\" font-size=\"13\">\n"
		"<defs><marker id=\"a\" markerWidth=\"9\" markerHeight=\"9\" refX=\"8\" refY=\"4\" "
		"orient=\"auto\"><path d=\"M0,0 L9,4 L0,8 z\" fill=\"#456\"/></marker></defs>\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
		c.width, c.height);
	for (uint32_t client = 0; client < psl->class_count; client++)
		for (uint32_t server = 0; server < psl->class_count; server++) {
			struct kx_psl_reach reach = kx_psl_reach_of(psl, client, server);

			if (client != server && (int)client != psl->core &&
			    (int)server != psl->core && reach.direct + reach.asked + reach.one_way)
				draw_arrow(&c, client, server, &reach);
		}
	for (uint32_t i = 0; i < psl->class_count; i++)
		draw_box(&c, i);
	fputs("</svg>\n", out);
}
