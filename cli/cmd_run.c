/* SPDX-License-Identifier: Apache-2.0 */

/* kosix run: options and exit status; see run.h for the rest. */

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <wordexp.h>

#include "audit_path.h"
#include "kx_commands.h"
#include "psl_cc.h"
#include "run.h"

static const char help[] =
	"Usage: kosix run [OPTION...] IMAGE\n"
	"Runs a solution until all its entities have ended, and passes their output on.\n"
	"\n"
	"IMAGE is an image made by the build, or an init.yaml with its programs beside it.\n"
	"\n"
	"Output:\n"
	"  --prefix=auto|on|off   the entity's name before each line (auto: on a terminal)\n"
	"  --summary              a table of entities at the end, on stderr\n"
	"  --json[=FILE]          the same as one JSON object, to FILE or stdout\n"
	"End:\n"
	"  --timeout=SECONDS      end the solution after that time\n"
	"  --until=TEXT           end it once an entity has printed TEXT\n"
	"  --until-idle           end it once no thread can go on without input from\n"
	"                         outside; a Call that nobody will answer is reported\n"
	"  --deny-is-error        exit status 2 if anything was denied\n"
	"  --crash-is-no-error    entities that crash are reported, but make no exit status\n"
	"Solution:\n"
	"  --policy=POLICY        allow-all, deny-all, a security module (FILE.so), or a policy\n"
	"                         (FILE.psl), compiled as the image's own one was\n"
	"  -I DIR, -D NAME[=VALUE]  more folders and definitions to read FILE.psl with\n"
	"  --audit=FILE|off       audit records as JSON lines; replaces an ordinary FILE\n"
	"                         (default: one that `kosix explain` finds; see docs/psl.md)\n"
	"  --audit-level=N        begin at this audit level of the policy, 0 to 255, and allow\n"
	"                         every other later (kosix audit-level)\n"
	"  --record=FILE          every event, for `kosix policy what-if`; all messages go\n"
	"                         through the kernel process\n"
	"  --mediate=direct|all   all: every message through the kernel process\n"
	"  --isolation=off|default|strict\n"
	"  --debugger=ENTITY, --sanitizer=ENTITY, --valgrind=ENTITY\n"
	"                         loosen the isolation of one entity for gdb, for a program\n"
	"                         built with ASan, UBSan or TSan, or run it under valgrind\n"
	"  --allow=ENTITY:WHAT    what one entity may do besides: read:PATH, write:PATH,\n"
	"                         connect:PORT, listen:PORT (TCP), unix (its sockets), sysv\n"
	"                         (shared memory); may be given more than once\n"
	"  --disk=NAME=PATH       what a VFS program mounts as NAME (mmc0): a folder, or an image\n"
	"                         of prepare_hdd_img.sh; copied, so nothing is changed\n"
	"  --spin=adaptive|off    off: waiting parties sleep at once\n"
	"  --message-max=BYTES    largest message (default 4M)\n"
	"  --name=NAME            name for `kosix ps` (default: the image's; a\n"
	"                         number follows it if that is taken)\n"
	"\n"
	"More options are taken from the environment variable KOSIX_RUN_ARGS, before those\n"
	"of the command line.\n"
	"\n"
	"Exit status: 0 all well; 1 an entity crashed, TEXT was never printed, the idle\n"
	"solution is deadlocked, or FILE of --record or --json is not complete; 2 something\n"
	"was denied and --deny-is-error is given; 3 the solution could not be started. Ctrl-C:\n"
	"the same, 3 if it comes before the start. What an entity returns from main does not\n"
	"count.\n";

enum option_code {
	OPTION_PREFIX = 256,
	OPTION_SUMMARY,
	OPTION_JSON,
	OPTION_TIMEOUT,
	OPTION_UNTIL,
	OPTION_UNTIL_IDLE,
	OPTION_DENY_IS_ERROR,
	OPTION_CRASH_IS_NO_ERROR,
	OPTION_HELP,
	OPTION_POLICY,
	OPTION_AUDIT,
	OPTION_PASSED_ON,
};

static const struct option long_options[] = {
	{"prefix", required_argument, NULL, OPTION_PREFIX},
	{"summary", no_argument, NULL, OPTION_SUMMARY},
	{"json", optional_argument, NULL, OPTION_JSON},
	{"timeout", required_argument, NULL, OPTION_TIMEOUT},
	{"until", required_argument, NULL, OPTION_UNTIL},
	{"until-idle", no_argument, NULL, OPTION_UNTIL_IDLE},
	{"deny-is-error", no_argument, NULL, OPTION_DENY_IS_ERROR},
	{"crash-is-no-error", no_argument, NULL, OPTION_CRASH_IS_NO_ERROR},
	{"help", no_argument, NULL, OPTION_HELP},
	{"policy", required_argument, NULL, OPTION_POLICY},
	{"audit", required_argument, NULL, OPTION_AUDIT},
	{"audit-level", required_argument, NULL, OPTION_PASSED_ON},
	{"record", required_argument, NULL, OPTION_PASSED_ON},
	{"mediate", required_argument, NULL, OPTION_PASSED_ON},
	{"isolation", required_argument, NULL, OPTION_PASSED_ON},
	{"debugger", required_argument, NULL, OPTION_PASSED_ON},
	{"sanitizer", required_argument, NULL, OPTION_PASSED_ON},
	{"valgrind", required_argument, NULL, OPTION_PASSED_ON},
	{"allow", required_argument, NULL, OPTION_PASSED_ON},
	{"disk", required_argument, NULL, OPTION_PASSED_ON},
	{"spin", required_argument, NULL, OPTION_PASSED_ON},
	{"message-max", required_argument, NULL, OPTION_PASSED_ON},
	{"name", required_argument, NULL, OPTION_PASSED_ON},
	{NULL, 0, NULL, 0},
};

struct kx_run kx_run = {.report = -1};

static int pass_on(const char *name, const char *value)
{
	struct kx_run_options *options = &kx_run.options;
	char *text;

	if (options->kernel_arg_count == KX_RUN_KERNEL_ARGS) {
		kx_complain("too many options");
		return -1;
	}
	if (asprintf(&text, "--%s=%s", name, value) < 0)
		return -1;
	options->kernel_args[options->kernel_arg_count++] = text;
	return 0;
}

static int take_prefix(const char *text)
{
	if (!strcmp(text, "auto"))
		kx_run.options.prefix = isatty(STDOUT_FILENO) && isatty(STDERR_FILENO);
	else if (!strcmp(text, "on") || !strcmp(text, "off"))
		kx_run.options.prefix = text[1] == 'n';
	else {
		kx_complain("--prefix=%s: say auto, on or off", text);
		return -1;
	}
	return 0;
}

static int take_timeout(const char *text)
{
	char *end;

	kx_run.options.timeout = strtod(text, &end);
	if (end != text && !*end && kx_run.options.timeout > 0 && kx_run.options.timeout < 1e9)
		return 0;
	kx_complain("--timeout=%s: not a number of seconds", text);
	return -1;
}

static int take_word(int code)
{
	struct kx_policy_build *policy = &kx_run.options.policy;
	int *count = code == 'I' ? &policy->dir_count : &policy->define_count;

	if (*count == KX_POLICY_WORDS) {
		kx_complain("too many -%c", code);
		return -1;
	}
	(code == 'I' ? policy->dirs : policy->defines)[(*count)++] = optarg;
	return 0;
}

static int take(int code, int index)
{
	struct kx_run_options *options = &kx_run.options;

	switch (code) {
	case OPTION_PREFIX:
		return take_prefix(optarg);
	case OPTION_SUMMARY:
		options->summary = true;
		return 0;
	case OPTION_JSON:
		options->json = optarg ? optarg : "-";
		return 0;
	case OPTION_TIMEOUT:
		return take_timeout(optarg);
	case OPTION_UNTIL:
		options->until = optarg;
		return 0;
	case OPTION_UNTIL_IDLE:
		options->until_idle = true;
		return 0;
	case OPTION_DENY_IS_ERROR:
		options->deny_is_error = true;
		return 0;
	case OPTION_POLICY:
		options->policy.policy = optarg;
		return 0;
	case OPTION_AUDIT:
		options->audit = optarg;
		return 0;
	case 'I':
	case 'D':
		return take_word(code);
	case OPTION_CRASH_IS_NO_ERROR:
		options->crash_is_no_error = true;
		return 0;
	case OPTION_PASSED_ON:
		return pass_on(long_options[index].name, optarg);
	case OPTION_HELP:
		options->help = true;
		return 0;
	default:
		kx_complain("see kosix run --help"); /* getopt has said what */
		return -1;
	}
}

static int read_options(int argc, char **argv)
{
	int index = 0;
	int code;

	optind = 0;
	while ((code = getopt_long(argc, argv, "I:D:", long_options, &index)) != -1) {
		if (take(code, index) < 0)
			return -1;
	}
	if (kx_run.options.help)
		return 0;
	if (argc - optind != 1) {
		kx_complain("kosix run needs one image; see kosix run --help");
		return -1;
	}
	kx_run.options.image = argv[optind];
	return 0;
}

/* What the kernel process is told of policy and audit; a policy in source is compiled first. */
static int prepare_policy(void)
{
	struct kx_run_options *options = &kx_run.options;
	struct kx_policy_build *policy = &options->policy;
	char *audit = options->audit ? strdup(options->audit) : kx_audit_path(options->image);
	int result = 0;

	if (audit)
		result = pass_on("audit", audit);
	options->audit_found = audit && !options->audit;
	free(audit);
	if (result < 0 || !policy->policy)
		return result;
	if (!kx_policy_is_source(policy->policy))
		return pass_on("policy", policy->policy);
	policy->image = options->image;
	return kx_policy_build(policy) ? pass_on("policy", policy->module) : -1;
}

/* argv with the words of KOSIX_RUN_ARGS behind argv[0]; NULL after a message. */
static char **with_environment(int *argc, char **argv, wordexp_t *words)
{
	const char *more = getenv("KOSIX_RUN_ARGS");
	char **all;
	size_t count;

	*words = (wordexp_t){0};
	if (more && wordexp(more, words, WRDE_NOCMD | WRDE_UNDEF) != 0) {
		kx_complain("KOSIX_RUN_ARGS cannot be split into words: %s", more);
		return NULL;
	}
	count = words->we_wordc;
	all = calloc((size_t)*argc + count + 1, sizeof(*all));
	if (!all)
		return NULL;
	all[0] = argv[0];
	if (count)
		memcpy(all + 1, words->we_wordv, count * sizeof(*all));
	memcpy(all + 1 + count, argv + 1, (size_t)(*argc - 1) * sizeof(*all));
	*argc += (int)count;
	return all;
}

/* Two descriptors for the output of each entity. */
static void raise_limits(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	/* With the old limit fewer entities fit; that is said when it matters. */
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
}

static int run(void)
{
	bool written;
	int status;

	raise_limits();
	if (prepare_policy() < 0) {
		kx_psl_release_signals();
		return KX_RUN_NOT_STARTED;
	}
	if (kx_run_loop() < 0) {
		kx_run_kill_rest();
		return KX_RUN_NOT_STARTED;
	}
	status = (int)kx_run_result();
	written = kx_run_summary();
	return written || status ? status : KX_RUN_CRASHED;
}

int kx_cmd_run(int argc, char **argv)
{
	wordexp_t words;
	char **all;
	bool is_ready;
	int status = KX_RUN_NOT_STARTED;

	/* What comes before the loop is read by it; it holds them for good. */
	kx_psl_hold_signals();
	all = with_environment(&argc, argv, &words);
	take_prefix("auto");
	is_ready = all && read_options(argc, all) == 0;
	if (is_ready && !kx_run.options.help)
		status = run();
	else
		kx_psl_release_signals();
	if (is_ready && kx_run.options.help)
		status = fputs(help, stdout) < 0;
	while (kx_run.options.kernel_arg_count)
		free((void *)(uintptr_t)
			     kx_run.options.kernel_args[--kx_run.options.kernel_arg_count]);
	kx_policy_build_clear(&kx_run.options.policy);
	json_decref(kx_run.audit);
	free(kx_run.solution);
	free(all);
	wordfree(&words);
	return status;
}
