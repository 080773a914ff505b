/* SPDX-License-Identifier: Apache-2.0 */

/*
 * nk-gen-c: one IDL, CDL or EDL file in, a C header and a dependency file out;
 * or, on request, JSON for other tools. Exit status 0, or 1 after any error.
 */

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "gen.h"
#include "write.h"

struct settings {
	struct kx_gen_options gen;
	const char *file;
	const char *text;        /* instead of the file's content */
	const char *out_dir;     /* NULL: current directory */
	const char *descriptors; /* output path, or NULL */
	const char *dump;        /* output path, "-" for stdout, or NULL */
};

enum {
	OPT_TYPES = 256,
	OPT_INTERFACE,
	OPT_ENDPOINTS,
	OPT_COMPONENT_REFL,
	OPT_CLIENT,
	OPT_SERVER,
	OPT_TESTS,
	OPT_EXTENDED,
	OPT_NO_EXTENDED,
	OPT_TRACE_CLIENT,
	OPT_TRACE_SERVER,
	OPT_TRACE_FILTER,
	OPT_ACCEPTED,
	OPT_LOG_LEVEL,
	OPT_DESCRIPTORS,
	OPT_DUMP,
	OPT_TEXT,
	OPT_CXX,
	OPT_CXX_HANDLES,
	OPT_VERSION,
};

static const struct option long_options[] = {
	{"include-dir", required_argument, NULL, 'I'},
	{"output-dir", required_argument, NULL, 'o'},
	{"platform", required_argument, NULL, 'P'},
	{"types", no_argument, NULL, OPT_TYPES},
	{"interface", no_argument, NULL, OPT_INTERFACE},
	{"endpoints", no_argument, NULL, OPT_ENDPOINTS},
	{"component-refl", no_argument, NULL, OPT_COMPONENT_REFL},
	{"client", no_argument, NULL, OPT_CLIENT},
	{"server", no_argument, NULL, OPT_SERVER},
	{"tests", no_argument, NULL, OPT_TESTS},
	{"extended-errors", no_argument, NULL, OPT_EXTENDED},
	{"deprecated-no-extended-errors", no_argument, NULL, OPT_NO_EXTENDED},
	{"trace-client-ipc", required_argument, NULL, OPT_TRACE_CLIENT},
	{"trace-server-ipc", required_argument, NULL, OPT_TRACE_SERVER},
	{"ipc-trace-method-filter", required_argument, NULL, OPT_TRACE_FILTER},
	{"enforce-alignment-check", no_argument, NULL, OPT_ACCEPTED},
	{"log-level", required_argument, NULL, OPT_LOG_LEVEL},
	{"descriptors", required_argument, NULL, OPT_DESCRIPTORS},
	{"dump-json", optional_argument, NULL, OPT_DUMP},
	{"text", required_argument, NULL, OPT_TEXT},
	{"cxx", no_argument, NULL, OPT_CXX},
	{"cxx-nk-handles", optional_argument, NULL, OPT_CXX_HANDLES},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, OPT_VERSION},
	{NULL, 0, NULL, 0},
};

static const char usage[] =
	"Usage: nk-gen-c <xdl-file> [-I <search-dir>] [-o <output-dir>]\n"
	"                [--types|--interface|--endpoints|--component-refl|--client|\n"
	"                 --server|--tests]\n"
	"                [--trace-client-ipc {headers|dump}] [--trace-server-ipc {headers|dump}]\n"
	"                [--ipc-trace-method-filter <methods>]\n"
	"                [--extended-errors|--deprecated-no-extended-errors]\n"
	"                [-W <flags>] [--log-level <level>] [-P <platform-file>]\n"
	"                [--cxx [--cxx-nk-handles[=<packages>]]]\n"
	"                [--descriptors <file>] [--dump-json[=<file>]] [--text <text>]\n"
	"                [--help] [--version]\n";

static const char help[] =
	"\n"
	"Makes the C header of an IDL, CDL or EDL file.\n"
	"\n"
	"  -I DIR                 search DIR for imported files (repeatable, in order)\n"
	"  -o DIR                 put FILE.h and FILE.nk.d into DIR (default: here)\n"
	"  --types, --interface, --endpoints, --component-refl, --client, --server, --tests\n"
	"                         make these parts only (default: all but --component-refl)\n"
	"  --extended-errors      any error parameters; the default\n"
	"  --deprecated-no-extended-errors\n"
	"                         one 'error UInt16 status', returned as the method's result\n"
	"  --trace-client-ipc, --trace-server-ipc headers|dump\n"
	"                         generated code shows its messages on stderr\n"
	"  --ipc-trace-method-filter A,B\n"
	"                         only these methods\n"
	"  -W error | -W none     treat warnings as errors; do not show them\n"
	"  --log-level LEVEL      'error' hides warnings\n"
	"  -P FILE, --enforce-alignment-check\n"
	"                         accepted; the layout is always checked\n"
	"  --cxx                  instead of the C header, make FILE.cpp.h for kosipc\n"
	"  --cxx-nk-handles[=A,B] in it, a Handle parameter is a nk_handle_desc_t; of these\n"
	"                         interfaces only\n"
	"  --descriptors FILE     instead of the header, write the message descriptors of a\n"
	"                         task class as JSON\n"
	"  --dump-json[=FILE]     instead of the header, write the tree as JSON\n"
	"  --text TEXT            use TEXT as the content of the file\n"
	"\n"
	"Exit status: 0 all written; 1 the input, an option or a file was wrong.\n";

static int usage_error(const char *what)
{
	fprintf(stderr, "%s\n\n%s", what, usage);
	return -1;
}

static int read_trace(const char *text, enum kx_gen_trace *trace)
{
	if (strcmp(text, "headers") == 0)
		*trace = KX_GEN_TRACE_HEADERS;
	else if (strcmp(text, "dump") == 0)
		*trace = KX_GEN_TRACE_DUMP;
	else
		return usage_error("Invalid trace mode: 'headers' or 'dump' expected");
	return 0;
}

static unsigned int part_of(int option)
{
	switch (option) {
	case OPT_TYPES:
		return KX_GEN_TYPES;
	case OPT_INTERFACE:
		return KX_GEN_TYPES | KX_GEN_INTERFACE;
	case OPT_ENDPOINTS:
		return KX_GEN_TYPES | KX_GEN_INTERFACE | KX_GEN_ENDPOINTS;
	case OPT_COMPONENT_REFL:
		return KX_GEN_REFL;
	case OPT_CLIENT:
		return KX_GEN_TYPES | KX_GEN_INTERFACE | KX_GEN_CLIENT;
	case OPT_SERVER:
		return KX_GEN_TYPES | KX_GEN_INTERFACE | KX_GEN_ENDPOINTS | KX_GEN_SERVER;
	case OPT_TESTS:
		return KX_GEN_TYPES | KX_GEN_INTERFACE | KX_GEN_TESTS;
	default:
		return 0;
	}
}

static void set_warnings(struct kx_nk *nk, const char *text)
{
	if (strcmp(text, "error") == 0)
		kx_nk_diag(nk)->warnings_are_errors = true;
	if (strcmp(text, "none") == 0)
		kx_nk_diag(nk)->no_warnings = true;
}

/* Of @packages, or of all with NULL. */
static void set_cxx_handles(struct kx_gen_options *options, const char *packages)
{
	if (packages)
		options->cxx_handles_of = packages;
	else
		options->cxx_handles = true;
}

/* 0; -1 after a message; 1 when there is nothing left to do. */
static int take_option(int option, struct settings *settings, struct kx_nk *nk)
{
	switch (option) {
	case 'I':
		kx_nk_add_dir(nk, optarg);
		return 0;
	case 'o':
		settings->out_dir = optarg;
		return 0;
	case 'W':
		set_warnings(nk, optarg);
		return 0;
	case 'P':
	case OPT_ACCEPTED:
		return 0;
	case OPT_LOG_LEVEL:
		set_warnings(nk, strcasecmp(optarg, "error") == 0 ? "none" : optarg);
		return 0;
	case OPT_EXTENDED:
		settings->gen.extended_errors = true;
		return 0;
	case OPT_NO_EXTENDED:
		settings->gen.extended_errors = false;
		return 0;
	case OPT_TRACE_CLIENT:
		return read_trace(optarg, &settings->gen.trace_client);
	case OPT_TRACE_SERVER:
		return read_trace(optarg, &settings->gen.trace_server);
	case OPT_TRACE_FILTER:
		settings->gen.trace_methods = optarg;
		return 0;
	case OPT_DESCRIPTORS:
		settings->descriptors = optarg;
		return 0;
	case OPT_DUMP:
		settings->dump = optarg ? optarg : "-";
		return 0;
	case OPT_CXX:
		settings->gen.cxx = true;
		return 0;
	case OPT_CXX_HANDLES:
		set_cxx_handles(&settings->gen, optarg);
		return 0;
	case OPT_TEXT:
		settings->text = optarg;
		return 0;
	case 'h':
		printf("%s%s", usage, help);
		return 1;
	case OPT_VERSION:
		printf("nk-gen-c (Kosix) %s\n", KX_VERSION);
		return 1;
	case '?':
		fprintf(stderr, "\n%s", usage);
		return -1;
	default:
		settings->gen.parts |= part_of(option);
		return 0;
	}
}

static int take_options(int argc, char **argv, struct settings *settings, struct kx_nk *nk)
{
	int option;
	int taken;

	while ((option = getopt_long(argc, argv, "I:o:P:W:h", long_options, NULL)) != -1) {
		taken = take_option(option, settings, nk);
		if (taken)
			return taken;
	}
	if (settings->gen.parts == 0 || settings->gen.cxx)
		settings->gen.parts = KX_GEN_DEFAULT;
	if (settings->gen.cxx)
		settings->gen.parts &= ~(unsigned int)KX_GEN_TESTS;
	if (optind == argc)
		return usage_error("Missing: <xdl-file>");
	if (optind + 1 < argc)
		return usage_error("More than one <xdl-file> given");
	settings->file = argv[optind];
	return 0;
}

/* DIR/Name.idl plus @suffix, or the bare name without -o. */
static const char *out_path(struct kx_nk *nk, const struct settings *settings, const char *suffix)
{
	const char *slash = strrchr(settings->file, '/');
	const char *base = slash ? slash + 1 : settings->file;

	return kx_pool_format(kx_nk_pool(nk), "%s%s%s%s",
			      settings->out_dir ? settings->out_dir : "",
			      settings->out_dir ? "/" : "", base, suffix);
}

static void print_escaped(FILE *out, const char *path)
{
	for (; *path; path++) {
		if (strchr(" \t#", *path))
			fputc('\\', out);
		if (*path == '$')
			fputc('$', out);
		fputc(*path, out);
	}
}

static void print_rule(struct kx_nk *nk, const struct kx_nk_unit *unit, FILE *out,
		       const char *target)
{
	print_escaped(out, target);
	fputs(" :", out);
	for (const struct kx_nk_unit *u = kx_nk_units(nk); u; u = u->next) {
		if (u == unit || u->is_inline)
			continue;
		fputs(" \\\n  ", out);
		print_escaped(out, u->source.name);
	}
	fputc('\n', out);
}

static int write_depfile(struct kx_nk *nk, const struct kx_nk_unit *unit,
			 const struct settings *settings)
{
	const char *suffix = settings->gen.cxx ? ".cpp.nk.d" : ".nk.d";
	struct kx_write write;

	if (kx_write_begin(kx_nk_diag(nk), &write, out_path(nk, settings, suffix)) != 0)
		return -1;
	if (!settings->gen.cxx)
		print_rule(nk, unit, write.file, out_path(nk, settings, ".c"));
	print_rule(nk, unit, write.file,
		   out_path(nk, settings, settings->gen.cxx ? ".cpp.h" : ".h"));
	return kx_write_end(kx_nk_diag(nk), &write);
}

static int write_header(struct kx_nk *nk, const struct kx_nk_unit *unit,
			const struct settings *settings)
{
	const char *suffix = settings->gen.cxx ? ".cpp.h" : ".h";
	struct kx_write write;

	if (kx_write_begin(kx_nk_diag(nk), &write, out_path(nk, settings, suffix)) != 0)
		return -1;
	kx_gen_header(nk, unit, &settings->gen, write.file);
	return kx_write_end(kx_nk_diag(nk), &write);
}

/* Takes over @json. */
static int write_json(struct kx_nk *nk, char *json, const char *path)
{
	int failed = 0;

	if (!json) {
		kx_error(kx_nk_diag(nk), NULL, "out of memory");
		return -1;
	}
	if (strcmp(path, "-") == 0)
		puts(json);
	else
		failed = kx_write_file(kx_nk_diag(nk), path, json, strlen(json));
	free(json);
	return failed;
}

static bool has_status_only(const struct kx_nk_method *method)
{
	const struct kx_nk_field *status = kx_nk_param(method, KX_NK_ERR, "status");
	const struct kx_nk_type *type = status ? kx_nk_strip(status->type) : NULL;

	return method->msg[KX_NK_ERR].params == 0 ||
	       (method->msg[KX_NK_ERR].params == 1 && type && type->kind == KX_NK_INT &&
		type->base == KX_NK_UINT16);
}

/* Without extended errors there is room for one number only. */
static void check_legacy(struct kx_nk *nk)
{
	for (const struct kx_nk_unit *u = kx_nk_units(nk); u; u = u->next)
		for (const struct kx_nk_method *m = u->methods; m; m = m->next)
			if (!has_status_only(m))
				kx_error(kx_nk_diag(nk), &m->loc,
					 "without extended errors, only 'error UInt16 status' is "
					 "allowed");
}

static int make_outputs(struct kx_nk *nk, const struct kx_nk_unit *unit,
			const struct settings *settings)
{
	if (settings->dump && write_json(nk, kx_nk_dump_json(nk, unit), settings->dump) != 0)
		return -1;
	if (settings->descriptors && unit->kind == KX_NK_IDL) {
		kx_error(kx_nk_diag(nk), &unit->name_loc,
			 "--descriptors wants a task class or a component, not an interface");
		return -1;
	}
	if (settings->descriptors &&
	    write_json(nk, kx_nk_descriptors_json(nk, unit), settings->descriptors) != 0)
		return -1;
	if (settings->dump || settings->descriptors)
		return 0;
	if (!settings->gen.extended_errors)
		check_legacy(nk);
	if (kx_nk_diag(nk)->errors || write_header(nk, unit, settings) != 0)
		return -1;
	return write_depfile(nk, unit, settings);
}

static struct kx_nk_unit *load(struct kx_nk *nk, const struct settings *settings)
{
	const char *dot = strrchr(settings->file, '.');

	if (!settings->text)
		return kx_nk_load_file(nk, settings->file);
	for (int kind = KX_NK_IDL; kind <= KX_NK_EDL; kind++)
		if (dot && strcmp(dot + 1, kx_nk_kind_name((enum kx_nk_kind)kind)) == 0)
			return kx_nk_load_text(nk, (enum kx_nk_kind)kind, settings->file,
					       settings->text, strlen(settings->text));
	kx_error(kx_nk_diag(nk), NULL, "'%s' is not a .idl, .cdl or .edl name", settings->file);
	return NULL;
}

static int run(int argc, char **argv, struct kx_nk *nk)
{
	struct settings settings = {.gen = {.extended_errors = true}};
	struct kx_nk_unit *unit;
	int taken = take_options(argc, argv, &settings, nk);

	if (taken)
		return taken < 0 ? 1 : 0;
	unit = load(nk, &settings);
	if (unit && unit->ok)
		make_outputs(nk, unit, &settings);
	kx_diag_print(kx_nk_diag(nk), stderr, isatty(STDERR_FILENO));
	return kx_nk_diag(nk)->errors || !unit || !unit->ok ? 1 : 0;
}

int main(int argc, char **argv)
{
	struct kx_nk *nk = kx_nk_new();
	int status;

	if (!nk) {
		fprintf(stderr, "nk-gen-c: error: out of memory\n");
		return 1;
	}
	status = run(argc, argv, nk);
	kx_nk_free(nk);
	return kx_write_finish("nk-gen-c", status);
}
