/* SPDX-License-Identifier: Apache-2.0 */

/*
 * einit as a program: the C file it writes (compared with tests/sdk/golden, whose
 * names and order were checked by eye against committed build trees of the real
 * SDK), the order of start, and what it says about wrong input.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "run.h"

static struct run r;

static int set_up(void **state)
{
	(void)state;
	run_in(TEST_WORK);
	put_file("inc/t/IGet.idl",
		 "package t.IGet\ninterface { Get(in UInt32 id, out UInt32 value); }\n");
	put_file("inc/t/CGet.cdl", "component t.CGet\nendpoints { get : t.IGet }\n");
	put_file("inc/t/Server.edl", "entity t.Server\ncomponents { main : t.CGet }\n");
	put_file("inc/t/Both.edl", "task class t.Both\nendpoints { own : t.IGet }\n");
	put_file("inc/t/Client.edl", "entity t.Client");
	return 0;
}

static void einit(const char *yaml)
{
	remove("out.c");
	put_file("init.yaml", yaml);
	run(&r, "'%s' -I inc -o out.c init.yaml", EINIT);
}

static void expect_error(const char *yaml, const char *message)
{
	einit(yaml);
	if (r.status != 1 || !strstr(r.text, message))
		fail_msg("status %d, expected 1 and \"%s\" in:\n%s", r.status, message, r.text);
	assert_false(file_exists("out.c"));
}

static void expect_golden(const char *yaml, const char *golden)
{
	char path[1024];
	char *wanted;
	char *made;

	einit(yaml);
	if (r.status != 0)
		fail_msg("einit failed:\n%s", r.text);
	made = get_file("out.c");
	snprintf(path, sizeof(path), "%s/%s", TEST_GOLDEN, golden);
	if (getenv("KX_WRITE_GOLDEN"))
		put_file(path, made);
	wanted = get_file(path);
	assert_string_equal(made, wanted);
	free(wanted);
	free(made);
}

static void a_client_and_a_server_with_all_keys(void **state)
{
	(void)state;
	expect_golden("entities:\n"
		      "- name: t.Client\n"
		      "  task: t.Client1\n"
		      "  path: ClientExec\n"
		      "  args: [-v, 7, \"two words\"]\n"
		      "  env:\n"
		      "    ZEBRA: \"quo\\\"te\"\n"
		      "    ALPHA: 1\n"
		      "  connections:\n"
		      "  - target: t.Server\n"
		      "    id: zz\n"
		      "  - {target: t.Both, id: {var: BOTH_ID, include: both/id.h}}\n"
		      "  cmake_generated_connections:\n"
		      "  - target: t.Server\n"
		      "    id: generated\n"
		      "- name: t.Server\n"
		      "- name: t.Both\n"
		      "  dynamic_connection_manager: true\n",
		      "client_server.c.txt");
	assert_string_equal(r.text, "");
}

static void two_processes_of_one_class_start_last_name_first(void **state)
{
	char *text;

	(void)state;
	einit("entities:\n- {name: t.Client, task: a}\n- {name: t.Client, task: b}\n");
	assert_int_equal(r.status, 0);
	text = get_file("out.c");
	assert_non_null(strstr(text, "EntityInitEx(&taskInfo_b_1, \"b\", \"Client\")"));
	assert_true(in_order(text, "EntityInitEx(&taskInfo_b_1", "EntityInitEx(&taskInfo_a_0"));
	assert_true(in_order(text, "EntityRun(task_b_1", "EntityRun(task_a_0"));
	free(text);
}

static void a_cycle_starts(void **state)
{
	static const char *const runs[] = {"EntityRun(task_a_0)", "EntityRun(task_b_1)",
					   "EntityRun(task_c_2)"};
	char *text;

	(void)state;
	einit("entities:\n"
	      "- {name: t.Server, task: a, connections: [{target: b, id: ab}]}\n"
	      "- {name: t.Server, task: b, connections: [{target: c, id: bc}]}\n"
	      "- {name: t.Server, task: c, connections: [{target: a, id: ca}]}\n");
	assert_int_equal(r.status, 0);
	text = get_file("out.c");
	assert_true(in_order(text, "EntityConnectToService(task_a_0, task_b_1, \"ab\")",
			     "EntityConnectToService(task_b_1, task_c_2, \"bc\")"));
	assert_true(in_order(text, "EntityConnectToService(task_b_1, task_c_2, \"bc\")",
			     "EntityConnectToService(task_c_2, task_a_0, \"ca\")"));
	/* Nobody of a cycle comes after all of its servers: all are connected first. */
	for (size_t i = 0; i < sizeof(runs) / sizeof(*runs); i++) {
		assert_true(in_order(text, "EntityConnectToService(task_c_2", runs[i]));
		assert_null(strstr(strstr(text, runs[i]) + 1, runs[i]));
	}
	free(text);
}

static void the_same_channel_twice_is_one(void **state)
{
	char *text;

	(void)state;
	einit("entities:\n"
	      "- name: t.Client\n"
	      "  connections:\n  - {target: t.Server, id: c}\n"
	      "  cmake_generated_connections:\n  - {target: t.Server, id: c}\n"
	      "- name: t.Server\n");
	assert_int_equal(r.status, 0);
	text = get_file("out.c");
	assert_non_null(strstr(text, "EntityConnectToService"));
	assert_null(strstr(strstr(text, "EntityConnectToService") + 1, "EntityConnectToService"));
	free(text);
}

static void generated_programs_compile_without_a_warning(void **state)
{
	(void)state;
	put_file("inc/both/id.h", "#define BOTH_ID \"both\"\n");
	expect_golden("entities:\n- name: t.Client\n  args: ['?\?/', \"a\\nb\", 'é']\n"
		      "  connections: [{target: t.Server, id: \"x\\ty\"}]\n- name: t.Server\n",
		      "odd_text.c.txt");
	run(&r,
	    "gcc -std=c11 -Wall -Wextra -Wconversion -Wsign-conversion -Wstrict-prototypes -Werror "
	    "-I inc -I '%s' -c out.c -o out.o",
	    PUBLIC_HEADERS);
	if (r.status != 0)
		fail_msg("%s", r.text);
}

static void errors_say_where_and_what_to_do(void **state)
{
	(void)state;
	expect_error(
		"entities:\n- name: t.Client\n  connections:\n  - {target: t.Servr, id: c}\n"
		"- name: t.Server\n",
		"init.yaml:4:14: error: no process is called 't.Servr'; did you mean 't.Server'?");
	expect_error("entities:\n- task: x\n", "init.yaml:2:3: error: entity without 'name'");
	expect_error("entities:\n- name: t.Client\n- name: t.Client\n",
		     "init.yaml:3:9: error: two processes are called 't.Client'");
	expect_error("entities:\n- name: t.Client\n  connections:\n  - {target: t.Server}\n- name: "
		     "t.Server\n",
		     "init.yaml:4:5: error: connection without 'id'");
	expect_error("entities:\n- name: t.Missing\n", "init.yaml:2:9: error:");
	expect_error("entities:\n- name: [\n", "error: not YAML");
	expect_error("entities:\n- name: e.Client\n\targs: [a]\n",
		     "init.yaml:3:1: error: not YAML: a tab; lines are indented by blanks only");
	expect_error("entities:\n- name: t.Client\n  path:Client\n- name: t.Server\n",
		     "init.yaml:3:3: error: not YAML: no ': ' (with the blank) behind this key");
	expect_error("entities:\n- name: t.Client\n path: Client\n",
		     "init.yaml:3:2: error: not YAML: nothing may begin in this column");
	expect_error("processes: []\n", "error: no 'entities:' list");
	expect_error("- a\n", "error: no 'entities:' list");
	expect_error("", "error: no 'entities:' list");
	expect_error("entities:\n- name: t.Client\n  args: {a: b}\n",
		     "init.yaml:3:9: error: args must be a list");
	expect_error("entities:\n- name: t.Client\n  env: [a]\n",
		     "init.yaml:3:8: error: env must be a map");
	expect_error("entities:\n- name: t.Client\n  connections: [{target: t.Client, id: "
		     "{include: a.h}}]\n",
		     "id has no 'var'");
	expect_error("entities:\n- name: t.Client\n  connections:\n"
		     "  - {target: t.Server, id: c}\n  - {target: t.Both, id: c}\n"
		     "- name: t.Server\n- name: t.Both\n",
		     "init.yaml:5:5: error: two connections of one process are called 'c'");
}

/* A column is counted in bytes, also behind letters of two bytes. */
static void searched_folders_are_listed_once(void **state)
{
	const char *listed;

	(void)state;
	expect_error("entities:\n- name: t.None\n- name: t.Nobody\n", "'t.Nobody' not found");
	assert_non_null(strstr(r.text, "'t.None' not found"));
	listed = strstr(r.text, "searched 'inc'");
	assert_non_null(listed);
	assert_null(strstr(listed + 1, "searched"));
}

static void columns_count_bytes(void **state)
{
	(void)state;
	expect_error("entities:\n- {task: \"\xc3\xa4\xc3\xa4\", name: t.Nowhere}\n",
		     "init.yaml:2:24: error:");
}

static void an_unknown_key_is_a_warning(void **state)
{
	(void)state;
	einit("entities:\n- name: t.Client\n  conections: []\n");
	assert_int_equal(r.status, 0);
	assert_non_null(strstr(r.text,
			       "init.yaml:3:3: warning: unknown key 'conections' is ignored; "
			       "did you mean 'connections'?"));
}

static void hostile_yaml_ends_quickly(void **state)
{
	char *deep = malloc(200001);
	FILE *out;
	int i;

	(void)state;
	assert_non_null(deep);
	memset(deep, '[', 200000);
	deep[200000] = '\0';
	put_file("init.yaml", deep);
	free(deep);
	run(&r, "ulimit -t 5 && '%s' -I inc -o out.c init.yaml", EINIT);
	assert_int_equal(r.status, 1);
	out = fopen("init.yaml", "w");
	assert_non_null(out);
	fputs("entities:\n- name: t.Client\n  connections: &c [", out);
	for (i = 0; i < 30000; i++)
		fprintf(out, "{target: t.Client, id: i%d},", i);
	fputs("]\n", out);
	for (i = 0; i < 1000; i++)
		fprintf(out, "- {name: t.Client, task: t%d, connections: *c}\n", i);
	fclose(out);
	run(&r, TEST_MEMORY_LIMIT "ulimit -t 10 && '%s' -I inc -o out.c init.yaml", EINIT);
	assert_int_equal(r.status, 1);
	assert_non_null(strstr(r.text, "connections"));
}

static void the_graph_names_processes_and_channels(void **state)
{
	(void)state;
	put_file("init.yaml",
		 "entities:\n- name: t.Client\n  connections: [{target: t.Server, id: wire}]\n"
		 "- name: t.Server\n");
	run(&r, "'%s' -I inc --graph - init.yaml", EINIT);
	assert_int_equal(r.status, 0);
	assert_non_null(strstr(r.text, "\"t_Client_0\" -> \"t_Server_1\" [label=\"wire\"]"));
	assert_non_null(strstr(r.text, "main.get : t.IGet"));
	run(&r, "'%s' -I inc --json p.json --depfile d -o out.c init.yaml && cat p.json d", EINIT);
	assert_int_equal(r.status, 0);
	assert_non_null(strstr(r.text, "\"class\": \"t.Server\""));
	assert_non_null(strstr(r.text, "inc/t/CGet.cdl"));
	run(&r, "'%s' -I inc --graph g.svg init.yaml", EINIT);
	if (r.status == 0)
		assert_true(file_exists("g.svg"));
	else
		assert_non_null(strstr(r.text, "install graphviz"));
}

static void usage_is_told(void **state)
{
	(void)state;
	run(&r, "'%s' --help", EINIT);
	assert_int_equal(r.status, 0);
	assert_non_null(strstr(r.text, "Exit status"));
	run(&r, "'%s'", EINIT);
	assert_int_equal(r.status, 2);
	run(&r, "'%s' nowhere.yaml", EINIT);
	assert_int_equal(r.status, 1);
	assert_non_null(strstr(r.text, "nowhere.yaml"));
	run(&r, "'%s' inc", EINIT);
	assert_int_equal(r.status, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_client_and_a_server_with_all_keys),
		cmocka_unit_test(two_processes_of_one_class_start_last_name_first),
		cmocka_unit_test(a_cycle_starts),
		cmocka_unit_test(the_same_channel_twice_is_one),
		cmocka_unit_test(generated_programs_compile_without_a_warning),
		cmocka_unit_test(errors_say_where_and_what_to_do),
		cmocka_unit_test(searched_folders_are_listed_once),
		cmocka_unit_test(columns_count_bytes),
		cmocka_unit_test(an_unknown_key_is_a_warning),
		cmocka_unit_test(hostile_yaml_ends_quickly),
		cmocka_unit_test(the_graph_names_processes_and_channels),
		cmocka_unit_test(usage_is_told),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
