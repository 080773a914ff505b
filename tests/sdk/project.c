/* SPDX-License-Identifier: Apache-2.0 */

#include "project.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct run r;

void must(const char *what)
{
	if (r.status != 0)
		fail_msg("%s ended with %d:\n%s", what, r.status, r.text);
}

void must_say(const char *text)
{
	if (!strstr(r.text, text))
		fail_msg("expected \"%s\" in:\n%s", text, r.text);
}

/* @from with one blank for any. */
static void squeeze(char *to, const char *from)
{
	char *start = to;

	for (; *from; from++) {
		if (!isspace((unsigned char)*from))
			*to++ = *from;
		else if (to != start && to[-1] != ' ')
			*to++ = ' ';
	}
	*to = '\0';
}

void cmake_must_say(const char *text)
{
	static char said[sizeof(r.text)], expected[sizeof(r.text)];

	assert_true(strlen(text) < sizeof(expected));
	squeeze(said, r.text);
	squeeze(expected, text);
	if (!strstr(said, expected))
		fail_msg("expected \"%s\" in:\n%s", text, r.text);
}

void copy_project(const char *name)
{
	run_in(TEST_WORK);
	run(&r, "cp -r '%s/%s/.' .", TEST_PROJECTS, name);
	must("cp");
}

void run_image(const char *image, const char *texts)
{
	run(&r, "'%s' '%s' '%s' %s", TEST_RUN_IMAGE, TEST_SDK "/toolchain/bin/kosix", image, texts);
	must("the solution");
}

void run_to_idle(const char *image)
{
	run(&r,
	    "'%s/toolchain/bin/kosix' run --prefix=off --until-idle --timeout=30 %s 2>&1 | sort",
	    TEST_SDK, image);
}

void build_project(const char *name)
{
	copy_project(name);
	run(&r, CONFIGURE("Ninja", "") " && '" CMAKE "' --build build -j2");
	must("build");
}
