/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_PROGRAM_H
#define BENCH_PROGRAM_H

/* All that the last bench() printed, on either stream. */
extern char bench_output[65536];

/* Runs kosix-bench with @arguments as a shell would, until it ends; returns its status. */
int bench(const char *arguments);

#endif /* BENCH_PROGRAM_H */
