/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_POLICY_H
#define KX_BENCH_POLICY_H

/*
 * `kosix-bench policy`: what one decision costs, sort of rule by sort of rule,
 * with a module made from bench/policy/measured.psl. Alternating turns; median
 * and range over the turns. Returns the exit status.
 */
int kx_bench_policy(int argc, char **argv);

#endif /* KX_BENCH_POLICY_H */
