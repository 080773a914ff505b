/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_RUN_H
#define KX_BENCH_RUN_H

/* The commands. Each returns the program's exit status. */

#include "options.h"

#define KX_EXIT_OK     0
#define KX_EXIT_FAILED 1
#define KX_EXIT_USAGE  2

/* call and floors: one series, reported as asked. */
int kx_run_series(const struct kx_options *options);

/* standard (standard.c). */
int kx_run_standard(const struct kx_options *options);

/* anatomy (anatomy/run_anatomy.c). */
int kx_run_anatomy(const struct kx_options *options);

/* peers (peers/run_peers.c), and whether each name in @list is one of its parts. */
int kx_run_peers(const struct kx_options *options);
bool kx_peers_parts_known(const char *list, char *why, size_t size);

/* scale (scale/run_scale.c). */
int kx_run_scale(const struct kx_options *options);

#endif /* KX_BENCH_RUN_H */
