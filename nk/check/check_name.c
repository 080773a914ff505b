/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Names. KasperskyOS documents that methods, endpoints and component instances
 * have no '_' in their names, because C names are made by replacing '.' by '_'.
 */

#include <stdlib.h>
#include <string.h>

#include "session.h"

static const char *const c_words[] = {
	"auto",     "break",  "case",   "char",     "const",    "continue", "default",  "do",
	"double",   "else",   "enum",   "extern",   "float",    "for",      "goto",     "if",
	"inline",   "int",    "long",   "register", "restrict", "return",   "short",    "signed",
	"sizeof",   "static", "struct", "switch",   "typedef",  "union",    "unsigned", "void",
	"volatile", "while",  "base_",  "res_",     "err_",
};

static const char *const cpp_words[] = {
	"alignas",   "alignof",   "and",      "bool",     "catch",   "class",    "constexpr",
	"decltype",  "delete",    "explicit", "export",   "false",   "friend",   "mutable",
	"namespace", "new",       "noexcept", "not",      "nullptr", "operator", "or",
	"private",   "protected", "public",   "template", "this",    "throw",    "true",
	"try",       "typeid",    "typename", "using",    "virtual", "xor",
};

static bool is_one_of(const char *name, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (words[i][0] == name[0] && strcmp(words[i], name) == 0)
			return true;
	return false;
}

/* A name that becomes a member of a C structure. */
void kx_nk_check_member(struct kx_nk *nk, const char *what, const char *name,
			const struct kx_loc *loc)
{
	if (is_one_of(name, c_words, sizeof(c_words) / sizeof(c_words[0])))
		kx_error(&nk->diag, loc, "%s cannot be called '%s': generated C uses that word",
			 what, name);
	else if (is_one_of(name, cpp_words, sizeof(cpp_words) / sizeof(cpp_words[0])))
		kx_warning(&nk->diag, loc,
			   "%s '%s' has a C++ keyword as its name; C++ cannot include it", what,
			   name);
}

/* A member that documented rules want without '_'. */
void kx_nk_check_plain(struct kx_nk *nk, const char *what, const char *name,
		       const struct kx_loc *loc)
{
	kx_nk_check_member(nk, what, name, loc);
	if (strchr(name, '_'))
		kx_warning(&nk->diag, loc,
			   "%s '%s' has a '_' in its name; KasperskyOS does not allow it", what,
			   name);
}

static int compare(const void *left, const void *right)
{
	const struct kx_nk_named *a = left;
	const struct kx_nk_named *b = right;
	int order = strcmp(a->name, b->name);

	return order ? order : a->index < b->index ? -1 : a->index > b->index;
}

/* Reports every name that @names has twice. Changes the order of @names. */
void kx_nk_check_unique(struct kx_nk *nk, const char *what, struct kx_nk_named *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		names[i].index = i;
	qsort(names, count, sizeof(*names), compare);
	for (size_t i = 1; i < count; i++) {
		if (strcmp(names[i - 1].name, names[i].name) != 0)
			continue;
		kx_error(&nk->diag, names[i].loc, "second %s called '%s'", what, names[i].name);
		kx_note(&nk->diag, names[i - 1].loc, "the one before is here");
	}
}
