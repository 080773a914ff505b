/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_FILE_H
#define KX_BENCH_FILE_H

/* Files that are written: results, and what a solution is started with. */

#include <stdbool.h>
#include <stdio.h>

/* NULL after a complaint. */
FILE *kx_file_create(const char *path);

/* False after a complaint: not all of @out could be written. It is closed in any case. */
bool kx_file_close(FILE *out, const char *path);

#endif /* KX_BENCH_FILE_H */
