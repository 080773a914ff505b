/* SPDX-License-Identifier: Apache-2.0 */

/*
 * einit: turns an init description (init.yaml) into the C program Einit, which
 * starts a solution. Also draws the solution.
 *
 * Nothing is written when there was an error. Exit status: 0 done, 1 errors in
 * the input or a file that cannot be written, 2 wrong command line.
 */

#include "einit_model.h"
#include "write.h"

#include <errno.h>
#include <getopt.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_SOURCE ((size_t)2 * 1024 * 1024)

#ifndef KX_VERSION
#define KX_VERSION "0"
#endif

extern char **environ;

struct options {
	const char *input;
	const char *output;
	const char *graph;
	const char *json;
	const char *depfile;
};

static const char help[] =
	"Usage: einit [-I DIR]... [-o FILE.c] [--graph FILE] [--json FILE] FILE.yaml\n"
	"Turns an init description into the C program that starts the solution.\n"
	"\n"
	"  -I, --include-dir DIR  search EDL, CDL and IDL files in DIR (a.b.C is DIR/a/b/C.edl)\n"
	"  -o, --output FILE      write the program to FILE (default: standard output,\n"
	"                         unless --graph or --json is given)\n"
	"      --graph FILE       draw processes and channels: FILE.dot, or FILE.svg with\n"
	"                         Graphviz installed; - is standard output (DOT)\n"
	"      --json FILE        write the processes, in order of start, as JSON\n"
	"      --depfile FILE     write the files read, as a make rule for the output\n"
	"  -P FILE                accepted for compatibility, not read\n"
	"  -h, --help             this text\n"
	"      --version          version of Kosix\n"
	"\n"
	"Exit status: 0 done; 1 errors in the input, nothing was written; 2 wrong command line.\n";

static bool read_whole(struct kx_pool *pool, const char *path, struct kx_source *source)
{
	char *text = kx_pool_alloc(pool, MAX_SOURCE + 1);
	FILE *in = fopen(path, "r");
	struct stat st;

	if (!in || fstat(fileno(in), &st) != 0) {
		fprintf(stderr, "einit: cannot open %s: %s\n", path, strerror(errno));
		if (in)
			fclose(in);
		return false;
	}
	if (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode)) {
		fprintf(stderr, "einit: %s is not a file\n", path);
		fclose(in);
		return false;
	}
	source->name = path;
	source->text = text;
	source->len = fread(text, 1, MAX_SOURCE + 1, in);
	fclose(in);
	if (source->len > MAX_SOURCE) {
		fprintf(stderr, "einit: %s is larger than %zu bytes\n", path, MAX_SOURCE);
		return false;
	}
	text[source->len] = '\0';
	return true;
}

static bool write_file(const char *path, const struct kx_einit *einit,
		       void (*put)(const struct kx_einit *, FILE *))
{
	struct kx_write write;

	if (kx_write_begin(einit->diag, &write, path) != 0)
		return false;
	put(einit, write.file);
	return kx_write_end(einit->diag, &write) == 0;
}

/* Runs "dot -Tsvg -o path" and feeds it the graph. */
static bool write_svg(const char *path, const struct kx_einit *einit)
{
	char *argv[] = {"dot", "-Tsvg", "-o", (char *)(size_t)path, NULL};
	posix_spawn_file_actions_t actions;
	int ends[2];
	int status = 0;
	FILE *out;
	pid_t pid;
	int rc;

	if (pipe(ends) != 0)
		return false;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[0], 0);
	posix_spawn_file_actions_addclose(&actions, ends[1]);
	rc = posix_spawnp(&pid, "dot", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[0]);
	if (rc != 0) {
		close(ends[1]);
		fprintf(stderr,
			"einit: no 'dot' to draw %s; install graphviz, or ask for a .dot file\n",
			path);
		return false;
	}
	out = fdopen(ends[1], "w");
	if (out) {
		kx_einit_write_dot(einit, out);
		fclose(out);
	} else {
		close(ends[1]);
	}
	if (waitpid(pid, &status, 0) < 0 || status != 0) {
		fprintf(stderr, "einit: 'dot' could not draw %s\n", path);
		return false;
	}
	return true;
}

static bool write_graph(const char *path, const struct kx_einit *einit)
{
	size_t n = strlen(path);

	if (strcmp(path, "-") == 0) {
		kx_einit_write_dot(einit, stdout);
		return true;
	}
	if (n > 4 && strcmp(path + n - 4, ".svg") == 0)
		return write_svg(path, einit);
	return write_file(path, einit, kx_einit_write_dot);
}

static void put_make_word(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == ' ' || *text == '#')
			fputc('\\', out);
		if (*text == '$')
			fputc('$', out);
		fputc(*text, out);
	}
}

static bool write_depfile(const struct options *options, const struct kx_einit *einit,
			  const struct kx_nk *nk)
{
	const struct kx_nk_unit *unit;
	struct kx_write write;
	FILE *out;

	if (kx_write_begin(einit->diag, &write, options->depfile) != 0)
		return false;
	out = write.file;
	put_make_word(out, options->output ? options->output : "Einit.c");
	fputs(": ", out);
	put_make_word(out, einit->source.name);
	for (unit = kx_nk_units(nk); unit; unit = unit->next) {
		if (unit->is_inline)
			continue;
		fputs(" \\\n  ", out);
		put_make_word(out, unit->source.name);
	}
	fputc('\n', out);
	return kx_write_end(einit->diag, &write) == 0;
}

static bool write_all(const struct options *options, const struct kx_einit *einit,
		      const struct kx_nk *nk)
{
	bool ok = true;

	if (options->output)
		ok = write_file(options->output, einit, kx_einit_write_c);
	else if (!options->graph && !options->json)
		kx_einit_write_c(einit, stdout);
	if (ok && options->graph)
		ok = write_graph(options->graph, einit);
	if (ok && options->json)
		ok = write_file(options->json, einit, kx_einit_write_json);
	if (ok && options->depfile)
		ok = write_depfile(options, einit, nk);
	return ok;
}

static int run(const struct options *options, struct kx_nk *nk)
{
	struct kx_einit einit = {.pool = kx_nk_pool(nk), .diag = kx_nk_diag(nk)};
	bool ok;

	if (!read_whole(einit.pool, options->input, &einit.source))
		return 1;
	kx_einit_read(&einit);
	if (!einit.diag->errors)
		kx_einit_resolve(&einit);
	if (!einit.diag->errors)
		kx_einit_classes(&einit, nk);
	ok = !einit.diag->errors && write_all(options, &einit, nk);
	kx_diag_print(einit.diag, stderr, isatty(STDERR_FILENO) != 0);
	return ok ? 0 : 1;
}

/* Returns -1 to go on, else the exit status. */
static int parse(int argc, char **argv, struct options *options, struct kx_nk *nk)
{
	static const struct option longs[] = {{"include-dir", required_argument, NULL, 'I'},
					      {"output", required_argument, NULL, 'o'},
					      {"graph", required_argument, NULL, 'g'},
					      {"depfile", required_argument, NULL, 'd'},
					      {"json", required_argument, NULL, 'j'},
					      {"help", no_argument, NULL, 'h'},
					      {"version", no_argument, NULL, 'V'},
					      {NULL, 0, NULL, 0}};
	int c;

	while ((c = getopt_long(argc, argv, "I:o:P:h", longs, NULL)) != -1) {
		if (c == 'I')
			kx_nk_add_dir(nk, optarg);
		else if (c == 'o')
			options->output = optarg;
		else if (c == 'g')
			options->graph = optarg;
		else if (c == 'j')
			options->json = optarg;
		else if (c == 'd')
			options->depfile = optarg;
		else if (c == 'h')
			return fputs(help, stdout) < 0;
		else if (c == 'V')
			return puts("einit (Kosix) " KX_VERSION) < 0;
		else if (c != 'P')
			return 2;
	}
	if (optind + 1 != argc) {
		fprintf(stderr, "einit: %s; see einit --help\n",
			optind == argc ? "no init description given" : "more than one input file");
		return 2;
	}
	options->input = argv[optind];
	return -1;
}

int main(int argc, char **argv)
{
	struct options options = {0};
	struct kx_nk *nk = kx_nk_new();
	int status;

	if (!nk) {
		fputs("einit: out of memory\n", stderr);
		return 1;
	}
	status = parse(argc, argv, &options, nk);
	if (status < 0)
		status = run(&options, nk);
	kx_nk_free(nk);
	return kx_write_finish("einit", status);
}
