/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_POLICY_LARGE_H
#define KX_BENCH_POLICY_LARGE_H

#include <stdint.h>

/*
 * `kosix-bench policy --rules=N`: how long a policy of @rules rules takes to compile
 * (nk-psl-gen-c, which stands in folder @bin, and the C compiler) and to load. The rules
 * have four shapes and each its own numbers, as rules by the thousand have. Returns the
 * exit status.
 */
int kx_bench_policy_large(uint32_t rules, const char *bin);

#endif /* KX_BENCH_POLICY_LARGE_H */
