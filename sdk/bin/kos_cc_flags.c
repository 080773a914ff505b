/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Which flags are dropped, kept and added. Read kos_cc_flags.h first.
 *
 * A flag is dropped only if the host compiler would reject it, or if it would
 * give a program that cannot run here (a fixed text address, a sanitizer that
 * traps without a run time). Everything else passes, in its order.
 */

#include "kos_cc_flags.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef KX_SDK_LINK
#define KX_SDK_LINK "-lkos"
#endif

/* What generated security modules are made of; there once the SDK has a PSL compiler. */
#define MODULE_ARCHIVE "/sysroot-aarch64-kos/lib/libksm_kss.a"
#ifndef KX_SDK_MODULE_LINK
#define KX_SDK_MODULE_LINK "-lpcre2-8"
#endif

enum kx_cc_kind { KX_CC_COMPILE, KX_CC_LINK, KX_CC_MODULE, KX_CC_QUERY };

struct drop_rule {
	const char *text;
	bool prefix;   /* match the beginning only */
	bool argument; /* the next word belongs to it, when matched exactly */
};

static const struct drop_rule always[] = {
	{"-mbranch-protection=", true, false},
	/* Scripts name the SDK's; the headers of C are this machine's. */
	{"--sysroot=", true, false},
	{"--sysroot", false, true},
	{"-isysroot", false, true},
	{"-mcpu=", true, false},
	{"-mtune=cortex", true, false},
	{"-march=arm", true, false},
	{"-mabi=lp64", false, false},
	{"-mabi=aapcs", true, false},
	{"-mfpu=", true, false},
	{"-mfloat-abi=", true, false},
	{"-marm", false, false},
	{"-mthumb", false, false},
	{"-mlittle-endian", false, false},
	{"-mstrict-align", false, false},
	{"-munaligned-access", false, false},
	{"-mno-unaligned-access", false, false},
	{"-moutline-atomics", false, false},
	{"-mno-outline-atomics", false, false},
	{"-mfix-cortex", true, false},
	{"-mno-fix-cortex", true, false},
	{"-msign-return-address", true, false},
	{"-mtrack-speculation", false, false},
	{"-mpc-relative-literal-loads", false, false},
	{"-mtls-size=", true, false},
	{"-msve-vector-bits", true, false},
	{"-mstack-protector-guard", true, false},
	{"-mcmodel=tiny", false, false},
	{"-mthumb-interwork", false, false},
	{"-mno-thumb-interwork", false, false},
	{"-Wl,--fix-cortex", true, false},
	{"-mgeneral-regs-only", false, false},
	{"-mno-omit-leaf-frame-pointer", false, false},
	{"-ffixed-x18", false, false},
	{"--target=", true, false},
	{"-target", false, true},
	{"-static", false, false},
	{"-static-pie", false, false},
	{"-Ttext", false, true},
	{"-Ttext=", true, false},
	{"-Wl,-Ttext", true, false},
	{"-Wl,--image-base", true, false},
	{"-Wl,--dynamic-linker", true, false},
	{"-Wl,-dynamic-linker", true, false},
	{"-Wl,-m,aarch64", true, false},
	{"-Wl,-Bstatic", false, false},
	{"-lclang_rt.builtins-aarch64", false, false},
	{"-lrtl-kernel", true, false},
	{"-lksm_kss", true, false},
	{"-fsanitize-undefined-trap-on-error", false, false},
	{"-fsanitize-trap", true, false},
	{"-fuse-ld=lld", false, false},
	/* With it glibc rejects open(O_CREAT) without a mode, which KasperskyOS accepts. */
	{"-D_FORTIFY_SOURCE", true, false},
};

/* Of clang, which is the SDK's compiler from 1.3 on; gcc stands in for it. */
static const struct drop_rule clang_only[] = {
	{"-stdlib=", true, false},
	{"-rtlib=", true, false},
	{"-unwindlib=", true, false},
	{"-Weverything", false, false},
	{"-Wthread-safety", true, false},
	{"-Wdocumentation", true, false},
	{"-Wshorten-64-to-32", false, false},
	{"-Qunused-arguments", false, false},
	{"-fcolor-diagnostics", false, false},
	{"-ferror-limit=", true, false},
	{"-fexperimental-", true, false},
	{"-flto=thin", false, false},
	{"-fstandalone-debug", false, false},
	{"-glldb", false, false},
	{"-fno-integrated-as", false, false},
	{"-mllvm", false, true},
	{"-Xclang", false, true},
	{"-fsanitize=cfi", true, false},
	{"-fsanitize=safe-stack", false, false},
	{"-fsanitize=shadow-call-stack", false, false},
};

/* What gcc does alone and clang only with a plugin and an archiver of its own. */
static const struct drop_rule gcc_only[] = {
	{"-flto", true, false},
	{"-ffat-lto-objects", false, false},
	{"-fno-fat-lto-objects", false, false},
	{"-fuse-linker-plugin", false, false},
};

/* Of a freestanding link; a security module here is an ordinary shared object. */
static const struct drop_rule module_only[] = {
	{"-fno-pic", false, false},       {"-fno-PIC", false, false},
	{"-fno-pie", false, false},       {"-no-pie", false, false},
	{"-ffreestanding", false, false}, {"-nostdlib", false, false},
	{"-nodefaultlibs", false, false}, {"-Wl,--entry", true, false},
};

/* Options whose value is the next word, so that it is not taken for an input. */
static const char *const with_value[] = {
	"-o",
	"-I",
	"-L",
	"-D",
	"-U",
	"-include",
	"-isystem",
	"-iquote",
	"-idirafter",
	"-imacros",
	"-MF",
	"-MT",
	"-MQ",
	"-x",
	"-Xlinker",
	"-T",
	"-z",
	"-u",
	"-l",
	"-e",
	"-arch",
	"-aux-info",
	"-Xassembler",
	"--param",
	"--sysroot",
	"-B",
	"-Wl,",
	"-Xclang",
	"-Xpreprocessor",
};

static bool matches(const struct drop_rule *rule, const char *word)
{
	if (rule->prefix)
		return strncmp(word, rule->text, strlen(rule->text)) == 0;
	return strcmp(word, rule->text) == 0;
}

static const struct drop_rule *find_rule(const struct drop_rule *rules, size_t n, const char *word)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (matches(&rules[i], word))
			return &rules[i];
	return NULL;
}

static bool takes_value(const char *word)
{
	size_t i;

	for (i = 0; i < sizeof(with_value) / sizeof(with_value[0]); i++)
		if (strcmp(word, with_value[i]) == 0)
			return true;
	return false;
}

static bool stops_before_link(const char *word)
{
	static const char *const stops[] = {"-c", "-S", "-E", "-M", "-MM", "-fsyntax-only", "-r"};
	size_t i;

	for (i = 0; i < sizeof(stops) / sizeof(stops[0]); i++)
		if (strcmp(word, stops[i]) == 0)
			return true;
	return false;
}

static enum kx_cc_kind kind_of(int argc, char **argv)
{
	bool inputs = false;
	bool module = false;
	int i;

	for (i = 1; i < argc; i++) {
		if (stops_before_link(argv[i]))
			return KX_CC_COMPILE;
		if (strncmp(argv[i], "-lksm_kss", 9) == 0)
			module = true;
		if (takes_value(argv[i]))
			i++;
		else if (argv[i][0] != '-' || argv[i][1] == '\0')
			inputs = true;
	}
	if (!inputs)
		return KX_CC_QUERY;
	return module ? KX_CC_MODULE : KX_CC_LINK;
}

static bool has_word(int argc, char **argv, const char *word)
{
	int i;

	for (i = 1; i < argc; i++)
		if (strcmp(argv[i], word) == 0)
			return true;
	return false;
}

/* -fsanitize=undefined that traps needs no run time on KasperskyOS; here it goes. */
static bool is_trapping_sanitizer(int argc, char **argv, const char *word)
{
	if (strncmp(word, "-fsanitize=", 11) != 0)
		return false;
	if (!strstr(word, "undefined") && !strstr(word, "bounds") && !strstr(word, "cfi"))
		return false;
	return has_word(argc, argv, "-fsanitize-undefined-trap-on-error") ||
	       has_word(argc, argv, "-fsanitize-trap=all") ||
	       has_word(argc, argv, "-fsanitize-trap=undefined") ||
	       has_word(argc, argv, "-fsanitize-trap");
}

static bool add(struct kx_cc_args *args, const char *word)
{
	if (args->count + 1 >= args->room) {
		char **grown;

		grown = realloc(args->argv, 2 * args->room * sizeof(*grown));
		if (!grown)
			return false;
		args->argv = grown;
		args->room *= 2;
	}
	args->argv[args->count++] = (char *)(size_t)word;
	args->argv[args->count] = NULL;
	return true;
}

/* Takes @word over, also when it fails. */
static bool add_owned(struct kx_cc_args *args, char *word)
{
	char **grown;

	if (!word)
		return false;
	grown = realloc(args->owned, (args->owned_count + 1) * sizeof(*grown));
	if (!grown) {
		free(word);
		return false;
	}
	args->owned = grown;
	args->owned[args->owned_count++] = word;
	return add(args, word);
}

static bool add_joined(struct kx_cc_args *args, const char *a, const char *b, const char *c)
{
	size_t n = strlen(a) + strlen(b) + strlen(c) + 1;
	char *word = malloc(n);

	if (word)
		snprintf(word, n, "%s%s%s", a, b, c);
	return add_owned(args, word);
}

/* Each word of a space-separated list. */
static bool add_words(struct kx_cc_args *args, const char *list)
{
	while (*list) {
		size_t n = strcspn(list, " ");

		if (n > 0 && !add_owned(args, strndup(list, n)))
			return false;
		list += n + (list[n] == ' ');
	}
	return true;
}

bool kx_cc_args_init(struct kx_cc_args *args, const char *compiler, int argc)
{
	args->room = (size_t)argc + 32;
	args->count = 0;
	args->owned = NULL;
	args->owned_count = 0;
	args->argv = calloc(args->room, sizeof(*args->argv));
	return args->argv && add(args, compiler);
}

#define COUNT(rules) (sizeof(rules) / sizeof((rules)[0]))

static const struct drop_rule *drops(const struct kx_cc_args *args, enum kx_cc_kind kind,
				     const char *word)
{
	const struct drop_rule *rule = find_rule(always, COUNT(always), word);

	if (!rule && args->clang)
		rule = find_rule(gcc_only, COUNT(gcc_only), word);
	else if (!rule)
		rule = find_rule(clang_only, COUNT(clang_only), word);
	if (!rule && kind == KX_CC_MODULE)
		rule = find_rule(module_only, COUNT(module_only), word);
	return rule;
}

static bool add_user_words(struct kx_cc_args *args, enum kx_cc_kind kind, int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++) {
		const struct drop_rule *rule = drops(args, kind, argv[i]);

		if (rule) {
			i += rule->argument;
			continue;
		}
		if (is_trapping_sanitizer(argc, argv, argv[i]))
			continue;
		if (!add(args, argv[i]))
			return false;
		if (takes_value(argv[i]) && i + 1 < argc && !add(args, argv[++i]))
			return false;
	}
	return true;
}

/* The warnings that compilers newer than the SDK's turned into errors. */
static bool add_demotions(struct kx_cc_args *args)
{
	if (args->cxx)
		return true;
	if (!add(args, "-Wno-error=incompatible-pointer-types") ||
	    !add(args, "-Wno-error=int-conversion"))
		return false;
	return !args->clang || add(args, "-Wno-error=incompatible-function-pointer-types");
}

/* A module written by hand against kss/kss.h gets its entry from the archive. */
static bool add_module_library(struct kx_cc_args *args, const char *sdk)
{
	if (!add(args, "-Wl,--undefined=kx_security_module"))
		return false;
	if (!add_joined(args, sdk, MODULE_ARCHIVE, ""))
		return false;
	if (access(args->argv[args->count - 1], R_OK) == 0)
		return add_words(args, KX_SDK_MODULE_LINK);
	args->argv[--args->count] = NULL;
	return true;
}

/* Whether the program loads libraries while it runs: -ldl, or its names are exported. */
static bool loads_libraries(int argc, char **argv)
{
	static const char *const words[] = {"-ldl", "-rdynamic", "-Wl,--export-dynamic", "-Wl,-E"};
	size_t i = 0;

	while (i < COUNT(words) && !has_word(argc, argv, words[i]))
		i++;
	return i < COUNT(words);
}

/*
 * libkos behind the program's own objects. A library that is loaded later finds it in the
 * program, which therefore has all of it.
 */
static bool add_libkos(struct kx_cc_args *args, int argc, char **argv)
{
	if (loads_libraries(argc, argv) &&
	    !add_words(args, "-rdynamic -Wl,--whole-archive -lkos -Wl,--no-whole-archive"))
		return false;
	return add_words(args, KX_SDK_LINK);
}

bool kx_cc_translate(struct kx_cc_args *args, const char *sdk, int argc, char **argv)
{
	enum kx_cc_kind kind = kind_of(argc, argv);

	if (!add(args, "-D__KOS__=1"))
		return false;
	if (!args->cxx && !add(args, "-fcommon"))
		return false;
	/* The default of the SDK's clang 17, and of gcc here. */
	if (args->cxx && args->clang && !add(args, "-std=gnu++17"))
		return false;
	if (kind == KX_CC_MODULE && (!add(args, "-shared") || !add(args, "-fPIC")))
		return false;
	if (!add_user_words(args, kind, argc, argv) || !add_demotions(args))
		return false;
	if (!add(args, "-isystem") || !add_joined(args, sdk, "/sysroot-aarch64-kos", "/include"))
		return false;
	if (kind == KX_CC_MODULE)
		return add_module_library(args, sdk);
	if (kind != KX_CC_LINK)
		return true;
	if (!add_joined(args, "-L", sdk, "/sysroot-aarch64-kos/lib"))
		return false;
	if (has_word(argc, argv, "-nostdlib") || has_word(argc, argv, "-shared"))
		return true;
	return add_libkos(args, argc, argv);
}

void kx_cc_args_free(struct kx_cc_args *args)
{
	size_t i;

	for (i = 0; i < args->owned_count; i++)
		free(args->owned[i]);
	free(args->owned);
	free(args->argv);
}
