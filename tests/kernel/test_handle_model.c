/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Random chains of create, copy, transfer, close and revoke against a model that
 * is too simple to be wrong: nodes are never removed, a closed one is only
 * marked, and "descendant" is found by walking up. The campaign H-05 runs more rounds
 * (KX_ROUNDS, or KX_KILL_ALL for ten million operations).
 */

#include "kernel_fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "notice.h"
#include "user.h"

#define TASKS  4
#define NODES  3000
#define ROUNDS 40
#define STEPS  600

struct node {
	int task;
	uint32_t value;
	uint32_t rights;
	int parent; /* -1: a root */
	int owner;  /* task that owns the object */
	uint32_t badge;
	bool closed;
	bool revoked;
};

static struct node nodes[NODES];
static int node_count;
static struct kx_task *tasks[TASKS];
static uint32_t badges[TASKS];
static uint64_t seed;

static uint32_t draw(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 32) % below;
}

static bool is_open(int node)
{
	return !nodes[node].closed && !nodes[node].revoked;
}

/* Any node that was ever made: stale values are tried as well. */
static int any(void)
{
	return (int)draw((uint32_t)node_count);
}

static enum kx_rc expected_find(int node)
{
	if (nodes[node].closed)
		return KX_RC_INVALID_ARGUMENT;
	return nodes[node].revoked ? KX_RC_HANDLE_REVOKED : KX_RC_OK;
}

static void add(int task, uint32_t value, uint32_t rights, int parent, int owner, uint32_t badge)
{
	if (node_count == NODES)
		return;
	nodes[node_count++] = (struct node){.task = task,
					    .value = value,
					    .rights = rights,
					    .parent = parent,
					    .owner = owner,
					    .badge = badge};
}

static void step_create(void)
{
	int task = (int)draw(TASKS);
	uint32_t rights = draw(4) ? KX_RIGHT_ALL : draw(32);
	uint32_t value;

	assert_int_equal(
		kx_user_create(tasks[task], 0x8000, rights, 1, KX_HANDLE_INVALID, 0, &value),
		KX_RC_OK);
	add(task, value, rights, -1, task, 0);
}

static void step_copy(void)
{
	int from = any();
	int task = nodes[from].task;
	uint32_t rights = draw(3) ? ~0u : draw(32);
	uint32_t badge = draw(3) ? KX_HANDLE_INVALID : badges[task];
	uint32_t value = 0;
	enum kx_rc rc = kx_handle_copy(tasks[task], nodes[from].value, rights, badge, &value);

	if (expected_find(from) != KX_RC_OK) {
		assert_int_equal(rc, expected_find(from));
	} else if (!(nodes[from].rights & KX_RIGHT_COPY)) {
		assert_int_equal(rc, KX_RC_SECURITY_DISALLOW);
	} else {
		assert_int_equal(rc, KX_RC_OK);
		add(task, value, nodes[from].rights & rights, from, nodes[from].owner,
		    badge == KX_HANDLE_INVALID ? 0 : badge);
	}
}

/* The nearest open node at or above @node in task @task, or -1. */
static int owner_above(int node, int task)
{
	while (node >= 0 && (nodes[node].task != task || !is_open(node)))
		node = nodes[node].parent;
	return node;
}

static void step_transfer(void)
{
	int from = any();
	int sender = nodes[from].task;
	int to = (int)draw(TASKS);
	uint32_t badge = draw(3) ? 0 : badges[sender];
	struct kx_handle_desc in = {
		.handle = nodes[from].value, .rights = draw(3) ? ~0u : draw(32), .badge = badge};
	struct kx_handle_desc out = {0};
	uint32_t rights = nodes[from].rights & in.rights;
	bool created;
	int own;
	enum kx_rc rc = kx_handle_transfer(tasks[sender], tasks[to], &in, &out, &created);

	if (expected_find(from) != KX_RC_OK) {
		assert_int_equal(rc, expected_find(from));
		return;
	}
	if (!(nodes[from].rights & KX_RIGHT_TRANSFER)) {
		assert_int_equal(rc, KX_RC_SECURITY_DISALLOW);
		return;
	}
	assert_int_equal(rc, KX_RC_OK);
	assert_int_equal(out.rights, rights);
	own = nodes[from].owner == to ? owner_above(from, to) : -1;
	assert_int_equal(created, own < 0);
	if (own >= 0)
		assert_int_equal(out.handle, nodes[own].value);
	else
		add(to, out.handle, rights, from, nodes[from].owner, badge);
}

static void step_close(void)
{
	int node = any();
	enum kx_rc rc = kx_handle_close(tasks[nodes[node].task], nodes[node].value);

	assert_int_equal(rc, nodes[node].closed ? KX_RC_INVALID_ARGUMENT : KX_RC_OK);
	nodes[node].closed = true;
}

/* Whether @node is below @top, and with @badge: below a node marked by it that is below @top.
 * A badge is a handle of one task, so the mark counts only if made there. */
static bool is_below(int node, int top, uint32_t badge)
{
	bool marked = !badge;
	int at;

	for (at = node; at >= 0 && at != top; at = nodes[at].parent)
		marked = marked || (nodes[at].badge == badge && nodes[at].parent >= 0 &&
				    nodes[nodes[at].parent].task == nodes[top].task);
	return at == top && node != top && marked;
}

static void revoke_below(int top, uint32_t badge)
{
	int node;

	for (node = 0; node < node_count; node++) {
		if (is_open(node) && is_below(node, top, badge))
			nodes[node].revoked = true;
	}
}

static void step_revoke(void)
{
	int node = any();
	enum kx_rc rc = kx_handle_revoke(tasks[nodes[node].task], nodes[node].value);

	assert_int_equal(rc, expected_find(node));
	if (rc != KX_RC_OK)
		return;
	revoke_below(node, 0);
	nodes[node].closed = true;
}

static void step_revoke_subtree(void)
{
	int node = any();
	int task = nodes[node].task;
	enum kx_rc rc = kx_handle_revoke_subtree(tasks[task], nodes[node].value, badges[task]);

	assert_int_equal(rc, expected_find(node));
	if (rc == KX_RC_OK)
		revoke_below(node, badges[task]);
}

static void compare(void)
{
	struct kx_handle *handle;
	int node;

	for (node = 0; node < node_count; node++) {
		enum kx_rc rc = kx_handle_find(tasks[nodes[node].task], nodes[node].value, &handle);

		assert_int_equal(rc, expected_find(node));
		if (rc == KX_RC_OK)
			assert_int_equal(handle->rights, nodes[node].rights);
	}
}

static void step(void)
{
	uint32_t what = draw(100);

	if (!node_count || what < 15)
		step_create();
	else if (what < 35)
		step_copy();
	else if (what < 75)
		step_transfer();
	else if (what < 90)
		step_close();
	else if (what < 95)
		step_revoke();
	else
		step_revoke_subtree();
}

static void one_round(void)
{
	static const char *const names[TASKS] = {"a", "b", "c", "d"};
	uint32_t notice;
	int index;

	node_count = 0;
	for (index = 0; index < TASKS; index++) {
		tasks[index] = make_task(names[index]);
		assert_int_equal(kx_notice_create(tasks[index], &notice), KX_RC_OK);
		assert_int_equal(kx_badge_create(tasks[index], notice, 1, 1, &badges[index]),
				 KX_RC_OK);
	}
	for (index = 0; index < STEPS; index++)
		step();
	compare();
	for (index = 0; index < TASKS; index++)
		end_task(tasks[index]);
}

static void random_chains_behave_as_the_model_says(void **state)
{
	const char *given = getenv("KX_SEED");
	uint64_t first = given ? strtoull(given, NULL, 0) : 20260101;
	const char *more = getenv("KX_KILL_ALL") ? "17000" : getenv("KX_ROUNDS");
	int rounds = more ? atoi(more) : ROUNDS;
	int round;

	(void)state;
	for (round = 0; round < rounds; round++) {
		seed = (first + (uint64_t)round) * 0x9e3779b97f4a7c15u;
		if (!more)
			print_message("KX_SEED=%llu\n",
				      (unsigned long long)(first + (uint64_t)round));
		one_round();
	}
	print_message("%d operations\n", rounds * STEPS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(random_chains_behave_as_the_model_says,
						kernel_setup, kernel_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
