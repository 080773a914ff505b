/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What the command says of whole solutions: how each entity ended (C-09), the columns of
 * `kosix ps`, calls and decisions that add up, and what loosens or tightens the isolation.
 */

#include <jansson.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "command.h"

static const char *const counted[] = {"server t.Server counted server",
				      "client t.Client counted client", NULL};
static char text[1 << 14];

static json_t *parse(const char *json)
{
	json_t *object = json_loads(json, 0, NULL);

	if (!object)
		fail_msg("no JSON: %s", json);
	return object;
}

static const json_t *entity_of(const json_t *solution, const char *name)
{
	const json_t *entities = json_object_get(solution, "entities");

	for (size_t i = 0; i < json_array_size(entities); i++) {
		const json_t *entity = json_array_get(entities, i);

		if (strcmp(json_string_value(json_object_get(entity, "name")), name) == 0)
			return entity;
	}
	fail_msg("no entity %s", name);
	return NULL;
}

static long long number(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_integer(value))
		fail_msg("no number %s", key);
	return json_integer_value(value);
}

static long long counter(const json_t *solution, const char *name, const char *key)
{
	return number(json_object_get(entity_of(solution, name), "counters"), key);
}

/* --- C-09: how it ended is recorded --------------------------------------------------------- */

static void the_end_of_an_entity_is_recorded(void **state)
{
	static const char *const entities[] = {"server t.Server every_way server",
					       "client t.Client every_way client", NULL};
	static const struct {
		int signal;
		int code; /* of the exit; with a signal nobody asks */
	} ends[] = {{SIGSEGV, 0}, {SIGBUS, 0}, {SIGILL, 0}, {SIGFPE, 0}, {SIGABRT, 0}, {0, 7},
		    {0, 8},       {0, 0},      {0, 0},      {0, 9},      {SIGSYS, 0},  {0, 3}};
	char way[16];
	json_t *summary;

	(void)state;
#ifdef KX_SANITIZED
	skip(); /* a sanitizer makes exits of signals */
#endif
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		const json_t *server;

		(void)snprintf(way, sizeof(way), "WAY=%zu", i);
		(void)command_run(entities, way, "--json 2>/dev/null", text, sizeof(text));
		summary = parse(text);
		server = entity_of(summary, "server");
		assert_int_equal(number(server, "signal"), ends[i].signal);
		if (!ends[i].signal)
			assert_int_equal(number(server, "code"), ends[i].code);
		assert_int_equal(number(entity_of(summary, "client"), "code"), 0);
		json_decref(summary);
	}
}

/* --- kosix ps --------------------------------------------------------------------------------- */

/* The number in the column under @title, of the line that ends with "@name (...)". */
static long long column(const char *table, const char *title, const char *name)
{
	const char *head = strchr(table, '\n') + 1;
	const char *at = strstr(head, title);
	size_t end = (size_t)(at - head) + strlen(title);
	const char *line = head;
	char wanted[64];
	long long value;

	(void)snprintf(wanted, sizeof(wanted), "  %s (", name);
	assert_non_null(at);
	line = strstr(head, wanted);
	assert_non_null(line);
	while (line[-1] != '\n')
		line--;
	/* Right-aligned: the digits end where the title does. */
	line += end;
	while (line[-1] >= '0' && line[-1] <= '9')
		line--;
	assert_int_equal(sscanf(line, "%lld", &value), 1);
	return value;
}

/* Every call of @client was answered or denied, and every one received was replied to. */
static void expect_conserved(const json_t *solution)
{
	long long calls =
		counter(solution, "client", "calls") + counter(solution, "client", "direct_calls");
	long long denied = counter(solution, "client", "denied");

	assert_int_equal(calls, 10);
	assert_int_equal(denied, 2);
	assert_int_equal(counter(solution, "client", "dropped"), 0);
	assert_int_equal(counter(solution, "client", "calls") - denied,
			 counter(solution, "server", "received"));
	assert_int_equal(counter(solution, "server", "received"),
			 counter(solution, "server", "replies"));
}

static void ps_counts_calls_and_denials(void **state)
{
	static const char *const ways[] = {NULL, "--mediate=all"};
	static struct rig rig;

	(void)state;
	for (int way = 0; way < 2; way++) {
		const char *const options[] = {ways[way], NULL};
		json_t *ps;

		rig_image(&rig, counted, "STAYS=1", "security.so");
		rig_start(&rig, options);
		assert_true(rig_wait(&rig, "COUNTED", 1));
		ps = parse(command_ps("--json"));
		assert_string_equal(
			json_string_value(json_object_get(entity_of(ps, "client"), "state")),
			"running");
		expect_conserved(ps);
		assert_true(way ? counter(ps, "client", "direct_calls") == 0
				: counter(ps, "client", "direct_calls") >= 4);
		(void)command_ps("");
		assert_int_equal(column(command_ps(""), "DIRECT", "client"),
				 counter(ps, "client", "direct_calls"));
		assert_int_equal(column(command_ps(""), "RELAYED", "client"),
				 counter(ps, "client", "calls"));
		assert_int_equal(column(command_ps(""), "RECEIVED", "server"),
				 counter(ps, "server", "received"));
		assert_int_equal(column(command_ps(""), "DENIED", "client"), 2);
		json_decref(ps);
		rig_end(&rig);
	}
}

/* What the module says it decided is what the run says, and what was delivered and denied. */
static void decisions_are_what_was_delivered_and_denied(void **state)
{
	static const char *const options[] = {"--json --timeout=20 --until=COUNTED",
					      "--json --timeout=20 --until=COUNTED --mediate=all"};
	unsigned long judged[4];
	json_t *summary;

	(void)state;
	for (int way = 0; way < 2; way++) {
		const char *line;

		assert_int_equal(setenv("KX_POLICY_COUNTS", "1", 1), 0);
		assert_int_equal(command_run(counted, NULL, options[way], text, sizeof(text)), 0);
		(void)unsetenv("KX_POLICY_COUNTS");
		line = strstr(text, "JUDGED ");
		assert_non_null(line);
		assert_int_equal(sscanf(line,
					"JUDGED requests %lu denied %lu responses %lu denied %lu",
					&judged[0], &judged[1], &judged[2], &judged[3]),
				 4);
		assert_int_equal(judged[0], 3);
		assert_int_equal(judged[1], 2);
		assert_int_equal(judged[2], 3);
		assert_int_equal(judged[3], 0);
		summary = parse(strstr(text, "{\"status\""));
		assert_int_equal(number(json_object_get(summary, "policy"), "denied"), 2);
		assert_int_equal(number(summary, "denied"), 2);
		json_decref(summary);
	}
}

/* --- one option each ----------------------------------------------------------------------------
 */

static bool is_attachable(const json_t *ps, const char *name)
{
	char path[64];
	struct stat status;

	/* What may not be dumped belongs to root. */
	(void)snprintf(path, sizeof(path), "/proc/%lld/status", number(entity_of(ps, name), "pid"));
	assert_int_equal(stat(path, &status), 0);
	return status.st_uid != 0;
}

static void debugger_opens_the_chosen_entity_only(void **state)
{
	static const char *const entities[] = {"server t.Server idle server",
					       "client t.Client idle client", NULL};
	static const char *const options[] = {"--debugger=server", NULL};
	static struct rig rig;
	char command[256];
	FILE *gdb;
	json_t *ps;

	(void)state;
	rig_image(&rig, entities, NULL, "security.so");
	rig_start(&rig, options);
	assert_true(rig_wait(&rig, "IDLE", 2));
	ps = parse(command_ps("--json"));
	assert_true(is_attachable(ps, "server"));
	assert_false(is_attachable(ps, "client"));
	if (access("/usr/bin/gdb", X_OK) == 0) {
		(void)snprintf(command, sizeof(command),
			       "timeout 60 gdb -nx -batch -p %lld -ex 'info threads' 2>&1",
			       number(entity_of(ps, "server"), "pid"));
		gdb = popen(command, "re");
		assert_non_null(gdb);
		text[fread(text, 1, sizeof(text) - 1, gdb)] = '\0';
		(void)pclose(gdb);
		if (!strstr(text, "* 1 "))
			fail_msg("gdb said: %s", text);
	} else
		print_message("no gdb on this machine: it was not attached\n");
	json_decref(ps);
	rig_end(&rig);
}

static void valgrind_runs_the_chosen_entity(void **state)
{
	static const char *const entities[] = {"server t.Server late server",
					       "client t.Client late client", NULL};

	(void)state;
#ifdef KX_SANITIZED
	skip(); /* not both in one program */
#endif
	if (access("/usr/bin/valgrind", X_OK) != 0)
		skip();
	if (command_run(entities, NULL, "--valgrind=server", text, sizeof(text)) != 0 ||
	    !strstr(text, "PASS late client") || !strstr(text, "ERROR SUMMARY: 0 errors") ||
	    strstr(strstr(text, "ERROR SUMMARY") + 1, "ERROR SUMMARY"))
		fail_msg("%s", text);
}

static void strict_runs_or_says_what_is_missing(void **state)
{
	int status = command_run(counted, NULL, "--isolation=strict --until=COUNTED", text,
				 sizeof(text));

	(void)state;
	if (status != 0 && (status != 3 || !strstr(text, "strict does not start")))
		fail_msg("status %d: %s", status, text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_end_of_an_entity_is_recorded),
		cmocka_unit_test(ps_counts_calls_and_denials),
		cmocka_unit_test(decisions_are_what_was_delivered_and_denied),
		cmocka_unit_test(debugger_opens_the_chosen_entity_only),
		cmocka_unit_test(valgrind_runs_the_chosen_entity),
		cmocka_unit_test(strict_runs_or_says_what_is_missing),
	};

	if (getenv("ONLY"))
		cmocka_set_test_filter(getenv("ONLY"));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
