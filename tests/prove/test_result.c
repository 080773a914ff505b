/* SPDX-License-Identifier: Apache-2.0 */

/* A campaign that ends in the middle has failed in the result it was working on. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "result.h"

static char text[1000];
static char program[] = "campaign";
static char only[] = "--only";
static char some[] = "S-1";

/* What @work prints as a campaign of its own that ends with @status. */
static void run(void (*work)(struct kx_campaign *campaign), char *name, int status)
{
	char *arguments[] = {program, only, name, NULL};
	struct kx_campaign campaign;
	size_t length = 0;
	ssize_t got;
	int end[2];
	int how;
	pid_t child;

	assert_int_equal(pipe(end), 0);
	child = fork();
	if (child == 0) {
		(void)dup2(end[1], 1);
		(void)close(end[0]);
		(void)close(end[1]);
		kx_campaign_begin(&campaign, name ? 3 : 1, arguments);
		work(&campaign);
		exit(status);
	}
	(void)close(end[1]);
	while ((got = read(end[0], text + length, sizeof(text) - length - 1)) > 0)
		length += (size_t)got;
	text[length] = '\0';
	(void)close(end[0]);
	assert_int_equal(waitpid(child, &how, 0), child);
	assert_int_equal(WEXITSTATUS(how), status);
}

static void begins_two(struct kx_campaign *campaign)
{
	(void)kx_wants(campaign, "S-1");
	kx_result(campaign, "S-1", "P1", 1, "runs", 0, "-");
	(void)kx_wants(campaign, "S-2");
}

static void asks_for_another(struct kx_campaign *campaign)
{
	(void)kx_wants(campaign, "S-2");
}

static void ends(struct kx_campaign *campaign)
{
	begins_two(campaign);
	(void)kx_campaign_end(campaign);
}

static void what_was_due_has_failed(void **state)
{
	(void)state;
	run(begins_two, NULL, 255);
	assert_non_null(strstr(text, "RESULT name=S-1 promises=P1 count=1 unit=runs failures=0 "));
	assert_non_null(strstr(text, "RESULT name=S-2 promises=- count=1 unit=runs failures=1 "));
	run(asks_for_another, some, 255);
	assert_non_null(strstr(text, "RESULT name=S-1 promises=- count=1 unit=runs failures=1 "));
	assert_null(strstr(text, "S-2"));
}

static void nothing_is_said_of_a_campaign_that_ended_or_cannot_run(void **state)
{
	(void)state;
	run(ends, NULL, 1);
	assert_null(strstr(text, "name=S-2"));
	run(begins_two, NULL, 77);
	assert_null(strstr(text, "name=S-2"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_due_has_failed),
		cmocka_unit_test(nothing_is_said_of_a_campaign_that_ended_or_cannot_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
