/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Random interfaces (random_idl.c). That this file compiles shows that our
 * layout is the compiler's for every type and nesting: generated headers assert
 * it. The test shows that an arena of the constant's size holds the largest
 * message: random numbers are such that every chunk gets its most elements.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "random_all.h"

static uint32_t pattern;

static int next_random(void)
{
	return (int)(pattern += 0x9e3779b9u);
}

/* One less than a multiple of 1 to 21: modulo bound + 1 it is the bound. */
static int most(void)
{
	return 232792560 - 1;
}

static char memory[1 << 20];

#define FILL(package, method, kind, direction)                                                     \
	static void fill_##package##_##method##_##kind(int (*random)(void))                        \
	{                                                                                          \
		struct rnd_##package##_##method##_##kind message;                                  \
		nk_bool_t failure = NK_TRUE;                                                       \
		struct nk_arena arena = NK_ARENA_INITIALIZER(                                      \
			memory, memory + rnd_##package##_##method##_##direction##_arena_size);     \
                                                                                                   \
		memset(&message, 0, sizeof(message));                                              \
		assert_in_range(rnd_##package##_##method##_##direction##_arena_size, 0,            \
				sizeof(memory));                                                   \
		assert_int_equal(rnd_##package##_##method##_test_##kind(&message, &arena, random,  \
									&failure),                 \
				 NK_EOK);                                                          \
		assert_false(failure);                                                             \
	}
#include "random_calls.h"
#undef FILL

static void for_all(int (*random)(void))
{
#define FILL(package, method, kind, direction) fill_##package##_##method##_##kind(random);
#include "random_calls.h"
#undef FILL
}

static void the_largest_content_fits_its_arena(void **state)
{
	(void)state;
	for (unsigned int bound = 0; bound <= 20; bound++)
		assert_int_equal((unsigned int)most() % (bound + 1), bound);
	for_all(most);
}

static void random_content_fits_its_arena(void **state)
{
	(void)state;
	for (int round = 0; round < 20; round++)
		for_all(next_random);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_largest_content_fits_its_arena),
		cmocka_unit_test(random_content_fits_its_arena),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
