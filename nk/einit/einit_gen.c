/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Writes the Einit program: one table per process, then main(), which creates
 * all processes, connects them and starts them. Names, order and messages are
 * KasperskyOS's, since people read and compare them; the text is ours.
 */

#include "einit_model.h"

#include <ctype.h>
#include <string.h>

static void put_string(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c < 0x20 || c == 0x7f || c == '?')
			fprintf(out, "\\%03o", c);
		else
			fputc(c, out);
	}
	fputc('"', out);
}

static void put_endpoint(FILE *out, const char *name, const struct kx_nk_endpoint *endpoint)
{
	fputs("\t{\n\t\t.name = ", out);
	put_string(out, name);
	fprintf(out, ",\n\t\t.riid = %u,\n\t\t.iface_name = ", (unsigned int)endpoint->riid);
	put_string(out, endpoint->iface->name);
	fputs(",\n\t},\n", out);
}

/* Each endpoint twice: by the class that declares it and by its place in this one. */
static void put_tables(FILE *out, const struct kx_einit_task *task)
{
	const struct kx_nk_unit *unit = task->class_unit;
	unsigned int i;

	if (unit->flat_count) {
		fprintf(out, "static const EndpointInfo endpointsInfo_%s[%u] = {\n", task->c_name,
			2 * unit->flat_count);
		for (i = 0; i < unit->flat_count; i++) {
			put_endpoint(out, unit->flat[i].qualified, &unit->flat[i]);
			put_endpoint(out, unit->flat[i].path, &unit->flat[i]);
		}
		fputs("};\n\n", out);
	}
	fprintf(out, "static const EntityInfo taskInfo_%s = {\n\t.eiid = ", task->c_name);
	put_string(out, task->class_name);
	fprintf(out, ",\n\t.max_endpoints = %u,\n", 2 * unit->flat_count);
	if (unit->flat_count)
		fprintf(out, "\t.endpoints = endpointsInfo_%s,\n};\n\n", task->c_name);
	else
		fputs("\t.endpoints = NK_NULL,\n};\n\n", out);
}

static void put_words(FILE *out, const struct kx_einit_task *task, const char *suffix,
		      const char *first, const struct kx_einit_word *word)
{
	fprintf(out, "\tconst char *taskInfo_%s_%s[] = {\n", task->c_name, suffix);
	if (first) {
		fputs("\t\t", out);
		put_string(out, first);
		fputs(",\n", out);
	}
	for (; word; word = word->next) {
		fputs("\t\t", out);
		put_string(out, word->text);
		fputs(",\n", out);
	}
	fputs("\t\tRTL_NULL,\n\t};\n", out);
}

static void put_failure(FILE *out, const char *what, const char *name)
{
	fputs("\t\tfprintf(stderr, \"", out);
	fprintf(out, "%s \\\"%%s\\\"\\n\", ", what);
	put_string(out, name);
	fputs(");\n\t\treturn EXIT_FAILURE;\n\t}\n", out);
}

static void put_init(FILE *out, const struct kx_einit_task *task)
{
	fprintf(out, "\ttask_%s = EntityInitEx(&taskInfo_%s, ", task->c_name, task->c_name);
	put_string(out, task->name);
	fputs(", ", out);
	put_string(out, task->path);
	fprintf(out, ");\n\tif (!task_%s) {\n", task->c_name);
	put_failure(out, "Can't initialize task", task->name);
	if (task->env) {
		fprintf(out, "\tif (EntitySetEnv(task_%s, taskInfo_%s_env) != rcOk) {\n",
			task->c_name, task->c_name);
		put_failure(out, "Can't set env for task", task->name);
	}
	fprintf(out, "\tif (EntitySetArgs(task_%s, taskInfo_%s_args) != rcOk) {\n", task->c_name,
		task->c_name);
	put_failure(out, "Can't set args for task", task->name);
}

static void put_channel_name(FILE *out, const struct kx_einit_channel *channel)
{
	if (channel->var)
		fputs(channel->var, out);
	else
		put_string(out, channel->id);
}

static void put_channel(FILE *out, const struct kx_einit_task *client,
			const struct kx_einit_channel *channel)
{
	fprintf(out, "\tif (EntityConnectToService(task_%s, task_%s, ", client->c_name,
		channel->server->c_name);
	put_channel_name(out, channel);
	fputs(") != rcOk) {\n\t\tfprintf(stderr, \"Can't setup a connection %s\\n\", ", out);
	put_channel_name(out, channel);
	fputs(");\n\t\treturn EXIT_FAILURE;\n\t}\n", out);
}

static void put_run(FILE *out, const struct kx_einit_task *task)
{
	fprintf(out, "\tif (EntityRun(task_%s) != rcOk) {\n", task->c_name);
	put_failure(out, "Can't run task", task->name);
}

/* Whether @channel is the first that names its header, in the order of writing. */
static bool is_first_include(const struct kx_einit *einit, const struct kx_einit_channel *wanted)
{
	const struct kx_einit_channel *channel;
	size_t i;

	for (i = 0; i < einit->count; i++)
		for (channel = einit->sorted[i]->channels; channel; channel = channel->next)
			if (channel->include && strcmp(channel->include, wanted->include) == 0)
				return channel == wanted;
	return true;
}

static void put_includes(FILE *out, const struct kx_einit *einit)
{
	const struct kx_einit_channel *channel;
	size_t i;

	fputs("#include <stdio.h>\n#include <stdlib.h>\n\n"
	      "#include <rtl/retcode.h>\n"
	      "#include <coresrv/entity/entity_api.h>\n"
	      "#include <services/handle/if_connection.h>\n",
	      out);
	for (i = 0; i < einit->count; i++)
		for (channel = einit->sorted[i]->channels; channel; channel = channel->next)
			if (channel->include && is_first_include(einit, channel))
				fprintf(out, "#include <%s>\n", channel->include);
	fputc('\n', out);
}

static void put_locals(FILE *out, const struct kx_einit *einit)
{
	size_t i;

	for (i = 0; i < einit->count; i++)
		fprintf(out, "\tEntity *task_%s;\n", einit->sorted[i]->c_name);
	for (i = 0; i < einit->count; i++)
		if (einit->sorted[i]->env)
			put_words(out, einit->sorted[i], "env", NULL, einit->sorted[i]->env);
	for (i = 0; i < einit->count; i++)
		put_words(out, einit->sorted[i], "args", einit->sorted[i]->path,
			  einit->sorted[i]->args);
}

void kx_einit_write_c(const struct kx_einit *einit, FILE *out)
{
	const struct kx_einit_channel *channel;
	size_t i;

	fputs("/* Made by einit from an init description; changes here are lost. */\n\n", out);
	put_includes(out, einit);
	for (i = 0; i < einit->count; i++)
		put_tables(out, einit->sorted[i]);
	fputs("int main(void)\n{\n", out);
	put_locals(out, einit);
	fputs("\n\t/* Create all processes, servers before clients. */\n", out);
	for (i = 0; i < einit->count; i++)
		put_init(out, einit->order[i]);
	fputs("\n\t/* Make the channels. */\n", out);
	for (i = 0; i < einit->count; i++)
		for (channel = einit->sorted[i]->channels; channel; channel = channel->next)
			put_channel(out, einit->sorted[i], channel);
	fputs("\n\t/* Start. */\n", out);
	for (i = 0; i < einit->count; i++)
		put_run(out, einit->order[i]);
	fputs("\n\treturn EXIT_SUCCESS;\n}\n", out);
}
