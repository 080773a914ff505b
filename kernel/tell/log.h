/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_LOG_H
#define KX_LOG_H

#include <stdbool.h>

/*
 * The only way the kernel process says something to a person: one whole line
 * on stderr, written with one write() so that lines of two threads never mix.
 * Any thread. False: nobody read in time, the line is dropped and counted.
 */
bool kx_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Opens what the lines go to; otherwise the first line does. */
void kx_log_open(void);

#endif /* KX_LOG_H */
