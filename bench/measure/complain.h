/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_COMPLAIN_H
#define KX_BENCH_COMPLAIN_H

/*
 * The one way this program tells a person that something went wrong: a line
 * on standard error that begins with the program's name.
 */

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Prints and returns false, so that `return kx_complain(...)` reads well; %m is errno. */
bool kx_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#ifdef __cplusplus
}
#endif

#endif /* KX_BENCH_COMPLAIN_H */
