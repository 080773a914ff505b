/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_LOG_PIPE_H
#define KX_LOG_PIPE_H

#include <stdbool.h>

/*
 * A group setup: the log goes to a pipe, and what the tests themselves say where it went before.
 * log_pipe_has(): is @text among what waits to be read of the log? Reads all.
 */
int log_pipe_open(void **state);
bool log_pipe_has(const char *text);

#endif /* KX_LOG_PIPE_H */
