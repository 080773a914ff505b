/* SPDX-License-Identifier: Apache-2.0 */

/* init.yaml: what is understood, and where an error is said to be. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "init.h"
#include "temp_file.h"

static int setup(void **state)
{
	(void)state;
	temp_create();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	temp_remove();
	return 0;
}

/* Reads @text; the one diagnostic must end with ":LINE:COL: " and contain @expected. */
static void diagnosed(const char *text, int result, const char *place, const char *expected)
{
	struct kx_diagnostics diagnostics = {0};
	struct kx_init init;

	assert_int_equal(kx_init_read(temp_write("init.yaml", text), &init, &diagnostics), result);
	if (diagnostics.count != 1)
		fail_msg("%zu diagnostics, the last: %s", diagnostics.count,
			 diagnostics.count ? diagnostics.texts[diagnostics.count - 1] : "none");
	if (!strstr(diagnostics.texts[0], place) || !strstr(diagnostics.texts[0], expected))
		fail_msg("expected %s %s, found: %s", place, expected, diagnostics.texts[0]);
	kx_diagnostics_clear(&diagnostics);
	kx_init_clear(&init);
}

static void every_key_is_understood(void **state)
{
	static const char text[] = "entities:\n"
				   "- name: a.Client\n"
				   "  task: a.Client1\n"
				   "  path: client\n"
				   "  args: [one, 2, \"thr ee\"]\n"
				   "  env: {B: x, A: 1}\n"
				   "  connections:\n"
				   "  - target: b.Server\n"
				   "    id: zweite\n"
				   "  cmake_generated_connections:\n"
				   "  - {target: b.Server, id: erste}\n"
				   "- name: b.Server\n"
				   "  dynamic_connection_manager: true\n";
	struct kx_diagnostics diagnostics = {0};
	const struct kx_init_entity *entity;
	struct kx_init init;

	(void)state;
	assert_int_equal(kx_init_read(temp_write("init.yaml", text), &init, &diagnostics), 0);
	assert_int_equal(diagnostics.count, 0);
	assert_int_equal(init.count, 2);
	entity = &init.entities[0];
	assert_string_equal(entity->class_name, "a.Client");
	assert_string_equal(entity->task, "a.Client1");
	assert_string_equal(entity->path, "client");
	assert_int_equal(entity->args.count, 3);
	assert_string_equal(entity->args.table[1], "2");
	assert_string_equal(entity->args.table[2], "thr ee");
	assert_string_equal(entity->env.table[0], "B=x");
	assert_int_equal(entity->connection_count, 2);
	assert_string_equal(entity->connections[0].id, "erste");
	assert_string_equal(entity->connections[1].id, "zweite");
	assert_int_equal(entity->connections[0].server, 1);
	assert_string_equal(init.entities[1].task, "b.Server");
	assert_string_equal(init.entities[1].path, "Server");
	/* Servers before clients. */
	assert_int_equal(init.order[0], 1);
	assert_int_equal(init.order[1], 0);
	kx_init_clear(&init);
}

static void a_cycle_of_connections_is_fine(void **state)
{
	static const char text[] =
		"entities:\n"
		"- {name: A, connections: [{target: B, id: b}, {target: A, id: self}]}\n"
		"- {name: B, connections: [{target: C, id: c}]}\n"
		"- {name: C, connections: [{target: A, id: a}]}\n";
	struct kx_diagnostics diagnostics = {0};
	struct kx_init init;

	(void)state;
	assert_int_equal(kx_init_read(temp_write("init.yaml", text), &init, &diagnostics), 0);
	assert_int_equal(init.order[0] + init.order[1] + init.order[2], 0 + 1 + 2);
	assert_int_equal(init.order[2], 0);
	kx_init_clear(&init);
}

static void what_empty_macros_leave_is_accepted(void **state)
{
	static const char text[] = "entities:\n- name: A\n  connections:\n\n  args:\n  env:\n";
	struct kx_diagnostics diagnostics = {0};
	struct kx_init init;

	(void)state;
	assert_int_equal(kx_init_read(temp_write("init.yaml", text), &init, &diagnostics), 0);
	kx_init_clear(&init);
}

static void an_unknown_key_is_a_warning_with_its_place(void **state)
{
	(void)state;
	diagnosed("entities:\n- name: A\n  tsk: B\n", 0, ":3:3: warning: ", "mean \"task\"?");
	diagnosed("entities:\n- name: A\nmore: 1\n", 0, ":3:1: warning: ", "\"more\"");
}

static void errors_have_line_and_column(void **state)
{
	(void)state;
	diagnosed("entities:\n- name: [\n", -1, ":3:1: error: ", "not valid YAML");
	diagnosed("- a\n", -1, ":1:1: error: ", "not an init file");
}

static void a_target_that_is_not_there_names_the_nearest(void **state)
{
	(void)state;
	diagnosed("entities:\n- name: echo.Server\n- name: echo.Client\n"
		  "  connections:\n  - target: echo.Sever\n    id: c\n",
		  -1, ":5:13: error: ", "mean \"echo.Server\"?");
	diagnosed("entities:\n- name: A\n  connections:\n  - {target: Nothing.Like, id: c}\n", -1,
		  ":4:14: error: ", "no process is named \"Nothing.Like\"");
}

static void names_are_given_once(void **state)
{
	(void)state;
	diagnosed("entities:\n- name: A\n- name: A\n", -1,
		  ":3:3: error: ", "(the other is in line 2)");
	diagnosed("entities:\n- name: A\n  name: B\n", -1,
		  ":3:3: error: ", "\"name\" is given twice");
	diagnosed("entities:\n- name: S\n- name: C\n  connections:\n"
		  "  - {target: S, id: c}\n  - {target: S, id: c}\n",
		  -1, ":6:14: error: ", "two channels named \"c\"");
	diagnosed("entities:\n- name: S\n- name: C\n  connections:\n"
		  "  - {target: S, id: c, id: d}\n",
		  -1, ":5:28: error: ", "\"id\" is given twice");
}

static void what_is_missing_is_said(void **state)
{
	(void)state;
	diagnosed("entities:\n- task: A\n", -1, ":2:3: error: ", "entity without \"name\"");
	diagnosed("entities:\n- name: A\n  connections:\n  - target: A\n", -1,
		  ":4:5: error: ", "connection without \"id\"");
	diagnosed("entities: []\n", -1, ":1:1: error: ", "nothing to run");
	diagnosed("entities:\n- name:\n", -1, ":2:8: error: ", "\"name\" must be a name");
}

static void a_macro_as_channel_name_needs_einit(void **state)
{
	(void)state;
	diagnosed("entities:\n- name: A\n  connections:\n"
		  "  - {target: A, id: {var: X, include: x.h}}\n",
		  -1, ":4:21: error: ", "einit");
}

static void a_file_that_is_not_there_says_why(void **state)
{
	struct kx_diagnostics diagnostics = {0};
	struct kx_init init;

	(void)state;
	assert_int_equal(kx_init_read(temp_path("absent.yaml"), &init, &diagnostics), -1);
	assert_non_null(strstr(diagnostics.texts[0], "No such file"));
	kx_diagnostics_clear(&diagnostics);
}

static void all_errors_are_shown_at_once(void **state)
{
	struct kx_diagnostics diagnostics = {0};
	struct kx_init init;

	(void)state;
	assert_int_equal(kx_init_read(temp_write("init.yaml", "entities:\n- 7\n- name: A\n"
							      "  args: x\n  env: [1]\n"),
				      &init, &diagnostics),
			 -1);
	assert_int_equal(diagnostics.errors, 3);
	kx_diagnostics_clear(&diagnostics);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_is_understood),
		cmocka_unit_test(a_cycle_of_connections_is_fine),
		cmocka_unit_test(what_empty_macros_leave_is_accepted),
		cmocka_unit_test(an_unknown_key_is_a_warning_with_its_place),
		cmocka_unit_test(errors_have_line_and_column),
		cmocka_unit_test(a_target_that_is_not_there_names_the_nearest),
		cmocka_unit_test(names_are_given_once),
		cmocka_unit_test(what_is_missing_is_said),
		cmocka_unit_test(a_macro_as_channel_name_needs_einit),
		cmocka_unit_test(a_file_that_is_not_there_says_why),
		cmocka_unit_test(all_errors_are_shown_at_once),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
