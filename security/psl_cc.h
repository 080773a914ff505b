/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_PSL_CC_H
#define KX_PSL_CC_H

/*
 * Compiling what the policy compiler wrote, with the host's compiler (KOSIX_CC
 * names another): PAL tests as a program, a policy as a module. Header and library
 * are those of the SDK this program lies in, or of the build tree it was built in.
 */

#include <stdbool.h>

/*
 * Compiles @sources (NULL at the end) with the run time of modules into @output: a
 * program, or if @module a shared object. False after a message on stderr.
 */
bool kx_psl_cc(const char *const *sources, const char *output, bool module);

/* A new folder in $TMPDIR or /tmp; to be freed. NULL after a message. */
char *kx_psl_scratch(void);

/* Runs @argv and waits: its exit status, or -1 after a message. */
int kx_psl_run(const char *const *argv);

/*
 * Compiles module @module_c with @tests_c to a program, runs it, and removes it
 * again. 0 if every test passed.
 */
int kx_psl_run_tests(const char *module_c, const char *tests_c);

#endif /* KX_PSL_CC_H */
