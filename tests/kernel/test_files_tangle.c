/* SPDX-License-Identifier: Apache-2.0 */

/* Which chains of VFS programs and Env programs that wait for one another are taken for a ring. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "files_internal.h"
#include "log.h"

/* --- what of the kernel process it needs --------------------------------------------------- */

#define CLIENTS 70u

static struct kx_files_client clients[CLIENTS];
static unsigned waiting; /* clients 1 to this */
static unsigned told;

bool kx_files_waits(const struct kx_files_client *client)
{
	return client->number <= waiting;
}

struct kx_files_client *kx_files_find_client(uint32_t number)
{
	return number < CLIENTS ? &clients[number] : NULL;
}

bool kx_log(const char *format, ...)
{
	(void)format;
	told++;
	return true;
}

/* --- the test -------------------------------------------------------------------------------- */

/* Each waits for a VFS program whose Env program is the next; the first @links of them do. */
static void chain(unsigned links)
{
	waiting = links;
	told = 0;
	for (uint32_t i = 0; i < CLIENTS; i++)
		clients[i] = (struct kx_files_client){
			.number = i, .parked = 1, .file = {.late = true, .env = i + 1}};
}

static void a_chain_that_ends_is_no_ring(void **state)
{
	(void)state;
	for (unsigned links = 0; links <= 64; links++) {
		chain(links);
		assert_false(kx_files_tangled(&clients[1]));
		assert_int_equal(told, 0);
	}
}

static void a_longer_chain_is_taken_for_one(void **state)
{
	(void)state;
	chain(65);
	assert_true(kx_files_tangled(&clients[1]));
	assert_int_equal(told, 1);
}

static void a_ring_is_found_and_told_once(void **state)
{
	(void)state;
	for (unsigned links = 1; links <= 64; links++) {
		chain(links);
		clients[links].file.env = 1;
		assert_true(kx_files_tangled(&clients[1]));
		assert_true(kx_files_tangled(&clients[1]));
		assert_int_equal(told, 1);
	}
}

/* It may still do what the chain waits for. */
static void who_does_not_wait_yet_ends_a_chain(void **state)
{
	(void)state;
	chain(10);
	clients[10].file.env = 1;
	atomic_store(&clients[5].parked, 0);
	assert_false(kx_files_tangled(&clients[1]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_chain_that_ends_is_no_ring),
		cmocka_unit_test(a_longer_chain_is_taken_for_one),
		cmocka_unit_test(a_ring_is_found_and_told_once),
		cmocka_unit_test(who_does_not_wait_yet_ends_a_chain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
