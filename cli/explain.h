/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_CLI_EXPLAIN_H
#define KX_CLI_EXPLAIN_H

/* Printing one audit record (kernel/audit/audit.c) for people. */

#include <stdbool.h>

#include <jansson.h>

/* @record as several lines on stdout. */
void kx_explain_record(const json_t *record);

/* The same from a line of `kosix run`'s standard error; false: it is no decision. */
bool kx_explain_line(const char *line);

#endif /* KX_CLI_EXPLAIN_H */
