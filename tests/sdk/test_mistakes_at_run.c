/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What is printed about mistakes that a program makes when it runs (tests/projects/mistakes):
 * each names the process, says what happened and what to do, and is said once. Misspelt names
 * (tests/projects/tiny) are answered with the right ones.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "project.h"

static void must_say_once(const char *text)
{
	const char *found;

	must_say(text);
	found = strstr(r.text, text);
	if (strstr(found + 1, text))
		fail_msg("said more than once: %s\nin: %s", text, r.text);
}

static void each_mistake_is_told_once_with_its_process(void **state)
{
	static const char *const told[] = {
		"kosix: arena-is-small: Recv: the request of say.Say has 8 bytes in its arena, and "
		"the arena given has room for 4; ",
		"kosix: request-is-not-reset: nk_transport_recv: the request says that it has room "
		"for 0 bytes; nk_req_reset(&req) comes before each call\n",
		"kosix: handler-fails: the handler of say.Say returned NK_ENOMEM (-12), so its "
		"client gets an error and no response\n",
		"kosix: right: say.Hush was called, and nothing serves it: the table of operations "
		"of mistakes.ISay has no Hush, or in C++ the endpoint is null; its client gets",
		"kosix: nothing-is-dispatched: Reply: what is sent as response of say.Say is not "
		"built as declared (24 bytes, 0 handles, 0 in the arena; declared 32 bytes, ",
		"nk_assert(self && self->ops && \"NkKosTransport_Init comes before this\") "
		"failed\n",
		"kosix: transport-is-not-initialised crashed: Aborted (signal 6)\n",
		"kosix: once more, for 2000 lines came after it: floods: Recv on INVALID_HANDLE: ",
		"kosix: nobody-connects: Recv on INVALID_HANDLE: this process serves no channel",
		"kosix: of-ends: Call over ends: its server has ended; ",
		"kosix: ends ended with exit status 3\n",
		"kosix: arena-is-not-reset: nk_arena_alloc: 8 bytes wanted, and 16 of the arena's "
		"17 are in use; the parameter stays empty (NK_ENOMEM). Is nk_arena_reset missing",
		"kosix: no-request-arena: Call: a parameter of the request of say.Say says that it "
		"stands in an arena, and the call was given none, ",
		"kosix: parameter-is-not-set: Call: a parameter of the request of say.Say is "
		"longer "
		"than declared, or does not stand in the arena that the call was given, of which "
		"8 ",
		"kosix: no-response-arena: Call: the response of say.Say has 5 bytes in its arena, "
		"and the arena given has room for 0; ",
		"nk_assert(self->ops && \"mistakes_ISay_proxy_init comes before this\") failed\n",
		"kosix: nothing-is-connected: Call on INVALID_HANDLE: no channel was connected; ",
	};

	(void)state;
	copy_project("mistakes");
	run(&r, CONFIGURE("Unix Makefiles", ""));
	must("configure");
	run(&r, "'" CMAKE "' --build build --target kos-qemu-image");
	must("build");
	run(&r, "'" TEST_SDK "/toolchain/bin/kosix' run --prefix=off --until-idle --timeout=60 "
		"--audit=records --json=summary build/kos-qemu-image 2>&1");
	for (unsigned i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		must_say_once(told[i]);
	must_say("request riid-is-wrong -> right endpoint 7.method 0: the class has no endpoint of "
		 "that number");
}

static void what_failed_stands_in_the_summary(void **state)
{
	char *summary = get_file("summary");

	(void)state;
	assert_non_null(strstr(summary, "\"failed\":[\"ends\"]"));
	free(summary);
	run(&r, "'" TEST_SDK "/toolchain/bin/kosix' explain records");
	must_say("  method    endpoint 7, method 0\n");
}

/* A line is seen when it is printed, though stdout is no terminal. */
static void a_line_on_stdout_waits_for_no_other(void **state)
{
	(void)state;
	run(&r, "sed -i 's/^\\tsay(&proxy);/\\tfor (;;)\\n\\t\\t;/' src/client.c && '" CMAKE
		"' --build build --target kos-qemu-image");
	must("build");
	run_image("build/kos-qemu-image", "'arena-is-small: begins' 'right: begins'");
}

/* Builds with one word of a source changed, runs, and changes it back; r is that of the run. */
static void spell(const char *file, const char *right, const char *wrong)
{
	static struct run told;

	run(&r, "sed -i 's/\"%s\"/\"%s\"/' %s && '" CMAKE "' --build build", right, wrong, file);
	must("build");
	run_to_idle("build/kos-qemu-image");
	told = r;
	run(&r, "sed -i 's/\"%s\"/\"%s\"/' %s", wrong, right, file);
	r = told;
}

static void misspelt_names_are_answered_with_the_right_ones(void **state)
{
	(void)state;
	build_project("tiny");
	assert_null(strstr(r.text, "warning"));
	run_to_idle("build/kos-qemu-image");
	assert_string_equal(r.text, "client: 42\n");
	spell("src/client.c", "server", "srever");
	must_say("no client of a channel \"srever\"; the init description gives it: server\n");
	spell("src/client.c", "ping", "pong");
	must_say("the server has no endpoint \"pong\"; its EDL gives it: ping\n");
	spell("src/server.c", "server", "srever");
	must_say("serves no channel \"srever\"; the init description gives it: server\n");
	run(&r, "sed -i '/connections:/,$d' init.yaml.in && '" CMAKE "' --build build");
	must_say("warning: program Server is in the image, but no process");
}

static void an_init_description_alone_has_no_endpoints(void **state)
{
	(void)state;
	build_project("tiny");
	run(&r, "cp build/EinitQemu-kss/init.yaml build");
	must("cp");
	run_to_idle("build/init.yaml");
	must_say("no endpoint \"ping\", nor any other: the server's EDL is not known");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_mistake_is_told_once_with_its_process),
		cmocka_unit_test(what_failed_stands_in_the_summary),
		cmocka_unit_test(a_line_on_stdout_waits_for_no_other),
		cmocka_unit_test(misspelt_names_are_answered_with_the_right_ones),
		cmocka_unit_test(an_init_description_alone_has_no_endpoints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
