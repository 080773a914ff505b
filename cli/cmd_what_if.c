/* SPDX-License-Identifier: Apache-2.0 */

/*
 * kosix policy what-if: asks another policy about every event of a recorded run
 * (kosix run --record). Which decisions change, and which rules no message needed.
 *
 * The policy keeps its own state while it reads. Events behind a changed decision
 * are judged as they were recorded, although the run would have gone on otherwise.
 */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kx_commands.h"
#include "policy_build.h"
#include "record_read.h"

static const char help[] =
	"Usage: kosix policy what-if [--image=IMAGE] [-I DIR]... [-D NAME[=VALUE]]... [--all]\n"
	"                            RECORD POLICY\n"
	"Asks POLICY (FILE.psl, or a module FILE.so) about every event in RECORD, which\n"
	"`kosix run --record=RECORD IMAGE` made. Prints the decisions that change, and the rules\n"
	"of POLICY that no event needed.\n"
	"  --image=IMAGE   finds EDL and used files where the image's own policy found them\n"
	"  -I, -D          as in nk-psl-gen-c; before those of the image\n"
	"  --all           every changed event, not only the first of each kind\n"
	"Exit status: 0 nothing changes, 1 something does, 2 wrong arguments, or RECORD or POLICY\n"
	"cannot be used.\n";

/* Changed decisions that differ in nothing but the message. */
struct change {
	struct change *next;
	char *what; /* "request Client -> Server ep.Method: granted -> denied: why" */
	uint64_t first;
	uint64_t count;
};

struct replay {
	const struct kx_security_module *module;
	void *state;
	bool all;
	uint64_t events, changed, lost;
	struct change *changes, **last;
};

/* --- the other policy -------------------------------------------------------------------- */

static const char *verdict_name(enum kx_verdict verdict)
{
	return verdict == KX_GRANT ? "granted" : "denied";
}

static char *describe(const struct kx_event *event, enum kx_verdict was, enum kx_verdict now,
		      const struct kx_trail *trail)
{
	static const char *const kinds[] = {"?",        "execute", "request",
					    "response", "error",   "security"};
	char *text;
	int length;

	length =
		asprintf(&text, "%s %s -> %s %s.%s: %s -> %s%s%s", kinds[event->kind],
			 event->src.task_name, event->dst.task_name, event->endpoint, event->method,
			 verdict_name(was), verdict_name(now), now == KX_DENY ? ": " : "",
			 now == KX_DENY && trail->reason ? trail->reason : "");
	if (length >= 0 && now == KX_DENY && trail->file) {
		char *more;

		if (asprintf(&more, "%s (%s:%u: %s)", text, trail->file, trail->line,
			     trail->rule ? trail->rule : "") >= 0) {
			free(text);
			text = more;
		}
	}
	return length < 0 ? NULL : text;
}

static void note_change(struct replay *replay, const struct kx_event *event, enum kx_verdict was,
			enum kx_verdict now, const struct kx_trail *trail)
{
	char *what = describe(event, was, now, trail);
	struct change *change = replay->changes;

	replay->changed++;
	while (what && change && (replay->all || strcmp(change->what, what) != 0))
		change = change->next;
	if (change) {
		change->count++;
		free(what);
		return;
	}
	change = what ? calloc(1, sizeof(*change)) : NULL;
	if (!change) {
		free(what);
		return;
	}
	*change = (struct change){NULL, what, event->number, 1};
	*replay->last = change;
	replay->last = &change->next;
}

static void ask(struct replay *replay, const struct kx_event *event, enum kx_verdict was)
{
	struct kx_trail trail = {0};
	enum kx_verdict now = replay->module->decide(replay->state, event, &trail);

	now = now == KX_GRANT ? KX_GRANT : KX_DENY;
	replay->events++;
	if (now != was)
		note_change(replay, event, was, now, &trail);
}

static void take_entry(struct replay *replay, const struct kx_record_entry *head,
		       const struct kx_event *event)
{
	if (head->kind == KX_RECORD_LOST)
		replay->lost += head->number;
	else if (head->kind != KX_RECORD_FORGET)
		ask(replay, event, head->verdict == KX_GRANT ? KX_GRANT : KX_DENY);
	else if (replay->module->forget)
		replay->module->forget(replay->state, head->src_sid);
}

/* --- telling ------------------------------------------------------------------------------- */

static void tell_changes(const struct replay *replay)
{
	printf("%" PRIu64 " event%s, %" PRIu64 " decided otherwise\n", replay->events,
	       replay->events == 1 ? "" : "s", replay->changed);
	if (replay->lost)
		printf("%" PRIu64 " event%s missing from the record\n", replay->lost,
		       replay->lost == 1 ? " is" : "s are");
	for (const struct change *c = replay->changes; c; c = c->next) {
		printf("  #%" PRIu64 " %s\n", c->first, c->what);
		if (c->count > 1)
			printf("    and %" PRIu64 " more like it\n", c->count - 1);
	}
}

/* One rule of the policy can be several in the module, for different methods. */
static bool is_used(const struct replay *replay, const struct kx_rule_use *rule)
{
	struct kx_rule_use use;

	for (uint32_t i = 0; replay->module->rule_use(replay->state, i, &use); i++)
		if (use.asked && use.line == rule->line && !strcmp(use.file, rule->file) &&
		    !strcmp(use.text, rule->text))
			return true;
	return false;
}

static void tell_unused(const struct replay *replay)
{
	struct kx_rule_use last = {"", "", 0, 0, 0};
	struct kx_rule_use use;
	uint32_t count = 0;

	if (!replay->module->rule_use)
		return;
	puts("Rules no event needed");
	for (uint32_t i = 0; replay->module->rule_use(replay->state, i, &use); i++) {
		if (use.asked || is_used(replay, &use) ||
		    (use.line == last.line && !strcmp(use.text, last.text) &&
		     !strcmp(use.file, last.file)))
			continue;
		printf("  %s:%u: %s\n", use.file, use.line, use.text);
		last = use;
		count++;
	}
	if (!count)
		puts("  none");
}

/* --- files ---------------------------------------------------------------------------------- */

static void log_line(void *context, const char *text)
{
	(void)context;
	kx_complain("%s", text);
}

static bool open_module(const char *path, struct replay *replay)
{
	static const struct kx_module_host host = {.abi_version = KX_SECURITY_MODULE_ABI,
						   .log = log_line};
	void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	const struct kx_security_module *(*entry)(void) = NULL;

	if (library)
		*(void **)&entry = dlsym(library, "kx_security_module");
	replay->module = entry ? entry() : NULL;
	if (!replay->module || replay->module->abi_version != KX_SECURITY_MODULE_ABI ||
	    replay->module->size != sizeof(*replay->module)) {
		kx_complain("what-if: %s is no security module of this version%s%s", path,
			    library ? "" : ": ", library ? "" : dlerror());
		return false;
	}
	if (!replay->module->init || replay->module->init(&host, &replay->state) == 0)
		return true;
	kx_complain("what-if: the module %s cannot be initialised", path);
	return false;
}

static bool map_record(const char *path, struct kx_record_reader *r)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *map = MAP_FAILED;

	if (fd >= 0 && fstat(fd, &status) == 0 && status.st_size > 0)
		map = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED || !kx_record_begin(r, map, (size_t)status.st_size)) {
		kx_complain("what-if: %s is no record: %s", path,
			    fd < 0 ? strerror(errno) : "make one with kosix run --record=FILE");
		if (fd >= 0)
			(void)close(fd);
		return false;
	}
	(void)close(fd);
	return true;
}

static void clear(struct replay *replay)
{
	while (replay->changes) {
		struct change *change = replay->changes;

		replay->changes = change->next;
		free(change->what);
		free(change);
	}
	if (replay->module && replay->module->fini)
		replay->module->fini(replay->state);
}

static int run(struct replay *replay, struct kx_record_reader *r)
{
	struct kx_event_handle handles[KX_RECORD_HANDLES];
	struct kx_record_entry head;
	struct kx_event event;
	int status;

	while (kx_record_next(r, &head, &event, handles))
		take_entry(replay, &head, &event);
	tell_changes(replay);
	if (r->left)
		printf("the record is cut off after event %" PRIu64 "\n", replay->events);
	tell_unused(replay);
	status = replay->changed != 0;
	return fflush(stdout) == 0 ? status : 2;
}

/* -1: go on; else the exit status. */
static int read_options(int argc, char **argv, struct kx_policy_build *build, bool *all)
{
	static const struct option options[] = {{"image", required_argument, NULL, 'i'},
						{"include-dir", required_argument, NULL, 'I'},
						{"define", required_argument, NULL, 'D'},
						{"all", no_argument, NULL, 'a'},
						{"help", no_argument, NULL, 'h'},
						{NULL, 0, NULL, 0}};
	int option;

	while ((option = getopt_long(argc, argv, "I:D:h", options, NULL)) != -1) {
		if (option == 'h')
			return fputs(help, stdout) < 0;
		if (option == 'i')
			build->image = optarg;
		else if (option == 'a')
			*all = true;
		else if (option == 'I' && build->dir_count < KX_POLICY_WORDS)
			build->dirs[build->dir_count++] = optarg;
		else if (option == 'D' && build->define_count < KX_POLICY_WORDS)
			build->defines[build->define_count++] = optarg;
		else
			return 2;
	}
	if (optind + 2 == argc)
		return -1;
	kx_complain("what-if: expected a record and a policy; see --help");
	return 2;
}

int kx_cmd_what_if(int argc, char **argv)
{
	struct kx_policy_build build = {.must_be_image = true};
	struct replay replay = {.last = &replay.changes};
	int status = read_options(argc, argv, &build, &replay.all);
	struct kx_record_reader r;
	bool good;

	if (status >= 0)
		return status;
	build.policy = argv[optind + 1];
	if (!map_record(argv[optind], &r))
		return 2;
	if (kx_policy_is_source(build.policy))
		good = kx_policy_build(&build) && open_module(build.module, &replay);
	else
		good = open_module(build.policy, &replay);
	/* The module is loaded: its file is not needed any more. */
	kx_policy_build_clear(&build);
	status = good ? run(&replay, &r) : 2;
	clear(&replay);
	return status;
}
