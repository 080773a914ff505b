/* SPDX-License-Identifier: Apache-2.0 */

/*
 * nk-psl-gen-c: one policy in, a security module in C out; on request its
 * tests, its report, or the files it was made from. Exit status 0, or 1 after
 * any error or failed test.
 */

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "psl.h"
#include "psl_cc.h"
#include "write.h"

enum {
	OPT_TESTS_OUT = 256,
	OPT_PREPROCESS,
	OPT_DEFINE,
	OPT_DUMP_DIR,
	OPT_PLATFORM,
	OPT_REPORT,
	OPT_GRAPH,
	OPT_CHECK,
	OPT_WERROR,
	OPT_DEPFILE,
	OPT_PREPROCESS_ONLY,
	OPT_SOURCE,
	OPT_VERSION,
};

static const struct option long_options[] = {
	{"include-dir", required_argument, NULL, 'I'},
	{"output", required_argument, NULL, 'o'},
	{"audit", required_argument, NULL, 'a'},
	{"tests", required_argument, NULL, 't'},
	{"out-tests", required_argument, NULL, OPT_TESTS_OUT},
	{"enable-preprocessor", no_argument, NULL, OPT_PREPROCESS},
	{"preprocessor-definition", required_argument, NULL, OPT_DEFINE},
	{"preprocessor-dump-dir", required_argument, NULL, OPT_DUMP_DIR},
	{"platform", required_argument, NULL, OPT_PLATFORM},
	{"report", optional_argument, NULL, OPT_REPORT},
	{"graph", optional_argument, NULL, OPT_GRAPH},
	{"check", no_argument, NULL, OPT_CHECK},
	{"werror", no_argument, NULL, OPT_WERROR},
	{"preprocess-only", no_argument, NULL, OPT_PREPROCESS_ONLY},
	{"source", required_argument, NULL, OPT_SOURCE},
	{"depfile", required_argument, NULL, OPT_DEPFILE},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, OPT_VERSION},
	{NULL, 0, NULL, 0},
};

static const char usage[] =
	"Usage: nk-psl-gen-c [options] POLICY.psl\n"
	"Makes a security module in C from a policy.\n"
	"\n"
	"  -I, --include-dir DIR          search DIR for PSL, EDL, CDL and IDL; repeatable\n"
	"  -o, --output FILE              the module in C (default: POLICY.psl.c)\n"
	"  -a, --audit FILE               the audit decoder in C\n"
	"  -t, --tests skip|generate|run  what to do with PAL assertions (default: skip)\n"
	"      --out-tests FILE           the tests in C (default with -t generate: "
	"OUTPUT.tests.c)\n"
	"      --enable-preprocessor      expand {% if %} before reading\n"
	"      --preprocessor-definition NAME[=VALUE]\n"
	"      --preprocessor-dump-dir DIR  keep the expanded texts there\n"
	"      --preprocess-only          write the expanded text of any file to -o, no more\n"
	"      --check                    only look for mistakes\n"
	"      --report[=FILE]            what the policy says, for people\n"
	"      --graph[=FILE]             who may call whom, as DOT\n"
	"      --werror                   treat warnings as errors\n"
	"      --source FILE              POLICY.psl was made from it, line by line: name it\n"
	"      --depfile FILE             the files read, as a make rule for the module\n"
	"  -P FILE, -b debug|release, --platform NAME  accepted\n"
	"  -h, --help; --version\n"
	"\n"
	"Exit status: 0 done, 1 a mistake in the policy, a failed test or a file that could\n"
	"not be read or written; then no module is left behind.\n";

struct settings {
	const char *policy, *output, *audit, *tests, *tests_out, *report, *graph, *depfile;
	bool check, werror, preprocess_only;
};

static int fail(const char *what, const char *path)
{
	fprintf(stderr, "nk-psl-gen-c: cannot %s '%s': %s\n", what, path, strerror(errno));
	return 1;
}

static bool read_option(int option, struct settings *s, struct kx_psl *psl)
{
	switch (option) {
	case 'I':
		kx_psl_add_dir(psl, optarg);
		return true;
	case 'o':
		s->output = optarg;
		return true;
	case 'a':
		s->audit = optarg;
		return true;
	case 't':
		s->tests = optarg;
		return strcmp(optarg, "skip") == 0 || strcmp(optarg, "generate") == 0 ||
		       strcmp(optarg, "run") == 0;
	case OPT_TESTS_OUT:
		s->tests_out = optarg;
		return true;
	case OPT_PREPROCESS:
		psl->preprocess = true;
		return true;
	case OPT_DEFINE:
		kx_psl_define(psl, optarg);
		return true;
	case OPT_DUMP_DIR:
		psl->dump_dir = optarg;
		return true;
	case OPT_REPORT:
		s->report = optarg ? optarg : "-";
		return true;
	case OPT_GRAPH:
		s->graph = optarg ? optarg : "-";
		return true;
	case OPT_CHECK:
		s->check = true;
		return true;
	case OPT_WERROR:
		s->werror = true;
		return true;
	case OPT_PREPROCESS_ONLY:
		s->preprocess_only = true;
		return true;
	case OPT_SOURCE:
		psl->source = optarg;
		return true;
	case OPT_DEPFILE:
		s->depfile = optarg;
		return true;
	case 'P':
	case 'b':
	case OPT_PLATFORM:
		return true;
	default:
		return false;
	}
}

/* -1: go on; else the exit status. */
static int read_options(int argc, char **argv, struct settings *s, struct kx_psl *psl)
{
	int option;

	while ((option = getopt_long(argc, argv, "I:o:a:t:P:b:h", long_options, NULL)) != -1) {
		if (option == 'h') {
			fputs(usage, stdout);
			return 0;
		}
		if (option == OPT_VERSION) {
			puts("nk-psl-gen-c (Kosix) " KX_VERSION);
			return 0;
		}
		if (!read_option(option, s, psl)) {
			fprintf(stderr, "nk-psl-gen-c: see nk-psl-gen-c --help\n");
			return 1;
		}
	}
	if (optind + 1 != argc) {
		fprintf(stderr, "nk-psl-gen-c: expected one policy file, got %d; see --help\n",
			argc - optind);
		return 1;
	}
	s->policy = argv[optind];
	return -1;
}

typedef bool write_function(struct kx_psl *psl, FILE *out);

static int write_file(struct kx_psl *psl, const char *path, write_function *function)
{
	struct kx_write write;
	bool good;

	if (!kx_write_open(psl->pool, &write, path))
		return fail("write", path);
	good = function(psl, write.file);
	return kx_write_close(&write) && good ? 0 : fail("write", path);
}

static bool write_report(struct kx_psl *psl, FILE *out)
{
	kx_psl_report(psl, out);
	return !ferror(out);
}

static bool write_graph(struct kx_psl *psl, FILE *out)
{
	kx_psl_graph(psl, out);
	return !ferror(out);
}

static int write_text(struct kx_psl *psl, const char *path, write_function *function)
{
	if (strcmp(path, "-") != 0)
		return write_file(psl, path, function);
	return function(psl, stdout) && fflush(stdout) == 0 ? 0 : fail("write", "standard output");
}

/* The kernel process of Kosix writes audit records as text: there is nothing to decode. */
static bool write_audit(struct kx_psl *psl, FILE *out)
{
	(void)psl;
	return fputs("/* Made by nk-psl-gen-c. Kosix keeps audit records as text; this decoder\n"
		     "   hands them on as they are. */\n"
		     "#include <stddef.h>\n#include <string.h>\n\n"
		     "int __kss_audit_decode(const void *record, size_t size, char *text, size_t "
		     "room);\n"
		     "int __kss_audit_decode(const void *record, size_t size, char *text, size_t "
		     "room)\n"
		     "{\n\tsize_t len = room && size > room - 1 ? room - 1 : size;\n\n"
		     "\tif (room == 0)\n\t\treturn -1;\n"
		     "\tmemcpy(text, record, len);\n\ttext[len] = '\\0';\n\treturn 0;\n}\n",
		     out) >= 0;
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

static void put_source(FILE *out, const char *name)
{
	if (name[0] == '<') /* built in */
		return;
	fputs(" \\\n  ", out);
	put_make_word(out, name);
}

static bool write_depfile(struct kx_psl *psl, FILE *out)
{
	const struct kx_psl_file *file;
	const struct kx_nk_unit *unit;

	put_make_word(out, psl->output);
	fputc(':', out);
	for (file = psl->files; file; file = file->next)
		put_source(out, file->path);
	for (unit = kx_nk_units(psl->nk); unit; unit = unit->next)
		put_source(out, unit->source.name);
	return fputc('\n', out) != EOF;
}

static int write_tests(struct kx_psl *psl, struct settings *s)
{
	if (!s->tests || strcmp(s->tests, "skip") == 0)
		return 0;
	if (!s->tests_out)
		s->tests_out = kx_pool_format(psl->pool, "%s.tests.c", s->output);
	if (write_file(psl, s->tests_out, kx_psl_write_tests) != 0)
		return 1;
	return strcmp(s->tests, "run") == 0 ? kx_psl_run_tests(s->output, s->tests_out) : 0;
}

static int write_all(struct kx_psl *psl, struct settings *s)
{
	if (s->report && write_text(psl, s->report, write_report) != 0)
		return 1;
	if (s->graph && write_text(psl, s->graph, write_graph) != 0)
		return 1;
	if (s->check || ((s->report || s->graph) && !s->output))
		return 0;
	if (!s->output)
		s->output = kx_pool_format(psl->pool, "%s.c", s->policy);
	psl->output = s->output;
	if (write_file(psl, s->output, kx_psl_write_module) != 0)
		return 1;
	if (s->audit && write_file(psl, s->audit, write_audit) != 0)
		return 1;
	if (s->depfile && write_file(psl, s->depfile, write_depfile) != 0)
		return 1;
	return write_tests(psl, s);
}

/* For init descriptions; -o is needed, as FILE.c would be a strange default. */
static int preprocess(struct kx_psl *psl, struct settings *s)
{
	FILE *out = s->output ? fopen(s->output, "w") : NULL;
	const char *fault;
	bool good;

	if (!s->output)
		fprintf(stderr, "nk-psl-gen-c: --preprocess-only needs -o FILE\n");
	if (!out)
		return s->output ? fail("write", s->output) : 1;
	good = kx_psl_expand(psl, s->policy, out);
	kx_diag_print(kx_psl_diag(psl), stderr, isatty(STDERR_FILENO));
	fault = kx_write_fclose(out);
	if (fault)
		fprintf(stderr, "nk-psl-gen-c: cannot write %s: %s\n", s->output, fault);
	if (!fault && good)
		return 0;
	kx_write_remove(s->output);
	return 1;
}

static int compile(struct kx_psl *psl, struct settings *s)
{
	struct kx_diag *diag = kx_psl_diag(psl);
	bool tests = s->tests && strcmp(s->tests, "skip") != 0;
	bool good;

	diag->warnings_are_errors = s->werror;
	good = kx_psl_load(psl, s->policy) && kx_psl_check(psl) &&
	       (!(tests || s->check) || kx_psl_check_tests(psl));
	kx_diag_print(diag, stderr, isatty(STDERR_FILENO));
	if (!good && s->output && !s->check)
		kx_write_remove(s->output);
	return good ? write_all(psl, s) : 1;
}

int main(int argc, char **argv)
{
	struct kx_psl *psl = kx_psl_new();
	struct settings settings = {0};
	int status;

	if (!psl) {
		fputs("nk-psl-gen-c: no memory\n", stderr);
		return 1;
	}
	status = read_options(argc, argv, &settings, psl);
	if (status < 0 && settings.preprocess_only)
		status = preprocess(psl, &settings);
	else if (status < 0)
		status = compile(psl, &settings);
	kx_psl_free(psl);
	return kx_write_finish("nk-psl-gen-c", status);
}
