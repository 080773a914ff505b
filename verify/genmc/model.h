/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_MODEL_H
#define KX_MODEL_H

/*
 * What a harness needs under GenMC and as an ordinary program; include it first. Under
 * GenMC a wait keeps only the runs where its condition held (so that a polling loop
 * ends), and memory is copied byte by byte; as a program a wait yields until it holds.
 */

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#ifdef KX_GENMC
#include <genmc.h>
#define model_await(condition) __VERIFIER_assume(condition)
static inline void *model_memcpy(void *to, const void *from, size_t size)
{
	for (size_t i = 0; i < size; i++)
		((unsigned char *)to)[i] = ((const unsigned char *)from)[i];
	return to;
}
#undef memcpy
#define memcpy model_memcpy
#else
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#define model_await(condition)                                                                     \
	do {                                                                                       \
		while (!(condition))                                                               \
			(void)sched_yield();                                                       \
	} while (0)
#endif

/* Holds also where assertions are compiled out. */
#ifdef KX_GENMC
#define model_require(condition) assert(condition)
#else
#define model_require(condition)                                                                   \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			(void)fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__,         \
				      #condition);                                                 \
			abort();                                                                   \
		}                                                                                  \
	} while (0)
#endif

static inline void model_two_threads(void *(*first)(void *), void *(*second)(void *))
{
	pthread_t one;
	pthread_t two;

	(void)pthread_create(&one, NULL, first, NULL);
	(void)pthread_create(&two, NULL, second, NULL);
	(void)pthread_join(one, NULL);
	(void)pthread_join(two, NULL);
}

/* As a program: often, because each time is only one order of steps. */
#ifdef KX_GENMC
#define MODEL_TIMES 1
#else
#define MODEL_TIMES 200
#endif

#endif /* KX_MODEL_H */
