/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_WORDS_H
#define BENCH_WORDS_H

/*
 * Arguments of an entity: words such as size=8 or cores=0,1.
 */

#include <stdbool.h>
#include <stdint.h>

/* The number after @key=, or @otherwise. */
uint64_t bench_number(int argc, char **argv, const char *key, uint64_t otherwise);

/* The text after @key=, or "". */
const char *bench_text(int argc, char **argv, const char *key);

/* Binds this process to the cores listed in cores=; true if there is no such list. */
bool bench_bind(int argc, char **argv);

#endif /* BENCH_WORDS_H */
