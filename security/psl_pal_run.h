/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_PSL_PAL_RUN_H
#define KX_PSL_PAL_RUN_H

/* Builds and runs the generated @module with its @tests; blocks; 0 if all are as expected. */
int kx_psl_run_tests(const char *module, const char *tests);

#endif /* KX_PSL_PAL_RUN_H */
