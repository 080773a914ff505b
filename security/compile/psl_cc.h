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

/*
 * A new folder in $TMPDIR or /tmp; NULL after a message. Until it is removed, what asks us to end
 * (Ctrl-C, SIGTERM, SIGHUP) is held, so that it cannot be left behind.
 */
char *kx_psl_scratch(void);
void kx_psl_scratch_remove(char *folder);

/* Holds these signals, and lets them come: as often as they were held. */
void kx_psl_hold_signals(void);
void kx_psl_release_signals(void);

/* Whether one of them waits. */
bool kx_psl_interrupted(void);

/*
 * Runs @argv and waits: its exit status, or -1 after a message. What asks us to end meanwhile is
 * passed on to it.
 */
int kx_psl_run(const char *const *argv);

/*
 * Compiles module @module_c with @tests_c to a program, runs it, and removes it
 * again. 0 if every test passed.
 */
int kx_psl_run_tests(const char *module_c, const char *tests_c);

#endif /* KX_PSL_CC_H */
