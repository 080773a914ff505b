/* SPDX-License-Identifier: Apache-2.0 */

/* The solution as a Graphviz graph: a box per process, an arrow per channel. */

#include "einit_model.h"

static void put_label(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		if (*text == '\n')
			fputs("\\n", out);
		else
			fputc(*text, out);
	}
}

static void put_task(FILE *out, const struct kx_einit_task *task)
{
	unsigned int i;

	fprintf(out, "\t\"%s\" [label=\"", task->c_name);
	put_label(out, task->name);
	fputs("\\nclass ", out);
	put_label(out, task->class_name);
	fputs("\\nprogram ", out);
	put_label(out, task->path);
	for (i = 0; task->class_unit && i < task->class_unit->flat_count; i++) {
		fprintf(out, "\\n%u  ", i);
		put_label(out, task->class_unit->flat[i].path);
		fputs(" : ", out);
		put_label(out, task->class_unit->flat[i].iface->name);
	}
	fputs("\"];\n", out);
}

void kx_einit_write_dot(const struct kx_einit *einit, FILE *out)
{
	const struct kx_einit_channel *channel;
	size_t i;

	fputs("digraph solution {\n\trankdir=LR;\n\tnode [shape=box, fontname=\"sans-serif\"];\n"
	      "\tedge [fontname=\"sans-serif\"];\n",
	      out);
	for (i = 0; i < einit->count; i++)
		put_task(out, einit->sorted[i]);
	for (i = 0; i < einit->count; i++) {
		for (channel = einit->sorted[i]->channels; channel; channel = channel->next) {
			fprintf(out, "\t\"%s\" -> \"%s\" [label=\"", einit->sorted[i]->c_name,
				channel->server->c_name);
			put_label(out, channel->id ? channel->id : channel->var);
			fputs("\"];\n", out);
		}
	}
	fputs("}\n", out);
}
