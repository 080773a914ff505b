/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Regex, by PCRE2. All of the text must match. Work per match is bounded, so a
 * pattern that backtracks without end denies instead of blocking the kernel
 * process.
 */

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "ksm_inside.h"

#define MATCH_LIMIT 1000000u /* steps; some milliseconds */
#define HEAP_LIMIT  256u     /* KiB */

static pcre2_match_context *context;

static pcre2_match_context *limits(void)
{
	if (!context) {
		context = pcre2_match_context_create(NULL);
		if (context) {
			pcre2_set_match_limit(context, MATCH_LIMIT);
			pcre2_set_heap_limit(context, HEAP_LIMIT);
		}
	}
	return context;
}

/* With the module, which may be loaded again: regular expressions come and go before. */
__attribute__((destructor)) static void free_limits(void)
{
	pcre2_match_context_free(context);
	context = NULL;
}

bool kx_ksm_regex_start(struct kx_ksm_regex *regex)
{
	pcre2_code *code;
	PCRE2_SIZE at;
	int error;

	if (regex->code)
		return true;
	code = pcre2_compile((PCRE2_SPTR)regex->pattern, PCRE2_ZERO_TERMINATED,
			     PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_DOTALL, &error, &at, NULL);
	if (!code)
		return false;
	regex->code = code;
	regex->match = pcre2_match_data_create(1, NULL);
	/* Without it pcre2_match() interprets: slower, same answer. */
	(void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	return regex->match && limits();
}

void kx_ksm_regex_stop(struct kx_ksm_regex *regex)
{
	pcre2_match_data_free(regex->match);
	pcre2_code_free(regex->code);
	regex->match = NULL;
	regex->code = NULL;
}

bool kx_ksm_regex_match(struct kx_ksm_event *e, struct kx_ksm_regex *regex, struct kx_ksm_text text)
{
	int result = pcre2_match(regex->code, (PCRE2_SPTR)(text.data ? text.data : ""), text.len, 0,
				 0, regex->match, limits());

	if (result >= 0)
		return true;
	if (result != PCRE2_ERROR_NOMATCH)
		kx_ksm_fail(e, "the regular expression took too long on this text");
	return false;
}
